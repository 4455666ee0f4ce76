#pragma once
/// Hand-built values for tests: ELF facts, a file system and a target, with defaults that fit an
/// x86_64 shared library, so that a test says only what matters in it.

#include <elf.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "muslcheck/core/paths.hpp"
#include "muslcheck/loader/loader.hpp"
#include "muslcheck/model/elf_facts.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::test {

/// Adds a dynamic symbol; returns its index.
inline std::uint32_t add_symbol(model::ElfFacts& facts, model::Symbol symbol) {
  facts.symbols.push_back(symbol);
  return static_cast<std::uint32_t>(facts.symbols.size() - 1);
}

/// A global definition.
inline model::Symbol defined(std::string_view name,
                             model::SymbolType type = model::SymbolType::function) {
  return {.name = name, .type = type, .defined = true};
}

/// A global reference.
inline model::Symbol undefined(std::string_view name, std::string_view version = {},
                               std::string_view library = {}) {
  return {.name = name,
          .version = version,
          .library = library,
          .type = model::SymbolType::none,
          .has_value = false};
}

inline model::Symbol weak(model::Symbol symbol) {
  symbol.binding = model::Binding::weak;
  return symbol;
}

/// R_X86_64_JUMP_SLOT relocations are in the table of their own, all others in DT_RELA.
inline model::RelocationTable table_of(std::uint32_t type) {
  return type == R_X86_64_JUMP_SLOT ? model::RelocationTable::jmprel : model::RelocationTable::rela;
}

/// Adds a symbol and a relocation against it; returns the symbol's index.
inline std::uint32_t add_relocation(model::ElfFacts& facts, std::uint32_t type,
                                    model::Symbol symbol, std::uint64_t count = 1) {
  const std::uint32_t index = add_symbol(facts, symbol);
  facts.relocations.push_back(
      {.type = type, .symbol = index, .count = count, .table = table_of(type)});
  return index;
}

/// A library that needs `needed`, defines `exports` and calls `calls` through its PLT.
struct LibrarySpec {
  std::vector<std::string_view> needed;
  std::vector<std::string_view> exports;
  std::vector<std::string_view> calls;
  std::string_view runpath;
};

inline model::ElfFacts make_library(const LibrarySpec& spec = {}) {
  model::ElfFacts facts{.machine = EM_X86_64, .needed = spec.needed, .runpath = spec.runpath};
  for (const std::string_view name : spec.exports) add_symbol(facts, defined(name));
  for (const std::string_view name : spec.calls)
    add_relocation(facts, R_X86_64_JUMP_SLOT, undefined(name));
  return facts;
}

/// As make_library, started with musl's interpreter.
inline model::ElfFacts make_program(const LibrarySpec& spec = {}) {
  model::ElfFacts facts = make_library(spec);
  facts.interpreter = "/lib/ld-musl-x86_64.so.1";
  return facts;
}

/// A file system of a few files. Directories need not be named.
class FakeFiles : public loader::FileView {
 public:
  void add(const std::string& path, model::ElfFacts facts) {
    const auto [place, added] = facts_.insert_or_assign(path, std::move(facts));
    files_[path] = {
        .kind = loader::FoundFile::Kind::elf, .real_path = path, .facts = &place->second};
  }
  void add(const std::string& path, loader::FoundFile::Kind kind) {
    files_[path] = {.kind = kind, .real_path = path};
  }
  void add_link(const std::string& path, const std::string& target) {
    files_[path] = files_.at(target);
  }
  void add_found(const std::string& path, loader::FoundFile file) { files_[path] = file; }

  [[nodiscard]] loader::FoundFile open(std::string_view path) const override {
    const auto found = files_.find("/" + core::normalize_path(path));
    return found == files_.end() ? loader::FoundFile{} : found->second;
  }
  [[nodiscard]] const model::ElfFacts& facts(const std::string& path) const {
    return facts_.at(path);
  }

 private:
  std::map<std::string, model::ElfFacts> facts_;
  std::map<std::string, loader::FoundFile> files_;
};

/// A small Alpine on x86_64: a dozen libc symbols and no other library.
inline target::Target make_target() {
  using target::RelocationClass;
  target::Target target;
  target.info.name = "alpine:3.22";
  target.machine = EM_X86_64;
  target.loader_path = "/lib/ld-musl-x86_64.so.1";
  target.library_path = {"/lib", "/usr/local/lib", "/usr/lib"};
  for (const char* name : {"malloc", "memcpy", "open", "printf", "puts", "stdin", "stdout",
                           "__libc_start_main", "__cxa_finalize", "__tls_get_addr"})
    target.libc_symbols.emplace(name, target::LibcSymbol{});
  target.lfs64_names = {{"open64", "open"}};
  target.relocations = {
      {R_X86_64_NONE, RelocationClass::none},         {R_X86_64_64, RelocationClass::symbolic},
      {R_X86_64_PC32, RelocationClass::offset},       {R_X86_64_COPY, RelocationClass::copy},
      {R_X86_64_GLOB_DAT, RelocationClass::got},      {R_X86_64_JUMP_SLOT, RelocationClass::plt},
      {R_X86_64_RELATIVE, RelocationClass::relative}, {R_X86_64_DTPMOD64, RelocationClass::dtpmod},
      {R_X86_64_DTPOFF64, RelocationClass::dtpoff},   {R_X86_64_TPOFF64, RelocationClass::tpoff},
      {R_X86_64_TLSDESC, RelocationClass::tlsdesc}};
  return target;
}

/// A library that the target can install. Without exports nothing is known of its content.
inline target::TargetLibrary& add_target_library(target::Target& target, const std::string& soname,
                                                 const std::string& apk) {
  target::TargetLibrary& library = target.libraries[soname];
  library.soname = soname;
  library.apk = apk;
  return library;
}

inline void set_exports(target::TargetLibrary& library,
                        const std::unordered_set<std::string_view>& names) {
  library.exports = std::make_shared<const std::unordered_set<std::string_view>>(names);
}

/// The texts of all errors, in order.
inline std::vector<std::string> texts_of(const model::LoadResult& result) {
  std::vector<std::string> texts;
  for (const model::LoadError& error : result.errors) texts.push_back(error.text);
  return texts;
}

}  // namespace muslcheck::test
