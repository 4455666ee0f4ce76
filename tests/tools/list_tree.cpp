// Prints the merged file system of an image or folder, one JSON object per line, sorted by path:
// {"path", "type", "mode", "size", "target", "layer", "sha256", "inode"}, and one {"problem",
// "path"} for each thing that could not be read. tests/reference compares this with what umoci
// unpacks; the program itself has no such command.
//
//   list_tree SOURCE
//
// JSON is text and a path is bytes, so paths and targets are written byte by byte as Latin-1. Files
// that start with the magic of ELF have a digest, and a number that is the same for all names of
// one file; no ELF reader looks at them here.

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collect/collect_with.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/tasks.hpp"
#include "muslcheck/filesystem/file_tree.hpp"

namespace {

using nlohmann::json;
namespace collect = muslcheck::collect;
namespace core = muslcheck::core;
namespace filesystem = muslcheck::filesystem;
namespace model = muslcheck::model;
namespace source = muslcheck::source;

constexpr const char* kTypes[] = {"regular", "directory", "symlink", "hardlink",
                                  "other",   "whiteout",  "opaque"};

/// Each byte as the character of that number, in UTF-8.
std::string latin1(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x80) {
      text += byte;
    } else {
      text += static_cast<char>(0xC0U | (value >> 6U));
      text += static_cast<char>(0x80U | (value & 0x3FU));
    }
  }
  return text;
}

/// Numbers files in the order in which they are met. Hard links share their facts.
class Inodes {
 public:
  std::size_t number(const model::ElfFacts* facts) {
    return numbers_.try_emplace(facts, numbers_.size()).first->second;
  }

 private:
  std::map<const model::ElfFacts*, std::size_t> numbers_;
};

json to_json(const std::string& path, const filesystem::Node& node, Inodes& inodes) {
  json line{{"path", latin1(path)},
            {"type", kTypes[static_cast<int>(node.entry.kind)]},
            {"mode", node.entry.mode},
            {"size", node.entry.size},
            {"layer", node.layer}};
  if (node.entry.kind == model::FileKind::symlink) line["target"] = latin1(node.entry.link_target);
  if (node.elf != nullptr) line["sha256"] = node.elf->build_id;
  if (node.elf != nullptr) line["inode"] = inodes.number(node.elf);
  return line;
}

/// Stands for the ELF reader: every file with the magic is one, and what is known of it is the
/// digest of its bytes, in the place of a build id.
muslcheck::elf::ReadResult read_digest(std::string_view /*path*/, core::ByteView bytes) {
  muslcheck::elf::ReadResult result;
  result.facts.emplace().build_id = core::sha256_hex(bytes);
  return result;
}

core::Result<std::vector<model::LayerFacts>> collect_layers(source::Source& source) {
  std::vector<model::LayerFacts> layers;
  core::InlineTasks tasks;
  core::MemoryBudget memory(core::limits::kMaxFilesInMemory);
  for (std::size_t index = 0; index < source.info().layers.size(); ++index) {
    auto facts = collect::collect_layer_with(source, index, read_digest, tasks, memory);
    if (!facts) return tl::make_unexpected(facts.error());
    layers.push_back(std::move(*facts));
  }
  return layers;
}

core::Result<filesystem::FileTree> read_tree(const std::string& text) {
  const auto reference = source::parse_reference(text);
  if (!reference) return tl::make_unexpected(reference.error());
  auto source = source::open_source(*reference);
  if (!source) return tl::make_unexpected(source.error());
  auto layers = collect_layers(**source);
  if (!layers) return tl::make_unexpected(layers.error());
  return filesystem::FileTree(std::move(*layers));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: list_tree SOURCE\n";
    return 2;
  }
  const auto tree = read_tree(argv[1]);
  if (!tree) {
    std::cerr << "list_tree: " << tree.error().reason << ": " << tree.error().message << '\n';
    return 1;
  }
  Inodes inodes;
  for (const auto& [path, node] : tree->nodes())
    if (!node.in_archive) std::cout << to_json(path, node, inodes).dump() << '\n';
  for (const model::Problem& problem : tree->problems())
    std::cout << json{{"problem", problem.code}, {"path", latin1(problem.path)}}.dump() << '\n';
  return 0;
}
