// What CPython prints and takes was tried out with Debian 12's python3.11 and its numpy, Pillow,
// lxml and psycopg2, the suffix of their modules changed.

#include <string>
#include <vector>

#include "muslcheck/model/python_package.hpp"
#include "muslcheck/packages/packages.hpp"
#include "muslcheck/runtimes/choice.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using model::Availability;
using runtimes::Choice;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kSite = "usr/local/lib/python3.11/site-packages/";
const std::string kGnu = ".cpython-311-x86_64-linux-gnu.so";

model::ElfFacts exports(const std::string& symbol) {
  model::ElfFacts facts;
  facts.symbols.push_back({.name = symbol, .defined = true});
  return facts;
}

const std::vector<model::PythonPackage> kKnown{
    {.name = "built", .musl = "build", .basis = "b"},
    {.name = "fallback", .musl = "yes", .basis = "b", .has_pure_python = true},
    {.name = "never", .musl = "no", .basis = "b", .note = "n"},
    {.name = "wheels", .musl = "yes", .first_musl_version = "1.2", .basis = "b"},
};

/// The choice for the module at `path` among other files.
Choice choose(const std::string& path, const std::string& entry_point, const Texts& others = {},
              const std::string& package = {}, const std::string& arch = "x86_64") {
  TreeBuilder builder;
  const model::ElfFacts facts = exports(entry_point);
  builder.elf(path, facts);
  for (const std::string& other : others) builder.file(other);
  if (!package.empty())
    builder
        .metadata(kSite + package + "-1.dist-info/METADATA", "Name: " + package + "\nVersion: 1\n")
        .metadata(kSite + package + "-1.dist-info/RECORD", path.substr(kSite.size()) + ",,\n");
  const auto tree = builder.build();
  const auto index = packages::identify_packages(tree);
  model::Module module;
  module.path = path;
  module.package = index.owner(path);
  return runtimes::find_choice({.module = module,
                                .facts = facts,
                                .tree = tree,
                                .packages = index,
                                .arch = arch,
                                .python_packages = &kKnown});
}

bool is_taken(const Choice& choice) {
  return choice.instead.empty() && !choice.unused && !choice.missing;
}

}  // namespace

TEST_CASE("from 3.11 on CPython on musl passes over names that say linux-gnu") {
  const Choice choice = choose(kSite + "lxml/etree" + kGnu, "PyInit_etree");
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "*-x86_64-linux-musl.so");
  CHECK(choice.missing->text == "ModuleNotFoundError: No module named 'lxml.etree'");
  CHECK(choice.missing->availability == Availability::unknown);
  CHECK(choice.missing->confidence == model::Confidence::certain);
  CHECK(choose("app/x.cpython-313t-aarch64-linux-gnu.so", "PyInit_x", {}, "", "aarch64")
            .missing->name == "*-aarch64-linux-musl.so");
  CHECK(choose("app/x.cpython-312-arm-linux-gnueabihf.so", "PyInit_x", {}, "", "armhf")
            .missing->name == "*-arm-linux-musleabihf.so");
  CHECK(choose("app/x" + kGnu, "PyInit_x").missing->text ==
        "ModuleNotFoundError: No module named 'x'");
}

TEST_CASE("a module is named from the folder that its package's metadata is in") {
  const auto text = [](const std::string& site) {
    const std::string path = site + "lxml/html/diff" + kGnu;
    const model::ElfFacts facts = exports("PyInit_diff");
    const auto tree = TreeBuilder()
                          .elf(path, facts)
                          .metadata(site + "lxml-1.dist-info/METADATA", "Name: lxml\nVersion: 1\n")
                          .metadata(site + "lxml-1.dist-info/RECORD", "lxml/html/diff" + kGnu)
                          .build();
    const auto index = packages::identify_packages(tree);
    model::Module module;
    module.path = path;
    module.package = index.owner(path);
    const Choice choice = runtimes::find_choice(
        {.module = module, .facts = facts, .tree = tree, .packages = index, .arch = "x86_64"});
    return choice.missing ? choice.missing->text : "";
  };
  for (const std::string site : {"", "opt/deps/", "opt/python/"})
    CHECK(text(site) == "ModuleNotFoundError: No module named 'lxml.html.diff'");
}

TEST_CASE("all other names are the dynamic loader's to judge") {
  for (const std::string name :
       {"x.abi3.so", "x.so", "x.cpython-310-x86_64-linux-gnu.so",
        "x.cpython-38-x86_64-linux-gnu.so", "x.cpython-37m-x86_64-linux-gnu.so",
        "x.cpython-311-x86_64-linux-musl.so", "x.so.1", "x.cpython-311.so",
        "x.cpython-3-x86_64-linux-gnu.so", "x.cpython-3x-linux-gnu.so", "x.cpython-3",
        ".cpython-311-x86_64-linux-gnu.so", "x.cpython-399999999999-linux-gnu.so",
        "x.pypy39-pp73-x86_64-linux-gnu.so"}) {
    CAPTURE(name);
    CHECK(is_taken(choose("app/" + name, "PyInit_x")));
  }
}

TEST_CASE("what exports no module is opened by its path, whatever its name") {
  CHECK(is_taken(choose("app/x" + kGnu, "run")));
  CHECK(is_taken(choose("app/x" + kGnu, "PyInit_y")));
}

TEST_CASE("another file of the module's name is imported instead") {
  struct Row {
    Texts there;
    std::string instead;
  };
  const std::string musl = kSite + "p/x.cpython-311-x86_64-linux-musl.so";
  for (const Row& row : {
           Row{{musl, kSite + "p/x.abi3.so", kSite + "p/x.py"}, musl},
           Row{{kSite + "p/x.abi3.so", kSite + "p/x.so"}, kSite + "p/x.abi3.so"},
           Row{{kSite + "p/x.so", kSite + "p/x.py"}, kSite + "p/x.so"},
           Row{{kSite + "p/x.py"}, kSite + "p/x.py"},
           Row{{kSite + "p/x.pyc"}, kSite + "p/x.pyc"},
           Row{{kSite + "p/x.pyi", kSite + "p/x.c"}, ""},
       }) {
    const Choice choice = choose(kSite + "p/x" + kGnu, "PyInit_x", row.there);
    CHECK(choice.instead == row.instead);
    CHECK(choice.missing.has_value() == row.instead.empty());
  }
}

TEST_CASE("the module that mypyc puts the code into is not missed") {
  CHECK(choose(kSite + "0a1b__mypyc" + kGnu, "PyInit_0a1b__mypyc").unused);
}

TEST_CASE("no Python imports what was built for another minor version") {
  const std::string py39 = "x.cpython-39-x86_64-linux-gnu.so";
  CHECK(choose(kSite + py39, "PyInit_x").unused);
  CHECK(choose("app/" + py39, "PyInit_x", {"usr/local/bin/python3.11"}).unused);
  CHECK(choose("app/" + py39, "PyInit_x", {"usr/bin/python3.11"}).unused);
  CHECK(choose("lib/python3.11/site-packages/" + py39, "PyInit_x").unused);
  CHECK_FALSE(
      choose("app/" + py39, "PyInit_x", {"usr/bin/python3.9", "usr/local/bin/python3.11"}).unused);
  CHECK_FALSE(choose("opt/v/lib/python3.9/site-packages/" + py39, "PyInit_x",
                     {"opt/v/bin/python3.9", "usr/local/bin/python3.11"})
                  .unused);
  CHECK_FALSE(choose("app/" + py39, "PyInit_x").unused);
}

TEST_CASE("whether a musl wheel can be had is the package's data") {
  struct Row {
    std::string package;
    Availability availability;
    std::string basis;
    bool optional;
  };
  for (const Row& row : {
           Row{"wheels", Availability::published, "b: musllinux wheels are published since 1.2",
               false},
           Row{"fallback", Availability::published, "b: musllinux wheels are published", true},
           Row{"never", Availability::not_published, "b: no musllinux wheels are published; n",
               false},
           Row{"built", Availability::not_published,
               "b: no wheels are published, it is built from source everywhere", false},
           Row{"other", Availability::unknown,
               "nothing is known about musllinux wheels of this package", false},
       }) {
    CAPTURE(row.package);
    const Choice choice = choose(kSite + "p/x" + kGnu, "PyInit_x", {}, row.package);
    REQUIRE(choice.missing);
    CHECK(choice.missing->availability == row.availability);
    CHECK(choice.missing->basis == row.basis);
    CHECK(choice.missing->optional == row.optional);
    CHECK(choice.missing->text.empty() == row.optional);
  }
}
