// JUnit XML, which every CI shows as tests: a suite per package, a test per file. There is no
// standard; this keeps to what the schema of Jenkins and the readers of GitLab, GitHub actions and
// Azure have in common: at most one <failure> per test, counts that add up, no times.

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/accepted.hpp"
#include "report/escape.hpp"
#include "report/order.hpp"
#include "report/purl.hpp"
#include "report/words.hpp"
#include "report/writers.hpp"

namespace muslcheck::report {
namespace {

using model::Finding;
using model::Report;
using model::Severity;

/// Loader texts per finding; one symbol family can have hundreds.
constexpr std::size_t kMaxEvidence = 20;

struct Case {
  const model::Module* module = nullptr;  ///< null if it is about no module that moves
  std::vector<const Finding*> findings;
  /// Of a module that fails and of which no finding speaks: the one about its package, which
  /// counts it ("the same for 3 more files"). Null if there is none, or if it is set aside.
  const Finding* told_by = nullptr;
};

struct Suite {
  std::map<std::string, Case> cases;  ///< by path
};

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
};

/// What is in the baseline fails no build.
bool is_failure(const Finding& finding) {
  return finding.severity == Severity::error && !finding.baseline;
}

bool is_failing_module(const Case& test) {
  return test.module != nullptr && model::fails(test.module->outcome);
}

/// The worst finding about a file that fails as well; the first of several.
const Finding* find_told_by(const Suite& suite) {
  const Finding* worst = nullptr;
  for (const auto& [path, test] : suite.cases) {
    if (!is_failing_module(test)) continue;
    for (const Finding* finding : test.findings)
      if (worst == nullptr || finding->severity > worst->severity) worst = finding;
  }
  return worst;
}

/// The files of findings that an ignore file sets aside: nothing else speaks for them.
std::set<std::string> accepted_paths(const Report& report) {
  std::set<std::string> paths;
  for (const model::SuppressedFinding& one : report.suppressed) paths.insert(one.finding.path);
  return paths;
}

Suite make_suite(const std::string& purl, const PackageContent& content,
                 const std::set<std::string>& accepted) {
  Suite suite;
  for (const model::Module* module : content.modules) suite.cases[module->path].module = module;
  for (const Finding* finding : content.findings)
    suite.cases[finding->path].findings.push_back(finding);
  // Files of no package have nothing in common.
  const Finding* told_by = purl.empty() ? nullptr : find_told_by(suite);
  for (auto& [path, test] : suite.cases)
    if (is_failing_module(test) && test.findings.empty() && !accepted.contains(path))
      test.told_by = told_by;
  return suite;
}

std::vector<const Finding*> chosen_findings(const Case& test, bool failures) {
  std::vector<const Finding*> chosen;
  for (const Finding* finding : test.findings)
    if (is_failure(*finding) == failures) chosen.push_back(finding);
  return chosen;
}

bool fails(const Case& test) {
  return !chosen_findings(test, true).empty() ||
         (test.told_by != nullptr && is_failure(*test.told_by));
}

bool is_skipped(const Case& test) {
  return !fails(test) && test.module != nullptr && test.module->outcome == model::Outcome::unknown;
}

Counts count(const Suite& suite) {
  Counts counts{.tests = suite.cases.size(), .failures = 0, .skipped = 0};
  for (const auto& [path, test] : suite.cases) {
    if (fails(test)) ++counts.failures;
    if (is_skipped(test)) ++counts.skipped;
  }
  return counts;
}

/// Of all suites together: their number of skipped tests is no attribute in Jenkins' schema.
std::string attributes_of_all(const Counts& counts) {
  return " tests=\"" + std::to_string(counts.tests) + "\" failures=\"" +
         std::to_string(counts.failures) + "\" errors=\"0\"";
}

std::string attributes(const Counts& counts) {
  return attributes_of_all(counts) + " skipped=\"" + std::to_string(counts.skipped) + "\"";
}

/// Several lines; each text from the image stays on its line.
std::string describe(const std::vector<const Finding*>& findings) {
  std::string text;
  for (const Finding* finding : findings) {
    text += std::string(name_of(finding->severity)) + " " + xml(describe_rule(*finding)) + ": " +
            xml(finding->message) + "\n";
    for (std::size_t i = 0; i < finding->evidence.size() && i < kMaxEvidence; ++i)
      text += "  " + xml(finding->evidence[i]) + "\n";
    if (finding->evidence.size() > kMaxEvidence)
      text += "  and " + std::to_string(finding->evidence.size() - kMaxEvidence) + " more\n";
    if (!finding->remedy.text.empty()) text += "  fix: " + xml(finding->remedy.text) + "\n";
    if (!finding->remedy.command.empty()) text += "  " + xml(finding->remedy.command) + "\n";
  }
  return text;
}

std::string failure(const std::vector<const Finding*>& errors) {
  std::string title = errors.front()->message;
  if (errors.size() > 1) title += " (and " + counted(errors.size() - 1, "more error") + ")";
  return "      <failure type=\"" + xml(errors.front()->rule_id) + "\" message=\"" + xml(title) +
         "\">" + describe(errors) + "</failure>\n";
}

/// What is said of a module whose package has the finding.
std::string describe_told(const Case& test) {
  const std::string text = describe_outcome(*test.module);
  if (test.told_by == nullptr) return text;
  return text + ", as " + test.told_by->path + ": " + describe_rule(*test.told_by);
}

std::string write_told(const Case& test) {
  const std::string text = xml(describe_told(test));
  if (!fails(test)) return "      <system-out>" + text + "\n</system-out>\n";
  return "      <failure type=\"" + xml(test.told_by->rule_id) + "\" message=\"" + text + "\"/>\n";
}

std::string write_case(const std::string& class_name, const std::string& path, const Case& test) {
  std::string content;
  const std::vector<const Finding*> errors = chosen_findings(test, true);
  const std::vector<const Finding*> others = chosen_findings(test, false);
  if (!errors.empty()) content += failure(errors);
  if (is_failing_module(test) && test.findings.empty()) content += write_told(test);
  if (is_skipped(test)) content += "      <skipped message=\"not judged\"/>\n";
  if (!others.empty()) content += "      <system-out>" + describe(others) + "</system-out>\n";
  const std::string name = path.empty() ? "the image as a whole" : path;
  const std::string start =
      "    <testcase classname=\"" + xml(class_name) + "\" name=\"" + xml(name) + "\"";
  return content.empty() ? start + "/>\n" : start + ">\n" + content + "    </testcase>\n";
}

/// "npm.@img/sharp-linux-x64": with its name a test is the same test over versions, and Jenkins
/// shows what stands before a dot as a folder.
std::string class_of(const std::string& purl) {
  const Purl parsed = parse_purl(purl);
  return parsed.name.empty() ? "files of no package" : parsed.type + "." + parsed.name;
}

std::string write_suite(const std::string& purl, const Suite& suite) {
  const std::string name = purl.empty() ? "files of no package" : title_of_purl(purl);
  std::string text = "  <testsuite name=\"" + xml(name) + "\"" + attributes(count(suite)) + ">\n";
  for (const auto& [path, test] : suite.cases) text += write_case(class_of(purl), path, test);
  return text + "  </testsuite>\n";
}

/// What could not be examined, and what is wrong with the ignore file, as tests that were skipped.
std::string write_problems(const Report& report, bool about_ignore_file) {
  std::string cases;
  Counts counts;
  for (const model::Problem* problem : ordered_problems(report)) {
    if (is_about_ignore_file(*problem) != about_ignore_file) continue;
    ++counts.tests;
    ++counts.skipped;
    cases += "    <testcase classname=\"" + xml(problem->stage + "/" + problem->code) +
             "\" name=\"" + xml(problem->path.empty() ? "the source" : problem->path) +
             "\">\n      <skipped message=\"" + xml(problem->message) + "\"/>\n    </testcase>\n";
  }
  if (cases.empty()) return {};
  const char* name = about_ignore_file ? "ignore file" : "could not be examined";
  return std::string("  <testsuite name=\"") + name + "\"" + attributes(counts) + ">\n" + cases +
         "  </testsuite>\n";
}

}  // namespace

std::string write_junit(const Report& report) {
  Counts all{.tests = report.problems.size()};
  std::string suites;
  const std::set<std::string> accepted = accepted_paths(report);
  for (const auto& [purl, content] : content_by_package(report)) {
    const Suite suite = make_suite(purl, content, accepted);
    const Counts counts = count(suite);
    all.tests += counts.tests;
    all.failures += counts.failures;
    suites += write_suite(purl, suite);
  }
  const std::string name = report.source.name + " on " + report.target.name;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" +
         xml("muslcheck: " + name) + "\"" + attributes_of_all(all) + ">\n" + suites +
         write_problems(report, false) + write_problems(report, true) + "</testsuites>\n";
}

}  // namespace muslcheck::report
