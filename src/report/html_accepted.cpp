// What the user knows already. What is set aside is folded, but there: a page that hides something
// must not look like one that has nothing to hide.

#include <algorithm>
#include <string>

#include "report/accepted.hpp"
#include "report/html_parts.hpp"

namespace muslcheck::report {
namespace {

/// Findings in the page that one reason sets aside; the rest is counted.
constexpr std::size_t kMaxSuppressed = 500;

void write_suppressed(Markup& page, const SuppressedGroup& group) {
  const Element details(page, "details");
  page.element("summary", {}, group.text);
  const std::size_t listed = std::min(kMaxSuppressed, group.findings.size());
  {
    const Element list(page, "ul");
    for (std::size_t i = 0; i < listed; ++i)
      page.element("li", {}, describe_briefly(*group.findings[i]));
  }
  if (listed < group.findings.size())
    page.element("p", {{"class", "dim"}},
                 std::to_string(group.findings.size() - listed) + " more in the JSON report.");
}

}  // namespace

void write_html_accepted(Markup& page, const model::Report& report) {
  const std::string baseline = describe_baseline(report);
  if (!baseline.empty()) page.element("p", {}, baseline);
  for (const SuppressedGroup& group : group_suppressed(report)) write_suppressed(page, group);
  for (const model::Problem& problem : report.problems)
    if (is_about_ignore_file(problem))
      page.element("p", {}, problem.path + ": " + problem.message);
}

}  // namespace muslcheck::report
