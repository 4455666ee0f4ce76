// What the image would take on the target: sums of what is known, and ranges where it is not.

#include "muslcheck/plan/size.hpp"

#include <string>

#include "support/catch.hpp"

namespace muslcheck {
namespace {

rules::RuleSet make_rules() {
  rules::RuleSet rules;
  rules.image_sizes = {{.image = "alpine", .tag = "3.22.6", .bytes = 8'000'000},
                       {.image = "alpine", .tag = "3.24.2", .bytes = 9'000'000},
                       {.image = "node", .tag = "22-alpine3.23", .bytes = 160'000'000}};
  return rules;
}

model::SizeMath measured() {
  return {.before = 1'000'000'000,
          .parts = {{.kind = "base", .bytes = 500'000'000},
                    {.kind = "build-tools", .bytes = 300'000'000},
                    {.kind = "runtime", .bytes = 120'000'000},
                    {.kind = "application", .bytes = 50'000'000},
                    {.kind = "caches", .bytes = 20'000'000},
                    {.kind = "hidden", .bytes = 10'000'000}}};
}

model::SizeMath estimate(const std::string& image) {
  model::SizeMath size = measured();
  plan::estimate_size(size, {.name = "alpine:3.22", .release = "3.22", .image = image},
                      make_rules());
  return size;
}

}  // namespace

TEST_CASE("a base that was measured gives its number, and what may stay behind a range") {
  const model::SizeMath size = estimate("node:22-alpine");
  CHECK(size.after == model::SizeRange{210'000'000, 530'000'000});
  REQUIRE(size.basis.size() == 3);
  CHECK(size.basis[0] == "node:22-alpine3.23 takes 160 MB");
  CHECK(size.basis[2] == "only in the upper number: build tools (300 MB), caches (20 MB)");
}

TEST_CASE("another version of the image is one end, bare Alpine with today's runtime the other") {
  const model::SizeMath size = estimate("node:2-alpine");
  CHECK(size.after == model::SizeRange{8'000'000 + 120'000'000 + 50'000'000,
                                       160'000'000 + 50'000'000 + 320'000'000});
  CHECK(size.basis[0] ==
        "node:2-alpine was not measured: bare Alpine (8.0 MB) with a runtime as large as today's "
        "(120 MB); node:22-alpine3.23 takes 160 MB");
}

TEST_CASE("an image that nobody measured is bare Alpine with today's runtime") {
  CHECK(estimate("python:3.11-alpine").after ==
        model::SizeRange{178'000'000, 178'000'000 + 320'000'000});
}

TEST_CASE("of a runtime that the distribution brings no size is invented") {
  const auto without_runtime = [](const std::string& image) {
    model::SizeMath size = measured();
    std::erase_if(size.parts, [](const model::SizePart& part) { return part.kind == "runtime"; });
    plan::estimate_size(size, {.name = "alpine:3.22", .release = "3.22", .image = image},
                        make_rules());
    return size;
  };
  CHECK(without_runtime("node:2-alpine").after->least == 210'000'000);
  CHECK(without_runtime("node:2-alpine").basis[0] ==
        "node:2-alpine was not measured; node:22-alpine3.23 takes 160 MB");
  CHECK(without_runtime("python:3.11-alpine").after->least == 58'000'000);
  CHECK(without_runtime("python:3.11-alpine").basis[0] ==
        "python:3.11-alpine was not measured, and how large its runtime is is not known; "
        "alpine:3.22.6 takes 8.0 MB");
}

TEST_CASE("the bare Alpine of the release is taken, the newest where it was not measured") {
  CHECK(estimate("alpine:3.22").after->least == 58'000'000);
  model::SizeMath size = measured();
  plan::estimate_size(size, {.release = "3.19", .image = "alpine:3.19"}, make_rules());
  CHECK(size.after->least == 59'000'000);
}

TEST_CASE("without any measured size nothing is said") {
  model::SizeMath size = measured();
  plan::estimate_size(size, {.release = "3.22", .image = "alpine:3.22"}, rules::RuleSet{});
  CHECK_FALSE(size.after);
  CHECK(size.basis.empty());
}

}  // namespace muslcheck
