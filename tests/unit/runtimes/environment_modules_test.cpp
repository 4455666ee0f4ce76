#include <string>
#include <vector>

#include "muslcheck/runtimes/hosts.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using test::TreeBuilder;

namespace {

/// "HOST PATH: EVIDENCE" of each module that one entry of the environment names.
std::vector<std::string> named_by(const std::vector<std::string>& env,
                                  const filesystem::FileTree& tree) {
  std::vector<std::string> lines;
  for (const auto& [path, loading] :
       runtimes::find_environment_modules(env, tree, test::embedded_rules().hosts))
    lines.push_back(loading.host->id + " " + path + ": " + loading.evidence);
  return lines;
}

filesystem::FileTree tree_with_agents() {
  return TreeBuilder()
      .elf("opt/apm/agent.so")
      .elf("opt/apm/other.so")
      .elf("usr/lib/libjemalloc.so.2")
      .file("opt/apm/agent.jar")
      .link("opt/agent", "apm/agent.so")
      .build();
}

}  // namespace

TEST_CASE("variables of the environment name modules of their hosts") {
  const auto tree = tree_with_agents();
  const std::string preload = ": named by LD_PRELOAD of the image's Env";
  struct Case {
    std::string entry;
    std::vector<std::string> named;
  };
  const std::vector<Case> cases{
      {"LD_PRELOAD=/opt/apm/agent.so", {"preload opt/apm/agent.so" + preload}},
      {"LD_PRELOAD=/opt/apm/other.so:/opt/apm/agent.so /gone.so",
       {"preload opt/apm/agent.so" + preload, "preload opt/apm/other.so" + preload}},
      {"LD_PRELOAD=libjemalloc.so.2", {"preload usr/lib/libjemalloc.so.2" + preload}},
      {"LD_PRELOAD=/opt/agent", {"preload opt/apm/agent.so" + preload}},
      {"LD_PRELOAD=../../etc/passwd", {}},
      {"LD_PRELOAD=", {}},
      {"MY_LD_PRELOAD=/opt/apm/agent.so", {}},
      {"JAVA_TOOL_OPTIONS=-Xmx1g -agentpath:/opt/apm/agent.so=a=b,c=/opt/apm/gone.so",
       {"java opt/apm/agent.so: named by JAVA_TOOL_OPTIONS of the image's Env"}},
      {"JAVA_TOOL_OPTIONS=-javaagent:/opt/apm/agent.jar", {}},
      {"JAVA_TOOL_OPTIONS=-agentlib:libjemalloc.so.2", {}},
      {"CORECLR_PROFILER_PATH_64=/opt/apm/agent.so",
       {"dotnet opt/apm/agent.so: named by CORECLR_PROFILER_PATH_64 of the image's Env"}},
  };
  for (const Case& a : cases) {
    CAPTURE(a.entry);
    CHECK(named_by({a.entry}, tree) == a.named);
  }
}

TEST_CASE("a bare name in LD_PRELOAD is looked for in LD_LIBRARY_PATH first") {
  const auto tree = TreeBuilder().elf("opt/lib/libx.so").elf("usr/lib/libx.so").build();
  CHECK(
      named_by({"LD_PRELOAD=libx.so", "LD_LIBRARY_PATH=/none:/opt/lib"}, tree) ==
      std::vector<std::string>{"preload opt/lib/libx.so: named by LD_PRELOAD of the image's Env"});
}
