// The size as a picture: one bar for today, made of its parts, and one for Alpine, both on one
// scale. The estimate is drawn solid up to its lower bound and pale from there to its upper one.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/html_parts.hpp"
#include "report/layers.hpp"
#include "report/size.hpp"

namespace muslcheck::report {
namespace {

using core::describe_bytes;
using model::SizeMath;

double share_of(std::uint64_t bytes, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(all);
}

std::string percent(std::uint64_t bytes, std::uint64_t all) {
  const long rounded = std::lround(100 * share_of(bytes, all));
  return rounded == 0 ? "under 1 %" : std::to_string(rounded) + " %";
}

/// "language runtime 92 MB, 40 %".
std::string describe_part(const model::SizePart& part, const SizeMath& size) {
  return describe_kind(part.kind) + " " + describe_bytes(part.bytes) + ", " +
         percent(part.bytes, size.before);
}

std::vector<BarPart> parts_of(const SizeMath& size, std::uint64_t scale) {
  std::vector<BarPart> parts;
  for (const model::SizePart& part : size.parts)
    if (part.bytes != 0)
      parts.push_back(
          {"part-" + part.kind, describe_part(part, size), share_of(part.bytes, scale)});
  return parts;
}

void draw_today(Markup& page, const SizeMath& size, std::uint64_t scale) {
  const std::vector<BarPart> parts = parts_of(size, scale);
  std::vector<std::string> texts;
  for (const BarPart& part : parts) texts.push_back(part.label);
  const std::string total = describe_bytes(size.before);
  page.element("p", {{"class", "bar-title"}}, "Today: " + total);
  draw_bar(page, "Today " + total + ": " + core::join(texts, "; "), parts);
  write_legend(page, parts);
}

void draw_after(Markup& page, const SizeMath& size, std::uint64_t scale) {
  if (!size.after) return;
  const std::string text =
      describe_range(*size.after) + ", " + describe_saving(size.before, *size.after);
  page.element("p", {{"class", "bar-title"}}, "On Alpine: " + text);
  const std::uint64_t spread = size.after->most - std::min(size.after->most, size.after->least);
  draw_bar(page, "On Alpine " + text,
           {{"after-least", "at least " + describe_bytes(size.after->least),
             share_of(size.after->least, scale)},
            {"after-most", "at most " + describe_bytes(size.after->most),
             share_of(spread, scale)}});
}

void write_basis(Markup& page, const SizeMath& size) {
  if (size.basis.empty()) return;
  const Element details(page, "details");
  page.element("summary", {}, "What the estimate is made of");
  const Element list(page, "ul");
  for (const std::string& basis : size.basis) page.element("li", {}, basis);
}

void write_layers(Markup& page, const model::Report& report, const SizeMath& size) {
  if (size.layers.empty()) return;
  const Element details(page, "details");
  page.element("summary", {}, "Layers");
  const Element list(page, "ol", {{"class", "layers"}, {"start", "0"}});
  for (std::size_t i = 0; i < size.layers.size(); ++i) {
    const Element item(page, "li");
    page.element("b", {}, describe_bytes(size.layers[i]));
    page.text(" ");
    page.element("code", {}, describe_layer(report.source, static_cast<int>(i)));
  }
}

}  // namespace

void write_html_size(Markup& page, const model::Report& report) {
  if (!is_size_worth_showing(report)) return;
  const SizeMath& size = *report.plan.size;
  const std::uint64_t scale = std::max(size.before, size.after ? size.after->most : 0);
  page.element("p", {{"class", "dim"}}, "Of files as unpacked.");
  draw_today(page, size, scale);
  draw_after(page, size, scale);
  write_basis(page, size);
  write_layers(page, report, size);
}

}  // namespace muslcheck::report
