// Any bytes as a layer, plain or compressed, with every way to look at its files. What is given
// must be within the limits, and the same whichever way it is asked for.

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz_target.hpp"
#include "muslcheck/core/limits.hpp"
#include "source/layer_entries.hpp"

namespace {

using namespace muslcheck;

constexpr source::LayerLimits kSmall{.max_unpacked = 1U << 20U, .max_entries = 100};

void check_entry(const model::FileEntry& entry) {
  fuzz_check(entry.path.size() <= core::limits::kMaxPathLength);
  fuzz_check(!entry.path.starts_with('/') && !entry.path.starts_with("../"));
  fuzz_check(entry.path.find("/../") == std::string::npos && !entry.path.ends_with("/.."));
}

void check_content(const model::FileEntry& entry, source::Content& content) {
  const auto head = content.head(64);
  if (!head) return;
  fuzz_check(head->size() == std::min<std::uint64_t>(64, entry.size));
  const std::vector<std::uint8_t> start(head->begin(), head->end());
  const auto kept = content.keep();
  if (!kept) return;
  fuzz_check(kept->bytes.size() == entry.size && entry.size <= kSmall.max_unpacked);
  fuzz_check(std::equal(start.begin(), start.end(), kept->bytes.begin()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  core::InlineTasks tasks;
  std::vector<model::Problem> problems;
  std::uint64_t entries = 0;
  const auto reading = source::read_layer_entries(
      {.content = {.bytes = {data, size}}, .name = "layer", .verify = true}, kSmall,
      [&](const model::FileEntry& entry, source::Content& content) -> core::Result<void> {
        check_entry(entry);
        // The three things that collecting does: nothing, a look at the start, all of it.
        if (entry.kind == model::FileKind::regular && ++entries % 3 != 0)
          check_content(entry, content);
        return {};
      },
      problems, tasks);
  fuzz_check(reading || !reading.error().reason.empty());
  fuzz_check(entries <= kSmall.max_entries);
  return 0;
}
