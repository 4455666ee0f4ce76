// Checks of scripts, commands and configuration: for each one what it catches and what it leaves
// alone.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checks/busybox.hpp"
#include "muslcheck/checks/checks.hpp"
#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/migration_builders.hpp"

using namespace muslcheck;
using model::CommandSource;
using model::CommandUse;
using model::Phase;
using Words = std::vector<std::string>;

namespace {

/// A call in /app/start.sh of a command that bash of Debian brought.
CommandUse use(Words words, CommandSource source = CommandSource::installable,
               std::string apk = "curl") {
  CommandUse made{.name = words[0],
                  .words = std::move(words),
                  .place = "/app/start.sh:3",
                  .path = "app/start.sh",
                  .program = "usr/bin/x",
                  .phase = Phase::start,
                  .provision = {.source = source, .apk = std::move(apk)}};
  return made;
}

CommandUse in_configuration(CommandUse made, Phase phase, std::string place) {
  made.path.clear();
  made.place = std::move(place);
  made.phase = phase;
  return made;
}

CommandUse in_phase(CommandUse made, Phase phase) {
  made.phase = phase;
  return made;
}

model::Script script(Phase phase) {
  return {.path = "app/start.sh",
          .first_line = "/bin/bash",
          .interpreter = "bash",
          .phase = phase,
          .provision = {.source = CommandSource::installable, .apk = "bash"}};
}

std::vector<model::Finding> check(migrate::Migration migration) {
  return checks::run_checks(migration, test::embedded_rules());
}

std::vector<model::Finding> check(std::vector<CommandUse> uses) {
  migrate::Migration migration = testing::make_migration({});
  migration.commands = std::move(uses);
  return check(std::move(migration));
}

std::vector<model::Finding> check(std::vector<model::Script> scripts) {
  migrate::Migration migration = testing::make_migration({});
  migration.scripts = std::move(scripts);
  return check(std::move(migration));
}

std::vector<model::Finding> check_user(const std::string& user, const std::string& image = {}) {
  migrate::Migration migration = testing::make_migration({});
  migration.source.config.user = user;
  migration.target.image = image;
  return check(std::move(migration));
}

/// "missing-command curl" of each finding.
std::string names(const std::vector<model::Finding>& findings) {
  std::vector<std::string> texts;
  for (const model::Finding& finding : findings)
    texts.push_back(finding.name + " " + finding.subject);
  return core::join(texts, ", ");
}

std::string gaps(const Words& words) {
  std::vector<std::string> texts;
  for (const auto& gap : checks::find_busybox_gaps(words[0], words, test::embedded_rules()))
    texts.push_back(gap.text);
  return core::join(texts, "; ");
}

}  // namespace

TEST_CASE("MC501: the interpreter of a script that runs") {
  const auto findings = check(std::vector{script(Phase::start)});
  REQUIRE(names(findings) == "missing-interpreter bash");
  CHECK(findings[0].severity == model::Severity::error);
  CHECK(findings[0].path == "app/start.sh");
  CHECK(findings[0].evidence == Words{"/app/start.sh: #!/bin/bash"});
  CHECK(findings[0].remedy.command == "apk add --no-cache bash");
  CHECK_FALSE(findings[0].entrypoint);
}

TEST_CASE("MC501 of the entry point comes first") {
  migrate::Migration migration = testing::make_migration({});
  migration.scripts = {script(Phase::start)};
  migration.source.program = {{.what = "/app/start.sh", .path = "app/start.sh", .how = "Cmd"}};
  const auto findings = check(std::move(migration));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].entrypoint);
}

TEST_CASE("MC501 without a package that is known") {
  model::Script made = script(Phase::start);
  made.provision = {.source = CommandSource::absent, .apk = {}};
  const auto findings = check(std::vector{made});
  REQUIRE(names(findings) == "missing-interpreter bash");
  CHECK(findings[0].remedy.kind == "replace");
  CHECK(findings[0].remedy.command.empty());
}

TEST_CASE("MC502: scripts that nothing is known to start are one finding") {
  model::Script other = script(Phase::unknown);
  other.path = "app/tools/x.sh";
  const auto findings = check(std::vector{script(Phase::unknown), other});
  REQUIRE(names(findings) == "missing-interpreter-elsewhere bash");
  CHECK(findings[0].severity == model::Severity::warning);
  CHECK(findings[0].evidence.size() == 2);
}

TEST_CASE("MC502 stays quiet about scripts of dependencies") {
  model::Script made = script(Phase::unknown);
  made.package = 0;
  CHECK(check(std::vector{made}).empty());
}

TEST_CASE("MC502 stays quiet where the interpreter is installed for another script") {
  model::Script other = script(Phase::unknown);
  other.path = "app/tools/x.sh";
  CHECK(names(check(std::vector{script(Phase::start), other})) == "missing-interpreter bash");
}

TEST_CASE("MC503: the program that Cmd names") {
  CommandUse made = in_configuration(use({"redis-server"}, CommandSource::installable, "redis"),
                                     Phase::start, "Cmd");
  made.is_program = true;
  const auto findings = check(std::vector{made});
  REQUIRE(names(findings) == "missing-program redis-server");
  CHECK(findings[0].entrypoint);
  CHECK(findings[0].path == "usr/bin/x");
  CHECK(findings[0].evidence == Words{"Cmd: redis-server"});
}

TEST_CASE("MC504: the command of the health check") {
  const auto findings = check(
      std::vector{in_configuration(use({"curl", "-f", "http://x"}), Phase::health, "Healthcheck")});
  REQUIRE(names(findings) == "missing-health-command curl");
  CHECK(findings[0].severity == model::Severity::error);
  CHECK(findings[0].evidence == Words{"Healthcheck: curl -f http://x"});
}

TEST_CASE("MC505: a command of a script, once for all calls") {
  CommandUse again = use({"curl", "http://y"});
  again.place = "/app/start.sh:9";
  const auto findings = check(std::vector{use({"curl", "http://x"}), again});
  REQUIRE(names(findings) == "missing-command curl");
  CHECK(findings[0].severity == model::Severity::warning);
  CHECK(findings[0].evidence ==
        Words{"/app/start.sh:3: curl http://x", "/app/start.sh:9: curl http://y"});
}

TEST_CASE("many calls are counted") {
  std::vector<CommandUse> uses;
  for (int line = 1; line <= 20; ++line) {
    uses.push_back(use({"curl", std::to_string(line)}));
    uses.back().place = "/app/start.sh:" + std::to_string(line);
  }
  const auto findings = check(uses);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].evidence.size() == 6);
  CHECK(findings[0].evidence.back() == "and 15 more");
}

TEST_CASE("MC505 stays quiet about a command that the script can do without") {
  CommandUse made = use({"curl"});
  made.optional = true;
  CHECK(check(std::vector{made}).empty());
}

TEST_CASE("MC506: a command of a script that nothing is known to start") {
  const auto findings = check(std::vector{in_phase(use({"curl"}), Phase::unknown)});
  REQUIRE(names(findings) == "missing-command-elsewhere curl");
  CHECK(findings[0].severity == model::Severity::note);
  CHECK(check(std::vector{in_phase(use({"curl"}), Phase::unknown), use({"curl"})}).size() == 1);
}

TEST_CASE("MC507: an option that busybox refuses") {
  const auto findings = check(std::vector{use({"grep", "-oP", "x", "f"}, CommandSource::base, "")});
  REQUIRE(names(findings) == "busybox-option grep");
  CHECK(findings[0].evidence ==
        Words{"grep: unrecognized option: P", "/app/start.sh:3: grep -oP x f"});
  CHECK(findings[0].remedy.command == "apk add --no-cache grep");
}

TEST_CASE("MC507 stays quiet about what busybox knows") {
  CHECK(check(std::vector{use({"grep", "-qE", "-e", "-P", "f"}, CommandSource::base, "")}).empty());
  CHECK(check(std::vector{use({"ls", "-la"}, CommandSource::base, "")}).empty());
}

TEST_CASE("MC508: the same in a script that nothing is known to start") {
  const auto made = in_phase(use({"stat", "--format=%s"}, CommandSource::base, ""), Phase::unknown);
  CHECK(names(check(std::vector{made})) == "busybox-option-elsewhere stat");
}

TEST_CASE("MC509: users") {
  const auto findings =
      check(std::vector{use({"useradd", "-m", "app"}, CommandSource::installable, "shadow")});
  REQUIRE(names(findings) == "user-management useradd");
  CHECK(findings[0].remedy.text.find("adduser") != std::string::npos);
  CHECK(check(std::vector{use({"adduser", "-S", "app"}, CommandSource::base, "")}).empty());
}

TEST_CASE("MC510: commands of Debian") {
  CHECK(names(check(std::vector{use({"systemctl", "start", "x"}, CommandSource::absent, "")})) ==
        "debian-command systemctl");
  const auto build = [](const char* name) {
    return in_configuration(use({name}, CommandSource::absent, ""), Phase::build, "Dockerfile:3");
  };
  CHECK(names(check(std::vector{build("locale-gen")})) == "debian-command locale-gen");
  CHECK(check(std::vector{build("apt-get")}).empty());
}

TEST_CASE("MC511: commands that no package is known to have") {
  CHECK(names(check(std::vector{use({"rarely"}, CommandSource::absent, "")})) ==
        "command-without-package rarely");
}

TEST_CASE("MC512: commands of the build") {
  const auto build = [](CommandSource source) {
    return in_configuration(use({"make"}, source, "make"), Phase::build, "Dockerfile:3");
  };
  const auto findings = check(std::vector{build(CommandSource::installable)});
  REQUIRE(names(findings) == "missing-build-command make");
  CHECK(findings[0].evidence == Words{"Dockerfile:3: make"});
  CHECK(check(std::vector{build(CommandSource::absent)}).empty());
}

TEST_CASE("MC513: a user that Alpine does not have") {
  const auto findings = check_user("www-data:www-data");
  REQUIRE(names(findings) == "absent-user www-data");
  CHECK(findings[0].entrypoint);
  CHECK(check_user("1000:1000").empty());
  CHECK(check_user("").empty());
  CHECK(check_user("root").empty());
  CHECK(check_user("nobody").empty());
  CHECK(check_user("somebody").empty());
}

TEST_CASE("MC514: a user with another number") {
  const auto findings = check_user("www-data", "php:8.3-fpm-alpine");
  REQUIRE(names(findings) == "other-user-id www-data");
  CHECK(findings[0].message.find("number 82 there, 33 until now") != std::string::npos);
  CHECK(check_user("node", "node:22-alpine").empty());
}

TEST_CASE("MC515: a preload that stays behind") {
  model::Module module = testing::make_module("usr/lib/x86_64-linux-gnu/libjemalloc.so.2");
  module.host = "preload";
  module.host_evidence = "named by LD_PRELOAD of the image's Env";
  module.disposition = model::Disposition::replaced;
  module.disposition_reason = "owned by deb package libjemalloc2";
  const auto findings = check(testing::make_migration({module}));
  REQUIRE(names(findings) == "preload-left-behind libjemalloc.so.2");
  CHECK(findings[0].remedy.command == "apk add --no-cache jemalloc");
  module.host = "node";
  CHECK(check(testing::make_migration({module})).empty());
}

TEST_CASE("options as getopt takes them apart") {
  struct Row {
    Words words;
    std::string expected;
  };
  const std::vector<Row> rows{
      {{"grep", "-oP", "x"}, "grep: unrecognized option: P"},
      {{"grep", "-eP", "x"}, ""},
      {{"grep", "-e", "-P", "x"}, ""},
      {{"grep", "--", "-P"}, ""},
      {{"grep", "-A3", "-P"}, "grep: unrecognized option: P"},
      {{"grep", "--include=*.c", "x"}, "grep: unrecognized option: include=*.c"},
      {{"cp", "-a", "--preserve", "x", "y"}, "cp: unrecognized option: preserve"},
      {{"find", ".", "-type", "f", "-printf", "%p"}, "find: unrecognized: -printf"},
      {{"find", ".", "-perm", "-u"}, ""},
      {{"date", "-d", "yesterday"}, "date: invalid date 'yesterday'"},
      {{"date", "--date=2 days ago"}, "date: invalid date '2 days ago'"},
      {{"date", "-d", "@1700000000"}, ""},
      {{"date", "-d", "2024-01-01"}, ""},
      {{"date", "+%s%3N"}, "date prints no nanoseconds for +%s%3N"},
      {{"ps", "aux"}, ""},
      {{"ps", "-ef"}, ""},
      {{"ps", "-p", "1"}, "ps: unrecognized option: p"},
      {{"ps", "-eo", "pid,cmd"}, "ps: bad -o argument 'pid,cmd'"},
      {{"tar", "-xzf", "x", "-C", "/P"}, ""},
      {{"tar", "xzf", "x", "--wildcards"}, "tar: unrecognized option: wildcards"},
      {{"xargs", "-n1", "-P4", "rm"}, ""},
      {{"mktemp", "/tmp/XXXXXX.json"}, "mktemp: : Invalid argument"},
      {{"mktemp", "/tmp/x.XXXXXX"}, ""},
      {{"dd", "if=a", "status=progress"}, "dd: invalid argument 'progress' to 'status'"},
      {{"curl", "--include"}, ""},
      {{"readlink", "-f", "x"}, ""},
      {{"readlink", "-e", "x"}, "readlink: unrecognized option: e"},
  };
  for (const Row& row : rows) {
    INFO(core::join(row.words, " "));
    CHECK(gaps(row.words) == row.expected);
  }
}
