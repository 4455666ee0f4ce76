#include "muslcheck/runtimes/language_runtimes.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using model::Runtime;
using test::TreeBuilder;

namespace {

struct Image {
  TreeBuilder tree;
  model::SourceInfo source;
  packages::PackageIndex packages;

  std::vector<Runtime> find(std::string_view release = {}) const {
    const filesystem::FileTree built = tree.build();
    return runtimes::find_language_runtimes({.image = source,
                                             .tree = built,
                                             .packages = packages,
                                             .known = test::embedded_rules().runtimes,
                                             .tags = test::embedded_rules().image_tags},
                                            release);
  }
};

/// "node 20.11.1 at usr/local: node:20.11-alpine 3.19, in the new base".
std::string describe(const Runtime& runtime) {
  return runtime.id + " " + runtime.version + " at " + runtime.home + ": " + runtime.image + " " +
         runtime.release + (runtime.in_new_base ? ", in the new base" : "") +
         (runtime.distribution ? ", of the distribution" : "");
}

std::vector<std::string> describe(const std::vector<Runtime>& runtimes) {
  std::vector<std::string> lines;
  for (const Runtime& runtime : runtimes) lines.push_back(describe(runtime));
  return lines;
}

}  // namespace

TEST_CASE("runtimes of official images are found by place and Env, with their Alpine tag") {
  struct Case {
    std::vector<std::string> env;
    std::vector<std::string> programs;
    std::string found;
  };
  const std::vector<Case> cases{
      {{"NODE_VERSION=20.11.1"},
       {"usr/local/bin/node"},
       "node 20.11.1 at usr/local: node:20.11-alpine 3.19, in the new base"},
      {{"PYTHON_VERSION=3.11.9"},
       {"usr/local/bin/python3.11"},
       "python 3.11.9 at usr/local: python:3.11-alpine 3.24, in the new base"},
      {{},
       {"usr/local/bin/python3.11"},
       "python 3.11 at usr/local: python:3.11-alpine 3.24, in the new base"},
      {{}, {"usr/local/bin/node"}, "node  at usr/local: node:alpine , in the new base"},
      {{"PHP_VERSION=8.3.2"},
       {"usr/local/bin/php", "usr/local/sbin/php-fpm"},
       "php 8.3.2 at usr/local: php:8.3-fpm-alpine 3.24, in the new base"},
      {{"JAVA_VERSION=jdk-17.0.9+9"},
       {"opt/java/openjdk/lib/server/libjvm.so"},
       "java 17.0.9 at opt/java/openjdk: eclipse-temurin:17-jre-alpine 3.24, in the new base"},
      {{"JAVA_VERSION=8u392-b08"},
       {"opt/java/openjdk/jre/lib/amd64/server/libjvm.so", "opt/java/openjdk/bin/javac"},
       "java 8 at opt/java/openjdk: eclipse-temurin:8-jdk-alpine 3.24, in the new base"},
      {{"DOTNET_VERSION=8.0.4"},
       {"usr/share/dotnet/dotnet"},
       "dotnet 8.0.4 at usr/share/dotnet: mcr.microsoft.com/dotnet/aspnet:8.0-alpine , in the new "
       "base"},
      {{"GOLANG_VERSION=1.26.1"},
       {"usr/local/go/bin/go"},
       "golang 1.26.1 at usr/local/go: golang:1.26-alpine 3.24, in the new base"},
      {{},
       {"root/.nvm/versions/node/v18.20.1/bin/node"},
       "node 18.20.1 at root/.nvm/versions/node/v18.20.1: node:18.20-alpine 3.21"},
      {{"NODE_VERSION=99.1.0"}, {"usr/local/bin/node"}, "node 99.1.0 at usr/local:  "},
  };
  for (const Case& a : cases) {
    Image image;
    image.source.config.env = a.env;
    for (const std::string& program : a.programs) image.tree.elf(program);
    CAPTURE(a.found);
    CHECK(describe(image.find()) == std::vector<std::string>{a.found});
  }
}

TEST_CASE("a file that is no program of a runtime is none") {
  Image image;
  image.tree.file("usr/local/bin/node").elf("usr/local/bin/nodeenv").elf("app/bin/node");
  CHECK(image.find().empty());
}

TEST_CASE("a tag with the release that the user asked for goes before others") {
  Image image;
  image.source.config.env = {"NODE_VERSION=20.11.1"};
  image.tree.elf("usr/local/bin/node");
  CHECK(image.find("3.19").at(0).image == "node:20.11-alpine");
  CHECK(image.find("3.23").at(0).image == "node:20-alpine");
  CHECK(image.find("3.15").at(0).image == "node:20.11-alpine");
}

TEST_CASE("of several runtimes the one that the container starts is the main one") {
  Image image;
  image.source.config.env = {"PYTHON_VERSION=3.11.9"};
  image.tree.elf("usr/local/bin/python3.11").elf("usr/local/bin/node");
  SECTION("by the program") {
    image.source.program = {{.what = "docker-entrypoint.sh", .path = "usr/local/bin/d.sh"},
                            {.what = "node", .path = "usr/local/bin/node"}};
    const auto runtimes = image.find();
    CHECK(runtimes.at(0).id == "node");
    CHECK(runtimes.at(0).in_new_base);
    CHECK_FALSE(runtimes.at(1).in_new_base);
  }
  SECTION("by the base image") {
    image.source.base = {.name = "docker.io/library/node:20-bookworm"};
    CHECK(image.find().at(0).id == "node");
  }
  SECTION("else by the order of the rules") { CHECK(image.find().at(0).id == "python"); }
}

TEST_CASE("a runtime of the distribution is replaced by that of the official image") {
  Image image;
  image.tree.elf("usr/bin/python3.11");
  image.packages.packages.push_back({.ecosystem = "deb",
                                     .name = "python3.11-minimal",
                                     .version = "3.11.2-6+deb12u4",
                                     .distribution = true});
  image.packages.files["usr/bin/python3.11"] = 0;
  SECTION("if the container starts it") {
    image.source.program = {{.what = "python3", .path = "usr/bin/python3.11", .how = "Cmd"}};
    const auto found = image.find();
    CHECK(describe(found) == std::vector<std::string>{
                                 "python 3.11.2 at usr: python:3.11-alpine 3.24, in the new base, "
                                 "of the distribution"});
    CHECK(found.at(0).is_main);
  }
  SECTION("but not if it may be there for a tool alone") {
    const auto found = image.find();
    CHECK(describe(found) ==
          std::vector<std::string>{
              "python 3.11.2 at usr: python:3.11-alpine 3.24, of the distribution"});
    CHECK_FALSE(found.at(0).is_main);
  }
}

TEST_CASE("packages of a runtime's makers are the runtime's") {
  Image image;
  image.source.config.env = {"NGINX_VERSION=1.30.1"};
  image.tree.elf("usr/sbin/nginx");
  image.packages.packages.push_back(
      {.ecosystem = "deb", .name = "nginx", .version = "1.30.1-1~bookworm"});
  image.packages.files["usr/sbin/nginx"] = 0;
  const auto runtimes = image.find();
  REQUIRE(runtimes.size() == 1);
  CHECK(runtimes[0].in_new_base);
  CHECK(runtimes::belongs_to(runtimes[0], "usr/lib/nginx/modules/x.so", "nginx-module-njs"));
  CHECK_FALSE(runtimes::belongs_to(runtimes[0], "opt/x.so", "nginx-module-otel"));
}

TEST_CASE("what the user added to a runtime's folders is no part of it") {
  Image image;
  image.source.config.env = {"PYTHON_VERSION=3.11.9", "PHP_VERSION=8.3.2"};
  image.tree.elf("usr/local/bin/python3.11").elf("usr/local/bin/php");
  const std::vector<std::pair<std::string, bool>> cases{
      {"usr/local/lib/libpython3.11.so.1.0", true},
      {"usr/local/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", true},
      {"usr/local/lib/python3.11/site-packages/numpy/core/x.so", false},
      {"usr/local/lib/php/extensions/no-debug-non-zts-20230831/opcache.so", true},
      {"usr/local/lib/php/extensions/no-debug-non-zts-20230831/redis.so", false},
      {"usr/local/bin/mytool", false},
  };
  const auto runtimes = image.find();
  for (const auto& [path, belongs] : cases) {
    CAPTURE(path);
    bool any = false;
    for (const Runtime& runtime : runtimes) any = any || runtimes::belongs_to(runtime, path, {});
    CHECK(any == belongs);
  }
}
