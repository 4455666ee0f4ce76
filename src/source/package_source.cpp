// file: of a package: what it would install, as an image of one layer. The file is mapped, and
// nothing of it is unpacked but what is looked at.

#include <algorithm>
#include <utility>

#include "host_file.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "package_readers.hpp"
#include "sources.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;

PackageEntries::Limits limits_of(std::uint64_t stored) {
  return {.max_unpacked = std::min(
              core::limits::kMaxLayerSize,
              std::max(core::limits::kFreeExpansion, stored * core::limits::kMaxExpansionRatio)),
          .max_entries = core::limits::kMaxEntriesPerLayer};
}

class PackageSource final : public Source {
 public:
  PackageSource(MappedFile file, PackageFormat format, const std::string& location,
                core::Progress* progress)
      : file_(std::make_shared<const MappedFile>(std::move(file))),
        format_(format),
        location_(location),
        progress_(progress) {
    info_.kind = "file";
    info_.name = location;
    info_.platform = find_package_platform(format, file_->bytes(), core::file_name(location));
    info_.layers.emplace_back().size = file_->bytes().size();
  }

  [[nodiscard]] const model::SourceInfo& info() const override { return info_; }

  core::Result<LayerReading> read_layer(std::size_t index, const EntryVisitor& visit,
                                        std::vector<model::Problem>& problems,
                                        core::Tasks& tasks) override {
    if (index != 0) return no_such_layer(index);
    core::PartProgress done(progress_, file_->bytes().size());
    PackageEntries entries(location_, limits_of(file_->bytes().size()), visit, problems, done);
    const auto read = read_package(entries, tasks);
    const auto unchanged = file_->check_unchanged(location_);
    if (!unchanged) entries.note(unchanged.error());
    if (read) return LayerReading{};
    core::Error error = read.error();
    if (error.path.empty()) error.path = location_;
    return tl::make_unexpected(std::move(error));
  }

  [[nodiscard]] std::string local_identity(std::size_t index) const override {
    const std::string& file = file_->identity();
    if (index != 0 || file.empty()) return {};
    // The same file under another name may be another package: a jar is a zip archive, too.
    return file + " package " + name_of(format_) + " " + location_;
  }

 private:
  core::Result<void> read_package(PackageEntries& entries, core::Tasks& tasks) const {
    const KeptBytes package{.bytes = file_->bytes(),
                            .owner = file_,
                            .mapped = true,
                            .check_unchanged = [file = file_, location = location_] {
                              return file->check_unchanged(location);
                            }};
    switch (format_) {
      case PackageFormat::deb: return read_deb_package(package, entries, tasks);
      case PackageFormat::rpm: return read_rpm_package(package, entries, tasks);
      case PackageFormat::gem: return read_gem_package(package, entries, tasks);
      case PackageFormat::tar: return read_tar_package(package, entries, tasks);
      case PackageFormat::zip:
      case PackageFormat::jar: return read_zip_package(package, entries);
    }
    return core::fail(ErrorCode::internal, "unknown-package-format", "a format without a reader");
  }

  std::shared_ptr<const MappedFile> file_;
  PackageFormat format_;
  std::string location_;
  core::Progress* progress_;
  model::SourceInfo info_;
};

}  // namespace

core::Result<std::unique_ptr<Source>> open_package(MappedFile file, PackageFormat format,
                                                   const std::string& location,
                                                   core::Progress* progress) {
  return std::make_unique<PackageSource>(std::move(file), format, location, progress);
}

}  // namespace muslcheck::source
