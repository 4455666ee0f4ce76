// The report as one HTML page that can be attached to a ticket, put on a share and printed. It
// loads nothing: style and script are in the page, and its Content-Security-Policy allows these
// two by their hashes and nothing else, so even a mistake in escaping could run no script and
// reach no server. Nothing from the image is put into the script; it reads the page.
//
// Order as in the table: may I move, what must I do, what would it save, why, what was looked at.

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/text.hpp"
#include "report/accepted.hpp"
#include "report/html_parts.hpp"
#include "report/words.hpp"
#include "report/writers.hpp"

namespace muslcheck::report {
namespace {

using model::Report;

/// Base64 (RFC 4648, 4) of a SHA-256, which is 32 bytes: ten groups of three and one of two.
std::string base64(const std::array<std::uint8_t, 32>& bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8U) | byte;
    for (count += 8; count >= 6; count -= 6)
      text += kDigits[(bits >> static_cast<unsigned>(count - 6)) & 63U];
  }
  text += kDigits[(bits << static_cast<unsigned>(6 - count)) & 63U];
  return text + "=";
}

std::string source_hash(std::string_view own) {
  return "'sha256-" + base64(core::sha256(core::as_bytes(own))) + "'";
}

std::string content_policy() {
  return "default-src 'none'; style-src " + source_hash(html_style()) + "; script-src " +
         source_hash(html_script()) + "; base-uri 'none'; form-action 'none'";
}

std::string title_of(const Report& report) {
  return report.source.name + " on " + report.target.name + ": " + name_of(report.verdict);
}

void write_head(Markup& page, const Report& report) {
  const Element head(page, "head");
  page.empty_element("meta", {{"charset", "utf-8"}});
  page.empty_element(
      "meta", {{"http-equiv", "Content-Security-Policy"}, {"content", content_policy()}});
  page.empty_element("meta",
                     {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.empty_element("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.empty_element("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  page.element("title", {}, title_of(report));
  const Element style(page, "style");
  page.verbatim(html_style());
}

// ---- Verdict ---------------------------------------------------------------------------------

void write_fact(Markup& page, const char* term, const std::string& text) {
  if (text.empty()) return;
  const Element row(page, "div");
  page.element("dt", {}, term);
  page.element("dd", {}, text);
}

std::string describe_source(const model::SourceInfo& source) {
  return source.kind + (source.platform.empty() ? "" : ", " + source.platform);
}

/// "node (usr/local/bin/node), then ...": what a container runs, one after the other.
std::string describe_program(const model::SourceInfo& source) {
  std::vector<std::string> steps;
  for (const model::StartStep& step : source.program) {
    const bool is_named = step.path.empty() || step.path == step.what;
    steps.push_back(is_named ? step.what : step.what + " (" + step.path + ")");
  }
  return core::join(steps, ", then ");
}

void write_facts(Markup& page, const Report& report) {
  const Element list(page, "dl", {{"class", "facts"}});
  write_fact(page, "Scanned", describe_source(report.source));
  if (report.source.base) write_fact(page, "Base", describe_base(report.source));
  if (!report.target.image.empty()) write_fact(page, "New base", describe_new_base(report.target));
  write_fact(page, "Starts", describe_program(report.source));
  write_fact(page, "Findings", describe_findings(report));
  write_fact(page, "Examined", describe_fates(report));
}

/// Payload modules by outcome, as a bar.
void draw_outcomes(Markup& page, const Report& report) {
  using model::Outcome;
  const std::uint64_t all = count_of(report, model::Disposition::payload);
  if (all < 2) return;
  std::vector<BarPart> parts;
  std::vector<std::string> texts;
  for (const Outcome outcome : {Outcome::fails_to_start, Outcome::fails_to_load,
                                Outcome::loads_lazily, Outcome::unknown, Outcome::loads}) {
    const std::uint64_t count = count_of(report, outcome);
    if (count == 0) continue;
    const std::string text = counted(count, outcome);
    parts.push_back({std::string("outcome-") + name_of(outcome), text,
                     static_cast<double>(count) / static_cast<double>(all)});
    texts.push_back(text);
  }
  draw_bar(page, "Modules that move: " + core::join(texts, ", "), parts);
  write_legend(page, parts);
}

void write_verdict(Markup& page, const Report& report) {
  const Element header(page, "header");
  page.element("p", {{"class", "tool"}}, "muslcheck " + report.tool_version);
  {
    const Element title(page, "h1");
    page.element("span", {{"class", "image"}}, report.source.name);
    page.text(" on " + report.target.name);
  }
  {
    const Element verdict(page, "p", {{"class", "verdict"}});
    const std::string word = name_of(report.verdict);
    page.element("b", {{"class", "pill verdict-" + word}}, word);
    page.text(" " + describe_verdict(report));
    if (report.incomplete) {
      page.text(" ");
      page.element("b", {{"class", "pill incomplete"}}, "incomplete");
    }
  }
  draw_outcomes(page, report);
  write_facts(page, report);
}

// ---- The rest --------------------------------------------------------------------------------

void write_problems(Markup& page, const Report& report) {
  std::set<model::Problem> problems(report.problems.begin(), report.problems.end());
  std::erase_if(problems, is_about_ignore_file);
  if (problems.empty()) return;
  const Element list(page, "ul");
  for (const model::Problem& problem : problems) {
    const Element item(page, "li");
    page.element("code", {}, problem.path.empty() ? "(the source)" : problem.path);
    page.text(": " + problem.message + " ");
    page.element("small", {}, problem.stage + "/" + problem.code);
  }
}

/// A part of the page with a heading that the list of contents leads to.
struct Section {
  const char* id;
  const char* title;
  std::string content;
};

/// The parts that have something to say.
std::vector<Section> write_sections(const Report& report, const std::vector<RuleText>& rules) {
  std::vector<Section> sections;
  const auto add = [&](const char* id, const char* title, const auto& write) {
    Markup content;
    write(content);
    if (!content.empty()) sections.push_back({id, title, content.take()});
  };
  add("plan", "What to do", [&](Markup& page) { write_html_plan(page, report); });
  add("size", "Size", [&](Markup& page) { write_html_size(page, report); });
  add("releases", "Releases", [&](Markup& page) { write_html_releases(page, report); });
  add("problems", "Could not examine", [&](Markup& page) { write_problems(page, report); });
  add("findings", "Findings", [&](Markup& page) { write_html_findings(page, report, rules); });
  add("modules", "Modules that move", [&](Markup& page) { write_html_modules(page, report); });
  add("accepted", "Known already", [&](Markup& page) { write_html_accepted(page, report); });
  add("replaced", "What the new base replaces",
      [&](Markup& page) { write_html_replaced(page, report); });
  add("rules", "Why these things break",
      [&](Markup& page) { write_html_rules(page, report, rules); });
  return sections;
}

void write_contents(Markup& page, const std::vector<Section>& sections) {
  const Element contents(page, "nav", {{"aria-label", "Contents"}});
  for (const Section& section : sections)
    page.element("a", {{"href", std::string("#") + section.id}}, section.title);
}

void write_section(Markup& page, const Section& section) {
  const std::string heading = std::string("h-") + section.id;
  const Element element(page, "section", {{"id", section.id}, {"aria-labelledby", heading}});
  page.element("h2", {{"id", heading}}, section.title);
  page.verbatim(section.content);
}

void write_main(Markup& page, const Report& report, const std::vector<Section>& sections) {
  const Element main(page, "main", {{"id", "main"}});
  for (const Section& section : sections) {
    if (std::string_view(section.id) == "findings") write_html_filter(page, report);
    write_section(page, section);
  }
}

void write_footer(Markup& page, const Report& report) {
  const Element footer(page, "footer");
  page.element("p", {},
               "Made by muslcheck " + report.tool_version +
                   ". This page loads nothing and sends nothing. The JSON report (-f json) has the "
                   "same for programs.");
}

void write_document(Markup& page, const Report& report, const std::vector<RuleText>& rules) {
  page.verbatim("<!doctype html>");
  const Element root(page, "html", {{"lang", "en"}});
  write_head(page, report);
  const Element body(page, "body");
  page.element("a", {{"class", "skip"}, {"href", "#main"}}, "To the content");
  write_verdict(page, report);
  const std::vector<Section> sections = write_sections(report, rules);
  write_contents(page, sections);
  write_main(page, report, sections);
  write_footer(page, report);
  const Element script(page, "script");
  page.verbatim(html_script());
}

}  // namespace

Attributes scrolling(const std::string& style, const std::string& label) {
  return {{"class", style}, {"role", "group"}, {"aria-label", label}, {"tabindex", "0"}};
}

void draw_bar(Markup& page, const std::string& label, const std::vector<BarPart>& parts) {
  // Integers, so that the page is the same on every machine.
  constexpr double kWidth = 10'000;
  const Element picture(page, "svg",
                        {{"class", "bar"},
                         {"role", "img"},
                         {"aria-label", label},
                         {"viewBox", "0 0 10000 100"},
                         {"preserveAspectRatio", "none"}});
  double at = 0;
  for (const BarPart& part : parts) {
    const double end = at + part.share * kWidth;
    const Element shape(page, "rect",
                        {{"class", part.style},
                         {"x", std::to_string(static_cast<int>(at))},
                         {"width", std::to_string(static_cast<int>(end) - static_cast<int>(at))},
                         {"height", "100"},
                         {"vector-effect", "non-scaling-stroke"}});
    page.element("title", {}, part.label);
    at = end;
  }
}

void write_legend(Markup& page, const std::vector<BarPart>& parts) {
  const Element list(page, "ul", {{"class", "legend"}});
  for (const BarPart& part : parts) {
    const Element item(page, "li");
    page.element("span", {{"class", "swatch " + part.style}}, "");
    page.text(part.label);
  }
}

std::string write_html(const Report& report, const std::vector<RuleText>& rules) {
  Markup page;
  write_document(page, report, rules);
  return page.take() + "\n";
}

}  // namespace muslcheck::report
