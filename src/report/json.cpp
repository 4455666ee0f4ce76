// The JSON report, for programs. Its contract is rules/schema/report-1.schema.json: the keys here
// come in the order of the schema, a text that is not known is left out rather than written empty,
// and a list is always there even if it is empty. Which keys there are is in json_fields.hpp.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "muslcheck/report/report.hpp"
#include "report/canonical.hpp"
#include "report/json_fields.hpp"

namespace muslcheck::report {
namespace {

using Json = nlohmann::ordered_json;
using model::Report;

bool is_known(const std::string& text) { return !text.empty(); }

template <typename T>
bool is_known(const std::optional<T>& value) {
  return value.has_value();
}

/// Of numbers and truth values: not 0, not false.
template <typename T>
requires std::is_arithmetic_v<T>
bool is_known(T value) { return value != T{}; }

/// Writes the fields of one structure.
class Writer {
 public:
  Writer(Json& object, const Report& report) : object_(object), report_(report) {}

  template <typename T>
  void required(const char* key, const T& value) {
    object_[key] = to_json(value);
  }
  template <typename T>
  void optional(const char* key, const T& value) {
    if (is_known(value)) required(key, value);
  }
  template <typename Visit>
  void object(const char* key, Visit&& visit) {
    Json inner = Json::object();
    Writer writer(inner, report_);
    std::forward<Visit>(visit)(writer);
    object_[key] = std::move(inner);
  }
  void constant(const char* key, std::string_view text) { object_[key] = text; }
  template <typename Counts>
  void count(const Counts& counts, const char* word) {
    const auto found = counts.find(word);
    object_[word] = found == counts.end() ? 0 : found->second;
  }
  void package(const char* key, const std::optional<std::size_t>& index,
               const std::string& /*path*/) {
    if (index) object_[key] = report_.packages[*index].purl;
  }

 private:
  [[nodiscard]] Json to_json(const std::string& text) const { return text; }
  template <typename T>
  [[nodiscard]] Json to_json(const std::vector<T>& values) const {
    Json list = Json::array();
    for (const T& value : values) list.push_back(to_json(value));
    return list;
  }
  template <typename T>
  [[nodiscard]] Json to_json(const std::optional<T>& value) const {
    return to_json(*value);
  }
  template <typename T>
  [[nodiscard]] Json to_json(const T& value) const {
    if constexpr (std::is_enum_v<T>) {
      return name_of(value);
    } else if constexpr (std::is_arithmetic_v<T>) {
      return value;
    } else {
      Json inner = Json::object();
      Writer writer(inner, report_);
      visit_fields(writer, value);
      return inner;
    }
  }

  Json& object_;
  const Report& report_;
};

}  // namespace

std::string write_json(const Report& report) {
  constexpr int kIndent = 2;
  const Report canonical = make_canonical(report);
  Json json = Json::object();
  Writer writer(json, canonical);
  visit_fields(writer, canonical);
  return json.dump(kIndent) + "\n";
}

}  // namespace muslcheck::report
