// What RubyGems and Bundler print was tried out with Debian 12's Ruby 3.1 (RubyGems 3.3.15,
// Bundler 2.3.15): a gem with an extension installed, its extensions/x86_64-linux renamed.

#include <string>
#include <vector>

#include "muslcheck/packages/packages.hpp"
#include "muslcheck/runtimes/choice.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using runtimes::Choice;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

Choice choose(const std::string& path, const std::string& spec, const Texts& files,
              const std::string& home = "usr/local/bundle/",
              model::Role role = model::Role::plugin) {
  TreeBuilder builder;
  builder.elf(home + path);
  for (const std::string& file : files) builder.file(home + file);
  builder.metadata(home + "specifications/x.gemspec", "# stub: " + spec + " lib\n");
  const auto tree = builder.build();
  const auto index = packages::identify_packages(tree);
  model::Module module;
  module.path = home + path;
  module.role = role;
  module.package = index.owner(module.path);
  REQUIRE(module.package);
  return runtimes::find_choice(
      {.module = module, .facts = {}, .tree = tree, .packages = index, .arch = "x86_64"});
}

bool is_taken(const Choice& choice) {
  return choice.instead.empty() && !choice.unused && !choice.missing;
}

const std::string kLib = "gems/bcrypt-3.1.20/lib/bcrypt_ext.so";
const std::string kBuilt = "extensions/x86_64-linux/3.3.0/bcrypt-3.1.20/";
const std::string kMusl = "extensions/x86_64-linux-musl/3.3.0/bcrypt-3.1.20/";

}  // namespace

TEST_CASE("a compiled gem without gem.build_complete for musl is left out with all its files") {
  for (const std::string& path : {kLib, kBuilt + "bcrypt_ext.so"}) {
    INFO(path);
    const Choice choice = choose(path, "bcrypt 3.1.20 ruby", {kBuilt + "gem.build_complete"});
    REQUIRE(choice.missing);
    CHECK(choice.missing->name == "extensions/x86_64-linux-musl/3.3.0/bcrypt-3.1.20");
    CHECK(choice.missing->text ==
          "Ignoring bcrypt-3.1.20 because its extensions are not built. Try: gem pristine bcrypt "
          "--version 3.1.20");
    CHECK(choice.missing->confidence == model::Confidence::certain);
  }
}

TEST_CASE("a gem compiled for both is taken from the folder for musl") {
  const Texts both{kBuilt + "gem.build_complete", kMusl + "gem.build_complete"};
  CHECK(choose(kBuilt + "bcrypt_ext.so", "bcrypt 3.1.20 ruby", both).unused);
  CHECK(is_taken(choose(kMusl + "bcrypt_ext.so", "bcrypt 3.1.20 ruby", both)));
  CHECK(is_taken(choose(kLib, "bcrypt 3.1.20 ruby", both)));
}

TEST_CASE("what was never built, and what Ruby does not require, is judged as it is") {
  CHECK(is_taken(choose(kLib, "bcrypt 3.1.20 ruby", {})));
  CHECK(is_taken(choose("gems/a-1/bin/tool", "a 1 ruby",
                        {"extensions/x86_64-linux/3.3.0/a-1/gem.build_complete"},
                        "usr/local/bundle/", model::Role::executable)));
}

TEST_CASE("prebuilt gems for linux-gnu are not seen on musl from Ruby 3.2 on") {
  const auto choose_gnu = [](const std::string& platform, const std::string& home,
                             const Texts& files = {}) {
    return choose("gems/nokogiri-1.18.2-" + platform + "/lib/nokogiri/3.3/nokogiri.so",
                  "nokogiri 1.18.2 " + platform, files, home);
  };
  const Choice choice = choose_gnu("x86_64-linux-gnu", "app/vendor/bundle/ruby/3.3.0/");
  REQUIRE(choice.missing);
  CHECK(choice.missing->name == "nokogiri-1.18.2-x86_64-linux-musl");
  CHECK(choice.missing->confidence == model::Confidence::certain);
  CHECK(choose_gnu("x86_64-linux-gnu", "usr/local/bundle/").missing->confidence ==
        model::Confidence::likely);
  CHECK(choose_gnu("arm-linux-gnueabihf", "usr/local/bundle/").missing->name ==
        "nokogiri-1.18.2-arm-linux-musleabihf");
  CHECK(is_taken(choose_gnu("x86_64-linux-gnu", "app/vendor/bundle/ruby/3.1.0/")));
  CHECK(is_taken(choose_gnu("x86_64-linux", "app/vendor/bundle/ruby/3.3.0/")));
  CHECK(is_taken(choose_gnu("x86_64-linux-musl", "app/vendor/bundle/ruby/3.3.0/")));
  CHECK(choose_gnu("x86_64-linux-gnu", "usr/local/bundle/",
                   {"gems/nokogiri-1.18.2-x86_64-linux-musl/lib/nokogiri.rb"})
            .instead == "usr/local/bundle/gems/nokogiri-1.18.2-x86_64-linux-musl");
}
