// Profiles of targets that were measured. Such a file comes from wherever the user has it, so it is
// checked like a rule file and bounded besides: its size, the number of names, the depth of lists.

#include "muslcheck/rules/target_profile.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "rules/json_reader.hpp"

namespace muslcheck::rules {
namespace {

using model::Binding;
using model::SymbolType;

/// Objects in lists in the document, and one more to see that there is too much.
constexpr std::size_t kMaxDepth = 6;

struct TypeWord {
  std::string_view word;
  SymbolType type;
};
constexpr std::array kTypes{
    TypeWord{"none", SymbolType::none}, TypeWord{"object", SymbolType::object},
    TypeWord{"function", SymbolType::function}, TypeWord{"tls", SymbolType::tls}};

std::string word_of(SymbolType type) {
  const TypeWord* found =
      core::find_where(kTypes, [&](const TypeWord& entry) { return entry.type == type; });
  return std::string(found == nullptr ? "none" : found->word);
}

// ---- Writing ---------------------------------------------------------------------------------

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json symbol_json(const ProfileSymbol& symbol) {
  return {{"name", symbol.name},
          {"type", word_of(symbol.type)},
          {"binding", symbol.binding == Binding::weak ? "weak" : "global"}};
}

Json library_json(const ProfileLibrary& library) {
  Json json{{"soname", library.soname}};
  if (!library.apk.empty()) json["apk"] = library.apk;
  json["inBase"] = library.in_base;
  if (library.has_exports) json["exports"] = library.exports;
  return json;
}

/// One element a line: a profile has thousands, and people compare two of them.
template <typename List, typename ToJson>
std::string lines_of(const List& list, ToJson to_json) {
  std::string text = "[";
  for (const auto& element : list)
    text += (text.size() == 1 ? "\n  " : ",\n  ") + text_of(to_json(element));
  return text + (list.empty() ? "]" : "\n ]");
}

// ---- Reading ---------------------------------------------------------------------------------

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= core::limits::kMaxPackageField &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

SymbolType read_type(const JsonObject& object) {
  const std::string word = object.text("type");
  const TypeWord* found =
      core::find_where(kTypes, [&](const TypeWord& entry) { return entry.word == word; });
  if (found != nullptr) return found->type;
  object.fail("type", "must be none, object, function or tls");
  return SymbolType::none;
}

Binding read_binding(const JsonObject& object) {
  const std::string word = object.text("binding");
  if (word != "global" && word != "weak") object.fail("binding", "must be global or weak");
  return word == "weak" ? Binding::weak : Binding::global;
}

/// Counts what a profile holds against the limits.
class Counter {
 public:
  /// False from the first list that is too much.
  bool take(const JsonObject& where, std::string_view key) {
    names_ += where.size_of(key);
    if (names_ <= core::limits::kMaxProfileNames) return true;
    where.fail(key, "more than " + std::to_string(core::limits::kMaxProfileNames) + " names");
    return false;
  }

 private:
  std::size_t names_ = 0;
};

std::vector<ProfileSymbol> read_symbols(const JsonObject& top, Counter& counter) {
  std::vector<ProfileSymbol> symbols;
  std::unordered_set<std::string> names;
  if (!counter.take(top, "symbols")) return symbols;
  for (const JsonObject& object : top.objects("symbols")) {
    object.allow_only({"name", "type", "binding"});
    symbols.push_back({object.text("name"), read_type(object), read_binding(object)});
    if (!names.insert(symbols.back().name).second) object.fail("name", "is there twice");
  }
  return symbols;
}

ProfileLibrary read_library(const JsonObject& object, Counter& counter) {
  object.allow_only({"soname", "apk", "inBase", "exports"});
  ProfileLibrary library{.soname = object.text("soname"),
                         .apk = object.optional_text("apk"),
                         .in_base = object.boolean("inBase"),
                         .has_exports = object.has("exports"),
                         .exports = {}};
  if (library.soname.find('/') != std::string::npos)
    object.fail("soname", "must be a file name without folders");
  if (library.has_exports && counter.take(object, "exports"))
    library.exports = object.texts("exports", ListOrder::sorted);
  return library;
}

std::vector<ProfileLibrary> read_libraries(const JsonObject& top, Counter& counter) {
  std::vector<ProfileLibrary> libraries;
  std::unordered_set<std::string> names;
  if (top.size_of("libraries") > core::limits::kMaxProfileLibraries) {
    top.fail("libraries", "more than " + std::to_string(core::limits::kMaxProfileLibraries));
    return libraries;
  }
  for (const JsonObject& object : top.objects("libraries")) {
    libraries.push_back(read_library(object, counter));
    if (!names.insert(libraries.back().soname).second) object.fail("soname", "is there twice");
  }
  return libraries;
}

TargetProfile read_profile(const JsonObject& top) {
  top.allow_only({"profileVersion", "provenance", "name", "release", "arch", "musl", "muslPackage",
                  "gcc", "symbols", "libraries"});
  Counter counter;
  TargetProfile profile{.provenance = top.text("provenance"),
                        .name = top.text("name"),
                        .release = top.optional_text("release"),
                        .arch = top.text("arch"),
                        .musl = top.text("musl"),
                        .musl_package = top.optional_text("muslPackage"),
                        .gcc = top.optional_text("gcc"),
                        .symbols = read_symbols(top, counter),
                        .libraries = read_libraries(top, counter)};
  if (!is_version(profile.musl)) top.fail("musl", "must be a version such as 1.2.5");
  if (!profile.release.empty() && !is_version(profile.release))
    top.fail("release", "must be a release of Alpine such as 3.22");
  if (profile.symbols.empty() && profile.release.empty())
    top.fail("symbols", "must not be empty without a release that has them");
  return profile;
}

/// Said before anything else: with another version all else may be different.
std::string version_complaint(const JsonObject& top) {
  if (!top.has("profileVersion"))
    return "is no target profile: it has no profileVersion (muslcheck target import makes one)";
  const int version = top.number("profileVersion");
  if (version == kProfileVersion) return {};
  return "has profileVersion " + std::to_string(version) + "; this program reads " +
         std::to_string(kProfileVersion);
}

/// A parsed value takes far more memory than the two characters that it may be written with. A
/// symbol, which has the most, has three texts.
bool has_few_values(std::string_view text) {
  constexpr std::size_t kMaxCommas = 4 * core::limits::kMaxProfileNames;
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) <= kMaxCommas;
}

tl::unexpected<core::Error> too_large(std::string_view file) {
  return core::fail(
      core::ErrorCode::limit_exceeded, "file-too-large",
      "larger than a target profile may be: " + std::to_string(core::limits::kMaxTargetProfile) +
          " bytes, " + std::to_string(core::limits::kMaxProfileNames) + " names",
      std::string(file));
}

}  // namespace

std::string write_target_profile(const TargetProfile& profile) {
  Json head{{"profileVersion", kProfileVersion},
            {"provenance", profile.provenance},
            {"name", profile.name}};
  if (!profile.release.empty()) head["release"] = profile.release;
  head["arch"] = profile.arch;
  head["musl"] = profile.musl;
  if (!profile.musl_package.empty()) head["muslPackage"] = profile.musl_package;
  if (!profile.gcc.empty()) head["gcc"] = profile.gcc;
  std::string text = "{";
  for (const auto& [key, value] : head.items())
    text += "\n " + text_of(key) + ": " + text_of(value) + ",";
  text += "\n \"symbols\": " + lines_of(profile.symbols, symbol_json) + ",";
  text += "\n \"libraries\": " + lines_of(profile.libraries, library_json);
  return text + "\n}\n";
}

core::Result<TargetProfile> parse_target_profile(std::string_view file, std::string_view text) {
  if (text.size() > core::limits::kMaxTargetProfile || !has_few_values(text))
    return too_large(file);
  TargetProfile profile;
  std::string version;
  const auto read =
      read_plain_json(file, core::shallow_json(text, kMaxDepth), [&](const JsonObject& top) {
        version = version_complaint(top);
        if (version.empty()) profile = read_profile(top);
      });
  if (!read) return tl::make_unexpected(read.error());
  if (!version.empty())
    return core::fail(core::ErrorCode::unsupported, "profile-version", version, std::string(file));
  return profile;
}

core::Result<TargetProfile> read_target_profile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return core::fail(core::ErrorCode::not_found, "open", "cannot read: no such file", path);
  // Neither a folder, nor a pipe that nobody writes to.
  if (!std::filesystem::is_regular_file(path, error))
    return core::fail(core::ErrorCode::unsupported, "not-a-regular-file", "not a regular file",
                      path);
  if (std::filesystem::file_size(path, error) > core::limits::kMaxTargetProfile)
    return too_large(path);
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.is_open() || stream.bad())
    return core::fail(core::ErrorCode::io, "open", "cannot read", path);
  return parse_target_profile(path, text);
}

}  // namespace muslcheck::rules
