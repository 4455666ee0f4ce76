#pragma once
/// What lockfiles say about the packages of a node_modules folder: who needs whom, by name and
/// version, and what is for development only. One reader per format.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "npm_graph.hpp"
#include "owner_walk.hpp"

namespace muslcheck::packages {

/// One package as a lockfile has it.
struct LockedPackage {
  std::string name;     ///< the real one, not an alias
  std::string version;  ///< exact
  bool development = false;
};

/// What any of the formats says.
struct Lockfile {
  std::vector<LockedPackage> packages;
  Needs needs;                           ///< by package: dependencies and optional ones
  Needs peers;                           ///< by package: peers, which were there or were installed
  std::vector<std::size_t> direct;       ///< what the application and its workspaces ask for
  std::vector<std::size_t> development;  ///< what they ask for as devDependencies
  bool marks_development = false;        ///< `LockedPackage::development` is told by the file
};

/// Collects a lockfile within the limits; edges are given by what the format calls a package.
class LockfileBuilder {
 public:
  /// The number of the package that the format knows under `key`; a second one of the same key is
  /// the first. Not to be called when full.
  std::size_t add(const std::string& key, std::string_view name, std::string_view version);
  /// One more key of that package.
  void add_key(std::string key, std::size_t number) { by_key_.emplace(std::move(key), number); }
  [[nodiscard]] bool is_full() const;
  /// Null if there is no such key.
  [[nodiscard]] const std::size_t* find(const std::string& key) const;
  /// Adds `target` to one of the lockfile's lists; beyond kMaxLockedEdges it is not kept.
  void connect(std::vector<std::size_t>& list, std::size_t target);
  Lockfile& lockfile() { return lockfile_; }

 private:
  Lockfile lockfile_;
  std::map<std::string, std::size_t> by_key_;
  std::size_t edges_ = 0;
};

/// Why a text is no lockfile.
[[nodiscard]] tl::unexpected<core::Error> not_a_lockfile(std::string message);
/// The name at the start of "NAME@REST" or "NAME/REST" and what follows; a scope belongs to the
/// name. The second is empty if there is no such separator.
[[nodiscard]] std::pair<std::string_view, std::string_view> split_name(std::string_view text,
                                                                       std::string_view separators);

/// package-lock.json, npm-shrinkwrap.json and node_modules/.package-lock.json, versions 1 to 3.
[[nodiscard]] core::Result<Lockfile> read_npm_lock(std::string_view text);
/// yarn.lock of Yarn 1 and of Yarn 2 and newer.
[[nodiscard]] core::Result<Lockfile> read_yarn_lock(std::string_view text);
/// pnpm-lock.yaml and node_modules/.pnpm/lock.yaml, versions 5, 6 and 9.
[[nodiscard]] core::Result<Lockfile> read_pnpm_lock(std::string_view text);

/// What a lockfile knows of an installed package.
struct LockedOwner {
  std::string lockfile;             ///< its in-image path; empty: none knows the package
  std::vector<std::string> owners;  ///< direct dependency first
  bool is_certain = false;          ///< the lockfile says what the application asks for
  bool development = false;         ///< nothing but development needs it
};

/// By manifest, from the lockfiles of the folders above it: the nearest that has its version.
[[nodiscard]] std::vector<LockedOwner> find_locked_owners(const filesystem::FileTree& tree,
                                                          const std::vector<NpmManifest>& manifests,
                                                          std::vector<model::Problem>& problems);

}  // namespace muslcheck::packages
