#pragma once
/// collect_layer with the ELF reader as a function, so that tests need no worker processes.

#include <functional>
#include <string_view>

#include "muslcheck/collect/collect.hpp"

namespace muslcheck::collect {

/// Called from several threads at a time.
using ElfRead = std::function<elf::ReadResult(std::string_view path, core::ByteView bytes)>;

/// As collect_layer.
[[nodiscard]] core::Result<model::LayerFacts> collect_layer_with(
    source::Source& source, std::size_t index, const ElfRead& read_elf, core::Tasks& tasks,
    core::MemoryBudget& memory, const core::Deadline& deadline = {});

}  // namespace muslcheck::collect
