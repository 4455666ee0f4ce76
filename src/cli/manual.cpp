// The manual page, in the man macros of roff. A line that begins with a dot or an apostrophe would
// be a request, a backslash begins an escape, and some letters are typeset as others unless they
// are named: all text is passed through escaped().

#include "cli/completion.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

std::string escaped(std::string_view text) {
  std::string out = text.starts_with('.') ? "\\&" : "";
  for (const char letter : text) switch (letter) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      default: out += letter;
    }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

/// A term and, indented below it, its explanation.
std::string item(const std::string& term, std::string_view text) {
  return ".TP\n" + term + "\n" + escaped(text) + "\n";
}

std::string option_item(const DescribedOption& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(bold(name));
  std::string term = core::join(names, ", ");
  if (!option.value.empty()) term += (term.empty() ? "" : " ") + italic(option.value);
  return item(term, option.description);
}

/// --help, which each command has, is only said once.
std::string option_items(const DescribedCommand& command) {
  std::string text;
  for (const DescribedOption& argument : command.arguments) text += option_item(argument);
  for (const DescribedOption& option : command.options)
    if (command.path.empty() || option.names.back() != "--help") text += option_item(option);
  return text;
}

bool is_example(std::string_view line) {
  return line.starts_with("  ") && line.find("muslcheck ") != std::string_view::npos;
}

/// What the help says below the options, but for examples, which have a section.
std::string notes(std::string_view footer) {
  std::string text;
  for (const std::string_view line : core::split(footer, '\n'))
    if (!line.starts_with("Example") && !is_example(line)) text += std::string(line) + "\n";
  const std::string paragraph = core::one_line(text);
  return paragraph.empty() ? "" : ".PP\n" + escaped(paragraph) + "\n";
}

std::string command_section(const DescribedCommand& command) {
  std::string text = ".SS " + escaped(command.path) + "\n" + escaped(command.description) + ".\n" +
                     ".PP\n" + bold("muslcheck " + command.path);
  if (command.options.size() > 1) text += " [" + italic("OPTION") + "]...";
  for (const DescribedOption& argument : command.arguments) text += " " + italic(argument.value);
  return text + "\n" + option_items(command) + notes(command.footer);
}

std::string examples(const std::vector<DescribedCommand>& commands) {
  std::string text = ".SH EXAMPLES\n.nf\n";
  for (const DescribedCommand& command : commands)
    for (const std::string_view line : core::split(command.footer, '\n'))
      if (is_example(line)) text += escaped(core::trim(line)) + "\n";
  return text + ".fi\n";
}

std::string exit_status() {
  return ".SH EXIT STATUS\n" +
         item(bold("0"), "Nothing is at or above the threshold of --fail-on.") +
         item(bold("1"), "There are findings at or above it.") +
         item(bold("2"), "The command line is wrong, or the program failed.") +
         item(bold("3"), "Something could not be examined, with --strict.");
}

std::string environment() {
  return ".SH ENVIRONMENT\n" +
         item(bold("MUSLCHECK_") + italic("NAME"),
              "An option of scan: MUSLCHECK_FAIL_ON is --fail-on. The command line wins.") +
         item(bold("XDG_CACHE_HOME") + ", " + bold("XDG_CONFIG_HOME") + ", " + bold("HOME"),
              "Where the cache and the configuration file of the user are.") +
         item(bold("NO_COLOR"), "If it is set and not empty, tables have no colours.") +
         item(bold("COLUMNS") + ", " + bold("TERM"),
              "Width and kind of the terminal, for the progress bar.");
}

std::string files() {
  return ".SH FILES\n" +
         item(italic("muslcheck.json") + ", " + italic(".muslcheck.json") + ", " +
                  italic("~/.config/muslcheck/config.json"),
              "Options of scan that are always given; the first of them that exists is read.") +
         item(italic(".muslcheckignore.json"), "Findings that are set aside, and why.") +
         item(italic("~/.cache/muslcheck"), "What layers of images hold.");
}

}  // namespace

std::string write_manual(const std::vector<DescribedCommand>& commands, std::string_view version) {
  const DescribedCommand& program = commands.front();
  std::string text = ".TH MUSLCHECK 1 \"\" \"muslcheck " + escaped(version) +
                     "\" \"User Commands\"\n.SH NAME\nmuslcheck \\- predict what breaks when a "
                     "container image moves from glibc to musl\n.SH SYNOPSIS\n" +
                     bold("muslcheck") + " " + italic("COMMAND") + " [" + italic("OPTION") +
                     "]... [" + italic("ARGUMENT") + "]...\n.SH DESCRIPTION\n" +
                     escaped(program.description) +
                     "\n.SH OPTIONS\nThey can be given after each command, too.\n" +
                     option_items(program) + ".SH COMMANDS\n";
  for (const DescribedCommand& command : commands)
    if (!command.path.empty()) text += command_section(command);
  return text + exit_status() + environment() + files() + examples(commands);
}

}  // namespace muslcheck::cli
