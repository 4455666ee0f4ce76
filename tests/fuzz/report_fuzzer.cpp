// Any bytes as a JSON report. What is accepted must be the same when it is written and read again,
// and every format must be able to write it.

#include <string>
#include <string_view>

#include "fuzz_target.hpp"
#include "muslcheck/report/report.hpp"

using namespace muslcheck;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto report = report::read_json({reinterpret_cast<const char*>(data), size});
  if (!report) return 0;
  const std::string text = report::write_json(*report);
  const auto again = report::read_json(text);
  fuzz_check(again && *again == *report);
  fuzz_check(report::write_json(*again) == text);
  for (const std::string& name : report::format_names())
    fuzz_check(!report::write_report(*report, *report::find_format(name), {}).empty());
  const auto difference = report::compare_reports(*report, *again);
  fuzz_check(difference.added.empty() && difference.removed.empty());
  return 0;
}
