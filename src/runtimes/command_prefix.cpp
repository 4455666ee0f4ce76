// Which words of a command are another command is known for the small programs that entry points
// and scripts put in front of the real one. Each has options, some with an argument, and some have
// words of their own before the command (timeout 5 node, gosu app node). (Manual pages of
// coreutils, findutils, util-linux, sudo, tini, dumb-init, gosu, su-exec.)

#include "runtimes/command_prefix.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::runtimes {
namespace {

struct Prefix {
  std::string_view name;
  std::string_view with_argument;  ///< letters of options whose argument is the next word
  std::size_t own_words = 0;       ///< before the command
  bool assignments = false;        ///< NAME=value before the command
};

constexpr std::array<Prefix, 24> kPrefixes{{
    {"builtin", ""},
    {"catatonit", ""},
    {"chroot", "", 1},
    {"command", ""},
    {"dumb-init", "r"},
    {"env", "uCS", 0, true},
    {"exec", "a"},
    {"flock", "wEc", 1},
    {"gosu", "", 1},
    {"ionice", "cn"},
    {"nice", "n"},
    {"nohup", ""},
    {"runuser", "ugGs"},
    {"setpriv", ""},
    {"setsid", ""},
    {"stdbuf", "ioe"},
    {"strace", "eopfs"},
    {"su-exec", "", 1},
    {"sudo", "ughpCrtUD", 0, true},
    {"time", "fo"},
    {"timeout", "ks", 1},
    {"tini", "pe"},
    {"tini-static", "pe"},
    {"xargs", "aEILnPsd"},
}};

constexpr std::array<std::string_view, 6> kShells{"sh", "bash", "dash", "ash", "ksh", "zsh"};

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  return equals != std::string_view::npos && equals != 0;
}

/// True if the argument of this short option is the next word: -u, but not -uroot and not -i.
bool takes_next(std::string_view option, std::string_view with_argument) {
  return option.size() >= 2 && option[1] != '-' &&
         with_argument.find(option.back()) != std::string_view::npos;
}

/// find . -exec chmod 755 {} +
std::size_t after_exec(const std::vector<std::string>& words) {
  const auto found = std::find_if(words.begin(), words.end(), [](const std::string& word) {
    return word == "-exec" || word == "-execdir" || word == "-ok";
  });
  return found == words.end() ? words.size() : static_cast<std::size_t>(found - words.begin()) + 1;
}

}  // namespace

std::size_t find_inner_command(const std::vector<std::string>& words) {
  const std::string_view name = core::file_name(words.front());
  if (name == "find") return after_exec(words);
  const Prefix* prefix =
      core::find_where(kPrefixes, [&](const Prefix& known) { return known.name == name; });
  if (prefix == nullptr) return words.size();
  std::size_t at = 1;
  for (; at < words.size() && words[at].size() > 1 && words[at][0] == '-'; ++at) {
    if (words[at] == "--") {
      ++at;
      break;
    }
    // command -v and -V only ask.
    if (name == "command" && (words[at] == "-v" || words[at] == "-V")) return words.size();
    if (takes_next(words[at], prefix->with_argument)) ++at;
  }
  at = std::min(at, words.size());
  while (prefix->assignments && at < words.size() && is_assignment(words[at])) ++at;
  return std::min(at + prefix->own_words, words.size());
}

std::size_t find_inner_script(const std::vector<std::string>& words) {
  const std::string_view name = core::file_name(words.front());
  const bool is_su = name == "su" || name == "runuser";
  if (!is_su && !core::contains(kShells, name)) return words.size();
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--command" && is_su) return at + 1;
    if (word.size() < 2 || word[0] != '-') {
      if (is_su) continue;
      break;  // the script's own arguments follow
    }
    if (word[1] != '-' && word.find('c') != std::string::npos) return at + 1;
    if (word == "-o") ++at;
  }
  return words.size();
}

}  // namespace muslcheck::runtimes
