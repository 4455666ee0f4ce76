// npm's lockfiles (docs.npmjs.com, package-lock.json).
//
//   version 1      "dependencies": {NAME: {version, requires: {NAME: RANGE}, dependencies: {...},
//                  dev}}, nested as node_modules folders are; nothing about the application itself
//   version 2, 3   "packages": {PATH: {version, dependencies, ..., dev}}; "" is the application,
//                  another path without node_modules a workspace. 2 has those of 1 too.
//
// node_modules/.package-lock.json is one of version 2 or 3 without "". Ranges need no reading: as
// in Node, a name means the nearest folder of that name.

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "lockfiles.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

using core::limits::kMaxPackageField;
using nlohmann::json;

constexpr std::string_view kFolder = "node_modules/";
constexpr std::size_t kMaxDepth = 64;  // 30 folders of version 1 in one another; npm makes 5

std::string text_member(const json& value, const char* key) {
  const auto found = value.find(key);
  if (found == value.end() || !found->is_string()) return {};
  const auto& text = found->get_ref<const std::string&>();
  return text.size() > kMaxPackageField ? std::string() : text;
}

bool is_true(const json& value, const char* key) {
  const auto found = value.find(key);
  return found != value.end() && found->is_boolean() && found->get<bool>();
}

const json* object_member(const json& value, const char* key) {
  const auto found = value.find(key);
  return found == value.end() || !found->is_object() ? nullptr : &*found;
}

/// A package under the path that it has below the application, and what is said of it.
struct Place {
  std::string path;
  const json* value = nullptr;
};

class Reader {
 public:
  Lockfile read(const json& document) {
    const json* packages = object_member(document, "packages");
    if (packages != nullptr)
      find_packages(*packages);
    else if (const json* dependencies = object_member(document, "dependencies"))
      find_dependencies(*dependencies);
    builder_.lockfile().marks_development = true;
    for (const auto& [path, value] : places_) add(path, *value);
    for (const auto& [path, value] : places_) connect(path, *value);
    return std::move(builder_.lockfile());
  }

 private:
  void place(std::string path, const json& value) {
    if (!value.is_object() || path.size() > core::limits::kMaxPathLength ||
        places_.size() == core::limits::kMaxPackages)
      return;
    places_.push_back({std::move(path), &value});
  }

  void find_packages(const json& packages) {
    for (const auto& [path, value] : packages.items()) place(path, value);
  }

  /// Version 1 as paths of version 2. The list of places grows while it is walked.
  void find_dependencies(const json& top) {
    const auto add_level = [&](const std::string& above, const json& level) {
      for (const auto& [name, value] : level.items())
        place(above + std::string(kFolder) + name, value);
    };
    add_level("", top);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const std::string above = places_[i].path + "/";
      if (const json* inner = object_member(*places_[i].value, "dependencies"))
        add_level(above, *inner);
    }
    nested_ = true;
  }

  [[nodiscard]] static bool is_installed(std::string_view path) {
    return path.find(kFolder) != std::string_view::npos;
  }

  void add(const std::string& path, const json& value) {
    // A link is a workspace, which has an entry of its own.
    if (!is_installed(path) || is_true(value, "link")) return;
    std::string name = text_member(value, "name");
    if (name.empty()) name = path.substr(path.rfind(kFolder) + kFolder.size());
    std::string version = text_member(value, "version");
    constexpr std::string_view kAlias = "npm:";
    if (version.starts_with(kAlias)) {
      const std::size_t at = version.rfind('@');
      if (at == std::string::npos || at <= kAlias.size()) return;
      name = version.substr(kAlias.size(), at - kAlias.size());
      version.erase(0, at + 1);
    }
    const std::size_t number = builder_.add(path, name, version);
    builder_.lockfile().packages[number].development = is_true(value, "dev");
  }

  void connect(const std::string& path, const json& value) {
    Lockfile& lockfile = builder_.lockfile();
    const std::size_t* number = builder_.find(path);
    if (number == nullptr) {
      // The application or a workspace. npm writes its optional dependencies separately.
      if (nested_ || is_installed(path)) return;
      for (const char* key : {"dependencies", "optionalDependencies"})
        connect_all(path, value, key, lockfile.direct);
      return connect_all(path, value, "devDependencies", lockfile.development);
    }
    // "dependencies" of version 1 are the folders inside.
    connect_all(path, value, nested_ ? "requires" : "dependencies", lockfile.needs[*number]);
    if (nested_) return;
    connect_all(path, value, "optionalDependencies", lockfile.needs[*number]);
    connect_all(path, value, "peerDependencies", lockfile.peers[*number]);
  }

  void connect_all(const std::string& path, const json& value, const char* key,
                   std::vector<std::size_t>& list) {
    const json* names = object_member(value, key);
    if (names == nullptr) return;
    for (const auto& [name, range] : names->items())
      if (const std::size_t* target = resolve(path, name); target != nullptr)
        builder_.connect(list, *target);
  }

  /// The nearest node_modules folder at or above `path` that has the name.
  const std::size_t* resolve(std::string path, const std::string& name) {
    for (;;) {
      if (lookups_++ >= core::limits::kMaxDependencyLookups) return nullptr;
      const std::string below = path.empty() ? path : path + "/";
      if (const std::size_t* found = builder_.find(below + std::string(kFolder) + name))
        return found;
      if (path.empty()) return nullptr;
      // From a workspace straight to the application: npm has no folders between them.
      const std::size_t folder = path.rfind("/" + std::string(kFolder));
      path.resize(folder == std::string::npos ? 0 : folder);
    }
  }

  LockfileBuilder builder_;
  std::vector<Place> places_;
  std::uint64_t lookups_ = 0;
  bool nested_ = false;  ///< version 1
};

}  // namespace

core::Result<Lockfile> read_npm_lock(std::string_view text) {
  json document;
  try {
    document = json::parse(core::shallow_json(text, kMaxDepth));
  } catch (const json::exception& error) {
    return not_a_lockfile(core::json_complaint(error.what()));
  }
  if (!document.is_object()) return not_a_lockfile("not an object");
  return Reader().read(document);
}

}  // namespace muslcheck::packages
