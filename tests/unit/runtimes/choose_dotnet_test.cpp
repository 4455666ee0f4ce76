// The order of RIDs is that of dotnet/runtime (deps_format.cpp, s_host_rids; for .NET before 8
// runtime.json). That .NET on Alpine opens files for linux-x64 where there are none for musl shows
// in dotnet/runtime#104710, grpc/grpc#29134 and dotnet-smartcomponents/smartcomponents#26.

#include <string>
#include <vector>

#include "muslcheck/model/nuget_package.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/runtimes/choice.hpp"
#include "muslcheck/runtimes/dotnet.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using model::Availability;
using runtimes::Choice;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::vector<model::NugetPackage> kKnown{
    {.name = "known", .musl = "yes", .basis = "b"},
    {.name = "own",
     .musl = "yes",
     .basis = "b",
     .files = {"*librd.so"},
     .own_file = "alpine-librd.so"},
};

model::ElfFacts glibc_program() {
  model::ElfFacts facts;
  facts.interpreter = "/lib64/ld-linux-x86-64.so.2";
  return facts;
}

std::string config(int major, bool self_contained = false) {
  return std::string(R"({"runtimeOptions":{")") +
         (self_contained ? "includedFrameworks" : "frameworks") +
         R"(":[{"name":"Microsoft.NETCore.App","version":")" + std::to_string(major) + ".0.1\"}]}}";
}

std::string path_for(const std::string& rid, const std::string& file = "libx.so") {
  return "app/runtimes/" + rid + "/native/" + file;
}

struct Place {
  Texts rids;  ///< that the package has libx.so for
  int major = 8;
  std::string package = "P";
  std::string arch = "x86_64";
  Texts missing = {};  ///< of the RIDs: listed in deps.json, not in the image
  Texts files = {"libx.so"};
};

/// What becomes of one file of a portable application.
Choice choose(const Place& place, const std::string& rid, const std::string& file = "libx.so") {
  std::string targets;
  TreeBuilder builder;
  for (const std::string& each : place.rids)
    for (const std::string& name : place.files) {
      targets += (targets.empty() ? "\"" : ",\"") + path_for(each, name).substr(4) +
                 R"(":{"assetType":"native","rid":")" + each + "\"}";
      bool is_there = true;
      for (const std::string& missing : place.missing) is_there = is_there && missing != each;
      if (is_there) builder.elf(path_for(each, name));
    }
  builder.metadata("app/s.deps.json", R"({"runtimeTarget":"t","targets":{"t":{")" + place.package +
                                          R"(/1":{"runtimeTargets":{)" + targets +
                                          R"(}}}},"libraries":{")" + place.package +
                                          R"(/1":{"type":"package"}}})");
  builder.metadata("app/s.runtimeconfig.json", config(place.major));
  const auto tree = builder.build();
  const auto index = packages::identify_packages(tree);
  model::Module module;
  module.path = path_for(rid, file);
  module.package = index.owner(module.path);
  REQUIRE(module.package);
  CHECK(runtimes::is_dotnet_asset(index, *module.package, module.path));
  return runtimes::find_choice({.module = module,
                                .facts = {},
                                .tree = tree,
                                .packages = index,
                                .arch = place.arch,
                                .nuget_packages = &kKnown});
}

bool is_taken(const Choice& choice) {
  return choice.instead.empty() && !choice.unused && !choice.missing;
}

/// The choice for a file of a self-contained application.
Choice choose_self_contained(const std::string& path, const Texts& command,
                             bool has_program = true) {
  const std::string pack = "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8";
  TreeBuilder builder;
  if (has_program) builder.elf("app/s", glibc_program());
  builder.elf("app/libhostpolicy.so", glibc_program()).elf("app/libcoreclr.so").elf("app/liba.so");
  builder.metadata("app/s.runtimeconfig.json", config(8, true));
  builder.metadata(
      "app/s.deps.json",
      R"({"runtimeTarget":"t/linux-x64","targets":{"t/linux-x64":{"s/1":{},")" + pack +
          R"(":{"native":{"libcoreclr.so":{},"libhostpolicy.so":{}}},"A/1":{"native":{"liba.so":{}}}}},
                   "libraries":{"s/1":{"type":"project"},"A/1":{"type":"package"},")" +
          pack + R"(":{"type":"runtimepack"}}})");
  const auto tree = builder.build();
  const auto index = packages::identify_packages(tree);
  model::SourceInfo source;
  source.config.entrypoint = command;
  if (!command.empty() && command.front() == "./s")
    source.program.push_back({.what = "./s", .path = "app/s", .how = "Entrypoint"});
  model::Module module;
  module.path = path;
  module.package = index.owner(path);
  REQUIRE(module.package);
  return runtimes::find_choice({.module = module,
                                .facts = {},
                                .tree = tree,
                                .packages = index,
                                .arch = "x86_64",
                                .nuget_packages = &kKnown,
                                .source = &source});
}

}  // namespace

TEST_CASE(".NET on musl takes the first RID of its list that a package has files for") {
  const Texts order{"linux-musl-x64", "linux-musl", "linux-x64", "linux",
                    "unix-x64",       "unix",       "any"};
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t other = i + 1; other < order.size(); ++other) {
      INFO(order[i] << " and " << order[other]);
      const Place place{.rids = {order[i], order[other]}};
      CHECK(is_taken(choose(place, order[i])));
      CHECK(choose(place, order[other]).instead == path_for(order[i]));
    }
}

TEST_CASE("files for glibc are taken where a package has none for musl") {
  CHECK(is_taken(choose({.rids = {"linux-x64", "linux-arm64", "win-x64"}}, "linux-x64")));
  CHECK(is_taken(choose({.rids = {"linux-arm64"}, .arch = "aarch64"}, "linux-arm64")));
  CHECK(is_taken(choose({.rids = {"linux-arm"}, .arch = "armhf"}, "linux-arm")));
  CHECK(is_taken(choose({.rids = {"linux-s390x"}, .arch = "s390x"}, "linux-s390x")));
}

TEST_CASE("files for RIDs of distributions are taken by .NET before 8 alone") {
  const Place old{.rids = {"debian-x64"}, .major = 6, .package = "Known"};
  const Choice choice = choose(old, "debian-x64");
  REQUIRE(choice.missing);
  CHECK(choice.missing->availability == Availability::published);
  CHECK(choice.missing->text.empty());
  CHECK(choose({.rids = {"debian-x64"}, .major = 6}, "debian-x64").missing->availability ==
        Availability::unknown);
  CHECK(choose({.rids = {"debian-x64"}, .major = 8}, "debian-x64").unused);
  CHECK(choose({.rids = {"osx-x64"}, .major = 6}, "osx-x64").unused);
  CHECK(choose({.rids = {"debian-arm64"}, .major = 6}, "debian-arm64").unused);
  const Place alpine{.rids = {"alpine-x64", "alpine.3.9-x64", "alpine.3.10-x64", "linux-musl-x64"},
                     .major = 6};
  CHECK(is_taken(choose(alpine, "alpine.3.10-x64")));
  CHECK(choose(alpine, "linux-musl-x64").instead == path_for("alpine.3.10-x64"));
  CHECK(choose({.rids = alpine.rids, .major = 8}, "alpine-x64").instead ==
        path_for("linux-musl-x64"));
}

TEST_CASE("a file for musl that deps.json lists and that is not there is missed") {
  const Choice choice =
      choose({.rids = {"linux-x64", "linux-musl-x64"}, .missing = {"linux-musl-x64"}}, "linux-x64");
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "runtimes/linux-musl-x64/native/libx.so");
  CHECK(choice.missing->availability == Availability::published);
}

TEST_CASE("a package's own code may look for another file of the same folder") {
  const Place place{.rids = {"linux-x64"},
                    .package = "Own",
                    .files = {"librd.so", "centos-librd.so", "alpine-librd.so"}};
  CHECK(choose(place, "linux-x64", "librd.so").instead == path_for("linux-x64", "alpine-librd.so"));
  CHECK(choose(place, "linux-x64", "centos-librd.so").instead ==
        path_for("linux-x64", "alpine-librd.so"));
  CHECK(is_taken(choose(place, "linux-x64", "alpine-librd.so")));
  CHECK(is_taken(choose({.rids = {"linux-x64"}, .package = "Own", .files = {"librd.so"}},
                        "linux-x64", "librd.so")));
}

TEST_CASE("the program of an application is not what dotnet NAME.dll starts") {
  CHECK(choose_self_contained("app/s", {"dotnet", "s.dll"}).unused);
  CHECK(choose_self_contained("app/s", {"dotnet", "/app/s.dll"}).unused);
  CHECK(choose_self_contained("app/s", {"sh", "-c", "exec dotnet s.dll"}).unused);
  CHECK(is_taken(choose_self_contained("app/s", {"./s"})));
  CHECK(is_taken(choose_self_contained("app/s", {"dotnet", "others.dll"})));
  CHECK(is_taken(choose_self_contained("app/s", {})));
}

TEST_CASE("of a .NET that was published with an application only the way in is judged") {
  CHECK(choose_self_contained("app/libcoreclr.so", {"./s"}).unused);
  CHECK(choose_self_contained("app/libhostpolicy.so", {"./s"}).unused);
  CHECK(choose_self_contained("app/libcoreclr.so", {"dotnet", "s.dll"}).unused);
  CHECK(is_taken(choose_self_contained("app/libhostpolicy.so", {"dotnet", "s.dll"})));
  CHECK(is_taken(choose_self_contained("app/libcoreclr.so", {}, false)));
  CHECK(is_taken(choose_self_contained("app/liba.so", {"./s"})));
}
