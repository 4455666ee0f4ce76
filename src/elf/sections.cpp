// Section headers (System V ABI, chapter 4, "Sections"). They fill gaps: the number of symbols of
// a file that exports nothing, build ids that are in no PT_NOTE segment (Go's linker), and what
// cargo auditable wrote down.

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
      sections.push_back({.name = in_order(raw.sh_name, order),
                          .type = in_order(raw.sh_type, order),
                          .address = in_order(raw.sh_addr, order),
                          .content = {.offset = in_order(raw.sh_offset, order),
                                      .size = in_order(raw.sh_size, order)},
                          .alignment = in_order(raw.sh_addralign, order)});
    }
    return sections;
  });
}

core::ByteView find_section(core::ByteView file, const FileHeader& header, std::string_view name) {
  const std::vector<Section> sections = read_sections(file, header);
  if (header.section_names >= sections.size()) return {};
  const Range& names = sections[header.section_names].content;
  const auto texts = core::slice(file, names.offset, names.size);
  if (!texts) return {};
  for (const Section& section : sections) {
    const auto text = core::slice(*texts, section.name, name.size() + 1);
    if (!text || core::as_text(*text).substr(0, name.size()) != name || text->back() != 0) continue;
    return core::slice(file, section.content.offset, section.content.size)
        .value_or(core::ByteView());
  }
  return {};
}

}  // namespace muslcheck::elf
