// Reads rules/checks/*.json: what a finding is called, how bad it is, and what it says. The code
// that applies a check is chosen by its kind (see src/checks). And rules/remedies/, which knows
// better than a check what to do about a package of npm, PyPI or NuGet.

#include <array>
#include <span>

#include "muslcheck/core/search.hpp"
#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

using Placeholders = std::span<const std::string_view>;

constexpr std::array<std::string_view, 13> kPlaceholders{
    "path", "subject", "symbols", "count", "host",  "target", "arch",
    "apk",  "library", "package", "musl",  "place", "advice"};
constexpr std::array<std::string_view, 10> kNpmPlaceholders{
    "parent", "of_parent",          "manager", "clean_install", "musl_package",
    "cpu",    "first_musl_version", "package", "target",        "musl"};
constexpr std::array<std::string_view, 7> kPypiPlaceholders{
    "package", "wheels", "wheel_arch", "python_apk", "python_build", "target", "musl"};
constexpr std::array<std::string_view, 6> kNugetPlaceholders{"package", "direct", "replacement",
                                                             "rid",     "target", "musl"};
/// purl types of packages that this program knows.
constexpr std::array<std::string_view, 12> kEcosystems{"apk", "cargo", "composer", "conda",
                                                       "deb", "gem",   "golang",   "maven",
                                                       "npm", "nuget", "pypi",     "rpm"};
constexpr std::array<std::string_view, 7> kRemedyKinds{"reinstall", "apk",  "rebuild", "upgrade",
                                                       "replace",   "stay", "inspect"};

bool is_rule_id(std::string_view id) {
  return id.size() == 5 && id.starts_with("MC") &&
         id.find_first_not_of("0123456789", 2) == std::string_view::npos;
}

bool is_word_name(std::string_view name) {
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
             std::string_view::npos &&
         !name.starts_with('-') && !name.ends_with('-');
}

/// The first placeholder that nothing will fill, or "".
std::string unknown_placeholder(std::string_view text, Placeholders known) {
  for (std::size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return std::string(text.substr(open));
    if (!core::contains(known, text.substr(open + 1, close - open - 1)))
      return std::string(text.substr(open, close - open + 1));
  }
  return {};
}

std::string read_template(const JsonObject& object, std::string_view key, bool required,
                          Placeholders known = kPlaceholders) {
  std::string text = required ? object.text(key) : object.optional_text(key);
  if (const std::string unknown = unknown_placeholder(text, known); !unknown.empty())
    object.fail(key, "unknown placeholder " + unknown);
  return text;
}

model::Severity read_severity(const JsonObject& object) {
  const std::string word = object.text("severity");
  for (const auto severity :
       {model::Severity::note, model::Severity::warning, model::Severity::error})
    if (word == name_of(severity)) return severity;
  object.fail("severity", "must be error, warning or note");
  return model::Severity::note;
}

model::Remedy read_remedy(const JsonObject& object, Placeholders known = kPlaceholders) {
  object.allow_only({"kind", "text", "command"});
  model::Remedy remedy{.kind = object.text("kind"),
                       .text = read_template(object, "text", true, known),
                       .command = read_template(object, "command", false, known)};
  if (!core::contains(kRemedyKinds, remedy.kind)) object.fail("kind", "unknown kind of remedy");
  return remedy;
}

std::vector<std::string> read_symbols(const JsonObject& object, const std::string& kind) {
  if (!object.has("symbols")) {
    if (kind == "symbols") object.fail("symbols", "is missing");
    return {};
  }
  if (!kind.starts_with("symbols")) object.fail("symbols", "has no meaning for this kind of check");
  return object.texts("symbols", ListOrder::sorted);
}

std::vector<std::string> read_paths(const JsonObject& object, const std::string& kind) {
  if (!object.has("paths")) return {};
  if (kind != "wrong-architecture") object.fail("paths", "has no meaning for this kind of check");
  return object.texts("paths", ListOrder::sorted);
}

std::vector<std::string> read_packages(const JsonObject& object, const std::string& kind) {
  if (!object.has("packages")) return {};
  if (kind != "installed-packages")
    object.fail("packages", "has no meaning for this kind of check");
  return object.texts("packages", ListOrder::sorted);
}

std::map<std::string, model::Remedy, std::less<>> read_remedies(const JsonObject& object) {
  std::map<std::string, model::Remedy, std::less<>> remedies;
  if (!object.has("remedies")) return remedies;
  const JsonObject by_ecosystem = object.object("remedies");
  for (const std::string& ecosystem : by_ecosystem.keys()) {
    if (!core::contains(kEcosystems, ecosystem))
      object.fail("remedies", "unknown ecosystem " + ecosystem);
    remedies.emplace(ecosystem, read_remedy(by_ecosystem.object(ecosystem)));
  }
  return remedies;
}

/// Checks over traits of modules, or of the image, are conditions and nothing else.
bool is_trait(std::string_view kind) { return kind == "module-trait" || kind == "image-trait"; }

model::Confidence read_confidence(const JsonObject& object, const std::string& kind) {
  if (!object.has("confidence")) return model::Confidence::certain;
  if (!is_trait(kind)) object.fail("confidence", "has no meaning for this kind of check");
  const std::string word = object.text("confidence");
  for (const auto confidence :
       {model::Confidence::certain, model::Confidence::likely, model::Confidence::hint})
    if (word == name_of(confidence)) return confidence;
  object.fail("confidence", "must be certain, likely or hint");
  return model::Confidence::certain;
}

std::optional<Condition> read_when(const JsonObject& object, const std::string& kind,
                                   const RuleSet& rules) {
  if (!object.has("when")) {
    if (is_trait(kind)) object.fail("when", "is missing");
    return std::nullopt;
  }
  if (!is_trait(kind)) object.fail("when", "has no meaning for this kind of check");
  const JsonObject when = object.object("when");
  if (when.keys().empty()) object.fail("when", "must ask for something");
  return read_condition(when, rules);
}

std::vector<std::string> read_apk(const JsonObject& object, const Check& check) {
  const bool wanted = check.kind == "image-trait" && check.remedy.kind == "apk";
  if (!object.has("apk")) {
    if (wanted) object.fail("apk", "is missing");
    return {};
  }
  if (!wanted) object.fail("apk", "has no meaning for this kind of check");
  return object.texts("apk", ListOrder::sorted);
}

Check read_check(const JsonObject& object, const RuleSet& rules) {
  object.allow_only({"id", "name", "kind", "severity", "confidence", "title", "cause", "message",
                     "remedy", "remedies", "symbols", "paths", "packages", "when", "apk",
                     "references"});
  Check check;
  check.id = object.text("id");
  if (!is_rule_id(check.id)) object.fail("id", "must be MC and three digits");
  check.name = object.text("name");
  if (!is_word_name(check.name)) object.fail("name", "must be words joined with -");
  check.kind = object.text("kind");
  check.severity = read_severity(object);
  check.title = object.text("title");
  check.cause = object.text("cause");
  check.message = read_template(object, "message", true);
  check.remedy = read_remedy(object.object("remedy"));
  check.remedies = read_remedies(object);
  check.symbols = read_symbols(object, check.kind);
  check.paths = read_paths(object, check.kind);
  check.packages = read_packages(object, check.kind);
  check.when = read_when(object, check.kind, rules);
  check.confidence = read_confidence(object, check.kind);
  check.apk = read_apk(object, check);
  check.references = object.texts("references", ListOrder::given);
  return check;
}

void require_unique(const JsonObject& object, const Check& check, const RuleSet& rules) {
  for (const Check& other : rules.checks) {
    if (other.id == check.id) object.fail("id", check.id + " is used twice");
    if (other.name == check.name) object.fail("name", check.name + " is used twice");
  }
}

}  // namespace

core::Result<void> read_checks(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "checks"});
    for (const JsonObject& object : top.objects("checks")) {
      Check check = read_check(object, rules);
      require_unique(object, check, rules);
      rules.checks.push_back(std::move(check));
    }
  };
  return read_json(file, text, read);
}

core::Result<void> read_npm_remedies(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "remedies"});
    for (const JsonObject& object : top.objects("remedies")) {
      object.allow_only({"musl", "mechanism", "manager", "remedy"});
      rules.npm_remedies.push_back(
          {.musl = object.text("musl"),
           .mechanism = object.text("mechanism"),
           .manager = object.has("manager") ? object.text("manager") : "*",
           .remedy = read_remedy(object.object("remedy"), kNpmPlaceholders)});
    }
  };
  return read_json(file, text, read);
}

core::Result<void> read_pypi_remedies(std::string_view file, std::string_view text,
                                      RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "remedies"});
    for (const JsonObject& object : top.objects("remedies")) {
      object.allow_only({"musl", "apk", "remedy"});
      rules.pypi_remedies.push_back(
          {.musl = object.text("musl"),
           .apk = object.text("apk"),
           .remedy = read_remedy(object.object("remedy"), kPypiPlaceholders)});
    }
  };
  return read_json(file, text, read);
}

core::Result<void> read_nuget_remedies(std::string_view file, std::string_view text,
                                       RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "remedies"});
    for (const JsonObject& object : top.objects("remedies")) {
      object.allow_only({"kind", "musl", "replacement", "remedy"});
      rules.nuget_remedies.push_back(
          {.kind = object.text("kind"),
           .musl = object.text("musl"),
           .replacement = object.text("replacement"),
           .remedy = read_remedy(object.object("remedy"), kNugetPlaceholders)});
    }
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
