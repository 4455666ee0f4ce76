// The walk from what a container starts over the scripts that this leads to. What is reached runs
// for certain, or nearly; of all other scripts it is only known that they are there, and those of
// packages (node_modules, site-packages) are hardly ever run: of them the interpreter is noted and
// nothing else.

#include "migrate/scripts.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "migrate/provisions.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/shell_script.hpp"

namespace muslcheck::migrate {
namespace {

using model::CommandUse;
using model::Phase;
using runtimes::ShellCommand;
using Words = std::vector<std::string>;

/// A script that is still to be looked at.
struct Reached {
  const filesystem::Node* node = nullptr;
  Phase phase = Phase::unknown;
};

/// Where commands stand.
struct Place {
  std::string name;  ///< "Cmd", "Dockerfile:7", "/app/start.sh"
  const filesystem::Node* script = nullptr;
  Phase phase = Phase::unknown;
};

/// Where distributions keep scripts that belong to no package (hooks, generated ones). /usr/local
/// and all else is for people.
bool is_system_folder(std::string_view path) {
  const std::string_view first = path.substr(0, path.find('/'));
  if (first == "usr") return !path.starts_with("usr/local/");
  return first == "bin" || first == "sbin" || first == "etc" || first.starts_with("lib") ||
         path.starts_with("var/lib/") || first == "proc" || first == "sys" || first == "dev";
}

/// The words of a script's first line: the kernel splits at the first blank only, but people write
/// as if it did at all.
Words words_of(std::string_view line) {
  Words words;
  core::for_each_part(core::trim(line), ' ', [&](std::string_view word) {
    if (!core::trim(word).empty()) words.emplace_back(core::trim(word));
  });
  return words;
}

class Walk {
 public:
  Walk(const ImageFacts& image, const model::TargetInfo& target, const rules::RuleSet& rules)
      : image_(image), rules_(rules), provisions_(image, target, rules) {}

  CalledCommands run() {
    if (provisions_.is_native()) return {};
    read_start();
    follow();
    read_health_check();
    follow();
    read_build();
    read_others();
    std::sort(called_.scripts.begin(), called_.scripts.end(),
              [](const model::Script& left, const model::Script& right) {
                return left.path < right.path;
              });
    return std::move(called_);
  }

 private:
  void read_start() {
    const model::ImageConfig& config = image_.source.config;
    const bool has_entrypoint = !config.entrypoint.empty();
    Words words = has_entrypoint ? config.entrypoint : config.cmd;
    if (has_entrypoint) words.insert(words.end(), config.cmd.begin(), config.cmd.end());
    const Place place{.name = has_entrypoint ? "Entrypoint" : "Cmd", .phase = Phase::start};
    add_program(words, place);
    // docker-entrypoint.sh ends in exec "$@".
    if (has_entrypoint && !config.cmd.empty() && provisions_.find(config.cmd[0]).node != nullptr)
      add_all(runtimes::parse_command_words(config.cmd), {.name = "Cmd", .phase = Phase::start});
  }

  /// The first word is the program that the container runtime starts.
  void add_program(const Words& words, const Place& place) {
    const std::size_t before = called_.commands.size();
    const auto commands = runtimes::parse_command_words(words);
    add_all(commands, place);
    if (called_.commands.size() > before && !commands.empty() &&
        called_.commands[before].words == commands[0].words)
      called_.commands[before].is_program = true;
  }

  void read_health_check() {
    const Words& test = image_.source.config.healthcheck;
    if (test.size() < 2) return;
    const Place place{.name = "Healthcheck", .phase = Phase::health};
    if (test[0] == "CMD-SHELL") add_all(runtimes::parse_shell_script(test[1]), place);
    if (test[0] == "CMD")
      add_all(runtimes::parse_command_words({test.begin() + 1, test.end()}), place);
  }

  /// What the build installs with apt-get it has on the target as well.
  void read_build() {
    if (image_.build == nullptr) return;
    const std::size_t before = called_.commands.size();
    std::set<std::string, std::less<>> installed;
    for (const model::BuildCommand& command : *image_.build) {
      const auto commands = runtimes::parse_shell_script(command.text);
      for (const ShellCommand& called : commands) note_installed(called.words, installed);
      add_all(commands, {.name = command.place, .phase = Phase::build});
    }
    const auto is_installed = [&](const CommandUse& use) {
      return installed.contains(use.provision.apk);
    };
    const auto first = called_.commands.begin() + static_cast<std::ptrdiff_t>(before);
    called_.commands.erase(std::remove_if(first, called_.commands.end(), is_installed),
                           called_.commands.end());
  }

  void note_installed(const Words& words, std::set<std::string, std::less<>>& installed) {
    const bool is_debian = words[0] == "apt-get" || words[0] == "apt";
    if (!(is_debian && core::contains(words, "install")) &&
        !(words[0] == "apk" && core::contains(words, "add")))
      return;
    for (const std::string& word : words) {
      const std::string name = word.substr(0, word.find('='));
      const rules::DebianPackage* package = rules_.find_debian_package(name);
      if (package != nullptr) installed.insert(package->apk.begin(), package->apk.end());
      installed.insert(name);
      called_.installed.insert(name.substr(0, name.find_first_of(":/")));
    }
  }

  void follow() {
    while (!reached_.empty()) {
      const Reached next = reached_.front();
      reached_.pop_front();
      read_script(next);
    }
  }

  void read_others() {
    for (const auto& [path, node] : image_.tree.nodes()) {
      if (node.shebang == nullptr || node.in_archive || seen_.contains(path)) continue;
      if (is_system_folder(path) || provisions_.is_replaced(path, node.layer)) continue;
      read_script({.node = &node, .phase = Phase::unknown});
    }
  }

  void read_script(const Reached& reached) {
    const filesystem::Node& node = *reached.node;
    const auto package = image_.packages.owner(node.entry.path);
    if (node.shebang != nullptr) add_interpreter(node, reached.phase, package);
    if (node.script == nullptr || (reached.phase == Phase::unknown && package)) return;
    add_all(runtimes::parse_shell_script(*node.script),
            {.name = "/" + node.entry.path, .script = &node, .phase = reached.phase});
  }

  /// Of "#!/usr/bin/env bash" it is bash.
  void add_interpreter(const filesystem::Node& node, Phase phase,
                       std::optional<std::size_t> package) {
    const auto commands = runtimes::parse_command_words(words_of(*node.shebang));
    if (commands.empty()) return;
    const std::string& word = commands.back().words[0];
    const auto provision = provisions_.provide(word);
    if (!provision || provision->source == model::CommandSource::base ||
        provision->source == model::CommandSource::image)
      return;
    called_.scripts.push_back({.path = node.entry.path,
                               .layer = node.layer,
                               .package = package,
                               .first_line = std::string(core::trim(*node.shebang)),
                               .interpreter = std::string(core::file_name(word)),
                               .phase = phase,
                               .provision = *provision});
  }

  void add_all(const std::vector<ShellCommand>& commands, const Place& place) {
    for (const ShellCommand& command : commands) add(command, place);
  }

  void add(const ShellCommand& command, const Place& place) {
    if (place.phase == Phase::start || place.phase == Phase::health) reach(command, place.phase);
    if (called_.commands.size() >= core::limits::kMaxCommandUses) return;
    const auto provision = provisions_.provide(command.words[0]);
    if (!provision || provision->source == model::CommandSource::image) return;
    CommandUse use{.name = std::string(core::file_name(command.words[0])),
                   .words = command.words,
                   .place = place.name,
                   .path = {},
                   .program = {},
                   .phase = place.phase,
                   .optional = command.optional,
                   .provision = *provision};
    if (place.script != nullptr) {
      use.place += ":" + std::to_string(command.line);
      use.path = place.script->entry.path;
      use.layer = place.script->layer;
    }
    if (const FoundProgram program = provisions_.find(command.words[0]); program.node != nullptr) {
      use.program = program.path;
      if (place.script == nullptr) use.layer = program.node->layer;
    }
    called_.commands.push_back(std::move(use));
  }

  /// The command may be a script of the image, or be a shell with one as its argument.
  void reach(const ShellCommand& command, Phase phase) {
    for (std::size_t i = 0; i < std::min<std::size_t>(command.words.size(), kScriptWords); ++i) {
      const std::string& word = command.words[i];
      if (i > 0 && word.find('/') == std::string::npos && !word.ends_with(".sh")) continue;
      const FoundProgram program = i > 0 && word.find('/') == std::string::npos
                                       ? provisions_.find("./" + word)
                                       : provisions_.find(word);
      if (program.node == nullptr || program.node->shebang == nullptr) continue;
      if (seen_.size() >= core::limits::kMaxReachedScripts ||
          provisions_.is_replaced(program.path, program.node->layer) ||
          !seen_.insert(program.path).second)
        continue;
      reached_.push_back({.node = program.node, .phase = phase});
    }
  }

  static constexpr std::size_t kScriptWords = 8;  // sh -e /app/run.sh

  const ImageFacts& image_;
  const rules::RuleSet& rules_;
  Provisions provisions_;
  std::deque<Reached> reached_;
  std::set<std::string, std::less<>> seen_;
  CalledCommands called_;
};

}  // namespace

CalledCommands find_called_commands(const ImageFacts& image, const model::TargetInfo& target,
                                    const rules::RuleSet& rules) {
  return Walk(image, target, rules).run();
}

}  // namespace muslcheck::migrate
