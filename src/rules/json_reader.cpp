// Strict reading of the JSON rule files. nlohmann's exceptions end here: values are only taken out
// after their type was looked at.

#include "rules/json_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "muslcheck/core/search.hpp"

namespace muslcheck::rules {
namespace {

using nlohmann::json;

core::Error bad_json(std::string_view file, std::string message) {
  return {core::ErrorCode::bad_data, "bad-rule-file", std::move(message), std::string(file), {}};
}

std::size_t line_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

/// A key as a part of a JSON pointer.
std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

bool is_provenance_first(std::string_view text) { return text.starts_with("{\"provenance\": \""); }

}  // namespace

void JsonErrors::add(const std::string& pointer, const std::string& message) {
  if (!first) first = bad_json(file, (pointer.empty() ? "/" : pointer) + ": " + message);
}

core::Result<json> parse_plain_json(std::string_view file, std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    const auto* at = dynamic_cast<const json::parse_error*>(&error);
    const std::size_t line = line_of(text, at == nullptr ? 0 : at->byte);
    return tl::make_unexpected(bad_json(file, "line " + std::to_string(line) + ": not valid JSON"));
  }
}

core::Result<json> parse_json(std::string_view file, std::string_view text) {
  auto document = parse_plain_json(file, text);
  if (!document || (document->is_object() && is_provenance_first(text))) return document;
  return tl::make_unexpected(
      bad_json(file, "line 1: must begin with {\"provenance\": \"...\" (where the data is from)"));
}

JsonObject::JsonObject(const json& value, std::string pointer, JsonErrors& errors)
    : value_(&value), pointer_(std::move(pointer)), errors_(&errors) {
  if (!value.is_object()) errors.add(pointer_, "must be an object");
}

void JsonObject::fail(std::string_view key, const std::string& message) const {
  errors_->add(pointer_ + "/" + escaped(key), message);
}

void JsonObject::allow_only(std::initializer_list<std::string_view> keys) const {
  for (const std::string& key : this->keys())
    if (!core::contains(keys, key)) fail(key, "unknown field");
}

const json* JsonObject::find(std::string_view key) const {
  if (!value_->is_object()) return nullptr;
  const auto found = value_->find(std::string(key));
  return found == value_->end() ? nullptr : &*found;
}

bool JsonObject::has(std::string_view key) const { return find(key) != nullptr; }

std::size_t JsonObject::size_of(std::string_view key) const {
  const json* value = find(key);
  return value != nullptr && value->is_array() ? value->size() : 0;
}

std::vector<std::string> JsonObject::keys() const {
  std::vector<std::string> names;
  if (!value_->is_object()) return names;
  for (const auto& item : value_->items()) names.push_back(item.key());
  return names;
}

std::string JsonObject::text(std::string_view key) const {
  const json* value = find(key);
  if (value == nullptr) {
    fail(key, "is missing");
  } else if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
    fail(key, "must be a text that is not empty");
  } else {
    return value->get_ref<const std::string&>();
  }
  return {};
}

std::string JsonObject::optional_text(std::string_view key) const {
  const json* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get_ref<const std::string&>();
  fail(key, "must be a text");
  return {};
}

int JsonObject::number(std::string_view key) const {
  const json* value = find(key);
  constexpr std::uint64_t kMax = 0x7fffffff;
  if (value != nullptr && value->is_number_unsigned() && value->get<std::uint64_t>() <= kMax)
    return value->get<int>();
  fail(key, value == nullptr ? "is missing" : "must be a whole number from 0 on");
  return 0;
}

bool JsonObject::boolean(std::string_view key) const {
  const json* value = find(key);
  if (value != nullptr && value->is_boolean()) return value->get<bool>();
  fail(key, value == nullptr ? "is missing" : "must be true or false");
  return false;
}

std::optional<bool> JsonObject::answer(std::string_view key) const {
  const json* value = find(key);
  if (value != nullptr && value->is_null()) return std::nullopt;
  if (value != nullptr && value->is_boolean()) return value->get<bool>();
  fail(key, value == nullptr ? "is missing" : "must be true, false or null (unknown)");
  return std::nullopt;
}

std::vector<std::string> JsonObject::texts(std::string_view key, ListOrder order) const {
  const json* value = find(key);
  std::vector<std::string> list;
  if (value == nullptr || !value->is_array()) {
    fail(key, value == nullptr ? "is missing" : "must be a list");
    return list;
  }
  std::unordered_set<std::string_view> seen;
  for (const json& item : *value) {
    const std::string at = std::string(key) + "/" + std::to_string(list.size());
    const std::string* text = item.get_ptr<const std::string*>();
    if (text == nullptr || text->empty()) {
      errors_->add(pointer_ + "/" + at, "must be a text that is not empty");
      return list;
    }
    const bool is_unsorted = order == ListOrder::sorted && !list.empty() && *text < list.back();
    if (is_unsorted) errors_->add(pointer_ + "/" + at, "\"" + *text + "\" is out of order");
    if (!seen.insert(*text).second)
      errors_->add(pointer_ + "/" + at, "\"" + *text + "\" is there twice");
    list.push_back(*text);
  }
  return list;
}

std::vector<JsonObject> JsonObject::objects(std::string_view key) const {
  const json* value = find(key);
  std::vector<JsonObject> list;
  if (value == nullptr || !value->is_array()) {
    fail(key, value == nullptr ? "is missing" : "must be a list");
    return list;
  }
  for (const json& item : *value)
    list.emplace_back(item, pointer_ + "/" + std::string(key) + "/" + std::to_string(list.size()),
                      *errors_);
  return list;
}

JsonObject JsonObject::object(std::string_view key) const {
  static const json kEmpty = json::object();
  const json* value = find(key);
  if (value == nullptr) fail(key, "is missing");
  return {value == nullptr ? kEmpty : *value, pointer_ + "/" + escaped(key), *errors_};
}

}  // namespace muslcheck::rules
