// The texts that describe an installed Python package (packaging.python.org/specifications):
// core metadata is a mail header followed by the description; RECORD is CSV with the path first;
// WHEEL is a header with one Tag per line; requires.txt is setuptools' own list of requirements.
//
// All of them come from the image. A name is only taken if it can be one, everything else that is
// not understood is passed over.

#include "python_metadata.hpp"

#include <algorithm>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

namespace limits = core::limits;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_separator(char c) { return c == '-' || c == '_' || c == '.'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

/// Calls `visit` with name and value of each field of a header.
template <typename Visit>
void for_each_field(std::string_view text, Visit visit) {
  for (;;) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (core::trim(line).empty()) return;
    const std::size_t colon = line.find(':');
    // A line that begins with white space goes on with the field before it; none that is read here
    // has more than one line.
    if (colon != std::string_view::npos && line.front() != ' ' && line.front() != '\t')
      visit(line.substr(0, colon), core::trim(line.substr(colon + 1)));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string bounded(std::string_view text) {
  return text.size() > limits::kMaxPackageField ? std::string() : std::string(text);
}

/// True if a marker mentions the variable `extra` outside of a quoted text.
bool asks_for_extra(std::string_view marker) {
  constexpr std::string_view kExtra = "extra";
  char quote = 0;
  for (std::size_t i = 0; i < marker.size(); ++i) {
    const char c = marker[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (marker.substr(i).starts_with(kExtra)) {
      const bool begins = i == 0 || (!is_letter_or_digit(marker[i - 1]) && marker[i - 1] != '_');
      const char after = i + kExtra.size() < marker.size() ? marker[i + kExtra.size()] : ' ';
      if (begins && !is_letter_or_digit(after) && after != '_') return true;
    }
  }
  return false;
}

}  // namespace

std::string normalize_python_name(std::string_view name) {
  std::string normal;
  for (const char c : name) {
    if (!is_separator(c)) {
      normal += lower(c);
    } else if (normal.empty() || normal.back() != '-') {
      normal += '-';
    }
  }
  return normal;
}

bool is_python_name(std::string_view name) {
  return !name.empty() && name.size() <= limits::kMaxPackageField &&
         is_letter_or_digit(name.front()) && is_letter_or_digit(name.back()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter_or_digit(c) || is_separator(c); });
}

PythonMetadata parse_python_metadata(std::string_view text) {
  PythonMetadata metadata;
  for_each_field(text, [&](std::string_view name, std::string_view value) {
    if (equals_ignoring_case(name, "Name") && metadata.name.empty() && is_python_name(value)) {
      metadata.name = value;
    } else if (equals_ignoring_case(name, "Version") && metadata.version.empty()) {
      metadata.version = bounded(value);
    } else if (equals_ignoring_case(name, "Requires-Dist") &&
               metadata.requirements.size() < limits::kMaxDependencies) {
      if (auto requirement = parse_python_requirement(value))
        metadata.requirements.push_back(std::move(*requirement));
    }
  });
  return metadata;
}

std::optional<PythonRequirement> parse_python_requirement(std::string_view text) {
  text = core::trim(text);
  std::size_t end = 0;
  while (end < text.size() && (is_letter_or_digit(text[end]) || is_separator(text[end]))) ++end;
  const std::string_view name = text.substr(0, end);
  if (!is_python_name(name)) return std::nullopt;
  const std::size_t semicolon = text.find(';');
  const bool has_marker = semicolon != std::string_view::npos;
  return PythonRequirement{normalize_python_name(name),
                           has_marker && asks_for_extra(text.substr(semicolon + 1))};
}

std::vector<PythonRequirement> parse_requires_txt(std::string_view text) {
  std::vector<PythonRequirement> requirements;
  bool only_for_extra = false;
  core::for_each_part(text, '\n', [&](std::string_view line) {
    line = core::trim(line);
    if (line.starts_with('[')) only_for_extra = !line.starts_with("[:");
    if (requirements.size() == limits::kMaxDependencies) return;
    auto requirement = parse_python_requirement(line);
    if (!requirement) return;
    requirement->only_for_extra |= only_for_extra;
    requirements.push_back(std::move(*requirement));
  });
  return requirements;
}

std::vector<std::string> parse_wheel_tags(std::string_view text) {
  std::vector<std::string> tags;
  for_each_field(text, [&](std::string_view name, std::string_view value) {
    if (!equals_ignoring_case(name, "Tag") || tags.size() == limits::kMaxPackagePlatforms) return;
    if (std::string tag = bounded(value); !tag.empty()) tags.push_back(std::move(tag));
  });
  return tags;
}

std::string parse_record_path(std::string_view line) {
  if (line.size() > 2 * limits::kMaxPathLength) return {};
  line = core::trim(line);
  if (!line.starts_with('"')) return std::string(core::trim(line.substr(0, line.find(','))));
  std::string path;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] != '"') {
      path += line[i];
    } else if (i + 1 < line.size() && line[i + 1] == '"') {
      path += line[++i];
    } else {
      break;
    }
  }
  return path;
}

}  // namespace muslcheck::packages
