#include "report/chain.hpp"
#include "support/catch.hpp"
#include "unit/report/sample_reports.hpp"

namespace {

using namespace muslcheck;
using model::LoadErrorKind;
using report::Chain;
using report::ChainEnd;
using report::ChainLink;

std::vector<Chain> chains_of(const model::Report& report) {
  const std::vector<report::PackageGroup> groups = report::group_findings(report);
  return report::chains_of(groups.front(), groups.front().files.front());
}

model::LoadError missing(const std::string& subject, const std::string& needed_by) {
  return {.kind = LoadErrorKind::library_missing, .subject = subject, .needed_by = needed_by};
}

model::LibraryResolution library(const std::string& name, const std::string& needed_by) {
  return {.name = name,
          .needed_by = needed_by,
          .source = model::LibrarySource::image,
          .path = "app/lib/" + name};
}

}  // namespace

TEST_CASE("a chain goes from the direct dependency to what musl lacks") {
  model::Report report = test::changes_report();
  for (model::Finding& finding : report.findings) finding.owners = {"next", "sharp"};
  CHECK(chains_of(report) ==
        std::vector{Chain{.links = {{"dependency", "next"},
                                    {"dependency", "sharp"},
                                    {"package", "@img/sharp-linux-x64@0.34.1 (npm)"},
                                    {"file", "lib/sharp-linux-x64.node"}},
                          .ends = {{"missing library", "ld-linux-x86-64.so.2"},
                                   {"missing symbol", "__memcpy_chk"}},
                          .more = 0}});
}

TEST_CASE("libraries between the file and what asks are in the chain") {
  model::Report report = test::changes_report();
  model::LoadResult& load = report.modules[0].load;
  load.libraries = {library("liba.so", test::kSharp), library("libb.so", "app/lib/liba.so")};
  load.errors = {missing("libc-only.so", "app/lib/libb.so"), missing("other.so", test::kSharp)};
  const std::vector<Chain> chains = chains_of(report);
  REQUIRE(chains.size() == 2);
  CHECK(std::vector(chains[0].links.end() - 2, chains[0].links.end()) ==
        std::vector<ChainLink>{{"library", "app/lib/liba.so"}, {"library", "app/lib/libb.so"}});
  CHECK(chains[0].ends == std::vector<ChainEnd>{{"missing library", "libc-only.so"}});
  CHECK(chains[1].links.back().kind == "file");
}

TEST_CASE("libraries that ask for one another end the chain") {
  model::Report report = test::changes_report();
  model::LoadResult& load = report.modules[0].load;
  load.libraries = {library("liba.so", "app/lib/libb.so"), library("libb.so", "app/lib/liba.so")};
  load.errors = {missing("x.so", "app/lib/libb.so")};
  CHECK(chains_of(report)[0].links.size() == 5);
}

TEST_CASE("what is missing is listed once, four at most, the rest counted") {
  model::Report report = test::changes_report();
  model::LoadResult& load = report.modules[0].load;
  load.errors.clear();
  for (const char* name : {"a", "b", "a", "c", "d", "e", "f"})
    load.errors.push_back(missing(name, test::kSharp));
  const Chain chain = chains_of(report).at(0);
  CHECK(chain.ends.size() == 4);
  CHECK(chain.more == 2);
}

TEST_CASE("no more than three chains are drawn of a file") {
  model::Report report = test::changes_report();
  model::LoadResult& load = report.modules[0].load;
  load.errors.clear();
  for (const char* name : {"a", "b", "c", "d"}) load.errors.push_back(missing("x", name));
  CHECK(chains_of(report).size() == 3);
}

TEST_CASE("what the container starts begins with it, and a file of no package with itself") {
  model::Report report = test::blocked_report();
  report.findings.resize(1);
  report.findings[0].entrypoint = true;
  report.modules[0].load.errors = {
      {.kind = LoadErrorKind::interpreter_missing, .subject = "/lib64/ld-linux-x86-64.so.2"}};
  CHECK(chains_of(report) ==
        std::vector{Chain{.links = {{"container", "the container's start"},
                                    {"file", "app/bin/report-tool"}},
                          .ends = {{"missing loader", "/lib64/ld-linux-x86-64.so.2"}},
                          .more = 0}});
}

TEST_CASE("a file that loads, and what is no file of ours, has no chain") {
  model::Report report = test::changes_report();
  report.modules[0].load.errors.clear();
  CHECK(chains_of(report).empty());
  report.modules.clear();
  CHECK(chains_of(report).empty());
}
