// deps.json (dotnet/sdk, documentation/specs/runtime-configuration-file.md) lists, per target
// framework, the libraries that an application was published with, and of each the files by kind.
// `native` are files for what the application was published for; `runtimeTargets` are those of a
// portable application, each with the RID that it is for and its kind.
//
// Where the host looks for a file (dotnet/runtime, src/native/corehost/hostpolicy/deps_entry.cpp):
// one of runtimeTargets at its path below the application's folder; all others at `localPath`, else
// by their file name alone in that folder, but those of a runtime pack at their path.

#include "nuget_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 8;

core::Result<json> parse_object(std::string_view text) {
  if (text.size() > core::limits::kMaxDepsJson)
    return core::fail(core::ErrorCode::limit_exceeded, "dotnet-json-too-large",
                      "larger than " + std::to_string(core::limits::kMaxDepsJson) + " bytes");
  try {
    // hostfxr skips a byte order mark.
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    json value = json::parse(core::shallow_json(text, kMaxDepth));
    if (value.is_object()) return value;
  } catch (const json::exception& error) {
    return core::fail(core::ErrorCode::malformed, "dotnet-json-invalid",
                      core::json_complaint(error.what()));
  }
  return core::fail(core::ErrorCode::malformed, "dotnet-json-invalid", "not an object");
}

/// The member if it is an object, else an empty one.
const json& object_at(const json& value, const std::string& key) {
  static const json kEmpty = json::object();
  const auto found = value.is_object() ? value.find(key) : value.end();
  return found == value.end() || !found->is_object() ? kEmpty : *found;
}

/// The member if it is a text that may stand in a report, else "".
std::string text_at(const json& value, const std::string& key) {
  const auto found = value.is_object() ? value.find(key) : value.end();
  if (found == value.end() || !found->is_string()) return {};
  const auto& text = found->get_ref<const std::string&>();
  return text.size() > core::limits::kMaxPackageField ? std::string() : text;
}

/// NuGet marks a folder that is empty on purpose with a file of this name; hostpolicy ignores it.
bool is_placeholder(std::string_view path) { return core::file_name(path) == "_._"; }

void add_native(const json& target, DepsLibrary& library) {
  for (const auto& [path, asset] : object_at(target, "native").items()) {
    if (library.native.size() == core::limits::kMaxDependencies) return;
    std::string place = text_at(asset, "localPath");
    if (place.empty()) place = library.type == "runtimepack" ? path : core::file_name(path);
    if (!is_placeholder(place)) library.native.push_back(std::move(place));
  }
}

void add_runtime_targets(const json& target, DepsLibrary& library) {
  for (const auto& [path, asset] : object_at(target, "runtimeTargets").items()) {
    if (library.native_for_rid.size() == core::limits::kMaxDependencies) return;
    std::string rid = text_at(asset, "rid");
    if (core::lower(text_at(asset, "assetType")) != "native" || rid.empty() || is_placeholder(path))
      continue;
    library.native_for_rid.emplace_back(std::move(rid), path);
  }
}

/// One "NAME/VERSION" of the target; no name: not a library of a kind that is reported.
DepsLibrary read_library(const std::string& key, const json& target, const json& libraries) {
  constexpr std::string_view kPack = "runtimepack.";
  DepsLibrary library;
  const std::size_t slash = key.find('/');
  library.type = core::lower(text_at(object_at(libraries, key), "type"));
  const bool is_known =
      library.type == "package" || library.type == "project" || library.type == "runtimepack";
  if (slash == std::string::npos || key.size() > core::limits::kMaxPackageField || !is_known)
    return library;
  library.name = key.substr(0, slash);
  library.version = key.substr(slash + 1);
  if (library.name.starts_with(kPack)) library.name.erase(0, kPack.size());
  for (const auto& [name, version] : object_at(target, "dependencies").items())
    if (library.dependencies.size() < core::limits::kMaxDependencies)
      library.dependencies.push_back(name.starts_with(kPack) ? name.substr(kPack.size()) : name);
  add_native(target, library);
  add_runtime_targets(target, library);
  return library;
}

/// `major` of "8.0.11"; 0 for what begins with no number.
int major_of(std::string_view version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return std::max(major, 0);
}

/// Written as a boolean by the SDK, as a text by people.
bool is_switched_on(const json& properties, const char* name) {
  const auto value = properties.find(name);
  return value != properties.end() && (*value == json(true) || *value == json("true"));
}

void read_framework(const json& framework, RuntimeConfig& config) {
  if (text_at(framework, "name") == "Microsoft.NETCore.App" || config.major == 0)
    config.major = major_of(text_at(framework, "version"));
}

}  // namespace

core::Result<DepsFile> parse_deps_json(std::string_view text) {
  const auto value = parse_object(text);
  if (!value) return tl::make_unexpected(value.error());
  const auto target = value->find("runtimeTarget");
  std::string name;
  if (target != value->end())
    name = target->is_string() ? text_at(*value, "runtimeTarget") : text_at(*target, "name");
  if (name.empty())
    return core::fail(core::ErrorCode::malformed, "dotnet-json-invalid",
                      "it names no runtimeTarget");
  DepsFile deps;
  if (const std::size_t slash = name.find('/'); slash != std::string::npos)
    deps.rid = name.substr(slash + 1);
  const json& libraries = object_at(*value, "libraries");
  for (const auto& [key, entry] : object_at(object_at(*value, "targets"), name).items()) {
    if (deps.libraries.size() == core::limits::kMaxPackages) break;
    DepsLibrary library = read_library(key, entry, libraries);
    if (!library.name.empty()) deps.libraries.push_back(std::move(library));
  }
  return deps;
}

core::Result<RuntimeConfig> parse_runtime_config(std::string_view text) {
  const auto value = parse_object(text);
  if (!value) return tl::make_unexpected(value.error());
  const json& options = object_at(*value, "runtimeOptions");
  RuntimeConfig config;
  read_framework(object_at(options, "framework"), config);
  for (const char* key : {"frameworks", "includedFrameworks"}) {
    const auto list = options.find(key);
    if (list == options.end() || !list->is_array()) continue;
    for (const json& framework : *list) read_framework(framework, config);
    if (std::string_view(key) == "includedFrameworks") config.self_contained = true;
  }
  const json& properties = object_at(options, "configProperties");
  config.rid_graph = is_switched_on(properties, "System.Runtime.Loader.UseRidGraph");
  config.invariant = is_switched_on(properties, "System.Globalization.Invariant");
  return config;
}

}  // namespace muslcheck::packages
