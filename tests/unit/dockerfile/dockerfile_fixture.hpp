#pragma once
// Short ways to a parsed Dockerfile.

#include <string>
#include <string_view>

#include "muslcheck/dockerfile/dockerfile.hpp"
#include "support/catch.hpp"

namespace muslcheck::test {

inline dockerfile::Dockerfile parsed(std::string_view text) {
  auto result = dockerfile::parse_dockerfile(text, "Dockerfile");
  if (!result) FAIL(core::describe(result.error()) << " in\n" << text);
  return std::move(*result);
}

/// "Dockerfile:2: message", or "parsed".
inline std::string refusal(std::string_view text) {
  const auto result = dockerfile::parse_dockerfile(text, "Dockerfile");
  return result ? "parsed" : core::describe(result.error());
}

}  // namespace muslcheck::test
