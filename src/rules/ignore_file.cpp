// The ignore file is read as strictly as the rules: an entry with a misspelt key would silently
// ignore more, or less, than its author thinks.

#include "muslcheck/rules/ignore_file.hpp"

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "rules/json_reader.hpp"

namespace muslcheck::rules {
namespace {

using model::Suppression;

/// Lists and objects in one another.
constexpr std::size_t kMaxDepth = 8;

/// "2026-12-31"; the day may be one that the month does not have.
bool is_date(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !is_digit : text[i] != kForm[i]) return false;
  }
  const std::string_view month = text.substr(5, 2);
  const std::string_view day = text.substr(8, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

/// A pattern that is there must not be empty: it would match everything.
std::string read_pattern(const JsonObject& entry, const char* key) {
  return entry.has(key) ? entry.text(key) : std::string();
}

/// Paths in an image have no leading slash; people write them with one.
std::string without_slash(std::string path) {
  if (path.size() > 1 && path.starts_with('/')) path.erase(0, 1);
  return path;
}

Suppression read_entry(const JsonObject& entry) {
  entry.allow_only({"rule", "path", "purl", "reason", "expires"});
  Suppression suppression{.rule = read_pattern(entry, "rule"),
                          .path = without_slash(read_pattern(entry, "path")),
                          .purl = read_pattern(entry, "purl"),
                          .reason = entry.text("reason"),
                          .expires = read_pattern(entry, "expires")};
  if (!entry.has("rule") && !entry.has("path") && !entry.has("purl"))
    entry.fail("rule", "is missing: an entry needs a rule, a path or a purl");
  if (!suppression.expires.empty() && !is_date(suppression.expires))
    entry.fail("expires", "must be a date such as 2026-12-31");
  return suppression;
}

core::Result<nlohmann::json> parse(const std::string& file, std::string_view text) {
  try {
    return nlohmann::json::parse(core::shallow_json(text, kMaxDepth));
  } catch (const nlohmann::json::exception& error) {
    return core::fail(core::ErrorCode::bad_data, "bad-ignore-file",
                      core::json_complaint(error.what()), file);
  }
}

}  // namespace

core::Result<std::vector<Suppression>> parse_ignore_file(const std::string& file,
                                                         std::string_view text) {
  const auto document = parse(file, text);
  if (!document) return tl::make_unexpected(document.error());
  JsonErrors errors{file, std::nullopt};
  const JsonObject top(*document, "", errors);
  top.allow_only({"ignore"});
  std::vector<Suppression> suppressions;
  for (const JsonObject& entry : top.objects("ignore")) {
    suppressions.push_back(read_entry(entry));
    if (errors.first) break;
  }
  if (errors.first) return tl::make_unexpected(*errors.first);
  if (suppressions.size() > core::limits::kMaxIgnores)
    return core::fail(core::ErrorCode::limit_exceeded, "too-many-ignores",
                      "has more than " + std::to_string(core::limits::kMaxIgnores) + " entries",
                      file);
  return suppressions;
}

}  // namespace muslcheck::rules
