// From counts to one line:
//
//   scanning  43% [========>          ]  612 MiB of 1.4 GiB  24,310 files  2 s left
//
// The time left comes from the rate of the whole scan so far, which changes slowly, and is rounded
// up, so that it neither jumps nor reaches zero before the end.

#include "cli/progress_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace muslcheck::cli {
namespace {

constexpr std::size_t kNarrowestBar = 8;
constexpr std::size_t kWidestBar = 30;
// Before that an estimate would be a guess.
constexpr double kSecondsBeforeEstimate = 1;
constexpr double kShareBeforeEstimate = 0.02;
constexpr double kLongestEstimate = 99.0 * 3600;

/// The parts of the line from left to right.
enum Part : std::size_t { label, percent, bytes, files, time_left, part_count };
using Parts = std::array<std::string, part_count>;
constexpr std::array kLeastImportantFirst{files, bytes, label, time_left, percent};

double share_done(const ProgressView& view) {
  const auto total = static_cast<double>(view.bytes_total);
  return std::min(1.0, static_cast<double>(view.bytes_done) / total);
}

std::string size_text(std::uint64_t size) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(size);
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f %s", unit > 0 && value < 9.95 ? 1 : 0, value,
                kUnits.at(unit));
  return text.data();
}

/// "24310" as "24,310".
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

std::string file_count(std::uint64_t count) {
  return grouped(count) + (count == 1 ? " file" : " files");
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  if (whole <= 90) return std::to_string(whole) + " s left";
  const std::uint64_t minutes = (whole + 59) / 60;
  if (minutes <= 90) return std::to_string(minutes) + " min left";
  return std::to_string((minutes + 59) / 60) + " h left";
}

/// Empty as long as nothing sensible can be said.
std::string estimate(const ProgressView& view) {
  const double share = share_done(view);
  if (view.seconds < kSecondsBeforeEstimate || share < kShareBeforeEstimate || share >= 1)
    return {};
  const double left = view.seconds * (1 - share) / share;
  return left > kLongestEstimate ? std::string() : time_text(left);
}

Parts parts_of(const ProgressView& view) {
  if (view.bytes_total == 0 && view.bytes_done == 0 && view.files_done == 0)
    return {"opening the source", "", "", "", ""};
  if (view.bytes_total == 0)
    return {"scanning", "", size_text(view.bytes_done), file_count(view.files_done), ""};
  std::array<char, 8> share{};
  std::snprintf(share.data(), share.size(), "%3d%%", static_cast<int>(share_done(view) * 100));
  return {
      "scanning", share.data(),
      size_text(std::min(view.bytes_done, view.bytes_total)) + " of " + size_text(view.bytes_total),
      file_count(view.files_done), estimate(view)};
}

std::string joined(const Parts& parts) {
  std::string line;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!line.empty()) line += "  ";
    line += part;
  }
  return line;
}

std::string bar(double share, std::size_t width) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
  std::string text(width, ' ');
  std::fill_n(text.begin(), filled, '=');
  if (filled < width) text[filled] = '>';
  return " [" + text + "]";
}

}  // namespace

std::string render_progress(const ProgressView& view, std::size_t width) {
  Parts parts = parts_of(view);
  for (const Part part : kLeastImportantFirst)
    if (joined(parts).size() > width) parts[part].clear();
  const std::size_t around_bar = joined(parts).size() + bar(0, 0).size();
  if (!parts[percent].empty() && width >= around_bar + kNarrowestBar)
    parts[percent] += bar(share_done(view), std::min(width - around_bar, kWidestBar));
  return joined(parts);
}

}  // namespace muslcheck::cli
