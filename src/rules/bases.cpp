// Reads rules/bases.json: what the history of official images looks like. A part may only be built
// on parts before it, so that whoever follows the parents comes to an end.

#include <algorithm>

#include "muslcheck/core/search.hpp"
#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

std::vector<std::string> optional_texts(const JsonObject& object, std::string_view key) {
  return object.has(key) ? object.texts(key, ListOrder::given) : std::vector<std::string>();
}

model::BaseStep read_step(const JsonObject& object) {
  object.allow_only({"layer", "mark", "optional"});
  model::BaseStep step;
  step.layer = object.has("layer");
  const char* kind = step.layer ? "layer" : "mark";
  if (step.layer && object.has("mark")) object.fail("mark", "a step is a layer or a mark");
  step.lines = object.texts(kind, ListOrder::given);
  if (step.lines.empty()) object.fail(kind, "must not be empty");
  // A line that begins with any text could be any line of the user's own.
  for (const std::string& line : step.lines)
    if (line.starts_with('*') || line.starts_with('?'))
      object.fail(kind, "must begin with an instruction");
  step.optional = object.has("optional") && object.boolean("optional");
  return step;
}

model::BaseParent read_parent(const JsonObject& object, const RuleSet& rules) {
  object.allow_only({"id", "suffix"});
  model::BaseParent parent{.id = object.text("id"), .suffix = object.optional_text("suffix")};
  const bool known = core::find_where(rules.bases, [&](const model::BaseRecogniser& base) {
                       return base.id == parent.id;
                     }) != nullptr;
  if (!known) object.fail("id", parent.id + " is no base before this one");
  return parent;
}

bool has_closed_braces(std::string_view name) {
  return std::count(name.begin(), name.end(), '{') == std::count(name.begin(), name.end(), '}');
}

model::BaseRecogniser read_base(const JsonObject& object, const RuleSet& rules) {
  object.allow_only({"id", "name", "os", "env", "cut", "parents", "steps", "sources", "notes"});
  model::BaseRecogniser base;
  base.id = object.text("id");
  base.name = object.optional_text("name");
  if (!has_closed_braces(base.name)) object.fail("name", "a brace is not closed");
  base.os = object.optional_text("os");
  base.env = optional_texts(object, "env");
  base.cut = optional_texts(object, "cut");
  if (object.has("parents"))
    for (const JsonObject& parent : object.objects("parents"))
      base.parents.push_back(read_parent(parent, rules));
  for (const JsonObject& step : object.objects("steps")) base.steps.push_back(read_step(step));
  const bool has_layer = core::find_where(base.steps, [](const model::BaseStep& step) {
                           return step.layer && !step.optional;
                         }) != nullptr;
  if (!has_layer) object.fail("steps", "no layer must be there");
  if (object.texts("sources", ListOrder::given).empty())
    object.fail("sources", "must not be empty");
  (void)optional_texts(object, "notes");
  return base;
}

}  // namespace

core::Result<void> read_bases(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "bases"});
    for (const JsonObject& object : top.objects("bases")) {
      model::BaseRecogniser base = read_base(object, rules);
      const auto same = [&](const model::BaseRecogniser& other) { return other.id == base.id; };
      if (core::find_where(rules.bases, same) != nullptr)
        object.fail("id", base.id + " is used twice");
      rules.bases.push_back(std::move(base));
    }
    if (rules.bases.empty()) top.fail("bases", "must not be empty");
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
