#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "muslcheck/core/text.hpp"
#include "muslcheck/report/report.hpp"
#include "report/escape.hpp"
#include "report/purl.hpp"
#include "report/writers.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "unit/report/sample_reports.hpp"

namespace {

using nlohmann::json;
using namespace muslcheck;
using report::Format;

std::vector<report::RuleText> rule_texts() {
  std::vector<report::RuleText> texts;
  for (const char* id : {"MC101", "MC102", "MC104", "MC201", "MC207", "MC210"})
    texts.push_back({.id = id,
                     .name = "a-name",
                     .title = "What is wrong",
                     .cause = "Why it happens.",
                     .help = "What to do.",
                     .severity = model::Severity::error,
                     .references = {"gin#1178"}});
  return texts;
}

std::string written(const model::Report& report, Format format) {
  return report::write_report(report, format, {.table = {}, .rules = rule_texts()});
}

void check_goldens(Format format, const std::string& ending) {
  const auto check = [&](const std::string& name, const model::Report& report) {
    test::check_golden("unit/report/golden/" + name + ending, written(report, format));
  };
  check("blocked", test::blocked_report());
  check("changes", test::changes_report());
  check("ready", test::ready_report());
  check("empty", test::empty_report());
  check("hostile", test::hostile_report());
}

/// Many findings, half of them errors, all of other files.
model::Report large_report(std::size_t count) {
  model::Report report = test::base_report();
  for (std::size_t i = 0; i < count; ++i)
    report.findings.push_back(
        test::finding("MC104", "library-installable",
                      i % 2 == 0 ? model::Severity::warning : model::Severity::error,
                      "app/" + std::to_string(i) + ".so", "libz.so.1", "It needs libz.so.1."));
  return report;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("SARIF of each kind of report stays as it was") {
  check_goldens(Format::sarif, ".sarif");
}
TEST_CASE("Code Quality of each kind of report stays as it was") {
  check_goldens(Format::gitlab, ".codequality");
}
TEST_CASE("JUnit of each kind of report stays as it was") { check_goldens(Format::junit, ".xml"); }
TEST_CASE("Markdown of each kind of report stays as it was") {
  check_goldens(Format::markdown, ".md");
}
TEST_CASE("CycloneDX of each kind of report stays as it was") {
  check_goldens(Format::cyclonedx, ".cdx");
}

TEST_CASE("the order in which things were found shows in no format") {
  model::Report reversed = test::blocked_report();
  std::reverse(reversed.modules.begin(), reversed.modules.end());
  std::reverse(reversed.findings.begin(), reversed.findings.end());
  for (const Format format :
       {Format::sarif, Format::gitlab, Format::junit, Format::markdown, Format::cyclonedx})
    CHECK(written(reversed, format) == written(test::blocked_report(), format));
}

TEST_CASE("what the JSON report leaves out makes no difference to the formats for services") {
  model::Report stripped = test::blocked_report();
  for (model::Package& package : stripped.packages) package = {.purl = package.purl};
  stripped.source.config.env = {"A=b"};
  for (const Format format :
       {Format::sarif, Format::gitlab, Format::junit, Format::markdown, Format::cyclonedx})
    CHECK(written(stripped, format) == written(test::blocked_report(), format));
}

TEST_CASE("JUnit: no other finding speaks for a file whose own is set aside") {
  model::Report report = test::blocked_report();
  const auto failures = [&] {
    const std::string text = written(report, Format::junit);
    const auto at = text.find("failures=\"") + 10;
    return std::stoi(text.substr(at));
  };
  const int before = failures();
  model::Finding accepted = report.findings.front();
  const auto same_file = [&](const model::Finding& one) { return one.path == accepted.path; };
  std::erase_if(report.findings, same_file);
  report.suppressed.push_back({.finding = accepted, .reason = "known"});
  CHECK(failures() == before - 1);
}

TEST_CASE("every format has a name that leads to it") {
  for (const std::string& name : report::format_names())
    CHECK(!report::write_report(test::blocked_report(), *report::find_format(name), {}).empty());
}

// ---- SARIF -------------------------------------------------------------------------------------

TEST_CASE("a SARIF result is at the Dockerfile's line, and the file in the image is related") {
  const json log = json::parse(written(test::changes_report(), Format::sarif));
  const json& result = log["runs"][0]["results"][0];
  const json& physical = result["locations"][0]["physicalLocation"];
  CHECK(physical["artifactLocation"]["uri"] == "shop/Dockerfile");
  CHECK(physical["region"]["startLine"] == 12);
  CHECK(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] ==
        test::kSharp);
  CHECK(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] ==
        "pkg:npm/%40img/sharp-linux-x64@0.34.1");
}

TEST_CASE("a SARIF result without a Dockerfile is at the file in the image") {
  const json log = json::parse(written(test::blocked_report(), Format::sarif));
  for (const json& result : log["runs"][0]["results"]) {
    CHECK_FALSE(result.contains("relatedLocations"));
    CHECK(result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1);
  }
}

TEST_CASE("a SARIF result about no file has a location all the same") {
  model::Report report = test::changes_report();
  report.findings[0].path.clear();
  const auto uri = [&] {
    const json log = json::parse(written(report, Format::sarif));
    return log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
              ["uri"]
                  .get<std::string>();
  };
  CHECK(uri() == "shop/Dockerfile");
  report.source.layers[1].instruction.reset();
  CHECK(uri() == "shop%3a1.4");
}

TEST_CASE("SARIF has the rules that occur, each with its help") {
  const json log = json::parse(written(test::changes_report(), Format::sarif));
  const json& rules = log["runs"][0]["tool"]["driver"]["rules"];
  REQUIRE(rules.size() == 3);
  CHECK(rules[0]["id"] == "MC102");
  CHECK(has(rules[0]["help"]["markdown"].get<std::string>(), "What to do."));
  CHECK(rules[0]["properties"]["problem.severity"] == "error");
}

TEST_CASE("a rule that nothing is known of has its name for a help, since GitHub wants one") {
  const json log = json::parse(
      report::write_report(test::changes_report(), Format::sarif, {.table = {}, .rules = {}}));
  const json& rule = log["runs"][0]["tool"]["driver"]["rules"][0];
  CHECK(rule["shortDescription"]["text"] == "loader-as-library");
  CHECK(rule["help"] == json{{"text", "loader-as-library"}});
}

TEST_CASE("SARIF keeps the worst results of too many and says how many are left out") {
  const json log = json::parse(written(large_report(30'000), Format::sarif));
  const json& run = log["runs"][0];
  CHECK(run["results"].size() == 25'000);
  const auto errors = std::count_if(run["results"].begin(), run["results"].end(),
                                    [](const json& result) { return result["level"] == "error"; });
  CHECK(errors == 15'000);
  const json& notification = run["invocations"][0]["toolExecutionNotifications"][0];
  CHECK(notification["descriptor"]["id"] == "results-left-out");
  CHECK(has(notification["message"]["text"].get<std::string>(), "5000 results"));
}

TEST_CASE("a SARIF message cannot make a link") {
  model::Report report = test::changes_report();
  report.findings[0].message = "see [here](https://example.org)";
  CHECK_FALSE(has(written(report, Format::sarif), "](http"));
}

TEST_CASE("two copies of a package are two results, alerts and issues") {
  model::Report report = test::changes_report();
  report.findings.push_back(report.findings[0]);
  report.findings.back().path = "other/" + test::kSharp;
  std::set<std::string> hashes;
  const json log = json::parse(written(report, Format::sarif));
  for (const json& result : log["runs"][0]["results"])
    hashes.insert(result["partialFingerprints"]["primaryLocationLineHash"].get<std::string>());
  CHECK(hashes.size() == 4);
  std::set<std::string> fingerprints;
  const json issues = json::parse(written(report, Format::gitlab));
  for (const json& issue : issues) fingerprints.insert(issue["fingerprint"].get<std::string>());
  CHECK(fingerprints.size() == 4);
}

TEST_CASE("findings that are ignored make no SARIF result, which would open an alert") {
  model::Report report = test::changes_report();
  report.suppressed = {
      {.finding = report.findings[0], .reason = "not used", .expires = "2027-01-31"}};
  report.findings.erase(report.findings.begin());
  const json log = json::parse(written(report, Format::sarif));
  const json& run = log["runs"][0];
  CHECK(run["results"].size() == 2);
  CHECK(run["properties"]["suppressed"][0]["ruleId"] == "MC102");
  CHECK(run["properties"]["suppressed"][0]["reason"] == "not used");
  CHECK(run["properties"]["suppressed"][0]["expires"] == "2027-01-31");
  CHECK(has(written(report, Format::markdown), "Ignored: 1 finding."));
}

TEST_CASE("what is in the baseline is no new result and no failure") {
  model::Report report = test::changes_report();
  CHECK_FALSE(has(written(report, Format::sarif), "baselineState"));
  report.findings[0].baseline = report.findings[2].baseline = true;
  report.summary.baseline = 2;
  const json log = json::parse(written(report, Format::sarif));
  CHECK(log["runs"][0]["results"][0]["baselineState"] == "unchanged");
  CHECK(log["runs"][0]["results"][1]["baselineState"] == "new");
  CHECK(has(written(report, Format::junit), "failures=\"0\""));
  CHECK(has(written(report, Format::markdown), "loader-as-library (in the baseline): "));
}

TEST_CASE("what is wrong with the ignore file is not counted as not examined") {
  model::Report report = test::blocked_report();
  report.problems.push_back({.path = ".muslcheckignore",
                             .stage = "ignore",
                             .code = "expired",
                             .message = "The entry has expired."});
  CHECK(has(written(report, Format::junit), "<testsuite name=\"ignore file\" tests=\"1\""));
  const std::string text = written(report, Format::markdown);
  CHECK(has(text, "**Incomplete:** 1 thing could not be examined"));
  CHECK(has(text, "The ignore file needs a look"));
}

// ---- Code Quality, JUnit, CycloneDX ------------------------------------------------------------

TEST_CASE("what keeps the container from starting blocks in GitLab's words") {
  model::Report report = test::changes_report();
  report.findings[1].entrypoint = true;
  const json issues = json::parse(written(report, Format::gitlab));
  CHECK(issues[0]["severity"] == "blocker");
  CHECK(issues[1]["severity"] == "critical");
  CHECK(issues[0]["location"]["path"] == "shop/Dockerfile");
  CHECK(issues[0]["location"]["lines"]["begin"] == 12);
}

TEST_CASE("GitLab's paths are relative") {
  model::Report report = test::changes_report();
  report.source.layers[1].instruction->file = "././Dockerfile";
  CHECK(json::parse(written(report, Format::gitlab))[0]["location"]["path"] == "Dockerfile");
}

TEST_CASE("a module that loads passes, one that is not judged is skipped") {
  model::Report report = test::ready_report();
  CHECK(has(written(report, Format::junit), "name=\"app/a.node\"/>"));
  report.modules[0].outcome = model::Outcome::unknown;
  CHECK(has(written(report, Format::junit), "<skipped message=\"not judged\"/>"));
}

TEST_CASE("warnings are no failures") {
  model::Report report = test::changes_report();
  report.findings = {report.findings[1]};
  const std::string text = written(report, Format::junit);
  CHECK_FALSE(has(text, "<failure"));
  CHECK(has(text, "<system-out>warning MC104"));
}

TEST_CASE("a file that fails is a failure although the finding is about another of its package") {
  model::Report report = test::changes_report();
  report.modules.push_back(report.modules[0]);
  report.modules.back().path += "2";
  std::string text = written(report, Format::junit);
  CHECK(has(text, "tests=\"2\" failures=\"2\""));
  CHECK(has(text, "node2\">\n      <failure type=\"MC102\" message=\"fails to load (node), as " +
                      test::kSharp + ": MC102 loader-as-library\"/>"));
  // Where the package works without its native code, the finding is a warning.
  for (model::Finding& finding : report.findings) finding.severity = model::Severity::warning;
  text = written(report, Format::junit);
  CHECK(has(text, "tests=\"2\" failures=\"0\""));
  CHECK(has(text, "node2\">\n      <system-out>fails to load (node), as " + test::kSharp));
  report.findings.clear();
  CHECK(has(written(report, Format::junit), "<system-out>fails to load (node)\n</system-out>"));
}

TEST_CASE("a test is the same test over versions of its package") {
  model::Report report = test::changes_report();
  CHECK(has(written(report, Format::junit),
            "<testcase classname=\"npm.@img/sharp-linux-x64\" name=\"" + test::kSharp + "\">"));
  report.packages.clear();
  report.modules[0].package.reset();
  for (model::Finding& finding : report.findings) finding.package.clear();
  CHECK(has(written(report, Format::junit), "<testcase classname=\"files of no package\""));
}

TEST_CASE("files of no package fail each for a reason of its own") {
  model::Report report = test::changes_report();
  report.packages.clear();
  report.modules[0].package.reset();
  for (model::Finding& finding : report.findings) finding.package.clear();
  report.modules.push_back(report.modules[0]);
  report.modules.back().path += "2";
  CHECK(has(written(report, Format::junit), "tests=\"2\" failures=\"1\""));
}

TEST_CASE("all suites together have the attributes of Jenkins' schema") {
  CHECK(has(written(test::blocked_report(), Format::junit),
            "<testsuites name=\"muslcheck: shop:1.4 on alpine:3.22\" tests=\"5\" "
            "failures=\"2\" errors=\"0\">"));
}

TEST_CASE("what is not certain says so in every format that people read") {
  model::Report report = test::changes_report();
  report.findings.resize(1);
  report.findings[0].confidence = model::Confidence::likely;
  CHECK(has(written(report, Format::markdown), "MC102 loader-as-library (likely): It needs"));
  CHECK(has(written(report, Format::junit), "MC102 loader-as-library (likely): It needs"));
  CHECK(has(written(report, Format::gitlab), "\"description\": \"Likely: It needs"));
  CHECK(has(written(report, Format::sarif), "\"text\": \"Likely: It needs"));
  report.findings[0].confidence = model::Confidence::hint;
  CHECK(has(written(report, Format::gitlab), "\"description\": \"Hint: It needs"));
}

TEST_CASE("a jar without a group has no package URL in a bill of materials") {
  model::Report report = test::changes_report();
  for (const char* purl : {"pkg:maven/shop", "pkg:maven/org.acme/shop@1"}) {
    report.packages[0].purl = purl;
    for (model::Finding& finding : report.findings) finding.package = purl;
    const json bom = json::parse(written(report, Format::cyclonedx));
    CHECK(bom["components"][0]["bom-ref"] == purl);
    CHECK(bom["components"][0].contains("purl") == (std::string(purl) != "pkg:maven/shop"));
  }
}

TEST_CASE("a package's component has the worst outcome and the files that fail") {
  const json bom = json::parse(written(test::changes_report(), Format::cyclonedx));
  const json& component = bom["components"][0];
  CHECK(component["name"] == "@img/sharp-linux-x64");
  CHECK(component["version"] == "0.34.1");
  CHECK(component["purl"] == "pkg:npm/%40img/sharp-linux-x64@0.34.1");
  CHECK(component["properties"][0] ==
        json{{"name", "muslcheck:outcome"}, {"value", "fails-to-load"}});
  CHECK(component["components"][0]["name"] == test::kSharp);
  CHECK(bom["metadata"]["component"]["properties"][0]["value"] == "changes");
}

// ---- Markdown ----------------------------------------------------------------------------------

TEST_CASE("a comment stays below the limit and counts what is left out") {
  model::Report report = large_report(5'000);
  for (std::size_t i = 0; i < report.findings.size(); ++i)
    report.findings[i].package = "pkg:npm/p" + std::to_string(i) + "@1";
  const std::string text = written(report, Format::markdown);
  CHECK(text.size() < 60'000);
  CHECK(text.size() > 50'000);
  CHECK(has(text, "**Left out, since comments are short:**"));
}

TEST_CASE("a comment with a long plan and long names stays below the limit") {
  model::Report report = test::hostile_report();
  const std::string bad(5'000, '@');
  report.source.name = report.source.platform = report.target.name = report.target.image = bad;
  report.plan.steps.assign(5'000, {.kind = "rebuild", .text = bad, .command = bad});
  report.plan.dockerfile.assign(5'000, bad);
  for (model::Finding& finding : report.findings) finding.message = finding.package = bad;
  const std::string text = written(report, Format::markdown);
  CHECK(text.size() < 60'000);
  CHECK(has(text, "more steps: `muslcheck scan` prints them all."));
}

TEST_CASE("a comment mentions nobody, links nowhere and has no HTML of the image") {
  model::Report report = test::changes_report();
  const std::string bad = "@octocat #1 !2 <img src=x> [a](https://e.org) `x` **b** www.e.org |";
  for (model::Finding& finding : report.findings) {
    finding.message = bad;
    finding.package = "pkg:npm/" + bad;
    finding.owners = {bad};
    finding.remedy.text = bad;
  }
  report.plan.steps[0].text = bad;
  const std::string text = written(report, Format::markdown);
  CHECK_FALSE(has(text, "<img"));
  CHECK_FALSE(has(text, "[a]("));
  CHECK_FALSE(has(text, "https://"));
  CHECK_FALSE(has(text, "www."));
  CHECK(has(text, "@&#8203;octocat #&#8203;1 !&#8203;2 &lt;img src=x&gt; \\[a\\]"));
}

TEST_CASE("a comment names the file where neither the message nor the evidence does") {
  model::Report report = test::changes_report();
  report.findings = {report.findings[1]};
  CHECK(has(written(report, Format::markdown), "\n  - in `" + test::kSharp + "`\n"));
  report.findings[0].evidence = {"Error relocating /" + test::kSharp + ": x: symbol not found"};
  CHECK_FALSE(has(written(report, Format::markdown), "\n  - in "));
}

// ---- Escaping ----------------------------------------------------------------------------------

TEST_CASE("a code span holds whatever backticks its text has") {
  CHECK(report::markdown_code("plain") == "`plain`");
  CHECK(report::markdown_code("a`b") == "``a`b``");
  CHECK(report::markdown_code("`a") == "`` `a ``");
  CHECK(report::markdown_code("a\nb") == "`a\\x0ab`");
  CHECK(report::markdown_code("") == "`  `");
}

TEST_CASE("a fence is longer than all backticks inside") {
  CHECK(report::markdown_fence("a") == "```");
  CHECK(report::markdown_fence("````") == "`````");
}

TEST_CASE("XML has no character that XML does not have") {
  CHECK(report::xml("<a b=\"c\">&\x01") == "&lt;a b=&quot;c&quot;&gt;&amp;\\x01");
  CHECK(report::xml("\xef\xbf\xbf\xef\xbf\xbe") == "\\xef\\xbf\\xbf\\xef\\xbf\\xbe");
  CHECK(report::xml("caf\xc3\xa9 \xff") == "caf\xc3\xa9 \\xff");
}

TEST_CASE("paths become URI references") {
  CHECK(report::uri_of("app/@img/a b%.node") == "app/@img/a%20b%25.node");
  CHECK(report::uri_of("./Dockerfile") == "Dockerfile");
  CHECK(report::uri_of("/home/x/Dockerfile") == "file:///home/x/Dockerfile");
  CHECK(report::uri_of("a:b\xff") == "a%3ab%ff");
  CHECK(report::uri_of("") == ".");
}

TEST_CASE("a purl gives type, name and version") {
  using report::Purl;
  CHECK(report::parse_purl("pkg:npm/%40img/sharp@0.34.1") == Purl{"npm", "@img/sharp", "0.34.1"});
  CHECK(report::parse_purl("pkg:npm/@img/sharp") == Purl{"npm", "@img/sharp", ""});
  CHECK(report::parse_purl("pkg:maven/org.xerial/sqlite-jdbc@3") ==
        Purl{"maven", "org.xerial:sqlite-jdbc", "3"});
  CHECK(report::parse_purl("pkg:deb/debian/libc6@2.36%2Bdeb12?arch=amd64") ==
        Purl{"deb", "libc6", "2.36+deb12"});
  CHECK(report::parse_purl("pkg:npm") == Purl{"npm", "", ""});
  CHECK(report::parse_purl("no purl") == Purl{});
  CHECK(report::title_of_purl("pkg:npm/%40img/sharp@0.34.1") == "@img/sharp@0.34.1 (npm)");
  CHECK(report::title_of_purl("no purl%2") == "no purl%2");
}
