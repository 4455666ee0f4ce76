#pragma once
/// Every sentence that a user sees when musl's loader, or the kernel before it, refuses.

#include <cstdint>
#include <string>
#include <string_view>

namespace muslcheck::loader {

/// musl's strerror for the errno values that loading a library can give.
[[nodiscard]] std::string error_string(int error);

/// `needed_by` empty: the object that was passed to dlopen itself.
[[nodiscard]] std::string library_message(std::string_view name, int error,
                                          std::string_view needed_by);
[[nodiscard]] std::string symbol_message(std::string_view file, std::string_view symbol);
[[nodiscard]] std::string relocation_message(std::string_view file, std::uint32_t type);
[[nodiscard]] std::string initial_exec_message(std::string_view file, std::string_view symbol,
                                               std::string_view provider);
/// `loader --list file`.
[[nodiscard]] std::string not_dynamic_message(std::string_view loader, std::string_view file);
/// execve failed: what container engines print.
[[nodiscard]] std::string exec_message(std::string_view file, int error);
/// The loader dies without a word; this is what the shell says.
[[nodiscard]] std::string crash_message();

}  // namespace muslcheck::loader
