#pragma once
/// Dockerfiles: what they say, which stages make the image, and which instruction made each layer.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/image.hpp"

namespace muslcheck::dockerfile {

/// Lines of the file, from 1, both included.
struct LineRange {
  int first = 0;
  int last = 0;
  bool operator==(const LineRange&) const = default;
};

/// A word that stands on one line: line and column from 1, columns and size in bytes.
struct TokenRange {
  int line = 0;
  int column = 0;
  int size = 0;
  bool operator==(const TokenRange&) const = default;
};

/// "# escape=`", at the top of the file.
struct Directive {
  std::string name;  ///< "syntax", "escape" or "check"
  std::string value;
  int line = 0;
  bool operator==(const Directive&) const = default;
};

/// "--from=build". A flag without a value has an empty one.
struct Flag {
  std::string name;  ///< without the dashes
  std::string value;
  bool operator==(const Flag&) const = default;
};

/// NAME=value of ARG, ENV and LABEL, quotes and variables as written.
struct Assignment {
  std::string name;
  std::optional<std::string> value;  ///< empty for "ARG NAME"
  bool operator==(const Assignment&) const = default;
};

struct Heredoc {
  std::string name;          ///< the word that ends it, without quotes
  std::string content;       ///< the lines, with their ends
  bool expands = true;       ///< false if a part of the word was quoted
  bool strips_tabs = false;  ///< "<<-"
  bool operator==(const Heredoc&) const = default;
};

struct Instruction {
  std::string keyword;   ///< in capitals
  LineRange lines;       ///< with continuation lines and heredocs
  std::string original;  ///< those lines as they are, without the last line end
  std::vector<Flag> flags;
  std::string arguments;  ///< continuation lines joined, without keyword and flags, trimmed
  /// True if the arguments are a JSON list of texts; `words` has them.
  bool exec_form = false;
  /// The words of FROM, COPY, ADD and VOLUME, and of every exec form; variables as written.
  std::vector<std::string> words;
  std::vector<Assignment> assignments;  ///< of ARG, ENV, LABEL
  std::vector<Heredoc> heredocs;        ///< of RUN, COPY, ADD, in the order of their marks
  /// Of ONBUILD: the instruction that it puts off, with the same lines. At most one.
  std::vector<Instruction> trigger;
  bool operator==(const Instruction&) const = default;
};

/// The value of the flag of that name, or null.
[[nodiscard]] const std::string* find_flag(const Instruction& instruction, std::string_view name);

/// From one FROM to the next.
struct Stage {
  std::string name;                      ///< in small letters; empty if it has none
  std::string base;                      ///< image or stage, as written: "node:${VERSION}-slim"
  std::optional<TokenRange> base_token;  ///< where that stands, unless lines break it
  std::string platform;                  ///< of --platform, as written
  Instruction from;
  std::vector<Instruction> instructions;  ///< without the FROM
  bool operator==(const Stage&) const = default;
};

struct Dockerfile {
  std::string file;  ///< its name for messages
  char escape = '\\';
  std::vector<Directive> directives;
  std::vector<Instruction> global_args;  ///< ARG before the first FROM
  std::vector<Stage> stages;             ///< at least one
  bool operator==(const Dockerfile&) const = default;
};

/// The text of the file at `path` of the host. Errors: not_found, io, unsupported (not a regular
/// file), limit_exceeded.
[[nodiscard]] core::Result<std::string> read_dockerfile(const std::string& path);

/// Parses as BuildKit's frontend does. An error has "FILE:LINE" as its path.
[[nodiscard]] core::Result<Dockerfile> parse_dockerfile(std::string_view text, std::string file);

/// What the build was told on its command line.
struct BuildRequest {
  std::string stage;                              ///< name or number; empty: the last stage
  std::map<std::string, std::string> build_args;  ///< --build-arg
  std::string platform;                           ///< "linux/arm64"; empty: linux/amd64
};

/// "NAME=VALUE" as --build-arg takes it, by name. Errors: usage.
[[nodiscard]] core::Result<std::map<std::string, std::string>> parse_build_args(
    const std::vector<std::string>& texts);

/// The stages whose instructions make the image.
struct RuntimeStage {
  /// Numbers of stages, the one that begins with an image first, the runtime stage last.
  std::vector<std::size_t> chain;
  std::string base_image;  ///< "node:20-slim", with variables replaced; "scratch" for none
  bool operator==(const RuntimeStage&) const = default;
};

/// Errors: usage for a stage that does not exist (the message lists those that do) and for a FROM
/// that needs a build argument; malformed for a FROM that names nothing.
[[nodiscard]] core::Result<RuntimeStage> resolve_runtime_stage(const Dockerfile& dockerfile,
                                                               const BuildRequest& request);

/// The name of a stage, or its number where it has none.
[[nodiscard]] std::string stage_label(const Dockerfile& dockerfile, std::size_t stage);

/// For each layer of the image, lowest first, the instruction that made it.
struct LayerMap {
  std::vector<std::optional<model::LayerOrigin>> origins;
  std::size_t expected = 0;  ///< RUN, COPY and ADD of the stages
  std::size_t matched = 0;   ///< those that made a layer
};

/// Compares the image's history with the instructions, both in order. Where they do not agree
/// nothing is claimed.
[[nodiscard]] LayerMap map_layers(const Dockerfile& dockerfile, const RuntimeStage& runtime,
                                  const BuildRequest& request, const model::SourceInfo& image);

}  // namespace muslcheck::dockerfile
