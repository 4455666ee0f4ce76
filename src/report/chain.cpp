// Chains from what the report already has: owners (which package pulled in which), the file, and
// the loader's own account of who asked for which library. The last is a graph by `needed_by`; it
// is walked from the object that lacks something up to the file, with each library visited once,
// because the names in it are the image's.

#include "report/chain.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace muslcheck::report {
namespace {

using model::LoadError;
using model::LoadErrorKind;
using model::Module;

constexpr std::size_t kMaxChains = 3;
constexpr std::size_t kMaxEnds = 4;

std::string describe_end(LoadErrorKind kind) {
  switch (kind) {
    case LoadErrorKind::interpreter_missing: return "missing loader";
    case LoadErrorKind::library_missing: return "missing library";
    case LoadErrorKind::library_unusable: return "unusable library";
    case LoadErrorKind::symbol_missing: return "missing symbol";
    case LoadErrorKind::relocation_unsupported: return "unsupported relocation";
    case LoadErrorKind::tls_initial_exec:
    case LoadErrorKind::tls_descriptor: return "thread-local data";
    case LoadErrorKind::relr_ignored: return "ignored relocations";
    case LoadErrorKind::hash_missing: return "no symbol hash";
    case LoadErrorKind::not_dynamic: return "not a dynamic program";
    case LoadErrorKind::variant_missing: return "missing variant";
  }
  return "missing";
}

/// The libraries from the file to the object that asks, that one included, the file not.
std::vector<ChainLink> libraries_to(const Module& module, const std::string& asking) {
  std::map<std::string, const model::LibraryResolution*> by_path;
  for (const model::LibraryResolution& library : module.load.libraries) {
    by_path.emplace(library.path, &library);
    by_path.emplace(library.name, &library);
  }
  std::vector<ChainLink> links;
  std::set<std::string> visited{module.path, std::string()};
  for (std::string at = asking; visited.insert(at).second;) {
    links.push_back({"library", at});
    const auto found = by_path.find(at);
    if (found == by_path.end()) break;
    at = found->second->needed_by;
  }
  std::reverse(links.begin(), links.end());
  return links;
}

void add_end(Chain& chain, std::set<std::pair<std::string, std::string>>& seen,
             const LoadError& error) {
  const ChainEnd end{describe_end(error.kind), error.subject};
  if (!seen.emplace(end.kind, end.name).second) return;
  if (chain.ends.size() < kMaxEnds) {
    chain.ends.push_back(end);
  } else {
    ++chain.more;
  }
}

/// The part of all chains of a file that is the same.
std::vector<ChainLink> head_of_chains(const PackageGroup& group, const FileGroup& file) {
  std::vector<ChainLink> links;
  const bool starts = std::any_of(file.findings.begin(), file.findings.end(),
                                  [](const model::Finding* each) { return each->entrypoint; });
  if (starts) links.push_back({"container", "the container's start"});
  for (const std::string& owner : group.owners) links.push_back({"dependency", owner});
  if (!file.findings.front()->package.empty()) links.push_back({"package", group.title});
  links.push_back({"file", file.name});
  return links;
}

/// Who lacks something, in the loader's order.
std::vector<std::string> askers_of(const Module& module) {
  std::vector<std::string> askers;
  for (const LoadError& error : module.load.errors) {
    if (askers.size() == kMaxChains) break;
    if (std::find(askers.begin(), askers.end(), error.needed_by) == askers.end())
      askers.push_back(error.needed_by);
  }
  return askers;
}

}  // namespace

std::vector<Chain> chains_of(const PackageGroup& group, const FileGroup& file) {
  std::vector<Chain> chains;
  if (file.module == nullptr || file.module->disposition == model::Disposition::replaced) return {};
  const std::vector<ChainLink> head = head_of_chains(group, file);
  for (const std::string& asking : askers_of(*file.module)) {
    Chain chain{.links = head, .ends = {}, .more = 0};
    for (ChainLink& link : libraries_to(*file.module, asking))
      chain.links.push_back(std::move(link));
    std::set<std::pair<std::string, std::string>> seen;
    for (const LoadError& error : file.module->load.errors)
      if (error.needed_by == asking) add_end(chain, seen, error);
    chains.push_back(std::move(chain));
  }
  return chains;
}

}  // namespace muslcheck::report
