#include "muslcheck/model/history.hpp"

#include <string>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"

using namespace muslcheck;

TEST_CASE("history entries of every builder are understood") {
  struct Row {
    const char* name;
    const char* created_by;
    model::HistoryStep step;
  };
  const Row rows[] = {
      {"RUN without BuildKit",
       "/bin/sh -c apt-get update &&     apt-get install -y curl",
       {"RUN", "apt-get update && apt-get install -y curl"}},
      {"RUN with arguments", "|2 A=1 B=two words /bin/sh -c make", {"RUN", "make"}},
      {"RUN with arguments and no shell", "|1 A=1 npm ci", {"RUN", "npm ci"}},
      {"an argument count that is none", "| A=1 npm ci", {"", "| A=1 npm ci"}},
      {"COPY by digest",
       "/bin/sh -c #(nop) COPY dir:0123456789abcdef in /app ",
       {"COPY", "dir:0123456789abcdef in /app", true}},
      {"COPY by digest with a flag",
       "/bin/sh -c #(nop) COPY --chown=node:node multi:01 in ./ ",
       {"COPY", "--chown=node:node multi:01 in ./", true}},
      {"metadata has two spaces", "/bin/sh -c #(nop)  CMD [\"node\"]", {"CMD", "[\"node\"]"}},
      {"another shell for everything",
       "/bin/bash -o pipefail -c #(nop) WORKDIR /app",
       {"WORKDIR", "/app"}},
      {"RUN of BuildKit", "RUN /bin/sh -c npm ci # buildkit", {"RUN", "npm ci"}},
      {"RUN of BuildKit with arguments",
       "RUN |1 V=2 /bin/bash -euxo pipefail -c make # buildkit",
       {"RUN", "make"}},
      {"RUN in exec form", "RUN npm ci # buildkit", {"RUN", "npm ci"}},
      {"RUN of the first BuildKit", "RUN /bin/sh -c make # buildkit:sha256:0123", {"RUN", "make"}},
      {"a comment that only looks like the mark",
       "RUN /bin/sh -c make # buildkit is fine",
       {"RUN", "make # buildkit is fine"}},
      {"a heredoc", "RUN /bin/sh -c set -e\nmake\n # buildkit", {"RUN", "set -e make"}},
      {"COPY of BuildKit", "COPY --chown=1:1 /a /b # buildkit", {"COPY", "--chown=1:1 /a /b"}},
      {"a file name like a digest is none", "COPY file:a /in # buildkit", {"COPY", "file:a /in"}},
      {"WORKDIR of BuildKit", "WORKDIR /app", {"WORKDIR", "/app"}},
      {"kaniko", "RUN npm ci", {"RUN", "npm ci"}},
      {"a shell that runs a script", "RUN sh build.sh # buildkit", {"RUN", "sh build.sh"}},
      {"another builder", "bazel build :image", {"", "bazel build :image"}},
      {"nothing", "", {"", ""}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const model::HistoryStep step = model::parse_created_by(row.created_by);
    CHECK(step.instruction == row.step.instruction);
    CHECK(step.arguments == row.step.arguments);
    CHECK(step.hashed == row.step.hashed);
  }
}

TEST_CASE("a history entry is shown without what its builder adds") {
  CHECK(model::describe_created_by("/bin/sh -c #(nop) ADD file:0123456789abcdef0123 in / ") ==
        "ADD file:0123456789ab in /");
  CHECK(model::describe_created_by("RUN /bin/sh -c npm ci # buildkit") == "RUN npm ci");
  CHECK(model::describe_created_by("bazel build :image") == "bazel build :image");
  CHECK(model::describe_created_by("").empty());
}

TEST_CASE("a history entry without end is cut off") {
  const std::string text = "RUN " + std::string(core::limits::kMaxHistoryText * 2, 'a');
  CHECK(model::parse_created_by(text).arguments.size() == core::limits::kMaxHistoryText - 4);
}
