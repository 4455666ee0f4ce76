// Facts survive encoding, and no bytes at all make the decoder do anything but fail.

#include "muslcheck/elf/codec.hpp"

#include "reading.hpp"
#include "support/catch.hpp"

using namespace muslcheck;

namespace {

model::ElfFacts sample() {
  model::ElfFacts facts;
  facts.elf_class = model::ElfClass::elf32;
  facts.byte_order = model::ElfByteOrder::big;
  facts.machine = EM_PPC;
  facts.flags = 0x12345678;
  facts.os_abi = ELFOSABI_GNU;
  facts.type = model::ElfType::executable;
  facts.interpreter = "/lib/ld.so.1";
  facts.has_tls = facts.has_gnu_stack = true;
  facts.stack_flags = PF_R | PF_W;
  facts.stack_size = 0x123456789a;
  facts.soname = "libx.so";
  facts.needed = {"liba.so", "libb.so"};
  facts.rpath = "/a";
  facts.runpath = "/b";
  facts.dt_flags = DF_BIND_NOW;
  facts.dt_flags_1 = DF_1_NOW;
  facts.bind_now = facts.static_tls = facts.text_relocations = true;
  facts.has_relr = facts.has_sysv_hash = true;
  facts.has_gnu_hash = false;
  facts.version_needs = {{"liba.so", "A_1", true}};
  facts.version_definitions = {"X_1", "X_2"};
  facts.symbols = {
      {"f", "A_1", "liba.so", model::Binding::weak, model::SymbolType::none, false, true, false},
      {"", "", "", model::Binding::other, model::SymbolType::other, true, false, true}};
  facts.relocations = {{37, model::kNoSymbol, 3, model::RelocationTable::jmprel},
                       {6, 1, ~std::uint64_t{0}, model::RelocationTable::rela}};
  facts.relative_relocations = 12;
  facts.build = {.kind = model::BuildKind::go,
                 .toolchain = "go1.22.1",
                 .name = "github.com/acme/shop",
                 .version = "v1.4.0",
                 .settings = "CGO_ENABLED=1"};
  facts.mentions = {"//TRANSLIT", "fopen64"};
  facts.build_id = "00ff";
  facts.abi_note = "GNU";
  facts.has_go_build_id = true;
  facts.completeness = model::Completeness::header_only;
  return facts;
}

std::string decoding_reason(core::ByteView bytes) {
  const auto facts = elf::decode_facts(bytes);
  return facts ? "" : facts.error().reason;
}

}  // namespace

TEST_CASE("facts survive encoding and decoding") {
  const auto decoded = elf::decode_facts(elf::encode_facts(sample()));
  REQUIRE(decoded);
  CHECK(*decoded == sample());
}

TEST_CASE("default facts survive encoding and decoding") {
  CHECK(elf::decode_facts(elf::encode_facts({})) == model::ElfFacts{});
}

TEST_CASE("decoded facts own their characters") {
  std::vector<std::uint8_t> bytes = elf::encode_facts(sample());
  const auto decoded = elf::decode_facts(bytes);
  bytes.assign(bytes.size(), 'z');
  CHECK(*decoded == sample());
}

TEST_CASE("the encoding depends on the facts alone") {
  const std::vector<std::uint8_t> first = elf::encode_facts(sample());
  CHECK(elf::encode_facts(sample()) == first);
  CHECK(elf::encode_facts(*elf::decode_facts(first)) == first);
}

TEST_CASE("names that repeat are stored once") {
  model::ElfFacts facts;
  facts.symbols.assign(100, {.name = "f",
                             .version = "A_VERY_LONG_VERSION_NAME_INDEED",
                             .library = "a-library-with-a-long-name.so"});
  const auto encoded = elf::encode_facts(facts);
  CHECK(encoded.size() < 100 * 40);
}

TEST_CASE("encoded facts that are cut off are refused at every length") {
  const std::vector<std::uint8_t> bytes = elf::encode_facts(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    const std::string reason = decoding_reason(core::ByteView(bytes).first(size));
    CHECK((reason == "facts-truncated" || reason == "facts-encoding"));
  }
}

TEST_CASE("encoded facts with bytes left over are refused") {
  std::vector<std::uint8_t> bytes = elf::encode_facts(sample());
  bytes.push_back(0);
  CHECK(decoding_reason(bytes) == "facts-trailing");
}

TEST_CASE("another version of the encoding is refused") {
  std::vector<std::uint8_t> bytes = elf::encode_facts(sample());
  bytes[4] = elf::kFactsEncoding + 1;
  CHECK(decoding_reason(bytes) == "facts-encoding");
}

TEST_CASE("a relocation of a symbol that is not there is refused") {
  model::ElfFacts facts;
  facts.relocations = {{6, 0, 1, model::RelocationTable::rela}};
  CHECK(decoding_reason(elf::encode_facts(facts)) == "facts-value");
}

TEST_CASE("no single changed byte does harm") {
  const std::vector<std::uint8_t> bytes = elf::encode_facts(sample());
  int refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
      std::vector<std::uint8_t> changed = bytes;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
      const auto facts = elf::decode_facts(changed);
      if (!facts) {
        ++refused;
        continue;
      }
      // What is accepted must be usable: all views lie in the storage.
      std::size_t total = facts->interpreter.size() + facts->soname.size();
      for (const model::Symbol& symbol : facts->symbols) total += symbol.name.size();
      CHECK(total < 1000);
    }
  CHECK(refused > 0);
}
