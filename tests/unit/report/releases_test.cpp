// Several releases in the table.

#include "report/releases.hpp"

#include <string>

#include "support/catch.hpp"
#include "unit/report/sample_reports.hpp"

namespace {

using namespace muslcheck;

std::string written(const model::Report& report, bool verbose = false) {
  report::Page page(200, false);
  report::write_releases(page, report, verbose);
  return page.take();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a single target has no section about releases") {
  CHECK(written(test::ready_report()).empty());
}

TEST_CASE("neighbours that are judged alike share a line") {
  model::Report report = test::ready_report();
  report.releases = {
      {"3.18", model::Verdict::blocked, 2, 0}, {"3.19", model::Verdict::changes, 0, 1},
      {"3.20", model::Verdict::changes, 0, 1}, {"3.21", model::Verdict::changes, 0, 1},
      {"3.22", model::Verdict::ready, 0, 0},   {"3.23", model::Verdict::ready, 0, 0}};
  CHECK(written(report) ==
        "\nReleases\n"
        "  3.18: blocked (2 errors, 0 warnings)\n"
        "  3.19 to 3.21: changes (0 errors, 1 warning)\n"
        "  3.22, 3.23: ready (0 errors, 0 warnings)\n");
}

TEST_CASE("modules whose fate depends on the release come before those that always fail") {
  const std::string text = written(test::blocked_report());
  const auto depends =
      text.find("  " + test::kArgon + ": from 3.22 on; on 3.21: statx: symbol not found\n");
  const auto always = text.find("  app/bin/report-tool: on none\n");
  REQUIRE(depends != std::string::npos);
  REQUIRE(always != std::string::npos);
  CHECK(depends < always);
  CHECK(contains(written(test::blocked_report(), true),
                 "  app/bin/report-tool: on none; on 3.22: exec: no such file\n"));
}

TEST_CASE("a module that comes to the same everywhere with other texts is left to the JSON") {
  model::Report report = test::blocked_report();
  for (model::ReleaseOutcome& on : report.matrix[1].outcomes)
    on.outcome = model::Outcome::loads_lazily;
  CHECK_FALSE(contains(written(report), test::kArgon));
}

TEST_CASE("many modules that load on no release are one number") {
  model::Report report = test::blocked_report();
  report.matrix.assign(5, report.matrix[0]);
  CHECK(contains(written(report), "  app/bin/report-tool: on none\n"));
  report.matrix.push_back(report.matrix[0]);
  const std::string text = written(report);
  CHECK_FALSE(contains(text, "report-tool"));
  CHECK(contains(text, "\n  6 modules load on none of them, shown with --verbose\n"));
  CHECK(contains(written(report, true), "app/bin/report-tool: on none; on 3.22"));
}

TEST_CASE("more modules than one wants to read are counted") {
  model::Report report = test::blocked_report();
  report.matrix.assign(25, report.matrix[1]);
  CHECK(contains(written(report), "+ 5 more, shown with --verbose\n"));
  CHECK_FALSE(contains(written(report, true), "more, shown"));
}
