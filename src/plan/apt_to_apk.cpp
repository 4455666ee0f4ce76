// apt-get install as apk add. The packages keep their places, so that a list with one package per
// line stays one. A name that no table knows is kept: apk will say that there is no such package,
// which is better than an image that lacks something without a word.

#include "plan/apt_to_apk.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

/// Options of apt-get whose value is a word of its own.
constexpr std::array<std::string_view, 7> kWithValue{
    "-o", "-t", "-c", "-a", "--option", "--target-release", "--config-file"};
constexpr std::array<std::string_view, 2> kInstall{"install", "reinstall"};
constexpr std::array<std::string_view, 2> kRemove{"remove", "purge"};
constexpr std::array<std::string_view, 11> kNeedless{
    "update",    "upgrade",    "dist-upgrade", "full-upgrade", "safe-upgrade", "clean",
    "autoclean", "autoremove", "autopurge",    "check",        "list"};

bool is_redirection(std::string_view word) {
  const std::size_t start = word.find_first_not_of("0123456789");
  return start != std::string_view::npos &&
         (word[start] == '>' || word[start] == '<' || word.substr(start).starts_with("&>"));
}

/// "$NAME" or "${NAME}", in quotes or not: its name.
std::optional<std::string> variable_of(std::string_view word) {
  std::string text = unquoted(word);
  if (!text.starts_with('$')) return std::nullopt;
  text.erase(0, 1);
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return plain && !text.empty() ? std::optional(text) : std::nullopt;
}

struct PackageName {
  std::string name;
  std::string version;
};

/// "curl=7.88*", "curl:arm64", "curl/bookworm-backports", "curl+".
PackageName split_name(const std::string& word) {
  const std::size_t end = word.find_first_of("=/:");
  PackageName package{.name = word.substr(0, end)};
  if (end != std::string::npos && word[end] == '=') package.version = word.substr(end + 1);
  return package;
}

/// True for what can be a package, with a version or not: no spaces and quotes that are left.
bool is_plain(std::string_view word) {
  constexpr std::string_view kOthers = "+-._:=~*?/^";
  return std::all_of(word.begin(), word.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

/// Maps one word of a list of packages.
class PackageMapper {
 public:
  explicit PackageMapper(RunContext& context) : context_(context) {}

  /// The names of Alpine; none if there is no counterpart.
  std::vector<std::string> map(const std::string& written) {
    const std::string word = unquoted(written);
    if (word.find('$') != std::string::npos || word.find('`') != std::string::npos) {
      const auto variable = variable_of(written);
      if (!variable || !context_.package_variables.contains(*variable)) variables_.push_back(word);
      return {written};
    }
    const PackageName package = split_name(word);
    if (!is_plain(word) || word.ends_with(".deb") || package.name.find_first_of("*./?") == 0 ||
        package.name.find('*') != std::string::npos) {
      unknown_.push_back(word);
      return {written};
    }
    const rules::DebianPackage* known = context_.rules.find_debian_package(package.name);
    if (known == nullptr) {
      unknown_.push_back(package.name);
      context_.image.added.insert(package.name);
      return {package.name};
    }
    if (!package.version.empty()) versions_.push_back(package.name + "=" + package.version);
    if (known->apk.empty())
      context_.notes.add(package.name + " is left out, Alpine has no counterpart" +
                         (known->note.empty() ? "" : ": " + known->note));
    else if (known->confidence == "low")
      context_.notes.add(package.name + " as " + core::join(known->apk, " ") + " is a guess" +
                         (known->note.empty() ? "" : ": " + known->note));
    context_.image.added.insert(known->apk.begin(), known->apk.end());
    return known->apk;
  }

  void finish() {
    if (!unknown_.empty())
      context_.marks.add("no Alpine package is known for: " + core::join(unknown_, ", "));
    if (!variables_.empty())
      context_.marks.add("these hold names of Debian packages: " + core::join(variables_, ", "));
    if (!versions_.empty())
      context_.notes.add("versions of Debian are left out (" + core::join(versions_, ", ") +
                         "): apk takes the one of the release");
  }

 private:
  RunContext& context_;
  std::vector<std::string> unknown_;
  std::vector<std::string> variables_;
  std::vector<std::string> versions_;
};

/// The gap without comments in it, for a second word in the same place.
std::string plain_gap(const std::string& gap) {
  return gap.empty() || gap.find('#') != std::string::npos ? " " : gap;
}

/// The words behind the verb as packages of Alpine; options are left out.
std::vector<Word> map_words(const std::vector<Word>& words, std::size_t first,
                            RunContext& context) {
  PackageMapper mapper(context);
  std::vector<Word> out;
  std::set<std::string> seen;
  std::size_t i = first;
  for (; i < words.size() && !is_redirection(words[i].text); ++i) {
    const std::string word = unquoted(words[i].text);
    if (word.starts_with('-')) {
      if (core::contains(kWithValue, std::string_view(word))) ++i;
      continue;
    }
    std::string gap = words[i].gap;
    for (std::string& name : mapper.map(words[i].text)) {
      if (!seen.insert(name).second) continue;
      out.push_back({.gap = gap, .text = std::move(name)});
      gap = plain_gap(words[i].gap);
    }
  }
  mapper.finish();
  if (!out.empty() && i < words.size())
    out.insert(out.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
  return out;
}

/// Index of "install" behind the program and its options; the size if there is none.
std::size_t verb_index(const std::vector<Word>& words, std::size_t program) {
  std::size_t i = program + 1;
  for (; i < words.size() && words[i].text.starts_with('-'); ++i)
    if (core::contains(kWithValue, std::string_view(words[i].text))) ++i;
  return std::min(i, words.size());
}

/// What stands before the program and has a meaning for apk as well.
std::vector<Word> words_before(const ShellCommand& command, std::size_t program) {
  std::vector<Word> kept;
  for (std::size_t i = 0; i < program; ++i) {
    const Word& word = command.words[i];
    if (word.text.starts_with("DEBIAN_FRONTEND=") || word.text.starts_with("DEBCONF_") ||
        word.text.starts_with("ACCEPT_EULA="))
      continue;
    kept.push_back(word);
  }
  if (!kept.empty()) kept.front().gap.clear();
  return kept;
}

Fate replace_words(ShellCommand& command, std::size_t program, std::vector<std::string> start,
                   std::vector<Word> packages) {
  if (packages.empty()) return Fate::removed;
  std::vector<Word> words = words_before(command, program);
  for (std::string& word : start)
    words.push_back({.gap = words.empty() ? "" : " ", .text = std::move(word)});
  words.insert(words.end(), packages.begin(), packages.end());
  command.words = std::move(words);
  return Fate::kept;
}

}  // namespace

bool is_apt(const std::string& program) {
  constexpr std::array<std::string_view, 4> kPrograms{"apt-get", "apt", "aptitude", "apt-fast"};
  return core::contains(kPrograms, std::string_view(program));
}

Fate rewrite_apt(ShellCommand& command, RunContext& context) {
  const std::size_t program = program_index(command);
  const std::size_t verb_at = verb_index(command.words, program);
  const std::string verb =
      verb_at < command.words.size() ? unquoted(command.words[verb_at].text) : std::string();
  const std::string_view word = verb;
  if (core::contains(kNeedless, word)) return Fate::removed;
  if (core::contains(kInstall, word))
    return replace_words(command, program, {"apk", "add", "--no-cache"},
                         map_words(command.words, verb_at + 1, context));
  if (core::contains(kRemove, word))
    return replace_words(command, program, {"apk", "del"},
                         map_words(command.words, verb_at + 1, context));
  context.marks.add("not translated: " + core::shortened(plain_text(command), 100));
  return Fate::kept;
}

void find_package_variables(const ShellList& list, std::set<std::string>& names) {
  for (const ShellElement& element : list.elements)
    for (const ShellCommand& command : element.commands) {
      if (!is_apt(program_of(command))) continue;
      for (const Word& word : command.words)
        if (const auto name = variable_of(word.text)) names.insert(*name);
    }
}

void rewrite_package_variable(ShellCommand& command, RunContext& context) {
  if (command.words.size() != 1) return;
  std::string& text = command.words.front().text;
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || !context.package_variables.contains(text.substr(0, equals)))
    return;
  const std::size_t start = equals + 1;
  const bool quoted = text.size() > start + 1 && (text[start] == '"' || text[start] == '\'') &&
                      text.ends_with(text[start]);
  std::string tail;
  const std::string_view inside =
      quoted ? std::string_view(text).substr(start + 1, text.size() - start - 2)
             : std::string_view(text).substr(start);
  std::vector<Word> words = read_shell_words(inside, {}, tail);
  std::string value;
  for (const Word& word : map_words(words, 0, context)) value += word.gap + word.text;
  const std::string quote = quoted ? std::string(1, text[start]) : std::string();
  text = text.substr(0, start) + quote + value + tail + quote;
}

}  // namespace muslcheck::plan
