#pragma once
/// Lays layers over a map of nodes, one after the other.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"

namespace muslcheck::filesystem {

class Merger {
 public:
  Merger(FileTree::Nodes& nodes, std::vector<model::Problem>& problems)
      : nodes_(nodes), problems_(problems) {}

  /// `layer` must outlive the nodes, which point into it. `index` must grow from call to call.
  void apply(const model::LayerFacts& layer, int index);

 private:
  void hide(const model::FileEntry& marker);
  void clear_below(const std::string& directory);
  void place(const model::FileEntry& entry, const model::LayerFacts& layer);
  bool place_hard_link(const model::FileEntry& entry);
  void put(std::string path, Node node);
  void erase_below(const std::string& path);
  [[nodiscard]] const Node* find(std::string_view path) const;
  [[nodiscard]] bool is_directory(std::string_view path) const;
  [[nodiscard]] std::string real_place(const std::string& path);
  [[nodiscard]] std::string real_directory(std::string_view path);
  [[nodiscard]] std::optional<std::string> resolve(std::string_view path) const;
  [[nodiscard]] std::string_view known_part(std::string_view path) const;
  [[nodiscard]] bool is_in_the_way_of(std::string_view path) const;
  void make_directories(const std::string& path);
  void touch(const std::string& path);
  [[nodiscard]] bool is_too_much(const model::FileEntry& entry);
  void report(const model::FileEntry& entry, std::string code, std::string message);

  FileTree::Nodes& nodes_;
  std::vector<model::Problem>& problems_;
  int layer_ = 0;
  /// Directories, with a slash at the end, below which nothing of lower layers is left. None is
  /// below another.
  std::set<std::string, std::less<>> cleared_;
  /// The last parent seen, which most entries share with their neighbour, and where it really is.
  std::string last_parent_;
  std::string last_real_parent_;
  bool last_parent_known_ = false;
  /// Bytes in the paths of directories that no entry names.
  std::uint64_t made_bytes_ = 0;
  bool told_too_much_ = false;
};

}  // namespace muslcheck::filesystem
