// From an image to the commands that it calls and that do not move with it.

#include "migrate/scripts.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

using namespace muslcheck;
using Words = std::vector<std::string>;

namespace {

/// A Debian with programs of packages, and what an application adds.
class Image {
 public:
  Image() {
    for (const char* name :
         {"bash", "dash", "curl", "grep", "env", "python3", "jq", "useradd", "apt-get", "make"})
      program(std::string("usr/bin/") + name, std::string(name) + "-package");
    add("usr/bin/sh", model::FileKind::symlink).link_target = "dash";
    add("bin", model::FileKind::symlink).link_target = "usr/bin";
    source_.config.env = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  }
  Image& program(const std::string& path, const std::string& package = {}) {
    add(path, model::FileKind::regular);
    layer_.elf_files[path];
    if (!package.empty()) own(path, package, true);
    return *this;
  }
  Image& own(const std::string& path, const std::string& package, bool distribution) {
    packages_.files[path] = packages_.packages.size();
    packages_.packages.push_back(
        {.ecosystem = "deb", .name = package, .distribution = distribution});
    return *this;
  }
  Image& script(const std::string& path, const std::string& text) {
    add(path, model::FileKind::regular);
    layer_.shebangs[path] = text.substr(2, text.find('\n') - 2);
    layer_.scripts[path] = text;
    return *this;
  }
  Image& file(const std::string& path) {
    add(path, model::FileKind::regular);
    return *this;
  }
  Image& entrypoint(Words words, Words cmd = {}) {
    source_.config.entrypoint = std::move(words);
    source_.config.cmd = std::move(cmd);
    return *this;
  }
  Image& health(Words words) {
    source_.config.healthcheck = std::move(words);
    return *this;
  }
  Image& runtime(model::Runtime runtime) {
    source_.runtimes.push_back(std::move(runtime));
    return *this;
  }
  Image& build(const std::string& text) {
    build_.push_back({.place = "Dockerfile:" + std::to_string(build_.size() + 1), .text = text});
    return *this;
  }
  Image& target(std::string image) {
    target_.image = std::move(image);
    return *this;
  }

  [[nodiscard]] migrate::CalledCommands called(
      const filesystem::FileTree* target_files = nullptr) const {
    const filesystem::FileTree tree({layer_});
    return migrate::find_called_commands({.source = source_,
                                          .tree = tree,
                                          .packages = packages_,
                                          .target_files = target_files,
                                          .build = &build_},
                                         target_, test::embedded_rules());
  }

 private:
  model::FileEntry& add(const std::string& path, model::FileKind kind) {
    model::FileEntry& entry = layer_.entries.emplace_back();
    entry.path = path;
    entry.kind = kind;
    entry.mode = 0755;
    return entry;
  }
  model::LayerFacts layer_;
  packages::PackageIndex packages_;
  model::SourceInfo source_;
  model::TargetInfo target_{.name = "alpine:3.22", .release = "3.22"};
  std::vector<model::BuildCommand> build_;
};

/// "start /app/x.sh:2 curl installable curl" of each use, "!" for a program that is started.
std::string uses(const migrate::CalledCommands& called) {
  std::vector<std::string> texts;
  for (const model::CommandUse& use : called.commands)
    texts.push_back(std::string(name_of(use.phase)) + (use.is_program ? "! " : " ") + use.place +
                    " " + use.name + " " + name_of(use.provision.source) +
                    (use.provision.apk.empty() ? "" : " " + use.provision.apk));
  return core::join(texts, "; ");
}

std::string scripts(const migrate::CalledCommands& called) {
  std::vector<std::string> texts;
  for (const model::Script& script : called.scripts)
    texts.push_back(std::string(name_of(script.phase)) + " " + script.path + " " +
                    script.interpreter + " " + script.provision.apk);
  return core::join(texts, "; ");
}

}  // namespace

TEST_CASE("the entry point's script is read, with its interpreter") {
  const auto called = Image()
                          .script("app/run.sh", "#!/bin/bash\ncurl x\ngrep y\n")
                          .entrypoint({"/app/run.sh"})
                          .called();
  CHECK(scripts(called) == "start app/run.sh bash bash");
  CHECK(uses(called) == "start /app/run.sh:2 curl installable curl; start /app/run.sh:3 grep base");
}

TEST_CASE("scripts that the script calls or reads in are followed") {
  const auto called =
      Image()
          .script("app/run.sh", "#!/bin/sh\n. /app/lib.sh\nsh -e /app/more.sh\nhook\n")
          .script("app/lib.sh", "#!/bin/sh\ncurl lib\n")
          .script("app/more.sh", "#!/bin/sh\n/app/run.sh\njq more\n")
          .script("usr/local/bin/hook", "#!/usr/bin/env python3\n")
          .entrypoint({"/app/run.sh"})
          .called();
  CHECK(scripts(called) == "start usr/local/bin/hook python3 python3");
  CHECK(uses(called) ==
        "start /app/run.sh:3 sh base; start /app/lib.sh:2 curl installable curl; "
        "start /app/more.sh:3 jq installable jq");
}

TEST_CASE("words of the configuration are commands, the first one the program") {
  CHECK(uses(Image().entrypoint({"bash", "-c", "curl x | jq ."}).called()) ==
        "start! Entrypoint bash installable bash; start Entrypoint curl installable curl; "
        "start Entrypoint jq installable jq");
  CHECK(uses(Image().entrypoint({}, {"python3", "app.py"}).called()) ==
        "start! Cmd python3 installable python3");
  CHECK(uses(Image()
                 .script("app/run.sh", "#!/bin/sh\nexec \"$@\"\n")
                 .entrypoint({"/app/run.sh"}, {"python3", "x"})
                 .called()) == "start Cmd python3 installable python3");
}

TEST_CASE("the health check") {
  CHECK(uses(Image().health({"CMD-SHELL", "curl -f x || exit 1"}).called()) ==
        "health Healthcheck curl installable curl");
  CHECK(uses(Image().health({"CMD", "curl", "-f"}).called()) ==
        "health Healthcheck curl installable curl");
  CHECK(uses(Image().health({"NONE"}).called()).empty());
  CHECK(uses(Image().called()).empty());
}

TEST_CASE("what moves with the image, or is not there today, needs nothing") {
  const auto called =
      Image()
          .program("usr/local/bin/wget2")
          .program("usr/local/bin/mongosh")
          .own("usr/local/bin/mongosh", "mongosh", false)
          .script("app/run.sh", "#!/bin/sh\nwget2 x\nmongosh\nkubectl y\nunheard-of\n")
          .entrypoint({"/app/run.sh"})
          .called();
  CHECK(uses(called).empty());
}

TEST_CASE("what belongs to the distribution and has no known name is absent") {
  const auto called = Image()
                          .program("usr/bin/unheard-of", "some-package")
                          .program("usr/bin/xsel-of-debian", "jq")
                          .script("app/run.sh", "#!/bin/sh\nunheard-of\nxsel-of-debian\n")
                          .entrypoint({"/app/run.sh"})
                          .called();
  CHECK(uses(called) ==
        "start /app/run.sh:2 unheard-of absent; start /app/run.sh:3 xsel-of-debian installable jq");
}

TEST_CASE("a runtime's own programs are the new base's business") {
  const auto called = Image()
                          .program("usr/local/bin/node")
                          .runtime({.id = "node",
                                    .home = "usr/local",
                                    .program = "usr/local/bin/node",
                                    .in_new_base = true,
                                    .brings = {"usr/local/bin/node"}})
                          .script("app/run.sh", "#!/usr/bin/env node\n")
                          .entrypoint({"/app/run.sh"}, {"node"})
                          .called();
  CHECK(uses(called).empty());
  CHECK(scripts(called).empty());
}

TEST_CASE("what the new base image has beside its runtime is there") {
  Image image;
  image.health({"CMD", "curl", "x"});
  CHECK(uses(image.target("nginx:1.27-alpine").called()).empty());
  CHECK_FALSE(uses(image.target("node:22-alpine").called()).empty());
}

TEST_CASE("what the target's own files have is there") {
  model::LayerFacts own;
  own.entries = {{.path = "usr/bin/curl"}, {.path = "bin/busybox"}};
  own.entries.push_back(
      {.path = "bin/grep", .kind = model::FileKind::symlink, .link_target = "/bin/busybox"});
  const filesystem::FileTree files({own});
  Image image;
  image.health({"CMD-SHELL", "curl x | grep -P y"});
  CHECK(uses(image.called(&files)) == "health Healthcheck grep base");
}

TEST_CASE("other scripts are noted, those of packages by their interpreter alone") {
  const auto called = Image()
                          .script("app/tools/x.sh", "#!/bin/bash\ncurl x\n")
                          .script("app/node_modules/a/y.sh", "#!/bin/bash\njq y\n")
                          .own("app/node_modules/a/y.sh", "a", false)
                          .script("etc/cron.daily/z", "#!/bin/bash\njq z\n")
                          .script("usr/share/doc/w.sh", "#!/bin/bash\njq w\n")
                          .called();
  CHECK(scripts(called) ==
        "unknown app/node_modules/a/y.sh bash bash; unknown app/tools/x.sh bash bash");
  CHECK(called.scripts[0].package.has_value());
  CHECK(uses(called) == "unknown /app/tools/x.sh:2 curl installable curl");
}

TEST_CASE("RUN instructions, without what they install") {
  const auto called = Image()
                          .build("apt-get update && apt-get install -y curl=7.* && curl x")
                          .build("useradd -m app; grep -P x y; make install; npm ci")
                          .called();
  CHECK(uses(called) ==
        "build Dockerfile:1 apt-get absent; build Dockerfile:1 apt-get absent; "
        "build Dockerfile:2 useradd installable shadow; build Dockerfile:2 grep base; "
        "build Dockerfile:2 make installable make");
  CHECK(called.installed.contains("curl"));
  CHECK_FALSE(called.installed.contains("make"));
}

TEST_CASE("a package that a RUN instruction takes away is not installed by it") {
  const auto called = Image().build("apt-get purge -y curl && apk del jq && apk add git").called();
  CHECK(called.installed == std::set<std::string, std::less<>>{"add", "apk", "git"});
}

TEST_CASE("an image that is made of musl calls nothing that is missing") {
  const auto called =
      Image().file("lib/libc.musl-x86_64.so.1").health({"CMD", "curl", "x"}).called();
  CHECK(uses(called).empty());
}

TEST_CASE("what is not in the image is not missed, whatever the image has") {
  const filesystem::FileTree tree(
      std::vector<model::LayerFacts>{{.entries = {{.path = "x.sh"}},
                                      .shebangs = {{"x.sh", "/bin/bash"}},
                                      .scripts = {{"x.sh", "#!/bin/bash\ncurl x\n"}}}});
  model::SourceInfo source;
  source.kind = "docker-archive";
  source.config.entrypoint = {"/x.sh"};
  const packages::PackageIndex packages;
  const auto called =
      migrate::find_called_commands({.source = source, .tree = tree, .packages = packages},
                                    {.name = "alpine:3.22"}, test::embedded_rules());
  CHECK(scripts(called).empty());
  CHECK(uses(called).empty());
}

TEST_CASE("a folder without a system has all that its scripts call today") {
  const filesystem::FileTree tree(
      std::vector<model::LayerFacts>{{.entries = {{.path = "x.sh"}},
                                      .shebangs = {{"x.sh", "/bin/bash"}},
                                      .scripts = {{"x.sh", "#!/bin/bash\ncurl x\n"}}}});
  const model::SourceInfo source;
  const packages::PackageIndex packages;
  const auto called =
      migrate::find_called_commands({.source = source, .tree = tree, .packages = packages},
                                    {.name = "alpine:3.22"}, test::embedded_rules());
  CHECK(scripts(called) == "unknown x.sh bash bash");
  CHECK(uses(called) == "unknown /x.sh:2 curl installable curl");
}
