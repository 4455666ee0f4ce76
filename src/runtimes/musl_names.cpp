// Names of variants.
//
// Platform packages (npm's `os`, `cpu` and `libc` fields; made by napi-rs, sharp and others):
//   X-linux-x64-gnu          X-linux-x64-musl            napi-rs
//   X-linux-arm-gnueabihf    X-linux-arm-musleabihf      napi-rs
//   X-linux-x64-glibc        X-linux-x64-musl            @parcel/watcher
//   X-linux-x64              X-linuxmusl-x64             sharp
//   X-linux-x64              X-linux-x64-musl            biome, bun
//   X-linux-x64              X-linux-musl-x64            sass-embedded
//   X-linux-x64              X-alpine-x64                vscode
//   linuxglibc-x64           linuxmusl-x64               Datadog's folders of prebuilt files
// A name with gnu or glibc in it names its libc, so only that word is exchanged.
//
// Prebuilt files (prebuildify, node-gyp-build's index.js, functions parseTags, matchTags and
// compareTags): tags between dots, of which an absent one matches everything.

#include "musl_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "muslcheck/core/text.hpp"

namespace muslcheck::runtimes {
namespace {

using Words = std::vector<std::string>;

struct Exchange {
  std::string_view glibc;
  std::string_view musl;
};
constexpr std::array kLibcWords{
    Exchange{"gnu", "musl"},
    Exchange{"glibc", "musl"},
    Exchange{"linuxglibc", "linuxmusl"},
    Exchange{"gnueabihf", "musleabihf"},
    Exchange{"gnueabi", "musleabi"},
};

Words words_of(std::string_view name) {
  Words words;
  for (const std::string_view word : core::split(name, '-')) words.emplace_back(word);
  return words;
}

/// The name with its glibc word exchanged; empty if it has none.
std::string with_musl_word(std::string_view name) {
  Words words = words_of(name);
  bool exchanged = false;
  for (std::string& word : words)
    for (const Exchange& exchange : kLibcWords)
      if (word == exchange.glibc) {
        word = exchange.musl;
        exchanged = true;
        break;
      }
  return exchanged ? core::join(words, "-") : std::string();
}

Words inserted(Words words, std::size_t at, const char* word) {
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(std::min(at, words.size())), word);
  return words;
}

Words replaced(Words words, std::size_t at, const char* word) {
  words[at] = word;
  return words;
}

bool names_musl(const std::string& word) {
  return word.find("musl") != std::string::npos || word == "alpine";
}

/// "debian-openssl-3.0.x" is glibc on amd64, "linux-arm64-openssl-3.0.x" on arm64 (Prisma's
/// binaryTargets).
std::string prisma_musl_name(std::string_view name) {
  for (const auto& [glibc, musl] :
       {std::pair<std::string_view, std::string_view>{"-debian-openssl-", "-linux-musl-openssl-"},
        {"-rhel-openssl-", "-linux-musl-openssl-"},
        {"-linux-arm64-openssl-", "-linux-musl-arm64-openssl-"}}) {
    const std::size_t at = name.find(glibc);
    if (at == std::string_view::npos) continue;
    return std::string(name.substr(0, at)) + std::string(musl) +
           std::string(name.substr(at + glibc.size()));
  }
  return {};
}

}  // namespace

std::vector<std::string> musl_package_names(std::string_view name) {
  const std::size_t slash = name.find('/');
  const std::size_t start = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string scope(name.substr(0, start));
  const std::string_view base = name.substr(start);
  const Words words = words_of(base);
  if (std::any_of(words.begin(), words.end(), names_musl)) return {};
  if (const std::string exchanged = with_musl_word(base); !exchanged.empty())
    return {scope + exchanged};
  const auto linux_word = std::find(words.begin(), words.end(), "linux");
  if (linux_word == words.end()) return {};
  const auto at = static_cast<std::size_t>(linux_word - words.begin());
  std::vector<std::string> names;
  for (const Words& variant : {replaced(words, at, "linuxmusl"), inserted(words, at + 2, "musl"),
                               inserted(words, at + 1, "musl"), replaced(words, at, "alpine")})
    names.push_back(scope + core::join(variant, "-"));
  const std::string at_end = scope + core::join(words, "-") + "-musl";
  if (std::find(names.begin(), names.end(), at_end) == names.end()) names.push_back(at_end);
  return names;
}

std::vector<std::string> musl_file_names(std::string_view name) {
  std::vector<std::string> names;
  // The words of "index.linux-x64-gnu.node" are to be found in its parts between dots.
  std::vector<std::string> parts;
  bool exchanged = false;
  for (const std::string_view part : core::split(name, '.')) {
    const std::string musl = with_musl_word(part);
    // A part that is nothing but "glibc" is a tag of node-gyp-build, judged by its rules.
    const bool is_platform = !musl.empty() && part.find('-') != std::string_view::npos;
    exchanged = exchanged || is_platform;
    parts.push_back(is_platform ? musl : std::string(part));
  }
  if (exchanged) names.push_back(core::join(parts, "."));
  if (std::string prisma = prisma_musl_name(name); !prisma.empty())
    names.push_back(std::move(prisma));
  if (names.empty()) {
    const auto dot = std::min(name.find('.'), name.size());
    for (const std::string& stem : musl_package_names(name.substr(0, dot)))
      names.push_back(stem + std::string(name.substr(dot)));
  }
  return names;
}

std::optional<PrebuildTags> parse_prebuild_tags(std::string_view file_name) {
  auto parts = core::split(file_name, '.');
  if (parts.size() < 2 || parts.back() != "node") return std::nullopt;
  parts.pop_back();
  PrebuildTags tags;
  for (const std::string_view tag : parts) {
    if (tag == "node" || tag == "electron" || tag == "node-webkit") {
      tags.runtime = tag;
    } else if (tag == "napi") {
      tags.napi = true;
    } else if (tag.starts_with("abi")) {
      tags.abi = tag.substr(3);
    } else if (tag.starts_with("uv")) {
      tags.uv = tag.substr(2);
    } else if (tag.starts_with("armv")) {
      tags.armv = tag.substr(4);
    } else if (tag == "glibc" || tag == "musl") {
      tags.libc = tag;
    } else {
      continue;
    }
    ++tags.specificity;
  }
  return tags;
}

bool matches_wherever(const PrebuildTags& musl, const PrebuildTags& other) {
  const bool is_agnostic = musl.runtime == "node" && musl.napi;
  if (!musl.runtime.empty() && musl.runtime != other.runtime && !is_agnostic) return false;
  if (!musl.abi.empty() && musl.abi != other.abi && !musl.napi) return false;
  if (!musl.uv.empty() && musl.uv != other.uv) return false;
  return musl.armv.empty() || musl.armv == other.armv;
}

bool is_chosen_before(const PrebuildTags& musl, const PrebuildTags& other) {
  if (musl.libc != "musl" || other.libc == "musl") return false;
  if (!matches_wherever(musl, other)) return false;
  if (other.libc == "glibc") return true;  // never chosen on musl at all
  // compareTags: the running runtime's own files, then those for one ABI, then the more specific.
  if (musl.runtime != other.runtime) return other.runtime.empty();
  if (musl.abi != other.abi) return other.abi.empty();
  return musl.specificity > other.specificity;
}

}  // namespace muslcheck::runtimes
