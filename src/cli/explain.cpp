// `muslcheck explain`: what a rule means, and what is known about a symbol or soname on every
// release. It asks the same target profiles as a scan does, so it cannot tell another story.

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/wrap.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/loader/loader.hpp"
#include "muslcheck/rules/in_general.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::cli {
namespace {

constexpr const char* kArch = "x86_64";

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string explain_rule(const rules::Check& check) {
  std::string out = check.id + " " + check.name + " (" + name_of(check.severity) + ")\n";
  out += wrap(check.title, 2) + "\n" + wrap(check.cause, 2) + "\nWhat to do\n";
  out += wrap(rules::in_general(check.remedy.text, check), 2);
  if (!check.remedy.command.empty())
    out += "  $ " + rules::in_general(check.remedy.command, check) + "\n";
  const std::vector<std::string>& symbols = check.when ? check.when->imports : check.symbols;
  if (!symbols.empty()) out += "\nSymbols\n" + wrap(core::join(symbols, ", "), 2);
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
  const rules::SonameNearMiss* miss = rules.find_near_miss(soname);
  if (miss == nullptr) return out;
  if (!miss->alpine.empty() && miss->kind == "other-soname")
    out += wrap("Alpine's counterpart is " + core::join(miss->alpine, " or ") + " (" + miss->apk +
                    "): another soname, so the module must be rebuilt.",
                2);
  if (!miss->note.empty()) out += wrap("Note: " + miss->note, 2);
  return out;
}

std::string answer_for_symbol(const target::Target& target, const std::string& symbol) {
  if (target.libc_symbols.contains(symbol)) return "exported by musl";
  if (target.find_libc_symbol(symbol) != nullptr)
    return "found by the loader as " + symbol.substr(0, symbol.rfind("64")) + ", not by dlsym";
  return "missing: \"Error relocating FILE: " + symbol + ": symbol not found\"";
}

bool exports_symbol(const rules::LibraryExports& library, const std::string& symbol) {
  return std::binary_search(library.symbols.begin(), library.symbols.end(), symbol);
}

/// Rules for files that get musl's function and expect another.
std::string explain_imports(const std::string& symbol, const rules::RuleSet& rules) {
  std::string out;
  for (const rules::Check& check : rules.checks) {
    if (!check.when || !core::contains(check.when->imports, symbol)) continue;
    const std::string bits =
        check.when->bits == 0 ? "" : " of " + std::to_string(check.when->bits) + " bits";
    out += "  In a file built for glibc" + bits + ": " + check.id + " " + check.name + ", " +
           check.title + "\n";
  }
  return out;
}

std::string explain_symbol(const std::string& symbol, const rules::RuleSet& rules) {
  std::string out = symbol + "\n";
  out += ask_releases(
      rules, [&](const target::Target& target) { return answer_for_symbol(target, symbol); });
  for (const rules::LibraryExports& library : rules.exports)
    if (exports_symbol(library, symbol))
      out += "  Exported by " + library.soname + " (apk " + library.apk + ")\n";
  for (const rules::Check& check : rules.checks)
    if (core::matches_any(check.symbols, symbol))
      out += "  Where it is missing: " + check.id + " " + check.name + ", " + check.title + "\n";
  return out + explain_imports(symbol, rules);
}

/// Known from any table at all? Otherwise the word is probably a typing error.
bool is_known_symbol(const std::string& symbol, const rules::RuleSet& rules) {
  const auto history = rules.musl_symbols.find(kArch);
  const auto has_name = [&](const auto& entry) { return entry.name == symbol; };
  if (history != rules.musl_symbols.end() &&
      std::any_of(history->second.begin(), history->second.end(), has_name))
    return true;
  const auto in_check = [&](const rules::Check& check) {
    return core::matches_any(check.symbols, symbol);
  };
  const auto in_exports = [&](const rules::LibraryExports& library) {
    return exports_symbol(library, symbol);
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

}  // namespace

int run_explain(const std::string& subject, const rules::RuleSet& rules) {
  const auto written = write_stdout(explain(subject, rules));
  return written ? kExitOk : report_error(written.error());
}

}  // namespace muslcheck::cli
