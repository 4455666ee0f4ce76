// pnpm's lockfiles (github.com/pnpm/spec, lockfile). YAML that one program writes: two spaces per
// level, plain or single-quoted keys, lists and the like in one line. It is read by lines, so that
// there is nothing for anchors and tags to do; what looks otherwise is passed over.
//
//   version 5   dependencies: {NAME: VERSION}             packages: {/NAME/VERSION_PEERS: ...}
//   version 6   dependencies: {NAME: {specifier, version}}  packages: {/NAME@VERSION(PEER@...):
//   ...} version 9   importers: {.: {dependencies: ...}}       snapshots: {NAME@VERSION(PEER@...):
//   ...}
//
// Workspaces have `importers` in all versions. A package's own `dependencies` include the peers
// that were found for it. Up to version 6 `dev: true` marks what is for development only; in 9
// that follows from the importers' devDependencies.

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "lockfiles.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

constexpr std::size_t kLevels = 5;  // importers > . > dependencies > next > version

struct Line {
  std::size_t level = 0;
  std::string_view key;
  std::string_view value;
};

std::string_view without_quotes(std::string_view text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
    return text.substr(1, text.size() - 2);
  return text;
}

/// `key:`, `key: value`, `'key': value`; nothing for what is no such line.
std::optional<Line> parse_line(std::string_view text) {
  const std::size_t indent = text.find_first_not_of(' ');
  if (indent == std::string_view::npos || indent % 2 != 0 || indent / 2 >= kLevels)
    return std::nullopt;
  text = core::trim(text);
  if (text.empty() || text.front() == '-' || text.front() == '#') return std::nullopt;
  Line line{.level = indent / 2};
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos && !text.ends_with(':')) return std::nullopt;
  line.key = without_quotes(text.substr(0, std::min(colon, text.size() - 1)));
  if (colon != std::string_view::npos)
    line.value = without_quotes(core::trim(text.substr(colon + 2)));
  return line;
}

bool is_need(std::string_view key) {
  return key == "dependencies" || key == "optionalDependencies";
}

/// NAME and VERSION of "/NAME/VERSION_PEERS" or "/NAME@VERSION(PEERS)".
std::pair<std::string_view, std::string_view> parse_key(std::string_view key) {
  if (key.starts_with('/')) key.remove_prefix(1);
  auto [name, version] = split_name(key, "@/");
  const bool is_version_5 = key.substr(name.size()).starts_with('/');
  version = version.substr(0, version.find(is_version_5 ? '_' : '('));
  return {name, version};
}

/// Who asks for what: the number of a package, none for the application.
struct Edge {
  std::optional<std::size_t> from;
  bool development = false;
  std::string_view name;
  std::string_view version;
};

class Reader {
 public:
  core::Result<Lockfile> read(std::string_view text) {
    core::for_each_part(text, '\n', [&](std::string_view line) {
      if (const auto parsed = parse_line(line)) add_line(*parsed);
    });
    if (!is_pnpm_) return not_a_lockfile("has no lockfileVersion");
    for (const Edge& edge : edges_) connect(edge);
    return std::move(builder_.lockfile());
  }

 private:
  void add_line(const Line& line) {
    path_[line.level] = line.key;
    depth_ = line.level + 1;
    if (depth_ == 1 && line.key == "lockfileVersion") is_pnpm_ = true;
    if (path_[0] == "packages" || path_[0] == "snapshots") return add_package_line(line);
    // An importer's groups are at the top where there are no workspaces.
    const std::size_t group = path_[0] == "importers" ? 2 : 0;
    if (depth_ <= group + 1) return;
    const bool development = path_[group] == "devDependencies";
    if (!development && !is_need(path_[group])) return;
    const bool is_short = depth_ == group + 2;
    if (line.value.empty() || (!is_short && line.key != "version")) return;
    add_edge({std::nullopt, development, path_[group + 1], line.value});
  }

  void add_package_line(const Line& line) {
    if (depth_ == 2) return start_package(line.key);
    if (!package_) return;
    if (depth_ == 3 && line.key == "dev") {
      builder_.lockfile().marks_development = true;
      builder_.lockfile().packages[*package_].development = line.value == "true";
    }
    if (depth_ == 4 && is_need(path_[2])) add_edge({package_, false, line.key, line.value});
  }

  void start_package(std::string_view key) {
    package_.reset();
    const auto [name, version] = parse_key(key);
    if (version.empty() || builder_.is_full()) return;
    package_ = builder_.add(std::string(key), name, version);
  }

  void add_edge(const Edge& edge) {
    if (edges_.size() < core::limits::kMaxLockedEdges) edges_.push_back(edge);
  }

  void connect(const Edge& edge) {
    const std::size_t* target = find(std::string(edge.name), std::string(edge.version));
    if (target == nullptr) return;
    Lockfile& lockfile = builder_.lockfile();
    if (edge.from) return builder_.connect(lockfile.needs[*edge.from], *target);
    builder_.connect(edge.development ? lockfile.development : lockfile.direct, *target);
  }

  /// By version, or by the whole key, which aliases and local packages have.
  [[nodiscard]] const std::size_t* find(const std::string& name, const std::string& version) const {
    for (const std::string& key :
         {name + "@" + version, "/" + name + "@" + version, "/" + name + "/" + version, version})
      if (const std::size_t* found = builder_.find(key)) return found;
    return nullptr;
  }

  LockfileBuilder builder_;
  std::array<std::string_view, kLevels> path_;
  std::size_t depth_ = 0;
  std::optional<std::size_t> package_;
  std::vector<Edge> edges_;
  bool is_pnpm_ = false;
};

}  // namespace

core::Result<Lockfile> read_pnpm_lock(std::string_view text) { return Reader().read(text); }

}  // namespace muslcheck::packages
