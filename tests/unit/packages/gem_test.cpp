// The gemspec is what RubyGems 3.3.15 (Debian 12) writes; Gemfile.lock is Bundler 2.3.15's.

#include <string>
#include <vector>

#include "muslcheck/packages/packages.hpp"
#include "packages/gem_spec.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::GemSpec;
using packages::identify_packages;
using packages::PackageIndex;
using packages::parse_gemfile_lock;
using packages::parse_gemspec;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

const std::string kHome = "usr/local/bundle/";

std::string gemspec(const std::string& name, const std::string& version,
                    const std::string& platform = "ruby", const Texts& needs = {},
                    bool has_extensions = false) {
  std::string text =
      "# -*- encoding: utf-8 -*-\n# stub: " + name + " " + version + " " + platform + " lib\n";
  if (has_extensions) text += "# stub: ext/mri/extconf.rb\n";
  text += "\nGem::Specification.new do |s|\n  s.name = \"" + name + "\".freeze\n";
  for (const std::string& need : needs)
    text += "    s.add_runtime_dependency(%q<" + need +
            ">.freeze, [\">= 1\"])\n    s.add_dependency(%q<" + need + ">.freeze, [\">= 1\"])\n";
  return text + "    s.add_development_dependency(%q<rspec>.freeze, [\">= 3\"])\nend\n";
}

void install(TreeBuilder& tree, const std::string& name, const Texts& needs = {}) {
  tree.metadata(kHome + "specifications/" + name + "-1.0.gemspec",
                gemspec(name, "1.0", "ruby", needs));
}

std::string purl_at(const PackageIndex& index, const std::string& path) {
  const auto owner = index.owner(path);
  return owner ? index.packages.at(*owner).purl : "";
}

Texts owners(const PackageIndex& index, const std::string& name) {
  for (const model::Package& found : index.packages)
    if (found.name == name) return found.owners;
  FAIL("no package " << name);
  return {};
}

Texts codes(const PackageIndex& index) {
  Texts all;
  for (const model::Problem& problem : index.problems) all.push_back(problem.code);
  return all;
}

}  // namespace

TEST_CASE("a gem owns its folder and what was compiled for it") {
  const auto tree =
      TreeBuilder()
          .metadata(kHome + "specifications/bcrypt-3.1.20.gemspec",
                    gemspec("bcrypt", "3.1.20", "ruby", {}, true))
          .metadata(kHome + "specifications/nokogiri-1.18.2-x86_64-linux-gnu.gemspec",
                    gemspec("nokogiri", "1.18.2", "x86_64-linux-gnu"))
          .file(kHome + "gems/bcrypt-3.1.20/lib/bcrypt_ext.so")
          .file(kHome + "extensions/x86_64-linux/3.3.0/bcrypt-3.1.20/bcrypt_ext.so")
          .file(kHome + "gems/nokogiri-1.18.2-x86_64-linux-gnu/lib/nokogiri/3.3/nokogiri.so")
          .file(kHome + "gems/other-1/lib/other.so")
          .build();
  const PackageIndex index = identify_packages(tree);
  CHECK(codes(index).empty());
  CHECK(purl_at(index, kHome + "gems/bcrypt-3.1.20/lib/bcrypt_ext.so") == "pkg:gem/bcrypt@3.1.20");
  CHECK(purl_at(index, kHome + "extensions/x86_64-linux/3.3.0/bcrypt-3.1.20/bcrypt_ext.so") ==
        "pkg:gem/bcrypt@3.1.20");
  CHECK(purl_at(index,
                kHome + "gems/nokogiri-1.18.2-x86_64-linux-gnu/lib/nokogiri/3.3/nokogiri.so") ==
        "pkg:gem/nokogiri@1.18.2?platform=x86_64-linux-gnu");
  CHECK(purl_at(index, kHome + "gems/other-1/lib/other.so").empty());
}

TEST_CASE("what no other gem needs is what was asked for, unless a Gemfile.lock says it") {
  TreeBuilder tree;
  install(tree, "rails", {"nokogiri"});
  install(tree, "nokogiri", {"racc"});
  install(tree, "racc");
  const PackageIndex alone = identify_packages(tree.build());
  CHECK(owners(alone, "rails").empty());
  CHECK(owners(alone, "nokogiri") == Texts{"rails"});
  CHECK(owners(alone, "racc") == Texts{"rails", "nokogiri"});
  tree.metadata("app/Gemfile.lock", "DEPENDENCIES\n  nokogiri\n  rails (~> 7.1)!\n");
  const PackageIndex locked = identify_packages(tree.build());
  CHECK(owners(locked, "nokogiri").empty());
  CHECK(owners(locked, "racc") == Texts{"nokogiri"});
}

TEST_CASE("gems that need each other have owners all the same") {
  TreeBuilder tree;
  install(tree, "a", {"b"});
  install(tree, "b", {"a", "b", "absent"});
  const PackageIndex index = identify_packages(tree.build());
  CHECK(index.packages.size() == 2);
}

TEST_CASE("a gemspec is read by its comments, never run") {
  CHECK(parse_gemspec(gemspec("bcrypt", "3.1.20", "ruby", {"rack", "ffi"}, true)) ==
        GemSpec{.name = "bcrypt",
                .version = "3.1.20",
                .platform = "ruby",
                .has_extensions = true,
                .dependencies = {"rack", "ffi"}});
  CHECK(parse_gemspec("# stub: a 1 x86_64-linux lib\r\n").full_name() == "a-1-x86_64-linux");
  CHECK(parse_gemspec("# stub: a 1 ruby lib").full_name() == "a-1");
  for (const std::string text :
       {"", "# stub:", "# stub: a", "# stub: a 1", "# stub: ../a 1 ruby", "# stub: a ../1 ruby",
        "# stub: a/b 1 ruby", "# stub: .a 1 ruby", "Gem::Specification.new { |s| s.name = 'a' }"}) {
    INFO(text);
    CHECK(parse_gemspec(text).name.empty());
  }
  CHECK(parse_gemspec("# stub: " + std::string(600, 'a') + " 1 ruby lib").name.empty());
  CHECK(parse_gemspec("# stub: a 1 ruby\ns.add_dependency(%q<b").dependencies == Texts{"b"});
  CHECK(parse_gemspec("# stub: a 1 ruby\ns.add_dependency(%q<>)").dependencies.empty());
}

TEST_CASE("a gemspec that names no gem is a problem") {
  const auto tree = TreeBuilder().metadata(kHome + "specifications/x-1.gemspec", "x").build();
  const PackageIndex index = identify_packages(tree);
  CHECK(codes(index) == Texts{"gemspec-invalid"});
  CHECK(index.packages.empty());
}

TEST_CASE("DEPENDENCIES of a Gemfile.lock are read") {
  const std::string lock =
      "GEM\n  remote: https://rubygems.org/\n  specs:\n    racc (1.8.0)\n\nPLATFORMS\n"
      "  x86_64-linux\n\nDEPENDENCIES\n  nokogiri (~> 1.18)\n  local!\n\nBUNDLED WITH\n   2.5.6\n";
  CHECK(parse_gemfile_lock(lock) == Texts{"nokogiri", "local"});
  CHECK(parse_gemfile_lock("").empty());
  CHECK(parse_gemfile_lock("DEPENDENCIES").empty());
}
