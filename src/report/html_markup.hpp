#pragma once
/// HTML whose tags are balanced and whose texts are escaped, however it is written.

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::report {

/// The text as it may stand between tags and in a quoted attribute: core::printable, then
/// & < > " ' as character references.
[[nodiscard]] std::string escaped(std::string_view text);

struct Attribute {
  const char* name;
  std::string value;  ///< not escaped yet
};
using Attributes = std::vector<Attribute>;

/// A document that is written from top to bottom. Texts and values of attributes may be anything;
/// names of tags and attributes are the program's own.
class Markup {
 public:
  void text(std::string_view text);
  /// <tag ...>text</tag>
  void element(const char* tag, const Attributes& attributes, std::string_view text);
  /// <tag ...>, for the tags that HTML never closes: meta, input.
  void empty_element(const char* tag, const Attributes& attributes);
  /// Markup as it is: style and script of the program, or what another Markup has made.
  void verbatim(std::string_view markup);

  [[nodiscard]] bool empty() const { return html_.empty(); }

  [[nodiscard]] std::string take();

 private:
  friend class Element;
  void open(const char* tag, const Attributes& attributes);
  void close(const char* tag);

  std::string html_;
};

/// An element with others in it: begins here and ends with the scope.
class Element {
 public:
  Element(Markup& markup, const char* tag, const Attributes& attributes = {});
  ~Element();
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;
  Element(Element&&) = delete;
  Element& operator=(Element&&) = delete;

 private:
  Markup& markup_;
  const char* tag_;
};

}  // namespace muslcheck::report
