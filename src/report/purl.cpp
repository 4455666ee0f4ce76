// Names of packages out of package URLs. The JSON report names packages by purl alone, so formats
// that are made of it must get along with that.

#include "report/purl.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "muslcheck/core/search.hpp"

namespace muslcheck::report {
namespace {

/// Types whose users write the namespace as part of the name, and what stands between. For the
/// others (deb, rpm, apk) it is the distribution.
struct Joint {
  std::string_view type;
  char between;
};
constexpr std::array kJoints{Joint{"npm", '/'}, Joint{"maven", ':'}, Joint{"golang", '/'},
                             Joint{"composer", '/'}, Joint{"github", '/'}};

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_code = text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 &&
                         digit_of(text[i + 2]) >= 0;
    out +=
        is_code ? static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2])) : text[i];
    if (is_code) i += 2;
  }
  return out;
}

std::string name_with(std::string_view type, std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return decoded(path);
  const std::string name = decoded(path.substr(slash + 1));
  const Joint* joint =
      core::find_where(kJoints, [&](const Joint& each) { return each.type == type; });
  return joint == nullptr ? name : decoded(path.substr(0, slash)) + joint->between + name;
}

}  // namespace

Purl parse_purl(std::string_view purl) {
  constexpr std::string_view kScheme = "pkg:";
  if (!purl.starts_with(kScheme)) return {};
  purl.remove_prefix(kScheme.size());
  purl = purl.substr(0, purl.find_first_of("?#"));
  const std::size_t slash = std::min(purl.find('/'), purl.size());
  Purl parsed{.type = std::string(purl.substr(0, slash)), .name = {}, .version = {}};
  std::string_view path = purl.substr(std::min(slash + 1, purl.size()));
  // An '@' of a scope is encoded or stands first, that of the version behind the last '/'.
  const std::size_t at = path.rfind('@');
  const std::size_t last_slash = path.rfind('/');
  if (at != std::string_view::npos && at != 0 &&
      (last_slash == std::string_view::npos || at > last_slash)) {
    parsed.version = decoded(path.substr(at + 1));
    path = path.substr(0, at);
  }
  parsed.name = name_with(parsed.type, path);
  return parsed;
}

std::string title_of_purl(std::string_view purl) {
  const Purl parsed = parse_purl(purl);
  if (parsed.name.empty()) return std::string(purl);
  return parsed.name + (parsed.version.empty() ? "" : "@" + parsed.version) + " (" + parsed.type +
         ")";
}

}  // namespace muslcheck::report
