// The pre-pass, top to bottom. LIEF swallows errors and returns a partial result, so everything
// that could make it do so is found here first, and everything it returns is counted here first.

#include "elf/prepass.hpp"

#include <algorithm>

#include "elf/embedded_build.hpp"
#include "elf/header.hpp"
#include "elf/names.hpp"
#include "elf/notes.hpp"
#include "elf/segments.hpp"
#include "elf/symbol_table.hpp"
#include "muslcheck/core/limits.hpp"

namespace muslcheck::elf {
namespace {

/// What the steps share.
struct Input {
  core::ByteView file;
  const FileHeader& header;
  const std::vector<Segment>& segments;
};

model::ElfFacts facts_of_header(const FileHeader& header) {
  using model::ElfByteOrder;
  using model::ElfClass;
  const bool is_little = header.layout.order == core::ByteOrder::little;
  model::ElfFacts facts;
  facts.elf_class = header.layout.is_64 ? ElfClass::elf64 : ElfClass::elf32;
  facts.byte_order = is_little ? ElfByteOrder::little : ElfByteOrder::big;
  facts.machine = header.layout.machine;
  facts.flags = header.flags;
  facts.os_abi = header.os_abi;
  facts.type = header.type;
  facts.has_gnu_hash = false;
  facts.completeness = model::Completeness::header_only;
  return facts;
}

void add_segments(const std::vector<Segment>& segments, model::ElfFacts& facts) {
  facts.has_dynamic = find_last(segments, PT_DYNAMIC) != nullptr;
  facts.has_tls = find_last(segments, PT_TLS) != nullptr;
  if (const Segment* stack = find_last(segments, PT_GNU_STACK)) {
    facts.has_gnu_stack = true;
    facts.stack_flags = stack->flags;
    facts.stack_size = stack->memory_size;
  }
}

/// PT_INTERP with its NUL; the kernel (load_elf_binary) wants at least one character and the NUL.
core::Result<Range> read_interpreter(const Input& input) {
  const Segment* segment = find_first(input.segments, PT_INTERP);
  if (segment == nullptr) return Range{};
  if (segment->file_size > core::limits::kMaxInterpreter)
    return beyond_limit("interpreter-too-long", "PT_INTERP is longer than any path");
  const auto content = core::slice(input.file, segment->offset, segment->file_size);
  const auto path = core::read_string(*content, 0, content->size());
  if (!path)
    return malformed("interpreter-not-terminated", "PT_INTERP does not end with a NUL",
                     segment->offset);
  if (path->empty())
    return malformed("interpreter-empty", "PT_INTERP is an empty path", segment->offset);
  return Range{.offset = segment->offset, .size = path->size() + 1};
}

void keep_interpreter(core::ByteView file, const Range& range, model::ElfFacts& facts) {
  if (range.size == 0) return;
  const core::ByteView path = *core::slice(file, range.offset, range.size - 1);
  auto storage = std::make_shared<const std::vector<char>>(path.begin(), path.end());
  facts.interpreter = {storage->data(), storage->size()};
  facts.storage.bytes = std::move(storage);
}

/// DT_STRTAB for DT_STRSZ bytes; without DT_STRSZ, which no loader reads, to the segment's end.
core::Result<Range> find_strings(const Input& input, const DynamicTable& table) {
  constexpr const char* kReason = "strings-out-of-bounds";
  if (!table.has(DT_STRTAB))
    return malformed("strings-missing", "the dynamic table has no DT_STRTAB");
  const std::uint64_t address = table.value_or(DT_STRTAB, 0);
  if (table.has(DT_STRSZ))
    return locate(input.segments, address, table.value_or(DT_STRSZ, 0), kReason);
  const auto mapped = find_mapped(input.segments, address);
  if (!mapped) return malformed(kReason, "DT_STRTAB is not inside a loaded segment");
  return *mapped;
}

core::Result<void> check_dynamic_names(const DynamicTable& table, NameBudget& names) {
  for (const std::uint64_t offset : table.needed)
    if (const auto name = names.take(offset); !name) return tl::make_unexpected(name.error());
  for (const std::int64_t tag : {DT_SONAME, DT_RPATH, DT_RUNPATH}) {
    if (!table.has(tag)) continue;
    if (const auto name = names.take(table.value_or(tag, 0)); !name)
      return tl::make_unexpected(name.error());
  }
  return {};
}

core::Result<void> read_symbols(const Input& input, DynamicPart& part, NameBudget& names) {
  std::uint32_t highest = 0;
  for (const RelocationRange& table : part.relocations)
    highest = std::max(highest, table.highest_symbol);
  const auto symbols = find_symbols({.file = input.file,
                                     .header = input.header,
                                     .segments = input.segments,
                                     .dynamic = part.table,
                                     .highest_relocated = highest});
  if (!symbols) return tl::make_unexpected(symbols.error());
  part.symbols = *symbols;
  const auto name_bytes = check_symbol_names(input.file, input.header.layout, part.symbols, names);
  if (!name_bytes) return tl::make_unexpected(name_bytes.error());
  part.counts.symbol_name_bytes = *name_bytes;
  return {};
}

void add_counts(const Layout& layout, DynamicPart& part) {
  Counts& counts = part.counts;
  const std::uint64_t symbols = part.symbols.size / symbol_size(layout);
  counts.symbols = symbols == 0 ? 0 : symbols - 1;
  counts.needed = part.table.needed.size();
  counts.version_needs = part.versions.needs.auxiliary;
  counts.version_definitions = part.versions.definitions.named;
  for (const RelocationRange& table : part.relocations) {
    counts.relocations[static_cast<std::size_t>(table.table)] = table.count;
    counts.relocation_checksum += table.checksum;
  }
}

core::Result<DynamicPart> read_dynamic(const Input& input, const Segment& segment) {
  const Layout& layout = input.header.layout;
  DynamicPart part;
  const auto table = read_dynamic_table(input.file, layout, input.segments, segment);
  if (!table) return tl::make_unexpected(table.error());
  part.table = *table;
  const auto strings = find_strings(input, part.table);
  if (!strings) return tl::make_unexpected(strings.error());
  part.strings = *strings;
  NameBudget names(input.file, part.strings);
  if (const auto checked = check_dynamic_names(part.table, names); !checked)
    return tl::make_unexpected(checked.error());
  const auto relocations = read_relocation_tables(input.file, layout, input.segments, part.table);
  if (!relocations) return tl::make_unexpected(relocations.error());
  part.relocations = *relocations;
  if (const auto read = read_symbols(input, part, names); !read)
    return tl::make_unexpected(read.error());
  const auto versions = read_version_tables(input.file, layout, input.segments, part.table,
                                            part.symbols.size / symbol_size(layout), names);
  if (!versions) return tl::make_unexpected(versions.error());
  part.versions = *versions;
  add_counts(layout, part);
  return part;
}

void add_dynamic(const DynamicPart& part, model::ElfFacts& facts) {
  facts.has_sysv_hash = part.table.has(DT_HASH);
  facts.has_gnu_hash = part.table.has(DT_GNU_HASH);
  facts.has_relr = part.table.has(DT_RELR) && part.table.value_or(DT_RELRSZ, 0) > 0;
  for (const RelocationRange& table : part.relocations)
    facts.relative_relocations += table.leading_relative;
}

/// A file made by objcopy --only-keep-debug: program headers of the original, content of none.
bool is_debug_file(const std::vector<Segment>& segments) {
  const Segment* dynamic = find_last(segments, PT_DYNAMIC);
  return dynamic != nullptr && dynamic->file_size == 0 && dynamic->memory_size > 0;
}

core::Result<void> read_body(const Input& input, Prepass& prepass) {
  auto notes = read_notes(input.file, input.header, input.segments);
  if (!notes) return tl::make_unexpected(notes.error());
  prepass.facts.build_id = std::move(notes->build_id);
  prepass.facts.abi_note = notes->abi_note;
  prepass.facts.has_go_build_id = notes->has_go_build_id;
  const auto interpreter = read_interpreter(input);
  if (!interpreter) return tl::make_unexpected(interpreter.error());
  keep_interpreter(input.file, *interpreter, prepass.facts);
  prepass.facts.build =
      read_embedded_build({.file = input.file,
                           .header = input.header,
                           .segments = input.segments,
                           .is_go = prepass.facts.has_go_build_id,
                           .is_program = interpreter->size != 0 || !prepass.facts.has_dynamic});
  const Segment* segment = find_last(input.segments, PT_DYNAMIC);
  if (segment == nullptr) {
    prepass.facts.completeness = model::Completeness::complete;
    return {};
  }
  auto part = read_dynamic(input, *segment);
  if (!part) return tl::make_unexpected(part.error());
  part->interpreter = *interpreter;
  add_dynamic(*part, prepass.facts);
  prepass.dynamic = std::move(*part);
  return {};
}

}  // namespace

core::Result<Prepass> run_prepass(core::ByteView file) {
  const auto header = read_header(file);
  if (!header) return tl::make_unexpected(header.error());
  Prepass prepass;
  prepass.layout = header->layout;
  prepass.facts = facts_of_header(*header);
  const auto segments = read_segments(file, header->layout, header->segments);
  if (!segments) {
    prepass.problem = segments.error();
    return prepass;
  }
  if (is_debug_file(*segments))
    return core::fail(core::ErrorCode::unsupported, "debug-file",
                      "a separate debug file is not loaded");
  add_segments(*segments, prepass.facts);
  const Input input{.file = file, .header = *header, .segments = *segments};
  if (const auto read = read_body(input, prepass); !read) prepass.problem = read.error();
  return prepass;
}

}  // namespace muslcheck::elf
