#include <algorithm>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "muslcheck/report/report.hpp"
#include "report/layout.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "unit/report/sample_reports.hpp"

namespace {

using namespace muslcheck;
using report::TableOptions;
using report::write_table;

std::string table(const model::Report& report) { return write_table(report, TableOptions{}); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string_view line : core::split(text, '\n')) lines.emplace_back(line);
  return lines;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Columns of the longest line that could have been broken: one that has a space beyond its
/// indentation, and is not a command of the plan or of a remedy.
std::size_t longest_breakable(const std::string& text, const std::vector<std::string>& commands) {
  std::size_t longest = 0;
  for (const std::string& line : lines_of(text)) {
    const std::string_view content = core::trim(line);
    const bool is_command = std::any_of(commands.begin(), commands.end(),
                                        [&](const std::string& c) { return c == content; });
    if (is_command || content.find(' ') == std::string_view::npos) continue;
    longest = std::max(longest, report::display_width(line));
  }
  return longest;
}

}  // namespace

TEST_CASE("what gcompat would do is said of each file that it was asked for") {
  model::Report report = test::blocked_report();
  model::Module* sharp = nullptr;
  for (model::Module& module : report.modules)
    if (module.path == test::kSharp) sharp = &module;
  REQUIRE(sharp != nullptr);
  const auto says = [&](const std::string& text) {
    const std::string page = report::write_table(report, {.width = 500});
    return page.find("gcompat 1.1.0: " + text) != std::string::npos;
  };
  CHECK(says("does not help: __res_init: symbol not found\n"));
  sharp->gcompat->remaining = {"Error relocating /lib/x.so: a: symbol not found", "more"};
  CHECK(says("does not help: Error relocating /lib/x.so: a: symbol not found (and 1 more)\n"));
  sharp->gcompat = {.help = model::GcompatHelp::installed,
                    .caveats = {"getcontext is a stub"},
                    .version = "1.1.0"};
  CHECK(says("it would load with apk add gcompat; getcontext is a stub\n"));
  sharp->gcompat = {.help = model::GcompatHelp::preloaded, .version = "1.1.0"};
  CHECK(says("it would load with apk add gcompat, but only if LD_PRELOAD="));
  sharp->role = model::Role::executable;
  CHECK(says("it would start with apk add gcompat, but only if"));
  sharp->outcome = model::Outcome::loads_lazily;
  CHECK(says("nothing would be missing with apk add gcompat, but only if"));
  sharp->gcompat.reset();
  CHECK_FALSE(says(""));
}

TEST_CASE("the table of each kind of report reads as reviewed") {
  test::check_golden("unit/report/golden/blocked.txt", table(test::blocked_report()));
  test::check_golden("unit/report/golden/blocked-verbose.txt",
                     write_table(test::blocked_report(), {.verbose = true}));
  test::check_golden("unit/report/golden/changes.txt", table(test::changes_report()));
  test::check_golden("unit/report/golden/ready.txt", table(test::ready_report()));
  test::check_golden("unit/report/golden/empty.txt", table(test::empty_report()));
  test::check_golden("unit/report/golden/hostile.txt", table(test::hostile_report()));
}

TEST_CASE("the verdict comes first") {
  CHECK(table(test::blocked_report()).starts_with("blocked: "));
  CHECK(table(test::changes_report()).starts_with("changes: "));
  CHECK(table(test::ready_report()).starts_with("ready: "));
}

TEST_CASE("a report without native code says so") {
  CHECK(contains(
      write_table(test::empty_report(), {.width = 200}),
      "nothing to judge for alpine:3.22 (musl 1.2.5, x86_64): no native code (ELF file) found."));
}

TEST_CASE("the header says what the base is and how that was decided") {
  const auto header = [](const model::BaseImage& base) {
    model::Report report = test::base_report();
    report.source.base = base;
    const std::vector<std::string> lines = lines_of(write_table(report, {.width = 200}));
    return lines.at(2);
  };
  const auto base = [](const char* how, std::size_t layers, std::size_t own_layers = 0) {
    return model::BaseImage{
        .name = "node:20", .digest = {}, .how = how, .layers = layers, .own_layers = own_layers};
  };
  CHECK(header(base("given", 1, 1)) == "  base: node:20, 1 of 2 layers, given with --base");
  CHECK(header(base("given", 1, 5)) ==
        "  base: node:20, 1 of 2 layers, given with --base (the image has only these of its 5 "
        "layers)");
  CHECK(header(base("label", 0)) ==
        "  base: node:20, named by the image's label (which layers are its own is not known)");
  CHECK(header(base("label", 1)) ==
        "  base: node:20, 1 of 2 layers, named by the image's label (its layers recognised by the "
        "history)");
  CHECK(header(base("history", 2)) ==
        "  base: node:20, 2 of 2 layers, recognised by the image's history");
}

TEST_CASE("what keeps the container from starting comes before other errors") {
  model::Report report = test::blocked_report();
  report.plan = {};  // which is in an order of its own
  model::Finding& last = report.findings.back();
  REQUIRE(last.severity == model::Severity::note);
  const auto at = [&](const std::string& text, const char* part) {
    const std::string all = text;
    REQUIRE(all.find(part) != std::string::npos);
    return all.find(part);
  };
  CHECK(at(table(report), "MC101") < at(table(report), "MC210"));
  last.entrypoint = true;
  CHECK(at(table(report), "MC210") < at(table(report), "MC101"));
  const std::string json = report::write_json(report);
  CHECK(at(json, "\"MC210\"") < at(json, "\"MC101\""));
  CHECK(contains(json, "\"entrypoint\": true"));
}

TEST_CASE("a module that is only lazily broken is not called loading") {
  model::Report report = test::ready_report();
  report.summary.outcomes = {{"loads", 19}, {"loads-lazily", 1}};
  CHECK(contains(table(report), "1 of 20 native modules loads on alpine:3.22"));
  CHECK_FALSE(contains(table(report), "all 20"));
}

TEST_CASE("modules that were not judged are not called loading") {
  model::Report report = test::ready_report();
  report.summary.outcomes = {{"loads", 18}, {"unknown", 2}};
  CHECK(contains(table(report), "2 of 20 native modules cannot be judged"));
}

TEST_CASE("problems are shown with their path and make an incomplete report say so") {
  const std::string text = table(test::blocked_report());
  CHECK(contains(text, "Incomplete:"));
  CHECK(contains(text, "app/broken.so: The dynamic section lies outside the file."));
  CHECK(contains(text, "[elf/dynamic-out-of-bounds]"));
}

TEST_CASE("findings that one command cures show it once, after them") {
  const std::string text = table(test::changes_report());
  const std::string fix = "fix: Install the musl build";
  CHECK(text.find(fix) > text.find("MC201"));
  CHECK(text.find(fix) == text.rfind(fix));
}

TEST_CASE("loader texts about one file name it once, and the rest is counted") {
  const std::string text = table(test::changes_report());
  const std::string head = "Error relocating\n";
  CHECK(text.find(head) == text.rfind(head));
  CHECK(contains(text, "          __memset_chk: symbol not found\n"));
  CHECK(contains(text, "      | + 1 more\n"));
}

TEST_CASE("who loads a library is shown however many loader texts there are") {
  model::Report report = test::changes_report();
  for (model::Finding& finding : report.findings) {
    finding.evidence.assign(20, "Error relocating /x.so: symbol not found");
    finding.evidence.push_back("loaded by /app/main.node");
  }
  const std::string text = table(report);
  CHECK(contains(text, "| loaded by /app/main.node\n"));
  CHECK(contains(text, "      | + 16 more\n"));
}

TEST_CASE("the worst package comes first") {
  const std::string text = table(test::blocked_report());
  CHECK(text.find("@img/sharp-linux-x64@0.34.1") < text.find("argon2@0.43.0 (npm)"));
}

TEST_CASE("two copies of one package are told apart by their directories") {
  model::Report report = test::changes_report();
  model::Package nested = report.packages[0];
  nested.path = "app/node_modules/next/" + nested.path;
  model::Finding in_nested = report.findings[0];
  in_nested.path = nested.path + "/lib/x.node";
  report.packages.push_back(nested);
  report.findings.push_back(in_nested);
  const std::string text = table(report);
  CHECK(contains(text, "  in app/node_modules/@img/sharp-linux-x64\n"));
  CHECK(contains(text, "  in app/node_modules/next/app/node_modules/@img/sharp-linux-x64\n"));
  CHECK(contains(text, "  lib/x.node"));
}

TEST_CASE("a group says which step brought it, once if it is one for all its files") {
  model::Report report = test::changes_report();
  const std::string instruction =
      "layer 1: COPY --from=build --chown=node:node /app /app (shop/Dockerfile:12)\n";
  CHECK(contains(table(report), "\n  in app/node_modules/@img/sharp-linux-x64\n  " + instruction));
  report.source.layers[1].instruction.reset();
  CHECK(contains(table(report), "\n  layer 1: COPY . /app\n"));
  report.source.layers[1].created_by.clear();
  CHECK_FALSE(contains(table(report), "layer 1"));

  report = test::changes_report();
  report.findings.push_back(report.findings.front());
  report.findings.back().path += "2";
  report.findings.back().layer = 0;
  CHECK(contains(table(report), "\n    " + instruction));
  CHECK(contains(table(report), "\n    layer 0: ADD rootfs.tar /\n"));
}

TEST_CASE("a finding about the image as a whole has no layer, nor has one that is not there") {
  model::Report report = test::changes_report();
  for (model::Finding& finding : report.findings) finding.path.clear();
  CHECK_FALSE(contains(table(report), "layer "));
  report = test::changes_report();
  for (model::Finding& finding : report.findings) finding.layer = 7;
  CHECK_FALSE(contains(table(report), "layer "));
}

TEST_CASE("a long step is shortened") {
  model::Report report = test::changes_report();
  report.source.layers[1].instruction->text = "RUN " + std::string(10'000, 'x');
  CHECK(contains(table(report), "xxx...\n    (shop/Dockerfile:12)\n"));
  CHECK(table(report).size() < 5'000);
}

TEST_CASE("no line that could be broken is wider than asked for") {
  for (const int width : {60, 80, 120}) {
    CAPTURE(width);
    const model::Report report = test::blocked_report();
    const std::string text = write_table(report, {.width = width, .verbose = true});
    std::vector<std::string> unbreakable = report.plan.commands;
    for (const model::Finding& finding : report.findings)
      unbreakable.push_back(finding.remedy.command);
    CHECK(longest_breakable(text, unbreakable) <= static_cast<std::size_t>(width));
  }
}

TEST_CASE("a name of several words is broken where it is too long, in its style") {
  report::Page page(40, true);
  page.paragraph(0, 2, {"one two three four five six seven eight", report::Style::bold},
                 "and more");
  CHECK(page.take() == "\x1b[1mone two three four five six seven eight\x1b[0m\n  and more\n");
  page = report::Page(40, true);
  page.paragraph(0, 2, {"one two three four five six seven eight nine", report::Style::bold},
                 "and");
  CHECK(page.take() ==
        "\x1b[1mone two three four five six seven eight\x1b[0m\n"
        "  \x1b[1mnine\x1b[0m and\n");
}

TEST_CASE("a command stays on one line however long it is") {
  model::Report report = test::changes_report();
  const std::string command = "npm install " + std::string(150, 'x') + " --libc=musl";
  report.plan.steps = {{.kind = "install", .text = "install", .command = command}};
  CHECK(contains(table(report), "  1. " + command + "\n"));
}

TEST_CASE("a long apk line is broken so that it can still be pasted") {
  model::Report report = test::changes_report();
  report.plan = {};
  for (int i = 10; i < 40; ++i) report.plan.apk.push_back("package-" + std::to_string(i));
  report.plan.steps = {{.kind = "apk", .text = "add", .command = "apk add"}};
  const std::string text = table(report);
  CHECK(contains(text, " \\\n       package-"));
  std::string pasted = text.substr(text.find("apk add"));
  pasted = pasted.substr(0, pasted.find("\n\n"));
  for (const std::string& line : lines_of(pasted)) CHECK(report::display_width(line) <= 80);
  for (std::size_t at = 0; (at = pasted.find(" \\\n       ")) != std::string::npos;)
    pasted.replace(at, 10, " ");
  CHECK(pasted == "apk add --no-cache " + core::join(report.plan.apk, " "));
}

TEST_CASE("steps are numbered, and the base alone is no list") {
  model::Report report = test::changes_report();
  report.plan = {};
  report.plan.steps = {{.kind = "base", .text = "begin", .command = "FROM node:20-alpine"}};
  CHECK_FALSE(contains(table(report), "What to do"));
  report.plan.steps.push_back(
      {.kind = "blocked", .text = "nothing is known to help: x", .rules = {"MC101", "MC103"}});
  CHECK(contains(table(report),
                 "What to do\n  1. FROM node:20-alpine\n  2. nothing is known to help: x (MC101, "
                 "MC103)\n"));
}

TEST_CASE("a patch of the Dockerfile is shown, a long one is counted") {
  model::Report report = test::changes_report();
  report.plan = {};
  report.plan.dockerfile = {"--- Dockerfile", "+++ Dockerfile", "@@ -1 +1 @@", "-FROM node:20",
                            "+FROM node:20-alpine"};
  report.plan.dockerfile_notes = {"line 1: look"};
  CHECK(contains(table(report),
                 "Dockerfile\n  --- Dockerfile\n  +++ Dockerfile\n  @@ -1 +1 @@\n"
                 "  -FROM node:20\n  +FROM node:20-alpine\n  - line 1: look\n"));
  for (int i = 0; i < 100; ++i) report.plan.dockerfile.emplace_back("+RUN x");
  CHECK(contains(table(report), "A patch of 102 lines"));
}

TEST_CASE("names from an image reach the terminal without controls") {
  for (const char byte : table(test::hostile_report())) {
    const auto value = static_cast<unsigned char>(byte);
    if ((value < 0x20 && byte != '\n') || value == 0x7f) FAIL("control " << int{value});
  }
}

TEST_CASE("a line feed in a name cannot forge a line") {
  CHECK_FALSE(contains(table(test::hostile_report()), "\n\x07"));
  model::Report report = test::blocked_report();
  report.findings[0].message = "x\nready: all good";
  CHECK_FALSE(contains(table(report), "\nready:"));
}

TEST_CASE("what is said of no file stands under the image") {
  model::Report report;
  report.findings = {
      {.rule_id = "MC410", .name = "time-zone-variable", .message = "TZ."},
      {.rule_id = "MC101", .name = "missing-loader", .path = "bin/x", .message = "No."}};
  const std::string text = table(report);
  CHECK(contains(text, "\nThe image\n    error MC410 time-zone-variable: TZ."));
  CHECK(contains(text, "\nFiles of no package\n  bin/x\n    error MC101"));
}

TEST_CASE("colour is off unless asked for, and changes no text") {
  const model::Report report = test::blocked_report();
  const std::string plain = table(report);
  std::string coloured = write_table(report, {.colour = true});
  CHECK_FALSE(contains(plain, "\x1b"));
  CHECK(contains(coloured, "\x1b[1;31mblocked:\x1b[0m"));
  CHECK(contains(coloured, "\x1b[1;31merror\x1b[0m"));
  CHECK(contains(coloured, "\x1b[1;33mwarning\x1b[0m"));
  CHECK(contains(coloured, "\x1b[2mnote\x1b[0m"));
  for (std::size_t at = 0; (at = coloured.find('\x1b')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  CHECK(coloured == plain);
}

TEST_CASE("lines have no spaces at their ends") {
  for (const std::string& line : lines_of(table(test::blocked_report())))
    CHECK_FALSE(line.ends_with(' '));
}

TEST_CASE("verbose lists every module that moves and all evidence") {
  const std::string text = write_table(test::blocked_report(), {.verbose = true});
  CHECK(contains(text, "app/node_modules/bcrypt/bcrypt.node: loads (node)"));
  CHECK(contains(text, "__vfprintf_chk"));
  CHECK_FALSE(contains(text, "usr/bin/dpkg"));
  model::Report report = test::blocked_report();
  report.modules[2].load.assumptions = {"the exports of libfoo.so.1 are not known"};
  CHECK(contains(write_table(report, {.verbose = true}), "assumes: the exports of libfoo.so.1"));
}

TEST_CASE("display width counts columns, not bytes") {
  CHECK(report::display_width("abc") == 3);
  CHECK(report::display_width("caf\xc3\xa9") == 4);
  CHECK(report::display_width("e\xcc\x81") == 1);                 // e, combining acute
  CHECK(report::display_width("\xe6\xbc\xa2\xe5\xad\x97") == 4);  // two ideographs
  CHECK(report::display_width("\xf0\x9f\x98\x80") == 2);          // an emoji
}

TEST_CASE("a target that no image tag stands for says where it is from") {
  model::Report report = test::ready_report();
  report.target = {.name = "homemade",
                   .release = {},
                   .musl = "1.2.3",
                   .arch = "x86_64",
                   .image = {},
                   .how = "the profile homemade.json"};
  CHECK(contains(table(report), "\n  target: homemade, the profile homemade.json\n"));
  CHECK_FALSE(contains(table(report), "new base:"));
}
