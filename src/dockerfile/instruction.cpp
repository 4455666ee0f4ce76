// Instructions by the Dockerfile reference. Flags are taken as they are: a new one must not stop
// anybody, and none but --from and --platform matters here.

#include "dockerfile/instruction.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "dockerfile/words.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::dockerfile {
namespace {

/// How the arguments of an instruction are written.
enum class Syntax { words, list_or_words, list_or_shell, list, assignments, text, health, trigger };

struct Keyword {
  std::string_view name;
  Syntax syntax;
  bool may_be_empty = false;
  bool has_heredocs = false;
};

constexpr std::array<Keyword, 18> kKeywords{{
    {.name = "ADD", .syntax = Syntax::list_or_words, .has_heredocs = true},
    {.name = "ARG", .syntax = Syntax::assignments},
    {.name = "CMD", .syntax = Syntax::list_or_shell, .may_be_empty = true},
    {.name = "COPY", .syntax = Syntax::list_or_words, .has_heredocs = true},
    {.name = "ENTRYPOINT", .syntax = Syntax::list_or_shell, .may_be_empty = true},
    {.name = "ENV", .syntax = Syntax::assignments},
    {.name = "EXPOSE", .syntax = Syntax::words},
    {.name = "FROM", .syntax = Syntax::words},
    {.name = "HEALTHCHECK", .syntax = Syntax::health},
    {.name = "LABEL", .syntax = Syntax::assignments},
    {.name = "MAINTAINER", .syntax = Syntax::text},
    {.name = "ONBUILD", .syntax = Syntax::trigger},
    {.name = "RUN", .syntax = Syntax::list_or_shell, .may_be_empty = true, .has_heredocs = true},
    {.name = "SHELL", .syntax = Syntax::list},
    {.name = "STOPSIGNAL", .syntax = Syntax::text},
    {.name = "USER", .syntax = Syntax::text},
    {.name = "VOLUME", .syntax = Syntax::list_or_words},
    {.name = "WORKDIR", .syntax = Syntax::text},
}};

const Keyword* find_keyword(std::string_view name) {
  const auto found = std::find_if(kKeywords.begin(), kKeywords.end(),
                                  [&](const Keyword& keyword) { return keyword.name == name; });
  return found == kKeywords.end() ? nullptr : &*found;
}

std::string in_capitals(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string quoted(std::string_view text) {
  return "'" + core::printable(core::shortened(text, 60)) + "'";
}

/// Takes the first word, for keywords: "RUN", "CMD" behind HEALTHCHECK.
std::string_view take_word(std::string_view& text) {
  text = core::trim(text);
  const auto end = std::find_if(text.begin(), text.end(), is_space);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text = core::trim(text.substr(word.size()));
  return word;
}

class Parser {
 public:
  Parser(std::string file, char escape, LineRange lines)
      : file_(std::move(file)), escape_(escape), lines_(lines) {}

  /// `original` and `lines` are left to the caller.
  core::Result<Instruction> parse(std::string_view text, bool is_trigger = false) const {
    Instruction instruction;
    const std::string_view word = take_word(text);
    instruction.keyword = in_capitals(word);
    const Keyword* keyword = find_keyword(instruction.keyword);
    if (keyword == nullptr)
      return fail("unknown-instruction", "there is no instruction " + quoted(word));
    if (is_trigger && (instruction.keyword == "ONBUILD" || instruction.keyword == "FROM" ||
                       instruction.keyword == "MAINTAINER"))
      return fail("trigger-not-allowed", instruction.keyword + " may not follow ONBUILD");
    instruction.lines = lines_;
    instruction.flags = take_flags(text);
    instruction.arguments = core::trim(text);
    if (instruction.arguments.empty() && !keyword->may_be_empty)
      return fail("arguments-missing", instruction.keyword + " needs an argument");
    if (const auto parsed = parse_arguments(instruction, *keyword); !parsed)
      return tl::make_unexpected(parsed.error());
    if (keyword->has_heredocs && !instruction.exec_form)
      instruction.heredocs = find_heredocs(instruction.arguments);
    return instruction;
  }

 private:
  [[nodiscard]] tl::unexpected<core::Error> fail(std::string reason, std::string message) const {
    return fail_at(file_, lines_.first, std::move(reason), std::move(message));
  }

  core::Result<void> parse_arguments(Instruction& instruction, const Keyword& keyword) const {
    const std::string_view text = instruction.arguments;
    switch (keyword.syntax) {
      case Syntax::words: set_words(instruction, text); return {};
      case Syntax::list_or_words:
      case Syntax::list_or_shell:
      case Syntax::list: return parse_list_form(instruction, text, keyword.syntax);
      case Syntax::assignments: return parse_assignments(instruction);
      case Syntax::text: return {};
      case Syntax::health: return parse_health(instruction);
      case Syntax::trigger: return parse_trigger(instruction);
    }
    return {};
  }

  static void set_words(Instruction& instruction, std::string_view text) {
    for (const std::string_view word : split_words(text)) instruction.words.emplace_back(word);
  }

  core::Result<void> parse_list_form(Instruction& instruction, std::string_view text,
                                     Syntax syntax) const {
    switch (parse_list(text, instruction.words)) {
      case ListForm::texts: instruction.exec_form = true; return {};
      case ListForm::other_values:
        return fail("list-invalid", "the list of " + instruction.keyword + " may hold texts only");
      case ListForm::shell: break;
    }
    if (syntax == Syntax::list)
      return fail("list-missing",
                  instruction.keyword + " needs a list such as [\"/bin/sh\", \"-c\"]");
    if (syntax == Syntax::list_or_words) set_words(instruction, text);
    return {};
  }

  /// "NAME=value ...", and the old "NAME value" of ENV and LABEL.
  core::Result<void> parse_assignments(Instruction& instruction) const {
    const std::vector<std::string> words = split_quoted_words(instruction.arguments, escape_);
    const bool is_arg = instruction.keyword == "ARG";
    if (!is_arg && words.front().find('=') == std::string::npos) {
      std::string_view value = instruction.arguments;
      const std::string name(take_word(value));
      if (value.empty())
        return fail("value-missing", instruction.keyword + " " + quoted(name) + " has no value");
      instruction.assignments.push_back({.name = name, .value = std::string(value)});
      return {};
    }
    for (const std::string& word : words) {
      const std::size_t equals = word.find('=');
      if (equals == 0 || (equals == std::string::npos && !is_arg))
        return fail("assignment-invalid",
                    instruction.keyword + " needs NAME=value, not " + quoted(word));
      Assignment assignment{.name = word.substr(0, equals), .value = {}};
      if (equals != std::string::npos) assignment.value = word.substr(equals + 1);
      instruction.assignments.push_back(std::move(assignment));
    }
    return {};
  }

  core::Result<void> parse_health(Instruction& instruction) const {
    std::string_view rest = instruction.arguments;
    const std::string kind = in_capitals(take_word(rest));
    if (kind == "NONE" && rest.empty()) return {};
    if (kind != "CMD" || rest.empty())
      return fail("healthcheck-invalid", "HEALTHCHECK needs NONE, or CMD and a command");
    return parse_list_form(instruction, rest, Syntax::list_or_shell);
  }

  core::Result<void> parse_trigger(Instruction& instruction) const {
    auto trigger = parse(instruction.arguments, true);
    if (!trigger) return tl::make_unexpected(trigger.error());
    instruction.trigger.push_back(std::move(*trigger));
    return {};
  }

  std::string file_;
  char escape_;
  LineRange lines_;
};

}  // namespace

core::Result<Instruction> parse_instruction(const LogicalLine& line, LineReader& reader) {
  auto instruction = Parser(reader.file(), reader.escape(), line.lines).parse(line.text);
  if (!instruction) return instruction;
  const bool deferred = !instruction->trigger.empty();
  Instruction& owner = deferred ? instruction->trigger.front() : *instruction;
  for (Heredoc& heredoc : owner.heredocs)
    if (const auto read = reader.read_heredoc(heredoc, instruction->lines); !read)
      return tl::make_unexpected(read.error());
  owner.lines = instruction->lines;
  instruction->original = reader.original(instruction->lines);
  if (deferred) owner.original = instruction->original;
  return instruction;
}

std::optional<TokenRange> locate(const LogicalLine& line, std::string_view word) {
  const auto start = static_cast<std::size_t>(word.data() - line.text.data());
  const auto after = std::find_if(line.segments.begin(), line.segments.end(),
                                  [&](const Segment& segment) { return segment.offset > start; });
  const Segment& segment = *(after - 1);
  if (after != line.segments.end() && after->offset < start + word.size()) return std::nullopt;
  return TokenRange{.line = segment.line,
                    .column = segment.column + static_cast<int>(start - segment.offset),
                    .size = static_cast<int>(word.size())};
}

const std::string* find_flag(const Instruction& instruction, std::string_view name) {
  const auto found = std::find_if(instruction.flags.begin(), instruction.flags.end(),
                                  [&](const Flag& flag) { return flag.name == name; });
  return found == instruction.flags.end() ? nullptr : &found->value;
}

}  // namespace muslcheck::dockerfile
