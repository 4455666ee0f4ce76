#pragma once
/// Scripts of the image and commands that it runs by name, with where the target has them from.

#include <optional>
#include <string>
#include <vector>

#include "muslcheck/model/module.hpp"

namespace muslcheck::model {

/// When a command runs.
enum class Phase {
  start,    ///< when the container starts: Entrypoint, Cmd, and scripts that they lead to
  health,   ///< for the image's health check
  build,    ///< a RUN instruction
  unknown,  ///< a script that nothing is known to start
};

/// Where the target has a command from.
enum class CommandSource {
  base,         ///< the bare image: mostly an applet of busybox
  image,        ///< a package of the new base image
  installable,  ///< an apk package has it
  absent,       ///< no package is known to have it
};

struct Provision {
  CommandSource source = CommandSource::absent;
  std::string apk;  ///< for `installable`: packages, separated by spaces
  Confidence confidence = Confidence::certain;
  bool operator==(const Provision&) const = default;
};

/// A simple command that does not move with the image: the target must have it.
struct CommandUse {
  std::string name;                ///< without folders: "curl"
  std::vector<std::string> words;  ///< as they are written; the name comes first
  std::string place;               ///< "/app/start.sh:12", "Healthcheck", "Dockerfile:7"
  std::string path;                ///< in-image path of the script; empty for all else
  std::string program;             ///< in-image path of what the name is today; may be empty
  int layer = 0;                   ///< of the script, or else of the program
  Phase phase = Phase::unknown;
  bool is_program = false;  ///< Entrypoint or Cmd name it: without it nothing starts
  bool optional = false;    ///< the script can do without
  Provision provision;
  bool operator==(const CommandUse&) const = default;
};

/// A script that moves with the image, whose interpreter does not.
struct Script {
  std::string path;
  int layer = 0;
  std::optional<std::size_t> package;  ///< index into Migration::packages
  std::string first_line;              ///< without "#!"
  std::string interpreter;             ///< without folders: "bash"
  Phase phase = Phase::unknown;
  Provision provision;
  bool operator==(const Script&) const = default;
};

/// Shell text that is not in the image: the arguments of a RUN instruction.
struct BuildCommand {
  std::string place;  ///< "Dockerfile:7"
  std::string text;
  bool operator==(const BuildCommand&) const = default;
};

[[nodiscard]] const char* name_of(Phase phase);
[[nodiscard]] const char* name_of(CommandSource source);

}  // namespace muslcheck::model
