// file: one ELF file of the host as an image of one layer with one entry; packages are opened by
// package_source.cpp.

#include <elf.h>

#include <algorithm>
#include <utility>

#include "host_file.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "sources.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;

class OpenContent final : public Content {
 public:
  OpenContent(FileDescriptor file, std::uint64_t size, std::string host_path)
      : file_(std::move(file)), size_(size), host_path_(std::move(host_path)) {}

  core::Result<core::ByteView> head(std::size_t size) override {
    return buffer_.fill(file_, std::min<std::uint64_t>(size, size_), host_path_);
  }

  core::Result<core::ByteView> all() override {
    if (size_ > core::limits::kMaxElfFile)
      return core::fail(ErrorCode::limit_exceeded, "file-too-large",
                        "larger than " + std::to_string(core::limits::kMaxElfFile) + " bytes",
                        host_path_);
    return head(static_cast<std::size_t>(size_));
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
  FileDescriptor file_;
  std::uint64_t size_;
  std::string host_path_;
  ReadBuffer buffer_;
};

class SingleFileSource final : public Source {
 public:
  SingleFileSource(const std::string& location, std::uint32_t mode, std::uint64_t size,
                   core::Progress* progress)
      : location_(location), progress_(progress) {
    info_.kind = "file";
    info_.name = location;
    info_.layers.emplace_back().size = size;
    entry_.path = core::file_name(core::normalize_path(location));
    entry_.mode = mode;
    entry_.size = size;
  }

  [[nodiscard]] const model::SourceInfo& info() const override { return info_; }

  core::Result<LayerReading> read_layer(std::size_t index, const EntryVisitor& visit,
                                        std::vector<model::Problem>& /*problems*/,
                                        core::Tasks& /*tasks*/) override {
    if (index != 0) return no_such_layer(index);
    auto file = open_regular(location_);
    if (!file) return tl::make_unexpected(file.error());
    OpenContent content(std::move(*file), entry_.size, location_);
    core::PartProgress done(progress_, entry_.size);
    done.count_file();
    if (auto visited = visit(entry_, content); !visited)
      return tl::make_unexpected(visited.error());
    return LayerReading{};
  }

 private:
  std::string location_;
  core::Progress* progress_;
  model::SourceInfo info_;
  model::FileEntry entry_;
};

}  // namespace

core::Result<std::unique_ptr<Source>> open_single_file(const std::string& location,
                                                       core::Progress* progress) {
  const auto status = stat_host(location);
  if (!status) return tl::make_unexpected(status.error());
  return std::make_unique<SingleFileSource>(location,
                                            static_cast<std::uint32_t>(status->st_mode) & 07777U,
                                            static_cast<std::uint64_t>(status->st_size), progress);
}

core::Result<std::unique_ptr<Source>> open_file(const std::string& location,
                                                core::Progress* progress) {
  auto file = MappedFile::open(location);
  if (!file) return tl::make_unexpected(file.error());
  if (core::as_text(file->bytes()).starts_with(ELFMAG)) return open_single_file(location, progress);
  auto format = find_package_format(file->bytes(), location);
  if (!format) {
    format.error().path = location;
    return tl::make_unexpected(format.error());
  }
  // What is in a jar is found where Java finds it: in the jar.
  if (*format == PackageFormat::jar) return open_single_file(location, progress);
  if (*format) return open_package(std::move(*file), **format, location, progress);
  if (const auto unchanged = file->check_unchanged(location); !unchanged)
    return tl::make_unexpected(unchanged.error());
  return core::fail(ErrorCode::unsupported, "unsupported-content",
                    "neither an ELF file nor a package or archive (deb, rpm, apk, gem, whl, jar, "
                    "nupkg, zip, tar)",
                    location);
}

}  // namespace muslcheck::source
