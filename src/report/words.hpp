#pragma once
/// What is said in the same words in every format for people. The texts may hold names from the
/// image as they are: it is the writer's part to make them printable or to escape them.

#include <cstdint>
#include <string>
#include <string_view>

#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

/// "1 error", "2 errors".
[[nodiscard]] std::string counted(std::uint64_t count, const std::string& noun);

// From the summary, which counts also what a report does not list.
[[nodiscard]] std::uint64_t count_of(const model::Report& report, model::Outcome outcome);
[[nodiscard]] std::uint64_t count_of(const model::Report& report, model::Disposition disposition);
[[nodiscard]] std::uint64_t count_of(const model::Report& report, model::Severity severity);
[[nodiscard]] std::uint64_t count_modules(const model::Report& report);

/// "Error relocating FILE" of "Error relocating FILE: SYMBOL: symbol not found".
[[nodiscard]] std::string_view head_of(std::string_view text);

/// "alpine:3.22 (musl 1.2.5, x86_64)".
[[nodiscard]] std::string describe_target(const model::TargetInfo& target);

/// "2 of 4 native modules fail on alpine:3.22 (musl 1.2.5, x86_64); not everything has a known
/// remedy.", without the verdict's own word.
[[nodiscard]] std::string describe_verdict(const model::Report& report);

/// "node:22.1.0-bookworm, 5 of 8 layers, recognised by the image's history". There must be a base.
[[nodiscard]] std::string describe_base(const model::SourceInfo& source);

/// "node:20.11-alpine; target alpine:3.19, node:20.11-alpine has it". Of a bare Alpine that the
/// user asked for there is nothing more to say.
[[nodiscard]] std::string describe_new_base(const model::TargetInfo& target);

/// "fails to load".
[[nodiscard]] const char* describe(model::Outcome outcome);

/// "1 fails to load", "2 fail to load".
[[nodiscard]] std::string counted(std::uint64_t count, model::Outcome outcome);

/// "fails to load (node)": the outcome and who loads the module.
[[nodiscard]] std::string describe_outcome(const model::Module& module);

/// Evidence that says who loads a library or starts a program: never cut off, it says what breaks.
[[nodiscard]] bool is_dependent(const std::string& text);

/// "does not help: __res_init: symbol not found (and 1 more)".
[[nodiscard]] std::string describe_gcompat(const model::GcompatAnswer& answer,
                                           const model::Module& module);

/// "3 errors, 1 warning"; "No findings".
[[nodiscard]] std::string describe_findings(const model::Report& report);

/// "5 native modules: 1 loads, 1 fails to start, 3 replaced by the base."
[[nodiscard]] std::string describe_fates(const model::Report& report);

/// "MC121 variant-not-published (likely)": without the last word it is certain.
[[nodiscard]] std::string describe_rule(const model::Finding& finding);

/// "Likely: sharp finds no native code.": the message where nothing else says how sure it is.
[[nodiscard]] std::string describe_surely(const model::Finding& finding);

/// "5 native modules examined: 1 loads, 1 fails to start, 3 replaced by the base."
[[nodiscard]] std::string describe_examined(const model::Report& report);

}  // namespace muslcheck::report
