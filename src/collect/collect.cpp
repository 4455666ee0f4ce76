// collect_layer with the real ELF reader.

#include "muslcheck/collect/collect.hpp"

#include "collect_with.hpp"

namespace muslcheck::collect {

core::Result<model::LayerFacts> collect_layer(source::Source& source, std::size_t index,
                                              elf::Reader& reader) {
  return collect_layer_with(source, index, [&](std::string_view path, core::ByteView bytes) {
    return reader.read(path, bytes);
  });
}

}  // namespace muslcheck::collect
