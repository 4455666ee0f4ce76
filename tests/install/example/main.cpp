// Scans a SOURCE, prints a line for each finding, and writes the whole report as SARIF to a file.

#include <fstream>
#include <iostream>
#include <muslcheck/muslcheck.hpp>

using namespace muslcheck;

// Names from the image are what an attacker chose: printable() shows their escape sequences.
void print(const model::Finding& finding) {
  std::cout << name_of(finding.severity) << ' ' << finding.rule_id << ' '
            << core::printable(finding.path) << " ("
            << (finding.package.empty() ? "no package" : core::printable(finding.package)) << ")\n";
}

int complain(const std::string& message) {
  std::cerr << core::printable(message) << '\n';
  return 2;
}

int main(int argc, char* argv[]) {
  if (argc != 3) return complain("usage: example SOURCE REPORT.sarif");

  const auto rules = rules::load_embedded_rules();
  if (!rules) return complain(describe(rules.error()));
  const auto report = scan::scan({.source = argv[1], .target = "alpine:3.22"}, *rules);
  if (!report) return complain(describe(report.error()));
  for (const model::Finding& finding : report->findings) print(finding);
  std::ofstream file(argv[2], std::ios::binary);
  file << write_report(*report, report::Format::sarif, {.rules = rule_texts(*rules)});

  return file.flush() ? 0 : complain("cannot write the report");
}
