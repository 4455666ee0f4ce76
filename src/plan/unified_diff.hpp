#pragma once
/// Changes of known lines, as the unified diff that patch(1) takes.

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::plan {

/// Lines of the old text that others take the place of.
struct LineEdit {
  std::size_t first = 0;           ///< index of the first line, from 0
  std::size_t count = 0;           ///< how many; 0: only put in before `first`
  std::vector<std::string> lines;  ///< with their ends
  bool operator==(const LineEdit&) const = default;
};

/// The lines with their ends; the last one may have none.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// The text with the edits made, which are sorted and do not overlap.
[[nodiscard]] std::string apply_edits(const std::vector<std::string>& lines,
                                      const std::vector<LineEdit>& edits);

/// Lines without their ends: "--- NAME", "+++ NAME", hunks. Empty if nothing changes.
[[nodiscard]] std::vector<std::string> unified_diff(const std::vector<std::string>& lines,
                                                    const std::vector<LineEdit>& edits,
                                                    std::string_view name);

}  // namespace muslcheck::plan
