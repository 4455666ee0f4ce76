// The start command says what an image is for: the jar, the dll or the program that it names is
// what a build has to bring.

#include "plan/start_command.hpp"

#include <algorithm>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

using dockerfile::Instruction;
using dockerfile::Stage;

void add_words(std::vector<std::string>& out, std::string_view text) {
  const std::string line = core::one_line(text);
  for (const std::string_view word : core::split(line, ' ')) {
    const std::string_view plain = core::trim(word);
    const std::size_t start = plain.find_first_not_of("\"'");
    const std::size_t end = plain.find_last_not_of("\"';");
    if (start != std::string_view::npos && end != std::string_view::npos && end >= start)
      out.emplace_back(plain.substr(start, end - start + 1));
  }
}

const Instruction* find_last(const Stage& stage, std::string_view keyword) {
  const auto found = std::find_if(stage.instructions.rbegin(), stage.instructions.rend(),
                                  [&](const Instruction& one) { return one.keyword == keyword; });
  return found == stage.instructions.rend() ? nullptr : &*found;
}

bool is_plain(std::string_view path) {
  return path.find_first_of("$*?[{`") == std::string_view::npos;
}

/// The first word of the start command with that end.
std::optional<std::string> find_word(const std::vector<std::string>& words,
                                     std::initializer_list<std::string_view> ends) {
  for (const std::string& word : words)
    for (const std::string_view end : ends)
      if (word.ends_with(end) && is_plain(word)) return word;
  return std::nullopt;
}

/// Where a RUN line writes a program of that name: "-o /usr/local/bin/server".
std::optional<std::string> find_output(const Stage& stage, const std::string& name) {
  for (const Instruction& instruction : stage.instructions) {
    if (instruction.keyword != "RUN") continue;
    std::vector<std::string> words;
    add_words(words, instruction.arguments);
    for (const std::string& word : words)
      if (word.starts_with('/') && word.ends_with("/" + name) && is_plain(word)) return word;
  }
  return std::nullopt;
}

std::optional<Artifact> find_program(const Stage& stage, const std::string& folder,
                                     const std::string& program_folder) {
  const std::vector<std::string> words = start_words(stage);
  if (words.empty() || !is_plain(words.front())) return std::nullopt;
  const std::string& name = words.front();
  if (name.find('/') != std::string::npos) {
    const std::string path = absolute_path(folder, name);
    return Artifact{path, path};
  }
  if (name == "sh" || name == "bash" || name == "go" || name == "cargo") return std::nullopt;
  if (const auto output = find_output(stage, name)) return Artifact{*output, *output};
  return Artifact{program_folder + "/" + name, "/usr/local/bin/" + name};
}

}  // namespace

std::vector<std::string> start_words(const Stage& stage) {
  std::vector<std::string> words;
  for (const char* keyword : {"ENTRYPOINT", "CMD"}) {
    const Instruction* instruction = find_last(stage, keyword);
    if (instruction == nullptr) continue;
    if (!instruction->exec_form) add_words(words, instruction->arguments);
    for (const std::string& word : instruction->words) add_words(words, word);
  }
  return words;
}

std::string absolute_path(std::string_view folder, std::string_view path) {
  std::vector<std::string> parts;
  const std::string whole =
      path.starts_with('/') ? std::string(path) : std::string(folder) + "/" + std::string(path);
  for (const std::string_view part : core::split(whole, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..")
      parts.emplace_back(part);
    else if (!parts.empty())
      parts.pop_back();
  }
  return "/" + core::join(parts, "/");
}

std::string working_folder(const Stage& stage) {
  std::string folder = "/";
  for (const Instruction& instruction : stage.instructions) {
    if (instruction.keyword != "WORKDIR") continue;
    if (!is_plain(instruction.arguments)) return {};
    std::vector<std::string> words;
    add_words(words, instruction.arguments);
    folder = absolute_path(folder, core::join(words, " "));
  }
  return folder;
}

std::optional<Artifact> find_artifact(const Stage& stage, const std::string& kind,
                                      const std::string& program_folder) {
  const std::string folder = working_folder(stage);
  if (folder.empty()) return std::nullopt;
  if (kind == "workdir")
    return folder == "/" ? std::nullopt : std::optional(Artifact{folder, folder});
  if (kind == "start-program") return find_program(stage, folder, program_folder);
  const auto file = find_word(start_words(stage), {".jar", ".dll"});
  if (!file) return std::nullopt;
  std::string path = absolute_path(folder, *file);
  if (kind == "start-folder") path = path.substr(0, path.rfind('/'));
  if (path.empty()) return std::nullopt;
  return Artifact{path, path};
}

}  // namespace muslcheck::plan
