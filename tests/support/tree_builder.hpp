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
  /// A member of an archive, which comes into being with its first one.
  TreeBuilder& member(const std::string& archive, const std::string& name) {
    if (!layer_.archives.contains(archive)) file(archive);
    layer_.archives[archive].emplace_back().path = archive + "!/" + name;
    return *this;
  }
  TreeBuilder& member_elf(const std::string& archive, const std::string& name,
                          model::ElfFacts facts = {}) {
    layer_.elf_files[archive + "!/" + name] = std::move(facts);
    return member(archive, name);
  }
  TreeBuilder& member_text(const std::string& archive, const std::string& name, std::string text) {
    layer_.metadata[archive + "!/" + name] = std::move(text);
    return member(archive, name);
  }
  TreeBuilder& directory(std::string path) {
    add(std::move(path), model::FileKind::directory);
    return *this;
  }
  TreeBuilder& link(std::string path, std::string target) {
    add(std::move(path), model::FileKind::symlink).link_target = std::move(target);
    return *this;
  }
  /// For a tree of several layers.
  [[nodiscard]] const model::LayerFacts& layer() const { return layer_; }
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
