// The words that the report uses for enumerators. They are part of the JSON schema
// (rules/schema/report-1.schema.json): changing one breaks readers.

#include "muslcheck/model/finding.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/model/report.hpp"
#include "muslcheck/model/script.hpp"

namespace muslcheck::model {

const char* name_of(Libc libc) {
  switch (libc) {
    case Libc::glibc: return "glibc";
    case Libc::musl: return "musl";
    case Libc::none: return "none";
    case Libc::static_: return "static";
    case Libc::android: return "android";
    case Libc::bsd: return "bsd";
    case Libc::unknown: return "unknown";
  }
  return "unknown";
}

const char* name_of(Role role) {
  switch (role) {
    case Role::executable: return "executable";
    case Role::library: return "library";
    case Role::plugin: return "plugin";
  }
  return "library";
}

const char* name_of(Disposition disposition) {
  switch (disposition) {
    case Disposition::payload: return "payload";
    case Disposition::replaced: return "replaced";
    case Disposition::inert: return "inert";
    case Disposition::foreign: return "foreign";
  }
  return "payload";
}

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::loads: return "loads";
    case Outcome::loads_lazily: return "loads-lazily";
    case Outcome::fails_to_load: return "fails-to-load";
    case Outcome::fails_to_start: return "fails-to-start";
    case Outcome::unknown: return "unknown";
  }
  return "unknown";
}

const char* name_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain: return "certain";
    case Confidence::likely: return "likely";
    case Confidence::hint: return "hint";
  }
  return "hint";
}

const char* name_of(LoadErrorKind kind) {
  switch (kind) {
    case LoadErrorKind::interpreter_missing: return "interpreter-missing";
    case LoadErrorKind::library_missing: return "library-missing";
    case LoadErrorKind::library_unusable: return "library-unusable";
    case LoadErrorKind::symbol_missing: return "symbol-missing";
    case LoadErrorKind::relocation_unsupported: return "relocation-unsupported";
    case LoadErrorKind::tls_initial_exec: return "tls-initial-exec";
    case LoadErrorKind::tls_descriptor: return "tls-descriptor";
    case LoadErrorKind::relr_ignored: return "relr-ignored";
    case LoadErrorKind::hash_missing: return "hash-missing";
    case LoadErrorKind::not_dynamic: return "not-dynamic";
    case LoadErrorKind::variant_missing: return "variant-missing";
  }
  return "symbol-missing";
}

const char* name_of(LibrarySource source) {
  switch (source) {
    case LibrarySource::libc: return "libc";
    case LibrarySource::image: return "image";
    case LibrarySource::target_base: return "target-base";
    case LibrarySource::installable: return "installable";
    case LibrarySource::host: return "host";
    case LibrarySource::missing: return "missing";
  }
  return "missing";
}

const char* name_of(Availability availability) {
  switch (availability) {
    case Availability::published: return "published";
    case Availability::not_published: return "not-published";
    case Availability::unknown: return "unknown";
  }
  return "unknown";
}

const char* name_of(Phase phase) {
  switch (phase) {
    case Phase::start: return "start";
    case Phase::health: return "health";
    case Phase::build: return "build";
    case Phase::unknown: return "unknown";
  }
  return "unknown";
}

const char* name_of(CommandSource source) {
  switch (source) {
    case CommandSource::base: return "base";
    case CommandSource::image: return "image";
    case CommandSource::installable: return "installable";
    case CommandSource::absent: return "absent";
  }
  return "absent";
}

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "error";
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ready: return "ready";
    case Verdict::changes: return "changes";
    case Verdict::blocked: return "blocked";
  }
  return "blocked";
}

const char* name_of(GcompatHelp help) {
  switch (help) {
    case GcompatHelp::installed: return "installed";
    case GcompatHelp::preloaded: return "preloaded";
    case GcompatHelp::no: return "no";
  }
  return "no";
}

}  // namespace muslcheck::model
