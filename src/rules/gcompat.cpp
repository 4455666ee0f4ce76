// Reads rules/targets/gcompat.json. Which version a release has is what a scan asks for, so that no
// release may have two.

#include "muslcheck/core/search.hpp"
#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

GcompatVersion read_version(const JsonObject& object, const RuleSet& rules) {
  object.allow_only({"version", "releases", "inferred", "symbols"});
  GcompatVersion version{.version = object.text("version"),
                         .releases = object.texts("releases", ListOrder::given),
                         .inferred = object.texts("inferred", ListOrder::given),
                         .symbols = object.texts("symbols", ListOrder::sorted)};
  for (const std::string& release : version.releases) {
    if (rules.find_release(release) == nullptr)
      object.fail("releases", "unknown release \"" + release + "\"");
    for (const GcompatVersion& other : rules.gcompat.versions)
      if (core::contains(other.releases, release))
        object.fail("releases", "release " + release + " has another version, too");
  }
  for (const std::string& release : version.inferred)
    if (!core::contains(version.releases, release))
      object.fail("inferred", release + " is not among the releases");
  return version;
}

}  // namespace

core::Result<void> read_gcompat(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "library", "sonames", "loaders", "caveats", "versions"});
    Gcompat& gcompat = rules.gcompat;
    gcompat.library = top.text("library");
    gcompat.sonames = top.texts("sonames", ListOrder::sorted);
    const JsonObject loaders = top.object("loaders");
    for (const std::string& arch : loaders.keys())
      gcompat.loaders.emplace(arch, loaders.texts(arch, ListOrder::given));
    const JsonObject caveats = top.object("caveats");
    for (const std::string& symbol : caveats.keys())
      gcompat.caveats.emplace(symbol, caveats.text(symbol));
    for (const JsonObject& object : top.objects("versions"))
      gcompat.versions.push_back(read_version(object, rules));
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
