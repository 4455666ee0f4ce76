#pragma once
// Reports built by hand, one per kind of answer that people get.

#include <string>

#include "muslcheck/model/report.hpp"

namespace muslcheck::test {

inline model::Report base_report() {
  model::Report report;
  report.tool_version = "0.1.0";
  report.source = {.kind = "docker-archive",
                   .name = "shop:1.4",
                   .digest = "sha256:" + std::string(64, 'a'),
                   .platform = "linux/amd64",
                   .config = {.entrypoint = {"node", "server.js"},
                              .cmd = {},
                              .env = {},
                              .user = {},
                              .working_directory = {},
                              .labels = {}},
                   .layers = {{.digest = "sha256:" + std::string(64, 'b'),
                               .created_by = "ADD rootfs.tar / # buildkit",
                               .size = 29150000},
                              {.digest = "sha256:" + std::string(64, 'c'),
                               .created_by = "COPY . /app # buildkit",
                               .size = 71000000}}};
  report.target = {.name = "alpine:3.22",
                   .release = "3.22",
                   .musl = "1.2.5",
                   .arch = "x86_64",
                   .image = "node:20-alpine3.22"};
  return report;
}

inline model::Package npm_package(const std::string& name, const std::string& version,
                                  const std::string& path, std::vector<std::string> owners = {}) {
  std::string encoded = name;
  if (encoded.starts_with('@')) encoded.replace(0, 1, "%40");
  return {.purl = "pkg:npm/" + encoded + "@" + version,
          .ecosystem = "npm",
          .name = name,
          .version = version,
          .path = path,
          .owners = std::move(owners),
          .maintainer = {},
          .distribution = false};
}

inline model::Module module(const std::string& path, model::Disposition disposition,
                            model::Outcome outcome, const std::string& host = "") {
  model::Module module;
  module.path = path;
  module.layer = 1;
  module.sha256 = std::string(64, 'd');
  module.architecture = "x86_64";
  module.libc = {model::Libc::glibc, "version need GLIBC_2.34 of libc.so.6"};
  module.role = host.empty() ? model::Role::executable : model::Role::plugin;
  module.host = host;
  module.disposition = disposition;
  module.outcome = outcome;
  return module;
}

inline model::Finding finding(const std::string& rule_id, const std::string& name,
                              model::Severity severity, const std::string& path,
                              const std::string& subject, const std::string& message) {
  model::Finding finding;
  finding.rule_id = rule_id;
  finding.name = name;
  finding.severity = severity;
  finding.fingerprint = model::make_fingerprint(rule_id, "", "", path, subject);
  finding.path = path;
  finding.subject = subject;
  finding.message = message;
  finding.layer = 1;
  return finding;
}

inline const std::string kSharpDirectory = "app/node_modules/@img/sharp-linux-x64";
inline const std::string kSharp = kSharpDirectory + "/lib/sharp-linux-x64.node";
inline const std::string kArgon = "app/node_modules/argon2/prebuilds/linux-x64/argon2.glibc.node";

inline model::Module sharp_module() {
  using model::LoadErrorKind;
  model::Module sharp =
      module(kSharp, model::Disposition::payload, model::Outcome::fails_to_load, "node");
  sharp.build_id = "0123456789abcdef";
  sharp.package = 0;
  sharp.load.errors = {
      {.kind = LoadErrorKind::library_missing,
       .subject = "ld-linux-x86-64.so.2",
       .needed_by = kSharp,
       .version = {},
       .library = {},
       .binding = {},
       .text = "Error loading shared library ld-linux-x86-64.so.2: No such file or directory "
               "(needed by /" +
               kSharp + ")"},
      {.kind = LoadErrorKind::symbol_missing,
       .subject = "__memcpy_chk",
       .needed_by = kSharp,
       .version = "GLIBC_2.3.4",
       .library = "libc.so.6",
       .binding = "global",
       .lazy = true,
       .fatal = false,
       .count = 3,
       .text = "Error relocating /" + kSharp + ": __memcpy_chk: symbol not found"}};
  sharp.load.libraries = {{.name = "libstdc++.so.6",
                           .needed_by = kSharp,
                           .source = model::LibrarySource::installable,
                           .path = "usr/lib/libstdc++.so.6",
                           .apk = "libstdc++",
                           .confidence = model::Confidence::certain,
                           .steps = {{"/lib/libstdc++.so.6", "absent"}}},
                          {.name = "ld-linux-x86-64.so.2",
                           .needed_by = kSharp,
                           .source = model::LibrarySource::missing,
                           .path = {},
                           .apk = {},
                           .confidence = model::Confidence::certain,
                           .steps = {{"/lib/ld-linux-x86-64.so.2", "absent"},
                                     {"/usr/local/lib/ld-linux-x86-64.so.2", "absent"},
                                     {"/usr/lib/ld-linux-x86-64.so.2", "absent"}}}};
  sharp.gcompat = {.help = model::GcompatHelp::no,
                   .remaining = {"Error relocating /" + kSharp + ": __res_init: symbol not found"},
                   .version = "1.1.0"};
  return sharp;
}

inline std::vector<model::Finding> sharp_findings(const model::Package& package) {
  const model::Remedy reinstall{
      .kind = "reinstall",
      .text =
          "Install the musl build of the package in the image, or in a build stage that runs "
          "Alpine.",
      .command = "npm install --os=linux --libc=musl --cpu=x64 sharp"};
  model::Finding loader = finding(
      "MC102", "loader-as-library", model::Severity::error, kSharp, "ld-linux-x86-64.so.2",
      "It needs glibc's loader ld-linux-x86-64.so.2 as a library; Alpine does not have it.");
  loader.evidence = {
      "Error loading shared library ld-linux-x86-64.so.2: No such file or "
      "directory (needed by /" +
      kSharp + ")"};
  model::Finding fortify =
      finding("MC201", "fortify", model::Severity::error, kSharp, "fortify",
              "It calls 5 checked functions of glibc that musl does not have.");
  for (const char* name :
       {"__memcpy_chk", "__memset_chk", "__printf_chk", "__snprintf_chk", "__vfprintf_chk"})
    fortify.evidence.push_back("Error relocating /" + kSharp + ": " + name + ": symbol not found");
  model::Finding packaged =
      finding("MC104", "library-installable", model::Severity::warning, kSharp, "libstdc++.so.6",
              "It needs libstdc++.so.6, which is not part of the base.");
  packaged.remedy = {.kind = "apk",
                     .text = "Alpine's package libstdc++ has it.",
                     .command = "apk add --no-cache libstdc++"};
  loader.remedy = reinstall;
  fortify.remedy = reinstall;
  std::vector<model::Finding> findings{loader, packaged, fortify};
  for (model::Finding& each : findings) {
    each.package = package.purl;
    each.owners = package.owners;
  }
  return findings;
}

/// The same image, where a Dockerfile says how its layers were made.
inline void set_instruction(model::Report& report) {
  report.source.layers[1].instruction = {.file = "shop/Dockerfile",
                                         .line = 12,
                                         .stage = "runtime",
                                         .text = "COPY --from=build --chown=node:node /app /app",
                                         .from = "build"};
}

/// The same on three releases: one module came with the last, one fails on all.
inline void add_releases(model::Report& report) {
  using model::Outcome;
  report.releases = {{"3.20", model::Verdict::blocked, 4, 2},
                     {"3.21", model::Verdict::blocked, 4, 2},
                     {"3.22", model::Verdict::blocked, 3, 2}};
  const std::string text = "Error relocating /" + kArgon + ": statx: symbol not found";
  report.matrix = {{.path = "app/bin/report-tool",
                    .outcomes = {{"3.20", Outcome::fails_to_start, {"exec: no such file"}},
                                 {"3.21", Outcome::fails_to_start, {"exec: no such file"}},
                                 {"3.22", Outcome::fails_to_start, {"exec: no such file"}}},
                    .summary = "on none",
                    .reason = "on 3.22: exec: no such file"},
                   {.path = kArgon,
                    .outcomes = {{"3.20", Outcome::fails_to_load, {text}},
                                 {"3.21", Outcome::fails_to_load, {text}},
                                 {"3.22", Outcome::loads, {}}},
                    .summary = "from 3.22 on",
                    .reason = "on 3.21: statx: symbol not found"}};
}

/// An application with a package that has a remedy, one that is lazily broken, a program without
/// a remedy, and a file that could not be read.
inline model::Report blocked_report() {
  using model::Disposition;
  using model::Outcome;
  model::Report report = base_report();
  report.verdict = model::Verdict::blocked;
  report.incomplete = true;
  report.source.base = {.name = "node:20.19.5-bookworm",
                        .digest = "sha256:" + std::string(64, 'e'),
                        .how = "history",
                        .layers = 1};
  report.source.program = {
      {.what = "report-tool", .path = "app/bin/report-tool", .how = "Entrypoint, found in PATH"},
      {.what = "gone", .path = {}, .how = "run by the shell"}};
  report.packages = {
      npm_package("@img/sharp-linux-x64", "0.34.1", kSharpDirectory, {"next", "sharp"}),
      npm_package("argon2", "0.43.0", "app/node_modules/argon2")};
  report.modules = {
      module("app/bin/report-tool", Disposition::payload, Outcome::fails_to_start), sharp_module(),
      module(kArgon, Disposition::payload, Outcome::loads_lazily, "node"),
      module("app/node_modules/bcrypt/bcrypt.node", Disposition::payload, Outcome::loads, "node"),
      module("usr/bin/dpkg", Disposition::replaced, Outcome::unknown)};
  report.modules[4].disposition_reason = "owned by dpkg package dpkg";
  model::Finding tool = finding(
      "MC101", "missing-loader", model::Severity::error, "app/bin/report-tool",
      "/lib64/ld-linux-x86-64.so.2",
      "The kernel cannot start it: its interpreter /lib64/ld-linux-x86-64.so.2 does not exist.");
  tool.evidence = {"app/bin/report-tool: not found"};
  tool.remedy = {
      .kind = "stay", .text = "Ask its vendor for a musl or static build.", .command = {}};
  report.findings = {tool};
  for (model::Finding& each : sharp_findings(report.packages[0])) report.findings.push_back(each);
  model::Finding lazy =
      finding("MC207", "missing-when-called", model::Severity::warning, kArgon, "fortify",
              "It loads, and crashes when it calls __explicit_bzero_chk.");
  lazy.confidence = model::Confidence::likely;
  lazy.package = report.packages[1].purl;
  lazy.evidence = {"Error relocating /" + kArgon + ": __explicit_bzero_chk: symbol not found"};
  lazy.remedy = {.kind = "rebuild",
                 .text = "Build it from source on Alpine.",
                 .command = "npm rebuild --build-from-source argon2"};
  model::Finding note = finding("MC210", "harmless", model::Severity::note, kArgon, "gettid",
                                "It asks for gettid weakly and works without it.");
  note.package = report.packages[1].purl;
  report.findings.push_back(lazy);
  report.findings.push_back(note);
  report.summary = {
      .modules = {{"payload", 4}, {"replaced", 1}},
      .outcomes = {{"loads", 1}, {"loads-lazily", 1}, {"fails-to-load", 1}, {"fails-to-start", 1}},
      .findings = {{"error", 3}, {"warning", 2}, {"note", 1}},
      .packages = 2};
  report.plan = {
      .apk = {"libgcc", "libstdc++"},
      .commands = {"npm install --os=linux --libc=musl --cpu=x64 sharp",
                   "npm rebuild --build-from-source argon2"},
      .dockerfile = {"--- Dockerfile", "+++ Dockerfile", "@@ -1,2 +1,3 @@", "-FROM node:20",
                     "+FROM node:20-alpine3.22", "+RUN apk add --no-cache libgcc libstdc++",
                     " WORKDIR /app"},
      .dockerfile_notes = {"line 1: node:20: the full node image has a compiler"},
      .steps = {
          {.kind = "base", .text = "begin with the new base", .command = "FROM node:20-alpine3.22"},
          {.kind = "apk",
           .text = "add what the new base lacks",
           .command = "apk add --no-cache libgcc libstdc++",
           .rules = {"MC102"}},
          {.kind = "install",
           .text = "install for musl: sharp",
           .command = "npm install --os=linux --libc=musl --cpu=x64 sharp",
           .rules = {"MC104"},
           .packages = {report.packages[0].purl}},
          {.kind = "rebuild",
           .text = "build for musl: argon2",
           .command = "npm rebuild --build-from-source argon2"},
          {.kind = "blocked",
           .text = "nothing is known to help: app/bin/thumbnail",
           .rules = {"MC101"}}}};
  report.problems = {{.path = "app/broken.so",
                      .stage = "elf",
                      .code = "dynamic-out-of-bounds",
                      .message = "The dynamic section lies outside the file."}};
  add_releases(report);
  return report;
}

/// Nothing to do: 20 modules load, 7 are replaced.
inline model::Report ready_report() {
  using model::Disposition;
  using model::Outcome;
  model::Report report = base_report();
  report.modules = {module("app/a.node", Disposition::payload, Outcome::loads, "node"),
                    module("usr/lib/libz.so.1", Disposition::replaced, Outcome::unknown)};
  report.summary = {.modules = {{"payload", 20}, {"replaced", 7}},
                    .outcomes = {{"loads", 20}},
                    .findings = {},
                    .packages = 3};
  return report;
}

/// Works after one apk add.
inline model::Report changes_report() {
  model::Report report = base_report();
  report.verdict = model::Verdict::changes;
  set_instruction(report);
  report.packages = {npm_package("@img/sharp-linux-x64", "0.34.1", kSharpDirectory, {"sharp"})};
  report.modules = {sharp_module()};
  report.findings = sharp_findings(report.packages[0]);
  report.plan.apk = {"libstdc++"};
  report.plan.commands = {report.findings[0].remedy.command};
  report.plan.steps = {
      {.kind = "apk",
       .text = "add what the new base lacks",
       .command = "apk add --no-cache libstdc++"},
      {.kind = "install", .text = "install for musl", .command = report.plan.commands[0]}};
  report.summary = {.modules = {{"payload", 1}},
                    .outcomes = {{"fails-to-load", 1}},
                    .findings = {{"error", 2}, {"warning", 1}},
                    .packages = 1};
  return report;
}

/// A folder without any ELF file.
inline model::Report empty_report() {
  model::Report report = base_report();
  report.source = {.kind = "dir",
                   .name = "empty",
                   .digest = {},
                   .platform = {},
                   .config = {},
                   .layers = {{.digest = {}, .created_by = {}, .size = 0}}};
  return report;
}

/// Terminal controls, and bytes that are not UTF-8.
inline const std::string kHostile =
    "a\x1b[31m\r\n\x07\xff\xc3(\xe2\x80\xae"
    "b";

/// Every text that an image can choose is `bad`, or has it in it.
inline model::Report hostile_report(const std::string& bad = kHostile) {
  model::Report report = blocked_report();
  report.source.name = bad;
  report.source.platform = bad;
  report.source.config.entrypoint = {bad};
  report.source.base->name = report.source.base->digest = bad;
  report.source.program[0] = {.what = bad, .path = bad, .how = bad};
  report.source.layers[0].created_by = bad;
  report.source.layers[1].instruction = {
      .file = bad, .line = 1, .stage = bad, .text = bad, .from = bad};
  report.target.image = bad;
  report.packages[0].name = bad;
  report.packages[0].version = bad;
  report.packages[0].path = "app/" + bad;
  for (model::Module& each : report.modules) {
    each.path = "app/" + bad + "/" + each.path;
    each.host = bad;
  }
  for (model::Finding& each : report.findings) {
    each.path = "app/" + bad + "/" + each.path;
    each.subject = each.message = bad;
    each.evidence = {bad, bad};
    each.owners = {bad, bad};
    each.remedy = {.kind = "rebuild", .text = bad, .command = bad};
  }
  report.plan = {.apk = {bad}, .commands = {bad}, .dockerfile = {bad}};
  report.plan.dockerfile_notes = {bad};
  report.plan.steps = {{.kind = "apk", .text = bad, .command = bad},
                       {.kind = "rebuild", .text = bad, .command = bad},
                       {.kind = "blocked", .text = bad, .rules = {bad}}};
  for (model::Problem& each : report.problems) each.path = each.message = bad;
  for (model::ModuleReleases& each : report.matrix) {
    each.path = "app/" + bad + "/" + each.path;
    each.reason = bad;
    for (model::ReleaseOutcome& on : each.outcomes) on.errors = {bad};
  }
  return report;
}

}  // namespace muslcheck::test
