// What the progress bar says, for counts, times and widths.

#include "cli/progress_line.hpp"

#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"

using muslcheck::cli::ProgressView;
using muslcheck::cli::render_progress;

namespace {

constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

bool contains(const std::string& line, const std::string& text) {
  return line.find(text) != std::string::npos;
}

/// What the line says about the time left; empty if nothing.
std::string time_left(std::uint64_t done, std::uint64_t total, double seconds) {
  const std::string line =
      render_progress({.bytes_total = total, .bytes_done = done, .seconds = seconds}, 200);
  if (!contains(line, " left")) return {};
  return line.substr(line.rfind("  ") + 2);
}

}  // namespace

TEST_CASE("progress: the line has share, bar, bytes, files and time left") {
  const ProgressView view{
      .bytes_total = 1434 * kMiB, .bytes_done = 612 * kMiB, .files_done = 24'310, .seconds = 1.4};
  CHECK(render_progress(view, 79) ==
        "scanning   42% [=======>          ]  612 MiB of 1.4 GiB  24,310 files  2 s left");
}

TEST_CASE("progress: what does not fit is left out, the least important first") {
  struct Case {
    std::size_t width;
    const char* line;
  };
  const std::vector<Case> cases = {
      {200,
       "scanning   50% [===============>              ]  2.0 MiB of 4.0 MiB  1,000 files  9 s "
       "left"},
      {69, "scanning   50% [====>    ]  2.0 MiB of 4.0 MiB  1,000 files  9 s left"},
      {68, "scanning   50% [====>   ]  2.0 MiB of 4.0 MiB  1,000 files  9 s left"},
      {67, "scanning   50%  2.0 MiB of 4.0 MiB  1,000 files  9 s left"},
      {57, "scanning   50%  2.0 MiB of 4.0 MiB  1,000 files  9 s left"},
      {56, "scanning   50% [====>    ]  2.0 MiB of 4.0 MiB  9 s left"},
      {40, "scanning   50% [======>      ]  9 s left"},
      {24, "scanning   50%  9 s left"},
      {23, " 50%  9 s left"},
      {13, " 50%"},
      {4, " 50%"},
      {3, ""},
      {0, ""},
  };
  for (const Case& test : cases) {
    CAPTURE(test.width);
    const std::string line = render_progress(
        {.bytes_total = 4 * kMiB, .bytes_done = 2 * kMiB, .files_done = 1000, .seconds = 9},
        test.width);
    CHECK(line == test.line);
  }
}

TEST_CASE("progress: no line is wider than it may be") {
  const std::vector<ProgressView> views = {
      {},
      {.bytes_total = kMost, .bytes_done = kMost / 3, .files_done = kMost, .seconds = 1e6},
      {.bytes_done = kMost, .files_done = kMost, .seconds = 1e300},
      {.bytes_total = 1, .bytes_done = kMost},
  };
  for (const ProgressView& view : views)
    for (std::size_t width = 0; width < 150; ++width)
      CHECK(render_progress(view, width).size() <= width);
}

TEST_CASE("progress: the share is rounded down and never above 100 percent") {
  struct Case {
    std::uint64_t done;
    std::uint64_t total;
    const char* share;
  };
  for (const Case& test : std::vector<Case>{{0, 7, "  0%"},
                                            {1, 1000, "  0%"},
                                            {999, 1000, " 99%"},
                                            {1000, 1000, "100%"},
                                            {1001, 1000, "100%"},
                                            {kMost, 1, "100%"},
                                            {kMost / 2, kMost, " 50%"}}) {
    const std::string line =
        render_progress({.bytes_total = test.total, .bytes_done = test.done}, 80);
    CAPTURE(line);
    CHECK(contains(line, std::string("scanning  ") + test.share + " ["));
  }
  const std::string over = render_progress({.bytes_total = 2048, .bytes_done = 4096}, 80);
  CHECK(contains(over, "2.0 KiB of 2.0 KiB"));
  CHECK(contains(over, "[==============================]"));
}

TEST_CASE("progress: without a total there are bytes and files only") {
  CHECK(render_progress({.bytes_done = 5, .files_done = 1, .seconds = 100}, 80) ==
        "scanning  5 B  1 file");
  CHECK(render_progress({.bytes_done = 3 * kMiB, .files_done = 1'234'567, .seconds = 100}, 80) ==
        "scanning  3.0 MiB  1,234,567 files");
}

TEST_CASE("progress: before anything is counted the source is being opened") {
  CHECK(render_progress({.seconds = 5}, 80) == "opening the source");
  CHECK(render_progress({.seconds = 5}, 17).empty());
}

TEST_CASE("progress: sizes have three figures at most") {
  struct Case {
    std::uint64_t size;
    const char* text;
  };
  for (const Case& test : std::vector<Case>{{0, "0 B"},
                                            {999, "999 B"},
                                            {1000, "1.0 KiB"},
                                            {10 * 1024, "10 KiB"},
                                            {1023 * 1024, "1.0 MiB"},
                                            {999 * kMiB, "999 MiB"},
                                            {1024 * kMiB, "1.0 GiB"},
                                            {kMost, "16 EiB"}}) {
    CAPTURE(test.size);
    CHECK(contains(render_progress({.bytes_done = test.size, .files_done = 1}, 80),
                   std::string("scanning  ") + test.text + "  1 file"));
  }
}

TEST_CASE("progress: the time left is told once there is something to tell it from") {
  CHECK(time_left(50, 100, 0.9).empty());
  CHECK(time_left(1, 100, 60).empty());
  CHECK(time_left(0, 100, 60).empty());
  CHECK(time_left(100, 100, 60).empty());
  CHECK(time_left(101, 100, 60).empty());
  CHECK(time_left(3, 100, 1e12).empty());
  CHECK(time_left(2, 100, 1) == "49 s left");
}

TEST_CASE("progress: the time left is rounded up, in seconds, minutes, then hours") {
  struct Case {
    double left;
    const char* text;
  };
  for (const Case& test : std::vector<Case>{{0.5 + 0.5, "1 s left"},
                                            {1.2, "2 s left"},
                                            {90, "90 s left"},
                                            {91, "2 min left"},
                                            {121, "3 min left"},
                                            {90 * 60, "90 min left"},
                                            {91 * 60, "2 h left"}}) {
    CAPTURE(test.left);
    CHECK(time_left(50, 100, test.left) == test.text);  // half of it took as long
  }
}

TEST_CASE("progress: at a steady rate the time left only falls, second by second") {
  int before = 1000;
  for (int tenth = 10; tenth < 200; ++tenth) {
    const std::string text = time_left(static_cast<std::uint64_t>(tenth), 200, tenth / 10.0);
    const int seconds = std::stoi(text);
    CAPTURE(tenth, text);
    CHECK(seconds <= before);
    CHECK((before == 1000 || before - seconds <= 1));
    before = seconds;
  }
  CHECK(before == 1);
}
