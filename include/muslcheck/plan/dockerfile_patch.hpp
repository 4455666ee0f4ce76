#pragma once
/// A Dockerfile moved to Alpine: the new text, the patch that makes it, and what is left to a
/// person. What is not understood stays as it is written, under a comment that says so.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/dockerfile/dockerfile.hpp"
#include "muslcheck/rules/rules.hpp"

namespace muslcheck::plan {

struct PatchRequest {
  std::string release;           ///< of Alpine: "3.22"
  bool release_given = false;    ///< by the user: tags are to name it
  std::vector<std::string> apk;  ///< packages that the image needs beside those the file names
  std::string stage;             ///< that is the image; empty: the last one
  std::map<std::string, std::string> build_args;
};

/// Something that a person should look at.
struct PatchNote {
  int line = 0;  ///< of the Dockerfile as it was, from 1
  std::string text;
  bool operator==(const PatchNote&) const = default;
};

struct DockerfilePatch {
  std::string text;               ///< the new Dockerfile
  std::vector<std::string> diff;  ///< lines for patch(1); empty if nothing changes
  std::vector<PatchNote> notes;   ///< by line, each once
};

/// `text` is what `dockerfile` was parsed from.
[[nodiscard]] DockerfilePatch patch_dockerfile(std::string_view text,
                                               const dockerfile::Dockerfile& dockerfile,
                                               const rules::RuleSet& rules,
                                               const PatchRequest& request);

/// The same as a build in two stages. Without a known shape the diff is empty, and a note says why.
[[nodiscard]] DockerfilePatch split_dockerfile(std::string_view text,
                                               const dockerfile::Dockerfile& dockerfile,
                                               const rules::RuleSet& rules,
                                               const PatchRequest& request);

/// "line 4: text".
[[nodiscard]] std::string describe(const PatchNote& note);

}  // namespace muslcheck::plan
