// Reads rules/runtimes.json and rules/targets/image-tags.tsv: the runtimes of official images, and
// which tag of such an image brings the same version on Alpine.

#include <tuple>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "rules/json_reader.hpp"
#include "rules/parts.hpp"
#include "rules/tsv.hpp"

namespace muslcheck::rules {
namespace {

std::vector<std::string> optional_texts(const JsonObject& object, std::string_view key) {
  return object.has(key) ? object.texts(key, ListOrder::given) : std::vector<std::string>();
}

std::vector<std::string> required_texts(const JsonObject& object, std::string_view key) {
  std::vector<std::string> texts = object.texts(key, ListOrder::given);
  if (texts.empty()) object.fail(key, "must not be empty");
  return texts;
}

model::RuntimeFlavour read_flavour(const JsonObject& object) {
  object.allow_only({"suffix", "with", "without"});
  return {.suffix = object.optional_text("suffix"),
          .with = object.optional_text("with"),
          .without = object.optional_text("without")};
}

model::RuntimeRecogniser read_runtime(const JsonObject& object) {
  object.allow_only({"id", "name", "image", "env", "homes", "others", "programs", "version_folder",
                     "brings", "also", "keeps", "packages", "debian_packages", "flavours",
                     "tag_pattern", "sources"});
  model::RuntimeRecogniser runtime;
  runtime.id = object.text("id");
  runtime.name = object.text("name");
  runtime.image = object.text("image");
  runtime.env = required_texts(object, "env");
  runtime.homes = required_texts(object, "homes");
  runtime.others = optional_texts(object, "others");
  runtime.programs = required_texts(object, "programs");
  runtime.version_folder = object.optional_text("version_folder");
  runtime.brings = required_texts(object, "brings");
  runtime.also = optional_texts(object, "also");
  runtime.keeps = optional_texts(object, "keeps");
  runtime.packages = optional_texts(object, "packages");
  runtime.debian_packages = optional_texts(object, "debian_packages");
  if (object.has("flavours"))
    for (const JsonObject& flavour : object.objects("flavours"))
      runtime.flavours.push_back(read_flavour(flavour));
  runtime.tag_pattern = object.optional_text("tag_pattern");
  (void)required_texts(object, "sources");
  return runtime;
}

}  // namespace

core::Result<void> read_runtimes(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "runtimes"});
    for (const JsonObject& object : top.objects("runtimes")) {
      model::RuntimeRecogniser runtime = read_runtime(object);
      const auto is_same = [&](const auto& other) { return other.id == runtime.id; };
      if (core::find_where(rules.runtimes, is_same) != nullptr)
        object.fail("id", runtime.id + " is used twice");
      rules.runtimes.push_back(std::move(runtime));
    }
  };
  return read_json(file, text, read);
}

core::Result<void> read_image_tags(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows = read_tsv(file, text, {"image", "alpine", "release", "glibc"});
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    model::ImageTag tag{.image = std::string(row.cells[0]),
                        .alpine = std::string(row.cells[1]),
                        .release = std::string(row.cells[2])};
    for (const std::string_view glibc : core::split(row.cells[3], ' '))
      tag.glibc.emplace_back(glibc);
    if (rules.find_release(tag.release) == nullptr)
      return tl::make_unexpected(
          bad_line(file, row.line, "unknown release \"" + tag.release + "\""));
    const auto key = [](const model::ImageTag& t) { return std::tie(t.image, t.alpine); };
    if (!rules.image_tags.empty() && !(key(rules.image_tags.back()) < key(tag)))
      return tl::make_unexpected(
          bad_line(file, row.line, "\"" + tag.alpine + "\" is out of order or there twice"));
    rules.image_tags.push_back(std::move(tag));
  }
  return {};
}

}  // namespace muslcheck::rules
