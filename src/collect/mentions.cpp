// Strings that say what a program asks of a function by text. They are looked for only in files that
// import the function, so that most files are not searched at all.

#include <algorithm>
#include <array>
#include <cstring>

#include "muslcheck/collect/collect.hpp"
#include "muslcheck/core/search.hpp"

namespace muslcheck::collect {
namespace {

/// Suffixes of character set names that glibc's iconv_open knows and musl's refuses.
constexpr std::array<std::string_view, 1> kCharsetSuffixes{"//TRANSLIT"};

/// What programs look up with dlsym, which musl's loader does not map to the plain name.
constexpr std::array<std::string_view, 12> kLfs64Names{
    "fopen64", "fstat64",  "ftruncate64", "lseek64",   "lstat64", "mmap64",
    "open64",  "openat64", "pread64",     "readdir64", "stat64",  "truncate64"};

bool is_symbol(const model::ElfFacts& facts, std::string_view name) {
  return core::find_where(facts.symbols,
                          [&](const model::Symbol& symbol) { return symbol.name == name; }) !=
         nullptr;
}

bool holds(core::ByteView bytes, std::string_view text) {
  return memmem(bytes.data(), bytes.size(), text.data(), text.size()) != nullptr;
}

}  // namespace

std::vector<std::string> find_mentions(core::ByteView bytes, const model::ElfFacts& facts) {
  std::vector<std::string> mentions;
  if (model::imports(facts, "iconv_open"))
    for (const std::string_view suffix : kCharsetSuffixes)
      if (holds(bytes, suffix)) mentions.emplace_back(suffix);
  if (model::imports(facts, "dlsym"))
    for (const std::string_view name : kLfs64Names) {
      // A whole string of its own, and none of the dynamic symbol table.
      const std::string text = '\0' + std::string(name) + '\0';
      if (!is_symbol(facts, name) && holds(bytes, text)) mentions.emplace_back(name);
    }
  std::sort(mentions.begin(), mentions.end());
  return mentions;
}

}  // namespace muslcheck::collect
