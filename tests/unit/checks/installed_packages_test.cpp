// MC516: which packages it speaks of, and in which words.

#include <string>
#include <vector>

#include "muslcheck/checks/checks.hpp"
#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/migration_builders.hpp"

using namespace muslcheck;
using Texts = std::vector<std::string>;

namespace {

model::Package package(std::string name, int since_layer = 2) {
  return {.ecosystem = "deb",
          .name = std::move(name),
          .path = "var/lib/dpkg/status",
          .distribution = true,
          .on_purpose = true,
          .since_layer = since_layer};
}

migrate::Migration with(const Texts& names) {
  migrate::Migration migration = testing::make_migration({});
  for (const std::string& name : names) migration.packages.push_back(package(name));
  return migration;
}

std::vector<model::Finding> check(const migrate::Migration& migration) {
  std::vector<model::Finding> found;
  for (model::Finding& finding : checks::run_checks(migration, test::embedded_rules()))
    if (finding.rule_id == "MC516") found.push_back(std::move(finding));
  return found;
}

/// What the finding asks for, "" if there is none.
std::string command(const migrate::Migration& migration) {
  const auto found = check(migration);
  return found.empty() ? "" : found[0].remedy.command;
}

migrate::Migration with_python(const Texts& names, bool distribution) {
  migrate::Migration migration = with(names);
  migration.target.image = "python:3.11-alpine";
  migration.source.runtimes = {
      {.id = "python", .name = "Python", .in_new_base = true, .distribution = distribution}};
  return migration;
}

}  // namespace

TEST_CASE("MC516: one note for the image says what was installed") {
  const auto found = check(with({"ffmpeg", "mystery", "python3-yaml", "wkhtmltopdf"}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == model::Severity::note);
  CHECK(found[0].confidence == model::Confidence::hint);
  CHECK(found[0].path == "var/lib/dpkg/status");
  CHECK(found[0].layer == 2);
  CHECK(found[0].message.find("with the old base: ffmpeg, python3-yaml, mystery, wkhtmltopdf.") !=
        std::string::npos);
  CHECK(found[0].evidence == Texts{"on Alpine: ffmpeg, python3-yaml as py3-yaml",
                                   "no Alpine package is known for: mystery, wkhtmltopdf"});
  CHECK(found[0].remedy.kind == "apk");
  CHECK(found[0].remedy.command == "apk add --no-cache ffmpeg py3-yaml");
}

TEST_CASE("MC516 is the same ticket whatever else is installed") {
  CHECK(check(with({"ffmpeg"}))[0].fingerprint == check(with({"jq", "curl"}))[0].fingerprint);
}

TEST_CASE("MC516 of packages without a counterpart has no command") {
  const auto found = check(with({"mystery"}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].remedy.kind == "inspect");
  CHECK(found[0].remedy.command.empty());
}

TEST_CASE("MC516 shortens long lists") {
  Texts names;
  for (int i = 10; i < 60; ++i) names.push_back("mystery" + std::to_string(i));
  const auto found = check(with(names));
  REQUIRE(found.size() == 1);
  CHECK(found[0].message.find("mystery17 and 42 more.") != std::string::npos);
  CHECK(found[0].evidence[0].ends_with("mystery49 and 10 more"));
}

TEST_CASE("MC516 stays quiet about what the move does not lose") {
  CHECK(check(with({"libpq-dev", "build-essential", "cmake", "apt-utils", "nginx-doc"})).empty());

  migrate::Migration of_base = with({"ffmpeg"});
  of_base.source.base = {.name = "node:20", .layers = 3};
  CHECK(check(of_base).empty());
  of_base.source.base->layers = 2;
  CHECK(command(of_base) == "apk add --no-cache ffmpeg");

  migrate::Migration vendors = with({"google-chrome-stable"});
  vendors.packages[0].distribution = false;
  CHECK(check(vendors).empty());

  migrate::Migration in_new_base = with({"tzdata", "ffmpeg"});
  in_new_base.target.image = "python:3.11-alpine";
  CHECK(command(in_new_base) == "apk add --no-cache ffmpeg");

  migrate::Migration by_dockerfile = with({"ffmpeg", "jq"});
  by_dockerfile.build_packages = {"ffmpeg"};
  CHECK(command(by_dockerfile) == "apk add --no-cache jq");

  migrate::Migration musl = with({"ffmpeg"});
  musl.musl_system = true;
  CHECK(check(musl).empty());
}

TEST_CASE("MC516 does not repeat what another finding asks for") {
  migrate::Migration migration = with({"curl", "jq"});
  migration.commands = {{.name = "curl",
                         .words = {"curl"},
                         .place = "/app/x.sh:1",
                         .path = "app/x.sh",
                         .phase = model::Phase::start,
                         .provision = {model::CommandSource::installable, "curl"}}};
  CHECK(command(migration) == "apk add --no-cache jq");
}

TEST_CASE("MC516 leaves Debian's own runtime to the new base") {
  CHECK(check(with_python({"python3", "python3.11", "python3-pip", "python3-venv"}, true)).empty());
  migrate::Migration second = with_python({"python3", "nodejs"}, true);
  CHECK(command(second) == "apk add --no-cache nodejs");
  second.source.runtimes[0].in_new_base = false;
  CHECK(command(second) == "apk add --no-cache nodejs python3");
}

TEST_CASE("MC516: the Python of the image python sees no modules of Alpine's Python") {
  const auto moved = check(with_python({"ffmpeg", "python3-pil"}, true));
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].remedy.command == "apk add --no-cache ffmpeg");
  REQUIRE(moved[0].evidence.size() == 2);
  CHECK(moved[0].evidence[1].ends_with("sees no py3 packages: pillow (python3-pil)"));
  // Unless /usr/bin/python3 is started by its path: that will be Alpine's own.
  migrate::Migration by_path = with_python({"python3-pil"}, true);
  by_path.commands = {{.name = "/usr/bin/python3",
                       .words = {"/usr/bin/python3"},
                       .place = "/app/x.sh:1",
                       .path = "app/x.sh",
                       .phase = model::Phase::start,
                       .provision = {model::CommandSource::installable, "python3"}}};
  CHECK(command(by_path) == "apk add --no-cache py3-pillow");
  // On the Debian variant, too, they were for the other Python.
  const auto beside = check(with_python({"python3-pil"}, false));
  REQUIRE(beside.size() == 1);
  CHECK(beside[0].remedy.command == "apk add --no-cache py3-pillow");
  CHECK(beside[0].evidence[1].ends_with("the Python of python:3.11-alpine sees neither"));
}
