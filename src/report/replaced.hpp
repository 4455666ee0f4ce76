#pragma once
/// What stays behind, and why.

#include <set>
#include <string>
#include <vector>

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// Modules that stay behind for one reason.
struct ReplacedGroup {
  std::string text;                ///< "120 native modules of 88 deb packages of the distribution"
  std::set<std::string> packages;  ///< names
};

/// All that the new base replaces, the largest group first.
[[nodiscard]] std::vector<ReplacedGroup> describe_replaced(const model::Report& report);

/// "msodbcsql18 (not packages of the distribution)": packages of the old distribution's kind that
/// move along and are judged; empty if there are none.
[[nodiscard]] std::string describe_vendors(const model::Report& report);

/// What the new base replaces and how that was decided. Nothing if it replaces nothing. `verbose`:
/// also the packages by name.
void write_replaced(Page& page, const model::Report& report, bool verbose);

}  // namespace muslcheck::report
