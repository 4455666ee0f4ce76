// Reads rules/hosts.json: the programs that dlopen modules, what their modules are recognised by,
// and how they call dlopen.

#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

model::DlopenMode read_mode(const JsonObject& object) {
  const std::string word = object.text("mode");
  if (word == "lazy") return model::DlopenMode::lazy;
  if (word == "preload") return model::DlopenMode::preload;
  if (word != "now") object.fail("mode", "must be now (RTLD_NOW), lazy (RTLD_LAZY) or preload");
  return model::DlopenMode::now;
}

model::Host read_host(const JsonObject& object) {
  object.allow_only({"id", "name", "mode", "global", "imports", "exports", "paths", "executables",
                     "environment", "absent_on_musl", "brings", "provides", "own_libraries",
                     "loaded_before", "sources", "notes"});
  model::Host host;
  host.id = object.text("id");
  host.name = object.text("name");
  host.mode = read_mode(object);
  host.global = object.boolean("global");
  host.imports = object.texts("imports", ListOrder::given);
  host.exports = object.texts("exports", ListOrder::given);
  host.paths = object.texts("paths", ListOrder::given);
  host.executables = object.texts("executables", ListOrder::given);
  if (object.has("environment")) host.environment = object.texts("environment", ListOrder::given);
  host.absent_on_musl = object.optional_text("absent_on_musl");
  if (object.has("brings")) host.brings = object.texts("brings", ListOrder::given);
  host.provides = object.texts("provides", ListOrder::given);
  if (object.has("own_libraries"))
    host.own_libraries = object.texts("own_libraries", ListOrder::given);
  host.loaded_before = object.texts("loaded_before", ListOrder::given);
  if (object.texts("sources", ListOrder::given).empty())
    object.fail("sources", "must not be empty");
  if (object.has("notes")) (void)object.texts("notes", ListOrder::given);
  if (host.imports.empty() && host.exports.empty() && host.paths.empty() &&
      host.environment.empty())
    object.fail("imports", "nothing recognises a module of this host");
  return host;
}

}  // namespace

core::Result<void> read_hosts(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "hosts"});
    for (const JsonObject& object : top.objects("hosts")) {
      model::Host host = read_host(object);
      if (rules.find_host(host.id) != nullptr) object.fail("id", host.id + " is used twice");
      rules.hosts.push_back(std::move(host));
    }
    if (rules.hosts.empty()) top.fail("hosts", "must not be empty");
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
