#pragma once
/// Puts the report together: pure bookkeeping, no decisions about loading.

#include <optional>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/plan/accept.hpp"

namespace muslcheck::scan {

/// Sorts the problems. The report is incomplete if there is one of the image. Verdict and plan are
/// about the findings that the user has not accepted.
[[nodiscard]] model::Report assemble_report(migrate::Migration migration,
                                            std::vector<model::Finding> findings,
                                            std::optional<model::SizeMath> size = {},
                                            const plan::Accepted& accepted = {});

}  // namespace muslcheck::scan
