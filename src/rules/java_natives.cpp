// Reads rules/java-natives.json: which file of their jars Java libraries take, with and without
// musl.

#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

model::Confidence read_confidence(const JsonObject& object) {
  const std::string word = object.text("confidence");
  for (const auto confidence :
       {model::Confidence::certain, model::Confidence::likely, model::Confidence::hint})
    if (word == name_of(confidence)) return confidence;
  object.fail("confidence", "must be certain, likely or hint");
  return model::Confidence::hint;
}

std::map<std::string, std::string, std::less<>> read_arches(const JsonObject& object) {
  std::map<std::string, std::string, std::less<>> arches;
  const JsonObject words = object.object("arches");
  for (const std::string& arch : words.keys()) arches.emplace(arch, words.optional_text(arch));
  if (arches.empty()) object.fail("arches", "must not be empty");
  return arches;
}

model::JavaMuslVariant read_variant(const JsonObject& object, const model::JavaNative& native) {
  object.allow_only({"file", "since", "arches", "message"});
  model::JavaMuslVariant variant{.file = object.text("file"),
                                 .since = object.text("since"),
                                 .arches = object.texts("arches", ListOrder::sorted),
                                 .message = object.text("message")};
  if (variant.file.find_first_of("*?") != std::string::npos)
    object.fail("file", "must be one file, no glob");
  for (const std::string& arch : variant.arches)
    if (!native.arches.contains(arch)) object.fail("arches", arch + " is no arch of the library");
  return variant;
}

model::Remedy read_remedy(const JsonObject& object) {
  object.allow_only({"kind", "text"});
  return {.kind = object.text("kind"), .text = object.text("text"), .command = {}};
}

model::JavaNative read_native(const JsonObject& object) {
  object.allow_only(
      {"id", "packages", "folder", "file", "arches", "musl", "confidence", "remedy", "sources"});
  model::JavaNative native;
  native.id = object.text("id");
  native.packages = object.texts("packages", ListOrder::sorted);
  native.folder = object.optional_text("folder");
  native.file = object.text("file");
  native.arches = read_arches(object);
  if (object.has("musl"))
    for (const JsonObject& variant : object.objects("musl"))
      native.musl.push_back(read_variant(variant, native));
  native.confidence = read_confidence(object);
  if (object.has("remedy")) native.remedy = read_remedy(object.object("remedy"));
  if (object.texts("sources", ListOrder::given).empty())
    object.fail("sources", "must not be empty");
  return native;
}

}  // namespace

core::Result<void> read_java_natives(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "libraries"});
    for (const JsonObject& object : top.objects("libraries")) {
      model::JavaNative native = read_native(object);
      if (!rules.java_natives.empty() && rules.java_natives.back().id >= native.id)
        object.fail("id", native.id + " is out of order");
      rules.java_natives.push_back(std::move(native));
    }
    if (rules.java_natives.empty()) top.fail("libraries", "must not be empty");
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
