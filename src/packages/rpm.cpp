// rpm packages: the headers of a database in one of its three forms, each in a file of its own.
// Which of the folders rpm uses is a macro of the distribution; the first that holds a database is
// taken. In newer images /var/lib/rpm is a link to /usr/lib/sysimage/rpm.
//
// Distributions give all their packages one VENDOR tag, so a package is the distribution's if it
// has the tag of the package that brings the C library or os-release, or one of rules/vendors.json.
// What puts files below /opt is a vendor's all the same (as for dpkg).

#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "databases.hpp"
#include "file_finder.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/packages/os_release.hpp"
#include "purl.hpp"
#include "rpm_databases.hpp"
#include "rpm_header.hpp"

namespace muslcheck::packages {
namespace {

using filesystem::FileTree;

constexpr std::array<std::string_view, 3> kFolders{"usr/lib/sysimage/rpm", "var/lib/rpm",
                                                   "usr/share/rpm"};

using ReadDatabase = core::Result<void> (*)(const FileTree&, const std::string& path,
                                            const std::string& content, const VisitHeader&);

core::Result<void> read_sqlite(const FileTree& tree, const std::string& path,
                               const std::string& content, const VisitHeader& visit) {
  const std::string* log = metadata_at(tree, path + "-wal");
  auto pages = apply_sqlite_log(content, log == nullptr ? std::string_view() : *log);
  if (!pages) return tl::make_unexpected(pages.error());
  return visit_rpm_sqlite(std::move(*pages), visit);
}

template <auto visit_database>
core::Result<void> read_file(const FileTree&, const std::string&, const std::string& content,
                             const VisitHeader& visit) {
  return visit_database(content, visit);
}

/// A form of the database. Where several are, the newer one is rpm's: the other was converted.
struct Form {
  std::string_view file;
  ReadDatabase read;
};
constexpr std::array kForms{Form{"rpmdb.sqlite", read_sqlite},
                            Form{"Packages.db", read_file<visit_rpm_ndb>},
                            Form{"Packages", read_file<visit_rpm_bdb>}};

struct Database {
  std::string path;
  const filesystem::Node* node = nullptr;
  const Form* form = nullptr;
};

std::optional<Database> find_database(const FileTree& tree) {
  for (const std::string_view folder : kFolders)
    for (const Form& form : kForms) {
      const filesystem::Lookup lookup = tree.lookup(core::join_path(folder, form.file));
      // An empty file is what is left of a database that was removed.
      if (lookup.node != nullptr && (lookup.node->entry.size != 0 || lookup.node->metadata))
        return Database{lookup.real_path, lookup.node, &form};
    }
  return std::nullopt;
}

/// Packages whose vendor is that of the distribution's own: they bring the C library, or the file
/// that says which distribution this is.
constexpr std::array<std::string_view, 6> kBaseFiles{"lib64/libc.so.6", "usr/lib64/libc.so.6",
                                                     "lib/libc.so.6",   "usr/lib/libc.so.6",
                                                     "etc/os-release",  "usr/lib/os-release"};

bool is_distribution_vendor(std::string_view vendor, const model::KnownVendors& known) {
  return core::find_where(known.rpm_distributions, [&](const std::string& start) {
           return vendor.starts_with(start);
         }) != nullptr;
}

/// The packages of a database, read one header at a time.
class Reader {
 public:
  Reader(const FileTree& tree, Database database, const model::KnownVendors& vendors,
         std::vector<model::Problem>& problems)
      : tree_(tree),
        database_(std::move(database)),
        release_(read_os_release(tree)),
        finder_(tree),
        vendors_(vendors),
        problems_(problems) {}

  std::vector<Found> read() {
    const std::string* content = database_.node->metadata;
    if (content == nullptr) {
      report("rpm-database-unreadable", "the database was not kept, so " + kConsequence);
      return {};
    }
    const auto done = database_.form->read(tree_, database_.path, *content,
                                           [this](core::ByteView bytes) { return take(bytes); });
    if (!done) report(done.error().reason, done.error().message + ", so " + kConsequence);
    if (malformed_ != 0)
      report("rpm-header-malformed", std::to_string(malformed_) +
                                         " packages cannot be read (first: " + first_malformed_ +
                                         "), so " + kConsequence);
    decide_distribution();
    return std::move(packages_);
  }

 private:
  static inline const std::string kConsequence =
      "files of rpm packages may count as the image's own";

  /// False at the first limit.
  bool take(core::ByteView bytes) {
    header_bytes_ += bytes.size();
    if (packages_.size() == core::limits::kMaxPackages) return stop("too-many-packages");
    if (header_bytes_ > core::limits::kMaxRpmDatabase) return stop("too-many-packages");
    if (bytes.size() > core::limits::kMaxRpmHeader) return skip("the header is too large");
    auto header = parse_rpm_header(bytes, core::limits::kMaxPackagePathBytes - path_bytes_);
    if (!header && header.error().code == core::ErrorCode::limit_exceeded)
      return stop(header.error().reason);
    if (!header) return skip(header.error().message);
    // rpm keeps the public keys that it trusts as packages without files.
    if (header->name != "gpg-pubkey") add(*header);
    return true;
  }

  bool skip(const std::string& reason) {
    if (malformed_++ == 0) first_malformed_ = reason;
    return true;
  }

  bool stop(const std::string& code) {
    report(code, "more packages or files than are read of one database, so " + kConsequence);
    return false;
  }

  void add(const RpmHeader& header) {
    Found& found = packages_.emplace_back();
    found.package = package_of(header);
    for (const std::string& path : header.paths) {
      path_bytes_ += path.size();
      if (core::contains(kBaseFiles, path)) base_vendors_.insert(header.vendor);
      if (path != "opt" && core::is_below(path, "opt")) found.package.distribution = false;
      if (auto real = finder_.find(path, header.name)) found.files.push_back(std::move(*real));
    }
  }

  [[nodiscard]] model::Package package_of(const RpmHeader& header) const {
    const std::string& id = release_.id;
    const std::string distro =
        id.empty() || release_.version_id.empty() ? "" : id + "-" + release_.version_id;
    model::Package package = make_rpm_package(header, id, distro);
    package.path = database_.path;
    package.distribution = true;
    return package;
  }

  /// If nothing tells who the distribution is, all counts as its own: calling a distribution's
  /// package a vendor's would report it as something to move.
  void decide_distribution() {
    if (base_vendors_.empty()) return;
    for (Found& found : packages_)
      if (!base_vendors_.contains(found.package.maintainer) &&
          !is_distribution_vendor(found.package.maintainer, vendors_))
        found.package.distribution = false;
  }

  void report(std::string code, std::string message) {
    problems_.push_back({.path = database_.path,
                         .stage = "packages",
                         .code = std::move(code),
                         .message = std::move(message)});
  }

  const FileTree& tree_;
  Database database_;
  OsRelease release_;
  FileFinder finder_;
  const model::KnownVendors& vendors_;
  std::vector<model::Problem>& problems_;
  std::vector<Found> packages_;
  std::set<std::string> base_vendors_;
  std::uint64_t header_bytes_ = 0;
  std::uint64_t path_bytes_ = 0;
  std::size_t malformed_ = 0;
  std::string first_malformed_;
};

}  // namespace

std::vector<Found> find_rpm_packages(const FileTree& tree, const model::KnownVendors& vendors,
                                     std::vector<model::Problem>& problems) {
  auto database = find_database(tree);
  if (!database) return {};
  return Reader(tree, std::move(*database), vendors, problems).read();
}

}  // namespace muslcheck::packages
