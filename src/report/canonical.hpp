#pragma once
/// A report as its JSON has it.

#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

/// The report with all lists sorted, all texts valid UTF-8, and the packages that own a module or a
/// finding. What write_json() and read_json() hand on is always in this form.
[[nodiscard]] model::Report make_canonical(model::Report report);

}  // namespace muslcheck::report
