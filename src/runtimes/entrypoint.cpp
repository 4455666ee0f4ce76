// From Entrypoint and Cmd to the programs that run.
//
// The container runtime looks a name without a slash up in the image's PATH (runc: exec.LookPath,
// with Docker's PATH where the image sets none); a relative path starts at WorkingDir. The kernel
// takes a script's first line as interpreter and one argument, at most four times in a row
// (fs/exec.c, fs/binfmt_script.c). Beyond that it is the programs themselves: a shell with -c, env,
// small init programs. Each step is found by a loop over commands yet to be started.

#include "muslcheck/runtimes/entrypoint.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "runtimes/environment.hpp"
#include "runtimes/shell_command.hpp"

namespace muslcheck::runtimes {
namespace {

using filesystem::FileTree;
using filesystem::Node;
using model::StartStep;
using Words = std::vector<std::string>;

/// Where Docker and containerd look when the image says nothing.
constexpr std::string_view kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

constexpr std::array<std::string_view, 6> kShells{"sh", "bash", "dash", "ash", "busybox", "ksh"};

/// Programs that start the command behind their options.
constexpr std::array<std::string_view, 7> kStarters{
    "tini", "tini-static", "docker-init", "dumb-init", "catatonit", "nohup", "setsid"};

/// A command that is to be started.
struct Command {
  Words words;
  std::string how;        ///< "Cmd", "interpreter of /app/run.sh"
  std::string directory;  ///< in-image; where it runs
  int interpreters = 0;   ///< scripts that led here, one the interpreter of the other
  bool certain = true;    ///< if it is not there, nothing runs
};

/// A program of the image, and whether PATH led to it.
struct Found {
  const Node* node = nullptr;
  std::string path;
  bool in_path = false;
};

bool is_program(const filesystem::Lookup& lookup) {
  constexpr std::uint32_t kExecutable = 0111;
  return lookup.node != nullptr && lookup.node->entry.kind == model::FileKind::regular &&
         (lookup.node->entry.mode & kExecutable) != 0;
}

std::string_view base_name(const Command& command) {
  return core::file_name(command.words.front());
}

/// The words from `first` on.
Words rest(const Words& words, std::size_t first) {
  return {words.begin() + static_cast<std::ptrdiff_t>(std::min(first, words.size())), words.end()};
}

class Resolver {
 public:
  Resolver(const model::ImageConfig& config, const FileTree& tree)
      : tree_(tree), folders_(program_folders(config.env)) {
    const bool entrypoint = !config.entrypoint.empty();
    Command command{.words = entrypoint ? config.entrypoint : config.cmd,
                    .how = entrypoint ? "Entrypoint" : "Cmd",
                    .directory = core::normalize_path(config.working_directory)};
    if (entrypoint) command.words.insert(command.words.end(), config.cmd.begin(), config.cmd.end());
    start(std::move(command));
  }

  StartProgram run() {
    while (!waiting_.empty() && program_.steps.size() < core::limits::kMaxStartSteps) {
      Command command = std::move(waiting_.front());
      waiting_.pop_front();
      const Found found = find(command);
      if (!add_step(command, found)) break;
      if (found.node != nullptr) follow(command, found);
    }
    return std::move(program_);
  }

 private:
  void start(Command command) {
    if (!command.words.empty() && !command.words.front().empty())
      waiting_.push_front(std::move(command));
  }

  [[nodiscard]] Found find(const Command& command) const {
    const std::string& name = command.words.front();
    if (name.size() > core::limits::kMaxPathLength) return {};
    if (name.find('/') == std::string::npos) return find_in_path(name);
    // Not executable is another mistake than not there: the path says which file is meant.
    const auto lookup = tree_.lookup(core::resolve_path(command.directory, name));
    if (lookup.node == nullptr || lookup.node->entry.kind != model::FileKind::regular) return {};
    return {.node = lookup.node, .path = lookup.real_path};
  }

  [[nodiscard]] Found find_in_path(const std::string& name) const {
    for (const std::string& folder : folders_) {
      const auto lookup = tree_.lookup(core::join_path(folder, name));
      if (is_program(lookup)) return {lookup.node, lookup.real_path, true};
    }
    return {};
  }

  /// False if the container stops here.
  bool add_step(const Command& command, const Found& found) {
    const std::string what =
        core::shortened(command.words.front(), core::limits::kMaxForeignMessage);
    if (found.node == nullptr) {
      if (!command.certain) return true;
      program_.steps.push_back({.what = what, .path = {}, .how = command.how});
      const bool in_path = what.find('/') == std::string::npos;
      program_.problem = model::Problem{
          .path = what,
          .stage = "config",
          .code = "entrypoint-not-found",
          .message = "the container cannot start: this program (" + command.how + ") is " +
                     (in_path ? "in no folder of the image's PATH" : "not in the image")};
      return false;
    }
    program_.steps.push_back({.what = what,
                              .path = found.path,
                              .how = command.how + (found.in_path ? ", found in PATH" : "")});
    return true;
  }

  void follow(const Command& command, const Found& found) {
    if (found.node->shebang != nullptr) return follow_script(command, found);
    if (found.node->elf == nullptr) return;
    if (core::contains(kShells, base_name(command))) return follow_shell(command);
    if (base_name(command) == "env") return follow_env(command);
    if (core::contains(kStarters, base_name(command))) follow_starter(command);
  }

  /// The kernel starts the interpreter with its one argument, the script's path and the rest.
  void follow_script(const Command& command, const Found& found) {
    if (command.interpreters == core::limits::kMaxInterpreters) {
      program_.problem = model::Problem{
          .path = found.path,
          .stage = "config",
          .code = "entrypoint-too-deep",
          .message =
              "the container cannot start: its interpreter is a script, and so on more "
              "than " +
              std::to_string(core::limits::kMaxInterpreters) + " times"};
      return waiting_.clear();
    }
    const std::string_view line = core::trim(*found.node->shebang);
    const auto end = line.find_first_of(" \t");
    Command next{.words = {std::string(line.substr(0, end))},
                 .how = "interpreter of /" + found.path,
                 .directory = command.directory,
                 .interpreters = command.interpreters + 1,
                 .certain = command.certain};
    if (end != std::string_view::npos) next.words.emplace_back(core::trim(line.substr(end)));
    next.words.push_back("/" + found.path);
    const Words arguments = rest(command.words, 1);
    next.words.insert(next.words.end(), arguments.begin(), arguments.end());
    start(std::move(next));
  }

  void follow_shell(const Command& command) {
    std::size_t at = command.words.front().ends_with("busybox") ? 2 : 1;
    bool has_text = false;
    bool login = false;
    for (; at < command.words.size() && command.words[at].starts_with('-'); ++at) {
      const std::string& option = command.words[at];
      if (option.starts_with("--")) continue;
      has_text = has_text || option.find('c') != std::string::npos;
      login = login || option.find('l') != std::string::npos;
      if (option.find('o') != std::string::npos) ++at;  // -o pipefail
    }
    if (at >= command.words.size()) return;
    if (has_text) return follow_shell_text(command, command.words[at], login);
    // A script, then its arguments.
    start({.words = rest(command.words, at + 1),
           .how = "argument of " + core::shortened(command.words[at], 200),
           .directory = command.directory,
           .certain = false});
  }

  /// A login shell may set another PATH first.
  void follow_shell_text(const Command& command, const std::string& text, bool login) {
    const ShellPrograms parsed = parse_shell(text);
    for (auto program = parsed.programs.rbegin(); program != parsed.programs.rend(); ++program)
      start({.words = program->words,
             .how = "run by the shell",
             .directory = core::resolve_path(command.directory, program->directory),
             .certain = command.certain && parsed.simple && !login});
  }

  /// env [-i] [-u NAME] [-C FOLDER] [-S TEXT] [NAME=VALUE]... PROGRAM
  void follow_env(const Command& command) {
    Words words = rest(command.words, 1);
    std::size_t at = 0;
    bool options = true;
    for (; at < words.size(); ++at) {
      const std::string word = words[at];
      const bool short_option = options && word.size() > 1 && word[0] == '-' && word[1] != '-';
      if (const auto split = word.find('S'); short_option && split != std::string::npos) {
        Words inner = split_words(word.substr(split + 1));
        if (split + 1 == word.size() && at + 1 < words.size()) inner = split_words(words[++at]);
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        words.insert(words.begin(), inner.begin(), inner.end());
        at = static_cast<std::size_t>(-1);  // from the front again, with what the text says
        if (++splits_ > core::limits::kMaxStartSteps) return;
      } else if (word == "--") {
        options = false;
      } else if (options && word.starts_with('-')) {
        if (word == "-u" || word == "-C") ++at;
      } else if (word.find('=') == std::string::npos) {
        break;
      }
    }
    start({.words = rest(words, at),
           .how = "run by env",
           .directory = command.directory,
           .certain = command.certain});
  }

  /// tini -g -- node server.js
  void follow_starter(const Command& command) {
    const Words& words = command.words;
    std::size_t at = 1;
    const auto dashes = std::find(words.begin(), words.end(), "--");
    if (dashes != words.end()) {
      at = static_cast<std::size_t>(dashes - words.begin()) + 1;
    } else {
      while (at < words.size() && words[at].starts_with('-')) ++at;
    }
    start({.words = rest(words, at),
           .how = "run by " + std::string(base_name(command)),
           .directory = command.directory,
           .certain = false});
  }

  const FileTree& tree_;
  std::vector<std::string> folders_;
  std::deque<Command> waiting_;
  StartProgram program_;
  std::size_t splits_ = 0;
};

}  // namespace

std::vector<std::string> program_folders(const std::vector<std::string>& env) {
  const std::string path = environment_value(env, "PATH").value_or(std::string(kDefaultPath));
  std::vector<std::string> folders;
  core::for_each_part(path, ':', [&](std::string_view folder) {
    if (!folder.empty() && folders.size() < core::limits::kMaxSearchFolders)
      folders.emplace_back(folder);
  });
  return folders;
}

StartProgram find_start_program(const model::ImageConfig& config, const FileTree& tree) {
  return Resolver(config, tree).run();
}

}  // namespace muslcheck::runtimes
