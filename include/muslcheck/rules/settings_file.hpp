#pragma once
/// The user's configuration: options that are always given.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::rules {

/// One option, without its dashes.
struct Setting {
  std::string name;                 ///< "fail-on"
  std::vector<std::string> values;  ///< as on the command line; of true one "true", of false none
  bool operator==(const Setting&) const = default;
};

/// Members of a JSON object, sorted by name: texts, whole numbers, truth values, lists of texts.
/// Anything else is bad_data with line or JSON pointer; `file` is for the error alone.
[[nodiscard]] core::Result<std::vector<Setting>> parse_settings(const std::string& file,
                                                                std::string_view text);

}  // namespace muslcheck::rules
