// Which file of their jars Java libraries take on musl.

#include <elf.h>

#include <string>
#include <utility>

#include "muslcheck/runtimes/choice.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using runtimes::Choice;

namespace {

model::ElfFacts for_glibc(std::uint16_t machine = EM_X86_64) {
  model::ElfFacts facts;
  facts.machine = machine;
  facts.needed = {"libc.so.6"};
  facts.version_needs = {{.library = "libc.so.6", .version = "GLIBC_2.14"}};
  return facts;
}

model::ElfFacts for_musl(std::uint16_t machine = EM_X86_64) {
  model::ElfFacts facts;
  facts.machine = machine;
  facts.needed = {"libc.musl-x86_64.so.1"};
  return facts;
}

/// A jar with these members, of which `path` is asked for.
class Jar {
 public:
  Jar& with(const std::string& member, model::ElfFacts facts = for_glibc()) {
    tree_.member_elf(kPath, member, std::move(facts));
    return *this;
  }
  Jar& of(const std::string& group, const std::string& artifact, const std::string& version) {
    tree_.member_text(kPath, "META-INF/maven/" + group + "/" + artifact + "/pom.properties",
                      "groupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version);
    return *this;
  }
  Choice choose(const std::string& member, std::string_view arch = "x86_64") {
    const auto tree = tree_.build();
    const auto packages = packages::identify_packages(tree);
    model::Module module;
    module.path = kPath + "!/" + member;
    const model::ElfFacts& facts = *tree.find(module.path)->elf;
    module.libc = model::classify_libc(facts);
    return runtimes::find_choice({.module = module,
                                  .facts = facts,
                                  .tree = tree,
                                  .packages = packages,
                                  .arch = arch,
                                  .java_natives = &test::embedded_rules().java_natives});
  }

 private:
  const std::string kPath = "app/lib/x.jar";
  test::TreeBuilder tree_;
};

const std::string kSqlite = "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so";
const std::string kSqliteMusl = "org/sqlite/native/Linux-Musl/x86_64/libsqlitejdbc.so";
const std::string kSnappy = "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so";
const std::string kSnappyMusl = "org/xerial/snappy/native/Linux/x86_64-musl/libsnappyjava.so";

}  // namespace

TEST_CASE("a build for musl in the jar is taken instead") {
  struct Case {
    std::string glibc;
    std::string musl;
  };
  for (const Case& c : {Case{kSqlite, kSqliteMusl}, Case{kSnappy, kSnappyMusl},
                        Case{"librocksdbjni-linux64.so", "librocksdbjni-linux64-musl.so"},
                        Case{kSqlite, "org/sqlite/native/Linux-Alpine/x86_64/libsqlitejdbc.so"}}) {
    INFO(c.glibc);
    Jar jar;
    jar.with(c.glibc).with(c.musl, for_musl());
    CHECK(jar.choose(c.glibc).instead == "app/lib/x.jar!/" + c.musl);
    CHECK(jar.choose(c.musl).instead.empty());
    CHECK_FALSE(jar.choose(c.musl).missing);
  }
}

TEST_CASE("what lies in a musl folder but is built for glibc is not taken for one") {
  Jar jar;
  jar.with(kSqlite).with(kSqliteMusl, for_glibc());
  CHECK(jar.choose(kSqlite).instead.empty());
}

TEST_CASE("a version that looks for a build for musl finds nothing where it was left out") {
  Jar jar;
  jar.with(kSnappy).of("org.xerial.snappy", "snappy-java", "1.1.10.8");
  const Choice choice = jar.choose(kSnappy);
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == kSnappyMusl);
  CHECK(choice.missing->text ==
        "java.lang.UnsatisfiedLinkError: no snappyjava in java.library.path");
  CHECK(choice.missing->availability == model::Availability::published);
  Jar rocks;
  rocks.with("librocksdbjni-linux64.so").of("org.rocksdb", "rocksdbjni", "8.1.1.1");
  CHECK(rocks.choose("librocksdbjni-linux64.so").missing->text ==
        "java.lang.RuntimeException: librocksdbjni-linux64-musl.so was not found inside JAR.");
}

TEST_CASE("an older version takes the file for glibc, on musl as well") {
  Jar jar;
  jar.with(kSnappy).of("org.xerial.snappy", "snappy-java", "1.1.10.7");
  CHECK(jar.choose(kSnappy).instead.empty());
  CHECK_FALSE(jar.choose(kSnappy).missing);
}

TEST_CASE("no build for musl is looked for on machines that have none") {
  const std::string file = "org/xerial/snappy/native/Linux/aarch64/libsnappyjava.so";
  Jar jar;
  jar.with(file, for_glibc(EM_AARCH64)).of("org.xerial.snappy", "snappy-java", "1.1.10.8");
  CHECK_FALSE(jar.choose(file, "aarch64").missing);
}

TEST_CASE("what a library has for other systems is never taken") {
  const std::string file = "org/sqlite/native/FreeBSD/x86_64/libsqlitejdbc.so";
  Jar jar;
  jar.with(kSqlite).with(file);
  CHECK(jar.choose(file).instead == "app/lib/x.jar!/" + kSqlite);
  jar.with(kSqliteMusl, for_musl());
  CHECK(jar.choose(file).instead == "app/lib/x.jar!/" + kSqliteMusl);
}

TEST_CASE("a shaded library is found by the shape of its path") {
  const auto* native = model::find_java_native(
      test::embedded_rules().java_natives,
      "x.jar!/META-INF/native/libio_grpc_netty_shaded_netty_tcnative_linux_x86_64.so");
  REQUIRE(native != nullptr);
  CHECK(native->id == "netty-tcnative");
}

TEST_CASE("only files in archives are a Java library's") {
  for (const char* path : {"org/sqlite/native/Linux/x86_64/libsqlitejdbc.so", "x.jar!",
                           "x.jar/org/sqlite/native/Linux/x86_64/libsqlitejdbc.so",
                           "x.jar!/com/example/libsqlitejdbc.so"})
    CHECK(model::find_java_native(test::embedded_rules().java_natives, path) == nullptr);
}
