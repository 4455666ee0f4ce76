// `muslcheck target import`. An index is recognised by its content, like every source: as text by
// its first line (the checksum of a package, "C:Q1...", or its name), in an archive by its name.

#include "muslcheck/scan/import.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/elf/reader.hpp"
#include "muslcheck/scan/scan.hpp"
#include "muslcheck/source/source.hpp"
#include "muslcheck/target/imported.hpp"
#include "muslcheck/target/target.hpp"
#include "scan/guess_arch.hpp"
#include "scan/own_target.hpp"
#include "scan/parallel.hpp"

namespace muslcheck::scan {
namespace {

constexpr std::string_view kFile = "file:";

/// The texts of an index; no `packages`: it is none.
struct Index {
  std::string packages;
  std::string description;
};

std::string_view host_path(std::string_view source) {
  return source.starts_with(kFile) ? source.substr(kFile.size()) : source;
}

tl::unexpected<core::Error> too_large(std::string_view path) {
  return core::fail(core::ErrorCode::limit_exceeded, "file-too-large",
                    "larger than " + std::to_string(core::limits::kMaxApkIndex) + " bytes",
                    std::string(path));
}

core::Result<Index> read_index_text(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return Index{};
  std::ifstream stream(path, std::ios::binary);
  char start[3] = {};
  stream.read(start, sizeof start);
  const std::string_view head(start, static_cast<std::size_t>(stream.gcount()));
  if (!head.starts_with("C:Q") && !head.starts_with("P:")) return Index{};
  if (std::filesystem::file_size(path, error) > core::limits::kMaxApkIndex) return too_large(path);
  stream.seekg(0);
  return Index{{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}, {}};
}

core::Result<std::string> read_text(const model::FileEntry& entry, source::Content& content) {
  if (entry.size > core::limits::kMaxApkIndex) return too_large(entry.path);
  const auto bytes = content.all();
  if (!bytes) return tl::make_unexpected(bytes.error());
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

/// APKINDEX.tar.gz: the index, and beside it a line that names the release.
core::Result<Index> read_index_archive(source::Source& source) {
  Index index;
  const auto take = [&](const model::FileEntry& entry,
                        source::Content& content) -> core::Result<void> {
    std::string* text = entry.path == "APKINDEX"      ? &index.packages
                        : entry.path == "DESCRIPTION" ? &index.description
                                                      : nullptr;
    if (text == nullptr || entry.kind != model::FileKind::regular) return {};
    auto read = read_text(entry, content);
    if (!read) return tl::make_unexpected(read.error());
    *text = std::move(*read);
    return {};
  };
  std::vector<model::Problem> problems;
  core::InlineTasks tasks;
  const auto read = source.read_layer(0, take, problems, tasks);
  if (!read) return tl::make_unexpected(read.error());
  return index;
}

core::Result<Index> find_index(const ImportOptions& options) {
  auto text = read_index_text(std::string(host_path(options.source)));
  if (!text || !text->packages.empty()) return text;
  const auto reference = source::parse_reference(options.source);
  if (!reference) return tl::make_unexpected(reference.error());
  if (reference->kind != source::Kind::file) return Index{};
  const auto source = source::open_source(*reference);
  if (!source) return tl::make_unexpected(source.error());
  return read_index_archive(**source);
}

core::Result<ImportedTarget> import_system(const ImportOptions& options,
                                           const rules::RuleSet& rules) {
  const auto arch =
      options.platform.empty() ? core::Result<std::string>() : arch_of_platform(options.platform);
  if (!arch) return tl::make_unexpected(arch.error());
  const int jobs = job_count(options.jobs);
  auto reader = elf::Reader::create({.workers = jobs});
  if (!reader) return tl::make_unexpected(reader.error());
  auto system = measure_system({.reference = options.source,
                                .platform = options.platform,
                                .image = options.image,
                                .arch = *arch,
                                .jobs = jobs},
                               *reader, rules);
  if (!system) return tl::make_unexpected(system.error());
  return ImportedTarget{std::move(system->profile), system->tree->problems()};
}

}  // namespace

core::Result<ImportedTarget> import_target(const ImportOptions& options,
                                           const rules::RuleSet& rules) {
  const auto index = find_index(options);
  if (!index) return tl::make_unexpected(index.error());
  if (index->packages.empty()) return import_system(options, rules);
  auto profile = target::parse_apk_index(index->packages, index->description, rules);
  if (!profile) {
    profile.error().path = options.source;
    return tl::make_unexpected(profile.error());
  }
  profile->provenance = std::string("muslcheck ") + version() + " from " + options.source;
  return ImportedTarget{std::move(*profile), {}};
}

}  // namespace muslcheck::scan
