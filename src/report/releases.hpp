#pragma once
/// What is said about several releases (--target all).

#include <cstddef>
#include <string>
#include <vector>

#include "muslcheck/model/report.hpp"
#include "report/layout.hpp"

namespace muslcheck::report {

/// Rows of the matrix.
struct MatrixRows {
  std::vector<const model::ModuleReleases*> modules;
  std::size_t on_none = 0;  ///< that fail everywhere and are not among them, being too many
};

/// The modules of the matrix that fail on some releases and not on others, and behind them those
/// that fail everywhere if they are few. `all`: however many they are.
[[nodiscard]] MatrixRows matrix_rows(const model::Report& report, bool all);

/// "117 modules load on none of them".
[[nodiscard]] std::string describe_on_none(std::size_t count);

/// Nothing for a single target. `verbose`: all modules of the matrix, not only the first.
void write_releases(Page& page, const model::Report& report, bool verbose);

}  // namespace muslcheck::report
