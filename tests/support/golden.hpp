#pragma once
// Comparison with a golden file. Run the test program with MUSLCHECK_UPDATE_GOLDEN=1 in its
// environment to write what the program says now, and review the difference before committing.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.hpp"

namespace muslcheck::test {

inline std::string read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Checks that `actual` is the content of tests/`path`.
inline void check_golden(const std::string& path, const std::string& actual) {
  const std::string file = std::string(MUSLCHECK_SOURCE_DIR) + "/tests/" + path;
  if (std::getenv("MUSLCHECK_UPDATE_GOLDEN") != nullptr)
    std::ofstream(file, std::ios::binary) << actual;
  INFO("golden file " << file << "; MUSLCHECK_UPDATE_GOLDEN=1 rewrites it");
  CHECK(actual == read_text_file(file));
}

}  // namespace muslcheck::test
