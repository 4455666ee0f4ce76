// What build tools write into programs, on small static ELF files: a note, one writable segment,
// and where a case needs it one named section.

#include "elf/embedded_build.hpp"

#include <elf.h>
#include <zlib.h>

#include <cstring>
#include <string>
#include <vector>

#include "reading.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using model::BuildKind;
using model::EmbeddedBuild;

namespace {

using Bytes = std::vector<std::uint8_t>;

template <typename Raw>
void put(Bytes& out, std::size_t at, const Raw& raw) {
  if (out.size() < at + sizeof(Raw)) out.resize(at + sizeof(Raw));
  std::memcpy(out.data() + at, &raw, sizeof(Raw));
}

void append(Bytes& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }

constexpr std::size_t kDataAt = 0x200;
constexpr std::uint64_t kAddress = 0x400000;

/// A static program with `data` in a writable segment at kDataAt.
Bytes program(const std::string& data, bool go_note = false) {
  Bytes file(kDataAt);
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_EXEC;
  header.e_machine = EM_X86_64;
  header.e_phoff = sizeof(header);
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 2;
  put(file, 0, header);
  Elf64_Phdr load{};
  load.p_type = PT_LOAD;
  load.p_flags = PF_R | PF_W;
  load.p_offset = kDataAt;
  load.p_vaddr = kAddress;
  load.p_filesz = load.p_memsz = data.size();
  put(file, sizeof(header), load);
  // Go's note: owner "Go\0\0", type 4 (cmd/internal/buildid, note.go).
  constexpr std::size_t kNoteAt = 0x180;
  const std::uint32_t note[] = {4, 4, 4, 0x00006f47, 0x44434241};
  put(file, kNoteAt, note);
  Elf64_Phdr notes{};
  notes.p_type = go_note ? PT_NOTE : PT_NULL;
  notes.p_offset = kNoteAt;
  notes.p_filesz = notes.p_memsz = sizeof(note);
  notes.p_align = 4;
  put(file, sizeof(header) + sizeof(load), notes);
  append(file, data);
  return file;
}

/// The program with a section of that name and content.
Bytes with_section(Bytes file, const std::string& name, const std::string& content) {
  const std::string names = std::string("\0.shstrtab\0", 11) + name + '\0';
  const std::size_t names_at = file.size();
  append(file, names);
  const std::size_t content_at = file.size();
  append(file, content);
  const std::size_t table_at = file.size();
  Elf64_Shdr sections[3] = {};
  sections[1] = {
      .sh_name = 1, .sh_type = SHT_STRTAB, .sh_offset = names_at, .sh_size = names.size()};
  sections[2] = {
      .sh_name = 11, .sh_type = SHT_PROGBITS, .sh_offset = content_at, .sh_size = content.size()};
  put(file, table_at, sections);
  Elf64_Ehdr header{};
  std::memcpy(&header, file.data(), sizeof(header));
  header.e_shoff = table_at;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 3;
  header.e_shstrndx = 1;
  put(file, 0, header);
  return file;
}

std::string varint(std::size_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>((value & 0x7fU) | 0x80U);
  return out + static_cast<char>(value);
}

const std::string kLines =
    "path\tgithub.com/acme/shop/cmd\nmod\tgithub.com/acme/shop\tv1.4.0\th1:x=\n"
    "dep\tgolang.org/x/sys\tv0.1.0\th1:y=\nbuild\t-compiler=gc\nbuild\tCGO_ENABLED=1\n";
const std::string kSentinel(16, 'S');

std::string go_header(char word_size, char flags) {
  std::string header = "\xff Go buildinf:";
  header += word_size;
  header += flags;
  header.resize(32);
  return header;
}

/// Go 1.18 and newer: the texts follow the header.
std::string go_inline(const std::string& lines = kLines) {
  const std::string info = kSentinel + lines + kSentinel;
  return go_header(8, 2) + varint(8) + "go1.22.1" + varint(info.size()) + info;
}

std::string deflated(const std::string& text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
           text.size());
  out.resize(size);
  return out;
}

EmbeddedBuild build_of(const Bytes& file) { return test::read(file).facts.value().build; }

const EmbeddedBuild kShop{.kind = BuildKind::go,
                          .toolchain = "go1.22.1",
                          .name = "github.com/acme/shop",
                          .version = "v1.4.0",
                          .settings = "CGO_ENABLED=1"};

}  // namespace

TEST_CASE("Go's build information is read where the linker put it") {
  CHECK(build_of(program(go_inline(), true)) == kShop);
  CHECK(build_of(program(std::string(160, 'x') + go_inline(), true)) == kShop);
}

TEST_CASE("Go's older build information is behind pointers") {
  const std::string info = kSentinel + kLines + kSentinel;
  std::string data = go_header(8, 0);
  const auto word = [&](std::uint64_t value) {
    data.append(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  data.resize(16);
  word(kAddress + 64);  // of the toolchain's string header
  word(kAddress + 80);
  data.resize(64);
  word(kAddress + 96);
  word(8);
  word(kAddress + 104);
  word(info.size());
  data += "go1.17.3" + info;
  EmbeddedBuild expected = kShop;
  expected.toolchain = "go1.17.3";
  CHECK(build_of(program(data, true)) == expected);
}

TEST_CASE("Go's build information without a version, or damaged, leaves a Go program") {
  const EmbeddedBuild go{.kind = BuildKind::go};
  EmbeddedBuild toolchain_alone = go;
  toolchain_alone.toolchain = "go1.22.1";
  CHECK(build_of(program("nothing here", true)) == go);
  CHECK(build_of(program("x" + go_inline(), true)) == go);  // not aligned
  CHECK(build_of(program(go_header(8, 2), true)) == go);
  CHECK(build_of(program(go_header(8, 2) + "\xff\xff\xff\xff\xff\xff", true)) == go);
  CHECK(build_of(program(go_header(8, 2) + varint(1 << 20) + "go1", true)) == go);
  CHECK(build_of(program(go_header(8, 0), true)) == go);
  CHECK(build_of(program(go_header(8, 2) + varint(8) + "go1.22.1" + varint(3) + "abc", true)) ==
        toolchain_alone);
  EmbeddedBuild devel = toolchain_alone;
  devel.name = "shop";
  CHECK(build_of(program(go_inline("path\tshop\nmod\tshop\t(devel)\t\n"), true)) == devel);
}

TEST_CASE("build information of a program without Go's note is data") {
  CHECK(build_of(program(go_inline(), false)) == EmbeddedBuild{});
}

TEST_CASE("cargo auditable's root package is the program") {
  const std::string json =
      R"({"packages":[{"name":"libc","version":"0.2.150","source":"crates.io"},)"
      R"({ "name" : "shop", "version": "1.4.0", "source":"local", "dependencies":[0], "root": true}]})";
  const EmbeddedBuild shop{.kind = BuildKind::rust, .name = "shop", .version = "1.4.0"};
  CHECK(build_of(with_section(program(""), ".dep-v0", deflated(json))) == shop);
  CHECK(build_of(with_section(program(""), ".dep-v1", deflated(json))) == EmbeddedBuild{});
  CHECK(build_of(with_section(program(""), ".dep-v0", "no zlib")) == EmbeddedBuild{});
  CHECK(build_of(with_section(program(""), ".dep-v0", deflated("{\"packages\":[]}"))) ==
        EmbeddedBuild{});
  CHECK(build_of(with_section(program(""), ".dep-v0", deflated(json).substr(0, 20))) ==
        EmbeddedBuild{});
}

TEST_CASE("a list of crates that expands beyond the limit is passed over") {
  const std::string bomb = "{\"name\":\"x\",\"version\":\"1\",\"root\":true}" +
                           std::string(core::limits::kMaxAuditable, ' ');
  CHECK(build_of(with_section(program(""), ".dep-v0", deflated(bomb))) == EmbeddedBuild{});
}

TEST_CASE("an apphost tells whether the application is inside") {
  const std::string marker(
      "\x8b\x12\x02\xb9\x6a\x61\x20\x38\x72\x7b\x93\x02\x14\xd7\xa0\x32"
      "\x13\xf5\xb9\xe6\xef\xae\x33\x18\xee\x3b\x2d\xce\x24\xb3\x6a\xae",
      32);
  const std::string none(8, '\0');
  CHECK(build_of(program("abc" + none + marker)).kind == BuildKind::dotnet_apphost);
  CHECK(build_of(program("abc\x10" + std::string(7, '\0') + marker)).kind ==
        BuildKind::dotnet_bundle);
  CHECK(build_of(program(marker)).kind == BuildKind::unknown);
  CHECK(build_of(program(none + marker.substr(0, 31))).kind == BuildKind::unknown);
}
