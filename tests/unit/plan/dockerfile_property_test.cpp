// What holds for every Dockerfile: the result is one, and a second patch has nothing to do.

#include <filesystem>
#include <fstream>
#include <iterator>

#include "unit/plan/dockerfile_fixture.hpp"

namespace muslcheck {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The text with the hunks of the diff made, or a text that says where they do not fit.
std::string apply(const std::string& text, const std::vector<std::string>& diff) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  std::string out;
  std::size_t next = 0;
  for (const std::string& line : diff) {
    if (line.starts_with("--- ") || line.starts_with("+++ ")) continue;
    if (line.starts_with("@@ -")) {
      const bool only_added =
          line.find(",0 ") != std::string::npos && line.find(",0 ") < line.find('+');
      const std::size_t start = std::stoul(line.substr(4)) - (only_added ? 0 : 1);
      for (; next < start; ++next) out += lines.at(next);
      continue;
    }
    if (line.starts_with('\\')) {
      if (out.ends_with('\n')) out.pop_back();
      continue;
    }
    if (line.starts_with('+')) {
      out += line.substr(1) + "\n";
      continue;
    }
    std::string expected = lines.at(next++);
    if (!line.starts_with('-')) out += expected;
    if (expected.ends_with('\n')) expected.pop_back();
    if (expected != line.substr(1)) return "does not fit: " + line;
  }
  for (; next < lines.size(); ++next) out += lines.at(next);
  return out;
}

void check_properties(const std::string& text) {
  const auto before = dockerfile::parse_dockerfile(text, "Dockerfile");
  if (!before) return;
  const plan::PatchRequest request{.release = "3.22", .apk = {"libstdc++"}};
  for (const auto make : {plan::patch_dockerfile, plan::split_dockerfile}) {
    const auto patch = make(text, *before, test::patch_rules(), request);
    INFO(patch.text);
    const auto after = dockerfile::parse_dockerfile(patch.text, "Dockerfile");
    REQUIRE(after);
    if (!patch.diff.empty())
      CHECK(plan::patch_dockerfile(patch.text, *after, test::patch_rules(), request).diff.empty());
    CHECK(patch.diff.empty() == (patch.text == text));
    CHECK(apply(text, patch.diff) == patch.text);
  }
}

}  // namespace

TEST_CASE("every Dockerfile stays one, and is moved once") {
  const std::filesystem::path fixtures = std::string(MUSLCHECK_SOURCE_DIR) + "/fixtures";
  std::size_t count = 0;
  for (const char* folder : {"dockerfiles", "corpus/dockerfile"})
    for (const auto& entry : std::filesystem::directory_iterator(fixtures / folder)) {
      INFO(entry.path().string());
      check_properties(read(entry.path()));
      ++count;
    }
  CHECK(count > 20);
}

}  // namespace muslcheck
