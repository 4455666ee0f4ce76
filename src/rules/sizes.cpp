// Reads rules/sizes.json and rules/targets/image-sizes.tsv: how the bytes of an image are told apart,
// and what official images take.

#include <charconv>

#include "rules/json_reader.hpp"
#include "rules/parts.hpp"
#include "rules/tsv.hpp"

namespace muslcheck::rules {

core::Result<void> read_size_kinds(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only(
        {"provenance", "buildPackages", "buildPaths", "cachePaths", "distributionPaths"});
    rules.size_kinds = {.build_packages = top.texts("buildPackages", ListOrder::sorted),
                        .build_paths = top.texts("buildPaths", ListOrder::sorted),
                        .cache_paths = top.texts("cachePaths", ListOrder::sorted),
                        .distribution_paths = top.texts("distributionPaths", ListOrder::sorted)};
  };
  return read_json(file, text, read);
}

core::Result<void> read_image_sizes(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows = read_tsv(file, text, {"image", "tag", "bytes", "source"});
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    ImageSize size{.image = std::string(row.cells[0]),
                   .tag = std::string(row.cells[1]),
                   .source = std::string(row.cells[3])};
    const std::string_view number = row.cells[2];
    const char* end = number.data() + number.size();
    const auto parsed = std::from_chars(number.data(), end, size.bytes);
    if (parsed.ec != std::errc{} || parsed.ptr != end || size.bytes == 0)
      return tl::make_unexpected(
          bad_line(file, row.line, "\"" + std::string(number) + "\" is no number of bytes"));
    rules.image_sizes.push_back(std::move(size));
  }
  return {};
}

}  // namespace muslcheck::rules
