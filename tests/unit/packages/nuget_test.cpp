// deps.json and runtimeconfig.json are shortened from what the SDK 8.0 writes (the files that
// `dotnet publish` leaves for a web application with Microsoft.Data.Sqlite).

#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/packages/packages.hpp"
#include "packages/nuget_metadata.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
namespace limits = core::limits;
using packages::identify_packages;
using packages::PackageIndex;
using packages::parse_deps_json;
using packages::parse_runtime_config;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kPortable = R"({
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0", "signature": ""},
  "targets": {".NETCoreApp,Version=v8.0": {
    "shop/1.0.0": {"dependencies": {"Microsoft.Data.Sqlite": "8.0.11", "Stock": "1.0.0"}, "runtime": {"shop.dll": {}}},
    "Microsoft.Data.Sqlite/8.0.11": {"dependencies": {"SQLitePCLRaw.lib.e_sqlite3": "2.1.6"}},
    "SQLitePCLRaw.lib.e_sqlite3/2.1.6": {"runtimeTargets": {
      "runtimes/linux-musl-x64/native/libe_sqlite3.so": {"rid": "linux-musl-x64", "assetType": "native"},
      "runtimes/linux-x64/native/libe_sqlite3.so": {"rid": "linux-x64", "assetType": "native"},
      "runtimes/linux-x64/native/_._": {"rid": "linux-x64", "assetType": "native"},
      "runtimes/win/lib/net8.0/a.dll": {"rid": "win", "assetType": "runtime"}}},
    "Stock/1.0.0": {"dependencies": {"Lz4": "1.0.0"}},
    "Lz4/1.0.0": {}}},
  "libraries": {
    "shop/1.0.0": {"type": "project"}, "Microsoft.Data.Sqlite/8.0.11": {"type": "package"},
    "SQLitePCLRaw.lib.e_sqlite3/2.1.6": {"type": "Package"}, "Stock/1.0.0": {"type": "project"},
    "Lz4/1.0.0": {"type": "package"}}})";

const std::string kSelfContained = R"({
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64"},
  "targets": {".NETCoreApp,Version=v8.0": {}, ".NETCoreApp,Version=v8.0/linux-x64": {
    "shop/1.0.0": {"dependencies": {"A": "1", "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64": "8.0.11"}},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.11": {"native": {"libcoreclr.so": {}}},
    "A/1": {"native": {"runtimes/linux-x64/native/liba.so": {}, "x/libb.so": {"localPath": "sub/libb.so"}}}}},
  "libraries": {"shop/1.0.0": {"type": "project"}, "A/1": {"type": "package"},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.11": {"type": "runtimepack"}}})";

std::string purl_at(const PackageIndex& index, const std::string& path) {
  const auto owner = index.owner(path);
  return owner ? index.packages.at(*owner).purl : "";
}

const model::Package& package(const PackageIndex& index, const std::string& name) {
  for (const model::Package& found : index.packages)
    if (found.name == name) return found;
  FAIL("no package " << name);
  return index.packages.front();
}

Texts codes(const PackageIndex& index) {
  Texts all;
  for (const model::Problem& problem : index.problems) all.push_back(problem.code);
  return all;
}

}  // namespace

TEST_CASE("a portable application has its packages' files below runtimes") {
  const auto tree = TreeBuilder()
                        .metadata("app/shop.deps.json", kPortable)
                        .file("app/shop")
                        .file("app/runtimes/linux-x64/native/libe_sqlite3.so")
                        .file("app/runtimes/linux-musl-x64/native/libe_sqlite3.so")
                        .file("app/other.so")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(codes(index).empty());
  CHECK(index.packages.size() == 5);
  for (const std::string rid : {"linux-x64", "linux-musl-x64"})
    CHECK(purl_at(index, "app/runtimes/" + rid + "/native/libe_sqlite3.so") ==
          "pkg:nuget/SQLitePCLRaw.lib.e_sqlite3@2.1.6");
  CHECK(purl_at(index, "app/shop") == "pkg:nuget/shop@1.0.0");
  CHECK(purl_at(index, "app/other.so").empty());
  CHECK(package(index, "SQLitePCLRaw.lib.e_sqlite3").platforms ==
        Texts{"linux-musl-x64", "linux-x64"});
}

TEST_CASE("the package that a project asks for is the first of a chain") {
  const PackageIndex index =
      identify_packages(TreeBuilder().metadata("app/shop.deps.json", kPortable).build());
  CHECK(package(index, "SQLitePCLRaw.lib.e_sqlite3").owners == Texts{"Microsoft.Data.Sqlite"});
  CHECK(package(index, "Microsoft.Data.Sqlite").owners.empty());
  CHECK(package(index, "Lz4").owners.empty());
}

TEST_CASE("an application for one RID has its native files beside it") {
  const auto tree = TreeBuilder()
                        .metadata("app/shop.deps.json", kSelfContained)
                        .file("app/liba.so")
                        .file("app/sub/libb.so")
                        .file("app/libcoreclr.so")
                        .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(purl_at(index, "app/liba.so") == "pkg:nuget/A@1");
  CHECK(purl_at(index, "app/sub/libb.so") == "pkg:nuget/A@1");
  CHECK(purl_at(index, "app/libcoreclr.so") ==
        "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.11");
  CHECK(package(index, "A").platforms == Texts{"linux-x64"});
}

TEST_CASE("the runtime's own frameworks are no applications") {
  const std::string folder = "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.11/";
  const auto tree = TreeBuilder()
                        .metadata(folder + "Microsoft.NETCore.App.deps.json", kSelfContained)
                        .file(folder + "libcoreclr.so")
                        .build();
  CHECK(identify_packages(tree).packages.empty());
}

TEST_CASE("runtimeconfig.json tells which .NET runs an application") {
  struct Case {
    std::string name;
    std::string text;
    packages::RuntimeConfig expected;
  };
  const std::vector<Case> cases{
      {"one framework",
       R"({"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"6.0.0"}}})",
       {.major = 6}},
      {"several",
       R"({"runtimeOptions":{"frameworks":[{"name":"Microsoft.AspNetCore.App","version":"9.0.0"},
          {"name":"Microsoft.NETCore.App","version":"8.0.0"}]}})",
       {.major = 8}},
      {"self-contained, after a byte order mark",
       "\xef\xbb\xbf"
       R"({"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"8.0.11"}]}})",
       {.major = 8, .self_contained = true}},
      {"with the RID graph",
       R"({"runtimeOptions":{"configProperties":{"System.Runtime.Loader.UseRidGraph":true}}})",
       {.rid_graph = true}},
      {"in invariant mode, written by a person",
       R"({"runtimeOptions":{"configProperties":{"System.Globalization.Invariant":"true"}}})",
       {.invariant = true}},
      {"with cultures",
       R"({"runtimeOptions":{"configProperties":{"System.Globalization.Invariant":false}}})",
       {}},
      {"other types",
       R"({"runtimeOptions":{"framework":[],"frameworks":{},"configProperties":7}})",
       {}},
      {"no version", R"({"runtimeOptions":{"framework":{"name":"x","version":"next"}}})", {}},
      {"nothing", "{}", {}},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const auto config = parse_runtime_config(c.text);
    REQUIRE(config);
    CHECK(*config == c.expected);
  }
}

TEST_CASE("a deps.json that cannot be read is a problem") {
  struct Case {
    std::string name;
    std::string text;
  };
  const std::vector<Case> cases{{"not JSON", "{"},
                                {"a list", "[]"},
                                {"no target", "{}"},
                                {"a target without a name", R"({"runtimeTarget":{}})"},
                                {"a name that is a number", R"({"runtimeTarget":{"name":1}})"},
                                {"a target that is a list", R"({"runtimeTarget":[]})"}};
  for (const Case& c : cases) {
    INFO(c.name);
    const PackageIndex index =
        identify_packages(TreeBuilder().metadata("app/x.deps.json", c.text).build());
    CHECK(codes(index) == Texts{"dotnet-json-invalid"});
    CHECK(index.packages.empty());
  }
  const std::string large(limits::kMaxDepsJson + 1, ' ');
  CHECK(codes(identify_packages(TreeBuilder().metadata("x.deps.json", large).build())) ==
        Texts{"dotnet-json-too-large"});
}

TEST_CASE("an unreadable runtimeconfig.json leaves the packages known") {
  const PackageIndex index = identify_packages(TreeBuilder()
                                                   .metadata("app/shop.deps.json", kPortable)
                                                   .metadata("app/shop.runtimeconfig.json", "{")
                                                   .build());
  CHECK(codes(index) == Texts{"dotnet-json-invalid"});
  CHECK(index.packages.size() == 5);
}

TEST_CASE("what a deps.json says of other types or places is passed over") {
  const auto libraries = [](const std::string& target, const std::string& entry) {
    const auto deps = parse_deps_json(R"({"runtimeTarget":"t","targets":{"t":{"A/1":)" + target +
                                      R"(}},"libraries":{"A/1":)" + entry + "}}");
    REQUIRE(deps);
    return deps->libraries;
  };
  const std::string kPackage = R"({"type":"package"})";
  CHECK(libraries("{}", kPackage).size() == 1);
  CHECK(libraries("7", kPackage).size() == 1);
  CHECK(libraries("{}", R"({"type":"reference"})").empty());
  CHECK(libraries("{}", "7").empty());
  CHECK(libraries(R"({"dependencies":[],"native":[],"runtimeTargets":7})", kPackage).size() == 1);
  CHECK(libraries(R"({"runtimeTargets":{"a.so":{"rid":1,"assetType":"native"}}})", kPackage)
            .front()
            .native_for_rid.empty());
  CHECK(libraries(R"({"runtimeTargets":{"a.so":7}})", kPackage).front().native_for_rid.empty());
  CHECK(libraries(R"({"native":{"a/b.so":7}})", kPackage).front().native == Texts{"b.so"});
}

TEST_CASE("paths of a deps.json do not leave the application's folder") {
  const std::string deps = R"({"runtimeTarget":"t","targets":{"t":{"A/1":{"native":{
    "a":{"localPath":"../etc/x.so"},"b":{"localPath":"/etc/x.so"},"c":{"localPath":".."}}}}},
    "libraries":{"A/1":{"type":"package"}}})";
  const PackageIndex index =
      identify_packages(TreeBuilder().metadata("app/x.deps.json", deps).file("etc/x.so").build());
  CHECK(index.packages.size() == 1);
  CHECK(index.files.empty());
}
