// dir: a folder of the host as an image of one layer.
//
// The walk opens every directory from the folder's own descriptor, component by component and
// without following links, so a link inside the folder, or one put there during the scan, can
// never lead out of it. Links are entries, special files are entries of kind `other` and are
// never opened. Entries of a directory come sorted by name, so two scans see the same order.
// Nothing that fails below the folder ends the walk: it becomes a problem.
//
// Kernel file systems (/proc, /sys) are not descended into: they are no content of an image, and
// reading some of their files blocks.

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "host_file.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "sources.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using model::FileEntry;
using model::FileKind;

model::FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  if (S_ISLNK(mode)) return FileKind::symlink;
  return FileKind::other;
}

/// Opens a file only when its content is asked for.
class LazyContent final : public Content {
 public:
  LazyContent(const FileDescriptor& folder, ReadBuffer& buffer)
      : folder_(folder), buffer_(buffer) {}

  void look_at(const FileEntry& entry, std::string host_path) {
    entry_ = &entry;
    name_ = core::file_name(entry.path);
    host_path_ = std::move(host_path);
    file_ = FileDescriptor();
  }

  core::Result<core::ByteView> head(std::size_t size) override {
    if (entry_->kind != FileKind::regular || entry_->size == 0) return core::ByteView{};
    if (auto opened = open(); !opened) return tl::make_unexpected(opened.error());
    return buffer_.fill(file_, std::min<std::uint64_t>(size, entry_->size), host_path_);
  }

  core::Result<core::ByteView> all() override {
    if (entry_->size > core::limits::kMaxElfFile)
      return core::fail(ErrorCode::limit_exceeded, "file-too-large",
                        "larger than " + std::to_string(core::limits::kMaxElfFile) + " bytes",
                        entry_->path);
    return head(static_cast<std::size_t>(entry_->size));
  }

  core::Result<KeptBytes> keep() override {
    const auto bytes = all();
    if (!bytes) return tl::make_unexpected(bytes.error());
    return buffer_.keep(host_path_);
  }

  [[nodiscard]] core::Result<void> check_unchanged() const override {
    return buffer_.check_unchanged(host_path_);
  }

 private:
  core::Result<void> open() {
    if (file_.is_open()) return {};
    // What has become something else since it was listed is not followed, not waited for, and
    // gives an error when it is read.
    file_ = FileDescriptor(
        ::openat(folder_.number(), name_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file_.is_open()) return {};
    return tl::make_unexpected(system_error("cannot be opened", host_path_, errno));
  }

  const FileDescriptor& folder_;
  ReadBuffer& buffer_;
  const FileEntry* entry_ = nullptr;
  std::string name_;
  std::string host_path_;
  FileDescriptor file_;
};

bool is_kernel_file_system(const FileDescriptor& folder) {
  struct statfs status {};
  if (::fstatfs(folder.number(), &status) != 0) return false;
  return status.f_type == PROC_SUPER_MAGIC || status.f_type == SYSFS_MAGIC;
}

/// The names in a directory, sorted; errno's error if it cannot be listed.
core::Result<std::vector<std::string>> list_names(const FileDescriptor& folder,
                                                  const std::string& host_path) {
  // fdopendir takes the descriptor over, and the walk still needs its own.
  const int copy = ::openat(folder.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = copy < 0 ? nullptr : ::fdopendir(copy);
  if (stream == nullptr)
    return tl::make_unexpected(system_error("cannot be listed", host_path, errno));
  std::vector<std::string> names;
  errno = 0;
  for (const dirent* entry = ::readdir(stream); entry != nullptr; entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int error_number = errno;
  ::closedir(stream);
  if (error_number != 0)
    return tl::make_unexpected(system_error("cannot be listed", host_path, error_number));
  std::sort(names.begin(), names.end());
  return names;
}

/// One walk over the folder.
class Walk {
 public:
  Walk(const std::string& root, const EntryVisitor& visit, std::vector<model::Problem>& problems,
       core::Progress* progress)
      : root_(root), visit_(visit), problems_(problems), progress_(progress) {}

  core::Result<void> run() {
    root_folder_ = FileDescriptor(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root_folder_.is_open())
      return tl::make_unexpected(system_error("cannot be opened", root_, errno));
    pending_.emplace_back();
    while (!pending_.empty()) {
      const std::string path = std::move(pending_.back());
      pending_.pop_back();
      if (auto result = enter(path); !result) return result;
    }
    return {};
  }

 private:
  /// Visits what is directly in a directory and notes its directories for later.
  core::Result<void> enter(const std::string& path) {
    const auto folder = open_folder(path);
    if (!folder) return report(path, folder.error());
    if (is_kernel_file_system(**folder)) return {};
    const auto names = list_names(**folder, host_path(path));
    if (!names) return report(path, names.error());
    std::vector<std::string> directories;
    for (const std::string& name : *names) {
      if (++entries_ > core::limits::kMaxEntriesPerLayer) return stop_at_limit();
      if (auto result = visit_name(**folder, core::join_path(path, name), directories); !result)
        return result;
    }
    // Last in, first out: the first directory is the next to be walked.
    pending_.insert(pending_.end(), std::make_move_iterator(directories.rbegin()),
                    std::make_move_iterator(directories.rend()));
    return {};
  }

  /// A descriptor for a directory below the root. One openat per component keeps links out and
  /// needs no descriptor per level, whatever the depth. The walk mostly goes on in the directory
  /// that it was in, or beside it, so these two are kept open.
  core::Result<const FileDescriptor*> open_folder(const std::string& path) {
    const std::string_view parent = core::parent_path(path);
    if (parent == folder_path_ && folder_.is_open()) {
      parent_folder_ = std::move(folder_);
    } else if (parent != parent_path_ || !parent_folder_.is_open()) {
      parent_folder_ = open_from_root(parent);
    }
    folder_ = FileDescriptor();
    if (parent_folder_.is_open())
      folder_ = open_in(parent_folder_, path.empty() ? "." : core::file_name(path));
    parent_path_ = parent;
    folder_path_ = path;
    if (!folder_.is_open())
      return tl::make_unexpected(system_error("cannot be opened", host_path(path), errno));
    return &folder_;
  }

  static FileDescriptor open_in(const FileDescriptor& folder, std::string_view name) {
    return FileDescriptor(::openat(folder.number(), std::string(name).c_str(),
                                   O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  }

  /// Not open if a component cannot be opened; errno says why.
  [[nodiscard]] FileDescriptor open_from_root(std::string_view path) const {
    FileDescriptor folder = open_in(root_folder_, ".");
    for (const std::string_view part : core::split(path, '/')) {
      if (!folder.is_open()) break;
      if (!part.empty()) folder = open_in(folder, part);
    }
    return folder;
  }

  core::Result<void> visit_name(const FileDescriptor& folder, const std::string& path,
                                std::vector<std::string>& directories) {
    if (path.size() > core::limits::kMaxPathLength)
      return report(path, {.code = ErrorCode::limit_exceeded,
                           .reason = "path-too-long",
                           .message = "its path is longer than " +
                                      std::to_string(core::limits::kMaxPathLength) + " bytes",
                           .path = {},
                           .offset = {}});
    const auto entry = examine(folder, path);
    if (!entry) return report(path, entry.error());
    LazyContent content(folder, buffer_);
    content.look_at(*entry, host_path(path));
    if (auto result = visit_(*entry, content); !result) return result;
    count(*entry);
    if (entry->kind == FileKind::directory) directories.push_back(path);
    return {};
  }

  void count(const FileEntry& entry) {
    core::PartProgress done(progress_, entry.size);
    done.count_file();
  }

  core::Result<FileEntry> examine(const FileDescriptor& folder, const std::string& path) {
    const std::string name(core::file_name(path));
    struct stat status {};
    if (::fstatat(folder.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
      return tl::make_unexpected(system_error("cannot be examined", host_path(path), errno));
    FileEntry entry;
    entry.path = path;
    entry.kind = kind_of(status.st_mode);
    entry.mode = static_cast<std::uint32_t>(status.st_mode) & 07777U;
    if (entry.kind == FileKind::regular) entry.size = static_cast<std::uint64_t>(status.st_size);
    if (entry.kind != FileKind::symlink) return entry;
    std::string target(core::limits::kMaxPathLength, '\0');
    const ssize_t length =
        ::readlinkat(folder.number(), name.c_str(), target.data(), target.size());
    if (length < 0)
      return tl::make_unexpected(system_error("cannot be examined", host_path(path), errno));
    target.resize(static_cast<std::size_t>(length));
    entry.link_target = std::move(target);
    return entry;
  }

  /// Notes what failed at an in-image path; the walk goes on.
  core::Result<void> report(const std::string& path, const core::Error& error) {
    model::Problem problem = model::problem_from(error, "source");
    if (!error.path.empty()) problem.message = core::describe(error);
    problem.path = path;
    model::add_problem(problems_, std::move(problem));
    return {};
  }

  core::Result<void> stop_at_limit() {
    pending_.clear();
    return report("", {.code = ErrorCode::limit_exceeded,
                       .reason = "too-many-entries",
                       .message = "more than " + std::to_string(core::limits::kMaxEntriesPerLayer) +
                                  " files; the rest was not read",
                       .path = root_,
                       .offset = {}});
  }

  [[nodiscard]] std::string host_path(const std::string& path) const {
    if (path.empty()) return root_;
    return root_.ends_with('/') ? root_ + path : root_ + "/" + path;
  }

  const std::string& root_;
  const EntryVisitor& visit_;
  std::vector<model::Problem>& problems_;
  core::Progress* progress_;
  FileDescriptor root_folder_;
  std::string folder_path_;
  FileDescriptor folder_;
  std::string parent_path_;
  FileDescriptor parent_folder_;
  std::vector<std::string> pending_;
  ReadBuffer buffer_;
  std::uint64_t entries_ = 0;
};

class DirectorySource final : public Source {
 public:
  DirectorySource(const std::string& location, core::Progress* progress)
      : location_(location), progress_(progress) {
    info_.kind = "dir";
    info_.name = location;
    info_.layers.emplace_back();
  }

  [[nodiscard]] const model::SourceInfo& info() const override { return info_; }

  core::Result<LayerReading> read_layer(std::size_t index, const EntryVisitor& visit,
                                        std::vector<model::Problem>& problems,
                                        core::Tasks& /*tasks*/) override {
    if (index != 0) return no_such_layer(index);
    if (auto walked = Walk(location_, visit, problems, progress_).run(); !walked)
      return tl::make_unexpected(walked.error());
    return LayerReading{};
  }

 private:
  std::string location_;
  core::Progress* progress_;
  model::SourceInfo info_;
};

}  // namespace

core::Result<std::unique_ptr<Source>> open_directory(const std::string& location,
                                                     core::Progress* progress) {
  const auto status = stat_host(location);
  if (!status) return tl::make_unexpected(status.error());
  if (!S_ISDIR(status->st_mode))
    return core::fail(ErrorCode::unsupported, "not-a-directory", "not a directory", location);
  const FileDescriptor folder(::open(location.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open())
    return tl::make_unexpected(system_error("cannot be opened", location, errno));
  return std::make_unique<DirectorySource>(location, progress);
}

}  // namespace muslcheck::source
