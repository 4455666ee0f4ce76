// yarn.lock, of which both formats are lines by indentation (yarnpkg.com/configuration; yarn 1:
// src/lockfile/stringify.js; newer: written by @yarnpkg/parsers, stringifySyml).
//
//   Yarn 1                                  Yarn 2 and newer
//   "@a/b@^1.0.0", "@a/b@^1.2.0":           "@a/b@npm:^1.0.0, @a/b@npm:^1.2.0":
//     version "1.2.3"                         version: 1.2.3
//     dependencies:                           resolution: "@a/b@npm:1.2.3"
//       c "^2.0.0"                            dependencies:
//     optionalDependencies:                     c: "npm:^2.0.0"
//
// A dependency and its range are a key of the entry that was chosen for them. Only the newer format
// says what the application asks for, in the entries of the workspaces, and neither tells
// dependencies from devDependencies.

#include <optional>
#include <string>
#include <utility>

#include "lockfiles.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

constexpr std::string_view kNpm = "npm:";

std::string without_quotes(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != '"') plain += c;
  return plain;
}

struct Line {
  std::size_t indent = 0;
  std::string key;
  std::string value;
};

/// `key "value"`, `key: value`, `"key": "value"`, `key:`; nothing for comments and empty lines.
std::optional<Line> parse_line(std::string_view text) {
  Line line;
  line.indent = std::min(text.find_first_not_of(' '), text.size());
  text = core::trim(text);
  if (text.empty() || text.front() == '#') return std::nullopt;
  // Keys of entries hold spaces and colons, in the old format without quotes around the whole.
  if (line.indent == 0) {
    if (text.ends_with(':')) text.remove_suffix(1);
    line.key = without_quotes(text);
    return line;
  }
  const bool quoted = text.front() == '"';
  const std::size_t end = quoted ? text.find('"', 1) : text.find_first_of(": ");
  line.key = without_quotes(text.substr(0, end));
  if (end == std::string_view::npos) return line;
  std::string_view rest = text.substr(end + (quoted ? 1 : 0));
  if (rest.starts_with(':')) rest.remove_prefix(1);
  line.value = without_quotes(core::trim(rest));
  return line;
}

struct Dependency {
  std::string name;
  std::string range;
};

struct Entry {
  std::vector<std::string> descriptors;
  std::string version;
  std::string resolution;
  std::vector<Dependency> dependencies;
};

/// The package that an entry is: by its resolution, or by the key of an alias
/// ("x@npm:real@^1.0.0"), or by any key.
std::string real_name(const Entry& entry) {
  const std::string& told = entry.resolution.empty() ? entry.descriptors.front() : entry.resolution;
  const auto [name, range] = split_name(told, "@");
  if (!range.starts_with(kNpm)) return std::string(name);
  const auto [alias_of, version] = split_name(range.substr(kNpm.size()), "@");
  return std::string(version.empty() ? name : alias_of);
}

bool is_workspace(const Entry& entry) {
  return split_name(entry.resolution, "@").second.starts_with("workspace:");
}

class Reader {
 public:
  core::Result<Lockfile> read(std::string_view text) {
    bool is_yarn = false;
    core::for_each_part(text, '\n', [&](std::string_view line) {
      if (core::trim(line) == "# yarn lockfile v1") is_yarn = true;
      if (const auto parsed = parse_line(line)) {
        if (parsed->indent == 0 && parsed->key == "__metadata") is_yarn = true;
        add_line(*parsed);
      }
    });
    if (!is_yarn) return not_a_lockfile("not written by Yarn");
    add_packages();
    for (std::size_t i = 0; i < entries_.size(); ++i) connect(i);
    return std::move(builder_.lockfile());
  }

 private:
  void add_line(const Line& line) {
    if (line.indent == 0) {
      in_entry_ = line.key != "__metadata" && entries_.size() < core::limits::kMaxPackages;
      if (!in_entry_) return;
      entries_.emplace_back().descriptors = descriptors_of(line.key);
      return;
    }
    if (!in_entry_) return;
    Entry& entry = entries_.back();
    if (line.indent == 2) {
      in_dependencies_ = line.key == "dependencies" || line.key == "optionalDependencies";
      if (line.key == "version") entry.version = line.value;
      if (line.key == "resolution") entry.resolution = line.value;
    } else if (line.indent == 4 && in_dependencies_ && counts()) {
      entry.dependencies.push_back({line.key, line.value});
    }
  }

  /// Keys and dependencies together have the limit of edges.
  bool counts() { return counted_++ < core::limits::kMaxLockedEdges; }

  std::vector<std::string> descriptors_of(std::string_view key) {
    std::vector<std::string> all;
    core::for_each_part(key, ',', [&](std::string_view part) {
      // There is always a first one, which the entry is known by.
      if (all.empty() || counts()) all.emplace_back(core::trim(part));
    });
    return all;
  }

  void add_packages() {
    for (const Entry& entry : entries_) {
      if (is_workspace(entry) || builder_.is_full()) continue;
      const std::size_t number =
          builder_.add(entry.descriptors.front(), real_name(entry), entry.version);
      for (const std::string& descriptor : entry.descriptors) builder_.add_key(descriptor, number);
    }
  }

  void connect(std::size_t number) {
    const Entry& entry = entries_[number];
    Lockfile& lockfile = builder_.lockfile();
    const std::size_t* package = builder_.find(entry.descriptors.front());
    if (package == nullptr && !is_workspace(entry)) return;
    auto& list = package == nullptr ? lockfile.direct : lockfile.needs[*package];
    for (const Dependency& dependency : entry.dependencies) {
      const std::size_t* target = builder_.find(dependency.name + "@" + dependency.range);
      // Before Yarn 4 ranges of the registry were written without saying so.
      if (target == nullptr)
        target = builder_.find(dependency.name + "@" + std::string(kNpm) + dependency.range);
      if (target != nullptr) builder_.connect(list, *target);
    }
  }

  LockfileBuilder builder_;
  std::vector<Entry> entries_;
  std::size_t counted_ = 0;
  bool in_entry_ = false;
  bool in_dependencies_ = false;
};

}  // namespace

core::Result<Lockfile> read_yarn_lock(std::string_view text) { return Reader().read(text); }

}  // namespace muslcheck::packages
