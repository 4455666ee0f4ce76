#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "support/temporary_folder.hpp"
#include "unit/dockerfile/dockerfile_fixture.hpp"

using namespace muslcheck;
using dockerfile::BuildRequest;
using test::parsed;

namespace {

/// "0 1 < image", or the error.
std::string chain_of(std::string_view text, const BuildRequest& request = {}) {
  const auto runtime = dockerfile::resolve_runtime_stage(parsed(text), request);
  if (!runtime) return core::describe(runtime.error());
  std::string line;
  for (const std::size_t stage : runtime->chain) line += std::to_string(stage) + " ";
  return line + "< " + runtime->base_image;
}

}  // namespace

TEST_CASE("the runtime stage is the last one, or the one that is named") {
  const char* text =
      "FROM golang:1.22 AS Build\nRUN x\nFROM debian AS base\nFROM base\nFROM base AS debug\n";
  CHECK(chain_of(text) == "1 3 < debian");
  CHECK(chain_of(text, {.stage = "build"}) == "0 < golang:1.22");
  CHECK(chain_of(text, {.stage = "BASE"}) == "1 < debian");
  CHECK(chain_of(text, {.stage = "2"}) == "1 2 < debian");
  CHECK(chain_of(text, {.stage = "other"}) ==
        "Dockerfile: there is no stage 'other'; it has build, base, 2, debug");
  CHECK(chain_of(text, {.stage = "4"}) ==
        "Dockerfile: there is no stage '4'; it has build, base, 2, debug");
}

TEST_CASE("FROM names earlier stages, in any case, and images") {
  CHECK(chain_of("FROM a AS x\nFROM X AS y\nFROM y\n") == "0 1 2 < a");
  CHECK(chain_of("FROM y\nFROM b AS y\n", {.stage = "0"}) == "0 < y");  // a later stage
  CHECK(chain_of("FROM node AS node\n") == "0 < node");                 // itself
  CHECK(chain_of("FROM a AS x\nFROM b AS x\nFROM x\n") == "1 2 < b");   // the nearest
  CHECK(chain_of("FROM a\nFROM 0\n") == "1 < 0");                       // no numbers
  CHECK(chain_of("FROM scratch\n") == "0 < scratch");
}

TEST_CASE("FROM sees the arguments before it and the platform") {
  struct Row {
    const char* name;
    const char* text;
    BuildRequest request;
    const char* chain;
  };
  const Row rows[] = {
      {"a default", "ARG V=20\nFROM node:$V\n", {}, "0 < node:20"},
      {"told", "ARG V=20\nFROM node:$V\n", {.build_args = {{"V", "22"}}}, "0 < node:22"},
      {"told without default",
       "ARG V\nFROM node:$V\n",
       {.build_args = {{"V", "22"}}},
       "0 < node:22"},
      {"a default of another",
       "ARG V=20\nARG T=${V}-slim\nFROM node:${T}\n",
       {},
       "0 < node:20-slim"},
      {"quotes", "ARG I=\"node:20\"\nFROM $I\n", {}, "0 < node:20"},
      {"an alternative", "ARG V\nFROM node:${V:-20}\n", {}, "0 < node:20"},
      {"an addition", "ARG S=slim\nFROM node${S:+-$S}\n", {}, "0 < node-slim"},
      {"a part of a version", "ARG V=20.1.2\nFROM node:${V%%.*}\n", {}, "0 < node:20"},
      {"a stage by variable", "ARG K=b\nFROM x AS a\nFROM y AS b\nFROM $K\n", {}, "1 2 < y"},
      {"the platform",
       "FROM x AS for-arm64\nFROM y AS for-amd64\nFROM for-${TARGETARCH}\n",
       {.platform = "linux/arm64"},
       "0 2 < x"},
      {"the platform when nothing says it",
       "FROM x-$TARGETOS-$TARGETARCH$TARGETVARIANT\n",
       {},
       "0 < x-linux-amd64"},
      {"missing",
       "ARG V\nFROM node:$V\n",
       {},
       "Dockerfile:2: FROM uses $V, which has no value; give it with --build-arg V=VALUE"},
      {"missing in a stage that is used",
       "ARG V\nFROM node:$V AS a\nFROM a\n",
       {},
       "Dockerfile:2: FROM uses $V, which has no value; give it with --build-arg V=VALUE"},
      {"missing in a stage that is not used", "ARG V\nFROM node:$V AS a\nFROM b\n", {}, "1 < b"},
      {"not declared",
       "FROM node:$V\n",
       {},
       "Dockerfile:1: FROM node:$V names no image; no ARG before the first FROM sets $V"},
      {"not declared and not needed", "FROM node$V\n", {}, "0 < node"},
      {"an ARG of a stage",
       "FROM a\nARG V=1\nFROM b:$V\n",
       {},
       "Dockerfile:3: FROM b:$V names no image; no ARG before the first FROM sets $V"},
      {"nothing at all", "ARG V=\nFROM $V\n", {}, "Dockerfile:2: FROM $V names no image"},
      {"bad braces", "FROM ${V\n", {}, "Dockerfile:1: FROM ${V: a ${ does not end"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(chain_of(row.text, row.request) == row.chain);
  }
}

TEST_CASE("a Dockerfile is read from a regular file of bounded size") {
  const test::TemporaryFolder folder;
  CHECK(dockerfile::read_dockerfile(folder.write("good", "FROM a\n")).value() == "FROM a\n");
  const std::string large(core::limits::kMaxDockerfile + 1, '#');
  CHECK(dockerfile::read_dockerfile(folder.write("large", large)).error().reason ==
        "file-too-large");
  CHECK(dockerfile::read_dockerfile(folder / "absent").error().code == core::ErrorCode::not_found);
  CHECK(dockerfile::read_dockerfile(folder.path()).error().reason == "not-a-regular-file");
  CHECK(dockerfile::read_dockerfile("/dev/zero").error().reason == "not-a-regular-file");
}
