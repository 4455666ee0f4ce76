#pragma once
/// What the image takes today, and what it would take on Alpine.

#include <cstdint>
#include <string>

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// False where nothing is known, or the image is about as small as bare Alpine.
[[nodiscard]] bool is_size_worth_showing(const model::Report& report);

/// "language runtime" of "runtime".
[[nodiscard]] std::string describe_kind(const std::string& kind);

/// "168 MB", "168 to 240 MB".
[[nodiscard]] std::string describe_range(const model::SizeRange& range);

/// "80 to 84 % less"; "nothing saved".
[[nodiscard]] std::string describe_saving(std::uint64_t before, const model::SizeRange& after);

/// What the image takes and what it would take. Nothing if that was not measured. `verbose`: also
/// each layer.
void write_size(Page& page, const model::Report& report, bool verbose);

}  // namespace muslcheck::report
