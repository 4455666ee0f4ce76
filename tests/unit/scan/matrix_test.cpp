// Modules over releases: where each loads, and why not elsewhere.

#include "scan/matrix.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/migration_builders.hpp"

using namespace muslcheck;
using model::LoadErrorKind;
using model::Outcome;
using scan::describe_releases;
using scan::make_matrix;
using scan::ReleaseResult;
using test::embedded_rules;
using testing::failing_module;
using testing::make_migration;
using testing::make_module;

namespace {

ReleaseResult on(const std::string& release, std::vector<model::Module> modules,
                 const std::vector<model::Finding>& findings = {}) {
  migrate::Migration migration = make_migration(std::move(modules));
  migration.target.release = release;
  return scan::summarise_release(migration, findings, embedded_rules());
}

model::Module failing(const std::string& symbol) {
  model::Module module = failing_module(LoadErrorKind::symbol_missing, symbol);
  module.load.errors[0].text =
      "Error relocating /" + module.path + ": " + symbol + ": symbol not found";
  return module;
}

std::vector<model::ReleaseOutcome> outcomes(const std::vector<Outcome>& list) {
  std::vector<model::ReleaseOutcome> result;
  int minor = 18;
  for (const Outcome outcome : list)
    result.push_back({"3." + std::to_string(minor++), outcome, {}});
  return result;
}

}  // namespace

TEST_CASE("where a module loads is said in words") {
  const Outcome yes = Outcome::loads;
  const Outcome no = Outcome::fails_to_load;
  const Outcome lazy = Outcome::loads_lazily;
  struct Case {
    std::vector<Outcome> outcomes;
    std::string text;
  };
  const std::vector<Case> cases{
      {{no, no, yes, yes}, "from 3.20 on"},
      {{no, no, no, yes}, "from 3.21 on"},
      {{yes, no, no, no}, "up to 3.18"},
      {{yes, yes, lazy, no}, "up to 3.19"},
      {{no, yes, no, no}, "on 3.19"},
      {{no, yes, yes, no}, "from 3.19 to 3.20"},
      {{yes, no, yes, Outcome::unknown}, "up to 3.18 and on 3.20"},
      {{yes, no, no, yes}, "up to 3.18 and from 3.21 on"},
      {{yes, yes, yes, yes}, "on all"},
      {{no, no, Outcome::fails_to_start, Outcome::unknown}, "on none"},
      {{no, lazy, lazy, lazy}, "from 3.19 on, but it can crash later"},
      {{lazy, lazy, lazy, lazy}, "on all, but it can crash later"},
  };
  for (const Case& a : cases) {
    CAPTURE(a.text);
    CHECK(describe_releases(outcomes(a.outcomes)) == a.text);
  }
}

TEST_CASE("the reason is that of the release next to where it loads, without its own path") {
  const auto matrix = make_matrix({on("3.18", {failing("statx")}), on("3.19", {failing("preadv2")}),
                                   on("3.20", {make_module()})});
  REQUIRE(matrix.size() == 1);
  CHECK(matrix[0].path == make_module().path);
  CHECK(matrix[0].summary == "from 3.20 on");
  CHECK(matrix[0].reason == "on 3.19: preadv2: symbol not found");
  REQUIRE(matrix[0].outcomes.size() == 3);
  CHECK(matrix[0].outcomes[0].release == "3.18");
  CHECK(matrix[0].outcomes[0].outcome == Outcome::fails_to_load);
  CHECK(matrix[0].outcomes[0].errors ==
        std::vector<std::string>{"Error relocating /" + matrix[0].path +
                                 ": statx: symbol not found"});
  CHECK(matrix[0].outcomes[2].errors.empty());
}

TEST_CASE("of a module that stopped loading the first release without it gives the reason") {
  const auto matrix = make_matrix({on("3.18", {make_module()}), on("3.19", {failing("open64")}),
                                   on("3.20", {failing("other")})});
  REQUIRE(matrix.size() == 1);
  CHECK(matrix[0].summary == "up to 3.18");
  CHECK(matrix[0].reason == "on 3.19: open64: symbol not found");
}

TEST_CASE("a module that loads everywhere has no row, one that fails everywhere has one") {
  CHECK(make_matrix({on("3.18", {make_module()}), on("3.19", {make_module()})}).empty());
  model::Module lazy = failing("a");
  lazy.outcome = Outcome::loads_lazily;
  lazy.load.errors[0].fatal = false;
  CHECK(make_matrix({on("3.18", {lazy}), on("3.19", {lazy})}).empty());

  const auto matrix = make_matrix({on("3.18", {failing("a")}), on("3.19", {failing("a")})});
  REQUIRE(matrix.size() == 1);
  CHECK(matrix[0].summary == "on none");
  CHECK(matrix[0].reason == "on 3.19: a: symbol not found");
}

TEST_CASE("other texts with the same outcome make a row too") {
  const auto matrix = make_matrix({on("3.18", {failing("a")}), on("3.19", {failing("b")})});
  REQUIRE(matrix.size() == 1);
  CHECK(matrix[0].summary == "on none");
}

TEST_CASE("only what makes a module fail is kept of one that fails") {
  model::Module module = failing("deferred");
  module.load.errors[0].fatal = false;
  module.load.errors.push_back(failing("needed").load.errors[0]);
  module.load.errors.push_back(failing("too").load.errors[0]);
  const auto result = on("3.18", {module});
  const auto& kept = result.modules.at(module.path);
  CHECK(kept.outcome.errors.size() == 2);
  CHECK(kept.reason == "needed: symbol not found (and 1 more)");
}

TEST_CASE("what can crash later and what was not judged give their reasons") {
  model::Module lazy = failing("a");
  lazy.outcome = Outcome::loads_lazily;
  lazy.load.errors[0].fatal = false;
  CHECK(on("3.18", {lazy}).modules.at(lazy.path).reason ==
        "loads, can crash later: a: symbol not found");
  model::Module unknown = make_module();
  unknown.outcome = Outcome::unknown;
  CHECK(on("3.18", {unknown}).modules.at(unknown.path).reason == "not judged");
}

TEST_CASE("a host that says nothing of its own gets the name of what it looks for") {
  const model::Module module = failing_module(LoadErrorKind::variant_missing, "@x/linuxmusl");
  model::Module silent = module;
  silent.load.errors[0].text.clear();
  CHECK(on("3.18", {module}).modules.at(module.path).reason == "Error about @x/linuxmusl");
  CHECK(on("3.18", {silent}).modules.at(module.path).reason ==
        "@x/linuxmusl, which is used on musl instead, is not there");
}

TEST_CASE("a libstdc++ that is too old is named by its gcc") {
  model::Module module = failing("_ZSt21ios_base_library_initv");
  module.load.errors[0].version = "GLIBCXX_3.4.32";
  CHECK(on("3.18", {module}).modules.at(module.path).reason ==
        "needs libstdc++ of gcc 13 (GLIBCXX_3.4.32), this has that of gcc 12");
  module.load.errors[0].version = "CXXABI_1.3.15";
  CHECK(on("3.20", {module}).modules.at(module.path).reason ==
        "needs libstdc++ of gcc 14 (CXXABI_1.3.15), this has that of gcc 13");
  module.load.errors[0].version = "GLIBCXX_3.4.9999";
  CHECK(on("3.20", {module}).modules.at(module.path).reason ==
        "needs a newer libstdc++ (GLIBCXX_3.4.9999), this has that of gcc 13");
  // The release is new enough, so it is something else.
  module.load.errors[0].version = "GLIBCXX_3.4.30";
  CHECK(on("3.20", {module}).modules.at(module.path).reason ==
        "_ZSt21ios_base_library_initv: symbol not found");
}

TEST_CASE("a release counts its errors and warnings and has a verdict of its own") {
  model::Finding error;
  error.severity = model::Severity::error;
  error.remedy.kind = "stay";
  model::Finding warning;
  warning.severity = model::Severity::warning;
  warning.remedy.kind = "apk";
  model::Finding note;
  note.severity = model::Severity::note;
  const auto result = on("3.18", {}, {error, warning, warning, note});
  CHECK(result.verdict == model::ReleaseVerdict{"3.18", model::Verdict::blocked, 1, 2});
  CHECK(on("3.18", {}, {warning}).verdict.verdict == model::Verdict::changes);
}

TEST_CASE("a module that moves on some releases only counts as loading on the others") {
  model::Module replaced = failing("a");
  replaced.disposition = model::Disposition::replaced;
  const auto matrix = make_matrix({on("3.18", {failing("a")}), on("3.19", {replaced})});
  REQUIRE(matrix.size() == 1);
  CHECK(matrix[0].summary == "from 3.19 on");
  CHECK(make_matrix({on("3.18", {replaced}), on("3.19", {replaced})}).empty());
}
