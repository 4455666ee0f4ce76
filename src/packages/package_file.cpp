// The package that is itself what is scanned (file:x.deb): what it says about itself, where its
// source has put that. All files are its own, and none is the distribution's: whoever asks what a
// package would do on Alpine means all of it.
//
//   DEBIAN/control   deb-control(5), one paragraph, as dpkg-deb has it
//   .PKGINFO         "name = value" lines (apk-package(5)); Arch's packages have the same, and
//                    .MTREE beside it
//   GEM/metadata     a gem's description, YAML as Psych writes it
//   RPM/header       the main header, as rpm's database has it
//   X.nuspec         NuGet's manifest, XML
//
// Of YAML and XML three lines are needed, which always look the same because one program each
// writes them. So there is no parser here that entities or anchors could be aimed at; what looks
// otherwise gives no package.

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "dpkg_status.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "purl.hpp"
#include "rpm_header.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;
using model::Package;

std::string field(std::string_view text) {
  return core::shortened(core::trim(text), core::limits::kMaxPackageField);
}

std::optional<Package> parse_control(const FileTree& /*tree*/, std::string_view text) {
  const auto paragraphs = parse_dpkg_status(text, 1);
  if (paragraphs.empty()) return std::nullopt;
  const DpkgParagraph& control = paragraphs.front();
  // Packages of Ubuntu say so in their version ("2.35-0ubuntu3"); all others are told by nothing.
  const bool is_ubuntu = control.version.find("ubuntu") != std::string::npos;
  return Package{.purl = make_purl("deb", (is_ubuntu ? "ubuntu/" : "debian/") + control.name,
                                   control.version, {{"arch", control.architecture}}),
                 .ecosystem = "deb",
                 .name = control.name,
                 .version = control.version,
                 .maintainer = control.maintainer};
}

std::optional<Package> parse_pkginfo(const FileTree& tree, std::string_view text) {
  Package package;
  std::string arch;
  core::for_each_part(text, '\n', [&](std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view key = core::trim(line.substr(0, equals));
    const std::string_view value = line.substr(equals + 1);
    if (key == "pkgname") package.name = field(value);
    if (key == "pkgver") package.version = field(value);
    if (key == "arch") arch = field(value);
    if (key == "maintainer" || key == "packager") package.maintainer = field(value);
  });
  if (package.name.empty()) return std::nullopt;
  const bool is_arch = tree.find(".MTREE") != nullptr;
  package.ecosystem = is_arch ? "alpm" : "apk";
  package.purl = make_purl(package.ecosystem, (is_arch ? "arch/" : "alpine/") + package.name,
                           package.version, {{"arch", arch}});
  return package;
}

/// Without the quotes that YAML may have around a word.
std::string yaml_word(std::string_view text) {
  text = core::trim(text);
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.front() == text.back();
  if (quoted) text = text.substr(1, text.size() - 2);
  return field(text);
}

std::optional<Package> parse_gem(const FileTree& /*tree*/, std::string_view text) {
  constexpr std::string_view kName = "name: ";
  constexpr std::string_view kPlatform = "platform: ";
  constexpr std::string_view kInnerVersion = "  version: ";
  Package package{.ecosystem = "gem"};
  std::string platform;
  bool in_version = false;
  core::for_each_part(text, '\n', [&](std::string_view line) {
    if (line.starts_with(kName)) package.name = yaml_word(line.substr(kName.size()));
    if (line.starts_with(kPlatform)) platform = yaml_word(line.substr(kPlatform.size()));
    if (in_version && line.starts_with(kInnerVersion))
      package.version = yaml_word(line.substr(kInnerVersion.size()));
    if (!line.starts_with(' ')) in_version = line.starts_with("version: !ruby/object:Gem::Version");
  });
  if (package.name.empty()) return std::nullopt;
  // Old gems have an object for a platform, whose words are not in this line.
  if (!platform.empty() && platform != "ruby" && !platform.starts_with('!'))
    package.platforms = {platform};
  package.purl =
      make_purl("gem", package.name, package.version,
                {{"platform", package.platforms.empty() ? "" : package.platforms.front()}});
  return package;
}

/// The text of the first element of this name, if it holds nothing but text without entities.
std::string xml_text(std::string_view xml, std::string_view element) {
  const std::string start = "<" + std::string(element) + ">";
  const std::size_t begin = xml.find(start);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = xml.substr(begin + start.size());
  const std::string_view text = rest.substr(0, rest.find('<'));
  if (text.size() == rest.size() || text.find('&') != std::string_view::npos) return {};
  return field(text);
}

std::optional<Package> parse_nuspec(const FileTree& /*tree*/, std::string_view text) {
  const std::size_t metadata = text.find("<metadata");
  if (metadata == std::string_view::npos) return std::nullopt;
  text = text.substr(metadata);
  Package package{
      .ecosystem = "nuget", .name = xml_text(text, "id"), .version = xml_text(text, "version")};
  if (package.name.empty()) return std::nullopt;
  package.purl = make_purl("nuget", package.name, package.version);
  return package;
}

std::optional<Package> parse_rpm(const FileTree& /*tree*/, std::string_view text) {
  const auto header = parse_rpm_header(core::as_bytes(text), core::limits::kMaxPackagePathBytes);
  if (!header || header->name.empty()) return std::nullopt;
  return make_rpm_package(*header, "", "");
}

struct Description {
  std::string_view path;
  std::optional<Package> (*parse)(const FileTree&, std::string_view);
};
constexpr std::array kDescriptions{
    Description{"DEBIAN/control", parse_control},
    Description{".PKGINFO", parse_pkginfo},
    Description{"GEM/metadata", parse_gem},
    Description{"RPM/header", parse_rpm},
};

/// The one .nuspec at the root; several are no package's.
std::optional<std::string> find_nuspec(const FileTree& tree) {
  std::optional<std::string> found;
  for (const std::string& name : tree.children("")) {
    if (!name.ends_with(".nuspec")) continue;
    if (found) return std::nullopt;
    found = name;
  }
  return found;
}

}  // namespace

std::vector<Found> find_package_file(const FileTree& tree, std::vector<model::Problem>& problems) {
  std::vector<Found> packages;
  const auto add = [&](std::string_view path, auto parse) {
    const filesystem::Node* node = tree.find(path);
    if (node == nullptr || node->metadata == nullptr) return;
    auto package = parse(tree, *node->metadata);
    if (!package) {
      problems.push_back({.path = std::string(path),
                          .stage = "packages",
                          .code = "package-unnamed",
                          .message = "does not say which package this is"});
      return;
    }
    package->path = path;
    packages.push_back({.package = std::move(*package), .owns_directory = true});
  };
  for (const Description& description : kDescriptions) add(description.path, description.parse);
  if (const auto nuspec = find_nuspec(tree)) add(*nuspec, parse_nuspec);
  return packages;
}

}  // namespace muslcheck::packages
