// The formats by name, and which writer makes which.

#include <array>

#include "muslcheck/core/search.hpp"
#include "muslcheck/report/report.hpp"
#include "report/canonical.hpp"
#include "report/writers.hpp"

namespace muslcheck::report {
namespace {

struct Writer {
  const char* name;
  Format format;
  std::string (*write)(const model::Report&, const WriteOptions&);
};

constexpr std::array kWriters{
    Writer{"table", Format::table,
           [](const model::Report& report, const WriteOptions& options) {
             return write_table(report, options.table);
           }},
    Writer{"json", Format::json,
           [](const model::Report& report, const WriteOptions&) { return write_json(report); }},
    Writer{"html", Format::html,
           [](const model::Report& report, const WriteOptions& options) {
             return write_html(report, options.rules);
           }},
    Writer{"markdown", Format::markdown,
           [](const model::Report& report, const WriteOptions&) { return write_markdown(report); }},
    Writer{"sarif", Format::sarif,
           [](const model::Report& report, const WriteOptions& options) {
             return write_sarif(report, options.rules);
           }},
    Writer{"gitlab", Format::gitlab,
           [](const model::Report& report, const WriteOptions&) { return write_gitlab(report); }},
    Writer{"junit", Format::junit,
           [](const model::Report& report, const WriteOptions&) { return write_junit(report); }},
    Writer{
        "cyclonedx", Format::cyclonedx,
        [](const model::Report& report, const WriteOptions&) { return write_cyclonedx(report); }},
};

}  // namespace

std::optional<Format> find_format(std::string_view name) {
  const Writer* writer =
      core::find_where(kWriters, [&](const Writer& candidate) { return name == candidate.name; });
  return writer == nullptr ? std::nullopt : std::optional(writer->format);
}

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Writer& writer : kWriters) names.emplace_back(writer.name);
    return names;
  }();
  return kNames;
}

std::string write_report(const model::Report& report, Format format, const WriteOptions& options) {
  const Writer* writer = core::find_where(
      kWriters, [&](const Writer& candidate) { return candidate.format == format; });
  return writer == nullptr ? std::string() : writer->write(make_canonical(report), options);
}

}  // namespace muslcheck::report
