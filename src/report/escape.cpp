// Escaping. An image chooses its file names, package names and labels, and a report of it is read
// in places that make links, images, mentions of people and HTML out of text.

#include "report/escape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::report {
namespace {

struct Replacement {
  std::string_view from;
  std::string_view to;
};

/// The text with the first of the replacements that fits at each place.
template <typename Replacements>
std::string replaced(std::string_view text, const Replacements& replacements) {
  std::string out;
  while (!text.empty()) {
    const Replacement* found = core::find_where(
        replacements, [&](const Replacement& each) { return text.starts_with(each.from); });
    out += found == nullptr ? text.substr(0, 1) : found->to;
    text.remove_prefix(found == nullptr ? 1 : found->from.size());
  }
  return out;
}

/// U+FFFE and U+FFFF are UTF-8 and yet no characters of XML (XML 1.0, 2.2).
constexpr std::array kXml{Replacement{"&", "&amp;"},
                          Replacement{"<", "&lt;"},
                          Replacement{">", "&gt;"},
                          Replacement{"\"", "&quot;"},
                          Replacement{"\xef\xbf\xbe", "\\xef\\xbf\\xbe"},
                          Replacement{"\xef\xbf\xbf", "\\xef\\xbf\\xbf"}};

/// GitHub and GitLab look for people (@name), issues (#1, !1) and addresses in the text that is
/// left after Markdown, so a backslash does not stop them: a zero-width space does.
constexpr std::array kMarkdown{Replacement{"&", "&amp;"},       Replacement{"<", "&lt;"},
                               Replacement{">", "&gt;"},        Replacement{"\\", "\\\\"},
                               Replacement{"`", "\\`"},         Replacement{"*", "\\*"},
                               Replacement{"_", "\\_"},         Replacement{"[", "\\["},
                               Replacement{"]", "\\]"},         Replacement{"|", "\\|"},
                               Replacement{"~", "\\~"},         Replacement{"$", "\\$"},
                               Replacement{"@", "@&#8203;"},    Replacement{"#", "#&#8203;"},
                               Replacement{"!", "!&#8203;"},    Replacement{"://", "&#58;//"},
                               Replacement{"www.", "www&#46;"}, Replacement{"WWW.", "WWW&#46;"}};

constexpr std::array kCodeTag{Replacement{"&", "&amp;"},       Replacement{"<", "&lt;"},
                              Replacement{">", "&gt;"},        Replacement{"\\", "&#92;"},
                              Replacement{"`", "&#96;"},       Replacement{"*", "&#42;"},
                              Replacement{"_", "&#95;"},       Replacement{"[", "&#91;"},
                              Replacement{"]", "&#93;"},       Replacement{"://", "&#58;//"},
                              Replacement{"www.", "www&#46;"}, Replacement{"WWW.", "WWW&#46;"}};

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/+,=@";
  const bool is_absolute = path.starts_with('/');
  while (path.starts_with("./")) path.remove_prefix(2);
  std::string uri = is_absolute ? "file://" : "";
  for (const char c : path) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9') || core::contains(kPlain, c)) {
      uri += c;
      continue;
    }
    uri += "%" + core::hex(static_cast<std::uint8_t>(c));
  }
  return uri.empty() ? "." : uri;
}

std::string xml(std::string_view text) { return replaced(core::printable(text), kXml); }

std::string markdown(std::string_view text) { return replaced(core::printable(text), kMarkdown); }

std::string code_tag(std::string_view text) {
  return "<code>" + replaced(core::printable(text), kCodeTag) + "</code>";
}

std::string markdown_code(std::string_view text) {
  const std::string shown = core::printable(text);
  const std::string fence(longest_run(shown, '`') + 1, '`');
  // A space at both ends is taken away again; it keeps backticks and spaces at the ends.
  const bool is_plain = !shown.empty() && shown.front() != '`' && shown.back() != '`' &&
                        shown.front() != ' ' && shown.back() != ' ';
  return is_plain ? fence + shown + fence : fence + " " + shown + " " + fence;
}

std::string markdown_fence(std::string_view text) {
  return std::string(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
}

}  // namespace muslcheck::report
