// collect_layer with the real ELF reader.

#include "muslcheck/collect/collect.hpp"

#include "collect_with.hpp"

namespace muslcheck::collect {

core::Result<model::LayerFacts> collect_layer(source::Source& source, std::size_t index,
                                              elf::Reader& reader, core::Tasks& tasks,
                                              core::MemoryBudget& memory,
                                              const core::Deadline& deadline) {
  const auto read = [&](std::string_view path, core::ByteView bytes) {
    return reader.read(path, bytes);
  };
  return collect_layer_with(source, index, read, tasks, memory, deadline);
}

}  // namespace muslcheck::collect
