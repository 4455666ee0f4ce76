#pragma once
/// One layer's bytes, looked at once, become model::LayerFacts.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/memory_budget.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/elf/reader.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::collect {

/// True for the files whose content is kept because packages and runtimes read it: package.json,
/// the databases of dpkg, rpm and apk, os-release. Decided by path alone.
[[nodiscard]] bool is_metadata(std::string_view path);

/// How many bytes such a file may have.
[[nodiscard]] std::uint64_t max_metadata_size(std::string_view path);

/// True for a script whose content is kept: one for a shell, by its first line (without "#!"),
/// where is_hashed holds for its path. What a distribution installs is replaced as a whole.
[[nodiscard]] bool is_script_kept(std::string_view path, std::string_view shebang);

/// Those strings that functions are given by text and that musl takes otherwise, which the file
/// holds: of iconv_open ("//TRANSLIT"), where the file imports it; of dlsym, names of 64-bit
/// functions ("fopen64") that are no dynamic symbols of the file. Sorted.
[[nodiscard]] std::vector<std::string> find_mentions(core::ByteView bytes,
                                                     const model::ElfFacts& facts);

/// True for the ELF files that get a SHA-256: those outside of the folders that distributions
/// install into (/usr without /usr/local, /bin, /sbin, /lib*). Those inside are known by their
/// package and build id, and hashing a whole distribution takes longer than all else.
[[nodiscard]] bool is_hashed(std::string_view path);

/// True if another reading of the same bytes would give the same facts: nothing was left out for
/// want of time or memory, or because a file could not be read just then.
[[nodiscard]] bool are_lasting(const model::LayerFacts& facts);

/// Reads layer `index` of a source. ELF files are recognised by their magic, never by name.
/// A file that cannot be read becomes a problem in the facts; an error means that the layer as a
/// whole could not be read. Thread-safe for different layers, each with a Tasks of its own;
/// `memory` is what large files of all layers may take together. The deadline is looked at before
/// each file; facts of a layer that was not done in time are none.
[[nodiscard]] core::Result<model::LayerFacts> collect_layer(source::Source& source,
                                                            std::size_t index, elf::Reader& reader,
                                                            core::Tasks& tasks,
                                                            core::MemoryBudget& memory,
                                                            const core::Deadline& deadline = {});

/// About how many bytes of memory the facts of a layer take.
[[nodiscard]] std::uint64_t memory_of(const model::LayerFacts& facts);

}  // namespace muslcheck::collect
