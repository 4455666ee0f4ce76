// Which native files .NET takes on musl.
//
// hostpolicy reads NAME.deps.json: of each package's files for RIDs it keeps those of one RID, the
// first of its own list that the package has any for (dotnet/runtime,
// src/native/corehost/hostpolicy/deps_format.cpp, perform_rid_fallback). Their folders are where
// DllImport looks. The list of the host that is built for musl is, since .NET 8:
//
//   linux-musl-x64, linux-musl, linux-x64, linux, unix-x64, unix, any
//
// So files for glibc (linux-x64) are taken where a package has none for musl: they are the dynamic
// loader's to judge. Before .NET 8, and with UseRidGraph, the list came from the RID graph, which
// has the same order for linux-musl-x64 (Microsoft.NETCore.Platforms, runtime.json) and more
// specific RIDs before it: alpine.3.17-x64, on Debian debian.11-x64. Packages of that time have
// files for Debian or Ubuntu alone, which musl never takes.
//
// deps.json alone decides: a file that it lists and that somebody took away is missed.
//
// A program NAME beside NAME.dll (the apphost) only finds .NET and starts NAME.dll in it; so does
// `dotnet NAME.dll`, without it. In a self-contained application all of .NET is reached through
// the one or, started in the other way, through libhostpolicy.so: where that one cannot be loaded,
// nothing else of it will be.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "choosers.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/model/nuget_package.hpp"
#include "muslcheck/runtimes/dotnet.hpp"

namespace muslcheck::runtimes {
namespace {

using packages::DotnetApp;
using packages::NugetDelivery;

constexpr int kFirstWithoutGraph = 8;
constexpr std::string_view kHostPolicy = "libhostpolicy.so";

struct Arch {
  std::string_view alpine;
  std::string_view dotnet;
};

constexpr std::array kArchs{Arch{"x86_64", "x64"}, Arch{"aarch64", "arm64"}, Arch{"armv7", "arm"},
                            Arch{"armhf", "arm"}};

/// .NET's word for an architecture.
std::string dotnet_arch(std::string_view alpine) {
  const Arch* known = core::find_where(kArchs, [&](const Arch& a) { return a.alpine == alpine; });
  return std::string(known == nullptr ? alpine : known->dotnet);
}

bool uses_graph(const DotnetApp& app) {
  return app.rid_graph || (app.major != 0 && app.major < kFirstWithoutGraph);
}

/// "alpine" of "alpine.3.17-x64".
std::string_view system_of(std::string_view rid) { return rid.substr(0, rid.find_first_of(".-")); }

bool fits(std::string_view rid, std::string_view arch) {
  const std::size_t dash = rid.rfind('-');
  return dash == std::string_view::npos || rid.substr(dash + 1) == arch;
}

/// RIDs that .NET on musl takes, first choice first, of those that a package has files for.
std::vector<std::string> musl_rids(const NugetDelivery& delivery, const std::string& arch) {
  std::vector<std::string> rids;
  if (uses_graph(delivery.app)) {
    // The newest Alpine first: the RIDs are sorted, but "alpine.3.9" comes after "alpine.3.10".
    for (const auto& [rid, files] : delivery.native_for_rid)
      if (system_of(rid) == "alpine" && fits(rid, arch)) rids.push_back(rid);
    std::stable_sort(rids.begin(), rids.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a > b;
    });
  }
  for (const std::string_view system : {"linux-musl", "linux", "unix"})
    for (const std::string& rid : {std::string(system) + "-" + arch, std::string(system)})
      rids.push_back(rid);
  rids.emplace_back("any");
  return rids;
}

/// The one whose files are taken; null: none.
const std::pair<const std::string, std::vector<std::string>>* find_taken(
    const NugetDelivery& delivery, const std::string& arch) {
  for (const std::string& rid : musl_rids(delivery, arch))
    if (const auto found = delivery.native_for_rid.find(rid);
        found != delivery.native_for_rid.end())
      return &*found;
  return nullptr;
}

/// The RID that a file is listed for; empty: for none.
std::string rid_of(const NugetDelivery& delivery, const std::string& path) {
  for (const auto& [rid, files] : delivery.native_for_rid)
    if (core::contains(files, path)) return rid;
  return {};
}

/// Distributions that .NET before 8 had RIDs for and that are built on glibc.
bool is_glibc_distribution(std::string_view rid) {
  constexpr std::array<std::string_view, 13> kSystems{
      "arch",     "centos", "debian", "fedora", "gentoo", "linuxmint", "ol",
      "opensuse", "rhel",   "rocky",  "sles",   "tizen",  "ubuntu"};
  return core::contains(kSystems, system_of(rid));
}

std::string deps_file(const DotnetApp& app) { return app.name + ".deps.json"; }

const model::NugetPackage* find_known(const ChoiceInput& input, const model::Package& package) {
  if (input.nuget_packages == nullptr) return nullptr;
  const std::string name = core::lower(package.name);
  return core::find_where(*input.nuget_packages,
                          [&](const model::NugetPackage& known) { return known.name == name; });
}

Choice passed_over_for_rid(const ChoiceInput& input, const NugetDelivery& delivery,
                           const std::string& rid, const model::Package& package) {
  const std::string arch = dotnet_arch(input.arch);
  const std::string musl = "linux-musl-" + arch;
  Choice choice;
  if (!uses_graph(delivery.app) || !is_glibc_distribution(rid) || !fits(rid, arch)) {
    choice.unused = true;
    choice.reason = "for " + rid + ", whose files .NET takes neither on glibc nor on musl";
    return choice;
  }
  const model::NugetPackage* known = find_known(input, package);
  choice.missing = model::MissingVariant{.name = "native files for " + musl};
  if (known != nullptr && known->musl != "unknown")
    choice.missing->availability =
        known->musl == "yes" ? model::Availability::published : model::Availability::not_published;
  choice.missing->basis =
      known == nullptr ? "nothing is known about this package on musl" : known->basis;
  choice.reason = ".NET on musl takes files for " + musl + " or linux-" + arch + "; by " +
                  deps_file(delivery.app) + " the package has them for " + rid;
  return choice;
}

/// What .NET takes of a package's files for RIDs.
Choice choose_by_rid(const ChoiceInput& input, const NugetDelivery& delivery,
                     const std::string& rid, const model::Package& package) {
  const auto* taken = find_taken(delivery, dotnet_arch(input.arch));
  if (taken == nullptr) return passed_over_for_rid(input, delivery, rid, package);
  Choice choice;
  if (taken->first == rid) return choice;
  const std::string why = "of this package .NET on musl takes the files for " + taken->first;
  const std::string_view name = core::file_name(input.module.path);
  const auto is_same = [&](const std::string& path) { return core::file_name(path) == name; };
  const std::string* same = core::find_where(taken->second, is_same);
  if (same != nullptr && input.tree.find(*same) == nullptr) {
    const std::string& folder = delivery.app.folder;
    choice.missing =
        model::MissingVariant{.name = same->substr(folder.empty() ? 0 : folder.size() + 1),
                              .availability = model::Availability::published,
                              .basis = deps_file(delivery.app) + " lists it"};
    choice.reason = why + ", which are not in the image";
    return choice;
  }
  choice.instead = same != nullptr ? *same : taken->second.front();
  choice.reason = why + ": " + choice.instead;
  return choice;
}

/// Packages whose own code looks for a file of another name on Alpine.
std::optional<Choice> choose_by_package(const ChoiceInput& input, const model::Package& package) {
  const model::NugetPackage* known = find_known(input, package);
  const std::string_view name = core::file_name(input.module.path);
  if (known == nullptr || known->own_file.empty() || name == known->own_file ||
      !core::matches_any(known->files, name))
    return std::nullopt;
  std::string own = core::join_path(core::parent_path(input.module.path), known->own_file);
  if (input.tree.find(own) == nullptr) return std::nullopt;
  Choice choice;
  choice.reason = package.name + " looks for " + known->own_file + " first on Alpine";
  choice.instead = std::move(own);
  return choice;
}

/// True if the container's command says "dotnet NAME.dll", as far as it is known.
bool is_started_by_dotnet(const ChoiceInput& input, const DotnetApp& app) {
  if (input.source == nullptr) return false;
  const std::string program = core::join_path(app.folder, app.name);
  for (const model::StartStep& step : input.source->program)
    if (step.path == program) return false;
  const std::string assembly = app.name + ".dll";
  const auto& config = input.source->config;
  for (const auto* words : {&config.entrypoint, &config.cmd})
    for (const std::string& word : *words)
      if (core::file_name(word) == assembly || word.find(" " + assembly) != std::string::npos ||
          word.find("/" + assembly) != std::string::npos)
        return true;
  return false;
}

std::optional<Choice> choose_program(const ChoiceInput& input, const DotnetApp& app) {
  if (!is_started_by_dotnet(input, app)) return std::nullopt;
  Choice choice;
  choice.unused = true;
  choice.reason = "the container starts " + app.name + ".dll with dotnet, not with this program";
  return choice;
}

/// A part of .NET that was published with the application.
std::optional<Choice> choose_runtime(const ChoiceInput& input, const DotnetApp& app) {
  const bool by_dotnet = is_started_by_dotnet(input, app);
  const std::string first = core::join_path(app.folder, by_dotnet ? kHostPolicy : app.name);
  const filesystem::Node* node = input.tree.find(first);
  if (first == input.module.path || node == nullptr || node->elf == nullptr ||
      model::classify_libc(*node->elf).libc != model::Libc::glibc)
    return std::nullopt;
  Choice choice;
  choice.unused = true;
  choice.reason = "a part of the .NET for " + (app.rid.empty() ? "glibc" : app.rid) +
                  " that is reached through " + first + " alone; publishing for musl replaces both";
  return choice;
}

}  // namespace

bool is_dotnet_asset(const packages::PackageIndex& index, std::size_t package,
                     const std::string& path) {
  const auto found = index.nuget.find(package);
  if (found == index.nuget.end()) return false;
  return core::contains(found->second.native, path) || !rid_of(found->second, path).empty();
}

std::optional<Choice> choose_dotnet(const ChoiceInput& input) {
  if (!input.module.package) return std::nullopt;
  const auto found = input.packages.nuget.find(*input.module.package);
  if (found == input.packages.nuget.end()) return std::nullopt;
  const NugetDelivery& delivery = found->second;
  const model::Package& package = input.packages.packages[found->first];
  if (delivery.is_application &&
      input.module.path == core::join_path(delivery.app.folder, delivery.app.name))
    return choose_program(input, delivery.app).value_or(Choice{});
  if (delivery.is_runtime) return choose_runtime(input, delivery.app).value_or(Choice{});
  if (auto own = choose_by_package(input, package)) return own;
  if (const std::string rid = rid_of(delivery, input.module.path); !rid.empty())
    return choose_by_rid(input, delivery, rid, package);
  return Choice{};
}

}  // namespace muslcheck::runtimes
