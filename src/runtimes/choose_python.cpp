// Which extension module CPython imports.
//
// `import a.b` looks in the folder of `a` for b/__init__.py, then for b + suffix with each suffix
// of importlib.machinery.all_suffixes(): the extension suffixes first, then .py, then .pyc
// (Lib/importlib/_bootstrap_external.py, FileFinder.find_spec, _get_supported_file_loaders). The
// extension suffixes are ".SOABI.so", ".abi3.so" and ".so" (Python/dynload_shlib.c). SOABI names
// version and platform: "cpython-311-x86_64-linux-gnu" on glibc.
//
// CPython built for musl has "-linux-musl" in it since 3.11 (python/cpython#24502; the official
// images follow: coveragepy#1268 shows 3.10-alpine with gnu, numpy#30024 3.12 with musl). So from
// 3.11 on a file that a glibc Python named is not looked at, whatever its ELF says, while those of
// 3.10 and older, and .abi3.so and .so of all, are taken and are the dynamic loader's to judge.
//
// A shared object that setuptools built for ctypes bears the suffix too but is opened by its path:
// only one that exports PyInit_NAME is taken for a module.

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "choosers.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/model/python_package.hpp"

namespace muslcheck::runtimes {
namespace {

using filesystem::FileTree;

constexpr int kFirstWithMusl = 11;
constexpr std::string_view kTag = ".cpython-3";
constexpr std::string_view kSuffix = ".so";

/// "etree.cpython-311-x86_64-linux-gnu.so" taken apart.
struct ExtensionName {
  std::string_view stem;      ///< "etree"
  std::string_view version;   ///< "311", with the ABI flags of builds that have them ("313t")
  std::string_view platform;  ///< "x86_64-linux-gnu"
  int minor = 0;              ///< 11
};

std::optional<ExtensionName> parse_extension_name(std::string_view name) {
  const std::size_t tag = name.find(kTag);
  if (tag == std::string_view::npos || tag == 0 || !name.ends_with(kSuffix)) return std::nullopt;
  ExtensionName parts;
  parts.stem = name.substr(0, tag);
  name.remove_suffix(kSuffix.size());
  const std::string_view rest = name.substr(tag + kTag.size() - 1);  // "311-x86_64-linux-gnu"
  const std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  parts.version = rest.substr(0, dash);
  parts.platform = rest.substr(dash + 1);
  const auto [end, error] = std::from_chars(
      parts.version.data() + 1, parts.version.data() + parts.version.size(), parts.minor);
  if (error != std::errc{} || parts.minor < 0) return std::nullopt;
  return parts;
}

struct Platform {
  std::string_view arch;    ///< Alpine's word
  std::string_view python;  ///< PLATFORM_TRIPLET of CPython's configure
};

constexpr std::array kPlatforms{
    Platform{"aarch64", "aarch64-linux-musl"},
    Platform{"armhf", "arm-linux-musleabihf"},
    Platform{"armv7", "arm-linux-musleabihf"},
    Platform{"loongarch64", "loongarch64-linux-musl"},
    Platform{"ppc64le", "powerpc64le-linux-musl"},
    Platform{"riscv64", "riscv64-linux-musl"},
    Platform{"s390x", "s390x-linux-musl"},
    Platform{"x86", "i386-linux-musl"},
    Platform{"x86_64", "x86_64-linux-musl"},
};

std::string musl_platform(std::string_view arch) {
  const Platform* known =
      core::find_where(kPlatforms, [&](const Platform& p) { return p.arch == arch; });
  return known == nullptr ? std::string(arch) + "-linux-musl" : std::string(known->python);
}

bool is_module(const model::ElfFacts& facts, std::string_view stem) {
  const std::string entry_point = "PyInit_" + std::string(stem);
  return core::find_where(facts.symbols, [&](const model::Symbol& symbol) {
           return symbol.defined && symbol.name == entry_point;
         }) != nullptr;
}

/// True if there is a python3.MINOR in this folder's bin.
bool has_interpreter(const FileTree& tree, std::string_view prefix, int minor) {
  return tree.find(core::join_path(prefix, "bin/python3." + std::to_string(minor))) != nullptr;
}

/// The minor version whose site folder the file is in ("lib/python3.11/"), and the prefix of that.
struct SiteFolder {
  std::string_view prefix;
  int minor = 0;
};

std::optional<SiteFolder> find_site_folder(std::string_view path) {
  for (const std::string_view part : {"/lib/python3.", "/lib64/python3."}) {
    // The tree's root may be the environment.
    const bool at_root = path.starts_with(part.substr(1));
    const std::size_t at = at_root ? 0 : path.rfind(part);
    if (at == std::string_view::npos) continue;
    SiteFolder site{.prefix = path.substr(0, at)};
    const std::string_view digits = path.substr(at + part.size() - (at_root ? 1 : 0));
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), site.minor);
    if (error == std::errc{}) return site;
  }
  return std::nullopt;
}

/// Another minor version than the module's that is the only one to look at it; 0: none known.
int other_interpreter(const FileTree& tree, std::string_view path, int minor) {
  if (const auto site = find_site_folder(path)) {
    if (site->minor != minor) return site->minor;
    if (has_interpreter(tree, site->prefix, minor)) return 0;
  }
  constexpr int kNewestMinor = 30;
  int other = 0;
  for (const std::string_view prefix : {"usr/local", "usr"}) {
    if (has_interpreter(tree, prefix, minor)) return 0;
    for (int i = 0; i <= kNewestMinor; ++i)
      if (other == 0 && has_interpreter(tree, prefix, i)) other = i;
  }
  return other;
}

/// The module's file that is found instead of this one: empty if there is none.
std::string find_alternative(const ChoiceInput& input, const ExtensionName& name) {
  const std::string_view folder = core::parent_path(input.module.path);
  const std::string stem(name.stem);
  const std::string musl =
      ".cpython-" + std::string(name.version) + "-" + musl_platform(input.arch) + ".so";
  for (const std::string& suffix : {musl, std::string(".abi3.so"), std::string(".so"),
                                    std::string(".py"), std::string(".pyc")}) {
    std::string path = core::join_path(folder, stem + suffix);
    if (input.tree.find(path) != nullptr) return path;
  }
  return {};
}

/// The folder that Python imports from: where the package's metadata is, or by its usual name.
std::string_view site_of(const ChoiceInput& input) {
  const std::string_view path = input.module.path;
  if (input.module.package) {
    const model::Package& package = input.packages.packages[*input.module.package];
    const std::string_view site = core::parent_path(package.path);
    if (package.ecosystem == "pypi" && core::is_below(path, site)) return site;
  }
  for (const std::string_view name : {"/site-packages/", "/dist-packages/"})
    if (const std::size_t at = path.rfind(name); at != std::string_view::npos)
      return path.substr(0, at + name.size() - 1);
  return core::parent_path(path);
}

/// "lxml.etree": what is written in an import statement.
std::string dotted_name(const ChoiceInput& input, std::string_view stem) {
  const std::string_view site = site_of(input);
  std::string_view folder = core::parent_path(input.module.path);
  folder.remove_prefix(std::min(folder.size(), site.empty() ? 0 : site.size() + 1));
  std::string name(folder);
  std::replace(name.begin(), name.end(), '/', '.');
  return name + (name.empty() ? "" : ".") + std::string(stem);
}

/// What an import of the name alone says, which is how most packages do it.
std::string import_complaint(const ChoiceInput& input, const ExtensionName& name) {
  const std::string module = dotted_name(input, name.stem);
  const std::size_t dot = module.rfind('.');
  if (dot == std::string::npos) return {};
  const std::string package = module.substr(0, dot);
  const std::string stem(name.stem);
  return "; \"from " + package + " import " + stem + "\" says: ImportError: cannot import name '" +
         stem + "' from '" + package + "'";
}

model::Availability availability_of(const model::PythonPackage* known) {
  if (known == nullptr || known->musl == "unknown") return model::Availability::unknown;
  return known->musl == "yes" ? model::Availability::published : model::Availability::not_published;
}

std::string basis_of(const model::PythonPackage* known) {
  if (known == nullptr) return "nothing is known about musllinux wheels of this package";
  std::string basis = known->basis;
  if (known->musl == "yes") {
    basis += ": musllinux wheels are published";
    if (!known->first_musl_version.empty()) basis += " since " + known->first_musl_version;
  } else if (known->musl == "build") {
    basis += ": no wheels are published, it is built from source everywhere";
  } else if (known->musl == "no") {
    basis += ": no musllinux wheels are published";
  }
  return known->note.empty() ? basis : basis + "; " + known->note;
}

const model::PythonPackage* find_known(const ChoiceInput& input) {
  if (!input.module.package || input.python_packages == nullptr) return nullptr;
  const model::Package& package = input.packages.packages[*input.module.package];
  if (package.ecosystem != "pypi") return nullptr;
  return core::find_where(*input.python_packages, [&](const model::PythonPackage& known) {
    return known.name == package.name;
  });
}

model::MissingVariant make_missing(const ChoiceInput& input, const ExtensionName& name) {
  const model::PythonPackage* known = find_known(input);
  model::MissingVariant missing;
  // Without the version: the same finding for the next Python.
  missing.name = "*-" + musl_platform(input.arch) + ".so";
  missing.availability = availability_of(known);
  missing.basis = basis_of(known);
  missing.optional = known != nullptr && known->has_pure_python;
  // What the package catches, nobody sees.
  if (!missing.optional)
    missing.text = "ModuleNotFoundError: No module named '" + dotted_name(input, name.stem) + "'";
  return missing;
}

}  // namespace

std::optional<Choice> choose_python(const ChoiceInput& input) {
  const auto name = parse_extension_name(core::file_name(input.module.path));
  if (!name || !is_module(input.facts, name->stem)) return std::nullopt;
  Choice choice;
  const std::string version = "3." + std::to_string(name->minor);
  if (const int other = other_interpreter(input.tree, input.module.path, name->minor); other != 0) {
    choice.unused = true;
    choice.reason = "for CPython " + version + ", which CPython 3." + std::to_string(other) +
                    " of this place does not import";
    return choice;
  }
  if (name->minor < kFirstWithMusl || name->platform.find("-linux-gnu") == std::string_view::npos)
    return choice;
  choice.instead = find_alternative(input, *name);
  if (!choice.instead.empty()) {
    choice.reason = "CPython " + version +
                    " on musl passes over names with linux-gnu and imports " + choice.instead +
                    " instead";
    return choice;
  }
  // mypyc puts the code of a package into one such module, which only its other modules import.
  if (name->stem.ends_with("__mypyc")) {
    choice.unused = true;
    choice.reason = "only modules compiled with mypyc import it; on musl their .py files are taken";
    return choice;
  }
  choice.missing = make_missing(input, *name);
  choice.reason = "CPython " + version + " on musl looks for *.cpython-" +
                  std::string(name->version) + "-" + musl_platform(input.arch) +
                  ".so, *.abi3.so and *.so";
  if (!choice.missing->optional) choice.reason += import_complaint(input, *name);
  return choice;
}

}  // namespace muslcheck::runtimes
