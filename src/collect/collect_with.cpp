// One pass over a layer. Of most files only the first bytes are looked at; whole are read ELF files
// and the few metadata files that packages and runtimes need.
//
// A path may come twice in a layer: the later entry is the file, so what was kept of the earlier
// one is dropped.

#include "collect_with.hpp"

#include <elf.h>

#include <utility>

#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::collect {
namespace {

using core::ByteView;
using model::FileEntry;
using model::FileKind;

constexpr std::size_t kMagicSize = 64;
constexpr std::string_view kShebang = "#!";

/// Objects to be linked (.o, .ko), core dumps and separate debug files: nothing to say about them.
bool is_never_loaded(const core::Error& error) {
  return error.reason == "relocatable-object" || error.reason == "core-file" ||
         error.reason == "debug-file";
}

/// Makes the facts of one layer from its entries.
class Collector {
 public:
  explicit Collector(const ElfRead& read_elf) : read_elf_(read_elf) {}

  void take(const FileEntry& entry, source::Content& content) {
    forget(entry.path);
    facts_.entries.push_back(entry);
    if (entry.kind != FileKind::regular || entry.size == 0) return;
    if (is_metadata(entry.path)) return keep_metadata(entry, content);
    const auto head = content.head(kMagicSize);
    if (!head) return report(entry.path, head.error());
    const std::string_view start = core::as_text(*head);
    if (start.starts_with(ELFMAG)) return examine_elf(entry, content);
    if (start.starts_with(kShebang)) keep_shebang(entry, content);
  }

  model::LayerFacts finish() { return std::move(facts_); }
  std::vector<model::Problem>& problems() { return facts_.problems; }

 private:
  void forget(const std::string& path) {
    facts_.elf_files.erase(path);
    facts_.elf_sha256.erase(path);
    facts_.metadata.erase(path);
    facts_.shebangs.erase(path);
  }

  void keep_metadata(const FileEntry& entry, source::Content& content) {
    if (entry.size > core::limits::kMaxMetadataFile)
      return report_limit(entry.path, "metadata-too-large", "bytes in this file",
                          core::limits::kMaxMetadataFile);
    if (entry.size > core::limits::kMaxMetadataPerLayer - metadata_bytes_)
      return report_limit(entry.path, "metadata-too-large", "bytes in such files of a layer",
                          core::limits::kMaxMetadataPerLayer);
    const auto all = content.all();
    if (!all) return report(entry.path, all.error());
    metadata_bytes_ += entry.size;
    facts_.metadata[entry.path] = core::as_text(*all);
  }

  void examine_elf(const FileEntry& entry, source::Content& content) {
    if (facts_.elf_files.size() == core::limits::kMaxElfFilesPerLayer)
      return report_limit(entry.path, "too-many-elf-files", "ELF files in a layer",
                          core::limits::kMaxElfFilesPerLayer, "elf");
    const auto all = content.all();
    if (!all) return report(entry.path, all.error(), "elf");
    elf::ReadResult result = read_elf_(entry.path, *all);
    if (result.problem && is_never_loaded(*result.problem)) return;
    if (result.problem) report(entry.path, *result.problem, "elf");
    if (!result.facts) return;
    if (result.facts->symbols.size() > core::limits::kMaxSymbolsPerLayer - symbols_)
      return report_limit(entry.path, "too-many-symbols", "symbols in the ELF files of a layer",
                          core::limits::kMaxSymbolsPerLayer, "elf");
    symbols_ += result.facts->symbols.size();
    std::string digest = core::sha256_hex(*all);
    if (const auto unchanged = content.check_unchanged(); !unchanged)
      return report(entry.path, unchanged.error(), "elf");
    facts_.elf_sha256[entry.path] = std::move(digest);
    facts_.elf_files[entry.path] = std::move(*result.facts);
  }

  void keep_shebang(const FileEntry& entry, source::Content& content) {
    const auto head = content.head(core::limits::kMaxShebang);
    if (!head) return report(entry.path, head.error());
    std::string_view line = core::as_text(*head).substr(kShebang.size());
    line = line.substr(0, line.find_first_of(std::string_view("\n\0", 2)));
    facts_.shebangs[entry.path] = core::trim(line);
  }

  void report(const std::string& path, const core::Error& error, const char* stage = "layer") {
    model::Problem problem = model::problem_from(error, stage);
    problem.path = path;
    model::add_problem(facts_.problems, std::move(problem));
  }

  void report_limit(const std::string& path, const char* reason, const std::string& what,
                    std::uint64_t limit, const char* stage = "layer") {
    report(path,
           {.code = core::ErrorCode::limit_exceeded,
            .reason = reason,
            .message = "not examined: more than " + std::to_string(limit) + " " + what,
            .path = {},
            .offset = {}},
           stage);
  }

  const ElfRead& read_elf_;
  model::LayerFacts facts_;
  std::uint64_t metadata_bytes_ = 0;
  std::uint64_t symbols_ = 0;
};

}  // namespace

core::Result<model::LayerFacts> collect_layer_with(source::Source& source, std::size_t index,
                                                   const ElfRead& read_elf) {
  Collector collector(read_elf);
  const auto visit = [&](const FileEntry& entry, source::Content& content) -> core::Result<void> {
    collector.take(entry, content);
    return {};
  };
  const auto result = source.read_layer(index, visit, collector.problems());
  if (!result) return tl::make_unexpected(result.error());
  model::LayerFacts facts = collector.finish();
  facts.digest = source.info().layers.at(index).digest;
  return facts;
}

}  // namespace muslcheck::collect
