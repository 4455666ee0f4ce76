// Tags and texts of the HTML report. There is one way to put a text into the page, and it escapes;
// there is one way to nest, and it closes. What an image calls its files can so never become
// markup (HTML standard, 13.1.2.3 and 13.1.4: in quoted attributes and in ordinary elements only
// '&', '<' and the quote matter; '>' and the other quote are escaped for readers less exact).

#include "report/html_markup.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "muslcheck/core/text.hpp"

namespace muslcheck::report {
namespace {

/// These stand inside a line of text; every other tag begins a line, for people who read the
/// source and for diffs.
constexpr std::array<std::string_view, 5> kInline{"a", "b", "code", "span", "small"};

bool is_inline(std::string_view tag) {
  return std::find(kInline.begin(), kInline.end(), tag) != kInline.end();
}

std::string_view reference_of(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (const char c : core::printable(text)) {
    const std::string_view reference = reference_of(c);
    if (reference.empty()) {
      html += c;
    } else {
      html += reference;
    }
  }
  return html;
}

void Markup::text(std::string_view text) { html_ += escaped(text); }

void Markup::verbatim(std::string_view markup) { html_ += markup; }

void Markup::open(const char* tag, const Attributes& attributes) {
  if (!is_inline(tag)) html_ += '\n';
  html_ += '<';
  html_ += tag;
  for (const Attribute& attribute : attributes)
    html_ += std::string(" ") + attribute.name + "=\"" + escaped(attribute.value) + '"';
  html_ += '>';
}

void Markup::close(const char* tag) { html_ += std::string("</") + tag + ">"; }

void Markup::element(const char* tag, const Attributes& attributes, std::string_view content) {
  open(tag, attributes);
  text(content);
  close(tag);
}

void Markup::empty_element(const char* tag, const Attributes& attributes) { open(tag, attributes); }

std::string Markup::take() { return std::exchange(html_, {}); }

Element::Element(Markup& markup, const char* tag, const Attributes& attributes)
    : markup_(markup), tag_(tag) {
  markup_.open(tag_, attributes);
}

Element::~Element() {
  // An allocation that fails ends the program either way.
  markup_.close(tag_);
}

}  // namespace muslcheck::report
