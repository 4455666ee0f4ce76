#pragma once
/// What the history of an image says about how a layer was made.

#include <string>
#include <string_view>

namespace muslcheck::model {

/// One step of the history, without what its builder adds.
struct HistoryStep {
  std::string instruction;  ///< "RUN", "COPY", "WORKDIR"; empty if the text does not say it
  std::string arguments;    ///< "npm ci", "/app /app"; of COPY and ADD with their flags
  /// The sources of COPY and ADD are known by digest only: `arguments` is "file:5d1f... in /app".
  bool hashed = false;
  bool operator==(const HistoryStep&) const = default;
};

/// The step that `created_by` stands for. White space counts as one space; build arguments
/// ("|1 A=b") and the shell ("/bin/sh -c") are left out.
[[nodiscard]] HistoryStep parse_created_by(std::string_view created_by);

/// The command of a RUN without the shell that runs it: "make" for "/bin/sh -c make". The same
/// text if it does not begin with a shell. The text must be on one line.
[[nodiscard]] std::string_view without_shell(std::string_view command);

/// The step as people would write it: "RUN npm ci", "COPY file:5d1f6a7b8c9d in /app".
[[nodiscard]] std::string describe_created_by(std::string_view created_by);

}  // namespace muslcheck::model
