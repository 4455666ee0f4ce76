#include <memory>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/model/report.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using model::make_fingerprint;

TEST_CASE("a fingerprint stays the same from release to release") {
  // Tickets are found again by this text: if this test fails, every ticket of every user is new.
  CHECK(make_fingerprint("MC104", "npm", "@img/sharp-linux-x64", "lib/sharp.node", "libc.so.6") ==
        "16d3c6d9cc90081e0b146e06cbff6603b97052a4e58878bcf366831a22f94c2b");
}

TEST_CASE("a fingerprint depends on each of its parts and on where they end") {
  const std::set<std::string> all{
      make_fingerprint("a", "b", "c", "d", "e"), make_fingerprint("x", "b", "c", "d", "e"),
      make_fingerprint("a", "x", "c", "d", "e"), make_fingerprint("a", "b", "x", "d", "e"),
      make_fingerprint("a", "b", "c", "x", "e"), make_fingerprint("a", "b", "c", "d", "x"),
      make_fingerprint("ab", "", "c", "d", "e"), make_fingerprint("a", "bc", "", "d", "e"),
      make_fingerprint("", "ab", "c", "d", "e"),
  };
  CHECK(all.size() == 9);
}

TEST_CASE("a problem keeps the reason, path and offset of its error") {
  const core::Error error{.code = core::ErrorCode::malformed,
                          .reason = "dynsym-out-of-bounds",
                          .message = "is outside",
                          .path = "a",
                          .offset = 7};
  CHECK(model::problem_from(error, "elf") == model::Problem{.path = "a",
                                                            .stage = "elf",
                                                            .code = "dynsym-out-of-bounds",
                                                            .message = "is outside (at byte 7)"});
}

TEST_CASE("facts compare by content, not by where their characters are") {
  model::ElfFacts a;
  model::ElfFacts b;
  b.storage.bytes = std::make_shared<const std::vector<char>>(3, 'x');
  const std::string copy = "libc.so.6";
  a.needed = {"libc.so.6"};
  b.needed = {copy};
  CHECK(a == b);
  b.needed = {"libm.so.6"};
  CHECK_FALSE(a == b);
}

TEST_CASE("the words of the report are those of its schema") {
  CHECK(std::string(name_of(model::Outcome::loads_lazily)) == "loads-lazily");
  CHECK(std::string(name_of(model::Outcome::fails_to_start)) == "fails-to-start");
  CHECK(std::string(name_of(model::Libc::static_)) == "static");
  CHECK(std::string(name_of(model::LoadErrorKind::tls_initial_exec)) == "tls-initial-exec");
  CHECK(std::string(name_of(model::LibrarySource::target_base)) == "target-base");
  CHECK(std::string(name_of(model::Verdict::changes)) == "changes");
  CHECK(std::string(name_of(model::Severity::warning)) == "warning");
  CHECK(std::string(name_of(model::Confidence::likely)) == "likely");
  CHECK(std::string(name_of(model::Role::plugin)) == "plugin");
  CHECK(std::string(name_of(model::Disposition::inert)) == "inert");
}

TEST_CASE("a layer with too many problems says that it has more") {
  std::vector<model::Problem> problems;
  for (std::size_t i = 0; i < core::limits::kMaxProblemsPerLayer + 10; ++i)
    model::add_problem(problems, {.path = "p", .stage = "layer", .code = "c", .message = "m"});
  REQUIRE(problems.size() == core::limits::kMaxProblemsPerLayer + 1);
  CHECK(problems.back().code == "too-many-problems");
  CHECK(problems.back().stage == "layer");
}

TEST_CASE("a problem's message is short, however long the error's is") {
  core::Error error;
  error.message = std::string(1'000'000, 'x');
  CHECK(model::problem_from(error, "layer").message.size() < 1000);
}
