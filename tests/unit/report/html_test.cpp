#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "muslcheck/report/report.hpp"
#include "report/html_markup.hpp"
#include "report/html_parts.hpp"
#include "report/writers.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "unit/report/sample_reports.hpp"

namespace {

using namespace muslcheck;
using report::write_html;

/// Ends an attribute, ends a text, begins markup; and what must not reach a terminal either.
const std::string kMarkup =
    "\"'><img src=x onerror=alert(1)></script></style><script>alert(2)</script>&amp;<!--" +
    test::kHostile;

const std::vector<report::RuleText> kRules{
    {.id = "MC101",
     .name = "missing-loader",
     .title = "The program asks for a loader that Alpine does not have",
     .cause = "It was linked for glibc.",
     .help = "Get a build for musl.",
     .references = {"gin#1178"}},
    {.id = "MC999", .name = "not-used", .title = "No finding is of this rule"}};

std::string html(const model::Report& report) { return write_html(report, kRules); }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
    ++found;
  return found;
}

/// `page` without what stands between `begin` and the next `end`.
void cut(std::string& page, const std::string& begin, const std::string& end,
         std::string_view expected) {
  const std::size_t at = page.find(begin) + begin.size();
  REQUIRE(at > begin.size());
  const std::size_t size = page.find(end, at) - at;
  if (!expected.empty()) REQUIRE(page.substr(at, size) == expected);
  page.erase(at, size);
}

/// The page without style, script and the policy that has their hashes: no text of the report.
std::string page_of(const model::Report& report) {
  std::string page = html(report);
  cut(page, "<style>", "</style>", report::html_style());
  cut(page, "<script>", "</script>", report::html_script());
  cut(page, "\"Content-Security-Policy\" content=\"", "\">", {});
  return page;
}

model::Report report_with_size() {
  model::Report report = test::changes_report();
  report.plan.size = {.before = 200'000'000,
                      .layers = {150'000'000, 50'000'000},
                      .parts = {{.kind = "base", .bytes = 100'000'000, .files = 10},
                                {.kind = "application", .bytes = 99'000'000, .files = 20},
                                {.kind = "caches", .bytes = 1'000'000, .files = 2},
                                {.kind = "hidden", .bytes = 0, .files = 0}},
                      .after = model::SizeRange{50'000'000, 120'000'000},
                      .basis = {"alpine:3.22 has 8 MB"}};
  return report;
}

model::Report report_with_releases() {
  model::Report report = test::changes_report();
  report.releases = {{.release = "3.21", .verdict = model::Verdict::changes, .errors = 1},
                     {.release = "3.22", .verdict = model::Verdict::ready, .warnings = 2}};
  report.matrix = {{.path = "app/x.node",
                    .outcomes = {{"3.21", model::Outcome::fails_to_load, {"Error: no y"}},
                                 {"3.22", model::Outcome::loads, {}}},
                    .summary = "from 3.22 on",
                    .reason = "on 3.21: no y"}};
  return report;
}

}  // namespace

TEST_CASE("the page of each kind of report reads as reviewed") {
  test::check_golden("unit/report/golden/blocked.html", page_of(test::blocked_report()));
  test::check_golden("unit/report/golden/changes.html", page_of(report_with_size()));
  test::check_golden("unit/report/golden/releases.html", page_of(report_with_releases()));
  test::check_golden("unit/report/golden/ready.html", page_of(test::ready_report()));
  test::check_golden("unit/report/golden/empty.html", page_of(test::empty_report()));
  // One page is whole: golden_page.py takes from it what the others lack.
  test::check_golden("unit/report/golden/hostile.html", html(test::hostile_report(kMarkup)));
}

TEST_CASE("a text is escaped for tags and attributes, and made printable") {
  CHECK(report::escaped("a&b<c>d\"e'f") == "a&amp;b&lt;c&gt;d&quot;e&#39;f");
  CHECK(report::escaped("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(report::escaped("\x1b[0m\n") == "\\x1b[0m\\x0a");
  CHECK(report::escaped("\xff") == "\\xff");
}

TEST_CASE("elements close with their scope") {
  report::Markup markup;
  {
    const report::Element outer(markup, "div", {{"title", "\"x\""}});
    markup.element("b", {}, "<");
  }
  CHECK(markup.take() == "\n<div title=\"&quot;x&quot;\"><b>&lt;</b></div>");
}

TEST_CASE("no name of an image is markup on the page") {
  const std::string page = page_of(test::hostile_report(kMarkup));
  CHECK_FALSE(contains(page, "<img"));
  CHECK_FALSE(contains(page, "<!--"));
  CHECK(count(page, "<script") == 1);
  CHECK(count(page, "</script>") == 1);
  CHECK(count(page, "</style>") == 1);
  CHECK(count(page, "alert(1)") == count(page, report::escaped(kMarkup)));
  CHECK(count(page, "alert(1)") > 30);
  for (const char byte : page) {
    const auto value = static_cast<unsigned char>(byte);
    if ((value < 0x20 && byte != '\n') || value == 0x7f) FAIL("control " << int{value});
  }
}

TEST_CASE("the page names no place outside itself") {
  for (const model::Report& report : {test::blocked_report(), report_with_size()}) {
    const std::string page = html(report);
    for (const char* part : {"http:", "https:", "//", "url(", "@import", " src=", "eval("}) {
      CAPTURE(part);
      const std::string own = contains(part, "//") ? page_of(report) : page;
      CHECK_FALSE(contains(own, part));
    }
    CHECK(contains(page, "default-src &#39;none&#39;"));
  }
}

TEST_CASE("verdict, plan, size, findings and modules come in this order") {
  const std::string page = page_of(report_with_size());
  std::size_t before = 0;
  for (const char* part : {"<header>", "verdict-changes", "id=\"plan\"", "id=\"size\"",
                           "id=\"filter\"", "id=\"findings\"", "id=\"modules\""}) {
    CAPTURE(part);
    const std::size_t at = page.find(part);
    REQUIRE(at != std::string::npos);
    CHECK(at > before);
    before = at;
  }
}

TEST_CASE("a part that has nothing to say is left out, also from the contents") {
  const std::string page = page_of(test::ready_report());
  for (const char* part : {"id=\"plan\"", "id=\"size\"", "id=\"releases\"", "id=\"problems\"",
                           "id=\"rules\"", "class=\"chain\""})
    CHECK_FALSE(contains(page, part));
  CHECK(contains(page, "None."));
  CHECK_FALSE(contains(page, "href=\"#plan\""));
  CHECK(contains(page, "href=\"#modules\""));
}

TEST_CASE("the size is drawn on one scale, the estimate with its range") {
  const std::string page = page_of(report_with_size());
  CHECK(contains(page, "class=\"part-base\" x=\"0\" width=\"5000\""));
  CHECK(contains(page, "class=\"part-application\" x=\"5000\" width=\"4950\""));
  CHECK(contains(page, "class=\"after-least\" x=\"0\" width=\"2500\""));
  CHECK(contains(page, "class=\"after-most\" x=\"2500\" width=\"3500\""));
  CHECK(contains(page, "On Alpine: 50 to 120 MB, 40 to 75 % less"));
  CHECK_FALSE(contains(page, "part-hidden"));
  model::Report larger = report_with_size();
  larger.plan.size->after = model::SizeRange{200'000'000, 400'000'000};
  CHECK(contains(page_of(larger), "class=\"part-base\" x=\"0\" width=\"2500\""));
  larger.plan.size->after.reset();
  CHECK_FALSE(contains(page_of(larger), "On Alpine:"));
}

TEST_CASE("the matrix has a column per release") {
  const std::string page = page_of(report_with_releases());
  CHECK(contains(page, "<th scope=\"col\">3.21</th>\n<th scope=\"col\">3.22</th>"));
  CHECK(
      contains(page, "<span class=\"pill verdict-changes\">changes</span><small>1 error</small>"));
  CHECK(contains(page, "title=\"fails to load: Error: no y\">\u2717</span>"));
  CHECK(contains(page, "<small>on 3.21: no y</small>"));
  CHECK(contains(page, "from 3.22 on"));
}

TEST_CASE("modules that load on no release are no rows if they are many") {
  model::Report report = test::blocked_report();
  report.matrix.assign(6, report.matrix[0]);
  const std::string page = page_of(report);
  CHECK(contains(page, "<p>6 modules load on none of them: they stand under &quot;Modules that"));
  CHECK_FALSE(contains(page, "<td>on none</td>"));
  report.matrix.pop_back();
  CHECK(contains(page_of(report), "<td>on none</td>"));
}

TEST_CASE("releases on which all is judged alike share a column") {
  model::Report report = report_with_releases();
  for (const char* release : {"3.23", "3.24"}) {
    report.releases.push_back(report.releases.back());
    report.releases.back().release = release;
    report.matrix[0].outcomes.push_back({release, model::Outcome::loads, {}});
  }
  CHECK(contains(page_of(report), "<th scope=\"col\">3.22 to 3.24</th>"));
  report.matrix[0].outcomes.back().outcome = model::Outcome::loads_lazily;
  CHECK(contains(page_of(report), "<th scope=\"col\">3.22, 3.23</th>\n<th scope=\"col\">3.24<"));
  report.releases[2].errors = 7;
  CHECK(contains(page_of(report), "<th scope=\"col\">3.22</th>\n<th scope=\"col\">3.23<"));
}

TEST_CASE("only modules that move are listed, and beyond a limit they are counted") {
  model::Report report = test::blocked_report();
  const std::string page = page_of(report);
  CHECK_FALSE(contains(page, "<code>usr/bin/dpkg"));
  CHECK_FALSE(contains(page, "are not on this page"));
  for (int i = 0; i < 5000; ++i)
    report.modules.push_back(test::module("app/" + std::to_string(i),
                                          model::Disposition::payload, model::Outcome::loads));
  const std::string large = page_of(report);
  CHECK(contains(large, "3004 more modules, none worse than those above, are not on this page"));
  CHECK(contains(large, "app/bin/report-tool</code>"));
  CHECK(large.size() < 2'000'000);
}

TEST_CASE("findings beyond a limit are counted") {
  model::Report report = test::blocked_report();
  report.findings.resize(1);
  for (int i = 0; i < 4000; ++i) {
    report.findings.push_back(report.findings.front());
    report.findings.back().path = "app/" + std::to_string(i);
  }
  const std::string page = page_of(report);
  CHECK(contains(page, "1001 more findings are not on this page"));
  CHECK(count(page, "data-row=\"finding\"") == 3000);
}

TEST_CASE("loader texts beyond four are folded, who loads it is not") {
  model::Report report = test::changes_report();
  report.findings.resize(1);
  report.findings[0].evidence.assign(20, "Error relocating /x.so: y: symbol not found");
  report.findings[0].evidence.push_back("loaded by /app/main.node");
  const std::string page = page_of(report);
  CHECK(page.find("loaded by /app/main.node") < page.find("<summary>16 more"));
  report.findings[0].evidence.assign(500, "Error relocating /x.so: y: symbol not found");
  CHECK(contains(page_of(report), "396 more in the JSON report."));
}

TEST_CASE("a remedy that several files share is said once") {
  model::Report report = test::changes_report();
  CHECK(count(page_of(report), "Install the musl build") == 1);
  for (const model::Finding& finding : test::sharp_findings(report.packages[0])) {
    report.findings.push_back(finding);
    report.findings.back().path += "2";
  }
  CHECK(count(page_of(report), "Install the musl build") == 1);
}

TEST_CASE("a remedy that some of the files share names them") {
  model::Report report = test::changes_report();
  for (const char* name : {"2", "3"}) {
    report.findings.push_back(report.findings[0]);
    report.findings.back().path += name;
  }
  CHECK(contains(page_of(report), "<b>Fix:</b> Install the musl build"));
  report.findings.back().remedy = {.kind = "replace", .text = "Take another.", .command = {}};
  const std::string page = page_of(report);
  CHECK(contains(page,
                 "<b>Fix for lib/sharp-linux-x64.node, lib/sharp-linux-x64.node2:</b> Install"));
  CHECK(contains(page, "<b>Fix:</b> Take another."));
  for (const char* name : {"4", "5", "6", "7"}) {
    report.findings.push_back(report.findings[0]);
    report.findings.back().path += name;
  }
  CHECK(contains(page_of(report), ".node5 and 2 more:</b> Install the musl build"));
}

TEST_CASE("numbers agree with their words") {
  model::Report report = test::blocked_report();
  CHECK(contains(page_of(report), "</span>1 fails to load</li>"));
  CHECK(contains(page_of(report), "<dd>5 native modules: 1 loads, 1 can crash later, "));
  report.summary.outcomes = {{"loads", 2}, {"loads-lazily", 2}, {"fails-to-load", 3}};
  const std::string page = page_of(report);
  CHECK(contains(page, "</span>3 fail to load</li>"));
  CHECK(contains(page, "</span>2 load, can crash later</li>"));
  CHECK(contains(page, "</span>2 load</li>"));
}

TEST_CASE("words beside each other are not glued together") {
  CHECK(contains(page_of(test::blocked_report()), ". <b class=\"pill incomplete\">"));
}

TEST_CASE("what may be wider than the screen can be scrolled with the keyboard") {
  const std::string page = page_of(test::blocked_report());
  CHECK(contains(page,
                 "<div class=\"frame\" role=\"group\" aria-label=\"Table of modules\" "
                 "tabindex=\"0\">"));
  CHECK(contains(page, "<pre class=\"patch\" role=\"group\" aria-label="));
}

TEST_CASE("what is known already is marked, and what is set aside is folded") {
  model::Report report = test::blocked_report();
  CHECK_FALSE(contains(page_of(report), "Known already"));
  report.summary.baseline = 1;
  report.findings[0].baseline = true;
  report.suppressed = {{report.findings.back(), "ticket <7>", "2026-12-31"}};
  report.findings.pop_back();
  report.problems = {{.path = "ignore.json", .stage = "ignore", .code = "x", .message = "Over."}};
  const std::string page = page_of(report);
  CHECK(contains(page, "</a> (in the baseline): The kernel"));
  CHECK(contains(page, "<p>1 of 5 findings in the baseline too</p>"));
  CHECK(
      contains(page, "<summary>1 finding ignored: ticket &lt;7&gt; (until 2026-12-31)</summary>"));
  CHECK(contains(page, "<li>MC210 harmless: "));
  CHECK(contains(page, "<p>ignore.json: Over.</p>"));
  CHECK_FALSE(contains(page, "Could not examine"));
}

TEST_CASE("rules that found something are explained and linked") {
  const std::string page = page_of(test::blocked_report());
  CHECK(contains(page, "href=\"#rule-MC101\">MC101 missing-loader</a>"));
  CHECK(contains(page, "<details id=\"rule-MC101\">"));
  CHECK(contains(page, "<span class=\"rule\">MC102 loader-as-library</span>"));
  CHECK_FALSE(contains(page, "MC999"));
}

TEST_CASE("rows say what they can be filtered by") {
  const std::string page = page_of(test::blocked_report());
  CHECK(contains(page,
                 "data-row=\"finding\" data-severity=\"error\" data-ecosystem=\"npm\" "
                 "data-outcome=\"fails-to-load\""));
  CHECK(contains(page,
                 "data-row=\"module\" data-severity=\"note warning\" data-ecosystem=\"none\" "
                 "data-outcome=\"loads-lazily\""));
  CHECK(contains(page, "<option value=\"npm\">npm</option>"));
}

TEST_CASE("the ecosystem is the type of the package URL") {
  CHECK(report::ecosystem_of("pkg:npm/%40a/b@1") == "npm");
  CHECK(report::ecosystem_of("") == "none");
  CHECK(report::ecosystem_of("pkg:") == "none");
  CHECK(report::ecosystem_of("pkg:<b>/x") == "none");
  CHECK(report::ecosystem_of("npm/x") == "none");
}

TEST_CASE("the same report makes the same page") {
  CHECK(html(test::blocked_report()) == html(test::blocked_report()));
  model::Report shuffled = test::blocked_report();
  std::swap(shuffled.modules[0], shuffled.modules[3]);
  CHECK(html(shuffled) == html(test::blocked_report()));
}
