#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "unit/dockerfile/dockerfile_fixture.hpp"

using namespace muslcheck;
using dockerfile::Instruction;
using test::parsed;
using test::refusal;

namespace {

/// "KEYWORD(first-last) arguments" of all instructions of the first stage.
std::vector<std::string> summary(const dockerfile::Dockerfile& file) {
  std::vector<std::string> lines;
  for (const Instruction& instruction : file.stages.front().instructions)
    lines.push_back(instruction.keyword + "(" + std::to_string(instruction.lines.first) + "-" +
                    std::to_string(instruction.lines.last) + ") " + instruction.arguments);
  return lines;
}

}  // namespace

TEST_CASE("lines become instructions as BuildKit joins them") {
  struct Row {
    const char* name;
    const char* text;
    std::vector<std::string> instructions;
  };
  const Row rows[] = {
      {"one line", "FROM a\nRUN x", {"RUN(2-2) x"}},
      {"no line end at the end", "FROM a\nRUN x\n", {"RUN(2-2) x"}},
      {"small letters", "from a\nrun x\nCopY b c\n", {"RUN(2-2) x", "COPY(3-3) b c"}},
      {"indentation", "  FROM a\n\t RUN x\n", {"RUN(2-2) x"}},
      {"a continuation keeps its indentation", "FROM a\nRUN x \\\n  y\n", {"RUN(2-3) x   y"}},
      {"a continuation in a word", "FROM a\nRUN x\\\ny\n", {"RUN(2-3) xy"}},
      {"spaces behind the backslash", "FROM a\nRUN x \\ \t\n y\n", {"RUN(2-3) x  y"}},
      {"two backslashes do not continue",
       "FROM a\nRUN x \\\\\nRUN y\n",
       {"RUN(2-2) x \\\\", "RUN(3-3) y"}},
      {"a backslash alone", "FROM a\n\\\nRUN y\n", {"RUN(2-3) y"}},
      {"a comment in a continuation", "FROM a\nRUN x \\\n# why\n  # more\n y\n", {"RUN(2-5) x  y"}},
      {"blank lines in a continuation", "FROM a\nRUN x \\\n\n  \n y\n", {"RUN(2-5) x  y"}},
      {"a comment behind a command is none", "FROM a\nRUN x # y\n", {"RUN(2-2) x # y"}},
      {"a continuation at the end of the file", "FROM a\nRUN x \\", {"RUN(2-2) x"}},
      {"carriage returns", "FROM a\r\nRUN x \\\r\n y\r\n", {"RUN(2-3) x  y"}},
      {"a byte order mark",
       "\xef\xbb\xbf"
       "FROM a\nRUN x\n",
       {"RUN(2-2) x"}},
      {"the other escape character",
       "# escape=`\nFROM a\nRUN x \\\nRUN y `\n z\n",
       {"RUN(3-3) x \\", "RUN(4-5) y  z"}},
      {"a directive below a comment is a comment",
       "# hello\n# escape=`\nFROM a\nRUN x \\\n y\n",
       {"RUN(4-5) x  y"}},
      {"a directive below a blank line is a comment",
       "\n# escape=`\nFROM a\nRUN x \\\n y\n",
       {"RUN(4-5) x  y"}},
      {"no instructions", "FROM scratch\n", {}},
      {"all that does not copy or run",
       "FROM a\nEXPOSE 80 443\nUSER node\nVOLUME /data\nSTOPSIGNAL SIGINT\nMAINTAINER me\n"
       "HEALTHCHECK NONE\nHEALTHCHECK --interval=5s CMD curl -f x\nONBUILD RUN make\n",
       {"EXPOSE(2-2) 80 443", "USER(3-3) node", "VOLUME(4-4) /data", "STOPSIGNAL(5-5) SIGINT",
        "MAINTAINER(6-6) me", "HEALTHCHECK(7-7) NONE", "HEALTHCHECK(8-8) CMD curl -f x",
        "ONBUILD(9-9) RUN make"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(summary(parsed(row.text)) == row.instructions);
  }
}

TEST_CASE("directives are read at the top only") {
  const auto file = parsed(
      "# syntax=docker/dockerfile:1.7-labs\n#ESCAPE = \\\n# check=skip=all;error=true\n"
      "# other=x\n# syntax=late\nFROM a\n");
  const std::vector<dockerfile::Directive> directives{{"syntax", "docker/dockerfile:1.7-labs", 1},
                                                      {"escape", "\\", 2},
                                                      {"check", "skip=all;error=true", 3}};
  CHECK(file.directives == directives);
  CHECK(file.escape == '\\');
}

TEST_CASE("heredocs belong to their instruction and are not parsed") {
  const auto file = parsed(
      "FROM a\n"
      "RUN <<EOF\n"
      "FROM inside\n"
      "  # no comment \\\n"
      "EOF\n"
      "COPY <<one <<-'two' /etc/\n"
      "1\n"
      "one\n"
      "\t$x\n"
      "\ttwo\n"
      "RUN cat <<E1 > a && 3<<\"E 2\" cat\n"
      "E2\n"
      "E1\n"
      "E 2\n"
      "ONBUILD RUN <<EOF\r\n"
      "later\r\n"
      "EOF\r\n"
      "RUN cat <<<here && echo $((1<<2)) '<<no' \\<<no\n"
      "CMD [\"<<no\"]\n");
  const auto& all = file.stages.front().instructions;
  REQUIRE(all.size() == 6);
  CHECK(all[0].lines == dockerfile::LineRange{2, 5});
  CHECK(all[0].original == "RUN <<EOF\nFROM inside\n  # no comment \\\nEOF");
  REQUIRE(all[0].heredocs.size() == 1);
  CHECK(all[0].heredocs[0].content == "FROM inside\n  # no comment \\\n");
  CHECK(all[0].heredocs[0].expands);
  CHECK(all[1].lines == dockerfile::LineRange{6, 10});
  REQUIRE(all[1].heredocs.size() == 2);
  CHECK(all[1].heredocs[0].content == "1\n");
  CHECK(all[1].heredocs[1].name == "two");
  CHECK(all[1].heredocs[1].content == "\t$x\n");
  CHECK_FALSE(all[1].heredocs[1].expands);
  CHECK(all[1].heredocs[1].strips_tabs);
  REQUIRE(all[2].heredocs.size() == 2);
  CHECK(all[2].heredocs[0].content == "E2\n");
  CHECK(all[2].heredocs[1].name == "E 2");
  CHECK(all[3].lines == dockerfile::LineRange{15, 17});
  REQUIRE(all[3].trigger.size() == 1);
  CHECK(all[3].trigger[0].lines == all[3].lines);
  CHECK(all[3].trigger[0].heredocs[0].content == "later\r\n");
  CHECK(all[4].heredocs.empty());
  CHECK(all[5].lines == dockerfile::LineRange{19, 19});
}

TEST_CASE("flags are taken off the arguments") {
  const auto file = parsed(
      "FROM --platform=$BUILDPLATFORM a\n"
      "COPY --from=build --chown=node:node --link --chmod=\"0755\" --exclude=*.md --parents a ./b "
      "/c\n"
      "RUN --mount=type=cache,target=/root/.npm --network=none -- --version\n"
      "RUN npm ci --omit=dev\n");
  CHECK(file.stages[0].platform == "$BUILDPLATFORM");
  const auto& all = file.stages[0].instructions;
  const std::vector<dockerfile::Flag> flags{{"from", "build"},   {"chown", "node:node"},
                                            {"link", ""},        {"chmod", "0755"},
                                            {"exclude", "*.md"}, {"parents", ""}};
  CHECK(all[0].flags == flags);
  CHECK(all[0].words == std::vector<std::string>{"a", "./b", "/c"});
  CHECK(all[1].flags.size() == 2);
  CHECK(all[1].arguments == "--version");
  CHECK(all[2].flags.empty());
  CHECK(all[2].arguments == "npm ci --omit=dev");
}

TEST_CASE("lists are the exec form, what only looks like one is the shell form") {
  struct Row {
    const char* instruction;
    bool exec_form;
    std::vector<std::string> words;
  };
  const Row rows[] = {
      {"RUN [\"npm\", \"ci\"]", true, {"npm", "ci"}},
      {"RUN [ \"a b\", \"\\\"\\u0041\" ] ", true, {"a b", "\"A"}},
      {"RUN ['npm', 'ci']", false, {}},
      {"RUN [ -f x ] && y", false, {}},
      {"RUN [\"a\"] && y", false, {}},
      {"CMD []", true, {}},
      {"CMD", false, {}},
      {"ENTRYPOINT node x", false, {}},
      {"COPY [\"a b\", \"/c d\"]", true, {"a b", "/c d"}},
      {"COPY [a b] c", false, {"[a", "b]", "c"}},
      {"VOLUME [\"/a\"]", true, {"/a"}},
      {"SHELL [\"/bin/bash\", \"-c\"]", true, {"/bin/bash", "-c"}},
      {"HEALTHCHECK CMD [\"a\"]", true, {"a"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.instruction);
    const auto file = parsed(std::string("FROM a\n") + row.instruction + "\n");
    CHECK(file.stages[0].instructions[0].exec_form == row.exec_form);
    CHECK(file.stages[0].instructions[0].words == row.words);
  }
}

TEST_CASE("assignments keep their quotes, with and without equals sign") {
  using Assignments = std::vector<dockerfile::Assignment>;
  const auto file = parsed(
      "ARG A B=1 C=\n"
      "FROM a\n"
      "ENV A=1 B=\"two words\" C=three\\ words D='x'\n"
      "ENV PATH /a:/b  and more\n"
      "LABEL \"a b\"=c\n"
      "ENV A=1 \\\n  B=2\n");
  CHECK(file.global_args[0].assignments == Assignments{{"A", std::nullopt}, {"B", "1"}, {"C", ""}});
  const auto& all = file.stages[0].instructions;
  CHECK(all[0].assignments ==
        Assignments{{"A", "1"}, {"B", "\"two words\""}, {"C", "three\\ words"}, {"D", "'x'"}});
  CHECK(all[1].assignments == Assignments{{"PATH", "/a:/b  and more"}});
  CHECK(all[2].assignments == Assignments{{"\"a b\"", "c"}});
  CHECK(all[3].assignments == Assignments{{"A", "1"}, {"B", "2"}});
}

TEST_CASE("stages have names, bases and places") {
  const auto file = parsed(
      "ARG V=20\n"
      "FROM --platform=linux/amd64 node:${V}-slim AS Build\n"
      "RUN x\n"
      "# the image\n"
      "FROM \\\n"
      "  gcr.io/x@sha256:00\n"
      "FROM al\\\n"
      "pine\n");
  REQUIRE(file.stages.size() == 3);
  CHECK(file.stages[0].name == "build");
  CHECK(file.stages[0].base == "node:${V}-slim");
  CHECK(file.stages[0].base_token == dockerfile::TokenRange{2, 29, 14});
  CHECK(file.stages[1].name.empty());
  CHECK(file.stages[1].from.lines == dockerfile::LineRange{5, 6});
  CHECK(file.stages[1].base_token == dockerfile::TokenRange{6, 3, 18});
  CHECK(file.stages[2].base == "alpine");
  CHECK_FALSE(file.stages[2].base_token);
  CHECK(file.stages[1].from.original == "FROM \\\n  gcr.io/x@sha256:00");
}

TEST_CASE("what is no Dockerfile is refused with its line") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"", "Dockerfile: has no FROM"},
      {"# only\n\n", "Dockerfile: has no FROM"},
      {"ARG A=1\n", "Dockerfile: has no FROM"},
      {"RUN x\nFROM a\n", "Dockerfile:1: RUN stands before the first FROM; only ARG may"},
      {"FROM a\n\nRUNN x\n", "Dockerfile:3: there is no instruction 'RUNN'"},
      {"FROM a\nRUN <<EOF\nx\n EOF\n",
       "Dockerfile:2: the heredoc EOF does not end: there is no line with this word alone"},
      {"FROM a b\n", "Dockerfile:1: FROM needs an image, or an image, AS and a name"},
      {"FROM a IS b\n", "Dockerfile:1: FROM needs an image, or an image, AS and a name"},
      {"FROM a AS 1b\n",
       "Dockerfile:1: '1b' cannot name a stage: a name begins with a letter and has letters, "
       "digits, '-', '_' and '.'"},
      {"FROM\n", "Dockerfile:1: FROM needs an argument"},
      {"FROM a\nCOPY x\n", "Dockerfile:2: COPY needs a source and a destination"},
      {"FROM a\nCOPY x <<EOF\nEOF\n", "Dockerfile:2: a heredoc cannot be the destination of COPY"},
      {"FROM a\nENV A\n", "Dockerfile:2: ENV 'A' has no value"},
      {"FROM a\nENV A=1 B\n", "Dockerfile:2: ENV needs NAME=value, not 'B'"},
      {"FROM a\nARG =1\n", "Dockerfile:2: ARG needs NAME=value, not '=1'"},
      {"FROM a\nRUN [\"a\", 1]\n", "Dockerfile:2: the list of RUN may hold texts only"},
      {"FROM a\nCMD [[\"a\"]]\n", "Dockerfile:2: the list of CMD may hold texts only"},
      {"FROM a\nSHELL /bin/sh\n", "Dockerfile:2: SHELL needs a list such as [\"/bin/sh\", \"-c\"]"},
      {"FROM a\nHEALTHCHECK curl x\n",
       "Dockerfile:2: HEALTHCHECK needs NONE, or CMD and a command"},
      {"FROM a\nONBUILD ONBUILD RUN x\n", "Dockerfile:2: ONBUILD may not follow ONBUILD"},
      {"FROM a\nONBUILD FROM x\n", "Dockerfile:2: FROM may not follow ONBUILD"},
      {"FROM a\nONBUILD NO x\n", "Dockerfile:2: there is no instruction 'NO'"},
      {"FROM a\nCOPY --from=2 a b\nFROM c\n",
       "Dockerfile:2: --from=2: there are only the stages 0 to 1"},
      {"FROM a AS b\nCOPY --from=B a b\n",
       "Dockerfile:2: --from=B is the stage that this COPY stands in"},
      {"FROM a\nCOPY --from=$X a b\n",
       "Dockerfile:2: --from cannot use variables; give the image a stage of its own"},
      {"# escape=x\nFROM a\n", "Dockerfile:1: the escape character is 'x'; it can be \\ or ` only"},
      {"# syntax=a\n# syntax=b\nFROM a\n",
       "Dockerfile:2: the directive syntax may be given only once"},
      {"\x1b[31m x\n", "Dockerfile:1: there is no instruction '\\x1b[31m'"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(refusal(row.text) == row.message);
  }
}

TEST_CASE("what BuildKit builds is not refused") {
  for (const char* text : {
           "FROM a\nCOPY --from=later x y\nFROM b AS later\n",  // an order of one's own
           "FROM a\nCOPY --from=nginx:1.27 x y\n",              // an image
           "FROM a AS x\nFROM b AS x\n",                        // the same name again
           "FROM a\nRUN --new-flag=1 x\n",                      // a flag of a later BuildKit
           "FROM a\nRUN echo it's <<EOF\n",                     // an open quote: no heredoc
           "FROM a\nENV A=\n",
       }) {
    CAPTURE(text);
    CHECK(refusal(text) == "parsed");
  }
}

TEST_CASE("a Dockerfile beyond a limit is refused") {
  std::string lines = "FROM a\n";
  for (std::size_t i = 1; i < core::limits::kMaxDockerfileLines; ++i) lines += "#\n";
  CHECK(refusal(lines) == "parsed");
  CHECK(refusal(lines + "#\n") == "Dockerfile: has more than 10000 lines");
  std::string stages;
  for (std::size_t i = 0; i < core::limits::kMaxDockerfileStages; ++i) stages += "FROM a\n";
  CHECK(refusal(stages) == "parsed");
  CHECK(refusal(stages + "FROM a\n") == "Dockerfile: has more than 500 stages");
  const std::string large = "FROM a\nRUN " + std::string(core::limits::kMaxDockerfile, 'x');
  CHECK(refusal(large) == "Dockerfile: larger than 1048576 bytes");
}

TEST_CASE("a list that is nested deep is refused and not kept") {
  const std::string deep(100'000, '[');
  CHECK(refusal("FROM a\nCMD " + deep + "\n") == "parsed");  // no JSON: the shell form
  CHECK(refusal("FROM a\nCMD " + deep + std::string(100'000, ']') + "\n") ==
        "Dockerfile:2: the list of CMD may hold texts only");
}
