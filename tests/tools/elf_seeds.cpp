// Writes the first inputs of the fuzz corpora: one small ELF file per class and byte order, a few
// odd ones, and their facts.
//
//   elf_seeds fixtures/corpus

#include <filesystem>
#include <fstream>
#include <iostream>

#include "muslcheck/elf/codec.hpp"
#include "muslcheck/elf/reader.hpp"
#include "support/elf_builder.hpp"

namespace {

using namespace muslcheck;
using model::RelocationTable;
using test::ElfBuilder;
using test::ElfShape;

void write(const std::filesystem::path& path, core::ByteView bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary)
      .write(core::as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
}

void write_seed(const std::filesystem::path& folder, const std::string& name,
                const ElfBuilder& elf) {
  const test::BuiltElf file = elf.build();
  write(folder / "elf" / name, file.bytes);
  const auto result = elf::Reader::create({.in_process = true})->read(name, file.bytes);
  if (result.facts) write(folder / "facts" / name, elf::encode_facts(*result.facts));
}

ElfBuilder library(const ElfShape& shape, bool has_sysv_hash) {
  ElfBuilder elf(shape);
  elf.has_sysv_hash = has_sysv_hash;
  elf.has_gnu_hash = !has_sysv_hash;
  elf.interpreter("/lib/ld.so.1").needed("libc.so.6").soname("libx.so").runpath("$ORIGIN");
  elf.segment(PT_GNU_STACK, PF_R | PF_W, 0).segment(PT_TLS, PF_R, 8);
  elf.note("GNU", NT_GNU_ABI_TAG, std::string(16, '\0')).note("GNU", NT_GNU_BUILD_ID, "\x01\x02");
  const auto need = elf.need("libc.so.6", "GLIBC_2.17");
  const auto own = elf.define("X_1");
  const auto puts = elf.undefined("puts", need);
  elf.defined("x", own);
  elf.defined("x", static_cast<std::uint16_t>(own | 0x8000U), STT_GNU_IFUNC);
  elf.relocation(RelocationTable::jmprel, 7, puts).relocation(RelocationTable::rel, 5, puts);
  elf.relocation(RelocationTable::rela, 8, 0).relocation(RelocationTable::rela, 6, puts);
  return elf;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: elf_seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  for (const ElfShape& shape : test::kAllShapes)
    for (const bool has_sysv_hash : {false, true}) {
      std::string name = shape.is_64 ? "elf64" : "elf32";
      name += shape.order == core::ByteOrder::big ? "-big" : "-little";
      name += has_sysv_hash ? "-sysv" : "-gnu";
      write_seed(folder, name, library(shape, has_sysv_hash));
    }
  ElfBuilder fixed({.type = ET_EXEC});
  fixed.has_dynamic = false;
  write_seed(folder, "static", fixed.note("Go", 4, "id"));
  ElfBuilder empty_hash;
  empty_hash.has_section_headers = true;
  empty_hash.relocation(RelocationTable::rela, 6, empty_hash.undefined("f"));
  write_seed(folder, "exports-nothing", empty_hash);
  write_seed(folder, "mips64el", library({.machine = EM_MIPS}, true));
  return 0;
}
