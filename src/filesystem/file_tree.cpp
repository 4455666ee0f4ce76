// The merged file system of an image, as a container engine would mount it (OCI image-spec,
// layer.md, "Applying Changesets").
//
// A layer is applied in two steps. First its whiteouts and opaque markers take away what the
// lower layers have, wherever they stand in the archive, so they can never hide an entry of their
// own layer. Then its entries are laid over what is left: a directory over a directory keeps the
// children, anything else replaces what was there with all that was below it. An entry below a
// symbolic link to a directory lands in that directory, as it would if the layer were unpacked
// over the merged tree.
//
// Nodes are kept in one map sorted by path. '/' + 1 is '0', so everything below "a" is the range
// ["a/", "a0"): taking away or skipping a subtree is two searches, whatever its size.
//
// Guarantees: every node but those of the root has a parent node that is a directory; no lookup
// leaves the root or takes more than kMaxLinkDepth links.

#include "muslcheck/filesystem/file_tree.hpp"

#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::filesystem {
namespace {

using model::FileEntry;
using model::FileKind;
using model::LayerFacts;

constexpr char kAfterSlash = '/' + 1;

template <typename Value>
const Value* value_at(const std::map<std::string, Value>& values, const std::string& path) {
  const auto found = values.find(path);
  return found == values.end() ? nullptr : &found->second;
}

/// The node that stands for the root, which has no entry of its own.
const Node& root_node() {
  static const Node root = [] {
    Node node;
    node.entry.kind = FileKind::directory;
    return node;
  }();
  return root;
}

/// Lays layers over a map of nodes.
class Merger {
 public:
  Merger(FileTree::Nodes& nodes, std::vector<model::Problem>& problems, const FileTree& tree)
      : nodes_(nodes), problems_(problems), tree_(tree) {}

  void apply(const LayerFacts& layer, int index);

 private:
  void hide(const FileEntry& marker);
  void place(const FileEntry& entry, const LayerFacts& layer, int index);
  bool place_hard_link(const FileEntry& entry);
  void put(std::string path, Node node);
  void erase_below(const std::string& path);
  [[nodiscard]] std::string real_place(const std::string& path);
  [[nodiscard]] std::string real_directory(std::string_view path);
  [[nodiscard]] std::string_view known_part(std::string_view path) const;
  void make_directory(const std::string& path);
  [[nodiscard]] bool is_too_much(const FileEntry& entry);
  void report(const FileEntry& entry, std::string code, std::string message);

  FileTree::Nodes& nodes_;
  std::vector<model::Problem>& problems_;
  const FileTree& tree_;
  int layer_ = 0;
  /// The last parent seen, which most entries share with their neighbour, and where it really is.
  std::string last_parent_;
  std::string last_real_parent_;
  bool last_parent_known_ = false;
  /// Bytes in the paths of directories that no entry names.
  std::uint64_t made_bytes_ = 0;
  bool told_too_much_ = false;
};

void Merger::apply(const LayerFacts& layer, int index) {
  layer_ = index;
  last_parent_known_ = false;
  for (const FileEntry& entry : layer.entries)
    if (entry.kind == FileKind::whiteout || entry.kind == FileKind::opaque) hide(entry);

  std::vector<const FileEntry*> waiting;
  for (const FileEntry& entry : layer.entries) {
    if (entry.path.empty() || entry.kind == FileKind::whiteout || entry.kind == FileKind::opaque)
      continue;
    if (is_too_much(entry)) continue;
    if (entry.kind != FileKind::hardlink) {
      place(entry, layer, index);
    } else if (!place_hard_link(entry)) {
      waiting.push_back(&entry);
    }
  }
  // A tar writer puts the file before its links; an archive sorted by name may not.
  for (const FileEntry* entry : waiting)
    if (!place_hard_link(*entry))
      report(*entry, "hardlink-target-missing",
             "hard link to " + core::printable(entry->link_target) + ", which does not exist");
}

/// An entry "a/a/a/.../a" makes a directory per component, so that few bytes would make many.
bool Merger::is_too_much(const FileEntry& entry) {
  if (made_bytes_ <= core::limits::kMaxImpliedPathBytes) return false;
  if (!told_too_much_)
    report(entry, "too-many-directories",
           "too many directories that have no entry of their own; from here on files are left out");
  told_too_much_ = true;
  return true;
}

void Merger::hide(const FileEntry& marker) {
  const Lookup parent = tree_.lookup(core::parent_path(marker.path));
  if (marker.path.empty()) {
    nodes_.clear();
  } else if (parent.status == LookupStatus::found) {
    const std::string path = core::join_path(parent.real_path, core::file_name(marker.path));
    erase_below(path);
    if (marker.kind == FileKind::whiteout) nodes_.erase(path);
  }
}

void Merger::place(const FileEntry& entry, const LayerFacts& layer, int index) {
  std::string path = real_place(entry.path);
  Node node;
  node.entry = entry;
  node.entry.path = path;
  node.layer = index;
  if (entry.kind == FileKind::regular) {
    node.elf = value_at(layer.elf_files, entry.path);
    node.sha256 = value_at(layer.elf_sha256, entry.path);
    node.metadata = value_at(layer.metadata, entry.path);
    node.shebang = value_at(layer.shebangs, entry.path);
  }
  put(std::move(path), std::move(node));
}

/// A hard link is another name of what its target is now: a file of this or of a lower layer, and
/// where the target is a symbolic link, that link itself (link(2) does not follow it).
bool Merger::place_hard_link(const FileEntry& entry) {
  const Lookup parent = tree_.lookup(core::parent_path(entry.link_target));
  if (parent.status != LookupStatus::found || entry.link_target.empty()) return false;
  const std::string target = core::join_path(parent.real_path, core::file_name(entry.link_target));
  const Node* found = tree_.find(target);
  if (found == nullptr) return false;
  if (found->entry.kind == FileKind::directory) {
    report(entry, "hardlink-to-directory",
           "hard link to the directory " + core::printable(entry.link_target));
    return true;
  }
  Node node = *found;
  std::string path = real_place(entry.path);
  if (path == target) return true;
  node.entry.path = path;
  put(std::move(path), std::move(node));
  return true;
}

void Merger::put(std::string path, Node node) {
  const auto [position, is_new] = nodes_.try_emplace(std::move(path));
  const bool was_directory = !is_new && position->second.entry.kind == FileKind::directory;
  const bool is_directory = node.entry.kind == FileKind::directory;
  if (was_directory && !is_directory) erase_below(position->first);
  if (!is_new && !(was_directory && is_directory)) last_parent_known_ = false;
  position->second = std::move(node);
}

void Merger::erase_below(const std::string& path) {
  const auto first = nodes_.lower_bound(path + '/');
  const auto last = nodes_.lower_bound(path + kAfterSlash);
  if (first == last) return;
  nodes_.erase(first, last);
  last_parent_known_ = false;
}

/// Where an entry lands: its parent's links are followed, and missing parents are made.
std::string Merger::real_place(const std::string& path) {
  const std::string_view parent = core::parent_path(path);
  if (!last_parent_known_ || parent != last_parent_) {
    last_real_parent_ = real_directory(parent);
    last_parent_ = parent;
    last_parent_known_ = true;
  }
  return core::join_path(last_real_parent_, core::file_name(path));
}

/// The longest part of a path that is a directory of the tree. Because every node's parent is a
/// directory and no link, that part is real.
std::string_view Merger::known_part(std::string_view path) const {
  while (!path.empty()) {
    const Node* node = tree_.find(path);
    if (node != nullptr && node->entry.kind == FileKind::directory) return path;
    path = core::parent_path(path);
  }
  return path;
}

/// The real path of a directory. Components that are missing are made, and what stands in the
/// place of one without being or leading to a directory gives way.
std::string Merger::real_directory(std::string_view path) {
  std::string real(known_part(path));
  if (real.size() == path.size()) return real;
  for (const std::string_view name :
       core::split(path.substr(real.empty() ? 0 : real.size() + 1), '/')) {
    std::string next = core::join_path(real, name);
    const Node* known = tree_.find(next);
    if (known != nullptr && known->entry.kind == FileKind::symlink) {
      Lookup lookup = tree_.lookup(next);
      if (lookup.status == LookupStatus::found && lookup.node->entry.kind == FileKind::directory) {
        real = std::move(lookup.real_path);
        continue;
      }
    }
    if (known == nullptr || known->entry.kind != FileKind::directory) make_directory(next);
    real = std::move(next);
  }
  return real;
}

void Merger::make_directory(const std::string& path) {
  made_bytes_ += path.size();
  Node& node = nodes_[path] = Node{};
  node.entry.path = path;
  node.entry.kind = FileKind::directory;
  node.entry.mode = 0755;
  node.layer = layer_;
}

void Merger::report(const FileEntry& entry, std::string code, std::string message) {
  model::add_problem(problems_, {.path = entry.path,
                                 .stage = "layer",
                                 .code = std::move(code),
                                 .message = std::move(message)});
}

Lookup failed(LookupStatus status) {
  Lookup lookup;
  lookup.status = status;
  return lookup;
}

/// The components of a path, last first, so that the next one can be popped from the back.
void push_components(std::vector<std::string>& pending, std::string_view path) {
  const auto parts = core::split(path, '/');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) pending.emplace_back(*part);
}

}  // namespace

FileTree::FileTree(std::vector<LayerFacts> layers) : layers_(std::move(layers)) {
  for (const LayerFacts& layer : layers_)
    problems_.insert(problems_.end(), layer.problems.begin(), layer.problems.end());
  Merger merger(nodes_, problems_, *this);
  int index = 0;
  for (const LayerFacts& layer : layers_) merger.apply(layer, index++);
}

const Node* FileTree::find(std::string_view path) const {
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? nullptr : &found->second;
}

Lookup FileTree::lookup(std::string_view path) const {
  if (path.size() > core::limits::kMaxPathLength) return failed(LookupStatus::absent);
  std::vector<std::string> pending;
  push_components(pending, path);
  std::string current;
  const Node* node = &root_node();
  int links = 0;
  while (!pending.empty()) {
    const std::string name = std::move(pending.back());
    pending.pop_back();
    if (node->entry.kind != FileKind::directory) return failed(LookupStatus::not_a_directory);
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      current = core::parent_path(current);
      node = current.empty() ? &root_node() : find(current);
      continue;
    }
    std::string next = core::join_path(current, name);
    const Node* found = find(next);
    if (found == nullptr) return failed(LookupStatus::absent);
    if (found->entry.kind != FileKind::symlink) {
      current = std::move(next);
      node = found;
      continue;
    }
    if (++links > core::limits::kMaxLinkDepth) return failed(LookupStatus::too_many_links);
    const std::string& target = found->entry.link_target;
    if (target.empty()) return failed(LookupStatus::absent);
    if (target.starts_with('/')) {
      current.clear();
      node = &root_node();
    }
    push_components(pending, target);
  }
  return {.status = LookupStatus::found, .real_path = std::move(current), .node = node};
}

std::vector<std::string> FileTree::children(std::string_view directory) const {
  std::string prefix(directory);
  if (!prefix.empty()) prefix += '/';
  std::vector<std::string> names;
  auto at = nodes_.lower_bound(prefix);
  while (at != nodes_.end() && at->first.starts_with(prefix)) {
    const auto slash = at->first.find('/', prefix.size());
    if (slash == std::string::npos) {
      names.push_back(at->first.substr(prefix.size()));
      ++at;
    } else {
      at = nodes_.lower_bound(at->first.substr(0, slash) + kAfterSlash);
    }
  }
  return names;
}

}  // namespace muslcheck::filesystem
