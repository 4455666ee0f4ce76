#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::runtimes {

/// The value of a variable among "NAME=value" entries, the last one of several.
[[nodiscard]] inline std::optional<std::string> environment_value(
    const std::vector<std::string>& env, std::string_view name) {
  for (auto entry = env.rbegin(); entry != env.rend(); ++entry)
    if (entry->size() > name.size() && entry->starts_with(name) && (*entry)[name.size()] == '=')
      return entry->substr(name.size() + 1);
  return std::nullopt;
}

}  // namespace muslcheck::runtimes
