#include <elf.h>

#include <algorithm>
#include <string>
#include <vector>

#include "muslcheck/runtimes/hosts.hpp"
#include "runtimes/musl_names.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using runtimes::find_musl_sibling;
using runtimes::is_chosen_before;
using runtimes::musl_file_names;
using runtimes::musl_package_names;
using runtimes::parse_prebuild_tags;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

model::ElfFacts built_for(const char* libc, std::uint16_t machine = EM_X86_64) {
  model::ElfFacts facts;
  facts.machine = machine;
  facts.needed = {libc};
  return facts;
}
const model::ElfFacts kGlibc = built_for("libc.so.6");
const model::ElfFacts kMusl = built_for("libc.musl-x86_64.so.1");

/// The sibling of the first of these files, the others being there for musl.
std::string sibling(const std::string& own, const Texts& others) {
  TreeBuilder tree;
  tree.elf(own, kGlibc);
  for (const std::string& path : others) tree.elf(path, kMusl);
  return find_musl_sibling(own, tree.build());
}

bool may_be_named(const std::string& glibc, const std::string& musl) {
  const auto names = musl_package_names(glibc);
  return std::find(names.begin(), names.end(), musl) != names.end();
}

bool before(const char* musl, const char* other) {
  return is_chosen_before(*parse_prebuild_tags(musl), *parse_prebuild_tags(other));
}

}  // namespace

TEST_CASE("names of musl platform packages are derived from the glibc one") {
  CHECK(may_be_named("@rollup/rollup-linux-x64-gnu", "@rollup/rollup-linux-x64-musl"));
  CHECK(may_be_named("lightningcss-linux-arm64-gnu", "lightningcss-linux-arm64-musl"));
  CHECK(may_be_named("@rollup/rollup-linux-arm-gnueabihf", "@rollup/rollup-linux-arm-musleabihf"));
  CHECK(may_be_named("@parcel/watcher-linux-x64-glibc", "@parcel/watcher-linux-x64-musl"));
  CHECK(may_be_named("@img/sharp-linux-x64", "@img/sharp-linuxmusl-x64"));
  CHECK(may_be_named("@img/sharp-libvips-linux-x64", "@img/sharp-libvips-linuxmusl-x64"));
  CHECK(may_be_named("@biomejs/cli-linux-x64", "@biomejs/cli-linux-x64-musl"));
  CHECK(may_be_named("@oven/bun-linux-x64-baseline", "@oven/bun-linux-x64-musl-baseline"));
  CHECK(may_be_named("sass-embedded-linux-x64", "sass-embedded-linux-musl-x64"));
  CHECK(may_be_named("@vscode/vsce-sign-linux-x64", "@vscode/vsce-sign-alpine-x64"));
  CHECK(may_be_named("@oxlint/linux-x64-gnu", "@oxlint/linux-x64-musl"));
  CHECK(may_be_named("@libsql/linux-x64-gnu", "@libsql/linux-x64-musl"));
}

TEST_CASE("a musl package, and one without a platform, has no musl name") {
  CHECK(musl_package_names("@img/sharp-linuxmusl-x64").empty());
  CHECK(musl_package_names("@next/swc-linux-x64-musl").empty());
  CHECK(musl_package_names("@vscode/vsce-sign-alpine-x64").empty());
  CHECK(musl_package_names("sharp").empty());
  CHECK(musl_package_names("@gnu-things/gnus").empty());
  CHECK(musl_package_names("").empty());
}

TEST_CASE("the musl platform package beside a glibc one is its sibling") {
  CHECK(sibling("app/node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node",
                {"app/node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node"}) ==
        "app/node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node");
  CHECK(sibling("node_modules/@next/swc-linux-x64-gnu/next-swc.linux-x64-gnu.node",
                {"node_modules/@next/swc-linux-x64-musl/next-swc.linux-x64-musl.node"}) ==
        "node_modules/@next/swc-linux-x64-musl/next-swc.linux-x64-musl.node");
  CHECK(sibling("node_modules/@biomejs/cli-linux-x64/biome",
                {"node_modules/@biomejs/cli-linux-x64-musl/a",
                 "node_modules/@biomejs/cli-linux-x64-musl/biome"}) ==
        "node_modules/@biomejs/cli-linux-x64-musl/biome");
}

TEST_CASE("a library inside a glibc platform package has the musl package's file as sibling") {
  CHECK(sibling("node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.42",
                {"node_modules/@img/sharp-libvips-linuxmusl-x64/lib/libvips-cpp.so.8.17.3"}) ==
        "node_modules/@img/sharp-libvips-linuxmusl-x64/lib/libvips-cpp.so.8.17.3");
}

TEST_CASE("the tree's root may be a node_modules folder") {
  const auto root_sibling = [](const std::string& own, const std::string& other) {
    TreeBuilder tree;
    tree.elf(own + "/a.node", kGlibc).elf(other + "/a.node", kMusl);
    tree.metadata(own + "/package.json", "{}");
    return find_musl_sibling(own + "/a.node", tree.build());
  };
  CHECK(root_sibling("@img/sharp-linux-x64", "@img/sharp-linuxmusl-x64") ==
        "@img/sharp-linuxmusl-x64/a.node");
  CHECK(root_sibling("swc-linux-x64-gnu", "swc-linux-x64-musl") == "swc-linux-x64-musl/a.node");
}

TEST_CASE("folders that only look like platform packages have no siblings") {
  CHECK(sibling("x86_64-linux-gnu/libz.so.1", {"x86_64-linux-musl/libc.so"}).empty());
}

TEST_CASE("pnpm's store has siblings in folders of their own, the same version first") {
  const std::string store = "node_modules/.pnpm/";
  const std::string own =
      store + "@img+sharp-linux-x64@0.33.5/node_modules/@img/sharp-linux-x64/lib/a.node";
  const std::string other =
      store + "@img+sharp-linuxmusl-x64@0.33.1/node_modules/@img/sharp-linuxmusl-x64/lib/a.node";
  const std::string same =
      store + "@img+sharp-linuxmusl-x64@0.33.5/node_modules/@img/sharp-linuxmusl-x64/lib/a.node";
  CHECK(sibling(own, {other}) == other);
  CHECK(sibling(own, {other, same}) == same);
}

TEST_CASE("a package in another node_modules is no sibling") {
  CHECK(sibling("a/node_modules/@next/swc-linux-x64-gnu/a.node",
                {"b/node_modules/@next/swc-linux-x64-musl/a.node"})
            .empty());
  CHECK(sibling("node_modules/x/node_modules/swc-linux-x64-gnu/a.node",
                {"node_modules/swc-linux-x64-musl/a.node"})
            .empty());
}

TEST_CASE("a package that is not really there is no sibling") {
  const std::string own = "node_modules/swc-linux-x64-gnu/a.node";
  const std::string musl = "node_modules/swc-linux-x64-musl";
  const auto with = [&](TreeBuilder tree) {
    return find_musl_sibling(own, tree.elf(own, kGlibc).build());
  };
  CHECK(with(TreeBuilder().directory(musl)).empty());
  CHECK(with(TreeBuilder().metadata(musl + "/package.json", "{}")).empty());
  CHECK(with(TreeBuilder().file(musl + "/a.node")).empty());
  CHECK(with(TreeBuilder().elf(musl + "/a.node", built_for("libc.so", EM_AARCH64))).empty());
  CHECK(with(TreeBuilder().elf(musl + "/a.node", kGlibc)).empty());
  CHECK(with(TreeBuilder().elf(musl + "/a.node", kMusl)) == musl + "/a.node");
  CHECK(with(TreeBuilder().elf(musl + "-extra/a.node", kMusl)).empty());
}

TEST_CASE("what is no ELF file, or not there, has no sibling") {
  const auto tree = TreeBuilder()
                        .file("node_modules/swc-linux-x64-gnu/a.js")
                        .elf("node_modules/swc-linux-x64-musl/a.node", kMusl)
                        .build();
  CHECK(find_musl_sibling("node_modules/swc-linux-x64-gnu/a.js", tree).empty());
  CHECK(find_musl_sibling("gone", tree).empty());
}

TEST_CASE("napi-rs puts variants beside each other in one package") {
  CHECK(musl_file_names("index.linux-x64-gnu.node") == Texts{"index.linux-x64-musl.node"});
  CHECK(musl_file_names("a.linux-arm-gnueabihf.node") == Texts{"a.linux-arm-musleabihf.node"});
  CHECK(musl_file_names("node.napi.glibc.node").empty());
  CHECK(musl_file_names("libfoo.so").empty());
  CHECK(sibling("app/index.linux-x64-gnu.node", {"app/index.linux-x64-musl.node"}) ==
        "app/index.linux-x64-musl.node");
  CHECK(sibling("app/index.linux-x64-gnu.node", {"app/other.linux-x64-musl.node"}).empty());
}

TEST_CASE("a file named after the platform alone may have a musl file beside it") {
  CHECK(sibling("node_modules/farmhash/build/farmhash-linux-x64.node",
                {"node_modules/farmhash/build/farmhash-linuxmusl-x64.node"}) ==
        "node_modules/farmhash/build/farmhash-linuxmusl-x64.node");
  CHECK(sibling("node_modules/x/build/x-linux-x64.node",
                {"node_modules/x/build/y-linuxmusl-x64.node"})
            .empty());
}

TEST_CASE("folders named after the platform hold the same file for glibc and musl") {
  struct Row {
    const char* glibc;
    const char* musl;
  };
  const auto row = GENERATE(
      Row{"node_modules/@datadog/x/prebuilds/linuxglibc-x64/receiver",
          "node_modules/@datadog/x/prebuilds/linuxmusl-x64/receiver"},
      Row{"node_modules/x/bin/linux-x64-glibc/sub/x.so",
          "node_modules/x/bin/linux-x64-musl/sub/x.so"},
      Row{"prebuilds/linuxglibc-x64/x.node", "prebuilds/linuxmusl-x64/x.node"},
      Row{"app/runtimes/linux-x64/native/libx.so", "app/runtimes/linux-musl-x64/native/libx.so"},
      // cmake-ts takes a build for its own libc only; older ones have no libc in their name.
      Row{"node_modules/zeromq/build/linux/x64/node/glibc-115-Release/addon.node",
          "node_modules/zeromq/build/linux/x64/node/musl-127-Release/addon.node"},
      Row{"node_modules/zeromq/build/linux/x64/node/115/addon.node",
          "node_modules/zeromq/build/linux/x64/node/musl-127-Release/addon.node"});
  CAPTURE(row.glibc);
  CHECK(sibling(row.glibc, {row.musl}) == row.musl);
}

TEST_CASE("folders that only look like variants hold no sibling") {
  struct Row {
    const char* name;
    const char* glibc;
    const char* musl;
  };
  const auto row = GENERATE(Row{"folders of the system", "usr/lib/x86_64-linux-gnu/libx.so",
                                "usr/lib/x86_64-linux-musl/libx.so"},
                            Row{"another file", "node_modules/x/prebuilds/linuxglibc-x64/x.node",
                                "node_modules/x/prebuilds/linuxmusl-x64/y.node"},
                            Row{"outside the package", "tools-linux-x64/node_modules/x/x.node",
                                "tools-linuxmusl-x64/node_modules/x/x.node"});
  CAPTURE(row.name);
  CHECK(sibling(row.glibc, {row.musl}).empty());
}

TEST_CASE("Prisma's engines for musl lie beside those for Debian") {
  CHECK(musl_file_names("libquery_engine-debian-openssl-3.0.x.so.node") ==
        Texts{"libquery_engine-linux-musl-openssl-3.0.x.so.node"});
  CHECK(musl_file_names("libquery_engine-linux-arm64-openssl-3.0.x.so.node") ==
        Texts{"libquery_engine-linux-musl-arm64-openssl-3.0.x.so.node"});
}

TEST_CASE("a prebuilt file for musl is chosen before glibc and untagged ones of its folder") {
  const std::string folder = "node_modules/x/prebuilds/linux-x64/";
  CHECK(sibling(folder + "x.glibc.node", {folder + "x.musl.node"}) == folder + "x.musl.node");
  CHECK(sibling(folder + "node.napi.node", {folder + "node.napi.musl.node"}) ==
        folder + "node.napi.musl.node");
  CHECK(sibling(folder + "x.glibc.node", {"node_modules/x/prebuilds/linux-arm64/x.musl.node"})
            .empty());
  CHECK(sibling("node_modules/@lmdb/lmdb-linux-x64/node.abi93.glibc.node",
                {"node_modules/@lmdb/lmdb-linux-x64/node.abi93.musl.node"}) ==
        "node_modules/@lmdb/lmdb-linux-x64/node.abi93.musl.node");
}

TEST_CASE("a local build is taken before any prebuilt file") {
  CHECK(sibling("node_modules/x/build/Release/x.node",
                {"node_modules/x/prebuilds/linux-x64/x.musl.node"})
            .empty());
  CHECK(sibling("node_modules/x/build/Release/x.node", {"node_modules/x/build/Release/x.musl.node"})
            .empty());
}

TEST_CASE("tags of prebuilt files are read as node-gyp-build does") {
  CHECK_FALSE(parse_prebuild_tags("libvips.so"));
  CHECK_FALSE(parse_prebuild_tags("node"));
  const auto tags = parse_prebuild_tags("electron.abi93.uv1.armv7.glibc.node");
  REQUIRE(tags);
  CHECK(*tags == runtimes::PrebuildTags{"electron", "93", "1", "7", "glibc", false, 5});
  CHECK(parse_prebuild_tags("bcrypt.node")->specificity == 0);
  CHECK(parse_prebuild_tags("node.napi.node")->napi);
}

TEST_CASE("the order in which node-gyp-build chooses on musl") {
  CHECK(before("x.musl.node", "x.glibc.node"));
  CHECK(before("x.musl.node", "x.node"));
  CHECK(before("node.napi.musl.node", "node.napi.node"));
  CHECK(before("node.napi.musl.node", "node.abi93.glibc.node"));
  CHECK(before("node.abi93.musl.node", "node.abi93.node"));
  // A file for the very ABI is taken before one that says musl but serves every ABI.
  CHECK_FALSE(before("node.napi.musl.node", "node.abi93.node"));
  CHECK_FALSE(before("node.abi108.musl.node", "node.abi93.glibc.node"));
  CHECK_FALSE(before("electron.napi.musl.node", "node.napi.node"));
  CHECK_FALSE(before("x.armv7.musl.node", "x.armv6.glibc.node"));
  CHECK_FALSE(before("x.glibc.node", "x.node"));
  CHECK_FALSE(before("x.musl.node", "y.musl.node"));
}
