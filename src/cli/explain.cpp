// `muslcheck explain`: what a rule means, and what is known about a symbol or soname on every
// release. It asks the same target profiles as a scan does, so it cannot tell another story.

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/loader/loader.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::cli {
namespace {

constexpr const char* kArch = "x86_64";
constexpr std::size_t kWidth = 80;

/// Text broken at spaces to fit 80 columns, each line indented.
std::string wrap(std::string_view text, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string out;
  std::string line;
  for (const std::string_view word : core::split(text, ' ')) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > kWidth) {
      out += margin + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  return out + margin + line + "\n";
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// A rule's text where nothing is at hand to fill it in with: each placeholder in words.
std::string in_general(std::string text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kWords{{
      {"{path}", "the file"},
      {"{subject}", "the library or symbol"},
      {"{symbols}", "the symbols"},
      {"{count}", "some"},
      {"{host}", "its host"},
      {"{target}", "the target"},
      {"{arch}", "the target's architecture"},
      {"{apk}", "PACKAGE"},
      {"{library}", "the library"},
      {"{package}", "the package"},
      {"{musl}", "of the target"},
  }};
  for (const auto& [placeholder, word] : kWords)
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
      text.replace(at, placeholder.size(), word);
  return text;
}

std::string explain_rule(const rules::Check& check) {
  std::string out = check.id + " " + check.name + " (" + name_of(check.severity) + ")\n";
  out += wrap(check.title, 2) + "\n" + wrap(check.cause, 2) + "\nWhat to do\n";
  out += wrap(in_general(check.remedy.text), 2);
  if (!check.remedy.command.empty()) out += "  $ " + in_general(check.remedy.command) + "\n";
  if (!check.symbols.empty()) out += "\nSymbols\n" + wrap(core::join(check.symbols, ", "), 2);
  if (!check.references.empty()) out += "\nSeen in\n" + wrap(core::join(check.references, ", "), 2);
  return out;
}

/// One answer and the releases that share it, oldest first.
struct Row {
  std::string answer;
  std::vector<std::string> releases;
};

/// Asks every release and groups neighbours with the same answer.
template <typename Ask>
std::string ask_releases(const rules::RuleSet& rules, const Ask& ask) {
  std::vector<Row> rows;
  for (const rules::Release& release : rules.releases) {
    const auto target = target::make_target(rules, "alpine:" + release.release, kArch);
    if (!target) continue;
    std::string answer = ask(*target);
    if (rows.empty() || rows.back().answer != answer) rows.push_back({std::move(answer), {}});
    rows.back().releases.push_back(release.release);
  }
  std::string out;
  for (const Row& row : rows) {
    std::string span = row.releases.front();
    if (row.releases.size() > 1) span += " to " + row.releases.back();
    span.resize(std::max<std::size_t>(span.size(), 14), ' ');
    out += "  " + span + " " + row.answer + "\n";
  }
  return out;
}

std::string answer_for_library(const target::Target& target, const std::string& soname) {
  const target::TargetLibrary* library = target.find_library(soname);
  if (library == nullptr) return "not packaged";
  if (library->in_base) return "part of the bare image (" + library->apk + ")";
  std::string answer = "apk add " + library->apk;
  if (library->confidence != model::Confidence::certain)
    answer += std::string(" (") + name_of(library->confidence) + ")";
  return answer;
}

std::string explain_soname(const std::string& soname, const rules::RuleSet& rules) {
  std::string out = soname + "\n";
  if (loader::is_reserved_library(soname))
    return out + wrap(
                     "musl answers this name itself: it is part of libc, whatever follows the "
                     "dot. Nothing needs to be installed.",
                     2);
  out += ask_releases(
      rules, [&](const target::Target& target) { return answer_for_library(target, soname); });
  for (const rules::SonameNearMiss& miss : rules.near_misses) {
    if (miss.debian != soname) continue;
    if (!miss.alpine.empty() && miss.kind == "other-soname")
      out += wrap("Alpine's counterpart is " + core::join(miss.alpine, " or ") + " (" + miss.apk +
                      "): another soname, so the module must be rebuilt.",
                  2);
    if (!miss.note.empty()) out += wrap("Note: " + miss.note, 2);
  }
  return out;
}

std::string answer_for_symbol(const target::Target& target, const std::string& symbol) {
  if (target.libc_symbols.contains(symbol)) return "exported by musl";
  if (target.find_libc_symbol(symbol) != nullptr)
    return "found by the loader as " + symbol.substr(0, symbol.rfind("64")) + ", not by dlsym";
  return "missing: \"Error relocating FILE: " + symbol + ": symbol not found\"";
}

std::string explain_symbol(const std::string& symbol, const rules::RuleSet& rules) {
  std::string out = symbol + "\n";
  out += ask_releases(
      rules, [&](const target::Target& target) { return answer_for_symbol(target, symbol); });
  for (const rules::LibraryExports& library : rules.exports)
    if (std::binary_search(library.symbols.begin(), library.symbols.end(), symbol))
      out += "  Exported by " + library.soname + " (apk " + library.apk + ")\n";
  for (const rules::Check& check : rules.checks) {
    const auto is_member = [&](const std::string& glob) {
      return core::matches_glob(glob, symbol);
    };
    if (std::any_of(check.symbols.begin(), check.symbols.end(), is_member))
      out += "  Where it is missing: " + check.id + " " + check.name + ", " + check.title + "\n";
  }
  return out;
}

/// Known from any table at all? Otherwise the word is probably a typing error.
bool is_known_symbol(const std::string& symbol, const rules::RuleSet& rules) {
  const auto history = rules.musl_symbols.find(kArch);
  const auto has_name = [&](const auto& entry) { return entry.name == symbol; };
  if (history != rules.musl_symbols.end() &&
      std::any_of(history->second.begin(), history->second.end(), has_name))
    return true;
  const auto matches = [&](const std::string& glob) { return core::matches_glob(glob, symbol); };
  const auto in_check = [&](const rules::Check& check) {
    return std::any_of(check.symbols.begin(), check.symbols.end(), matches);
  };
  const auto in_exports = [&](const rules::LibraryExports& library) {
    return std::binary_search(library.symbols.begin(), library.symbols.end(), symbol);
  };
  return std::any_of(rules.checks.begin(), rules.checks.end(), in_check) ||
         std::any_of(rules.exports.begin(), rules.exports.end(), in_exports);
}

std::string explain(const std::string& subject, const rules::RuleSet& rules) {
  for (const std::string& name : {subject, upper(subject)})
    if (const rules::Check* check = rules.find_check(name)) return explain_rule(*check);
  if (subject.find(".so") != std::string::npos || subject.starts_with("ld-linux"))
    return explain_soname(subject, rules);
  std::string out = explain_symbol(subject, rules);
  if (!is_known_symbol(subject, rules))
    out += wrap(
        "No table here knows this name: it is no function of musl, and no rule names it. "
        "A rule is written like MC104, a soname like libcrypt.so.1.",
        2);
  return out;
}

std::string column(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string describe_relr(const std::optional<bool>& relr) {
  if (!relr) return "unknown";
  return *relr ? "yes" : "no";
}

}  // namespace

int run_explain(const std::string& subject, const rules::RuleSet& rules) {
  const auto written = write_stdout(explain(subject, rules));
  return written ? kExitOk : report_error(written.error());
}

int run_rules(const rules::RuleSet& rules) {
  std::string out;
  for (const rules::Check& check : rules.checks)
    out += column(check.id, 7) + column(check.name, 25) + column(name_of(check.severity), 9) +
           check.title + "\n";
  const auto written = write_stdout(out);
  return written ? kExitOk : report_error(written.error());
}

int run_targets(const rules::RuleSet& rules) {
  std::string out = column("TARGET", 13) + column("MUSL", 22) + column("TABLE", 8) +
                    column("GCC", 9) + column("RELR", 9) + "LFS64\n";
  for (auto release = rules.releases.rbegin(); release != rules.releases.rend(); ++release) {
    out += column("alpine:" + release->release, 13) + column(release->musl_package, 22) +
           column(release->symbol_table, 8) +
           column(release->gcc.substr(0, release->gcc.find('_')), 9) +
           column(describe_relr(release->relr), 9) + release->lfs64 + "\n";
    out += wrap(core::join(release->arches, " "), 4);
    if (!release->note.empty()) out += wrap("Note: " + release->note, 4);
  }
  const auto written = write_stdout(out);
  return written ? kExitOk : report_error(written.error());
}

}  // namespace muslcheck::cli
