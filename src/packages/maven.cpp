// Maven packages, found in the archives that have them.
//
// Maven puts META-INF/maven/GROUP/ARTIFACT/pom.properties into each jar. A jar with several of them
// is shaded: it has the classes of others in it. Its own is then the one whose artifact the file's
// name begins with ("snappy-java" of snappy-java-1.1.10.5.jar), the others are contained. Without
// any, a file's name with a version tells ("name-1.2.3.jar"), else the manifest
// (Implementation-Title, Bundle-SymbolicName, Automatic-Module-Name, with Implementation-Version or
// Bundle-Version), else the file's name alone. (After syft's java cataloger, which puts the
// manifest before the name; in shaded jars that is often another's.)
//
// The owners of a jar in a jar are the archives around it, outermost first: those are what a
// developer builds or copies.

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kInside = "!/";
constexpr std::string_view kManifest = "META-INF/MANIFEST.MF";

/// Group, artifact and version, as far as they are known.
struct Coordinates {
  std::string group;
  std::string artifact;
  std::string version;
  std::string folder;  ///< of the pom.properties; empty: none
};

/// An archive's directory ("app/x.jar!") and what is kept of it.
struct Archive {
  std::string_view manifest;
  std::map<std::string_view, std::string_view> poms;  ///< by path
};

/// A value that a report may show and a purl may have.
std::string value_of(std::string_view text) {
  text = core::trim(text);
  const bool is_plain = std::all_of(
      text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '/' && c != '$'; });
  return is_plain && text.size() <= core::limits::kMaxPackageField ? std::string(text)
                                                                   : std::string();
}

/// "name=value" lines of java.util.Properties, as far as Maven writes them.
Coordinates read_pom(std::string_view path, std::string_view text) {
  Coordinates found;
  found.folder = core::parent_path(path);
  core::for_each_part(text, '\n', [&](std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) return;
    const std::string_view name = core::trim(line.substr(0, equals));
    const std::string value = value_of(line.substr(equals + 1));
    if (name == "groupId") found.group = value;
    if (name == "artifactId") found.artifact = value;
    if (name == "version") found.version = value;
  });
  return found;
}

/// The main section of a manifest. A line that begins with a space goes on with the one before.
Fields read_manifest(std::string_view text) {
  Fields fields;
  std::string* last = nullptr;
  core::for_each_part(text, '\n', [&](std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(' ') && last != nullptr) {
      last->append(line.substr(1));
      return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    last = &fields[std::string(line.substr(0, colon))];
    *last = core::trim(line.substr(colon + 1));
  });
  return fields;
}

/// The first of the fields that has a value.
std::string first_of(const Fields& fields, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto field = fields.find(name);
    if (field == fields.end()) continue;
    // "org.lz4.java;singleton:=true"
    const std::string_view text = field->second;
    if (std::string value = value_of(text.substr(0, text.find(';'))); !value.empty()) return value;
  }
  return {};
}

/// "snappy-java-1.1.10.5" for "app/lib/snappy-java-1.1.10.5.jar!".
std::string_view stem_of(std::string_view directory) {
  const std::string_view name = core::file_name(directory);
  return name.substr(0, name.rfind('.'));
}

/// The name and the version behind the first hyphen that a digit follows.
std::pair<std::string_view, std::string_view> split_stem(std::string_view stem) {
  for (std::size_t at = stem.find('-'); at != std::string_view::npos; at = stem.find('-', at + 1))
    if (at + 1 < stem.size() && stem[at + 1] >= '0' && stem[at + 1] <= '9')
      return {stem.substr(0, at), stem.substr(at + 1)};
  return {stem, {}};
}

/// True if a file of this name is the artifact, with or without a version behind it.
bool names_artifact(std::string_view stem, const std::string& artifact) {
  if (artifact.empty() || !stem.starts_with(artifact)) return false;
  return stem.size() == artifact.size() || stem[artifact.size()] == '-';
}

/// The archive's own pom.properties: the longest artifact that its name begins with, else the only
/// one.
const Coordinates* find_own(const std::vector<Coordinates>& poms, std::string_view stem) {
  const Coordinates* own = nullptr;
  for (const Coordinates& pom : poms)
    if (names_artifact(stem, pom.artifact) &&
        (own == nullptr || pom.artifact.size() > own->artifact.size()))
      own = &pom;
  return own == nullptr && poms.size() == 1 ? &poms.front() : own;
}

/// Where the file's name has a version, it is what others call the jar; a shaded one may have the
/// manifest of something that is in it.
Coordinates from_name_or_manifest(std::string_view manifest, std::string_view stem) {
  const auto [name, version] = split_stem(stem);
  Coordinates found;
  if (!version.empty()) {
    found.artifact = value_of(name);
    found.version = value_of(version);
    return found;
  }
  const Fields fields = read_manifest(manifest);
  found.artifact =
      first_of(fields, {"Implementation-Title", "Bundle-SymbolicName", "Automatic-Module-Name"});
  found.group = first_of(fields, {"Implementation-Vendor-Id"});
  found.version = first_of(fields, {"Implementation-Version", "Bundle-Version"});
  if (found.artifact.empty()) found.artifact = value_of(name);
  return found;
}

/// The archives around a directory, outermost first: "app.war" for "app.war!/WEB-INF/lib/x.jar!".
std::vector<std::string> owners_of(std::string_view directory) {
  std::vector<std::string> owners;
  for (std::size_t at = directory.find(kInside);
       at != std::string_view::npos && owners.size() < core::limits::kMaxOwners;
       at = directory.find(kInside, at + 1))
    owners.emplace_back(core::file_name(directory.substr(0, at)));
  return owners;
}

Found found_of(const Coordinates& coordinates, std::string path, std::vector<std::string> owners) {
  Found found;
  const bool has_group = !coordinates.group.empty();
  const std::string& artifact = coordinates.artifact;
  found.package.ecosystem = "maven";
  found.package.name = has_group ? coordinates.group + ":" + artifact : artifact;
  found.package.version = coordinates.version;
  found.package.purl = make_purl("maven", has_group ? coordinates.group + "/" + artifact : artifact,
                                 coordinates.version);
  found.package.path = std::move(path);
  found.package.owners = std::move(owners);
  return found;
}

void add_packages(const std::string& directory, const Archive& archive,
                  std::vector<Found>& packages) {
  const std::string_view stem = stem_of(directory);
  std::vector<Coordinates> poms;
  for (const auto& [path, text] : archive.poms)
    if (Coordinates pom = read_pom(path, text); !pom.artifact.empty())
      poms.push_back(std::move(pom));
  const Coordinates* own = find_own(poms, stem);
  const Coordinates itself = own == nullptr ? from_name_or_manifest(archive.manifest, stem) : *own;
  std::vector<std::string> owners = owners_of(directory);
  if (!itself.artifact.empty()) {
    Found& found = packages.emplace_back(found_of(itself, directory, owners));
    found.owns_directory = true;
    found.directory = directory;
  }
  owners.emplace_back(core::file_name(std::string_view(directory).substr(0, directory.size() - 1)));
  for (const Coordinates& pom : poms)
    if (&pom != own) packages.push_back(found_of(pom, pom.folder, owners));
}

}  // namespace

std::vector<Found> find_maven_packages(const filesystem::FileTree& tree,
                                       std::vector<model::Problem>& problems) {
  std::map<std::string, Archive> archives;
  for (const auto& [path, node] : tree.nodes()) {
    const std::size_t at = node.in_archive ? path.rfind(kInside) : std::string::npos;
    if (at == std::string::npos || node.entry.kind == model::FileKind::directory) continue;
    Archive& archive = archives[path.substr(0, at + 1)];
    if (node.metadata == nullptr) continue;
    if (std::string_view(path).substr(at + kInside.size()) == kManifest)
      archive.manifest = *node.metadata;
    else
      archive.poms.emplace(path, *node.metadata);
  }
  std::vector<Found> packages;
  for (const auto& [directory, archive] : archives) {
    if (packages.size() >= core::limits::kMaxPackages) {
      model::add_problem(problems,
                         {.path = directory,
                          .stage = "packages",
                          .code = "too-many-packages",
                          .message = "more than " + std::to_string(core::limits::kMaxPackages) +
                                     " packages in archives"});
      break;
    }
    add_packages(directory, archive, packages);
  }
  return packages;
}

}  // namespace muslcheck::packages
