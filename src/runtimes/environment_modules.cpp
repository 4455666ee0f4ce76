// Modules that the image's environment names: LD_PRELOAD, JAVA_TOOL_OPTIONS=-agentpath:/x.so=a,b,
// CORECLR_PROFILER_PATH. Agents of monitoring products come this way, and one that is built for
// glibc breaks every process of the container.
//
// The variables have syntaxes of their own. What they share is that a path begins with a slash and
// ends at a space or one of the separators; what such a word is, the file tells: only ELF files of
// the image count. A bare name in LD_PRELOAD is looked for where musl does (LD_LIBRARY_PATH and the
// default folders); -agentlib:NAME, which the JVM looks for in its own folders, is not followed.

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "environment.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::runtimes {
namespace {

using filesystem::FileTree;
using model::Host;

constexpr std::string_view kSeparators = " \t\n:=,;\"'";
constexpr std::array<std::string_view, 3> kLibraryFolders{"lib", "usr/local/lib", "usr/lib"};

std::vector<std::string_view> words_of(std::string_view value) {
  std::vector<std::string_view> words;
  for (std::size_t at = value.find_first_not_of(kSeparators); at != std::string_view::npos;) {
    const std::size_t end = std::min(value.find_first_of(kSeparators, at), value.size());
    words.push_back(value.substr(at, end - at));
    at = value.find_first_not_of(kSeparators, end);
  }
  return words;
}

/// The in-image path of an ELF file without links; empty if there is none.
std::string elf_at(const FileTree& tree, std::string_view path) {
  const filesystem::Lookup lookup = tree.lookup(path);
  return lookup.node != nullptr && lookup.node->elf != nullptr ? lookup.real_path : std::string();
}

std::string find_library(const FileTree& tree, const std::vector<std::string>& env,
                         std::string_view name) {
  const std::string path = environment_value(env, "LD_LIBRARY_PATH").value_or("");
  std::vector<std::string_view> folders = words_of(path);
  folders.insert(folders.end(), kLibraryFolders.begin(), kLibraryFolders.end());
  for (const std::string_view folder : folders)
    if (std::string found = elf_at(tree, core::join_path(folder, name)); !found.empty())
      return found;
  return {};
}

std::string find_module(const FileTree& tree, const std::vector<std::string>& env, const Host& host,
                        std::string_view word) {
  if (word.find('/') != std::string_view::npos) return elf_at(tree, word);
  return host.mode == model::DlopenMode::preload ? find_library(tree, env, word) : std::string();
}

}  // namespace

std::map<std::string, Loading, std::less<>> find_environment_modules(
    const std::vector<std::string>& env, const FileTree& tree, const std::vector<Host>& hosts) {
  std::map<std::string, Loading, std::less<>> modules;
  for (const Host& host : hosts)
    for (const std::string& variable : host.environment) {
      const std::string value = environment_value(env, variable).value_or("");
      for (const std::string_view word : words_of(value))
        if (std::string path = find_module(tree, env, host, word); !path.empty())
          modules.try_emplace(std::move(path),
                              Loading{.role = model::Role::plugin,
                                      .host = &host,
                                      .evidence = "named by " + variable + " of the image's Env"});
    }
  return modules;
}

}  // namespace muslcheck::runtimes
