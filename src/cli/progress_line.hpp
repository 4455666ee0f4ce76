#pragma once
/// The text of the progress bar.

#include <cstddef>
#include <cstdint>
#include <string>

namespace muslcheck::cli {

/// How far a scan is at one moment.
struct ProgressView {
  std::uint64_t bytes_total = 0;  ///< 0: not known
  std::uint64_t bytes_done = 0;
  std::uint64_t files_done = 0;
  double seconds = 0;  ///< since the first byte was read
};

/// One line without control characters of at most `width` columns. What does not fit is left out,
/// the least important first; without any room it is empty.
[[nodiscard]] std::string render_progress(const ProgressView& view, std::size_t width);

}  // namespace muslcheck::cli
