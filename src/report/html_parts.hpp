#pragma once
/// The parts of the HTML report, in the order of the page: each writes what stands below its
/// heading, or nothing if there is nothing to say.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/model/report.hpp"
#include "muslcheck/report/report.hpp"
#include "report/html_markup.hpp"

namespace muslcheck::report {

// The files of src/report/html, built in.
[[nodiscard]] std::string_view html_style();
[[nodiscard]] std::string_view html_script();

void write_html_plan(Markup& page, const model::Report& report);
void write_html_size(Markup& page, const model::Report& report);
/// Findings by package and file, with the controls that filter them and the modules. `rules`:
/// those that have a text to link to.
void write_html_findings(Markup& page, const model::Report& report,
                         const std::vector<RuleText>& rules);
void write_html_releases(Markup& page, const model::Report& report);
void write_html_modules(Markup& page, const model::Report& report);
void write_html_replaced(Markup& page, const model::Report& report);
void write_html_rules(Markup& page, const model::Report& report,
                      const std::vector<RuleText>& rules);

/// What an ignore file sets aside and what an older report has too.
void write_html_accepted(Markup& page, const model::Report& report);

/// The controls that filter findings and modules. Hidden: the script shows them.
void write_html_filter(Markup& page, const model::Report& report);

/// "npm" of "pkg:npm/sharp@1.0.0"; "none" for what belongs to no package.
[[nodiscard]] std::string ecosystem_of(std::string_view purl);

/// Attributes of a box whose content may be wider than it is: the keyboard can scroll it as well.
[[nodiscard]] Attributes scrolling(const std::string& style, const std::string& label);

/// One bar of a picture: widths in proportion, from left to right.
struct BarPart {
  std::string style;  ///< class of the rectangle and of its sample in the legend
  std::string label;
  double share = 0;  ///< of the width of the picture
};

/// Draws a bar. `label` is what it says in words, for those who cannot see it.
void draw_bar(Markup& page, const std::string& label, const std::vector<BarPart>& parts);
/// What the colours of a bar mean.
void write_legend(Markup& page, const std::vector<BarPart>& parts);

}  // namespace muslcheck::report
