// Members of a jar get nodes below "x.jar!", a directory that no container engine would show. They
// come after all layers were merged, from the archives that are left: a whiteout of the jar, or
// another jar in its place, has then taken its members with it, and each hard link to a jar has
// them, too.
//
// An image may have a real file or directory "x.jar!". That one stays what it is: the members are
// left out, which is a problem, since nobody but who wants to hide something makes such a name.

#include "filesystem/archive_members.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::filesystem {
namespace {

using model::FileEntry;
using model::FileKind;
using model::LayerFacts;

template <typename Value>
const Value* value_at(const std::map<std::string, Value>& values, const std::string& path) {
  const auto found = values.find(path);
  return found == values.end() ? nullptr : &found->second;
}

class Adder {
 public:
  Adder(FileTree::Nodes& nodes, const std::vector<LayerFacts>& layers,
        std::vector<model::Problem>& problems)
      : nodes_(nodes), layers_(layers), problems_(problems) {}

  void add_all() {
    std::vector<const Node*> archives;
    for (const auto& [path, node] : nodes_)
      if (node.archive != nullptr) archives.push_back(&node);
    for (const Node* archive : archives) add(*archive);
  }

 private:
  void add(const Node& archive) {
    const std::string root = archive.entry.path + "!";
    if (nodes_.contains(root))
      return report(archive.entry.path, "archive-name-taken",
                    "not shown: what is in the archive, because the image has a file of the name " +
                        core::printable(core::file_name(root)));
    const LayerFacts& facts = layers_[static_cast<std::size_t>(archive.layer)];
    const auto& [original, members] = *archive.archive;
    for (const FileEntry& member : members) {
      std::string path = archive.entry.path + member.path.substr(original.size());
      if (!has_room(path, archive)) return;
      if (path.size() > core::limits::kMaxPathLength || !has_place(path, root.size())) {
        report(member.path, "archive-member-name", "not shown: another file stands in its way");
        continue;
      }
      make_directories(core::parent_path(path), root.size(), archive);
      Node node = member_node(archive, member, facts);
      node.entry.path = path;
      nodes_.insert_or_assign(std::move(path), std::move(node));
    }
  }

  /// Hard links to a large archive cost little and have all of its members each.
  bool has_room(const std::string& path, const Node& archive) {
    bytes_ += path.size();
    if (bytes_ <= core::limits::kMaxPathBytesPerLayer) return true;
    if (!told_)
      report(archive.entry.path, "too-many-members",
             "too many files in archives: from here on they are left out");
    told_ = true;
    return false;
  }

  /// In an archive "a" and "a/b" may both be files; here the first one counts.
  [[nodiscard]] bool has_place(std::string_view path, std::size_t root) const {
    const auto own = nodes_.find(path);
    if (own != nodes_.end() && own->second.entry.kind == FileKind::directory) return false;
    for (std::string_view at = core::parent_path(path); at.size() > root;
         at = core::parent_path(at)) {
      const auto above = nodes_.find(at);
      if (above != nodes_.end()) return above->second.entry.kind == FileKind::directory;
    }
    return true;
  }

  static Node member_node(const Node& archive, const FileEntry& member, const LayerFacts& facts) {
    Node node;
    node.entry = member;
    node.layer = archive.layer;
    node.touched = archive.touched;
    node.in_archive = true;
    node.elf = value_at(facts.elf_files, member.path);
    node.sha256 = value_at(facts.elf_sha256, member.path);
    node.metadata = value_at(facts.metadata, member.path);
    return node;
  }

  /// The directories from the archive's own ("x.jar!", which ends at `root`) down.
  void make_directories(std::string_view path, std::size_t root, const Node& archive) {
    for (std::string_view at = path; at.size() >= root; at = core::parent_path(at)) {
      const auto [position, is_new] = nodes_.try_emplace(std::string(at));
      if (!is_new) return;
      bytes_ += at.size();
      Node& node = position->second;
      node.entry.path = at;
      node.entry.kind = FileKind::directory;
      node.entry.mode = 0755;
      node.layer = archive.layer;
      node.touched = archive.touched;
      node.in_archive = true;
    }
  }

  void report(const std::string& path, std::string code, std::string message) {
    model::add_problem(
        problems_,
        {.path = path, .stage = "layer", .code = std::move(code), .message = std::move(message)});
  }

  FileTree::Nodes& nodes_;
  const std::vector<LayerFacts>& layers_;
  std::vector<model::Problem>& problems_;
  std::uint64_t bytes_ = 0;
  bool told_ = false;
};

}  // namespace

void add_archive_members(FileTree::Nodes& nodes, const std::vector<LayerFacts>& layers,
                         std::vector<model::Problem>& problems) {
  Adder(nodes, layers, problems).add_all();
}

}  // namespace muslcheck::filesystem
