// Accounts. Alpine's busybox has adduser and addgroup with short options, and no useradd, groupadd,
// usermod. The differences that matter:
//
// - useradd makes a group of the user's name, busybox's adduser -S does not: the user would be in
//   nogroup;
// - adduser -G takes the name of a group, not its number;
// - useradd makes no home unless -m says so, busybox makes one unless -H says so.
//
// What cannot be said that way stays as it is, and Alpine's package shadow makes it work.

#include "plan/users.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "plan/account_options.hpp"

namespace muslcheck::plan {
namespace {

constexpr std::array kUseradd{OptionName{'u', "uid", true},
                              OptionName{'g', "gid", true},
                              OptionName{'G', "groups", true},
                              OptionName{'s', "shell", true},
                              OptionName{'d', "home-dir", true},
                              OptionName{'d', "home", true},
                              OptionName{'c', "comment", true},
                              OptionName{'m', "create-home", false},
                              OptionName{'M', "no-create-home", false},
                              OptionName{'r', "system", false},
                              OptionName{'N', "no-user-group", false},
                              OptionName{'U', "user-group", false},
                              OptionName{'l', "no-log-init", false}};
constexpr std::array kGroupadd{OptionName{'g', "gid", true}, OptionName{'r', "system", false},
                               OptionName{'f', "force", false}};
/// Debian's adduser and addgroup know long options only. The letters are those of useradd.
constexpr std::array kAdduser{OptionName{'u', "uid", true},
                              OptionName{'g', "ingroup", true},
                              OptionName{'g', "gid", true},
                              OptionName{'s', "shell", true},
                              OptionName{'d', "home", true},
                              OptionName{'c', "gecos", true},
                              OptionName{'c', "comment", true},
                              OptionName{'M', "no-create-home", false},
                              OptionName{'r', "system", false},
                              OptionName{'U', "group", false},
                              OptionName{'p', "disabled-password", false},
                              OptionName{'p', "disabled-login", false},
                              OptionName{'q', "quiet", false},
                              OptionName{'q', "force-badname", false},
                              OptionName{'q', "allow-bad-names", false}};
constexpr std::array kAddgroup{OptionName{'g', "gid", true}, OptionName{'r', "system", false},
                               OptionName{'q', "quiet", false}};
constexpr std::array kUsermod{OptionName{'a', "append", false}, OptionName{'G', "groups", true}};
constexpr std::array kUserdel{OptionName{'r', "remove", false}, OptionName{'f', "force", false}};

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The name of a group that is written as a name, a number or a variable; nothing if only its
/// number is known.
std::optional<std::string> group_name(const std::string& written, const RunContext& context) {
  const auto known = context.image.groups.find(unquoted(written));
  if (known != context.image.groups.end()) return known->second;
  if (unquoted(written) == "0") return "root";
  if (is_number(unquoted(written))) return std::nullopt;
  return written;
}

std::string shell_for(const std::string& written, RunContext& context) {
  const std::string shell = unquoted(written);
  if (shell == "/usr/sbin/nologin") return "/sbin/nologin";
  const bool bash = shell == "/bin/bash" || shell == "/usr/bin/bash";
  if (!bash || context.image.has_bash) return written;
  const std::string note =
      "the login shell is /bin/sh now: Alpine has no bash, and nothing else here asks for it";
  context.notes.add(note);
  return "/bin/sh";
}

/// Replaces the command by this text, of one or more commands.
void set_text(ShellCommand& command, const std::string& text, bool several) {
  const std::size_t program = program_index(command);
  std::vector<Word> words(command.words.begin(),
                          command.words.begin() + static_cast<std::ptrdiff_t>(program));
  const bool grouped = several && !command.before.empty();
  words.push_back({.gap = words.empty() ? "" : " ", .text = grouped ? "{ " + text + "; }" : text});
  command.words = std::move(words);
}

void use_shadow(const ShellCommand& command, RunContext& context) {
  context.image.wanted.insert("shadow");
  const std::string note = program_of(command) + " is kept: the package shadow has it";
  context.notes.add(note);
}

/// What is known of a user to be made.
struct Account {
  Arguments arguments;
  bool makes_home = true;    ///< unless an option says otherwise
  bool makes_group = false;  ///< of the user's name
};

/// A group for each of "docker,audio".
std::string more_groups(const std::string& user, const std::string& list, RunContext& context) {
  std::string text;
  const std::string groups = unquoted(list);
  for (const std::string_view group : core::split(groups, ',')) {
    if (group.empty()) continue;
    const bool is_sudo = group == "sudo";
    if (is_sudo)
      context.notes.add("Alpine has no group sudo: wheel takes its place, see /etc/sudoers");
    text += " && addgroup " + user + " " + (is_sudo ? "wheel" : std::string(group));
  }
  return text;
}

void write_account(ShellCommand& command, const Account& account, RunContext& context) {
  const Arguments& given = account.arguments;
  const std::string& user = given.names.front();
  const bool system = given.has('r');
  std::string group = given.value('g');
  if (!group.empty()) {
    const auto name = group_name(group, context);
    if (!name) return use_shadow(command, context);
    group = *name;
  }
  std::string before;
  if (group.empty() && account.makes_group && system) {
    before =
        "addgroup -S " + (given.has('u') ? "-g " + given.value('u') + " " : "") + user + " && ";
    group = user;
  }
  std::string text = before + "adduser " + (system ? "-S -D" : "-D");
  if (!account.makes_home) text += " -H";
  if (given.has('u')) text += " -u " + given.value('u');
  if (!group.empty()) text += " -G " + group;
  if (given.has('s')) text += " -s " + shell_for(given.value('s'), context);
  if (given.has('d')) text += " -h " + given.value('d');
  if (given.has('c') && !unquoted(given.value('c')).empty()) text += " -g " + given.value('c');
  text += " " + user;
  const std::string more = given.has('G') ? more_groups(user, given.value('G'), context) : "";
  set_text(command, text + more, !before.empty() || !more.empty());
}

void rewrite_useradd(ShellCommand& command, RunContext& context) {
  Account account{.arguments = parse_arguments(command, kUseradd, true)};
  const Arguments& given = account.arguments;
  if (!given.understood || given.names.size() != 1) return use_shadow(command, context);
  account.makes_home = given.has('m');
  account.makes_group = !given.has('g') && !given.has('N');
  write_account(command, account, context);
}

void write_group(ShellCommand& command, const Arguments& given, RunContext& context) {
  const std::string& name = given.names.front();
  if (given.has('g')) context.image.groups[unquoted(given.value('g'))] = name;
  std::string text = given.has('r') ? "addgroup -S" : "addgroup";
  if (given.has('g')) text += " -g " + given.value('g');
  text += " " + name;
  if (given.has('f')) text = "{ " + text + " || true; }";
  set_text(command, text, false);
}

void rewrite_groupadd(ShellCommand& command, RunContext& context) {
  const Arguments given = parse_arguments(command, kGroupadd, true);
  if (!given.understood || given.names.size() != 1) return use_shadow(command, context);
  write_group(command, given, context);
}

/// Debian's adduser; one that busybox takes as well stays as it is.
void rewrite_adduser(ShellCommand& command, RunContext& context) {
  Account account{.arguments = parse_arguments(command, kAdduser, false)};
  const Arguments& given = account.arguments;
  if (!given.understood || given.names.empty()) return;  // letters are busybox's own options
  if (given.names.size() == 2 && given.options.empty())
    return set_text(command, "addgroup " + given.names[0] + " " + given.names[1], false);
  account.makes_home = !given.has('M');
  account.makes_group = given.has('U');
  if (given.names.size() == 1) write_account(command, account, context);
}

void rewrite_addgroup(ShellCommand& command, RunContext& context) {
  const Arguments given = parse_arguments(command, kAddgroup, false);
  if (given.understood && given.names.size() == 1) write_group(command, given, context);
}

void rewrite_usermod(ShellCommand& command, RunContext& context) {
  const Arguments given = parse_arguments(command, kUsermod, true);
  if (!given.understood || given.names.size() != 1 || !given.has('G') || !given.has('a'))
    return use_shadow(command, context);
  const std::string text = more_groups(given.names.front(), given.value('G'), context);
  if (text.empty()) return use_shadow(command, context);
  constexpr std::string_view kJoint = " && ";
  const std::string plain = text.substr(kJoint.size());
  set_text(command, plain, plain.find(kJoint) != std::string::npos);
}

void rewrite_userdel(ShellCommand& command, RunContext& context) {
  const Arguments given = parse_arguments(command, kUserdel, true);
  if (!given.understood || given.names.size() != 1) return use_shadow(command, context);
  set_text(command, (given.has('r') ? "deluser --remove-home " : "deluser ") + given.names.front(),
           false);
}

void rewrite_groupdel(ShellCommand& command, RunContext& context) {
  const Arguments given = parse_arguments(command, {}, true);
  if (!given.understood || given.names.size() != 1) return use_shadow(command, context);
  set_text(command, "delgroup " + given.names.front(), false);
}

struct Program {
  std::string_view name;
  void (*rewrite)(ShellCommand&, RunContext&);
};

void keep_with_shadow(ShellCommand& command, RunContext& context) { use_shadow(command, context); }

constexpr std::array kPrograms{
    Program{"useradd", rewrite_useradd},   Program{"groupadd", rewrite_groupadd},
    Program{"adduser", rewrite_adduser},   Program{"addgroup", rewrite_addgroup},
    Program{"usermod", rewrite_usermod},   Program{"userdel", rewrite_userdel},
    Program{"groupdel", rewrite_groupdel}, Program{"groupmod", keep_with_shadow},
    Program{"chsh", keep_with_shadow},     Program{"chage", keep_with_shadow},
    Program{"gpasswd", keep_with_shadow},  Program{"newusers", keep_with_shadow}};

const Program* find_program(const std::string& name) {
  return core::find_where(kPrograms, [&](const Program& one) { return one.name == name; });
}

}  // namespace

bool is_account_program(const std::string& program) { return find_program(program) != nullptr; }

void rewrite_account(ShellCommand& command, RunContext& context) {
  const Program* program = find_program(program_of(command));
  if (program != nullptr) program->rewrite(command, context);
}

}  // namespace muslcheck::plan
