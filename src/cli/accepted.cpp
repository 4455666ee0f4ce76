// Ignore file and baseline: what the user knows about already.

#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <ctime>

#include "cli/commands.hpp"
#include "cli/report_output.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/rules/ignore_file.hpp"

namespace muslcheck::cli {
namespace {

constexpr const char* kIgnoreFile = ".muslcheckignore.json";

/// The day in UTC, so that a report does not depend on where a build machine stands.
std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, sizeof "9999-12-31"> text{};
  return std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts) == 0 ? "" : text.data();
}

/// Without --ignore-file that of the working directory, if there is one.
std::string choose_ignore_file(const std::string& given) {
  struct stat status {};
  if (!given.empty()) return given;
  return ::stat(kIgnoreFile, &status) == 0 ? kIgnoreFile : "";
}

}  // namespace

core::Result<plan::Accepted> read_accepted(const ScanCommand& command) {
  plan::Accepted accepted{.file = choose_ignore_file(command.ignore_file), .today = today()};
  if (!accepted.file.empty()) {
    const auto text = read_input(accepted.file, core::limits::kMaxSettingsFile);
    if (!text) return tl::make_unexpected(text.error());
    auto suppressions = rules::parse_ignore_file(accepted.file, *text);
    if (!suppressions) return tl::make_unexpected(suppressions.error());
    accepted.suppressions = std::move(*suppressions);
  }
  if (!command.baseline.empty()) {
    const auto report = read_report(command.baseline);
    if (!report) return tl::make_unexpected(report.error());
    accepted.baseline = report::fingerprints_of(*report);
  }
  return accepted;
}

void print_expired(const model::Report& report) {
  for (const model::Problem& problem : report.problems)
    if (problem.stage == "ignore")
      std::fprintf(stderr, "muslcheck: %s\n",
                   core::printable(problem.path + ": " + problem.message).c_str());
}

}  // namespace muslcheck::cli
