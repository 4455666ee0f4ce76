// RUN, ENV and ARG, with everything that is not Debian's own as it was written. Heredocs that the
// shell reads are rewritten as the line itself is.

#include "plan/run_lines.hpp"

#include <algorithm>
#include <array>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "plan/apt_to_apk.hpp"
#include "plan/users.hpp"

namespace muslcheck::plan {
namespace {

using dockerfile::Instruction;

/// Lines of heredocs at the end of the instruction, each with the line that ends it.
std::size_t heredoc_lines(const Instruction& instruction) {
  std::size_t lines = 0;
  for (const dockerfile::Heredoc& heredoc : instruction.heredocs)
    lines +=
        static_cast<std::size_t>(std::count(heredoc.content.begin(), heredoc.content.end(), '\n')) +
        1;
  return lines;
}

/// Where the heredocs begin in the text; its size if there are none.
std::size_t start_of_bodies(const Instruction& instruction) {
  const std::string& text = instruction.original;
  std::size_t at = text.size();
  for (std::size_t left = heredoc_lines(instruction); left > 0 && at > 0; --left) {
    const std::size_t end = text.rfind('\n', at - 1);
    if (end == std::string::npos) return text.size();
    at = end;
  }
  return at;
}

bool is_apt_cache(const Word& flag) {
  return flag.text.starts_with("--mount=") && flag.text.find("type=cache") != std::string::npos &&
         (flag.text.find("/var/cache/apt") != std::string::npos ||
          flag.text.find("/var/lib/apt") != std::string::npos);
}

void drop_apt_caches(InstructionText& text) {
  const std::size_t before = text.start.size();
  std::erase_if(text.start, is_apt_cache);
  if (text.start.size() == before || text.list.elements.empty()) return;
  if (text.start.size() == 1) text.list.elements.front().before = " ";
}

std::string replace_command(std::string text, const std::string& command) {
  constexpr std::string_view kPlace = "{command}";
  const std::size_t at = text.find(kPlace);
  if (at != std::string::npos) text.replace(at, kPlace.size(), core::shortened(command, 120));
  return text;
}

/// What rules/dockerfile.json says of the command.
Fate apply_rule(const ShellCommand& command, const std::string& whole, RunContext& context) {
  const std::string program = program_of(command);
  const std::string text = plain_text(command);
  for (const rules::DockerfileCommand& rule : context.rules.dockerfile.commands) {
    if (!rule.program.empty() && !core::matches_glob(rule.program, program)) continue;
    if (!rule.text.empty() && !core::matches_glob(rule.text, text)) continue;
    if (!rule.mark.empty()) context.marks.add(replace_command(rule.mark, whole));
    if (!rule.note.empty()) context.notes.add(rule.note);
    return rule.removed ? Fate::removed : Fate::kept;
  }
  const rules::DebianCommand* debian = context.rules.find_debian_command(program);
  if (debian != nullptr) context.marks.add("Alpine has no " + program + ": " + debian->advice);
  return Fate::kept;
}

/// "rm -rf /var/lib/apt/lists/* /tmp/*" without what only Debian has.
Fate rewrite_rm(ShellCommand& command, const rules::RuleSet& rules) {
  const std::size_t before = command.words.size();
  std::erase_if(command.words, [&](const Word& word) {
    return core::matches_any(rules.dockerfile.debian_paths, unquoted(word.text));
  });
  if (command.words.size() == before) return Fate::kept;
  const bool has_path = std::any_of(
      command.words.begin() + static_cast<std::ptrdiff_t>(program_index(command)) + 1,
      command.words.end(), [](const Word& word) { return !word.text.starts_with('-'); });
  return has_path ? Fate::kept : Fate::removed;
}

/// "dotnet publish -r linux-x64" for musl.
void rewrite_dotnet(ShellCommand& command) {
  constexpr std::string_view kGlibc = "linux-";
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    std::string& word = command.words[i].text;
    const std::string& before = command.words[i - 1].text;
    const std::size_t value = before == "-r" || before == "--runtime" ? 0 : word.find('=') + 1;
    const bool names_runtime = value == 0 || word.starts_with("-r=") ||
                               word.starts_with("--runtime=") ||
                               word.find(":RuntimeIdentifier=") != std::string::npos;
    if ((value == 0 && before != "-r" && before != "--runtime") || !names_runtime) continue;
    if (word.compare(value, kGlibc.size(), kGlibc) == 0 &&
        word.compare(value, 11, "linux-musl-") != 0)
      word.insert(value + kGlibc.size(), "musl-");
  }
}

Fate rewrite_command(ShellCommand& command, const std::string& whole, RunContext& context) {
  const std::string program = program_of(command);
  if (is_apt(program)) return rewrite_apt(command, context);
  if (is_account_program(program)) {
    rewrite_account(command, context);
    return Fate::kept;
  }
  if (program == "rm") return rewrite_rm(command, context.rules);
  if (program == "dotnet") rewrite_dotnet(command);
  rewrite_package_variable(command, context);
  return apply_rule(command, whole, context);
}

std::string one_line_of(const ShellElement& element) {
  std::string text;
  for (const ShellCommand& command : element.commands)
    text += (text.empty() ? "" : " | ") + plain_text(command);
  return text;
}

/// Removed: the element as a whole, as a pipe from or into a command that is.
Fate rewrite_element(ShellElement& element, RunContext& context) {
  const std::string whole = one_line_of(element);
  for (std::size_t i = 0; i < element.commands.size(); ++i) {
    ShellCommand& command = element.commands[i];
    if (rewrite_command(command, whole, context) == Fate::kept) continue;
    const bool is_alternative = command.before.find("||") != std::string::npos;
    if (!is_alternative) return Fate::removed;
    command.words = {{.gap = {}, .text = ":"}};
  }
  return Fate::kept;
}

/// Variables that are set here and hold names of packages.
std::set<std::string> variables_set_here(const ShellList& list) {
  std::set<std::string> used;
  find_package_variables(list, used);
  std::set<std::string> out;
  for (const ShellElement& element : list.elements)
    for (const ShellCommand& command : element.commands) {
      if (command.words.size() != 1) continue;
      const std::string& word = command.words.front().text;
      const std::string name = word.substr(0, word.find('='));
      if (name.size() < word.size() && used.contains(name)) out.insert(name);
    }
  return out;
}

/// True if nothing is left but "set -eux".
bool does_nothing(const ShellList& list) {
  return std::all_of(list.elements.begin(), list.elements.end(), [](const ShellElement& element) {
    return element.commands.size() == 1 &&
           (program_of(element.commands.front()) == "set" || text_of(element) == ":");
  });
}

void rewrite_list(ShellList& list, RunContext& context) {
  context.package_variables = variables_set_here(list);
  std::vector<bool> removed;
  for (ShellElement& element : list.elements)
    removed.push_back(rewrite_element(element, context) == Fate::removed);
  remove_elements(list, removed);
  for (const ShellElement& element : list.elements)
    for (const ShellCommand& command : element.commands)
      context.programs.insert(program_of(command));
}

/// True for heredocs that a shell runs: "RUN <<EOF", "RUN bash <<EOF".
bool is_shell_script(const Instruction& instruction) {
  const std::string& arguments = instruction.arguments;
  const std::size_t mark = arguments.find("<<");
  const std::string_view program = core::trim(std::string_view(arguments).substr(0, mark));
  const std::string_view body = instruction.heredocs.front().content;
  if (body.starts_with("#!"))
    return body.substr(0, body.find('\n')).find("sh") != std::string_view::npos;
  constexpr std::array<std::string_view, 6> kShells{"",        "sh",        "bash",
                                                    "/bin/sh", "/bin/bash", "bash -e"};
  return core::contains(kShells, program) || program.starts_with("bash -") ||
         program.starts_with("sh -");
}

ShellList parse_body(const std::string& content) {
  std::string tail;
  std::vector<Word> words = read_shell_words(content, {.escape = '\\', .line_ends = true}, tail);
  return parse_shell_list(std::move(words), std::move(tail));
}

/// Rewrites the one heredoc of the instruction. Empty if nothing of it is left.
std::string rewrite_heredoc(const Instruction& instruction, InstructionText& text,
                            RunContext& context) {
  const std::string& content = instruction.heredocs.front().content;
  ShellList body = parse_body(content);
  const std::string as_it_was = text_of(body);
  rewrite_list(body, context);
  if (does_nothing(body) && as_it_was != text_of(body)) return {};
  const std::size_t at = text.bodies.find(content);
  if (!content.empty() && at != std::string::npos)
    text.bodies.replace(at, content.size(), text_of(body));
  return text_of(text);
}

}  // namespace

InstructionText take_apart(const Instruction& instruction, char escape) {
  InstructionText text;
  const std::size_t bodies = start_of_bodies(instruction);
  text.bodies = instruction.original.substr(bodies);
  std::string tail;
  std::vector<Word> words = read_shell_words(
      std::string_view(instruction.original).substr(0, bodies), {.escape = escape}, tail);
  std::size_t start = words.empty() ? 0 : 1;
  while (start < words.size() && words[start].text.starts_with("--")) ++start;
  const auto split = words.begin() + static_cast<std::ptrdiff_t>(start);
  text.start.assign(words.begin(), split);
  text.list = parse_shell_list({split, words.end()}, std::move(tail));
  return text;
}

std::string text_of(const InstructionText& text) {
  std::string out;
  for (const Word& word : text.start) out += word.gap + word.text;
  return out + text_of(text.list) + text.bodies;
}

std::string rewrite_run(const Instruction& instruction, char escape, RunContext& context) {
  if (instruction.exec_form) {
    const std::string program = instruction.words.empty() ? "" : instruction.words.front();
    if (is_apt(program) || is_account_program(program))
      context.marks.add("not translated, write it as a line for the shell: " + program);
    context.programs.insert(program.substr(program.rfind('/') + 1));
    return instruction.original;
  }
  InstructionText text = take_apart(instruction, escape);
  drop_apt_caches(text);
  for (const ShellElement& element : text.list.elements)
    if (!instruction.heredocs.empty())
      for (const ShellCommand& command : element.commands)
        context.programs.insert(program_of(command));
  if (instruction.heredocs.size() == 1 && is_shell_script(instruction))
    return rewrite_heredoc(instruction, text, context);
  const std::string as_it_was = text_of(text.list);
  rewrite_list(text.list, context);
  if (text_of(text.list) != as_it_was && does_nothing(text.list)) return {};
  return text_of(text);
}

std::string rewrite_variables(const Instruction& instruction, char escape) {
  const auto is_frontend = [](const dockerfile::Assignment& one) {
    return one.name == "DEBIAN_FRONTEND" || one.name == "DEBCONF_NONINTERACTIVE_SEEN";
  };
  const auto& assignments = instruction.assignments;
  if (std::none_of(assignments.begin(), assignments.end(), is_frontend))
    return instruction.original;
  if (std::all_of(assignments.begin(), assignments.end(), is_frontend)) return {};
  std::string tail;
  std::vector<Word> words = read_shell_words(instruction.original, {.escape = escape}, tail);
  std::string out;
  std::string gap;
  bool after_removed_first = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool removed = words[i].text.starts_with("DEBIAN_FRONTEND") ||
                         words[i].text.starts_with("DEBCONF_NONINTERACTIVE_SEEN");
    if (removed && i == 1) gap = words[i].gap;
    if (removed) after_removed_first = after_removed_first || i == 1;
    if (removed) continue;
    out += (after_removed_first ? gap : words[i].gap) + words[i].text;
    after_removed_first = false;
  }
  return out + tail;
}

std::vector<ShellCommand> commands_of(const Instruction& instruction, char escape) {
  std::vector<ShellCommand> commands;
  const auto add_list = [&](const ShellList& list) {
    for (const ShellElement& element : list.elements)
      commands.insert(commands.end(), element.commands.begin(), element.commands.end());
  };
  if (instruction.exec_form) {
    ShellCommand command;
    for (const std::string& word : instruction.words)
      command.words.push_back({.gap = " ", .text = word});
    commands.push_back(std::move(command));
    return commands;
  }
  std::string text = instruction.arguments;
  if (instruction.keyword == "HEALTHCHECK") {
    const std::size_t at = text.find_first_of(" \t");
    text.erase(0, at == std::string::npos ? text.size() : at);
  }
  std::string tail;
  std::vector<Word> words = read_shell_words(text, {.escape = escape}, tail);
  add_list(parse_shell_list(std::move(words), std::move(tail)));
  if (instruction.keyword != "RUN") return commands;
  for (const dockerfile::Heredoc& heredoc : instruction.heredocs)
    add_list(parse_body(heredoc.content));
  return commands;
}

}  // namespace muslcheck::plan
