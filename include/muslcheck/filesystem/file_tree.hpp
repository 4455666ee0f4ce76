#pragma once
/// The file system that a container engine would show: layers applied in order, with whiteouts,
/// opaque directories, links. (OCI image-spec, layer.md.)

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/model/image.hpp"

namespace muslcheck::filesystem {

/// One file of the merged tree. Pointers refer to the LayerFacts that the tree owns.
struct Node {
  model::FileEntry entry;
  int layer = 0;     ///< index of the layer that its content is from
  int touched = -1;  ///< index of the last layer that put it here, or something below it
  const model::ElfFacts* elf = nullptr;   ///< for ELF files
  const std::string* sha256 = nullptr;    ///< for ELF files
  const std::string* metadata = nullptr;  ///< content, for files that collect keeps
  const std::string* shebang = nullptr;   ///< for scripts
  const std::string* script = nullptr;    ///< content, for shell scripts that collect keeps
  /// For archives: what is kept of their members, with the path that the archive has there.
  const model::ArchiveMembers::value_type* archive = nullptr;
  /// Lies in an archive ("app/x.jar!/libx.so"), or is a directory there: nothing that the kernel
  /// finds.
  bool in_archive = false;
};

enum class LookupStatus {
  found,
  absent,
  not_a_directory,  ///< a component before the last is no directory (ENOTDIR)
  too_many_links,   ///< more than kMaxLinkDepth symbolic links (ELOOP)
};

/// The result of following a path as the kernel would, inside the root.
struct Lookup {
  LookupStatus status = LookupStatus::absent;
  std::string real_path;       ///< in-image path without links; set when found
  const Node* node = nullptr;  ///< set when found
};

class FileTree {
 public:
  using Nodes = std::map<std::string, Node, std::less<>>;

  FileTree() = default;
  /// Applies the layers in order and keeps them.
  explicit FileTree(std::vector<model::LayerFacts> layers);
  FileTree(FileTree&&) = default;
  FileTree& operator=(FileTree&&) = default;

  /// All files by in-image path, without the root; with the members of archives.
  [[nodiscard]] const Nodes& nodes() const { return nodes_; }
  /// Those of which collect kept the content (Node::metadata), by path: a few of many.
  [[nodiscard]] const std::vector<const Nodes::value_type*>& with_metadata() const {
    return with_metadata_;
  }
  /// The node at exactly this path, links not followed; null if there is none.
  [[nodiscard]] const Node* find(std::string_view path) const;
  /// Follows symbolic links in every component. `path` may be absolute or not.
  [[nodiscard]] Lookup lookup(std::string_view path) const;
  /// Names directly in a directory (links not followed), sorted.
  [[nodiscard]] std::vector<std::string> children(std::string_view directory) const;
  /// The layers, lowest first.
  [[nodiscard]] const std::vector<model::LayerFacts>& layers() const { return layers_; }
  /// Problems of the layers and of merging (a hard link without a target, ...).
  [[nodiscard]] const std::vector<model::Problem>& problems() const { return problems_; }

 private:
  std::vector<model::LayerFacts> layers_;
  Nodes nodes_;
  std::vector<const Nodes::value_type*> with_metadata_;
  std::vector<model::Problem> problems_;
};

}  // namespace muslcheck::filesystem
