// MC1xx: everything that goes wrong before symbols matter, and what relocation types and TLS
// forbid. Each LoadError kind has one check kind; libraries are told apart by what Alpine has.

#include <algorithm>
#include <array>

#include "checks/cause.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {

using model::LoadError;
using model::LoadErrorKind;
using model::Module;

namespace {

struct KindOfError {
  LoadErrorKind error;
  const char* check;
};

constexpr std::array kSimpleKinds{
    KindOfError{LoadErrorKind::interpreter_missing, "interpreter-missing"},
    KindOfError{LoadErrorKind::library_unusable, "library-unusable"},
    KindOfError{LoadErrorKind::not_dynamic, "library-unusable"},
    KindOfError{LoadErrorKind::tls_initial_exec, "tls-initial-exec"},
    KindOfError{LoadErrorKind::tls_descriptor, "tls-descriptor"},
    KindOfError{LoadErrorKind::relr_ignored, "relr-ignored"},
    KindOfError{LoadErrorKind::hash_missing, "hash-missing"},
};

Cause make_cause(const Context& context, const char* kind, const LoadError& error) {
  Cause cause;
  cause.check = context.rules.find_check_of_kind(kind);
  cause.subject = error.subject;
  cause.library = error.subject;
  cause.evidence.push_back(error.text);
  return cause;
}

/// What the image does not tell may be known of the npm package.
model::MissingVariant with_npm_data(model::MissingVariant missing, const Module& module,
                                    const Context& context) {
  const model::Package* package = package_of(module, context);
  if (package == nullptr || package->ecosystem != "npm" ||
      missing.availability != model::Availability::unknown)
    return missing;
  const rules::NpmPackage* known = context.rules.find_npm_package(package->name);
  if (known == nullptr || known->musl != "yes") return missing;
  missing.availability = model::Availability::published;
  missing.basis += "; builds of the package for musl are known";
  return missing;
}

/// The host looks for a musl variant of the module: can it be had?
Cause variant_cause(const Module& module, const LoadError& error, const Context& context) {
  const model::MissingVariant missing = with_npm_data(*module.missing_variant, module, context);
  const bool published = missing.availability == model::Availability::published;
  Cause cause = make_cause(context,
                           missing.optional ? "variant-optional"
                           : published      ? "variant-not-installed"
                                            : "variant-not-published",
                           error);
  cause.confidence = missing.confidence;
  if (missing.availability == model::Availability::unknown)
    cause.confidence = std::max(cause.confidence, model::Confidence::likely);
  if (error.text.empty()) cause.evidence.clear();
  if (!module.disposition_reason.empty()) cause.evidence.push_back(module.disposition_reason);
  if (!missing.basis.empty()) cause.evidence.push_back("basis: " + missing.basis);
  cause.of_package = true;
  return cause;
}

Cause library_cause(const LoadError& error, const Context& context) {
  if (model::is_glibc_loader(error.subject)) return make_cause(context, "loader-as-library", error);
  const rules::SonameNearMiss* miss = context.rules.find_near_miss(error.subject);
  if (miss == nullptr || miss->kind != "other-soname") {
    Cause cause = make_cause(context, "library-absent", error);
    if (miss != nullptr && !miss->note.empty())
      cause.evidence.push_back("on Alpine: " + miss->note);
    return cause;
  }
  Cause cause = make_cause(context, "library-other-soname", error);
  cause.apk = miss->apk;
  cause.library = core::join(miss->alpine, " or ");
  cause.evidence.push_back("Alpine has " + core::join(miss->alpine, ", ") + " (" + miss->apk + ")");
  return cause;
}

/// GNU's IFUNC is by far the most frequent unsupported type and deserves a name of its own.
bool is_irelative(const LoadError& error, const Context& context) {
  const auto found = context.rules.irelative.find(context.migration.target.arch);
  return found != context.rules.irelative.end() && error.subject == std::to_string(found->second);
}

Cause relocation_cause(const LoadError& error, const Context& context) {
  return make_cause(
      context, is_irelative(error, context) ? "relocation-ifunc" : "relocation-unsupported", error);
}

/// Errors of the same check and subject are one cause with more evidence.
void add_cause(std::vector<Cause>& causes, Cause cause) {
  const auto same = std::find_if(causes.begin(), causes.end(), [&](const Cause& other) {
    return other.check == cause.check && other.subject == cause.subject;
  });
  if (same == causes.end()) {
    causes.push_back(std::move(cause));
    return;
  }
  for (const std::string& text : cause.evidence) add_once(same->evidence, text);
}

void add_error(std::vector<Cause>& causes, const LoadError& error, const Context& context) {
  if (error.kind == LoadErrorKind::symbol_missing) return;
  if (error.kind == LoadErrorKind::library_missing) {
    add_cause(causes, library_cause(error, context));
  } else if (error.kind == LoadErrorKind::relocation_unsupported) {
    add_cause(causes, relocation_cause(error, context));
  } else {
    for (const KindOfError& kind : kSimpleKinds)
      if (kind.error == error.kind) add_cause(causes, make_cause(context, kind.check, error));
  }
}

/// What the loader says about the symbols of an absent library is more about the same cause.
void add_symbols_of_absent_libraries(std::vector<Cause>& causes, const Module& module,
                                     const Context& context) {
  for (const LoadError* error : own_errors(module, context)) {
    const std::string library = absent_library_of(*error, module, context);
    for (Cause& cause : causes)
      if (!library.empty() && cause.subject == library) add_once(cause.evidence, error->text);
  }
}

/// All packages that a module needs and the bare target lacks: one cause, one apk line.
void add_installable(std::vector<Cause>& causes, const Module& module, const Context& context) {
  Cause cause;
  cause.check = context.rules.find_check_of_kind("library-installable");
  std::vector<std::string> packages;
  std::vector<std::string> libraries;
  for (const model::LibraryResolution& library : module.load.libraries) {
    if (library.source != model::LibrarySource::installable) continue;
    if (library.needed_by != module.path && context.payload.contains(library.needed_by)) continue;
    add_once(packages, library.apk);
    add_once(libraries, library.name);
    cause.confidence = std::max(cause.confidence, library.confidence);
    add_once(cause.evidence, "Error loading shared library " + library.name +
                                 ": No such file or directory (needed by /" + module.path + ")");
  }
  if (packages.empty()) return;
  std::sort(packages.begin(), packages.end());
  cause.subject = core::join(packages, " ");
  cause.apk = cause.subject;
  cause.library = core::join(libraries, ", ");
  add_cause(causes, std::move(cause));
}

/// Packages carry builds for many machines in folders that say so; those are no mistake. A file
/// of another architecture in a place that names none is.
void add_wrong_architecture(std::vector<Cause>& causes, const Module& module,
                            const Context& context) {
  const bool other_system =
      module.libc.libc == model::Libc::android || module.libc.libc == model::Libc::bsd;
  if (module.disposition != model::Disposition::foreign || other_system) return;
  const rules::Check* check = context.rules.find_check_of_kind("wrong-architecture");
  if (check == nullptr || context.rules.names_an_architecture(module.path)) return;
  Cause cause;
  cause.check = check;
  cause.subject = module.architecture;
  cause.confidence = model::Confidence::likely;
  cause.evidence.push_back("ELF machine " + module.architecture + ", target " +
                           context.migration.target.arch);
  causes.push_back(std::move(cause));
}

}  // namespace

std::vector<Cause> find_loading_causes(const Module& module, const Context& context) {
  std::vector<Cause> causes;
  add_wrong_architecture(causes, module, context);
  if (module.disposition != model::Disposition::payload) return causes;
  if (module.missing_variant) {
    for (const LoadError& error : module.load.errors)
      causes.push_back(variant_cause(module, error, context));
    return causes;
  }
  for (const LoadError* error : own_errors(module, context)) add_error(causes, *error, context);
  add_symbols_of_absent_libraries(causes, module, context);
  add_installable(causes, module, context);
  return causes;
}

}  // namespace muslcheck::checks
