// The command line: subcommands and their options, in the words of the design. Everything that a
// command does is in a file of its own.

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>
#include <string>

#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/duration.hpp"
#include "cli/options.hpp"
#include "cli/settings.hpp"
#include "cli/usage_error.hpp"
#include "muslcheck/cli/cli.hpp"

namespace muslcheck::cli {
namespace {

struct Options {
  ScanCommand scan;
  ImportCommand import;
  DockerfileCommand dockerfile;
  ConvertCommand convert;
  DiffCommand diff;
  std::string rules_folder;
  std::string subject;
  std::string cache_action;
  std::string cache_folder;
  std::string shell;
};

/// What is wrong with a time, as CLI11 asks for it; empty: nothing.
std::string duration_complaint(const std::string& text) {
  const auto time = parse_duration(text);
  return time ? std::string() : time.error().message;
}

CLI::App* add_scan(CLI::App& app, Options& options) {
  CLI::App* scan = app.add_subcommand("scan", "Predict what breaks when SOURCE moves to Alpine");
  ScanCommand& command = options.scan;
  scan->add_option("SOURCE", command.scan.source,
                   "docker-archive:FILE, oci-archive:FILE,\n"
                   "oci-dir:FOLDER, dir:FOLDER (a root file system\n"
                   "or any folder such as node_modules), file:FILE\n"
                   "(an ELF file or a package: deb, rpm, apk, gem,\n"
                   "whl, jar, nupkg, npm's tgz, zip, tar), or a\n"
                   "bare path")
      ->type_name("")
      ->required();
  scan->add_option("--target", command.scan.target,
                   "Alpine release to move to, such as alpine:3.22;\n"
                   "several as 3.20,3.22, or all: the report is about\n"
                   "the newest and compares the others with it;\n"
                   "a profile as FILE.json (muslcheck target import)\n"
                   "(default: that of the Alpine tag of the image's\n"
                   "runtime, such as node:20-alpine; else the newest)")
      ->type_name("TARGET");
  scan->add_option("--target-image", command.scan.target_image,
                   "Move onto the files of this Alpine image or root:\n"
                   "libraries and symbols are its own, not those of\n"
                   "the built-in data")
      ->type_name("SOURCE")
      ->excludes("--target");
  scan->add_option("--platform", command.scan.platform,
                   "Platform to judge for, such as linux/arm64\n"
                   "(default: the image's own; of several that of\n"
                   "this machine)")
      ->type_name("PLATFORM");
  scan->add_flag("--verify", command.scan.verify,
                 "Check the digests of uncompressed layers, too,\n"
                 "and read also what the cache knows");
  scan->add_option("--base", command.scan.base,
                   "Image that SOURCE was built on, saved too: its\n"
                   "files are replaced by the new base (default:\n"
                   "found by labels and the image's history)")
      ->type_name("SOURCE");
  CLI::Option* dockerfile = scan->add_option("--dockerfile", command.scan.dockerfile,
                                             "The Dockerfile that made the image: the report\n"
                                             "says which instruction brought what")
                                ->type_name("FILE");
  scan->add_option("--stage", command.scan.stage,
                   "Stage of the Dockerfile that is the image, by name\n"
                   "or number (default: the last)")
      ->type_name("NAME")
      ->needs(dockerfile);
  scan->add_option("--build-arg", command.scan.build_args,
                   "What docker build was given for an ARG; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->needs(dockerfile);
  scan->add_option("--image", command.scan.image,
                   "Which image of an archive with several: a name\n"
                   "or the start of a digest")
      ->type_name("NAME");
  add_output(*scan, command.output);
  add_fail_on(*scan, command.fail_on, "Lowest severity that gives exit code 1:");
  scan->add_option("--baseline", command.baseline,
                   "A report in JSON: what it has does not count for\n"
                   "the exit code")
      ->type_name("FILE");
  scan->add_option("--ignore-file", command.ignore_file,
                   "What to set aside, and why (default:\n"
                   ".muslcheckignore.json, if it is there)")
      ->type_name("FILE");
  scan->add_option("--config", command.config,
                   "Options that are always given (default: the first\n"
                   "of muslcheck.json, .muslcheck.json, and\n"
                   "muslcheck/config.json in XDG_CONFIG_HOME)")
      ->type_name("FILE");
  scan->add_option("--jobs", command.scan.jobs, "Threads to use (default: one per processor)")
      ->type_name("N")
      ->check(CLI::Range(1, 256).description(""));
  scan->add_option("--timeout", command.timeout,
                   "Give up after TIME, such as 90s, 5m or 1h30m, with\n"
                   "exit code 2 and no report (default: never)")
      ->type_name("TIME")
      ->check(CLI::Validator(duration_complaint, ""));
  CLI::Option* folder = scan->add_option("--cache-dir", command.scan.cache_folder,
                                         "Keep what layers hold in FOLDER, so that the next\n"
                                         "scan need not read them (default: muslcheck in\n"
                                         "XDG_CACHE_HOME or ~/.cache)")
                            ->type_name("FOLDER");
  scan->add_flag("--no-cache", command.no_cache, "Neither use nor fill the cache")
      ->excludes(folder);
  scan->add_flag("--strict", command.strict, "Exit code 3 if anything could not be examined");
  scan->add_flag("-q,--quiet", command.output.quiet, "Print no table; the exit code tells");
  scan->add_flag("--no-progress", command.no_progress,
                 "Draw no progress bar; there is one only on a\n"
                 "terminal, when a scan takes over a second");
  scan->add_flag("-v,--verbose", command.output.verbose, "List the modules that load, too");
  scan->footer(
      "Examples:\n"
      "  muslcheck scan docker-archive:app.tar --target alpine:3.22\n"
      "  muslcheck scan dir:node_modules -f json -o report.json\n"
      "  muslcheck scan app.tar --baseline old.json --fail-on warning\n"
      "Each option can be given as MUSLCHECK_NAME (MUSLCHECK_FAIL_ON=warning), or\n"
      "in the configuration file ({\"fail-on\": \"warning\"}); the command line wins.\n"
      "Exit codes: 0 nothing at or above the threshold, 1 findings, 2 error,\n"
      "  3 incomplete (with --strict).");
  return scan;
}

void add_dockerfile(CLI::App& app, Options& options) {
  CLI::App* sub = app.add_subcommand("dockerfile", "Move a Dockerfile to Alpine, as a patch");
  DockerfileCommand& command = options.dockerfile;
  sub->add_option("FILE", command.file, "The Dockerfile; no image is needed")
      ->type_name("")
      ->required();
  sub->add_option("--target", command.target,
                  "Alpine release to move to, such as alpine:3.22:\n"
                  "tags of images name it (default: the newest, and\n"
                  "tags that name none)")
      ->type_name("TARGET");
  sub->add_flag("--multi-stage", command.multi_stage,
                "Make one stage two: one that builds, and one that\n"
                "has only what runs");
  sub->add_option("--stage", command.stage,
                  "Stage that is the image, by name or number\n"
                  "(default: the last)")
      ->type_name("NAME");
  sub->add_option("--build-arg", command.build_args,
                  "What docker build was given for an ARG; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  sub->add_option("-o,--output", command.output, "Write the patch to FILE")->type_name("FILE");
  sub->footer(
      "The patch goes to standard output, what is left to you to standard error.\n"
      "Examples:\n"
      "  muslcheck dockerfile Dockerfile | patch Dockerfile\n"
      "  muslcheck dockerfile Dockerfile --multi-stage -o alpine.patch");
}

void add_cache(CLI::App& app, Options& options) {
  CLI::App* cache = app.add_subcommand("cache", "Say what the cache has, or empty it");
  cache->add_option("ACTION", options.cache_action, "info or clean")
      ->type_name("")
      ->required()
      ->check(one_of({"info", "clean"}));
  cache->add_option("--cache-dir", options.cache_folder, "The cache in FOLDER")
      ->type_name("FOLDER");
}

void add_target(CLI::App& app, Options& options) {
  CLI::App* target = app.add_subcommand("target", "Make a target of a real Alpine");
  target->require_subcommand(1);
  CLI::App* importing = target->add_subcommand(
      "import", "Write what SOURCE has as a profile for scan --target FILE.json");
  scan::ImportOptions& command = options.import.options;
  importing
      ->add_option("SOURCE", command.source,
                   "An Alpine image or root file system, as for scan,\n"
                   "or a package index: APKINDEX or APKINDEX.tar.gz")
      ->type_name("")
      ->required();
  importing->add_option("-o,--output", options.import.output, "Write to FILE, not standard output")
      ->type_name("FILE");
  importing->add_option("--platform", command.platform, "Which platform of an image with several")
      ->type_name("PLATFORM");
  importing->add_option("--image", command.image, "Which image of an archive with several")
      ->type_name("NAME");
}

int print(const std::string& text) {
  const auto written = write_stdout(text);
  return written ? kExitOk : report_error(written.error());
}

int run_command(CLI::App& app, const Options& options) {
  if (app.got_subcommand("version"))
    return print(std::string("muslcheck ") + scan::version() + "\n");
  if (app.got_subcommand("completion"))
    return print(write_completion(describe_commands(app), options.shell));
  if (app.got_subcommand("man"))
    return print(write_manual(describe_commands(app), scan::version()));
  if (app.got_subcommand("cache")) {
    const bool given = !options.cache_folder.empty();
    return run_cache(options.cache_action, given ? options.cache_folder : default_cache_folder());
  }
  if (app.got_subcommand("diff")) return run_diff(options.diff);
  if (app.got_subcommand("scan"))
    if (const auto applied = apply_settings(*app.get_subcommand("scan")); !applied)
      return report_error(applied.error());
  const auto rules = options.rules_folder.empty() ? rules::load_embedded_rules()
                                                  : rules::load_rules(options.rules_folder);
  if (!rules) return report_error(rules.error());
  if (app.got_subcommand("scan")) return run_scan(options.scan, *rules);
  if (app.got_subcommand("dockerfile")) return run_dockerfile(options.dockerfile, *rules);
  if (app.got_subcommand("convert")) return run_convert(options.convert, *rules);
  if (app.got_subcommand("explain")) return run_explain(options.subject, *rules);
  if (app.got_subcommand("rules")) return run_rules(*rules);
  if (app.got_subcommand("target")) return run_target_import(options.import, *rules);
  return run_targets(*rules);
}

int parse_and_run(int argc, const char* const* argv) {
  CLI::App app{"Predicts what breaks when a container image moves from glibc to musl.",
               "muslcheck"};
  Options options;
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("muslcheck ") + scan::version());
  app.add_option("--rules", options.rules_folder, "Read rules from FOLDER, not the built-in ones")
      ->type_name("FOLDER");
  add_scan(app, options);
  add_convert(app, options.convert);
  add_diff(app, options.diff);
  add_dockerfile(app, options);
  app.add_subcommand("explain", "Explain a rule, a symbol or a soname")
      ->add_option("SUBJECT", options.subject, "MC104, library-absent, fcntl64, libcrypt.so.1")
      ->type_name("")
      ->required();
  add_cache(app, options);
  add_target(app, options);
  app.add_subcommand("targets", "List the Alpine releases that can be the target");
  app.add_subcommand("rules", "List the rules");
  add_completion(app, options.shell);
  app.add_subcommand("version", "Print the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    if (app.exit(error, text, text) == 0) return print(text.str());
    std::cerr << "muslcheck: " << describe_usage_error(app, error) << "\nRun "
              << command_in_use(app) << " --help for more information.\n";
    return kExitError;
  }
  return run_command(app, options);
}

}  // namespace

int run(int argc, const char* const* argv) {
  prepare_process();
  try {
    return parse_and_run(argc, argv);
  } catch (...) {
    return report_error(core::error_of_exception());
  }
}

}  // namespace muslcheck::cli
