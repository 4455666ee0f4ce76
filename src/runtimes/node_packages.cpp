// npm packages as Node's loaders see them. What a loader is asked for by name is looked up as Node
// does; a file counts as native code of this machine by its ELF header, whatever libc it needs:
// loaders take a file by its name, and only then does it load or not.

#include "node_packages.hpp"

#include "muslcheck/core/paths.hpp"

namespace muslcheck::runtimes {

using filesystem::FileTree;
using filesystem::LookupStatus;
using filesystem::Node;

namespace {

constexpr std::string_view kModules = "node_modules";

bool is_same_machine(const Node& node, const model::ElfFacts& own) {
  return node.elf != nullptr && node.elf->machine == own.machine &&
         node.elf->elf_class == own.elf_class && node.elf->byte_order == own.byte_order;
}

std::string folder_at(const FileTree& tree, const std::string& path) {
  const auto found = tree.lookup(path);
  const bool is_folder = found.status == LookupStatus::found && found.node != nullptr &&
                         found.node->entry.kind == model::FileKind::directory;
  return is_folder ? found.real_path : std::string();
}

}  // namespace

const packages::NpmDelivery& delivery_of(const packages::PackageIndex& index, std::size_t number) {
  static const packages::NpmDelivery kNothing;
  const auto found = index.npm.find(number);
  return found == index.npm.end() ? kNothing : found->second;
}

std::optional<NpmPlace> find_npm_place(const ChoiceInput& input) {
  if (!input.module.package) return std::nullopt;
  const std::size_t number = *input.module.package;
  const model::Package& package = input.packages.packages.at(number);
  if (package.ecosystem != "npm" || !core::is_below(input.module.path, package.path))
    return std::nullopt;
  std::string_view inside = input.module.path;
  if (!package.path.empty()) inside.remove_prefix(package.path.size() + 1);
  return NpmPlace{number, package, delivery_of(input.packages, number), inside};
}

std::string resolve_package(const FileTree& tree, std::string_view from, const std::string& name) {
  for (std::string_view folder = from;; folder = core::parent_path(folder)) {
    if (core::file_name(folder) != kModules) {
      const std::string modules = core::join_path(folder, kModules);
      if (std::string found = folder_at(tree, modules + "/" + name); !found.empty()) return found;
    }
    if (folder.empty()) break;
  }
  // The tree's root may itself be a node_modules folder.
  return folder_at(tree, name);
}

bool is_native_file(const FileTree& tree, std::string_view path, const model::ElfFacts& own) {
  const Node* node = tree.find(path);
  return node != nullptr && is_same_machine(*node, own);
}

std::string find_native_file(const FileTree& tree, const std::string& folder,
                             std::string_view inside, const model::ElfFacts& own) {
  if (std::string same = core::join_path(folder, inside); is_native_file(tree, same, own))
    return same;
  const std::string prefix = folder + "/";
  for (auto at = tree.nodes().lower_bound(prefix);
       at != tree.nodes().end() && at->first.starts_with(prefix); ++at)
    if (is_same_machine(at->second, own)) return at->first;
  return {};
}

std::string name_and_version(const model::Package& package) {
  return package.version.empty() ? package.name : package.name + "@" + package.version;
}

}  // namespace muslcheck::runtimes
