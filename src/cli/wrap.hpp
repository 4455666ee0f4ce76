#pragma once
/// Paragraphs of the commands that print what is built in. It has no wide and no control
/// characters; names from images go through report::write_table.

#include <cstddef>
#include <string>
#include <string_view>

namespace muslcheck::cli {

/// Text broken at spaces to fit 80 columns, each line indented and ended.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent);

}  // namespace muslcheck::cli
