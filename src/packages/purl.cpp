// Package URLs in their canonical form (purl-spec, "Rules for each purl component"): letters,
// digits and ".-_~" stand for themselves, and so does the colon; the rest is percent-encoded.
// Qualifiers are sorted by key.

#include "purl.hpp"

#include <cstdint>

namespace muslcheck::packages {
namespace {

bool is_plain(char c) {
  const bool is_alphanumeric =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_alphanumeric || c == '.' || c == '-' || c == '_' || c == '~' || c == ':';
}

std::string encode(std::string_view text, bool keep_slash = false) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_plain(c) || (keep_slash && c == '/')) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    encoded += '%';
    encoded += kHex[byte >> 4U];
    encoded += kHex[byte & 15U];
  }
  return encoded;
}

}  // namespace

std::string make_purl(std::string_view type, std::string_view name, std::string_view version,
                      const std::map<std::string, std::string>& qualifiers) {
  std::string purl = "pkg:" + std::string(type) + "/" + encode(name, true);
  if (!version.empty()) purl += "@" + encode(version);
  char separator = '?';
  for (const auto& [key, value] : qualifiers) {
    if (value.empty()) continue;
    purl += separator + key + "=" + encode(value);
    separator = '&';
  }
  return purl;
}

}  // namespace muslcheck::packages
