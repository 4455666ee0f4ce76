#pragma once
/// Texts from an image made safe for the formats that they are written into.

#include <string>
#include <string_view>

namespace muslcheck::report {

/// A path as a URI reference (RFC 3986): percent-encoded, relative to the root of the image or the
/// repository, "file:///..." if it is absolute. Never empty: "." then.
[[nodiscard]] std::string uri_of(std::string_view path);

/// For XML text and attributes in double quotes: printable, without characters that XML 1.0 lacks.
[[nodiscard]] std::string xml(std::string_view text);

/// For Markdown prose on one line: printable; no markup, no HTML, no link, nobody mentioned.
[[nodiscard]] std::string markdown(std::string_view text);

/// A Markdown code span: printable, whatever backticks it has.
[[nodiscard]] std::string markdown_code(std::string_view text);

/// "<code>...</code>" for lines of HTML within Markdown; no markup either if Markdown counts there.
[[nodiscard]] std::string code_tag(std::string_view text);

/// As many backticks as a fence needs around the text, three at least.
[[nodiscard]] std::string markdown_fence(std::string_view text);

}  // namespace muslcheck::report
