#pragma once
/// Strict reading of the JSON rule files: every field is asked for by name and type, unknown fields
/// are errors, and the first error of a file is kept with its JSON pointer (RFC 6901).

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "muslcheck/core/result.hpp"

namespace muslcheck::rules {

enum class ListOrder { given, sorted };

/// Where the errors of one file go. Only the first is kept: what follows is often its echo.
struct JsonErrors {
  std::string file;
  std::optional<core::Error> first;
  void add(const std::string& pointer, const std::string& message);
};

/// One JSON object of a rule file. After an error the accessors return empty values.
class JsonObject {
 public:
  JsonObject(const nlohmann::json& value, std::string pointer, JsonErrors& errors);

  void allow_only(std::initializer_list<std::string_view> keys) const;
  void fail(std::string_view key, const std::string& message) const;

  /// A text that must be there and not be empty.
  [[nodiscard]] std::string text(std::string_view key) const;
  /// A text that may be missing or empty.
  [[nodiscard]] std::string optional_text(std::string_view key) const;
  /// A whole number of at least 0.
  [[nodiscard]] int number(std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view key) const;
  /// true, false or null.
  [[nodiscard]] std::optional<bool> answer(std::string_view key) const;
  /// A list of texts, each of them not empty and there only once.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key, ListOrder order) const;
  [[nodiscard]] std::vector<JsonObject> objects(std::string_view key) const;
  [[nodiscard]] JsonObject object(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  /// How many elements a list has; 0 for what is no list.
  [[nodiscard]] std::size_t size_of(std::string_view key) const;
  /// Names of the members, sorted.
  [[nodiscard]] std::vector<std::string> keys() const;

 private:
  [[nodiscard]] const nlohmann::json* find(std::string_view key) const;

  const nlohmann::json* value_;
  std::string pointer_;
  JsonErrors* errors_;
};

/// The parsed document. It must be an object that says in its first line where its data is from:
/// {"provenance": "...". Otherwise bad_data with the line.
[[nodiscard]] core::Result<nlohmann::json> parse_json(std::string_view file, std::string_view text);

/// The parsed document, whatever it begins with. Otherwise bad_data with the line.
[[nodiscard]] core::Result<nlohmann::json> parse_plain_json(std::string_view file,
                                                            std::string_view text);

/// Calls `read` with the top object of a document and returns the first error if there is one.
template <typename Read>
[[nodiscard]] core::Result<void> read_document(std::string_view file,
                                               const core::Result<nlohmann::json>& document,
                                               Read&& read) {
  if (!document) return tl::make_unexpected(document.error());
  JsonErrors errors{std::string(file), std::nullopt};
  std::forward<Read>(read)(JsonObject(*document, "", errors));
  if (errors.first) return tl::make_unexpected(*errors.first);
  return {};
}

/// Parses `text`, calls `read` with its top object, and returns the first error if there is one.
template <typename Read>
[[nodiscard]] core::Result<void> read_json(std::string_view file, std::string_view text,
                                           Read&& read) {
  return read_document(file, parse_json(file, text), std::forward<Read>(read));
}

/// The same for a file that need not begin with where its data is from.
template <typename Read>
[[nodiscard]] core::Result<void> read_plain_json(std::string_view file, std::string_view text,
                                                 Read&& read) {
  return read_document(file, parse_plain_json(file, text), std::forward<Read>(read));
}

}  // namespace muslcheck::rules
