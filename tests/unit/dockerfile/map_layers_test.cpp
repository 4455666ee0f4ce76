#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "unit/dockerfile/dockerfile_fixture.hpp"

using namespace muslcheck;
using dockerfile::BuildRequest;
using test::parsed;

namespace {

struct Image {
  std::vector<std::string> history;  ///< of layers alone
  std::vector<std::string> env = {};
};

dockerfile::LayerMap map_of(std::string_view text, const Image& image,
                            const BuildRequest& request = {}) {
  const auto file = parsed(text);
  model::SourceInfo source;
  source.config.env = image.env;
  for (const std::string& created_by : image.history)
    source.layers.push_back({.created_by = created_by});
  return dockerfile::map_layers(file, dockerfile::resolve_runtime_stage(file, request).value(),
                                request, source);
}

/// The lines of the instructions that made the layers; 0 where nothing is known.
std::vector<int> lines_of(const dockerfile::LayerMap& map) {
  std::vector<int> lines;
  for (const auto& origin : map.origins) lines.push_back(origin ? origin->line : 0);
  return lines;
}

}  // namespace

TEST_CASE("layers are traced to instructions in Dockerfiles of every style") {
  struct Row {
    const char* name;
    const char* text;
    Image image;
    std::vector<int> lines;
    BuildRequest request = {};
  };
  const std::string debian = "/bin/sh -c #(nop) ADD file:0a1b2c3d4e5f in / ";
  const Row rows[] = {
      {"a node service of one stage",
       "FROM node:20-bookworm-slim\n"
       "WORKDIR /srv/shop\n"
       "COPY package*.json ./\n"
       "RUN npm ci --omit=dev\n"
       "COPY . .\n"
       "CMD [\"node\", \"server.js\"]\n",
       {{debian, "RUN /bin/sh -c groupadd node # buildkit", "WORKDIR /srv/shop",
         "COPY package*.json ./ # buildkit", "RUN /bin/sh -c npm ci --omit=dev # buildkit",
         "COPY . . # buildkit"}},
       {0, 0, 2, 3, 4, 5}},
      {"the same by the older builder",
       "FROM node:20-bookworm-slim\n"
       "WORKDIR /srv/shop\n"
       "COPY package*.json ./\n"
       "RUN npm ci --omit=dev\n"
       "COPY . .\n",
       {{debian, "/bin/sh -c #(nop) WORKDIR /srv/shop", "/bin/sh -c #(nop) COPY multi:77 in ./ ",
         "/bin/sh -c npm ci --omit=dev", "/bin/sh -c #(nop) COPY dir:78 in . "}},
       {0, 2, 3, 4, 5}},
      {"the older builder with the whole path",
       "FROM x\nWORKDIR /srv\nWORKDIR shop\nCOPY a b/\n",
       {{"/bin/sh -c #(nop) WORKDIR /srv/shop", "/bin/sh -c #(nop) COPY file:1 in /srv/shop/b/ "}},
       {3, 4}},
      {"kaniko",
       "FROM x\nCOPY --chown=1 a /b\nRUN npm ci\nRUN sh -c ls\n",
       {{"COPY --chown=1 a /b", "RUN npm ci", "RUN sh -c ls"}},
       {2, 3, 4}},
      {"python in two stages",
       "# syntax=docker/dockerfile:1\n"
       "FROM python:3.12 AS build\n"
       "COPY requirements.txt .\n"
       "RUN pip wheel -w /wheels -r requirements.txt\n"
       "FROM python:3.12-slim\n"
       "RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \\\n"
       "    # no network in here\n"
       "    pip install \\\n"
       "      --no-index /wheels/*.whl\n"
       "COPY --from=build --chown=app:app /src /src\n",
       {{debian, "RUN /bin/sh -c pip install       --no-index /wheels/*.whl # buildkit",
         "COPY --chown=app:app /src /src # buildkit"}},
       {0, 6, 10}},
      {"go from scratch",
       "FROM golang:1.22 AS build\nRUN go build -o /out/app .\n"
       "FROM scratch\nCOPY --from=0 /out/app /app\n",
       {{"COPY /out/app /app # buildkit"}},
       {4}},
      {"a stage on a stage on an image",
       "FROM debian AS base\nRUN apt-get update\nFROM base AS tools\nRUN apt-get install -y curl\n"
       "FROM tools\nCOPY x /x\n",
       {{debian, "RUN /bin/sh -c apt-get update # buildkit",
         "RUN /bin/sh -c apt-get install -y curl # buildkit", "COPY x /x # buildkit"}},
       {0, 2, 4, 6}},
      {"another shell",
       "FROM x\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl a | sh\n"
       "RUN [\"/bin/bash\", \"-c\", \"make\"]\nRUN [\"/app/setup\", \"now\"]\n",
       {{"RUN /bin/bash -o pipefail -c curl a | sh # buildkit", "RUN /bin/bash -c make # buildkit",
         "RUN /app/setup now # buildkit"}},
       {3, 4, 5}},
      {"exec form by the older builder", "FROM x\nRUN [\"npm\", \"ci\"]\n", {{"npm ci"}}, {2}},
      {"arguments in front of the command",
       "FROM x\nARG A=1\nARG B\nRUN make\nCOPY out-$A /app/$B\n",
       {{"RUN |2 A=1 B=two words /bin/sh -c make # buildkit", "COPY out-1 /app/x # buildkit"}},
       {4, 5}},
      {"an argument that the build was given",
       "FROM x\nARG A=1\nCOPY out-$A /app\n",
       {{"COPY out-7 /app # buildkit"}},
       {3}},
      {"an argument that we are given",
       "FROM x\nARG A\nCOPY out-$A /app\n",
       {{"COPY out-7 /app # buildkit", "COPY out-8 /app # buildkit"}},
       {3, 0},
       {.build_args = {{"A", "7"}}}},
      {"an argument from before the first FROM",
       "ARG NAME=shop\nFROM x\nARG NAME\nENV HOME=/srv/${NAME}\nWORKDIR $HOME\nCOPY . $HOME/src\n",
       {{"WORKDIR /srv/shop", "COPY . /srv/shop/src # buildkit"}},
       {5, 6}},
      {"a variable of the base image",
       "FROM x\nCOPY a $CATALINA_HOME/lib\n",
       {{"COPY a /opt/tomcat/lib # buildkit"}, {"CATALINA_HOME=/opt/tomcat"}},
       {2}},
      {"a variable of the base image that is changed later",
       "FROM x\nCOPY a $H/lib\nENV H=/new\n",
       {{"COPY a /old/lib # buildkit"}, {"H=/new"}},
       {2}},
      {"the platform",
       "FROM x\nARG TARGETARCH\nCOPY app-$TARGETARCH /app\n",
       {{"COPY app-arm64 /app # buildkit"}},
       {3},
       {.platform = "linux/arm64"}},
      {"the other escape character",
       "# escape=`\nFROM x\nCOPY a `\n  /b`$c\n",
       {{"COPY a /b$c # buildkit"}},
       {3}},
      {"heredocs",
       "FROM x\nRUN <<EOF\nset -e\n  make\nEOF\nRUN <<-X\n\t#!/usr/bin/env python3\n\tX\n"
       "RUN cat <<A > /x && cat <<B\n1\nA\n2\nB\nCOPY f <<'C' /etc/\nx\nC\n",
       {{"RUN /bin/sh -c set -e\n  make\n # buildkit",
         "RUN /bin/sh -c #!/usr/bin/env python3\n # buildkit",
         "RUN /bin/sh -c cat <<A > /x && cat <<B\n1\nA\n2\nB # buildkit",
         "COPY f <<C /etc/ # buildkit"}},
       {2, 6, 9, 14}},
      {"a script in a heredoc",
       "FROM x\nRUN <<EOF\n#!/usr/bin/env python3\nEOF\n",
       {{"RUN /bin/sh -c /dev/pipes/EOF # buildkit"}},
       {2}},
      {"lists with spaces",
       "FROM x\nCOPY [\"a b\", \"/c d/\"]\nADD [\"https://h/x.tgz\", \"/x\"]\n",
       {{"COPY a b /c d/ # buildkit", "ADD https://h/x.tgz /x # buildkit"}},
       {2, 3}},
      {"a variable that is set again",
       "FROM x\nENV A=1 B=$A\nENV A=2 B=$A\nCOPY $A$B /y\n",
       {{"COPY 21 /y # buildkit"}},
       {4}},
      {"ONBUILD of an earlier stage",
       "FROM x AS base\nONBUILD COPY . /src\nFROM base\nRUN make\nFROM scratch\n",
       {{"COPY . /src # buildkit", "RUN /bin/sh -c make # buildkit"}},
       {2, 4},
       {.stage = "1"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(lines_of(map_of(row.text, row.image, row.request)) == row.lines);
  }
}

TEST_CASE("nothing is claimed that the history does not say") {
  struct Row {
    const char* name;
    const char* text;
    Image image;
    std::vector<int> lines;
  };
  const Row rows[] = {
      {"another Dockerfile",
       "FROM x\nRUN make\nCOPY a /b\n",
       {{"RUN /bin/sh -c cmake . # buildkit", "COPY a /c # buildkit"}},
       {0, 0}},
      {"an instruction that was changed",
       "FROM x\nRUN a\nRUN b2\nRUN c\n",
       {{"RUN /bin/sh -c a # buildkit", "RUN /bin/sh -c b # buildkit",
         "RUN /bin/sh -c c # buildkit"}},
       {2, 0, 4}},
      {"an instruction that made no layer",
       "FROM x\nRUN a\nRUN true\nRUN c\n",
       {{"/bin/sh -c a", "/bin/sh -c c"}},
       {2, 4}},
      {"layers that were added later",
       "FROM x\nRUN a\n",
       {{"RUN /bin/sh -c a # buildkit", "RUN /bin/sh -c b # buildkit"}},
       {2, 0}},
      {"the same command twice: the later layer",
       "FROM x\nRUN apt-get update\n",
       {{"/bin/sh -c apt-get update", "RUN /bin/sh -c apt-get update # buildkit"}},
       {0, 2}},
      {"the same command in both",
       "FROM x\nRUN u\nCOPY a /a\nRUN u\n",
       {{"RUN u # buildkit", "RUN u # buildkit", "COPY a /a # buildkit", "RUN u # buildkit"}},
       {0, 2, 3, 4}},
      {"a folder of the base image",
       "FROM x\nWORKDIR /app\nCOPY . .\n",
       {{"WORKDIR /app", "RUN /bin/sh -c x # buildkit", "COPY . . # buildkit"}},
       {0, 0, 3}},
      {"a copy of which nothing is known",
       "FROM x\nARG A\nARG B\nCOPY $A $B\n",
       {{"COPY a /b # buildkit"}},
       {0}},
      {"ADD is not COPY", "FROM x\nADD a /b\n", {{"COPY a /b # buildkit"}}, {0}},
      {"instructions of other stages",
       "FROM x AS build\nRUN make\nFROM y\nCOPY a /a\n",
       {{"RUN /bin/sh -c make # buildkit", "COPY a /a # buildkit"}},
       {0, 4}},
      {"an argument of another stage",
       "FROM x AS a\nARG A=1\nFROM a\nCOPY b-$A /b\n",
       {{"COPY b-1 /b # buildkit"}},
       {0}},
      {"no history", "FROM x\nRUN a\n", {{"", ""}}, {0, 0}},
      {"no layers", "FROM x\nRUN a\n", {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(lines_of(map_of(row.text, row.image)) == row.lines);
  }
}

TEST_CASE("an origin names file, line, stage and where files come from") {
  const auto map = map_of(
      "FROM x AS Build\n"
      "FROM y AS other\n"
      "FROM z\n"
      "COPY --from=build --link \\\n"
      "  # the application\n"
      "  /out   /app\n"
      "COPY --from=1 /b /b\n"
      "COPY --from=nginx:1.27 /c /c\n"
      "RUN make\n",
      {{"COPY /out /app # buildkit", "COPY /b /b # buildkit", "COPY /c /c # buildkit",
        "RUN /bin/sh -c make # buildkit"}});
  REQUIRE(map.origins.size() == 4);
  CHECK(map.origins[0] == model::LayerOrigin{.file = "Dockerfile",
                                             .line = 4,
                                             .stage = "2",
                                             .text = "COPY --from=build --link /out /app",
                                             .from = "build"});
  CHECK(map.origins[1]->from == "other");
  CHECK(map.origins[2]->from == "nginx:1.27");
  CHECK(map.origins[3]->from.empty());
}

TEST_CASE("only what copies or runs is counted") {
  const auto map = map_of("FROM x\nWORKDIR /a\nRUN a\nCOPY b /b\nADD c /c\nENV A=1\n",
                          {{"WORKDIR /a", "ADD c /c # buildkit"}});
  CHECK(map.expected == 3);
  CHECK(map.matched == 1);
}

TEST_CASE("hostile Dockerfiles and histories are compared up to a limit") {
  const auto compare = [](std::size_t lines, std::size_t layers) {
    std::string text = "FROM x\nCOPY first /first\nARG A\nENV B=xxxxxxxxxxxxxxxx\n";
    for (int i = 0; i < 12; ++i) text += "ENV B=$B$B\n";
    for (std::size_t i = 0; i < lines; ++i) text += "COPY a$A-a$A-a$A-a$A-a$A$B /b\n";
    Image image{.history = {"COPY first /first # buildkit"}};
    for (std::size_t i = 1; i < layers; ++i)
      image.history.push_back("COPY " + std::string(3000, 'a') + " /b # buildkit");
    return map_of(text, image);
  };
  CHECK(lines_of(compare(1, 2)) == std::vector<int>{2, 0});
  // The work is used up before the comparison gets down to the first of them.
  CHECK_FALSE(compare(core::limits::kMaxDockerfileLines / 2, core::limits::kMaxLayers).origins[0]);
}

TEST_CASE("beyond the limit of all variables together a value counts as unknown") {
  std::string text = "FROM x\nARG A\n";
  const auto could_be_other = [&] {
    const auto map = map_of(text + "COPY b /c-$A\n", {{"COPY b /c-other # buildkit"}},
                            {.build_args = {{"A", std::string(10'000, 'a')}}});
    return map.origins.front().has_value();
  };
  CHECK_FALSE(could_be_other());
  for (std::size_t i = 0; i * 10'000 < core::limits::kMaxDockerfileText; ++i)
    text += "ENV B" + std::to_string(i) + "=$A\n";
  CHECK(could_be_other());
}
