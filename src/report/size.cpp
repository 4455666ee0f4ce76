// The size picture: what the image takes today and for what, what it would take, and what that rests
// on.

#include "report/size.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "report/layers.hpp"

namespace muslcheck::report {
namespace {

using core::describe_bytes;

struct KindWords {
  std::string_view kind;
  const char* words;
};

constexpr std::array kKinds{KindWords{"base", "the old base"},
                            KindWords{"runtime", "language runtime"},
                            KindWords{"packages", "added packages"},
                            KindWords{"build-tools", "build tools"},
                            KindWords{"development", "development packages"},
                            KindWords{"caches", "caches"},
                            KindWords{"application", "application"},
                            KindWords{"hidden", "deleted or overwritten by a later layer"}};

int percent_less(std::uint64_t before, std::uint64_t after) {
  if (before == 0 || after >= before) return 0;
  return static_cast<int>(
      std::lround(100.0 * static_cast<double>(before - after) / static_cast<double>(before)));
}

std::string describe_parts(const model::SizeMath& size) {
  std::vector<std::string> texts;
  for (const model::SizePart& part : size.parts)
    if (part.bytes != 0)
      texts.push_back(describe_kind(part.kind) + " " + describe_bytes(part.bytes));
  return core::join(texts, ", ");
}

}  // namespace

bool is_size_worth_showing(const model::Report& report) {
  return report.plan.size && report.plan.size->before != 0;
}

std::string describe_kind(const std::string& kind) {
  const KindWords* found =
      core::find_where(kKinds, [&](const KindWords& words) { return words.kind == kind; });
  return found == nullptr ? kind : found->words;
}

std::string describe_range(const model::SizeRange& range) {
  const std::string least = describe_bytes(range.least);
  const std::string most = describe_bytes(range.most);
  if (least == most) return least;
  const std::string unit = most.substr(most.find(' '));
  if (least.ends_with(unit)) return least.substr(0, least.find(' ')) + " to " + most;
  return least + " to " + most;
}

std::string describe_saving(std::uint64_t before, const model::SizeRange& after) {
  const int least = percent_less(before, after.most);
  const int most = percent_less(before, after.least);
  if (most == 0) return "nothing saved";
  if (least == most) return std::to_string(most) + " % less";
  if (least == 0) return "up to " + std::to_string(most) + " % less";
  return std::to_string(least) + " to " + std::to_string(most) + " % less";
}

void write_size(Page& page, const model::Report& report, bool verbose) {
  if (!is_size_worth_showing(report)) return;
  const model::SizeMath& size = *report.plan.size;
  page.blank();
  page.line(0, "Size", Style::bold);
  page.paragraph(2, 4, {"today:"}, describe_bytes(size.before) + ": " + describe_parts(size));
  for (std::size_t i = 0; verbose && i < size.layers.size(); ++i)
    page.paragraph(4, 6, {"layer " + std::to_string(i) + ":", Style::dim},
                   describe_bytes(size.layers[i]) + " " +
                       describe_layer(report.source, static_cast<int>(i)),
                   Style::dim);
  if (!size.after) return;
  page.paragraph(2, 4, {"on Alpine:"},
                 describe_range(*size.after) + ", " + describe_saving(size.before, *size.after));
  for (const std::string& basis : size.basis)
    page.paragraph(4, 6, {"|", Style::dim}, basis, Style::dim);
}

}  // namespace muslcheck::report
