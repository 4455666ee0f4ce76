#pragma once
/// The fields of the JSON report: which key each has, in the order of
/// rules/schema/report-1.schema.json, and whether it may be left out. Writer and reader both go by
/// this one list, so that what one writes the other reads.
///
/// A visitor has these members; of `value` it knows text, numbers, truth values, enumerators with a
/// name_of(), lists and optionals of all these, and the structures below:
///   required(key, value)   it is always there
///   optional(key, value)   an empty text, 0, false or nothing is left out
///   object(key, visit)     an object of its own in the JSON, though not in the model
///   constant(key, text)    always the same
///   count(counts, word)    the number that a map has for a word
///   package(key, index, path)  an index into Report::packages, of the module at `path`; its purl

#include <array>
#include <concepts>
#include <type_traits>

#include "muslcheck/model/report.hpp"

namespace muslcheck::report {

/// True for a structure and for the same that cannot be changed.
template <typename T, typename Model>
concept Is = std::same_as<std::remove_const_t<T>, Model>;

// The last enumerators: a reader tries the names of all.
constexpr model::Libc last_of(model::Libc) { return model::Libc::unknown; }
constexpr model::Role last_of(model::Role) { return model::Role::plugin; }
constexpr model::Disposition last_of(model::Disposition) { return model::Disposition::foreign; }
constexpr model::Outcome last_of(model::Outcome) { return model::Outcome::unknown; }
constexpr model::Confidence last_of(model::Confidence) { return model::Confidence::hint; }
constexpr model::Severity last_of(model::Severity) { return model::Severity::error; }
constexpr model::Verdict last_of(model::Verdict) { return model::Verdict::blocked; }
constexpr model::GcompatHelp last_of(model::GcompatHelp) { return model::GcompatHelp::no; }
constexpr model::LibrarySource last_of(model::LibrarySource) {
  return model::LibrarySource::missing;
}
constexpr model::LoadErrorKind last_of(model::LoadErrorKind) {
  return model::LoadErrorKind::variant_missing;
}

// ---- Source and target -----------------------------------------------------------------------

template <typename V, Is<model::LayerOrigin> T>
void visit_fields(V& visit, T& origin) {
  visit.required("file", origin.file);
  visit.required("line", origin.line);
  visit.required("stage", origin.stage);
  visit.required("text", origin.text);
  visit.optional("from", origin.from);
}

template <typename V, Is<model::LayerInfo> T>
void visit_fields(V& visit, T& layer) {
  visit.optional("digest", layer.digest);
  visit.optional("blobDigest", layer.blob_digest);
  visit.optional("createdBy", layer.created_by);
  visit.optional("instruction", layer.instruction);
  visit.required("size", layer.size);
}

template <typename V, Is<model::BaseImage> T>
void visit_fields(V& visit, T& base) {
  visit.required("name", base.name);
  visit.optional("digest", base.digest);
  visit.required("how", base.how);
  visit.optional("layers", base.layers);
  visit.optional("ownLayers", base.own_layers);
}

template <typename V, Is<model::StartStep> T>
void visit_fields(V& visit, T& step) {
  visit.required("what", step.what);
  visit.optional("path", step.path);
  visit.required("how", step.how);
}

template <typename V, Is<model::Runtime> T>
void visit_fields(V& visit, T& runtime) {
  visit.required("id", runtime.id);
  visit.required("name", runtime.name);
  visit.optional("version", runtime.version);
  visit.required("program", runtime.program);
  visit.required("how", runtime.how);
  visit.optional("image", runtime.image);
  visit.optional("release", runtime.release);
  visit.required("inNewBase", runtime.in_new_base);
}

template <typename V, Is<model::SourceInfo> T>
void visit_fields(V& visit, T& source) {
  visit.required("kind", source.kind);
  visit.required("name", source.name);
  visit.optional("digest", source.digest);
  visit.optional("platform", source.platform);
  visit.required("entrypoint", source.config.entrypoint);
  visit.required("program", source.program);
  visit.required("runtimes", source.runtimes);
  visit.optional("base", source.base);
  visit.required("layers", source.layers);
}

template <typename V, Is<model::TargetInfo> T>
void visit_fields(V& visit, T& target) {
  visit.required("name", target.name);
  visit.required("musl", target.musl);
  visit.required("arch", target.arch);
  visit.optional("release", target.release);
  visit.optional("image", target.image);
  visit.optional("how", target.how);
}

// ---- Summary ---------------------------------------------------------------------------------

/// One number per enumerator, zeros included, in the order given.
template <typename V, typename Counts, typename Enum, std::size_t N>
void visit_counts(V& visit, const char* key, Counts& counts, const std::array<Enum, N>& words) {
  visit.object(key, [&](auto& inner) {
    for (const Enum word : words) inner.count(counts, name_of(word));
  });
}

template <typename V, Is<model::Summary> T>
void visit_fields(V& visit, T& summary) {
  using model::Disposition;
  using model::Outcome;
  using model::Severity;
  visit_counts(visit, "modules", summary.modules,
               std::array{Disposition::payload, Disposition::replaced, Disposition::inert,
                          Disposition::foreign});
  visit_counts(visit, "outcomes", summary.outcomes,
               std::array{Outcome::loads, Outcome::loads_lazily, Outcome::fails_to_load,
                          Outcome::fails_to_start, Outcome::unknown});
  visit_counts(visit, "findings", summary.findings,
               std::array{Severity::error, Severity::warning, Severity::note});
  visit.required("packages", summary.packages);
  visit.required("baseline", summary.baseline);
  visit.required("suppressed", summary.suppressed);
}

// ---- Packages and modules --------------------------------------------------------------------

template <typename V, Is<model::Package> T>
void visit_fields(V& visit, T& package) {
  visit.required("purl", package.purl);
  visit.required("ecosystem", package.ecosystem);
  visit.required("name", package.name);
  visit.optional("version", package.version);
  visit.optional("path", package.path);
  visit.required("owners", package.owners);
  visit.required("platforms", package.platforms);
  visit.optional("lockfile", package.lockfile);
  visit.optional("development", package.development);
  visit.optional("maintainer", package.maintainer);
  visit.optional("distribution", package.distribution);
}

template <typename V, Is<model::LoadError> T>
void visit_fields(V& visit, T& error) {
  visit.required("kind", error.kind);
  visit.required("subject", error.subject);
  visit.optional("neededBy", error.needed_by);
  visit.optional("version", error.version);
  visit.optional("library", error.library);
  visit.optional("binding", error.binding);
  visit.required("lazy", error.lazy);
  visit.required("fatal", error.fatal);
  visit.required("count", error.count);
  visit.required("text", error.text);
}

template <typename V, Is<model::SearchStep> T>
void visit_fields(V& visit, T& step) {
  visit.required("path", step.path);
  visit.required("result", step.result);
}

template <typename V, Is<model::LibraryResolution> T>
void visit_fields(V& visit, T& library) {
  visit.required("name", library.name);
  visit.optional("neededBy", library.needed_by);
  visit.required("source", library.source);
  visit.optional("path", library.path);
  visit.optional("apk", library.apk);
  visit.required("confidence", library.confidence);
  // The places tried matter to someone who asks why a library is missing; for the rest the path
  // says it, and thousands of found libraries would drown the report.
  if (library.source == model::LibrarySource::missing) visit.required("steps", library.steps);
}

template <typename V, Is<model::GcompatAnswer> T>
void visit_fields(V& visit, T& answer) {
  visit.required("help", answer.help);
  visit.required("version", answer.version);
  visit.required("remaining", answer.remaining);
  visit.required("caveats", answer.caveats);
}

template <typename V, Is<model::Module> T>
void visit_fields(V& visit, T& module) {
  visit.required("path", module.path);
  visit.required("layer", module.layer);
  visit.optional("sha256", module.sha256);
  visit.optional("buildId", module.build_id);
  visit.optional("architecture", module.architecture);
  visit.required("libc", module.libc.libc);
  visit.optional("libcEvidence", module.libc.evidence);
  visit.required("role", module.role);
  visit.optional("host", module.host);
  visit.optional("hostEvidence", module.host_evidence);
  visit.required("disposition", module.disposition);
  visit.optional("dispositionReason", module.disposition_reason);
  visit.required("outcome", module.outcome);
  visit.required("confidence", module.confidence);
  visit.package("package", module.package, module.path);
  visit.required("errors", module.load.errors);
  visit.required("libraries", module.load.libraries);
  visit.required("assumptions", module.load.assumptions);
  visit.optional("gcompat", module.gcompat);
}

// ---- Findings --------------------------------------------------------------------------------

template <typename V, Is<model::Remedy> T>
void visit_fields(V& visit, T& remedy) {
  visit.required("kind", remedy.kind);
  visit.required("text", remedy.text);
  visit.optional("command", remedy.command);
}

template <typename V, Is<model::Finding> T>
void visit_fields(V& visit, T& finding) {
  visit.required("ruleId", finding.rule_id);
  visit.required("name", finding.name);
  visit.required("severity", finding.severity);
  visit.required("confidence", finding.confidence);
  visit.required("fingerprint", finding.fingerprint);
  visit.required("path", finding.path);
  visit.required("subject", finding.subject);
  visit.required("message", finding.message);
  visit.required("evidence", finding.evidence);
  visit.optional("package", finding.package);
  visit.required("owners", finding.owners);
  visit.required("layer", finding.layer);
  visit.optional("entrypoint", finding.entrypoint);
  visit.optional("baseline", finding.baseline);
  visit.required("remedy", finding.remedy);
}

template <typename V, Is<model::SuppressedFinding> T>
void visit_fields(V& visit, T& suppressed) {
  visit.required("reason", suppressed.reason);
  visit.optional("expires", suppressed.expires);
  visit.required("finding", suppressed.finding);
}

template <typename V, Is<model::Problem> T>
void visit_fields(V& visit, T& problem) {
  visit.required("path", problem.path);
  visit.required("stage", problem.stage);
  visit.required("code", problem.code);
  visit.required("message", problem.message);
}

// ---- Plan ------------------------------------------------------------------------------------

template <typename V, Is<model::PlanStep> T>
void visit_fields(V& visit, T& step) {
  visit.required("kind", step.kind);
  visit.required("text", step.text);
  visit.optional("command", step.command);
  visit.required("rules", step.rules);
  visit.required("packages", step.packages);
}

template <typename V, Is<model::SizePart> T>
void visit_fields(V& visit, T& part) {
  visit.required("kind", part.kind);
  visit.required("bytes", part.bytes);
  visit.required("files", part.files);
}

template <typename V, Is<model::SizeRange> T>
void visit_fields(V& visit, T& range) {
  visit.required("least", range.least);
  visit.required("most", range.most);
}

template <typename V, Is<model::SizeMath> T>
void visit_fields(V& visit, T& size) {
  visit.required("before", size.before);
  visit.required("layers", size.layers);
  visit.required("parts", size.parts);
  visit.optional("after", size.after);
  visit.required("basis", size.basis);
}

template <typename V, Is<model::Plan> T>
void visit_fields(V& visit, T& plan) {
  visit.required("steps", plan.steps);
  visit.required("apk", plan.apk);
  visit.required("commands", plan.commands);
  visit.required("dockerfile", plan.dockerfile);
  visit.required("dockerfileMultiStage", plan.dockerfile_multi_stage);
  visit.required("dockerfileNotes", plan.dockerfile_notes);
  visit.optional("size", plan.size);
}

// ---- Releases --------------------------------------------------------------------------------

template <typename V, Is<model::ReleaseVerdict> T>
void visit_fields(V& visit, T& release) {
  visit.required("release", release.release);
  visit.required("verdict", release.verdict);
  visit.required("errors", release.errors);
  visit.required("warnings", release.warnings);
}

template <typename V, Is<model::ReleaseOutcome> T>
void visit_fields(V& visit, T& on) {
  visit.required("release", on.release);
  visit.required("outcome", on.outcome);
  visit.required("errors", on.errors);
}

template <typename V, Is<model::ModuleReleases> T>
void visit_fields(V& visit, T& module) {
  visit.required("path", module.path);
  visit.required("summary", module.summary);
  visit.optional("reason", module.reason);
  visit.required("outcomes", module.outcomes);
}

// ---- The whole -------------------------------------------------------------------------------

template <typename V, Is<model::Report> T>
void visit_fields(V& visit, T& report) {
  visit.constant("schemaVersion", report.schema_version);
  visit.object("tool", [&](auto& tool) {
    tool.constant("name", "muslcheck");
    tool.required("version", report.tool_version);
  });
  visit.required("source", report.source);
  visit.required("target", report.target);
  visit.required("verdict", report.verdict);
  visit.required("incomplete", report.incomplete);
  visit.required("summary", report.summary);
  visit.required("packages", report.packages);  // before the modules, which refer to them
  visit.required("modules", report.modules);
  visit.required("findings", report.findings);
  visit.required("plan", report.plan);
  visit.required("releases", report.releases);
  visit.required("matrix", report.matrix);
  visit.required("suppressed", report.suppressed);
  visit.required("problems", report.problems);
}

}  // namespace muslcheck::report
