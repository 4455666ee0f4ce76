// Greedy line breaking. A word longer than a line keeps its line for itself.

#include "cli/wrap.hpp"

#include "muslcheck/core/text.hpp"

namespace muslcheck::cli {

std::string wrap(std::string_view text, std::size_t indent) {
  constexpr std::size_t kWidth = 80;
  const std::string margin(indent, ' ');
  std::string out;
  std::string line;
  for (const std::string_view word : core::split(text, ' ')) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > kWidth) {
      out += margin + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  return out + margin + line + "\n";
}

}  // namespace muslcheck::cli
