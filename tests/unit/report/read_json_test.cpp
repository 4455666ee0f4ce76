// From JSON back to the report, and to every other format.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "muslcheck/report/report.hpp"
#include "support/catch.hpp"
#include "unit/report/sample_reports.hpp"

namespace {

using muslcheck::report::read_json;
using muslcheck::report::write_json;
using nlohmann::json;
using namespace muslcheck;

/// All that a report can have.
model::Report full_report() {
  model::Report report = test::blocked_report();
  test::set_instruction(report);
  report.source.runtimes = {{.id = "node",
                             .name = "Node.js",
                             .version = "20.11.1",
                             .home = "usr/local",
                             .program = "usr/local/bin/node",
                             .how = "NODE_VERSION and /usr/local/bin/node",
                             .image = "node:20.11-alpine",
                             .release = "3.19",
                             .at_home = true,
                             .in_new_base = true}};
  report.source.base->own_layers = 4;
  report.source.layers[1].blob_digest = "sha256:" + std::string(64, 'f');
  report.target.how = "node:20-alpine3.22 has it";
  model::Module& module = report.modules[1];
  module.host_evidence = "imports napi_create_function";
  module.confidence = model::Confidence::likely;
  module.load.assumptions = {"libfoo.so.1 exports all that is asked of it"};
  module.gcompat->caveats = {"it misbehaves"};
  model::Package package = test::npm_package("left", "1.0", "app/node_modules/left");
  package.platforms = {"glibc"};
  package.lockfile = "app/package-lock.json";
  package.development = true;
  package.maintainer = "someone";
  package.distribution = true;
  report.packages.push_back(package);
  report.packages.push_back(test::npm_package("unused", "1.0", "app/node_modules/unused"));
  report.modules[3].package = 2;
  report.findings[0].entrypoint = true;
  report.findings[1].baseline = true;
  report.summary.baseline = 1;
  report.summary.suppressed = 1;
  report.suppressed = {
      {.finding = report.findings.back(), .reason = "checked by hand", .expires = "2027-01-31"}};
  report.problems.push_back({"ignore.json", "ignore", "ignore-expired", "an entry expired"});
  report.plan.size = {.before = 1000,
                      .layers = {600, 400},
                      .parts = {{"base", 600, 20}, {"application", 400, 3}},
                      .after = model::SizeRange{300, 500},
                      .basis = {"alpine:3.22 has 8 MB"}};
  report.plan.dockerfile_multi_stage = {"--- Dockerfile"};
  return report;
}

/// The same package in two places, with modules in both and in neither.
model::Report copies_report() {
  model::Report report = test::base_report();
  for (const char* folder : {"app/node_modules/x", "app/node_modules/y/node_modules/x", "opt/x"})
    report.packages.push_back(test::npm_package("x", "1.0", folder));
  for (std::size_t i = 0; i < report.packages.size(); ++i) {
    const std::string path = i == 2 ? "lib/x.node" : report.packages[i].path + "/x.node";
    report.modules.push_back(
        test::module(path, model::Disposition::payload, model::Outcome::fails_to_load, "node"));
    report.modules.back().package = i;
    report.findings.push_back(
        test::finding("MC104", "library", model::Severity::error, path, "x", "It fails."));
    report.findings.back().package = report.packages[i].purl;
  }
  return report;
}

std::vector<model::Report> samples() {
  return {test::blocked_report(), test::changes_report(), test::ready_report(),
          test::empty_report(),   test::hostile_report(), full_report(),
          copies_report()};
}

std::string complaint(const json& report) {
  const auto read = read_json(report.dump());
  return read ? std::string() : read.error().message;
}

json sample_json() { return json::parse(write_json(full_report())); }

}  // namespace

TEST_CASE("a report that is read and written again is the same byte for byte") {
  for (const model::Report& report : samples()) {
    const std::string text = write_json(report);
    const auto read = read_json(text);
    REQUIRE(read);
    CHECK(write_json(*read) == text);
  }
}

TEST_CASE("every format made from the JSON is the same as the one made by the scan") {
  const report::WriteOptions quiet{.table = {}, .rules = {{.id = "MC104", .name = "x"}}};
  const report::WriteOptions verbose{.table = {.verbose = true}, .rules = {}};
  for (const std::string& name : report::format_names()) {
    const report::Format format = report::find_format(name).value();
    for (const model::Report& report : samples()) {
      const auto read = read_json(write_json(report));
      REQUIRE(read);
      CAPTURE(name, report.source.name);
      for (const auto& options : {quiet, verbose})
        CHECK(write_report(*read, format, options) == write_report(report, format, options));
    }
  }
}

TEST_CASE("the JSON has the packages that own something and no others") {
  const json packages = sample_json()["packages"];
  CHECK(packages.size() == 3);
  CHECK(packages.dump().find("unused") == std::string::npos);
}

TEST_CASE("fields of a later version are passed over") {
  json report = sample_json();
  const auto expected = read_json(report.dump());
  report["schemaVersion"] = "1.7";
  report["new"] = {{"deep", json::array({1, 2, 3})}};
  report["modules"][0]["new"] = 7;
  const auto read = read_json(report.dump());
  REQUIRE(read);
  CHECK(*read == *expected);
}

TEST_CASE("another major version is refused by its number") {
  json report = sample_json();
  report["schemaVersion"] = "2.0";
  const auto read = read_json(report.dump());
  REQUIRE_FALSE(read);
  CHECK(read.error().code == core::ErrorCode::unsupported);
  CHECK(read.error().message.find("2.0") != std::string::npos);
}

TEST_CASE("what is wrong in a report is named by its JSON pointer") {
  struct Case {
    const char* pointer;
    json value;
  };
  for (const Case& each :
       {Case{"/verdict", "perfect"}, Case{"/modules/1/layer", -1}, Case{"/modules/1/layer", 1e300},
        Case{"/modules/1/layer", 4294967296}, Case{"/modules/1/errors/1/count", "3"},
        Case{"/modules", json::object()}, Case{"/findings/0/remedy", nullptr},
        Case{"/findings/0/evidence/0", 1}, Case{"/summary/modules/payload", 1.5},
        Case{"/plan/size/after/most", "x"}, Case{"/incomplete", 0},
        Case{"/suppressed/0/finding/severity", "bad"},
        Case{"/modules/1/package", "pkg:npm/nothing"},
        Case{"/source/layers/1/instruction/line", true}, Case{"/tool", json::array()}}) {
    json report = sample_json();
    report[json::json_pointer(each.pointer)] = each.value;
    CAPTURE(each.pointer, each.value.dump());
    CHECK(complaint(report).find(std::string(each.pointer) + " is") != std::string::npos);
  }
}

TEST_CASE("a field that must be there is missed") {
  for (const char* key : {"source", "summary", "packages", "modules", "findings", "problems"}) {
    json report = sample_json();
    report.erase(key);
    CHECK(complaint(report).find(std::string("has no \"") + key) != std::string::npos);
  }
  json report = sample_json();
  report["findings"][2].erase("fingerprint");
  CHECK(complaint(report).find("/findings/2 has no \"fingerprint\"") != std::string::npos);
}

TEST_CASE("what is no report is refused with a short message") {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("7"), std::string("{}"),
        std::string("{\"schemaVersion\": 1}"), std::string("\xff\xfe"), std::string(100'000, '['),
        std::string(5000, 'x')}) {
    const auto read = read_json(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().message.size() < 300);
  }
}

TEST_CASE("a report that is cut anywhere is refused and harms nothing") {
  const std::string text = write_json(test::changes_report());
  for (std::size_t size = 0; size + 2 < text.size(); size += 7)
    CHECK_FALSE(read_json(text.substr(0, size)));
}
