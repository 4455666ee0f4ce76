// Any bytes as an rpm database: the first says which form, or that they are a header. What SQLite
// gets may have a log behind the pages. All that is accepted stays within its limits.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "fuzz_target.hpp"
#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/limits.hpp"
#include "packages/rpm_databases.hpp"
#include "packages/rpm_header.hpp"

namespace {

using namespace muslcheck;

constexpr std::uint64_t kMaxPathBytes = 1U << 20U;
constexpr int kMaxHeaders = 1000;

void check_header(core::ByteView bytes) {
  const auto header = packages::parse_rpm_header(bytes, kMaxPathBytes);
  if (!header) return;
  std::uint64_t size = 0;
  for (const std::string& path : header->paths) {
    size += path.size();
    fuzz_check(!path.empty() && path.front() != '/' && path.size() <= core::limits::kMaxPathLength);
  }
  fuzz_check(size <= kMaxPathBytes && !header->name.empty());
}

/// The first two bytes say how many pages of 512 bytes follow; behind them is the log.
void check_sqlite(std::string_view text, const packages::VisitHeader& visit) {
  if (text.size() < 2) return;
  const std::size_t pages =
      static_cast<unsigned char>(text[0]) * 256U + static_cast<unsigned char>(text[1]);
  text.remove_prefix(2);
  const std::string_view database = text.substr(0, pages * 512);
  auto merged = packages::apply_sqlite_log(database, text.substr(database.size()));
  if (merged) (void)packages::visit_rpm_sqlite(std::move(*merged), visit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const core::ByteView bytes(data + 1, size - 1);
  const std::string_view text = core::as_text(bytes);
  int headers = 0;
  const packages::VisitHeader visit = [&](core::ByteView header) {
    check_header(header);
    return ++headers < kMaxHeaders;
  };
  switch (data[0]) {
    case 'h': check_header(bytes); break;
    case 'n': (void)packages::visit_rpm_ndb(text, visit); break;
    case 'b': (void)packages::visit_rpm_bdb(text, visit); break;
    case 's': check_sqlite(text, visit); break;
    default: break;
  }
  return 0;
}
