// `muslcheck rules` and `muslcheck targets`: what is built in. Each entry begins at the margin;
// what it has beyond one line is indented.

#include <algorithm>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/wrap.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {
namespace {

std::string column(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string describe_relr(const std::optional<bool>& relr) {
  if (!relr) return "unknown";
  return *relr ? "yes" : "no";
}

}  // namespace

int run_rules(const rules::RuleSet& rules) {
  std::string out;
  for (const rules::Check& check : rules.checks) {
    const std::string start =
        column(check.id, 6) + column(check.name, 23) + column(name_of(check.severity), 8);
    out += start + wrap(check.title, start.size()).substr(start.size());
  }
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
