// From instructions to stages, with the checks that BuildKit makes before it builds. What cannot
// be a Dockerfile is refused with the line that says so.
//
// As in BuildKit, COPY --from may name a later stage; only a number without a stage and the stage
// itself are refused. A name that no stage has is an image.

#include <algorithm>
#include <utility>

#include "dockerfile/instruction.hpp"
#include "dockerfile/lines.hpp"
#include "dockerfile/stages.hpp"
#include "dockerfile/words.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::dockerfile {
namespace {

tl::unexpected<core::Error> fail_in(const Dockerfile& dockerfile, const Instruction& instruction,
                                    std::string reason, std::string message) {
  return fail_at(dockerfile.file, instruction.lines.first, std::move(reason), std::move(message));
}

std::string quoted(std::string_view text) {
  return "'" + core::printable(core::shortened(text, 60)) + "'";
}

bool is_stage_name(std::string_view name) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto may_follow = [&](char c) {
    return is_small(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !name.empty() && is_small(name.front()) &&
         std::all_of(name.begin(), name.end(), may_follow);
}

/// The word of the line that is the FROM's image. Flags may repeat its text: they come before it.
std::optional<TokenRange> locate_base(const LogicalLine& line, const Instruction& from) {
  const std::string_view text = line.text;
  const std::size_t arguments = text.rfind(from.arguments);
  if (arguments == std::string_view::npos) return std::nullopt;
  return locate(line, text.substr(arguments, from.words.front().size()));
}

core::Result<Stage> make_stage(const Dockerfile& dockerfile, Instruction from,
                               const LogicalLine& line) {
  const std::size_t count = from.words.size();
  const bool is_named = count == 3 && lower_case(from.words[1]) == "as";
  if (count != 1 && !is_named)
    return fail_in(dockerfile, from, "from-invalid",
                   "FROM needs an image, or an image, AS and a name");
  Stage stage;
  if (is_named) stage.name = lower_case(from.words[2]);
  if (is_named && !is_stage_name(stage.name))
    return fail_in(dockerfile, from, "stage-name-invalid",
                   quoted(from.words[2]) +
                       " cannot name a stage: a name begins with a letter and has letters, digits, "
                       "'-', '_' and '.'");
  stage.base = from.words.front();
  stage.base_token = locate_base(line, from);
  if (const std::string* platform = find_flag(from, "platform")) stage.platform = *platform;
  stage.from = std::move(from);
  return stage;
}

core::Result<void> check_copied(const Dockerfile& dockerfile, const Instruction& instruction) {
  if (instruction.keyword != "COPY" && instruction.keyword != "ADD") return {};
  if (instruction.words.size() < 2)
    return fail_in(dockerfile, instruction, "destination-missing",
                   instruction.keyword + " needs a source and a destination");
  if (!instruction.exec_form && parse_heredoc_word(instruction.words.back()))
    return fail_in(dockerfile, instruction, "destination-invalid",
                   "a heredoc cannot be the destination of " + instruction.keyword);
  const std::string* from = find_flag(instruction, "from");
  if (from != nullptr && from->find('$') != std::string::npos)
    return fail_in(dockerfile, instruction, "from-invalid",
                   "--from cannot use variables; give the image a stage of its own");
  return {};
}

core::Result<void> add(Dockerfile& dockerfile, Instruction instruction, const LogicalLine& line) {
  if (instruction.keyword == "FROM") {
    if (dockerfile.stages.size() == core::limits::kMaxDockerfileStages)
      return core::fail(
          core::ErrorCode::limit_exceeded, "too-many-stages",
          "has more than " + std::to_string(core::limits::kMaxDockerfileStages) + " stages",
          dockerfile.file);
    auto stage = make_stage(dockerfile, std::move(instruction), line);
    if (!stage) return tl::make_unexpected(stage.error());
    dockerfile.stages.push_back(std::move(*stage));
    return {};
  }
  if (dockerfile.stages.empty()) {
    if (instruction.keyword != "ARG")
      return fail_in(dockerfile, instruction, "from-missing",
                     instruction.keyword + " stands before the first FROM; only ARG may");
    dockerfile.global_args.push_back(std::move(instruction));
    return {};
  }
  const Instruction& copied =
      instruction.trigger.empty() ? instruction : instruction.trigger.front();
  if (auto checked = check_copied(dockerfile, copied); !checked) return checked;
  dockerfile.stages.back().instructions.push_back(std::move(instruction));
  return {};
}

/// Once all stages are known: no COPY from the stage that it stands in, or from no stage at all.
core::Result<void> check_sources(const Dockerfile& dockerfile) {
  for (std::size_t i = 0; i < dockerfile.stages.size(); ++i) {
    for (const Instruction& instruction : dockerfile.stages[i].instructions) {
      const std::string* from =
          instruction.keyword == "COPY" ? find_flag(instruction, "from") : nullptr;
      if (from == nullptr) continue;
      const auto number = stage_number(*from);
      if (number && *number >= dockerfile.stages.size())
        return fail_in(dockerfile, instruction, "stage-unknown",
                       "--from=" + core::printable(core::shortened(*from, 60)) +
                           ": there are only the stages 0 to " +
                           std::to_string(dockerfile.stages.size() - 1));
      if (find_source_stage(dockerfile, *from) == i)
        return fail_in(dockerfile, instruction, "stage-circular",
                       "--from=" + core::printable(core::shortened(*from, 60)) +
                           " is the stage that this COPY stands in");
    }
  }
  return {};
}

}  // namespace

core::Result<Dockerfile> parse_dockerfile(std::string_view text, std::string file) {
  Dockerfile dockerfile;
  dockerfile.file = file;
  if (text.size() > core::limits::kMaxDockerfile)
    return core::fail(core::ErrorCode::limit_exceeded, "file-too-large",
                      "larger than " + std::to_string(core::limits::kMaxDockerfile) + " bytes",
                      file);
  LineReader reader(text, std::move(file));
  while (true) {
    const auto line = reader.next();
    if (!line) return tl::make_unexpected(line.error());
    if (!*line) break;
    auto instruction = parse_instruction(**line, reader);
    if (!instruction) return tl::make_unexpected(instruction.error());
    if (const auto added = add(dockerfile, std::move(*instruction), **line); !added)
      return tl::make_unexpected(added.error());
  }
  dockerfile.escape = reader.escape();
  dockerfile.directives = reader.directives();
  if (dockerfile.stages.empty())
    return core::fail(core::ErrorCode::malformed, "from-missing", "has no FROM", dockerfile.file);
  if (const auto checked = check_sources(dockerfile); !checked)
    return tl::make_unexpected(checked.error());
  return dockerfile;
}

}  // namespace muslcheck::dockerfile
