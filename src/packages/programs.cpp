// Programs that say themselves what they are: Go's build information, cargo auditable's list. Such
// a program is a package of one file, unless a database owns that file.
//
// A Go program that was built from files without a module is "command-line-arguments", which names
// nothing; one without a version is the sources as they lay there.

#include "databases.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using model::BuildKind;

constexpr std::string_view kNoModule = "command-line-arguments";

const char* ecosystem_of(BuildKind kind) {
  switch (kind) {
    case BuildKind::go: return "golang";
    case BuildKind::rust: return "cargo";
    case BuildKind::unknown:
    case BuildKind::dotnet_apphost:
    case BuildKind::dotnet_bundle: break;
  }
  return nullptr;
}

}  // namespace

std::vector<Found> find_programs(const filesystem::FileTree& tree) {
  std::vector<Found> packages;
  for (const auto& [path, node] : tree.nodes()) {
    if (node.elf == nullptr) continue;
    const model::EmbeddedBuild& build = node.elf->build;
    const char* ecosystem = ecosystem_of(build.kind);
    if (ecosystem == nullptr || build.name.empty() || build.name == kNoModule) continue;
    Found found;
    found.package = {.purl = make_purl(ecosystem, build.name, build.version),
                     .ecosystem = ecosystem,
                     .name = build.name,
                     .version = build.version,
                     .path = path};
    found.files = {path};
    packages.push_back(std::move(found));
  }
  return packages;
}

}  // namespace muslcheck::packages
