#pragma once
/// One writer per format, from model::Report to text.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

/// How text for a terminal looks.
struct TableOptions {
  bool colour = false;   ///< with escape sequences
  int width = 80;        ///< columns
  bool verbose = false;  ///< also lists modules that load
};

/// For people: the verdict first, then what to do, then findings grouped by package.
/// Names from the image are printed with core::printable.
[[nodiscard]] std::string write_table(const model::Report& report, const TableOptions& options);

/// JSON by rules/schema/report-1.schema.json: sorted keys within the order of the schema, lists
/// never null, two-space indentation, a final newline.
[[nodiscard]] std::string write_json(const model::Report& report);

/// The report that write_json() made a text of: written again it is the same byte for byte, and so
/// is every other format. Fields of a later 1.x are passed over. Errors: malformed (with a JSON
/// pointer), unsupported (another major version), limit_exceeded.
[[nodiscard]] core::Result<model::Report> read_json(std::string_view text);

using model::RuleText;

enum class Format {
  table,      ///< see write_table
  json,       ///< see write_json
  html,       ///< one page that loads nothing
  markdown,   ///< a comment for a merge request, at most 60,000 characters
  sarif,      ///< SARIF 2.1.0
  gitlab,     ///< GitLab's Code Quality report
  junit,      ///< JUnit XML: one test for each module
  cyclonedx,  ///< CycloneDX 1.6, in JSON
};

/// The format of that name ("table", "sarif"); nothing if there is none.
[[nodiscard]] std::optional<Format> find_format(std::string_view name);

/// All names that find_format knows, in the order of the help.
[[nodiscard]] const std::vector<std::string>& format_names();

struct WriteOptions {
  TableOptions table = {};  ///< for the table
  /// For SARIF and HTML, sorted by id: rules::rule_texts() of the rules that the findings were made
  /// with. A finding of a rule that is not there is written without its text.
  std::vector<RuleText> rules = {};
};

/// The report in any format. A pure function of the report as its JSON has it: what write_json
/// leaves out makes no difference to any format.
[[nodiscard]] std::string write_report(const model::Report& report, Format format,
                                       const WriteOptions& options);

/// Two reports of one image or of two versions of it, by the fingerprints of their findings. The
/// pointers refer to the reports.
struct Difference {
  std::vector<const model::Finding*> added;      ///< of the new report, not in the old one
  std::vector<const model::Finding*> removed;    ///< of the old report, no longer in the new one
  std::vector<const model::Finding*> unchanged;  ///< of the new report, in the old one too
};

/// What an ignore file sets aside is in neither report. Takes reports of scan() and of read_json();
/// both must outlive the result.
[[nodiscard]] Difference compare_reports(const model::Report& before, const model::Report& after);

/// How a difference can be written.
enum class DifferenceFormat { table, json, markdown };

/// The format of that name; nothing if there is none.
[[nodiscard]] std::optional<DifferenceFormat> find_difference_format(std::string_view name);

/// All names that find_difference_format knows.
[[nodiscard]] const std::vector<std::string>& difference_format_names();

/// What is new, what is fixed; `options` matter to the table alone.
[[nodiscard]] std::string write_difference(const Difference& difference, DifferenceFormat format,
                                           const TableOptions& options);

/// The fingerprints of all findings, sorted, each once: what plan::Accepted::baseline takes.
[[nodiscard]] std::vector<std::string> fingerprints_of(const model::Report& report);

}  // namespace muslcheck::report
