// Applying a layer to what the layers below it made (OCI image-spec, layer.md, "Applying
// Changesets"; tests/reference compares the result with what umoci unpacks).
//
// Entries are laid over the tree in archive order: a directory over a directory keeps the children,
// anything else replaces what was there with all that was below it. An entry below a symbolic link
// to a directory lands in that directory, as if the layer were unpacked over the merged tree.
//
// Whiteouts and opaque markers take away what lower layers have and never an entry of their own
// layer, before or behind them. So each node remembers the last layer that put it there or put
// something below it. They too are applied where they stand: a marker in a directory that this
// layer put in the place of a symbolic link must not reach through the link that was there.
//
// Nodes are in one map sorted by path. '/' + 1 is '0', so everything below "a" is the range
// ["a/", "a0"): taking away or skipping a subtree is two searches, whatever its size.

#include "filesystem/merger.hpp"

#include <algorithm>
#include <iterator>
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

bool is_marker(const FileEntry& entry) {
  return entry.kind == FileKind::whiteout || entry.kind == FileKind::opaque;
}

/// Takes the first component from the path that was put on last; nothing if there is none left.
std::optional<std::string_view> next_component(std::vector<std::string_view>& paths) {
  while (!paths.empty() && paths.back().empty()) paths.pop_back();
  if (paths.empty()) return std::nullopt;
  std::string_view& path = paths.back();
  const std::string_view name = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(name.size() + 1, path.size()));
  return name;
}

}  // namespace

void Merger::apply(const LayerFacts& layer, int index) {
  layer_ = index;
  cleared_.clear();
  last_parent_known_ = false;
  std::vector<const FileEntry*> waiting;
  for (const FileEntry& entry : layer.entries) {
    if (is_marker(entry)) {
      hide(entry);
    } else if (entry.path.empty() || is_too_much(entry)) {
      continue;
    } else if (entry.kind != FileKind::hardlink) {
      place(entry, layer);
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

/// A whiteout never follows the name it hides; an opaque marker stands inside of its directory.
void Merger::hide(const FileEntry& marker) {
  const bool is_opaque = marker.kind == FileKind::opaque;
  auto path = resolve(is_opaque ? marker.path : core::parent_path(marker.path));
  if (!path) return;
  if (!is_opaque) *path = core::join_path(*path, core::file_name(marker.path));
  const Node* node = find(*path);
  if (!is_opaque && node != nullptr && node->touched != layer_) {
    erase_below(*path);
    nodes_.erase(*path);
    last_parent_known_ = false;
  } else if (path->empty() || (node != nullptr && node->entry.kind == FileKind::directory)) {
    clear_below(*path);
  }
}

/// Takes away what lower layers have below a directory. What was cleared before is passed over, so
/// that any number of markers costs no more than the tree is large.
void Merger::clear_below(const std::string& directory) {
  const std::string below = directory.empty() ? "" : directory + '/';
  auto skip = cleared_.upper_bound(below);
  if (skip != cleared_.begin() && below.starts_with(*std::prev(skip))) return;
  auto at = nodes_.lower_bound(below);
  while (at != nodes_.end() && at->first.starts_with(below)) {
    while (skip != cleared_.end() && *skip <= at->first && !at->first.starts_with(*skip)) ++skip;
    if (skip != cleared_.end() && at->first.starts_with(*skip)) {
      at = nodes_.lower_bound(skip->substr(0, skip->size() - 1) + kAfterSlash);
    } else if (at->second.touched == layer_) {
      ++at;
    } else {
      at = nodes_.erase(at);
      last_parent_known_ = false;
    }
  }
  auto inner = cleared_.lower_bound(below);
  while (inner != cleared_.end() && inner->starts_with(below)) inner = cleared_.erase(inner);
  cleared_.insert(below);
}

void Merger::place(const FileEntry& entry, const LayerFacts& layer) {
  std::string path = real_place(entry.path);
  Node node;
  node.entry = entry;
  node.entry.path = path;
  node.layer = layer_;
  if (entry.kind == FileKind::regular) {
    node.elf = value_at(layer.elf_files, entry.path);
    node.sha256 = value_at(layer.elf_sha256, entry.path);
    node.metadata = value_at(layer.metadata, entry.path);
    node.shebang = value_at(layer.shebangs, entry.path);
    node.script = value_at(layer.scripts, entry.path);
    const auto archive = layer.archives.find(entry.path);
    if (archive != layer.archives.end()) node.archive = &*archive;
  }
  put(std::move(path), std::move(node));
}

/// A hard link is another name of what its target is now: a file of this or of a lower layer, and
/// where the target is a symbolic link, that link itself (link(2) does not follow it).
bool Merger::place_hard_link(const FileEntry& entry) {
  const auto parent = resolve(core::parent_path(entry.link_target));
  if (!parent || entry.link_target.empty()) return false;
  const std::string target = core::join_path(*parent, core::file_name(entry.link_target));
  const Node* found = find(target);
  if (found == nullptr) return false;
  if (found->entry.kind == FileKind::directory) {
    report(entry, "hardlink-to-directory",
           "hard link to the directory " + core::printable(entry.link_target));
    return true;
  }
  Node node = *found;
  std::string path = real_place(entry.path);
  node.entry.path = path;
  put(std::move(path), std::move(node));
  return true;
}

void Merger::put(std::string path, Node node) {
  node.touched = layer_;
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

const Node* Merger::find(std::string_view path) const {
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? nullptr : &found->second;
}

bool Merger::is_directory(std::string_view path) const {
  if (path.empty()) return true;
  const Node* node = find(path);
  return node != nullptr && node->entry.kind == FileKind::directory;
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

/// The real path of a directory; what is missing is made, also where a link leads to nothing. A
/// path through a file, or through links without end, cannot be unpacked. Only an overlay takes
/// such a layer, and there the directories of the layer hide what the lower layers have.
std::string Merger::real_directory(std::string_view path) {
  const auto target = resolve(path);
  std::string real = target && !is_in_the_way_of(*target) ? *target : std::string(path);
  make_directories(real);
  touch(real);
  return real;
}

/// The path with its links followed, whether there is something or not: what is missing has no
/// links. Nothing for more than kMaxLinkDepth links.
std::optional<std::string> Merger::resolve(std::string_view path) const {
  std::string current(known_part(path));
  if (current.size() == path.size()) return current;
  std::size_t known = current.size();  // how much of it is a directory of the tree
  std::vector<std::string_view> pending{path.substr(known)};
  int links = 0;
  while (const auto name = next_component(pending)) {
    if (name->empty() || *name == ".") continue;
    const std::size_t parent = current.size();
    if (*name == "..") {
      current.resize(core::parent_path(current).size());
      known = std::min(known, current.size());
      continue;
    }
    current.append(current.empty() ? "" : "/").append(*name);
    if (current.size() > core::limits::kMaxPathLength) return std::nullopt;
    const Node* node = parent == known ? find(current) : nullptr;
    if (node == nullptr) continue;
    if (node->entry.kind == FileKind::directory) known = current.size();
    if (node->entry.kind != FileKind::symlink) continue;
    if (++links > core::limits::kMaxLinkDepth) return std::nullopt;
    const bool is_absolute = node->entry.link_target.starts_with('/');
    current.resize(is_absolute ? 0 : parent);
    known = current.size();
    pending.push_back(node->entry.link_target);
  }
  return current;
}

/// The longest part of a path that is a directory of the tree. Because every node's parent is a
/// directory and no link, that part is real, and a search by halves finds it.
std::string_view Merger::known_part(std::string_view path) const {
  if (is_directory(path)) return path;
  std::vector<std::size_t> ends;
  for (std::size_t end = path.find('/'); end != std::string_view::npos;
       end = path.find('/', end + 1))
    ends.push_back(end);
  const auto unknown = std::partition_point(
      ends.begin(), ends.end(), [&](std::size_t end) { return is_directory(path.substr(0, end)); });
  return path.substr(0, unknown == ends.begin() ? 0 : *std::prev(unknown));
}

/// True if something that is no directory stands where one of the path's components must be.
bool Merger::is_in_the_way_of(std::string_view path) const {
  const std::string_view known = known_part(path);
  if (known.size() == path.size()) return false;
  const std::size_t start = known.empty() ? 0 : known.size() + 1;
  return find(path.substr(0, path.find('/', start))) != nullptr;
}

void Merger::make_directories(const std::string& path) {
  std::size_t size = known_part(path).size();
  while (size < path.size()) {
    size = std::min(path.find('/', size + 1), path.size());
    Node node;
    node.entry.path = path.substr(0, size);
    node.entry.kind = FileKind::directory;
    node.entry.mode = 0755;
    node.layer = layer_;
    made_bytes_ += size;
    nodes_[node.entry.path] = std::move(node);
  }
}

/// Marks a directory and those above it as ones that this layer put something in.
void Merger::touch(const std::string& path) {
  for (std::string_view at = path; !at.empty(); at = core::parent_path(at)) {
    Node& node = nodes_.find(at)->second;
    if (node.touched == layer_) return;
    node.touched = layer_;
  }
}

void Merger::report(const FileEntry& entry, std::string code, std::string message) {
  model::add_problem(problems_, {.path = entry.path,
                                 .stage = "layer",
                                 .code = std::move(code),
                                 .message = std::move(message)});
}

}  // namespace muslcheck::filesystem
