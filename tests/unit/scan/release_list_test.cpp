// --target with several releases.

#include "scan/release_list.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

using namespace muslcheck;
using scan::read_release_list;
using scan::releases_with_arch;
using test::embedded_rules;

namespace {

using Names = std::vector<std::string>;

std::string reason_of(const std::string& target) {
  const auto list = read_release_list(target, embedded_rules());
  return list ? std::string("no error") : list.error().reason;
}

}  // namespace

TEST_CASE("a list has each release once, oldest first, however it is written") {
  CHECK(read_release_list("3.22,3.20", embedded_rules()) == Names{"3.20", "3.22"});
  CHECK(read_release_list("alpine:3.22, 3.19.1,3.22", embedded_rules()) == Names{"3.19", "3.22"});
  CHECK(read_release_list("3.20,", embedded_rules()).has_value() == false);
  const auto newest = read_release_list("latest,3.12", embedded_rules());
  REQUIRE(newest);
  CHECK(*newest == Names{"3.12", embedded_rules().releases.back().release});
}

TEST_CASE("all means every release that is known") {
  const auto all = read_release_list("all", embedded_rules());
  REQUIRE(all);
  CHECK(all->size() == embedded_rules().releases.size());
  CHECK(all->front() == "3.12");
}

TEST_CASE("a single target and none are no lists") {
  for (const char* target : {"", "alpine", "alpine:3.22", "debian"}) {
    CAPTURE(target);
    CHECK(read_release_list(target, embedded_rules()) == Names{});
  }
}

TEST_CASE("a name that is unknown or empty in a list is an error") {
  CHECK(reason_of("3.20,debian:12") == "unknown-target");
  CHECK(reason_of("3.20,,3.22") == "unknown-target");
  CHECK(reason_of(",") == "unknown-target");
  CHECK(reason_of("3.20,all") == "unknown-target");
}

TEST_CASE("releases without the architecture are left out and named") {
  const auto list =
      releases_with_arch({"3.18", "3.19", "3.20"}, "3.18,3.19,3.20", "riscv64", embedded_rules());
  CHECK(list.releases == Names{"3.20"});
  CHECK(list.how == "the newest of --target 3.18,3.19,3.20; 3.18, 3.19 are left out: no riscv64");
  const auto whole = releases_with_arch({"3.18", "3.20"}, "all", "aarch64", embedded_rules());
  CHECK(whole.releases == Names{"3.18", "3.20"});
  CHECK(whole.how == "the newest of --target all");
}

TEST_CASE("if no release has the architecture the newest stays, to be complained about") {
  const auto list = releases_with_arch({"3.18", "3.19"}, "3.18,3.19", "riscv64", embedded_rules());
  CHECK(list.releases == Names{"3.19"});
  CHECK(list.how == "the newest of --target 3.18,3.19");
  CHECK(releases_with_arch({}, "", "x86_64", embedded_rules()).releases.empty());
}
