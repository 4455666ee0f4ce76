#include "muslcheck/core/deadline.hpp"

#include <chrono>
#include <string>
#include <thread>

#include "support/catch.hpp"

using namespace muslcheck;
using core::Deadline;
using std::chrono::milliseconds;

TEST_CASE("a deadline that is none is never over") {
  for (const Deadline& none :
       {Deadline(), Deadline::after(milliseconds(0)), Deadline::after(milliseconds(-1)),
        Deadline::after(milliseconds::max()),
        Deadline::after(std::chrono::hours(24 * 365 * 300))}) {
    CHECK_FALSE(none.is_over());
    CHECK(none.check());
  }
}

TEST_CASE("a deadline is over once its time has passed, for its copies, too") {
  const Deadline soon = Deadline::after(milliseconds(1));
  const Deadline copy = soon;
  const Deadline late = Deadline::after(std::chrono::hours(1));
  std::this_thread::sleep_for(milliseconds(5));
  CHECK(soon.is_over());
  CHECK(copy.is_over());
  CHECK_FALSE(late.is_over());
  CHECK(late.check());
}

TEST_CASE("the error of a deadline says how long it was and what to do") {
  const auto message_after = [](milliseconds time) {
    const Deadline deadline = Deadline::after(time);
    std::this_thread::sleep_for(time + milliseconds(1));
    const auto checked = deadline.check();
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == core::ErrorCode::timeout);
    CHECK(checked.error().reason == "scan-timeout");
    return checked.error().message;
  };
  CHECK(message_after(milliseconds(20)) ==
        "the scan is not done after 0.02 s and was given up; give it more time with --timeout");
  CHECK(message_after(milliseconds(1001)).find(" 1.001 s ") != std::string::npos);
}
