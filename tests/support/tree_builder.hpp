#pragma once
/// A file tree of one layer from a few lines.

#include <string>
#include <utility>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"

namespace muslcheck::test {

class TreeBuilder {
 public:
  TreeBuilder& file(std::string path) {
    add(std::move(path), model::FileKind::regular);
    return *this;
  }
  TreeBuilder& metadata(const std::string& path, std::string text) {
    layer_.metadata[path] = std::move(text);
    return file(path);
  }
  TreeBuilder& elf(const std::string& path, model::ElfFacts facts = {}) {
    layer_.elf_files[path] = std::move(facts);
    return file(path);
  }
  TreeBuilder& directory(std::string path) {
    add(std::move(path), model::FileKind::directory);
    return *this;
  }
  TreeBuilder& link(std::string path, std::string target) {
    add(std::move(path), model::FileKind::symlink).link_target = std::move(target);
    return *this;
  }
  [[nodiscard]] filesystem::FileTree build() const { return filesystem::FileTree({layer_}); }

 private:
  model::FileEntry& add(std::string path, model::FileKind kind) {
    model::FileEntry& entry = layer_.entries.emplace_back();
    entry.path = std::move(path);
    entry.kind = kind;
    return entry;
  }
  model::LayerFacts layer_;
};

}  // namespace muslcheck::test
