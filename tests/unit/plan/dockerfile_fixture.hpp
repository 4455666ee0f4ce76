#pragma once
/// Dockerfiles moved with the built-in rules and a few packages of Debian.

#include <string>
#include <vector>

#include "muslcheck/dockerfile/dockerfile.hpp"
#include "muslcheck/plan/dockerfile_patch.hpp"
#include "support/catch.hpp"

namespace muslcheck::test {

inline const rules::RuleSet& patch_rules() {
  static const rules::RuleSet rules = [] {
    auto loaded = rules::load_embedded_rules();
    REQUIRE(loaded);
    // Not from the table of packages, so that a test does not change with it.
    loaded->debian_packages = {
        {"adduser", {}, "none", "none", "busybox has it"},
        {"build-essential", {"build-base"}, "meta", "high", ""},
        {"ca-certificates", {"ca-certificates"}, "run", "high", ""},
        {"curl", {"curl"}, "tool", "high", ""},
        {"fonts-wqy-zenhei", {"font-wqy-zenhei"}, "run", "low", "not in all releases"},
        {"gcc", {"gcc", "musl-dev"}, "tool", "high", ""},
        {"git", {"git"}, "tool", "high", ""},
        {"libpq-dev", {"libpq-dev"}, "dev", "high", ""},
        {"libpq5", {"libpq"}, "run", "high", ""},
        {"libssl-dev", {"openssl-dev"}, "dev", "high", ""},
        {"make", {"make"}, "tool", "high", ""},
    };
    return *loaded;
  }();
  return rules;
}

inline dockerfile::Dockerfile parse(const std::string& text) {
  const auto parsed = dockerfile::parse_dockerfile(text, "Dockerfile");
  INFO(text);
  REQUIRE(parsed);
  return *parsed;
}

inline plan::DockerfilePatch patch(const std::string& text,
                                   const plan::PatchRequest& request = {.release = "3.22"}) {
  return plan::patch_dockerfile(text, parse(text), patch_rules(), request);
}

/// All notes, one a line.
inline std::string notes_of(const plan::DockerfilePatch& patch) {
  std::string text;
  for (const plan::PatchNote& note : patch.notes) text += plan::describe(note) + "\n";
  return text;
}

}  // namespace muslcheck::test
