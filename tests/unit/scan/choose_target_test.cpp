#include "scan/choose_target.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

using namespace muslcheck;
using scan::choose_target;
using test::embedded_rules;

namespace {

model::Runtime node(std::string image, std::string release) {
  return {.id = "node", .image = std::move(image), .release = std::move(release), .is_main = true};
}

}  // namespace

TEST_CASE("the target is the user's, else that of the runtime's tag, else the newest") {
  struct Case {
    std::string given;
    std::vector<model::Runtime> runtimes;
    std::string name;
    std::string image;
    std::string how;
  };
  const auto tag = node("node:20.11-alpine", "3.19");
  const std::vector<Case> cases{
      {"", {}, "alpine", "", "the newest that is known"},
      {"", {tag}, "alpine:3.19", "node:20.11-alpine", "node:20.11-alpine has it"},
      {"alpine:3.19", {tag}, "alpine:3.19", "node:20.11-alpine", "given with --target"},
      {"alpine:3.22",
       {tag},
       "alpine:3.22",
       "node:20.11-alpine",
       "given with --target (node:20.11-alpine itself has Alpine 3.19)"},
      {"alpine:3.22", {node("", "")}, "alpine:3.22", "", "given with --target"},
      {"", {{.image = tag.image, .release = "3.19"}}, "alpine", "", "the newest that is known"},
      {"", {node("node:7-alpine", "3.4")}, "alpine", "node:7-alpine", "the newest that is known"},
      {"",
       {node("aspnet:8.0-alpine", "")},
       "alpine",
       "aspnet:8.0-alpine",
       "the newest that is known"},
  };
  for (const Case& a : cases) {
    CAPTURE(a.given, a.name, a.image);
    const auto choice = choose_target(a.given, a.runtimes, embedded_rules());
    CHECK(choice.name == a.name);
    CHECK(choice.image == a.image);
    CHECK(choice.how == a.how);
  }
}

TEST_CASE("how the user gave the target can be said in other words") {
  const auto choice = choose_target("alpine:3.22", {node("node:20.11-alpine", "3.19")},
                                    embedded_rules(), "the newest of --target all");
  CHECK(choice.how == "the newest of --target all (node:20.11-alpine itself has Alpine 3.19)");
}

TEST_CASE("the release of a target's name") {
  CHECK(scan::release_of("alpine:3.22.1", embedded_rules()) == "3.22");
  CHECK(scan::release_of("", embedded_rules()).empty());
  CHECK(scan::release_of("debian:12", embedded_rules()).empty());
}
