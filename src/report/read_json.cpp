// From the JSON report back to the report, so that one scan feeds all formats. The text may come
// from anywhere: every field is checked for its type, and the first that is wrong is named by its
// JSON pointer (RFC 6901). Fields that are not known are left alone, as a later 1.x may add some.

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/report/report.hpp"
#include "report/canonical.hpp"
#include "report/json_fields.hpp"
#include "report/package_lookup.hpp"

namespace muslcheck::report {
namespace {

using model::Report;
using nlohmann::json;

/// Deeper than any report; the text of one that is deeper is none.
constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxQuoted = 40;

template <typename Enum>
std::optional<Enum> find_enumerator(std::string_view name) {
  for (int value = 0; value <= static_cast<int>(last_of(Enum{})); ++value)
    if (name == name_of(static_cast<Enum>(value))) return static_cast<Enum>(value);
  return std::nullopt;
}

/// What is the same for all structures of a report that is read.
struct Reading {
  Report& report;
  std::string pointer;               ///< of what is read
  std::optional<std::string> error;  ///< the first; nothing is read after it
  std::optional<PackageLookup> packages;
};

/// Reads the fields of one structure.
class Reader {
 public:
  Reader(const json& object, Reading& reading) : object_(object), reading_(reading) {}

  template <typename T>
  void required(const char* key, T& value) {
    read_field(key, value, true);
  }
  template <typename T>
  void optional(const char* key, T& value) {
    read_field(key, value, false);
  }
  template <typename Visit>
  void object(const char* key, Visit&& visit) {
    with(key, true, [&](const json& inner) {
      if (!inner.is_object()) return fail("is not an object");
      Reader reader(inner, reading_);
      std::forward<Visit>(visit)(reader);
    });
  }
  void constant(const char* key, std::string_view /*text*/) {
    std::string ignored;
    required(key, ignored);
  }
  template <typename Counts>
  void count(Counts& counts, const char* word) {
    required(word, counts[word]);
  }
  void package(const char* key, std::optional<std::size_t>& index, const std::string& path) {
    std::string purl;
    optional(key, purl);
    if (purl.empty()) return;
    if (!reading_.packages) reading_.packages.emplace(reading_.report.packages);
    index = reading_.packages->find(purl, path);
    if (!index) with(key, true, [&](const json&) { fail("is not in /packages"); });
  }

 private:
  void fail(const std::string& complaint) {
    if (!reading_.error)
      reading_.error =
          (reading_.pointer.empty() ? "the report" : reading_.pointer) + " " + complaint;
  }

  /// Calls `read` with the member `key`, whose pointer is that of the reading meanwhile.
  template <typename Read>
  void with(const char* key, bool is_required, Read&& read) {
    if (reading_.error) return;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      if (is_required) fail(std::string("has no \"") + key + "\"");
      return;
    }
    const std::size_t size = reading_.pointer.size();
    reading_.pointer.append("/").append(key);
    std::forward<Read>(read)(*found);
    reading_.pointer.resize(size);
  }

  template <typename T>
  void read_field(const char* key, T& value, bool is_required) {
    with(key, is_required, [&](const json& found) { read(found, value); });
  }

  void read(const json& found, std::string& text) {
    if (!found.is_string()) return fail("is not a text");
    text = found.get<std::string>();
  }
  void read(const json& found, bool& value) {
    if (!found.is_boolean()) return fail("is neither true nor false");
    value = found.get<bool>();
  }
  template <typename T>
  void read(const json& found, std::vector<T>& values) {
    if (!found.is_array()) return fail("is not a list");
    const std::size_t size = reading_.pointer.size();
    values.reserve(found.size());
    for (const json& element : found) {
      reading_.pointer.append("/").append(std::to_string(values.size()));
      read(element, values.emplace_back());
      reading_.pointer.resize(size);
      if (reading_.error) return;
    }
  }
  template <typename T>
  void read(const json& found, std::optional<T>& value) {
    read(found, value.emplace());
  }
  template <typename T>
  void read(const json& found, T& value) {
    if constexpr (std::is_enum_v<T>) {
      read_enumerator(found, value);
    } else if constexpr (std::is_integral_v<T>) {
      read_number(found, value);
    } else {
      if (!found.is_object()) return fail("is not an object");
      Reader reader(found, reading_);
      visit_fields(reader, value);
    }
  }
  template <typename Enum>
  void read_enumerator(const json& found, Enum& value) {
    if (!found.is_string()) return fail("is not a text");
    const std::string& name = found.get_ref<const std::string&>();
    const auto enumerator = find_enumerator<Enum>(name);
    if (!enumerator)
      return fail("is '" + core::shortened(name, kMaxQuoted) +
                  "', which this version does not know");
    value = *enumerator;
  }
  template <typename Number>
  void read_number(const json& found, Number& value) {
    if (!found.is_number_unsigned()) return fail("is not a whole number of 0 or more");
    const auto number = found.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<Number>::max()))
      return fail("is too large");
    value = static_cast<Number>(number);
  }

  const json& object_;
  Reading& reading_;
};

tl::unexpected<core::Error> not_a_report(const std::string& message) {
  return core::fail(core::ErrorCode::malformed, "not-a-report",
                    "is no JSON report of muslcheck: " + message);
}

core::Result<json> parse(std::string_view text) {
  if (text.size() > core::limits::kMaxReport)
    return core::fail(
        core::ErrorCode::limit_exceeded, "report-too-large",
        "a report of more than " + core::describe_bytes(core::limits::kMaxReport) + " is not read");
  try {
    return json::parse(core::shallow_json(text, kMaxDepth));
  } catch (const json::exception& error) {
    return not_a_report(core::json_complaint(error.what()));
  }
}

/// The format is that of this program if its first number is; the second only adds fields.
core::Result<void> require_version(const json& document) {
  const auto found = document.is_object() ? document.find("schemaVersion") : document.end();
  if (found == document.end() || !found->is_string())
    return not_a_report("it has no \"schemaVersion\"");
  const auto version = found->get<std::string>();
  if (version.starts_with("1.")) return {};
  return core::fail(core::ErrorCode::unsupported, "report-version",
                    "has version " + core::shortened(version, kMaxQuoted) +
                        " of the report format; this program reads 1.x");
}

}  // namespace

core::Result<Report> read_json(std::string_view text) {
  const auto document = parse(text);
  if (!document) return tl::make_unexpected(document.error());
  if (const auto known = require_version(*document); !known)
    return tl::make_unexpected(known.error());
  Report report;
  Reading reading{report, {}, {}, {}};
  Reader reader(*document, reading);
  visit_fields(reader, report);
  if (reading.error) return not_a_report(*reading.error);
  return make_canonical(std::move(report));
}

}  // namespace muslcheck::report
