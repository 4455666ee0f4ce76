// From the configuration to the programs that run, one row per way of writing it.

#include "muslcheck/runtimes/entrypoint.hpp"

#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using Texts = std::vector<std::string>;

namespace {

/// A small root file system: ELF programs, scripts, links.
class Root {
 public:
  Root& program(const std::string& path, std::uint32_t mode = 0755) {
    add(path, model::FileKind::regular).mode = mode;
    layer_.elf_files[path];
    return *this;
  }
  Root& script(const std::string& path, const std::string& first_line) {
    add(path, model::FileKind::regular).mode = 0755;
    layer_.shebangs[path] = first_line;
    return *this;
  }
  Root& link(const std::string& path, const std::string& target) {
    add(path, model::FileKind::symlink).link_target = target;
    return *this;
  }
  [[nodiscard]] filesystem::FileTree build() const { return filesystem::FileTree({layer_}); }

 private:
  model::FileEntry& add(const std::string& path, model::FileKind kind) {
    model::FileEntry& entry = layer_.entries.emplace_back();
    entry.path = path;
    entry.kind = kind;
    return entry;
  }
  model::LayerFacts layer_;
};

Root debian() {
  return Root()
      .program("usr/bin/dash")
      .link("bin", "usr/bin")
      .link("usr/bin/sh", "dash")
      .program("usr/bin/bash")
      .program("usr/bin/env")
      .program("usr/bin/tini")
      .program("usr/local/bin/node")
      .link("usr/local/bin/nodejs", "/usr/local/bin/node")
      .script("usr/local/bin/docker-entrypoint.sh", "/bin/sh")
      .script("usr/local/bin/npm", "/usr/bin/env node")
      .script("app/split", "/usr/bin/env -S node --max-old-space-size=64")
      .script("app/unsplit", "/usr/bin/env node --inspect")
      .script("app/gone", "/opt/none/perl -w")
      .program("app/server")
      .program("opt/node")
      .program("app/bin/tool", 0644);
}

model::ImageConfig config(Texts entrypoint, Texts cmd, Texts env = {}) {
  model::ImageConfig made;
  made.entrypoint = std::move(entrypoint);
  made.cmd = std::move(cmd);
  made.env = std::move(env);
  made.working_directory = "/app";
  return made;
}

/// The real paths in order, "?" for one that is not there.
std::string paths(const runtimes::StartProgram& program) {
  Texts found;
  for (const model::StartStep& step : program.steps)
    found.push_back(step.path.empty() ? "?" : step.path);
  return core::join(found, " ");
}

const std::string kEntrypoint = "usr/local/bin/docker-entrypoint.sh usr/bin/dash ";

}  // namespace

TEST_CASE("the programs that a container starts") {
  struct Case {
    std::string what;
    model::ImageConfig config;
    std::string expected;
  };
  const std::string node = "usr/local/bin/node";
  const std::vector<Case> cases{
      {"nothing", config({}, {}), ""},
      {"an empty word", config({""}, {}), ""},
      {"Cmd alone", config({}, {"node", "server.js"}), node},
      {"Entrypoint before Cmd", config({"/app/server"}, {"node"}), "app/server"},
      {"a name is looked up in PATH", config({"nodejs"}, {}), node},
      {"in the image's own PATH", config({"server"}, {}, {"PATH=/bin:/app"}), "app/server"},
      {"the first folder of PATH wins", config({"node"}, {}, {"PATH=/none:/opt:/usr/local/bin"}),
       "opt/node"},
      {"the last PATH wins", config({"server"}, {}, {"PATH=/app", "PATH=/bin"}), "?"},
      {"not every file is a program", config({"tool"}, {}, {"PATH=/app/bin"}), "?"},
      {"a path starts at the working directory", config({"./server"}, {}), "app/server"},
      {"links are followed inside the root", config({"/bin/sh"}, {}), "usr/bin/dash"},
      {"a script and its interpreter", config({"npm", "start"}, {}),
       "usr/local/bin/npm usr/bin/env " + node},
      {"env -S takes the line apart", config({"./split"}, {}), "app/split usr/bin/env " + node},
      {"env without -S takes it whole", config({"./unsplit"}, {}), "app/unsplit usr/bin/env ?"},
      {"an interpreter that is not there", config({"./gone"}, {}), "app/gone ?"},
      {"docker-entrypoint.sh runs Cmd", config({"docker-entrypoint.sh"}, {"node", "x.js"}),
       kEntrypoint + node},
      {"an option is no program", config({"docker-entrypoint.sh"}, {"--verbose"}),
       "usr/local/bin/docker-entrypoint.sh usr/bin/dash"},
      {"an argument that is no program", config({"docker-entrypoint.sh"}, {"production"}),
       "usr/local/bin/docker-entrypoint.sh usr/bin/dash"},
      {"shell form", config({}, {"/bin/sh", "-c", "node server.js"}), "usr/bin/dash " + node},
      {"exec in shell form", config({}, {"/bin/sh", "-c", "exec node \"a b\""}),
       "usr/bin/dash " + node},
      {"variables before the command", config({}, {"/bin/sh", "-c", "A=1 B=$C node x > l 2>&1"}),
       "usr/bin/dash " + node},
      {"several commands", config({}, {"/bin/sh", "-c", "cd bin/.. && npm ci; exec ./server $X"}),
       "usr/bin/dash usr/local/bin/npm usr/bin/env usr/local/bin/node app/server"},
      {"cd goes elsewhere", config({}, {"/bin/sh", "-c", "cd / && app/server"}),
       "usr/bin/dash app/server"},
      {"a variable as the command", config({}, {"/bin/sh", "-c", "$NODE server.js; node"}),
       "usr/bin/dash"},
      {"other grammar", config({}, {"/bin/sh", "-c", "if true; then node; fi"}), "usr/bin/dash"},
      {"the shell with options", config({"/bin/bash", "-eo", "pipefail", "-c", "node x"}, {}),
       "usr/bin/bash " + node},
      {"a missing command among others", config({}, {"/bin/sh", "-c", "none && node"}),
       "usr/bin/dash " + node},
      {"a missing command alone", config({}, {"/bin/sh", "-c", "none"}), "usr/bin/dash ?"},
      {"an init program", config({"tini", "-g", "--"}, {"node", "x"}), "usr/bin/tini " + node},
      {"env with variables", config({"env", "-u", "A", "B=1", "node"}, {}), "usr/bin/env " + node},
  };
  const filesystem::FileTree tree = debian().build();
  for (const Case& one : cases) {
    INFO(one.what);
    CHECK(paths(runtimes::find_start_program(one.config, tree)) == one.expected);
  }
}

TEST_CASE("each step says what led to it") {
  const filesystem::FileTree tree = debian().build();
  const auto program =
      runtimes::find_start_program(config({"docker-entrypoint.sh"}, {"node", "x.js"}), tree);
  CHECK(program.steps ==
        std::vector<model::StartStep>{
            {"docker-entrypoint.sh", "usr/local/bin/docker-entrypoint.sh",
             "Entrypoint, found in PATH"},
            {"/bin/sh", "usr/bin/dash", "interpreter of /usr/local/bin/docker-entrypoint.sh"},
            {"node", "usr/local/bin/node",
             "argument of /usr/local/bin/docker-entrypoint.sh, found in PATH"}});
  CHECK(!program.problem);
}

TEST_CASE("a program that is not in the image is a problem, unless it is only presumed") {
  const filesystem::FileTree tree = debian().build();
  const auto code = [&](const model::ImageConfig& image) {
    const auto program = runtimes::find_start_program(image, tree);
    return program.problem ? program.problem->path + ": " + program.problem->code : "";
  };
  CHECK(code(config({"none"}, {})) == "none: entrypoint-not-found");
  CHECK(code(config({"./gone"}, {})) == "/opt/none/perl: entrypoint-not-found");
  CHECK(code(config({}, {"/bin/sh", "-c", "none x"})) == "none: entrypoint-not-found");
  CHECK(code(config({}, {"/bin/sh", "-lc", "none x"})).empty());
  CHECK(code(config({}, {"/bin/sh", "-c", "none || true"})).empty());
  CHECK(code(config({"docker-entrypoint.sh"}, {"none"})).empty());
  CHECK(code(config({"tini", "--", "none"}, {})).empty());
  CHECK(code(config({}, {})).empty());
}

TEST_CASE("interpreters end where the kernel ends them") {
  const auto chain = [](int scripts) {
    Root root;
    for (int i = 0; i < scripts; ++i)
      root.script("s" + std::to_string(i), "/s" + std::to_string(i + 1));
    root.program("s" + std::to_string(scripts));
    return runtimes::find_start_program(config({"/s0"}, {}), root.build());
  };
  const int limit = core::limits::kMaxInterpreters;
  CHECK(!chain(limit).problem);
  REQUIRE(chain(limit + 1).problem);
  CHECK(chain(limit + 1).problem->code == "entrypoint-too-deep");
  CHECK(chain(limit + 1).steps.size() == static_cast<std::size_t>(limit) + 1);

  Root own;
  own.script("loop", "/loop");
  CHECK(runtimes::find_start_program(config({"/loop"}, {}), own.build()).problem);
}

TEST_CASE("what a configuration may cost is limited") {
  const filesystem::FileTree tree = debian().build();
  SECTION("folders of PATH") {
    const auto with_folders = [&](std::size_t count) {
      std::string path = "PATH=";
      for (std::size_t i = 0; i < count; ++i) path += "/x:";
      return paths(runtimes::find_start_program(config({"server"}, {}, {path + "/app"}), tree));
    };
    CHECK(with_folders(core::limits::kMaxSearchFolders - 1) == "app/server");
    CHECK(with_folders(core::limits::kMaxSearchFolders) == "?");
  }
  SECTION("programs that start one another") {
    const auto program = runtimes::find_start_program(config(Texts(100, "env"), {}), tree);
    CHECK(program.steps.size() == core::limits::kMaxStartSteps);
  }
  SECTION("texts that repeat themselves") {
    Texts words{"env"};
    for (int i = 0; i < 100; ++i) words.emplace_back("-S -S");
    CHECK(runtimes::find_start_program(config(words, {}), tree).steps.size() <=
          core::limits::kMaxStartSteps);
  }
  SECTION("a long name is no path and is not repeated") {
    const std::string name(1 << 20, '/');
    const auto program = runtimes::find_start_program(config({name}, {}), tree);
    REQUIRE(program.problem);
    CHECK(program.problem->path.size() < 300);
    CHECK(program.problem->message.size() < 300);
  }
  SECTION("shell text of nothing but operators") {
    for (const char* text : {"(((", ")", "`", "&&", "> > >", "'", "<<", "#x", "\n;\n"})
      CHECK(paths(runtimes::find_start_program(config({"/bin/sh", "-c", text}, {}), tree)) ==
            "usr/bin/dash");
  }
}
