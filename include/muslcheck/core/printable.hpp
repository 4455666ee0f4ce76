#pragma once
/// Names from an image on their way to a terminal or a log.

#include <string>
#include <string_view>

namespace muslcheck::core {

/// The text with control characters, escape sequences and invalid UTF-8 shown as \xNN, so that a
/// file name from an image can neither move the cursor nor forge a line of output.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace muslcheck::core
