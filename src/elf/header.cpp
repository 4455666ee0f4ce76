// The ELF header (System V ABI, chapter 4). Relocatable objects (.o, .ko) and core files are
// turned away here: no loader takes them, and LIEF needs quadratic time for the former.

#include "elf/header.hpp"

#include "muslcheck/elf/reader.hpp"

namespace muslcheck::elf {
namespace {

core::Result<Layout> read_layout(core::ByteView file) {
  if (!has_elf_magic(file)) return malformed("not-elf", "the file does not start with \\x7fELF");
  if (file.size() < EI_NIDENT)
    return malformed("truncated-header", "the file ends inside its ELF header");
  Layout layout;
  switch (file[EI_CLASS]) {
    case ELFCLASS32: layout.is_64 = false; break;
    case ELFCLASS64: layout.is_64 = true; break;
    default: return malformed("elf-class", "The ELF class is neither 32 nor 64 bits", EI_CLASS);
  }
  switch (file[EI_DATA]) {
    case ELFDATA2LSB: layout.order = core::ByteOrder::little; break;
    case ELFDATA2MSB: layout.order = core::ByteOrder::big; break;
    default: return malformed("elf-byte-order", "the byte order is not a known one", EI_DATA);
  }
  if (file[EI_VERSION] != EV_CURRENT)
    return malformed("elf-version", "The ELF version is not 1", EI_VERSION);
  return layout;
}

template <typename Ehdr>
FileHeader decode(const Ehdr& raw, Layout layout) {
  const core::ByteOrder order = layout.order;
  layout.machine = in_order(raw.e_machine, order);
  const std::uint64_t sections_size =
      std::uint64_t{in_order(raw.e_shnum, order)} * std::uint64_t{in_order(raw.e_shentsize, order)};
  return {.layout = layout,
          .flags = in_order(raw.e_flags, order),
          .os_abi = raw.e_ident[EI_OSABI],
          .segments = {.offset = in_order(raw.e_phoff, order),
                       .count = in_order(raw.e_phnum, order),
                       .entry_size = in_order(raw.e_phentsize, order)},
          .sections = {.offset = in_order(raw.e_shoff, order), .size = sections_size},
          .section_names = in_order(raw.e_shstrndx, order)};
}

core::Result<model::ElfType> loadable_type(std::uint16_t type) {
  using core::ErrorCode;
  switch (type) {
    case ET_EXEC: return model::ElfType::executable;
    case ET_DYN: return model::ElfType::shared;
    case ET_REL:
      return core::fail(ErrorCode::unsupported, "relocatable-object",
                        "a relocatable object is input for a linker, not for a loader");
    case ET_CORE:
      return core::fail(ErrorCode::unsupported, "core-file", "a core file is not loaded");
    default:
      return core::fail(ErrorCode::unsupported, "unknown-object-type",
                        "no loader takes an ELF file of type " + std::to_string(type));
  }
}

}  // namespace

bool has_elf_magic(core::ByteView bytes) {
  return bytes.size() >= SELFMAG && std::memcmp(bytes.data(), ELFMAG, SELFMAG) == 0;
}

core::Result<FileHeader> read_header(core::ByteView file) {
  const core::Result<Layout> layout = read_layout(file);
  if (!layout) return tl::make_unexpected(layout.error());
  return with_types(*layout, [&]<typename Types>(Types) -> core::Result<FileHeader> {
    const auto raw = read_raw<typename Types::Ehdr>(file, 0);
    if (!raw) return malformed("truncated-header", "the file ends inside its ELF header");
    const auto type = loadable_type(in_order(raw->e_type, layout->order));
    if (!type) return tl::make_unexpected(type.error());
    FileHeader header = decode(*raw, *layout);
    header.type = *type;
    return header;
  });
}

}  // namespace muslcheck::elf
