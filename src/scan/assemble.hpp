#pragma once
/// Puts the report together: pure bookkeeping, no decisions about loading.

#include <optional>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/report.hpp"

namespace muslcheck::scan {

/// Sorts the problems. The report is incomplete if there is one.
[[nodiscard]] model::Report assemble_report(migrate::Migration migration,
                                            std::vector<model::Finding> findings,
                                            std::optional<model::SizeMath> size = {});

}  // namespace muslcheck::scan
