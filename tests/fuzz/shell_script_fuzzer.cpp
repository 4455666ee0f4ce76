// Any bytes as a shell script. What is found stands in the script, and is bounded.

#include <algorithm>
#include <string_view>

#include "fuzz_target.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/runtimes/shell_script.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muslcheck;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const int lines = 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  const auto commands = runtimes::parse_shell_script(text);
  fuzz_check(commands.size() <= core::limits::kMaxScriptCommands);
  int last = 1;
  for (const runtimes::ShellCommand& command : commands) {
    fuzz_check(!command.words.empty() && !command.words[0].empty());
    fuzz_check(command.line >= last && command.line <= lines);
    last = command.line;
  }
  return 0;
}
