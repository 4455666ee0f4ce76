// Any bytes as a Dockerfile. What is accepted must say truly where its instructions stand, and must
// do with any stage, argument and history.

#include <string_view>

#include "fuzz_target.hpp"
#include "muslcheck/dockerfile/dockerfile.hpp"

namespace {

using namespace muslcheck;

/// The lines of `text` from first to last, without the last line end.
std::string_view lines_of(std::string_view text, dockerfile::LineRange lines) {
  std::size_t start = 0;
  for (int line = 1; line < lines.first; ++line) start = text.find('\n', start) + 1;
  std::size_t end = start;
  for (int line = lines.first; line <= lines.last; ++line) end = text.find('\n', end) + 1;
  return text.substr(start, end == 0 ? end - 1 : end - start);
}

void check_places(std::string_view text, const dockerfile::Dockerfile& file) {
  int last = 0;
  for (const dockerfile::Stage& stage : file.stages) {
    fuzz_check(stage.from.lines.first > last);
    last = stage.from.lines.last;
    for (const dockerfile::Instruction& instruction : stage.instructions) {
      fuzz_check(instruction.lines.first > last &&
                 instruction.lines.last >= instruction.lines.first);
      last = instruction.lines.last;
      fuzz_check(lines_of(text, instruction.lines).find(instruction.original) !=
                 std::string_view::npos);
    }
    if (!stage.base_token) continue;
    const auto [line, column, size] = *stage.base_token;
    const std::string_view base = lines_of(text, {line, line});
    fuzz_check(base.substr(static_cast<std::size_t>(column) - 1, static_cast<std::size_t>(size)) ==
               stage.base);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = dockerfile::parse_dockerfile(text, "Dockerfile");
  if (!file) return 0;
  check_places(text, *file);
  model::SourceInfo image;
  image.config.env = {"PATH=/bin", "HOME"};
  for (const char* created_by : {"/bin/sh -c #(nop) COPY dir:1 in /app ", "WORKDIR /app",
                                 "RUN |1 A=b /bin/sh -c make # buildkit", "COPY a /b # buildkit"})
    image.layers.push_back({.created_by = created_by});
  for (std::size_t stage = 0; stage < file->stages.size() && stage < 4; ++stage) {
    const dockerfile::BuildRequest request{.stage = std::to_string(stage),
                                           .build_args = {{"A", "b"}}};
    const auto runtime = dockerfile::resolve_runtime_stage(*file, request);
    if (!runtime) continue;
    const auto map = dockerfile::map_layers(*file, *runtime, request, image);
    fuzz_check(map.origins.size() == image.layers.size() && map.matched <= map.expected);
  }
  return 0;
}
