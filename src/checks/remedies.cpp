// Which remedy a finding gets. Node's platform packages are where advice can be exact: the data
// says whether a musl sibling exists, so the command installs that very one. Of Python packages
// the data says whether there are musllinux wheels, and of NuGet packages whether there are files
// for musl. All texts are data.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "checks/cause.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {

using model::Module;

namespace {

struct CpuName {
  const char* alpine;
  const char* npm;
};

constexpr std::array kNpmCpus{
    CpuName{"x86_64", "x64"},      CpuName{"aarch64", "arm64"},       CpuName{"armhf", "arm"},
    CpuName{"x86", "ia32"},        CpuName{"ppc64le", "ppc64"},       CpuName{"s390x", "s390x"},
    CpuName{"riscv64", "riscv64"}, CpuName{"loongarch64", "loong64"},
};

std::string dotnet_arch(std::string_view arch) {
  if (arch == "x86_64") return "x64";
  if (arch == "aarch64") return "arm64";
  return arch.starts_with("arm") ? "arm" : std::string(arch);
}

std::string npm_cpu(std::string_view arch) {
  for (const CpuName& name : kNpmCpus)
    if (arch == name.alpine) return name.npm;
  return std::string(arch);
}

/// A command may hold a package name only if a shell reads it as one word: the name comes from
/// the image.
bool is_plain_word(std::string_view text) {
  constexpr std::string_view kPlain = "@/._-+~";
  return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kPlain.find(c) != std::string_view::npos;
  });
}

/// What the check says for packages of this kind, else for all.
const model::Remedy& remedy_of_check(const rules::Check& check, const model::Package* package) {
  if (package == nullptr) return check.remedy;
  const auto found = check.remedies.find(package->ecosystem);
  return found == check.remedies.end() ? check.remedy : found->second;
}

/// What is known about the Java library that a file in a jar belongs to. A missing Alpine package
/// is added, whatever library needs it.
const model::Remedy* find_java_remedy(const Cause& cause, const Module& module,
                                      const Context& context) {
  const model::JavaNative* native =
      model::find_java_native(context.rules.java_natives, module.path);
  const bool has_own = native != nullptr && !native->remedy.kind.empty();
  return has_own && cause.check->remedy.kind != "apk" ? &native->remedy : nullptr;
}

/// True for what npm installed. The application itself has a package.json too, but nobody
/// publishes a musl build of it.
bool is_npm_dependency(const model::Package* package) {
  return package != nullptr && package->ecosystem == "npm" &&
         core::matches_glob("*node_modules/*", package->path);
}

/// The package that a developer names to npm: the direct dependency where it is known.
std::string package_to_install(const model::Package& package, const rules::NpmPackage* known) {
  if (!package.owners.empty()) return package.owners.front();
  if (known != nullptr && !known->parent.empty()) return known->parent;
  return package.name;
}

/// The platform package for musl: as the image's own packages list it, else from the data. Empty if
/// there is none.
std::string musl_package_of(const Module& module, const model::Package& package,
                            const Context& context) {
  if (module.missing_variant && module.missing_variant->basis.starts_with("optionalDependencies"))
    return module.missing_variant->name;
  const auto sibling = context.rules.npm_musl_siblings.find(package.name);
  return sibling == context.rules.npm_musl_siblings.end() ? std::string() : sibling->second;
}

/// Who installed a package: whose lockfile has it, else whose folders it is in.
std::string manager_of(const model::Package& package) {
  const std::string_view lockfile = core::file_name(package.lockfile);
  if (lockfile == "yarn.lock") return "yarn";
  const bool by_pnpm = lockfile == "pnpm-lock.yaml" || lockfile == "lock.yaml" ||
                       core::matches_glob("*node_modules/.pnpm/*", package.path);
  return by_pnpm ? "pnpm" : "npm";
}

const rules::NpmRemedy* find_npm_remedy(const model::Package& package, bool has_sibling,
                                        const Context& context) {
  const rules::NpmPackage* known = context.rules.find_npm_package(package.name);
  const std::string musl = has_sibling ? "sibling" : known == nullptr ? "" : known->musl;
  const std::string mechanism = known == nullptr ? "" : known->mechanism;
  const std::string manager = manager_of(package);
  return core::find_where(context.rules.npm_remedies, [&](const rules::NpmRemedy& remedy) {
    return core::matches_glob(remedy.musl, musl) &&
           core::matches_glob(remedy.mechanism, mechanism) &&
           core::matches_glob(remedy.manager, manager);
  });
}

void add_npm_values(Values& values, const model::Package& package, const Context& context) {
  const rules::NpmPackage* known = context.rules.find_npm_package(package.name);
  const std::string parent = package_to_install(package, known);
  // pnpm has the options since 10.14, and installs for one more platform all that is there.
  const std::string manager = manager_of(package);
  const bool by_pnpm = manager == "pnpm";
  values["parent"] = parent;
  values["cpu"] = npm_cpu(context.migration.target.arch);
  values["manager"] = manager;
  values["clean_install"] = manager == "npm" ? "npm ci" : manager + " install";
  values["of_parent"] = by_pnpm ? "" : " " + parent;
  if (known != nullptr) values["first_musl_version"] = known->first_musl_version;
}

const rules::PypiRemedy* find_pypi_remedy(const model::PythonPackage& known,
                                          const Context& context) {
  return core::find_where(context.rules.pypi_remedies, [&](const rules::PypiRemedy& remedy) {
    return core::matches_glob(remedy.musl, known.musl) && core::matches_glob(remedy.apk, known.apk);
  });
}

void add_pypi_values(Values& values, const model::PythonPackage& known, const Context& context) {
  values["wheels"] = "musllinux wheels";
  if (!known.first_musl_version.empty())
    values["wheels"] += " since version " + known.first_musl_version;
  // Wheels name machines as uname does, where Alpine differs.
  const std::string& arch = context.migration.target.arch;
  values["wheel_arch"] = arch == "x86" ? "i686" : arch;
  values["python_apk"] = known.apk;
  values["python_build"] = known.build;
}

std::optional<model::Remedy> pypi_remedy(const model::Package& package, Values values,
                                         const Context& context) {
  const model::PythonPackage* found = context.rules.find_python_package(package.name);
  const model::PythonPackage known = found == nullptr ? model::PythonPackage{} : *found;
  const rules::PypiRemedy* special = find_pypi_remedy(known, context);
  if (special == nullptr) return std::nullopt;
  add_pypi_values(values, known, context);
  model::Remedy remedy = expand(special->remedy, values);
  if (!is_plain_word(package.name)) remedy.command.clear();
  return remedy;
}

/// How a NuGet package's files came into the application, as rules/remedies/nuget.json knows it.
std::string nuget_kind(const Module& module, const model::Package& package) {
  if (module.role == model::Role::executable &&
      core::file_name(package.path) == package.name + ".deps.json")
    return "application";
  if (module.missing_variant && module.missing_variant->basis.ends_with(" lists it"))
    return "removed";
  if (package.name.starts_with("Microsoft.NETCore.App.Runtime.")) return "runtime";
  return core::matches_glob("*runtimes/*/native/*", module.path) ? "portable" : "specific";
}

std::optional<model::Remedy> nuget_remedy(const Module& module, const model::Package& package,
                                          Values values, const Context& context) {
  const model::NugetPackage* found = context.rules.find_nuget_package(package.name);
  const model::NugetPackage known = found == nullptr ? model::NugetPackage{} : *found;
  const std::string kind = nuget_kind(module, package);
  const rules::NugetRemedy* special =
      core::find_where(context.rules.nuget_remedies, [&](const rules::NugetRemedy& remedy) {
        return core::matches_glob(remedy.kind, kind) &&
               core::matches_glob(remedy.musl, known.musl) &&
               core::matches_glob(remedy.replacement, known.replacement);
      });
  if (special == nullptr) return std::nullopt;
  values["direct"] = package.owners.empty() ? package.name : package.owners.front();
  values["replacement"] = known.replacement;
  values["rid"] = "linux-musl-" + dotnet_arch(context.migration.target.arch);
  model::Remedy remedy = expand(special->remedy, values);
  if (!is_plain_word(values["direct"])) remedy.command.clear();
  return remedy;
}

/// All symbols, or the first few and how many more: the evidence has every one.
std::string name_symbols(std::vector<std::string> symbols) {
  constexpr std::size_t kMost = 8;
  constexpr std::size_t kShown = 6;
  if (symbols.size() <= kMost) return core::join(symbols, ", ");
  const std::size_t more = symbols.size() - kShown;
  symbols.resize(kShown);
  return core::join(symbols, ", ") + " and " + std::to_string(more) + " more";
}

/// The host's name for people, "its host" where none was recognised.
std::string host_name(const Module& module, const Context& context) {
  const model::Host* host = context.rules.find_host(module.host);
  return host == nullptr ? "its host" : host->name;
}

}  // namespace

const model::Package* package_of(const Module& module, const Context& context) {
  return module.package ? &context.migration.packages[*module.package] : nullptr;
}

Values values_for(const Cause& cause, const Module& module, const Context& context) {
  const model::Package* package = package_of(module, context);
  // The finding carries the whole path; in a sentence the file's name is enough.
  return {{"path", std::string(core::file_name(module.path))},
          {"subject", cause.subject},
          {"symbols", name_symbols(cause.symbols)},
          {"count", std::to_string(cause.symbols.size())},
          {"host", host_name(module, context)},
          {"library", cause.library},
          {"apk", cause.apk},
          {"package", package == nullptr ? "this file" : package->name},
          {"arch", context.migration.target.arch},
          {"target", context.migration.target.name},
          {"musl", context.migration.target.musl}};
}

model::Remedy choose_remedy(const Cause& cause, const Module& module, const Context& context) {
  Values values = values_for(cause, module, context);
  const model::Package* package = package_of(module, context);
  const model::Remedy own = expand(remedy_of_check(*cause.check, package), values);
  // What musl does differently it does to every build of the module.
  if (cause.check->when && cause.check->remedy.kind != "rebuild") return own;
  if (const model::Remedy* java = find_java_remedy(cause, module, context)) return *java;
  // A package that is one apk away needs no other build of the module.
  if (package != nullptr && cause.check->remedies.count(package->ecosystem) != 0) return own;
  if (package != nullptr && package->ecosystem == "pypi" && cause.check->remedy.kind != "apk")
    return pypi_remedy(*package, std::move(values), context).value_or(own);
  if (package != nullptr && package->ecosystem == "nuget" && cause.check->remedy.kind != "apk")
    return nuget_remedy(module, *package, std::move(values), context).value_or(own);
  if (!is_npm_dependency(package) || cause.check->remedy.kind == "apk") return own;
  const std::string musl_package = musl_package_of(module, *package, context);
  const rules::NpmRemedy* special = find_npm_remedy(*package, !musl_package.empty(), context);
  if (special == nullptr) return own;
  add_npm_values(values, *package, context);
  values["musl_package"] = musl_package;
  model::Remedy remedy = expand(special->remedy, values);
  if (!is_plain_word(values["parent"]) || !is_plain_word(package->name)) remedy.command.clear();
  return remedy;
}

}  // namespace muslcheck::checks
