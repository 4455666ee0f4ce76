// Alpine's packages, and those of the distributions that use its package manager with glibc (Wolfi,
// Chainguard). The database is text: a block of lines per package, an empty line behind it, one
// letter and a colon before each value (apk-tools, doc/apk-v2.5.scd; src/database.c,
// apk_db_fdb_read):
//
//   P:name  V:version  A:architecture  m:maintainer
//   F:folder            of the R: lines that follow it
//   R:file
//
// All of it is the distribution's: vendors do not publish packages for apk.

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "file_finder.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/packages/os_release.hpp"
#include "purl.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

// The second since apk-tools 3 and the merged /usr, where the first may be a link to it.
constexpr std::array<std::string_view, 2> kDatabases{"usr/lib/apk/db/installed",
                                                     "lib/apk/db/installed"};

/// The packages of a database, line by line.
class Reader {
 public:
  Reader(const FileTree& tree, std::string database)
      : database_(std::move(database)), release_(read_os_release(tree)), finder_(tree) {}

  /// False if there are too many packages or files.
  bool read(std::string_view text) {
    core::for_each_part(text, '\n', [&](std::string_view line) { take(line); });
    finish();
    return !cut_off_;
  }
  std::vector<Found> packages() { return std::move(packages_); }

 private:
  void take(std::string_view line) {
    if (line.empty()) return finish();
    if (line.size() < 2 || line[1] != ':' || line.size() > core::limits::kMaxPathLength) return;
    const std::string_view value = line.substr(2);
    switch (line.front()) {
      case 'P': current_.package.name = field(value); break;
      case 'V': current_.package.version = field(value); break;
      case 'A': architecture_ = field(value); break;
      case 'm': current_.package.maintainer = field(value); break;
      case 'F': folder_ = core::normalize_path(value); break;
      case 'R': add_file(value); break;
      default: break;
    }
  }

  void add_file(std::string_view name) {
    const std::string path = core::normalize_path(core::join_path(folder_, name));
    // Short names in one long folder would be far more than the database itself.
    path_bytes_ += path.size();
    if (path_bytes_ > core::limits::kMaxPackagePathBytes) cut_off_ = true;
    if (cut_off_) return;
    if (auto real = finder_.find(path, current_.package.name))
      current_.files.push_back(std::move(*real));
  }

  void finish() {
    model::Package& package = current_.package;
    if (!package.name.empty() && packages_.size() == core::limits::kMaxPackages) cut_off_ = true;
    if (!package.name.empty() && !cut_off_) {
      const std::string id = release_.id.empty() ? "alpine" : release_.id;
      const std::string distro = release_.version_id.empty() ? "" : id + "-" + release_.version_id;
      package.ecosystem = "apk";
      package.purl = make_purl("apk", id + "/" + package.name, package.version,
                               {{"arch", architecture_}, {"distro", distro}});
      package.path = database_;
      package.distribution = true;
      packages_.push_back(std::move(current_));
    }
    current_ = {};
    architecture_.clear();
    folder_.clear();
  }

  static std::string field(std::string_view value) {
    return core::shortened(core::trim(value), core::limits::kMaxPackageField);
  }

  std::string database_;
  OsRelease release_;
  FileFinder finder_;
  std::vector<Found> packages_;
  Found current_;
  std::string architecture_;
  std::string folder_;
  std::uint64_t path_bytes_ = 0;
  bool cut_off_ = false;
};

}  // namespace

std::vector<Found> find_apk_packages(const FileTree& tree, std::vector<model::Problem>& problems) {
  for (const std::string_view path : kDatabases) {
    const filesystem::Lookup lookup = tree.lookup(path);
    if (lookup.node == nullptr || lookup.node->metadata == nullptr) continue;
    Reader reader(tree, lookup.real_path);
    if (!reader.read(*lookup.node->metadata))
      problems.push_back({.path = lookup.real_path,
                          .stage = "packages",
                          .code = "too-many-packages",
                          .message = "more packages or files than are read of one database"});
    return reader.packages();
  }
  return {};
}

}  // namespace muslcheck::packages
