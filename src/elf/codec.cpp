// The encoding of facts, all little-endian:
//
//   4 bytes "MCEF", u32 version, u64 size of the string block, the string block,
//   then the fields of ElfFacts in the order of their declaration.
//
// Numbers have their declared width, bools and enumerations one byte, a string is u32 offset and
// u32 length in the string block, a list is a u64 count and its elements. Strings are put into the
// block in the order in which they are met; those that repeat (everything but symbol names) once.

#include "muslcheck/elf/codec.hpp"

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>

#include "muslcheck/core/binary.hpp"

namespace muslcheck::elf {
namespace {

using model::ElfFacts;

constexpr std::string_view kMagic = "MCEF";

class Encoder {
 public:
  template <typename T>
  void number(T value) {
    core::append_number(fields_, value);
  }
  template <typename T>
  void word(T value) {
    number(static_cast<std::uint8_t>(value));
  }
  void unique(std::string_view text) {
    reference(block_.size(), text.size());
    block_.insert(block_.end(), text.begin(), text.end());
  }
  void shared(std::string_view text) {
    const auto [place, is_new] = known_.try_emplace(text, block_.size());
    reference(place->second, text.size());
    if (is_new) block_.insert(block_.end(), text.begin(), text.end());
  }

  [[nodiscard]] std::vector<std::uint8_t> finish() {
    std::vector<std::uint8_t> out(kMagic.begin(), kMagic.end());
    out.reserve(kMagic.size() + 12 + block_.size() + fields_.size());
    std::swap(out, fields_);
    const std::vector<std::uint8_t> fields = std::move(out);
    number(kFactsEncoding);
    number(std::uint64_t{block_.size()});
    fields_.insert(fields_.end(), block_.begin(), block_.end());
    fields_.insert(fields_.end(), fields.begin(), fields.end());
    return std::move(fields_);
  }

 private:
  void reference(std::size_t offset, std::size_t size) {
    number(static_cast<std::uint32_t>(offset));
    number(static_cast<std::uint32_t>(size));
  }

  std::vector<std::uint8_t> fields_;
  std::vector<std::uint8_t> block_;
  std::unordered_map<std::string_view, std::size_t> known_;
};

/// Reads until something is wrong; then `failure` says what, and every further value is empty.
class Decoder {
 public:
  Decoder(core::ByteView fields, std::string_view block) : fields_(fields), block_(block) {}

  const char* failure = nullptr;

  template <typename T>
  void number(T& value) {
    if (!core::take_number(fields_, value)) fail("facts-truncated");
  }
  /// An enumeration or bool that is at most `last`.
  template <typename T>
  void word(T& value, T last) {
    std::uint8_t byte = 0;
    number(byte);
    if (byte > static_cast<std::uint8_t>(last)) return fail("facts-value");
    value = static_cast<T>(byte);
  }
  void text(std::string_view& value) {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    number(offset);
    number(size);
    if (offset > block_.size() || size > block_.size() - offset) return fail("facts-value");
    value = block_.substr(offset, size);
  }
  /// A list of elements that take at least `element_size` bytes each.
  template <typename T, typename Read>
  void list(std::vector<T>& values, std::size_t element_size, Read read) {
    std::uint64_t count = 0;
    number(count);
    if (count > fields_.size() / element_size) return fail("facts-truncated");
    values.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count && failure == nullptr; ++i) read(values.emplace_back());
  }
  [[nodiscard]] bool is_at_end() const { return fields_.empty(); }
  void fail(const char* reason) {
    if (failure == nullptr) failure = reason;
    fields_ = {};
  }

 private:
  core::ByteView fields_;
  std::string_view block_;
};

void encode_header(const ElfFacts& facts, Encoder& out) {
  out.word(facts.elf_class);
  out.word(facts.byte_order);
  out.number(facts.machine);
  out.number(facts.flags);
  out.number(facts.os_abi);
  out.word(facts.type);
  out.shared(facts.interpreter);
  out.word(facts.has_dynamic);
  out.word(facts.has_tls);
  out.word(facts.has_gnu_stack);
  out.number(facts.stack_flags);
  out.number(facts.stack_size);
}

void decode_header(Decoder& in, ElfFacts& facts) {
  in.word(facts.elf_class, model::ElfClass::elf64);
  in.word(facts.byte_order, model::ElfByteOrder::big);
  if (facts.elf_class < model::ElfClass::elf32 || facts.byte_order < model::ElfByteOrder::little)
    in.fail("facts-value");
  in.number(facts.machine);
  in.number(facts.flags);
  in.number(facts.os_abi);
  in.word(facts.type, model::ElfType::other);
  in.text(facts.interpreter);
  in.word(facts.has_dynamic, true);
  in.word(facts.has_tls, true);
  in.word(facts.has_gnu_stack, true);
  in.number(facts.stack_flags);
  in.number(facts.stack_size);
}

void encode_dynamic(const ElfFacts& facts, Encoder& out) {
  out.shared(facts.soname);
  out.number(std::uint64_t{facts.needed.size()});
  for (const std::string_view name : facts.needed) out.shared(name);
  out.shared(facts.rpath);
  out.shared(facts.runpath);
  out.number(facts.dt_flags);
  out.number(facts.dt_flags_1);
  for (const bool flag : {facts.bind_now, facts.static_tls, facts.text_relocations, facts.has_relr,
                          facts.has_sysv_hash, facts.has_gnu_hash})
    out.word(flag);
}

void decode_dynamic(Decoder& in, ElfFacts& facts) {
  in.text(facts.soname);
  in.list(facts.needed, 8, [&](std::string_view& name) { in.text(name); });
  in.text(facts.rpath);
  in.text(facts.runpath);
  in.number(facts.dt_flags);
  in.number(facts.dt_flags_1);
  for (bool* flag : {&facts.bind_now, &facts.static_tls, &facts.text_relocations, &facts.has_relr,
                     &facts.has_sysv_hash, &facts.has_gnu_hash})
    in.word(*flag, true);
}

void encode_symbols(const ElfFacts& facts, Encoder& out) {
  out.number(std::uint64_t{facts.version_needs.size()});
  for (const model::VersionNeed& need : facts.version_needs) {
    out.shared(need.library);
    out.shared(need.version);
    out.word(need.weak);
  }
  out.number(std::uint64_t{facts.version_definitions.size()});
  for (const std::string_view name : facts.version_definitions) out.shared(name);
  out.number(std::uint64_t{facts.symbols.size()});
  for (const model::Symbol& symbol : facts.symbols) {
    out.unique(symbol.name);
    out.shared(symbol.version);
    out.shared(symbol.library);
    out.word(symbol.binding);
    out.word(symbol.type);
    out.word(symbol.defined);
    out.word(symbol.hidden);
    out.word(symbol.has_value);
  }
}

void decode_symbols(Decoder& in, ElfFacts& facts) {
  in.list(facts.version_needs, 17, [&](model::VersionNeed& need) {
    in.text(need.library);
    in.text(need.version);
    in.word(need.weak, true);
  });
  in.list(facts.version_definitions, 8, [&](std::string_view& name) { in.text(name); });
  in.list(facts.symbols, 29, [&](model::Symbol& symbol) {
    in.text(symbol.name);
    in.text(symbol.version);
    in.text(symbol.library);
    in.word(symbol.binding, model::Binding::other);
    in.word(symbol.type, model::SymbolType::other);
    in.word(symbol.defined, true);
    in.word(symbol.hidden, true);
    in.word(symbol.has_value, true);
  });
}

/// The texts of a build, const or not, in the order of their declaration.
template <typename Build>
auto texts_of(Build& build) {
  return std::array{&build.toolchain, &build.name, &build.version, &build.settings};
}

void encode_rest(const ElfFacts& facts, Encoder& out) {
  out.number(std::uint64_t{facts.relocations.size()});
  for (const model::RelocationGroup& group : facts.relocations) {
    out.number(group.type);
    out.number(group.symbol);
    out.number(group.count);
    out.word(group.table);
  }
  out.number(facts.relative_relocations);
  out.shared(facts.build_id);
  out.shared(facts.abi_note);
  out.word(facts.has_go_build_id);
  out.word(facts.build.kind);
  for (const std::string* text : texts_of(facts.build)) out.shared(*text);
  out.number(std::uint64_t{facts.mentions.size()});
  for (const std::string& mention : facts.mentions) out.shared(mention);
  out.word(facts.completeness);
}

void decode_rest(Decoder& in, ElfFacts& facts) {
  in.list(facts.relocations, 17, [&](model::RelocationGroup& group) {
    in.number(group.type);
    in.number(group.symbol);
    in.number(group.count);
    in.word(group.table, model::RelocationTable::rela);
    if (group.symbol != model::kNoSymbol && group.symbol >= facts.symbols.size())
      in.fail("facts-value");
  });
  in.number(facts.relative_relocations);
  std::string_view build_id;
  in.text(build_id);
  facts.build_id = build_id;
  in.text(facts.abi_note);
  in.word(facts.has_go_build_id, true);
  in.word(facts.build.kind, model::BuildKind::dotnet_bundle);
  for (std::string* text : texts_of(facts.build)) {
    std::string_view value;
    in.text(value);
    *text = value;
  }
  in.list(facts.mentions, 8, [&](std::string& mention) {
    std::string_view value;
    in.text(value);
    mention = value;
  });
  in.word(facts.completeness, model::Completeness::header_only);
}

tl::unexpected<core::Error> undecodable(const char* reason) {
  return core::fail(core::ErrorCode::malformed, reason, "Encoded ELF facts cannot be read");
}

}  // namespace

std::vector<std::uint8_t> encode_facts(const ElfFacts& facts) {
  Encoder out;
  encode_header(facts, out);
  encode_dynamic(facts, out);
  encode_symbols(facts, out);
  encode_rest(facts, out);
  return out.finish();
}

core::Result<ElfFacts> decode_facts(core::ByteView bytes,
                                    const std::shared_ptr<const void>& owner) {
  const auto magic = core::slice(bytes, 0, kMagic.size());
  const auto version = core::read_u32(bytes, kMagic.size(), core::ByteOrder::little);
  const auto block_size = core::read_u64(bytes, kMagic.size() + 4, core::ByteOrder::little);
  if (!magic || !version || core::as_text(*magic) != kMagic || *version != kFactsEncoding)
    return undecodable("facts-encoding");
  constexpr std::size_t kBlockAt = kMagic.size() + 12;
  const auto block = block_size ? core::slice(bytes, kBlockAt, *block_size) : std::nullopt;
  if (!block) return undecodable("facts-truncated");

  ElfFacts facts;
  const core::ByteView fields = bytes.subspan(kBlockAt + block->size());
  std::string_view characters = core::as_text(*block);
  facts.storage.bytes = owner;
  if (owner == nullptr) {
    const auto copy = std::make_shared<const std::string>(characters);
    characters = *copy;
    facts.storage.bytes = copy;
  }
  Decoder in(fields, characters);
  decode_header(in, facts);
  decode_dynamic(in, facts);
  decode_symbols(in, facts);
  decode_rest(in, facts);
  if (in.failure != nullptr) return undecodable(in.failure);
  if (!in.is_at_end()) return undecodable("facts-trailing");
  return facts;
}

}  // namespace muslcheck::elf
