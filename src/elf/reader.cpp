// The reader: pre-pass, compact image, LIEF (in a worker), comparison. A file of which anything
// disagrees keeps what its header says and gets a problem; it never passes for one that needs
// little.

#include "muslcheck/elf/reader.hpp"

#include <new>
#include <utility>

#include "elf/compact_image.hpp"
#include "elf/cross_check.hpp"
#include "elf/parse_image.hpp"
#include "elf/prepass.hpp"
#include "elf/worker_pool.hpp"
#include "muslcheck/elf/codec.hpp"

namespace muslcheck::elf {

struct Reader::State {
  std::unique_ptr<WorkerPool> workers;  ///< empty when everything is done in this process
};

namespace {

core::Result<std::vector<std::uint8_t>> parse(WorkerPool* workers,
                                              const std::vector<std::uint8_t>& image) {
  return workers == nullptr ? parse_image(image) : workers->parse(image);
}

/// What the pre-pass knows and LIEF was not asked.
void merge_header(const model::ElfFacts& header, model::ElfFacts& facts) {
  facts.elf_class = header.elf_class;
  facts.byte_order = header.byte_order;
  facts.machine = header.machine;
  facts.flags = header.flags;
  facts.os_abi = header.os_abi;
  facts.type = header.type;
  facts.has_dynamic = header.has_dynamic;
  facts.has_tls = header.has_tls;
  facts.has_gnu_stack = header.has_gnu_stack;
  facts.stack_flags = header.stack_flags;
  facts.stack_size = header.stack_size;
  facts.has_relr = header.has_relr;
  facts.has_sysv_hash = header.has_sysv_hash;
  facts.has_gnu_hash = header.has_gnu_hash;
  facts.relative_relocations = header.relative_relocations;
  facts.build_id = header.build_id;
  facts.abi_note = header.abi_note;
  facts.has_go_build_id = header.has_go_build_id;
  facts.build = header.build;
  facts.completeness = model::Completeness::complete;
}

core::Result<model::ElfFacts> read_dynamic_part(WorkerPool* workers, core::ByteView file,
                                                const Prepass& prepass) {
  const auto image = build_compact_image(file, prepass);
  if (!image) return tl::make_unexpected(image.error());
  const auto encoded = parse(workers, *image);
  if (!encoded) return tl::make_unexpected(encoded.error());
  auto facts = decode_facts(*encoded);
  if (!facts) return facts;
  if (const auto checked = cross_check(prepass, *facts); !checked)
    return tl::make_unexpected(checked.error());
  merge_header(prepass.facts, *facts);
  return facts;
}

ReadResult problem_only(tl::unexpected<core::Error> error) {
  return {.facts = {}, .problem = std::move(error.value())};
}

ReadResult read_file(WorkerPool* workers, core::ByteView file) {
  if (file.size() > core::limits::kMaxElfFile)
    return problem_only(
        beyond_limit("file-too-large", "the file is larger than any ELF file that is read"));
  auto prepass = run_prepass(file);
  if (!prepass) return {.facts = {}, .problem = std::move(prepass.error())};
  if (prepass->problem || !prepass->dynamic)
    return {.facts = std::move(prepass->facts), .problem = std::move(prepass->problem)};
  auto facts = read_dynamic_part(workers, file, *prepass);
  if (!facts) return {.facts = std::move(prepass->facts), .problem = std::move(facts.error())};
  return {.facts = std::move(*facts), .problem = {}};
}

}  // namespace

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

core::Result<Reader> Reader::create(const ReaderOptions& options) {
  auto state = std::make_unique<State>();
  if (!options.in_process) {
    auto workers = WorkerPool::start(options.workers,
                                     {.time = options.time_limit, .memory = options.memory_limit});
    if (!workers) return tl::make_unexpected(workers.error());
    state->workers = std::move(*workers);
  }
  return Reader(std::move(state));
}

ReadResult Reader::read(std::string_view path, core::ByteView bytes) {
  ReadResult result;
  try {
    result = read_file(state_->workers.get(), bytes);
  } catch (const std::bad_alloc&) {
    result =
        problem_only(beyond_limit("out-of-memory", "there is not enough memory to read the file"));
  }
  if (result.problem) result.problem->path = path;
  return result;
}

}  // namespace muslcheck::elf
