// Which packages of dpkg count as asked for, and since which layer they are there.

#include <string>
#include <utility>
#include <vector>

#include "muslcheck/packages/packages.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::identify_packages;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

std::string package(const std::string& name, const std::string& fields = {}) {
  return "Package: " + name + "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n" +
         fields + "\n";
}

std::string automatic(const std::string& name, const std::string& architecture = "amd64") {
  return "Package: " + name + "\nArchitecture: " + architecture + "\nAuto-Installed: 1\n\n";
}

/// A layer that brings a status, and marks of apt unless they are empty.
model::LayerFacts layer(const std::string& status, const std::string& states = {}) {
  TreeBuilder builder;
  if (!status.empty()) builder.metadata("var/lib/dpkg/status", status);
  if (!states.empty()) builder.metadata("var/lib/apt/extended_states", states);
  return builder.layer();
}

std::vector<model::Package> read(std::vector<model::LayerFacts> layers) {
  return identify_packages(filesystem::FileTree(std::move(layers))).packages;
}

Texts on_purpose(std::vector<model::LayerFacts> layers) {
  Texts names;
  for (const model::Package& one : read(std::move(layers)))
    if (one.on_purpose) names.push_back(one.name);
  return names;
}

const std::string kBase = package("base-files", "Essential: yes\n") +
                          package("apt", "Priority: important\nDepends: libapt\n") +
                          package("libapt", "Priority: optional\n");

}  // namespace

TEST_CASE("what a layer above the distribution's installs by name is on purpose") {
  const std::string later = kBase + package("imagemagick", "Depends: libmagick\n") +
                            package("libmagick") + package("wget", "Priority: standard\n");
  CHECK(on_purpose({layer(kBase), layer(later, automatic("libmagick"))}) ==
        Texts{"imagemagick", "wget"});
}

TEST_CASE("a package is there since the lowest layer that has it without a break") {
  const std::string lower = package("kept") + package("back");
  const std::string gap = package("kept");
  const std::string upper = package("back") + package("kept", "Description: newer\n");
  const auto found = read({layer(lower), layer(""), layer(gap), layer(upper)});
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "back");
  CHECK(found[0].since_layer == 3);
  CHECK(found[1].since_layer == 0);
}

TEST_CASE("a removed package is not there") {
  const std::string removed = "Package: curl\nStatus: deinstall ok config-files\n\n";
  const auto found = read({layer(package("a") + package("curl")), layer(package("a") + removed),
                           layer(package("a") + package("curl"))});
  REQUIRE(found.size() == 2);
  CHECK(found[1].name == "curl");
  CHECK(found[1].since_layer == 2);
}

TEST_CASE("in a folder the system is what is essential or of priority, and all that this needs") {
  const std::string status =
      kBase + package("debconf", "Priority: required\nDepends: perl-base | debconf-2.0\n") +
      package("cdebconf", "Provides: debconf-2.0 (= 1), other\nPre-Depends: libtext\n") +
      package("libtext") + package("imagemagick", "Depends: libmagick\n") + package("libmagick");
  CHECK(on_purpose({layer(status, automatic("libmagick"))}) == Texts{"imagemagick"});
}

TEST_CASE("packages that need one another in a circle come to an end") {
  const std::string status =
      package("a", "Essential: yes\nDepends: b\n") + package("b", "Depends: a, b\n") + package("c");
  CHECK(on_purpose({layer(status, automatic("x"))}) == Texts{"c"});
}

// With lists that are walked once for each name, this does not come to an end in a test's time.
TEST_CASE("a package that provides and needs ever so many names is walked once") {
  std::string names;
  for (int i = 0; i < 100'000; ++i) names += "name" + std::to_string(i) + ", ";
  const std::string status =
      package("a", "Essential: yes\nProvides: " + names + "\nDepends: " + names + "\n") +
      package("b");
  CHECK(on_purpose({layer(status, automatic("x"))}) == Texts{"b"});
}

TEST_CASE("without marks only what no other package needs is on purpose") {
  const std::string later = kBase + package("imagemagick", "Depends: libmagick | other\n") +
                            package("libmagick", "Recommends: gsfonts\n") + package("gsfonts") +
                            package("exim", "Provides: mta\n") +
                            package("cron", "Pre-Depends: mta\n");
  CHECK(on_purpose({layer(kBase), layer(later)}) == Texts{"cron", "imagemagick"});
  CHECK(on_purpose({layer(kBase), layer(later, "garbage\n")}) == Texts{"cron", "imagemagick"});
}

TEST_CASE("without marks and layers nothing is said") {
  CHECK(on_purpose({layer(kBase + package("imagemagick"))}).empty());
}

TEST_CASE("marks are of an architecture") {
  const std::string later = kBase + package("libx") +
                            "Package: fonts\nArchitecture: all\nVersion: 1\n\n" + package("liby");
  CHECK(on_purpose({layer(kBase), layer(later, automatic("libx", "i386") + automatic("fonts") +
                                                   automatic("liby"))}) == Texts{"libx"});
}

TEST_CASE("a mark that was taken back is none") {
  const std::string states =
      automatic("x") + "Package: a\nArchitecture: amd64\nAuto-Installed: 0\n";
  CHECK(on_purpose({layer(kBase), layer(kBase + package("a"), states)}) == Texts{"a"});
}

TEST_CASE("images of single packages do not tell") {
  const auto tree = TreeBuilder()
                        .metadata("var/lib/dpkg/status.d/libssl3", package("libssl3"))
                        .metadata("var/lib/apt/extended_states", automatic("x"))
                        .build();
  const auto found = identify_packages(tree).packages;
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].on_purpose);
}
