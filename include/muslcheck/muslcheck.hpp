#pragma once
/// The library behind the program muslcheck: it says what breaks when a container image, a folder
/// or a package that was built for glibc moves to Alpine, whose C library is musl.
///
/// Three functions do most of it. rules::load_embedded_rules() gives what is known about Alpine,
/// scan::scan() reads a source and gives a model::Report, report::write_report() makes a text of
/// it:
///
/// <!-- example: made by scripts/update-readme -->
///     const auto rules = rules::load_embedded_rules();
///     if (!rules) return complain(describe(rules.error()));
///     const auto report = scan::scan({.source = argv[1], .target = "alpine:3.22"}, *rules);
///     if (!report) return complain(describe(report.error()));
///     for (const model::Finding& finding : report->findings) print(finding);
///     std::ofstream file(argv[2], std::ios::binary);
///     file << write_report(*report, report::Format::sarif, {.rules = rule_texts(*rules)});
/// <!-- end -->
///
/// A report can also be read back (report::read_json) and compared with another
/// (report::compare_reports). rules::parse_ignore_file() gives findings to set aside, for
/// ScanOptions::accepted.
///
/// **Errors** are values: core::Result<T> is tl::expected<T, core::Error>, and core::describe()
/// makes a line of one. What is wrong in the image is a model::Finding, what could not be examined
/// a model::Problem; both are in the report. These functions throw nothing but std::bad_alloc, and
/// scan() not even that.
///
/// **What it leaves alone.** Nothing is printed, nothing ends the process, no environment variable
/// is looked at, and nothing is executed. Files are written below ScanOptions::cache_folder alone,
/// and nowhere if that is empty. Only the files that options name are read. There is no network.
///
/// **What it does to a process**, all of it in scan():
/// - It forks ScanOptions::jobs worker processes, which parse ELF files under limits of time and
///   memory, and ends them before it returns. Each is a child of the calling thread and has a child
///   of its own. They close all descriptors of the process but their own. A wait for any child
///   (waitpid with -1) in another thread may take one of them: wait for your own by their id.
/// - It installs a handler of SIGBUS when a file is first mapped, and leaves it installed: a file
///   that is cut short while it is read is then a problem in the report. A SIGBUS at other
///   addresses goes to the handler that there was before; one that is installed later takes its
///   place.
/// - It uses oneTBB, and limits oneTBB to ScanOptions::jobs threads for the whole process until it
///   returns.
///
/// **Threads.** All functions may be called from several threads at once; scan(), too. No value is
/// shared between threads without const, but for core::Progress, whose counts are atomic. A process
/// with other threads that calls scan() forks while those threads run. In the worker they do not
/// exist, but what they had locked at that moment stays locked. glibc sees to its own allocator, so
/// it takes a thread that is just then inside LIEF, changes the global std::locale, or initialises
/// a static variable that a worker needs. A worker that gets stuck like this uses up the real time
/// that a file has, 20 seconds, and is killed; that file is then a problem ("worker-timeout") and
/// the report is incomplete. It is never wrong, and scan() does return. To have none of it: scan
/// before starting threads, or start them in ScanOptions::on_start, or scan in a process of its
/// own, which is what the program is. AddressSanitizer's allocator is none that glibc sees to.
///
/// **What is promised.** While the version is 0.x: what is named above, and the fields of the types
/// that it takes and gives, stay as they are in all 0.N.y of one N; fields and values are added at
/// the end. The fields of rules::RuleSet are for the library itself and may change with each
/// version, and so may whatever is not reached from this header. Nothing is promised about the
/// binary interface: compile with the headers of the archive that you link.

#include "muslcheck/core/printable.hpp"
#include "muslcheck/core/progress.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/plan/accept.hpp"
#include "muslcheck/report/report.hpp"
#include "muslcheck/rules/ignore_file.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/scan/scan.hpp"
