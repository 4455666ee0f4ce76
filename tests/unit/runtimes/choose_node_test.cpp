#include <elf.h>

#include <string>
#include <vector>

#include "muslcheck/packages/packages.hpp"
#include "muslcheck/runtimes/choice.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using model::Availability;
using model::Confidence;
using runtimes::Choice;
using test::TreeBuilder;

namespace {

model::ElfFacts built_for(const char* libc, std::uint16_t machine = EM_X86_64) {
  model::ElfFacts facts;
  facts.machine = machine;
  facts.needed = {libc};
  return facts;
}
const model::ElfFacts kGlibc = built_for("libc.so.6");
const model::ElfFacts kMusl = built_for("libc.musl-x86_64.so.1");

std::string manifest(const std::string& name, const std::string& more = {}) {
  return R"({"name": ")" + name + R"(", "version": "1.2.3")" + (more.empty() ? "" : ", " + more) +
         "}";
}

std::string optional(const std::string& first, const std::string& second,
                     const std::string& more = {}) {
  return R"("optionalDependencies": {")" + first + R"(": "1", ")" + second + R"(": "1"})" +
         (more.empty() ? "" : ", " + more);
}

Choice choose(const TreeBuilder& builder, const std::string& path,
              model::Role role = model::Role::plugin) {
  const filesystem::FileTree tree = builder.build();
  const packages::PackageIndex index = packages::identify_packages(tree);
  const filesystem::Node* node = tree.find(path);
  REQUIRE(node != nullptr);
  model::Module module;
  module.path = path;
  module.role = role;
  module.libc = model::classify_libc(*node->elf);
  module.package = index.owner(path);
  return runtimes::find_choice(
      {.module = module, .facts = *node->elf, .tree = tree, .packages = index, .arch = "x86_64"});
}

/// A package with a glibc platform package installed: `parent` says what it lists.
TreeBuilder installed(const std::string& parent, const std::string& more,
                      const std::string& platform) {
  return TreeBuilder()
      .metadata("app/node_modules/" + parent + "/package.json", manifest(parent, more))
      .metadata("app/node_modules/" + platform + "/package.json", manifest(platform))
      .elf("app/node_modules/" + platform + "/lib/a.node", kGlibc)
      .directory("app/node_modules/" + platform);
}

TreeBuilder& add(TreeBuilder& tree, const std::string& package, const model::ElfFacts& facts) {
  return tree.directory("app/node_modules/" + package)
      .metadata("app/node_modules/" + package + "/package.json", manifest(package))
      .elf("app/node_modules/" + package + "/lib/b.node", facts);
}

const std::string kSharpList = optional("@img/sharp-linux-x64", "@img/sharp-linuxmusl-x64",
                                        R"("devDependencies": {"emnapi": "1"})");

}  // namespace

TEST_CASE("a platform package whose musl sibling is listed but not installed is passed over") {
  const Choice choice = choose(installed("sharp", kSharpList, "@img/sharp-linux-x64"),
                               "app/node_modules/@img/sharp-linux-x64/lib/a.node");
  CHECK(choice.instead.empty());
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "@img/sharp-linuxmusl-x64");
  CHECK(choice.missing->availability == Availability::published);
  CHECK(choice.missing->basis == "optionalDependencies of sharp@1.2.3");
  CHECK(choice.missing->text ==
        "Could not load the \"sharp\" module using the linuxmusl-x64 runtime");
  CHECK(choice.missing->confidence == Confidence::certain);
}

TEST_CASE("a platform package whose musl sibling is installed is not used") {
  TreeBuilder tree = installed("sharp", kSharpList, "@img/sharp-linux-x64");
  add(tree, "@img/sharp-linuxmusl-x64", kMusl);
  const Choice choice = choose(tree, "app/node_modules/@img/sharp-linux-x64/lib/a.node");
  CHECK(choice.instead == "app/node_modules/@img/sharp-linuxmusl-x64/lib/b.node");
  CHECK_FALSE(choice.missing);
}

TEST_CASE("a sibling for another machine is none") {
  TreeBuilder tree = installed("sharp", kSharpList, "@img/sharp-linux-x64");
  add(tree, "@img/sharp-linuxmusl-x64", built_for("libc.so", EM_AARCH64));
  CHECK(choose(tree, "app/node_modules/@img/sharp-linux-x64/lib/a.node").missing);
}

TEST_CASE("without a musl sibling in the parent's list a platform package is judged as it is") {
  const std::string file = "app/node_modules/@esbuild/linux-x64/lib/a.node";
  CHECK(choose(installed("esbuild", optional("@esbuild/linux-x64", "@esbuild/linux-arm64"),
                         "@esbuild/linux-x64"),
               file) == Choice{});
  // No parent at all: the name alone says nothing.
  CHECK(choose(installed("other", "\"x\": 1", "@esbuild/linux-x64"), file) == Choice{});
}

TEST_CASE("the error is what each family of loaders prints") {
  struct Case {
    const char* parent;
    std::string list;
    const char* platform;
    const char* text;
    Confidence confidence;
  };
  const char* npm_bug =
      " npm has a bug related to optional dependencies (https://github.com/npm/cli/issues/4828). "
      "Please try `npm i` again after removing both package-lock.json and node_modules directory.";
  const std::string rollup =
      std::string("Cannot find module @rollup/rollup-linux-x64-musl.") + npm_bug;
  const std::string napi3 = std::string("Cannot find native binding.") + npm_bug;
  const Case cases[] = {
      {"rollup", optional("@rollup/rollup-linux-x64-gnu", "@rollup/rollup-linux-x64-musl"),
       "@rollup/rollup-linux-x64-gnu", rollup.c_str(), Confidence::certain},
      {"lightningcss", optional("lightningcss-linux-x64-gnu", "lightningcss-linux-x64-musl"),
       "lightningcss-linux-x64-gnu", "Cannot find module '../lightningcss.linux-x64-musl.node'",
       Confidence::certain},
      {"made-with-3",
       optional("p-linux-x64-gnu", "p-linux-x64-musl", R"("napi": {"binaryName": "p"})"),
       "p-linux-x64-gnu", napi3.c_str(), Confidence::certain},
      {"made-with-2", optional("p-linux-x64-gnu", "p-linux-x64-musl", R"("napi": {"name": "p"})"),
       "p-linux-x64-gnu", "Cannot find module 'p-linux-x64-musl'", Confidence::certain},
      {"of-its-own", optional("p-linux-x64-gnu", "p-linux-x64-musl"), "p-linux-x64-gnu", "",
       Confidence::likely},
  };
  for (const Case& c : cases) {
    CAPTURE(c.parent);
    const Choice choice = choose(installed(c.parent, c.list, c.platform),
                                 "app/node_modules/" + std::string(c.platform) + "/lib/a.node");
    REQUIRE(choice.missing);
    CHECK(choice.missing->text == c.text);
    CHECK(choice.missing->confidence == c.confidence);
  }
}

TEST_CASE("Next.js opens glibc's package too, so its file is judged as it is") {
  const Choice choice =
      choose(installed("next", optional("@next/swc-linux-x64-gnu", "@next/swc-linux-x64-musl"),
                       "@next/swc-linux-x64-gnu"),
             "app/node_modules/@next/swc-linux-x64-gnu/lib/a.node");
  CHECK_FALSE(choice.missing);
  CHECK(choice.instead.empty());
  CHECK(choice.reason == "next tries the packages of every libc");
}

TEST_CASE("an installed WebAssembly package is what sharp and napi-rs fall back to") {
  const std::string list =
      R"("napi": {"binaryName": "p"}, "optionalDependencies": {"p-linux-x64-gnu": "1",
          "p-linux-x64-musl": "1", "p-wasm32-wasi": "1"})";
  TreeBuilder tree = installed("p", list, "p-linux-x64-gnu");
  const std::string own = "app/node_modules/p-linux-x64-gnu/lib/a.node";
  CHECK(choose(tree, own).missing);
  tree.directory("app/node_modules/p-wasm32-wasi");
  CHECK(choose(tree, own).missing);  // an empty folder
  tree.file("app/node_modules/p-wasm32-wasi/p.wasm");
  // Beside the loader it goes first; another package's is not its own.
  tree.file("app/node_modules/p/node_modules/q/q.wasm32-wasi.wasm");
  CHECK(choose(tree, own).instead == "app/node_modules/p-wasm32-wasi/p.wasm");
  tree.file("app/node_modules/p/src/p.wasm32-wasi.wasm");
  CHECK(choose(tree, own).instead == "app/node_modules/p/src/p.wasm32-wasi.wasm");
}

TEST_CASE("a library in a platform package is not what a loader looks for") {
  CHECK(choose(installed("sharp", kSharpList, "@img/sharp-linux-x64"),
               "app/node_modules/@img/sharp-linux-x64/lib/a.node",
               model::Role::library) == Choice{});
}

TEST_CASE("pnpm's links lead from the parent to the sibling") {
  const std::string store = "node_modules/.pnpm/";
  const std::string list = optional("p-linux-x64-gnu", "p-linux-x64-musl");
  const auto tree = [&] {
    return TreeBuilder()
        .metadata(store + "p@1.2.3/node_modules/p/package.json", manifest("p", list))
        .link(store + "p@1.2.3/node_modules/p-linux-x64-musl",
              "../../p-linux-x64-musl@1.2.3/node_modules/p-linux-x64-musl")
        .metadata(store + "p-linux-x64-gnu@1.2.3/node_modules/p-linux-x64-gnu/package.json",
                  manifest("p-linux-x64-gnu"))
        .elf(store + "p-linux-x64-gnu@1.2.3/node_modules/p-linux-x64-gnu/a.node", kGlibc);
  };
  const std::string own = store + "p-linux-x64-gnu@1.2.3/node_modules/p-linux-x64-gnu/a.node";
  CHECK(choose(tree(), own).missing);  // the link leads nowhere
  const std::string musl = store + "p-linux-x64-musl@1.2.3/node_modules/p-linux-x64-musl";
  CHECK(choose(tree().directory(musl).elf(musl + "/a.node", kMusl), own).instead ==
        musl + "/a.node");
}

TEST_CASE("a store without links has the sibling by name and version") {
  const auto in_store = [](const std::string& folder_of_sharp, const std::string& folder_of_glibc,
                           const std::string& folder_of_musl, const std::string& version) {
    const std::string musl = folder_of_musl + "/node_modules/@img/sharp-linuxmusl-x64";
    const std::string own = folder_of_glibc + "/node_modules/@img/sharp-linux-x64";
    return choose(
        TreeBuilder()
            .metadata(folder_of_sharp + "/node_modules/sharp/package.json",
                      manifest("sharp", kSharpList))
            .metadata(own + "/package.json", manifest("@img/sharp-linux-x64"))
            .elf(own + "/a.node", kGlibc)
            .metadata(musl + "/package.json",
                      R"({"name": "@img/sharp-linuxmusl-x64", "version": ")" + version + "\"}")
            .elf(musl + "/a.node", kMusl),
        own + "/a.node");
  };
  CHECK(in_store(".yarn/unplugged/sharp-npm-1.2.3-0a", ".yarn/unplugged/@img-sharp-linux-x64-1b",
                 ".yarn/unplugged/@img-sharp-linuxmusl-x64-2c", "1.2.3")
            .instead ==
        ".yarn/unplugged/@img-sharp-linuxmusl-x64-2c/node_modules/"
        "@img/sharp-linuxmusl-x64/a.node");
  const std::string pnpm = "app/node_modules/.pnpm/";
  CHECK(in_store(pnpm + "sharp@1.2.3", pnpm + "a@1.2.3", pnpm + "b@1.2.3", "1.2.3").instead ==
        pnpm + "b@1.2.3/node_modules/@img/sharp-linuxmusl-x64/a.node");
  // What another application has does not help.
  CHECK(in_store("a/.yarn/unplugged/sharp", "a/.yarn/unplugged/g", "b/.yarn/unplugged/m", "1.2.3")
            .missing);
}

namespace {

const std::string kNodeGypBuild = R"("dependencies": {"node-gyp-build": "4"})";

TreeBuilder prebuilt(const std::vector<std::string>& files,
                     const std::string& more = kNodeGypBuild) {
  TreeBuilder tree;
  tree.metadata("node_modules/argon2/package.json", manifest("argon2", more));
  for (const std::string& file : files)
    tree.elf("node_modules/argon2/" + file,
             file.find("musl") == std::string::npos ? kGlibc : kMusl);
  return tree;
}

Choice choose_prebuilt(const std::vector<std::string>& files) {
  return choose(prebuilt(files), "node_modules/argon2/" + files.front());
}

}  // namespace

TEST_CASE("node-gyp-build takes by tags") {
  const std::string folder = "prebuilds/linux-x64/";
  const std::string in_tree = "node_modules/argon2/" + folder;
  CHECK(choose_prebuilt({folder + "argon2.glibc.node", folder + "argon2.musl.node"}).instead ==
        in_tree + "argon2.musl.node");
  CHECK(choose_prebuilt({folder + "argon2.node"}) == Choice{});
  CHECK(choose_prebuilt({folder + "argon2.glibc.node", folder + "argon2.node"}).instead ==
        in_tree + "argon2.node");
  CHECK(choose_prebuilt({folder + "argon2.node", folder + "argon2.musl.node"}).instead ==
        in_tree + "argon2.musl.node");
  CHECK(choose_prebuilt({folder + "argon2.musl.node", folder + "argon2.glibc.node"}) == Choice{});
  // Never taken on musl, whichever Node there is: no finding for it.
  CHECK(choose_prebuilt({folder + "node.abi93.glibc.node", folder + "node.abi127.musl.node"})
            .instead == in_tree + "node.abi127.musl.node");
}

TEST_CASE("files tagged glibc alone leave node-gyp-build with nothing") {
  const Choice choice = choose_prebuilt({"prebuilds/linux-x64/argon2.glibc.node"});
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "prebuilds/linux-x64/*.musl.node");
  CHECK(choice.missing->availability == Availability::not_published);
  CHECK(choice.missing->basis == "files of argon2@1.2.3 itself: none there is for musl");
  CHECK(choice.missing->text ==
        "No native build was found for platform=linux arch=x64 runtime=node abi=… uv=1 libc=musl "
        "node=…");
  CHECK(choice.missing->confidence == Confidence::certain);
}

TEST_CASE("what was built on the spot goes before prebuilt files") {
  const Choice choice =
      choose_prebuilt({"prebuilds/linux-x64/argon2.glibc.node", "build/Release/argon2.node"});
  CHECK(choice.instead == "node_modules/argon2/build/Release/argon2.node");
  CHECK(choose_prebuilt({"build/Release/argon2.node", "prebuilds/linux-x64/argon2.musl.node"}) ==
        Choice{});
  // Who loads without node-gyp-build may do otherwise.
  CHECK(choose(prebuilt({"prebuilds/linux-x64/a.node", "build/Release/a.node"}, "\"x\": 1"),
               "node_modules/argon2/prebuilds/linux-x64/a.node") == Choice{});
}

TEST_CASE("node-gyp-build-optional-packages reads tags at the root of a platform package") {
  const auto tree =
      TreeBuilder()
          .metadata("node_modules/lmdb/package.json",
                    manifest("lmdb", R"("dependencies": {"node-gyp-build-optional-packages": "5"},
                                        "optionalDependencies": {"@lmdb/lmdb-linux-x64": "3"})"))
          .metadata("node_modules/@lmdb/lmdb-linux-x64/package.json",
                    manifest("@lmdb/lmdb-linux-x64"))
          .elf("node_modules/@lmdb/lmdb-linux-x64/node.napi.glibc.node", kGlibc);
  const std::string own = "node_modules/@lmdb/lmdb-linux-x64/node.napi.glibc.node";
  REQUIRE(choose(tree, own).missing);
  CHECK(choose(tree, own).missing->text ==
        "No native build was found for platform=linux arch=x64 runtime=node abi=… uv=1 libc=musl "
        "node=…");
  const std::string musl = "node_modules/@lmdb/lmdb-linux-x64/node.napi.musl.node";
  CHECK(choose(TreeBuilder(tree).elf(musl, kMusl), own).instead == musl);
}

TEST_CASE("node-pre-gyp looks where its template says under musl") {
  const std::string binary =
      R"("binary": {"module_name": "s",
          "module_path": "./lib/binding/napi-v{napi_build_version}-{platform}-{libc}-{arch}"})";
  const auto tree = [&](const std::string& more) {
    return TreeBuilder()
        .metadata("app/node_modules/sqlite3/package.json", manifest("sqlite3", more))
        .elf("app/node_modules/sqlite3/lib/binding/napi-v6-linux-glibc-x64/s.node", kGlibc);
  };
  const std::string own = "app/node_modules/sqlite3/lib/binding/napi-v6-linux-glibc-x64/s.node";
  const Choice choice = choose(tree(binary), own);
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "lib/binding/napi-v6-linux-musl-x64/s.node");
  CHECK(choice.missing->availability == Availability::unknown);
  CHECK(choice.missing->basis == "binary.module_path of sqlite3@1.2.3");
  CHECK(choice.missing->text ==
        "Cannot find module "
        "'/app/node_modules/sqlite3/lib/binding/napi-v6-linux-musl-x64/s.node'");
  const std::string musl = "app/node_modules/sqlite3/lib/binding/napi-v6-linux-musl-x64/s.node";
  CHECK(choose(tree(binary).elf(musl, kMusl), own).instead == musl);
  // Another folder, and a template without {libc} or with nonsense, say nothing.
  CHECK(choose(tree(R"("binary": {"module_path": "build/Release"})"), own) == Choice{});
  CHECK(choose(tree(R"("binary": {"module_path": "{libc}/../lib/{"})"), own) == Choice{});
  CHECK(choose(tree(R"("binary": {"module_path": ["{libc}"]})"), own) == Choice{});
}

TEST_CASE("a loader of napi-rs looks for a file beside it, then for a package") {
  const std::string own = "node_modules/p/p.linux-x64-gnu.node";
  const auto tree = [&](const std::string& more) {
    return TreeBuilder()
        .metadata("node_modules/p/package.json", manifest("p", more))
        .elf(own, kGlibc);
  };
  const std::string napi = R"("napi": {"binaryName": "p"})";
  const Choice choice = choose(tree(napi), own);
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "p.linux-x64-musl.node");
  CHECK(choice.missing->availability == Availability::not_published);
  CHECK(choice.missing->basis == "files of p@1.2.3 itself: none is for musl");
  CHECK(choice.missing->confidence == Confidence::likely);
  const std::string musl = "node_modules/p/p.linux-x64-musl.node";
  CHECK(choose(tree(napi).elf(musl, kMusl), own).instead == musl);
  const std::string listed = optional("q", "p-linux-x64-musl", napi);
  REQUIRE(choose(tree(listed), own).missing);
  CHECK(choose(tree(listed), own).missing->name == "p-linux-x64-musl");
  CHECK(choose(tree(listed), own).missing->availability == Availability::published);
  const std::string package = "node_modules/p-linux-x64-musl";
  CHECK(choose(tree(listed).directory(package).elf(package + "/a.node", kMusl), own).instead ==
        package + "/a.node");
  // Without napi-rs nothing is known of the loader.
  CHECK(choose(tree("\"x\": 1"), own) == Choice{});
}

TEST_CASE("Prisma Client takes the engine of its target") {
  const std::string client = "app/node_modules/.prisma/client/";
  const std::string own = client + "libquery_engine-debian-openssl-1.1.x.so.node";
  const auto tree = [&] {
    return TreeBuilder().metadata("app/package.json", manifest("app")).elf(own, kGlibc);
  };
  const Choice choice = choose(tree(), own);
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "libquery_engine-linux-musl-openssl-3.0.x.so.node");
  CHECK(choice.missing->availability == Availability::published);
  CHECK(choice.missing->text ==
        "Prisma Client could not locate the Query Engine for runtime "
        "\"linux-musl-openssl-3.0.x\".");
  const std::string musl = client + "libquery_engine-linux-musl-openssl-3.0.x.so.node";
  CHECK(choose(tree().elf(musl, kMusl), own).instead == musl);
  CHECK(choose(tree().elf(musl, kMusl), musl) == Choice{});
  const std::string tools =
      "app/node_modules/@prisma/engines/libquery_engine-debian-openssl-3.0.x.so.node";
  CHECK(choose(TreeBuilder().elf(tools, kGlibc), tools).unused);
}
