// Section headers (System V ABI, chapter 4, "Sections"). They fill two gaps: the number of symbols
// of a file that exports nothing, and build ids that are in no PT_NOTE segment (Go's linker).

#include "elf/sections.hpp"

namespace muslcheck::elf {

std::vector<Section> read_sections(core::ByteView file, const FileHeader& header) {
  const auto table = core::slice(file, header.sections.offset, header.sections.size);
  if (!table) return {};
  return with_types(header.layout, [&]<typename Types>(Types) {
    using Shdr = typename Types::Shdr;
    const core::ByteOrder order = header.layout.order;
    std::vector<Section> sections;
    for (std::uint64_t at = 0; at + sizeof(Shdr) <= table->size(); at += sizeof(Shdr)) {
      const auto raw = *read_raw<Shdr>(*table, at);
      sections.push_back({.type = in_order(raw.sh_type, order),
                          .address = in_order(raw.sh_addr, order),
                          .content = {.offset = in_order(raw.sh_offset, order),
                                      .size = in_order(raw.sh_size, order)},
                          .alignment = in_order(raw.sh_addralign, order)});
    }
    return sections;
  });
}

}  // namespace muslcheck::elf
