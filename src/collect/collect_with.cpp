// One pass over a layer. Of most files only the first bytes are looked at; whole are read ELF files
// and the few metadata files that packages and runtimes need.
//
// Reading ELF files takes most of the time, so it is done in tasks while the layer is read on.
//
// A path may come twice in a layer: the later entry is the file, so what was kept of the earlier
// one is dropped.

#include "collect_with.hpp"

#include <elf.h>

#include <algorithm>

#include <deque>
#include <new>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "archive_walker.hpp"
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
constexpr std::size_t kMaxJobsWaiting = 256;
constexpr std::uint64_t kMaxBytesWaiting = 24ULL << 20;
// Larger files come out of the budget of all layers together.
constexpr std::uint64_t kLargeFile = 16ULL << 20;

/// Objects to be linked (.o, .ko), core dumps and separate debug files: nothing to say about them.
bool is_never_loaded(const core::Error& error) {
  return error.reason == "relocatable-object" || error.reason == "core-file" ||
         error.reason == "debug-file";
}

/// An ELF file whose facts are asked for, and the answer.
struct ElfJob {
  std::size_t entry = 0;  ///< index into LayerFacts::entries
  std::string path;
  core::MemoryBudget::Share memory;  ///< for the bytes
  source::KeptBytes bytes;
  bool with_digest = false;
  elf::ReadResult result;
  std::string sha256;
  std::optional<core::Error> changed;
};

/// Runs in a task, which must not throw.
void examine(ElfJob& job, const ElfRead& read_elf) try {
  job.result = read_elf(job.path, job.bytes.bytes);
  if (job.result.facts && job.with_digest) job.sha256 = core::sha256_hex(job.bytes.bytes);
  if (job.result.facts && job.with_digest)
    job.result.facts->mentions = find_mentions(job.bytes.bytes, *job.result.facts);
  if (job.bytes.check_unchanged)
    if (const auto unchanged = job.bytes.check_unchanged(); !unchanged)
      job.changed = unchanged.error();
  source::set_aside(job.bytes);
  job.bytes = {};
  job.memory = {};
} catch (const std::bad_alloc&) {
  job.bytes = {};
  job.memory = {};
  job.result = {.facts = {},
                .problem = core::Error{.code = core::ErrorCode::limit_exceeded,
                                       .reason = "out-of-memory",
                                       .message = "there is not enough memory to examine the file",
                                       .path = {},
                                       .offset = {}}};
}

/// Makes the facts of one layer from its entries. ELF files are read in tasks, beside the reading
/// of the layer; what they gave is put together in the order of the entries.
class Collector {
 public:
  Collector(const ElfRead& read_elf, core::Tasks& tasks, core::MemoryBudget& memory)
      : read_elf_(read_elf), tasks_(tasks), memory_(memory), archives_(archive_visitor()) {}
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector() { tasks_.wait(); }  // they refer to jobs_

  void take(const FileEntry& entry, source::Content& content) {
    // A marker names a file of lower layers, never one of its own.
    if (entry.kind != FileKind::whiteout && entry.kind != FileKind::opaque) forget(entry.path);
    facts_.entries.push_back(entry);
    if (entry.kind != FileKind::regular || entry.size == 0) return;
    if (is_metadata(entry.path)) return keep_metadata(entry, content);
    const auto head = content.head(kMagicSize);
    if (!head) return report(entry.path, head.error());
    const std::string_view start = core::as_text(*head);
    if (start.starts_with(ELFMAG)) return examine_elf(entry, content);
    const bool may_be_archive = is_archive_name(entry.path);
    const bool is_zip = may_be_archive && source::has_zip_magic(*head);
    const bool is_script = start.starts_with(kShebang);
    if (is_script) keep_shebang(entry, content);
    // An executable jar has a script before its archive.
    if (is_zip || (is_script && may_be_archive)) examine_archive(entry, content);
  }

  /// All that was collected. Problems of ELF files stand behind those of the reading.
  model::LayerFacts finish() {
    tasks_.wait();
    for (ElfJob& job : jobs_)
      if (!superseded_.contains(job.entry)) settle(job);
    return std::move(facts_);
  }
  std::vector<model::Problem>& problems() { return facts_.problems; }

 private:
  void forget(const std::string& path) {
    facts_.metadata.erase(path);
    facts_.shebangs.erase(path);
    facts_.scripts.erase(path);
    if (const auto archive = facts_.archives.find(path); archive != facts_.archives.end()) {
      for (const FileEntry& member : archive->second) facts_.metadata.erase(member.path);
      facts_.archives.erase(archive);
    }
    const auto job = job_of_path_.find(path);
    if (job == job_of_path_.end()) return;
    superseded_.insert(job->second);
    job_of_path_.erase(job);
  }

  void keep_metadata(const FileEntry& entry, source::Content& content) {
    if (const std::uint64_t limit = max_metadata_size(entry.path); entry.size > limit)
      return report_limit(entry.path, "metadata-too-large", "bytes in this file", limit);
    if (entry.size > core::limits::kMaxMetadataPerLayer - metadata_bytes_)
      return report_limit(entry.path, "metadata-too-large", "bytes in such files of a layer",
                          core::limits::kMaxMetadataPerLayer);
    const auto all = content.all();
    if (!all) return report(entry.path, all.error());
    metadata_bytes_ += entry.size;
    facts_.metadata[entry.path] = core::as_text(*all);
  }

  void examine_elf(const FileEntry& entry, source::Content& content) {
    if (has_too_many_jobs(entry.path)) return;
    core::MemoryBudget::Share memory = take_memory(content.memory_to_keep());
    auto bytes = content.keep();
    if (!bytes) return report(entry.path, bytes.error(), "elf");
    add_job(entry.path, std::move(*bytes), std::move(memory));
    job_of_path_[entry.path] = facts_.entries.size() - 1;
  }

  bool has_too_many_jobs(const std::string& path) {
    if (jobs_.size() < core::limits::kMaxElfFilesPerLayer) return false;
    report_limit(path, "too-many-elf-files", "ELF files in a layer",
                 core::limits::kMaxElfFilesPerLayer, "elf");
    return true;
  }

  /// Has an ELF file read that is the last entry or lies in it.
  void add_job(const std::string& path, source::KeptBytes bytes, core::MemoryBudget::Share memory) {
    make_room(bytes);
    ElfJob& job = jobs_.emplace_back();
    job.entry = facts_.entries.size() - 1;
    job.path = path;
    job.bytes = std::move(bytes);
    job.memory = std::move(memory);
    job.with_digest = is_hashed(path);
    tasks_.run([this, &job] { examine(job, read_elf_); });
  }

  ArchiveVisitor archive_visitor() {
    return {
        .elf = [this](FileEntry entry,
                      source::KeptBytes bytes) { take_member_elf(std::move(entry), bytes); },
        .metadata = [this](FileEntry entry,
                           std::string_view content) { keep_member(std::move(entry), content); },
        .problem = [this](const std::string& path,
                          const core::Error& error) { report(path, error); }};
  }

  void examine_archive(const FileEntry& entry, source::Content& content) {
    core::MemoryBudget::Share memory = take_memory(content.memory_to_keep());
    const auto bytes = content.keep();
    if (!bytes) return report(entry.path, bytes.error());
    job_of_path_[entry.path] = facts_.entries.size() - 1;
    const std::size_t jobs_before = jobs_.size();
    archives_.walk(entry.path, *bytes);
    // Stored members are views of the archive: while one waits, the archive stays in memory.
    if (memory.is_taken()) tasks_.wait();
    if (jobs_.size() > jobs_before) make_room(*bytes);
    if (bytes->check_unchanged)
      if (const auto unchanged = bytes->check_unchanged(); !unchanged) {
        forget(entry.path);
        return report(entry.path, unchanged.error());
      }
    drop_doubles(entry.path);
    source::set_aside(*bytes);
  }

  /// Of members with the same name the last one is the file, as in java.util.zip.
  void drop_doubles(const std::string& archive) {
    const auto found = facts_.archives.find(archive);
    if (found == facts_.archives.end()) return;
    std::unordered_set<std::string_view> seen;
    std::vector<FileEntry> members;
    for (auto member = found->second.rbegin(); member != found->second.rend(); ++member)
      if (seen.insert(member->path).second) members.push_back(*member);
    std::reverse(members.begin(), members.end());
    found->second = std::move(members);
  }

  void take_member_elf(FileEntry entry, source::KeptBytes& bytes) {
    if (has_too_many_jobs(entry.path)) return;
    // The share of the archive may be held, and who holds one must not wait for another: a large
    // member for which there is no room is dealt with at once.
    core::MemoryBudget::Share memory;
    const bool is_large = bytes.memory > kLargeFile;
    if (is_large) memory = memory_.try_take(bytes.memory);
    if (is_large && !memory.is_taken()) tasks_.wait();
    const bool at_once = is_large && !memory.is_taken();
    add_job(entry.path, std::move(bytes), std::move(memory));
    if (at_once) tasks_.wait();
    members_of_last_entry().push_back(std::move(entry));
  }

  void keep_member(FileEntry entry, std::string_view content) {
    if (content.size() > core::limits::kMaxMetadataPerLayer - metadata_bytes_)
      return report_limit(entry.path, "metadata-too-large", "bytes in such files of a layer",
                          core::limits::kMaxMetadataPerLayer);
    metadata_bytes_ += content.size();
    facts_.metadata[entry.path] = content;
    members_of_last_entry().push_back(std::move(entry));
  }

  std::vector<FileEntry>& members_of_last_entry() {
    return facts_.archives[facts_.entries.back().path];
  }

  /// A large file waits until the layers that are read at the same time leave room for it. This
  /// layer's own files are dealt with before, so that no layer waits for another that waits for it.
  core::MemoryBudget::Share take_memory(std::uint64_t bytes) {
    if (bytes <= kLargeFile) return {};
    auto share = memory_.try_take(bytes);
    if (share.is_taken()) return share;
    tasks_.wait();
    return memory_.take(bytes);
  }

  /// Waits when the files that wait for a reader take much memory.
  void make_room(const source::KeptBytes& bytes) {
    bytes_waiting_ += bytes.memory;
    if (++jobs_waiting_ < kMaxJobsWaiting && bytes_waiting_ <= kMaxBytesWaiting) return;
    tasks_.wait();
    jobs_waiting_ = 0;
    bytes_waiting_ = bytes.memory;
  }

  /// Puts what a job gave into the facts.
  void settle(ElfJob& job) {
    elf::ReadResult& result = job.result;
    if (result.problem && is_never_loaded(*result.problem)) return;
    if (result.problem) report(job.path, *result.problem, "elf");
    if (!result.facts) return;
    if (job.changed) return report(job.path, *job.changed, "elf");
    if (result.facts->symbols.size() > core::limits::kMaxSymbolsPerLayer - symbols_)
      return report_limit(job.path, "too-many-symbols", "symbols in the ELF files of a layer",
                          core::limits::kMaxSymbolsPerLayer, "elf");
    symbols_ += result.facts->symbols.size();
    if (job.with_digest) facts_.elf_sha256[job.path] = std::move(job.sha256);
    facts_.elf_files[job.path] = std::move(*result.facts);
  }

  void keep_shebang(const FileEntry& entry, source::Content& content) {
    const auto head = content.head(core::limits::kMaxShebang);
    if (!head) return report(entry.path, head.error());
    std::string_view line = core::as_text(*head).substr(kShebang.size());
    line = line.substr(0, line.find_first_of(std::string_view("\n\0", 2)));
    facts_.shebangs[entry.path] = core::trim(line);
    if (is_script_kept(entry.path, facts_.shebangs[entry.path])) keep_script(entry, content);
  }

  /// One that is too large is no script that a person wrote; it is known by its first line only.
  void keep_script(const FileEntry& entry, source::Content& content) {
    if (entry.size > core::limits::kMaxScript ||
        entry.size > core::limits::kMaxMetadataPerLayer - metadata_bytes_)
      return;
    const auto all = content.all();
    if (!all) return report(entry.path, all.error());
    metadata_bytes_ += entry.size;
    facts_.scripts[entry.path] = core::as_text(*all);
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
  core::Tasks& tasks_;
  core::MemoryBudget& memory_;
  ArchiveWalker archives_;
  model::LayerFacts facts_;
  std::deque<ElfJob> jobs_;                                   // stays in place
  std::unordered_map<std::string, std::size_t> job_of_path_;  // path -> index of its entry
  std::unordered_set<std::size_t> superseded_;                // entries that came again later
  std::size_t jobs_waiting_ = 0;
  std::uint64_t bytes_waiting_ = 0;
  std::uint64_t metadata_bytes_ = 0;
  std::uint64_t symbols_ = 0;
};

}  // namespace

core::Result<model::LayerFacts> collect_layer_with(source::Source& source, std::size_t index,
                                                   const ElfRead& read_elf, core::Tasks& tasks,
                                                   core::MemoryBudget& memory,
                                                   const core::Deadline& deadline) {
  // ELF files wait in a queue, which must not be worked off when time is up.
  const ElfRead read_in_time = [&](std::string_view path, core::ByteView bytes) {
    const auto in_time = deadline.check();
    return in_time ? read_elf(path, bytes)
                   : elf::ReadResult{.facts = {}, .problem = in_time.error()};
  };
  Collector collector(read_in_time, tasks, memory);
  const auto visit = [&](const FileEntry& entry, source::Content& content) -> core::Result<void> {
    if (auto in_time = deadline.check(); !in_time) return in_time;
    collector.take(entry, content);
    return {};
  };
  const auto reading = source.read_layer(index, visit, collector.problems(), tasks);
  if (!reading) return tl::make_unexpected(reading.error());
  model::LayerFacts facts = collector.finish();
  if (const auto in_time = deadline.check(); !in_time) return tl::make_unexpected(in_time.error());
  facts.digest = source.info().layers.at(index).digest;
  facts.verified = !reading->verified_digest.empty();
  return facts;
}

}  // namespace muslcheck::collect
