// Hostile files: small ones that make a reader work for minutes or take gigabytes. Each ends at a
// limit of core/limits.hpp, quickly. Largest sound values pass.

#include "muslcheck/core/limits.hpp"

#include <chrono>

#include "reading.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using namespace muslcheck::core::limits;
using model::RelocationTable;
using test::BuiltElf;
using test::ElfBuilder;
using test::kBaseAddress;

namespace {

/// Appends room at the end of the file, inside its PT_LOAD; returns its offset.
std::uint64_t grow(BuiltElf& file, std::uint64_t size) {
  const std::uint64_t at = (file.bytes.size() + 7) / 8 * 8;
  file.bytes.resize(static_cast<std::size_t>(at + size));
  file.set_segment_file_size(PT_LOAD, file.bytes.size());
  return at;
}

/// The reason; a limit, not damage. Without the limit these files take many minutes: the bound only
/// tells the one from the other on any machine.
std::string limit_reason(const BuiltElf& file) {
  const auto started = std::chrono::steady_clock::now();
  const elf::ReadResult result = test::read(file);
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(60));
  REQUIRE(result.problem);
  CHECK(result.problem->code == core::ErrorCode::limit_exceeded);
  REQUIRE(result.facts);
  CHECK(result.facts->completeness == model::Completeness::header_only);
  return result.problem->reason;
}

/// Puts `count` symbols with one name at the end of a file; DT_HASH counts them.
void share_one_name(BuiltElf& file, std::uint32_t count, std::uint32_t name) {
  const std::uint64_t at = grow(file, std::uint64_t{count} * sizeof(Elf64_Sym));
  for (std::uint32_t i = 1; i < count; ++i) file.put(at + i * sizeof(Elf64_Sym), name);
  file.set_tag(DT_SYMTAB, kBaseAddress + at);
  const std::uint64_t hash = grow(file, (std::uint64_t{count} + 3) * 4);
  file.put(hash, std::uint32_t{1});
  file.put(hash + 4, count);
  file.set_tag(DT_HASH, kBaseAddress + hash);
}

ElfBuilder with_sysv_hash() {
  ElfBuilder elf;
  elf.has_gnu_hash = false;
  elf.has_sysv_hash = true;
  return elf;
}

}  // namespace

TEST_CASE("limit: program headers") {
  BuiltElf file = ElfBuilder().build();
  const std::uint64_t at = grow(file, (kMaxProgramHeaders + 1) * sizeof(Elf64_Phdr));
  file.put(offsetof(Elf64_Ehdr, e_phoff), at);
  file.put(offsetof(Elf64_Ehdr, e_phnum), static_cast<std::uint16_t>(kMaxProgramHeaders + 1));
  CHECK(limit_reason(file) == "too-many-program-headers");
}

TEST_CASE("limit: dynamic entries") {
  BuiltElf file = ElfBuilder().build();
  const std::uint64_t size = (std::uint64_t{kMaxDynamicEntries} + 2) * sizeof(Elf64_Dyn);
  const std::uint64_t at = grow(file, size);
  for (std::uint64_t i = 0; i + 1 < size / sizeof(Elf64_Dyn); ++i)
    file.put(at + i * sizeof(Elf64_Dyn), std::int64_t{DT_DEBUG});
  file.set_segment_offset(PT_DYNAMIC, at);
  file.set_segment_address(PT_DYNAMIC, kBaseAddress + at);
  file.set_segment_file_size(PT_DYNAMIC, size);
  CHECK(limit_reason(file) == "too-many-dynamic-entries");
}

TEST_CASE("limit: dynamic symbols by DT_HASH") {
  BuiltElf file = with_sysv_hash().build();
  share_one_name(file, kMaxDynamicSymbols + 1, 0);
  CHECK(limit_reason(file) == "too-many-symbols");
}

TEST_CASE("limit: dynamic symbols by a relocation that names one") {
  ElfBuilder elf;
  elf.has_gnu_hash = false;
  elf.relocation(RelocationTable::rela, R_X86_64_64, kMaxDynamicSymbols);
  CHECK(limit_reason(elf.build()) == "too-many-symbols");
}

TEST_CASE("limit: a name of a megabyte that 5,000 symbols share") {
  ElfBuilder elf = with_sysv_hash();
  const std::uint32_t name = elf.string(std::string(1 << 20, 'a'));
  BuiltElf file = elf.build();
  share_one_name(file, 5000, name);
  CHECK(limit_reason(file) == "name-too-long");
}

TEST_CASE("limit: the bytes of all names together") {
  ElfBuilder elf = with_sysv_hash();
  const std::uint32_t name = elf.string(std::string(kMaxSymbolName, 'a'));
  BuiltElf file = elf.build();
  share_one_name(file, kMaxStringBytes / kMaxSymbolName + 2, name);
  CHECK(limit_reason(file) == "too-many-name-bytes");
}

TEST_CASE("the longest name allowed is read") {
  ElfBuilder elf;
  const std::string name(kMaxSymbolName, 'a');
  elf.defined(name);
  CHECK(test::facts_of(elf.build()).symbols.at(0).name == name);
}

TEST_CASE("limit: relocations") {
  ElfBuilder elf;
  elf.relocation(RelocationTable::rela, R_X86_64_64, 0);
  BuiltElf file = elf.build();
  const std::uint64_t size = (kMaxRelocations + 1) * sizeof(Elf64_Rela);
  file.set_tag(DT_RELA, kBaseAddress + grow(file, size));
  file.set_tag(DT_RELASZ, size);
  CHECK(limit_reason(file) == "too-many-relocations");
}

TEST_CASE("relative relocations do not count towards the limit") {
  ElfBuilder elf;
  elf.relocation(RelocationTable::rela, R_X86_64_64, 0);
  BuiltElf file = elf.build();
  const std::uint64_t size = (kMaxRelocations + 1) * sizeof(Elf64_Rela);
  const std::uint64_t at = grow(file, size);
  for (std::uint64_t i = 0; i <= kMaxRelocations; ++i)
    file.put(at + i * sizeof(Elf64_Rela) + offsetof(Elf64_Rela, r_info),
             std::uint64_t{R_X86_64_RELATIVE});
  file.set_tag(DT_RELA, kBaseAddress + at);
  file.set_tag(DT_RELASZ, size);
  CHECK(test::facts_of(file).relative_relocations == kMaxRelocations + 1);
}

TEST_CASE("limit: version needs that share the same aux records") {
  ElfBuilder elf;
  elf.need("libc.so.6", "GLIBC_2.2.5");
  elf.undefined("f");
  BuiltElf file = elf.build();
  constexpr std::uint32_t kNeeds = 2000;
  constexpr std::uint32_t kAux = 60'000;
  const std::uint64_t at =
      grow(file, kNeeds * sizeof(Elf64_Verneed) + std::uint64_t{kAux} * sizeof(Elf64_Vernaux));
  const std::uint64_t aux_at = at + kNeeds * sizeof(Elf64_Verneed);
  for (std::uint32_t i = 0; i < kNeeds; ++i) {
    const std::uint64_t record = at + i * sizeof(Elf64_Verneed);
    file.put(record + offsetof(Elf64_Verneed, vn_cnt), static_cast<std::uint16_t>(kAux));
    file.put(record + offsetof(Elf64_Verneed, vn_aux), static_cast<std::uint32_t>(aux_at - record));
    file.put(record + offsetof(Elf64_Verneed, vn_next),
             static_cast<std::uint32_t>(sizeof(Elf64_Verneed)));
  }
  for (std::uint32_t i = 0; i < kAux; ++i)
    file.put(aux_at + i * sizeof(Elf64_Vernaux) + offsetof(Elf64_Vernaux, vna_next),
             static_cast<std::uint32_t>(sizeof(Elf64_Vernaux)));
  file.set_tag(DT_VERNEED, kBaseAddress + at);
  file.set_tag(DT_VERNEEDNUM, kNeeds);
  CHECK(limit_reason(file) == "too-many-version-aux");
}

TEST_CASE("limit: version needs") {
  ElfBuilder elf;
  elf.need("libc.so.6", "GLIBC_2.2.5");
  elf.undefined("f");
  BuiltElf file = elf.build();
  const std::uint64_t at = grow(file, (kMaxVersionNeeds + 2) * sizeof(Elf64_Verneed));
  for (std::uint32_t i = 0; i <= kMaxVersionNeeds; ++i)
    file.put(at + i * sizeof(Elf64_Verneed) + offsetof(Elf64_Verneed, vn_next),
             static_cast<std::uint32_t>(sizeof(Elf64_Verneed)));
  file.set_tag(DT_VERNEED, kBaseAddress + at);
  file.set_tag(DT_VERNEEDNUM, 0xffffffff);
  CHECK(limit_reason(file) == "too-many-version-needs");
}

TEST_CASE("limit: version definitions") {
  ElfBuilder elf;
  elf.define("V");
  elf.defined("f");
  BuiltElf file = elf.build();
  const std::uint64_t at =
      grow(file, (std::uint64_t{kMaxVersionDefinitions} + 2) * sizeof(Elf64_Verdef));
  for (std::uint32_t i = 0; i <= kMaxVersionDefinitions; ++i)
    file.put(at + i * sizeof(Elf64_Verdef) + offsetof(Elf64_Verdef, vd_next),
             static_cast<std::uint32_t>(sizeof(Elf64_Verdef)));
  file.set_tag(DT_VERDEF, kBaseAddress + at);
  file.set_tag(DT_VERDEFNUM, 0xffffffff);
  CHECK(limit_reason(file) == "too-many-version-definitions");
}

TEST_CASE("limit: many symbols times many versions") {
  ElfBuilder elf = with_sysv_hash();
  elf.need("libc.so.6", "GLIBC_2.2.5");
  elf.undefined("f");
  BuiltElf file = elf.build();
  constexpr std::uint32_t kSymbols = 200'000;
  constexpr std::uint32_t kAux = 20'000;
  share_one_name(file, kSymbols, 0);
  const std::uint64_t at =
      grow(file, sizeof(Elf64_Verneed) + std::uint64_t{kAux} * sizeof(Elf64_Vernaux));
  file.put(at + offsetof(Elf64_Verneed, vn_cnt), static_cast<std::uint16_t>(kAux));
  file.put(at + offsetof(Elf64_Verneed, vn_aux), static_cast<std::uint32_t>(sizeof(Elf64_Verneed)));
  for (std::uint32_t i = 0; i < kAux; ++i)
    file.put(
        at + sizeof(Elf64_Verneed) + i * sizeof(Elf64_Vernaux) + offsetof(Elf64_Vernaux, vna_next),
        static_cast<std::uint32_t>(sizeof(Elf64_Vernaux)));
  file.set_tag(DT_VERNEED, kBaseAddress + at);
  file.set_tag(DT_VERSYM, kBaseAddress + grow(file, std::uint64_t{kSymbols} * 2));
  CHECK(limit_reason(file) == "too-much-version-work");
}

TEST_CASE("a version chain that leads back to itself ends") {
  // vn_next 1 makes records overlap; none can be 0 or negative, so every chain leads forward.
  ElfBuilder elf;
  elf.need("libc.so.6", "GLIBC_2.2.5");
  elf.undefined("f");
  BuiltElf file = elf.build();
  file.put(file.at["verneed"] + offsetof(Elf64_Verneed, vn_next), std::uint32_t{1});
  file.set_tag(DT_VERNEEDNUM, 0xffffffff);
  CHECK_FALSE(test::reason_of(file).empty());
}

TEST_CASE("limit: notes") {
  ElfBuilder elf;
  elf.note("GNU", 77, "");
  BuiltElf file = elf.build();
  const std::uint64_t at = grow(file, (kMaxNotes + 1) * sizeof(Elf64_Nhdr));
  file.set_segment_offset(PT_NOTE, at);
  file.set_segment_file_size(PT_NOTE, (kMaxNotes + 1) * sizeof(Elf64_Nhdr));
  CHECK(limit_reason(file) == "too-many-notes");
}

TEST_CASE("limit: the length of a build id") {
  ElfBuilder elf;
  elf.note("GNU", NT_GNU_BUILD_ID, std::string(kMaxBuildId + 1, 'x'));
  CHECK(test::facts_of(elf.build()).build_id.empty());
  ElfBuilder longest;
  longest.note("GNU", NT_GNU_BUILD_ID, std::string(kMaxBuildId, 'x'));
  CHECK(test::facts_of(longest.build()).build_id.size() == 2 * kMaxBuildId);
}

TEST_CASE("limit: the size of the compact image") {
  ElfBuilder elf;
  BuiltElf file = elf.needed("libc.so.6").build();
  grow(file, kMaxCompactImage);
  file.set_tag(DT_STRSZ, file.bytes.size() - file.at["strings"]);
  CHECK(limit_reason(file) == "image-too-large");
}

TEST_CASE("limit: the size of a file") {
  // Only the size is looked at, never the bytes, so that none are needed.
  const BuiltElf file = ElfBuilder().build();
  const core::ByteView huge(file.bytes.data(), static_cast<std::size_t>(kMaxElfFile) + 1);
  CHECK(test::reason_of(huge) == "file-too-large");
}
