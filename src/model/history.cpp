// History entries of image configurations (OCI image-spec, config.md: `created_by`). The text is
// free; these are the forms that builders write:
//
//   docker build without BuildKit, podman    /bin/sh -c apt-get update
//                                            |1 VERSION=2 /bin/sh -c make
//                                            /bin/sh -c #(nop) COPY file:HASH in /app
//   BuildKit                                 RUN /bin/sh -c npm ci # buildkit
//                                            RUN |1 VERSION=2 /bin/sh -c make # buildkit
//                                            COPY /app /app # buildkit
//                                            WORKDIR /app
//   kaniko                                   RUN npm ci
//                                            COPY --from=build /app /app

#include "muslcheck/model/history.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::model {
namespace {

constexpr std::string_view kNoOperation = "#(nop) ";

/// The first word, which is taken off `text` with the space behind it.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

bool is_instruction(std::string_view word) {
  constexpr std::array<std::string_view, 18> kInstructions{
      "ADD",    "ARG",   "CMD",         "COPY",  "ENTRYPOINT", "ENV",
      "EXPOSE", "FROM",  "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD",
      "RUN",    "SHELL", "STOPSIGNAL",  "USER",  "VOLUME",     "WORKDIR"};
  return std::find(kInstructions.begin(), kInstructions.end(), word) != kInstructions.end();
}

bool is_shell(std::string_view word) {
  constexpr std::array<std::string_view, 6> kShells{"sh", "ash", "bash", "dash", "ksh", "zsh"};
  return std::find(kShells.begin(), kShells.end(), core::file_name(word)) != kShells.end();
}

/// "# buildkit", and the digest that its first versions added.
std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = " # buildkit";
  const std::size_t at = text.rfind(kMark);
  if (at == std::string_view::npos) return text;
  const std::string_view rest = text.substr(at + kMark.size());
  const bool is_digest = rest.starts_with(":sha256:") && rest.find(' ') == std::string_view::npos;
  return rest.empty() || is_digest ? text.substr(0, at) : text;
}

/// "make" of "|2 A=b C=d e /bin/sh -c make". A value may hold spaces and is not quoted, so the
/// command begins at the first shell; one without a shell is found only if no value has a space.
std::string_view without_build_arguments(std::string_view text) {
  if (!text.starts_with('|')) return text;
  std::size_t count = 0;
  std::size_t digits = 1;
  for (; digits < text.size() && digits < 5 && text[digits] >= '0' && text[digits] <= '9'; ++digits)
    count = count * 10 + static_cast<std::size_t>(text[digits] - '0');
  if (digits == 1 || digits == text.size() || text[digits] != ' ') return text;
  text.remove_prefix(digits + 1);
  for (std::string_view rest = text; !rest.empty(); take_word(rest))
    if (without_shell(rest).size() != rest.size()) return rest;
  for (std::size_t i = 0; i < count; ++i) take_word(text);
  return text;
}

HistoryStep run_step(std::string_view command) {
  return {.instruction = "RUN",
          .arguments = std::string(without_shell(without_build_arguments(command)))};
}

/// "COPY file:HASH in /app", where HASH stands for all sources.
bool has_hashed_sources(std::string_view instruction, std::string_view arguments) {
  if (instruction != "COPY" && instruction != "ADD") return false;
  while (arguments.starts_with("--")) take_word(arguments);
  const std::string_view source = take_word(arguments);
  const bool hashed =
      source.starts_with("file:") || source.starts_with("dir:") || source.starts_with("multi:");
  return hashed && arguments.starts_with("in ");
}

HistoryStep named_step(std::string_view text) {
  const std::string_view instruction = take_word(text);
  return {.instruction = std::string(instruction),
          .arguments = std::string(text),
          .hashed = has_hashed_sources(instruction, text)};
}

/// At most this many digits of a digest are for people.
std::string with_short_hash(std::string text) {
  constexpr std::size_t kDigits = 12;
  const std::size_t start = text.find(':') + 1;
  const std::size_t end = std::min(text.find(' ', start), text.size());
  if (end - start > kDigits) text.erase(start + kDigits, end - start - kDigits);
  return text;
}

}  // namespace

std::string_view without_shell(std::string_view command) {
  std::string_view rest = command;
  if (!is_shell(take_word(rest))) return command;
  // "-o pipefail -c", "-euxc": the command follows the option that ends in c.
  constexpr int kMaxOptions = 8;
  for (int i = 0; i < kMaxOptions && !rest.empty(); ++i) {
    const std::string_view word = take_word(rest);
    const bool is_option = word.starts_with('-') || word.starts_with('+');
    if (is_option && !word.starts_with("--") && word.ends_with('c')) return rest;
    if (!is_option && word != "pipefail" && word != "errexit" && word != "nounset") return command;
  }
  return command;
}

HistoryStep parse_created_by(std::string_view created_by) {
  const std::string line = core::one_line(created_by.substr(0, core::limits::kMaxHistoryText));
  const std::string_view text = without_mark(line);
  if (const std::string_view command = without_shell(text); command.starts_with(kNoOperation))
    return named_step(command.substr(kNoOperation.size()));
  if (text.starts_with("RUN ")) return run_step(text.substr(4));
  if (is_instruction(text.substr(0, text.find(' ')))) return named_step(text);
  if (HistoryStep step = run_step(text); step.arguments.size() != text.size()) return step;
  return {.instruction = {}, .arguments = std::string(text)};
}

std::string describe_created_by(std::string_view created_by) {
  HistoryStep step = parse_created_by(created_by);
  if (step.hashed) step.arguments = with_short_hash(std::move(step.arguments));
  if (step.instruction.empty()) return step.arguments;
  return step.instruction + (step.arguments.empty() ? "" : " " + step.arguments);
}

}  // namespace muslcheck::model
