// Words that people read in the table, in HTML and in Markdown: one report says the same
// everywhere.

#include "report/words.hpp"

#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "muslcheck/core/text.hpp"

namespace muslcheck::report {
namespace {

using model::Outcome;
using model::Report;
using model::Severity;

std::uint64_t number_of(const std::map<std::string, std::uint64_t>& counts, const char* word) {
  const auto found = counts.find(word);
  return found == counts.end() ? 0 : found->second;
}

/// What happens to the modules that move, as the sentence's main clause.
std::string describe_modules(const Report& report, const std::string& target) {
  const std::uint64_t payload = count_of(report, model::Disposition::payload);
  const std::uint64_t failing =
      count_of(report, Outcome::fails_to_load) + count_of(report, Outcome::fails_to_start);
  const std::uint64_t lazy = count_of(report, Outcome::loads_lazily);
  const std::uint64_t unknown = count_of(report, Outcome::unknown);
  const std::string of_all = " of " + counted(payload, "native module");
  if (count_modules(report) == 0)
    return "nothing to judge for " + target + ": no native code (ELF file) found";
  if (payload == 0)
    return "no native module has to move to " + target + ": the new base brings its own";
  if (failing != 0)
    return std::to_string(failing) + of_all + (failing == 1 ? " fails" : " fail") + " on " + target;
  if (lazy != 0)
    return std::to_string(lazy) + of_all + (lazy == 1 ? " loads" : " load") + " on " + target +
           " but can crash on a missing function";
  if (unknown != 0) return std::to_string(unknown) + of_all + " cannot be judged for " + target;
  if (payload == 1) return "the one native module loads on " + target;
  return "all " + std::to_string(payload) + " native modules load on " + target;
}

std::string describe_way_out(const Report& report) {
  switch (report.verdict) {
    case model::Verdict::ready: return {};
    case model::Verdict::changes: return "; there is a known remedy for everything";
    case model::Verdict::blocked: return "; not everything has a known remedy";
  }
  return {};
}

/// What musl says first even with gcompat, and how much more. The file's own name is above.
std::string describe_remaining(const model::GcompatAnswer& answer, const model::Module& module) {
  if (answer.remaining.empty()) return {};
  std::string_view first = answer.remaining.front();
  const std::string_view head = head_of(first);
  if (head == "Error relocating /" + module.path) first.remove_prefix(head.size() + 2);
  const std::size_t more = answer.remaining.size() - 1;
  return std::string(first) + (more == 0 ? "" : " (and " + std::to_string(more) + " more)");
}

/// "6 load, 1 fails to load, 696 replaced by the base": what became of each native module.
std::string join_fates(const Report& report) {
  using model::Disposition;
  std::vector<std::string> texts;
  for (const Outcome outcome : {Outcome::loads, Outcome::loads_lazily, Outcome::fails_to_load,
                                Outcome::fails_to_start, Outcome::unknown})
    if (const std::uint64_t count = count_of(report, outcome); count != 0)
      // The others are said to load already.
      texts.push_back(outcome == Outcome::loads_lazily ? std::to_string(count) + " can crash later"
                                                       : counted(count, outcome));
  constexpr std::array kNotMoving{std::pair{Disposition::replaced, " replaced by the base"},
                                  std::pair{Disposition::inert, " not used on musl"},
                                  std::pair{Disposition::foreign, " for another system"}};
  for (const auto& [disposition, words] : kNotMoving)
    if (const std::uint64_t count = count_of(report, disposition); count != 0)
      texts.push_back(std::to_string(count) + words);
  return core::join(texts, ", ");
}

}  // namespace

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::uint64_t count_of(const Report& report, Outcome outcome) {
  return number_of(report.summary.outcomes, name_of(outcome));
}

std::uint64_t count_of(const Report& report, model::Disposition disposition) {
  return number_of(report.summary.modules, name_of(disposition));
}

std::uint64_t count_of(const Report& report, Severity severity) {
  return number_of(report.summary.findings, name_of(severity));
}

std::uint64_t count_modules(const Report& report) {
  std::uint64_t sum = 0;
  for (const auto& [disposition, count] : report.summary.modules) sum += count;
  return sum;
}

std::string_view head_of(std::string_view text) { return text.substr(0, text.find(": ")); }

std::string describe_target(const model::TargetInfo& target) {
  std::vector<std::string> details;
  if (!target.musl.empty()) details.push_back("musl " + target.musl);
  if (!target.arch.empty()) details.push_back(target.arch);
  return details.empty() ? target.name : target.name + " (" + core::join(details, ", ") + ")";
}

std::string describe_verdict(const Report& report) {
  return describe_modules(report, describe_target(report.target)) + describe_way_out(report) + ".";
}

std::string describe_base(const model::SourceInfo& source) {
  const model::BaseImage& base = *source.base;
  std::string text = base.name;
  if (base.layers != 0)
    text += ", " + std::to_string(base.layers) + " of " + counted(source.layers.size(), "layer");
  if (base.how == "given") {
    text += ", given with --base";
    if (base.own_layers > base.layers)
      text += " (the image has only these of its " + counted(base.own_layers, "layer") + ")";
    return text;
  }
  if (base.how == "history") return text + ", recognised by the image's history";
  text += ", named by the image's label";
  return text + (base.layers == 0 ? " (which layers are its own is not known)"
                                  : " (its layers recognised by the history)");
}

std::string describe_new_base(const model::TargetInfo& target) {
  const bool is_bare = target.image == target.name;
  if (target.how.empty() || (is_bare && target.how.starts_with("given"))) return target.image;
  return target.image + (is_bare ? ", " : "; target " + target.name + ", ") + target.how;
}

const char* describe(Outcome outcome) {
  switch (outcome) {
    case Outcome::loads: return "loads";
    case Outcome::loads_lazily: return "loads, can crash later";
    case Outcome::fails_to_load: return "fails to load";
    case Outcome::fails_to_start: return "fails to start";
    case Outcome::unknown: return "not judged";
  }
  return "not judged";
}

std::string counted(std::uint64_t count, Outcome outcome) {
  const auto either = [&](const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
  };
  switch (outcome) {
    case Outcome::loads: return either("loads", "load");
    case Outcome::loads_lazily: return either("loads, can crash later", "load, can crash later");
    case Outcome::fails_to_load: return either("fails to load", "fail to load");
    case Outcome::fails_to_start: return either("fails to start", "fail to start");
    case Outcome::unknown: return std::to_string(count) + " not judged";
  }
  return std::to_string(count) + " not judged";
}

std::string describe_outcome(const model::Module& module) {
  std::string text = describe(module.outcome);
  if (!module.host.empty() && module.host != "unknown") text += " (" + module.host + ")";
  if (module.confidence != model::Confidence::certain)
    text += std::string(", ") + name_of(module.confidence);
  return text;
}

bool is_dependent(const std::string& text) {
  return text.starts_with("loaded by ") || text.starts_with("the container starts with ");
}

std::string describe_gcompat(const model::GcompatAnswer& answer, const model::Module& module) {
  // What loads and lacks functions that are looked up when they are called is no question of loading.
  const std::string would = module.outcome == Outcome::loads_lazily   ? "nothing would be missing"
                            : module.role == model::Role::executable ? "it would start"
                                                                      : "it would load";
  std::string text;
  switch (answer.help) {
    case model::GcompatHelp::installed: text = would + " with apk add gcompat"; break;
    case model::GcompatHelp::preloaded:
      text = would +
             " with apk add gcompat, but only if LD_PRELOAD=/lib/libgcompat.so.0 is set as well";
      break;
    case model::GcompatHelp::no: return "does not help: " + describe_remaining(answer, module);
  }
  for (const std::string& caveat : answer.caveats) text += "; " + caveat;
  return text;
}

std::string describe_findings(const Report& report) {
  std::vector<std::string> parts;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const std::uint64_t count = count_of(report, severity);
    if (count != 0) parts.push_back(counted(count, name_of(severity)));
  }
  return parts.empty() ? "No findings" : core::join(parts, ", ");
}

std::string describe_rule(const model::Finding& finding) {
  std::string text = finding.rule_id + " " + finding.name;
  if (finding.confidence != model::Confidence::certain)
    text += std::string(" (") + name_of(finding.confidence) + ")";
  return text;
}

std::string describe_surely(const model::Finding& finding) {
  switch (finding.confidence) {
    case model::Confidence::certain: return finding.message;
    case model::Confidence::likely: return "Likely: " + finding.message;
    case model::Confidence::hint: return "Hint: " + finding.message;
  }
  return finding.message;
}

std::string describe_fates(const Report& report) {
  return counted(count_modules(report), "native module") + ": " + join_fates(report) + ".";
}

std::string describe_examined(const Report& report) {
  const std::uint64_t total = count_modules(report);
  if (total == 0) return "no native module examined.";
  return counted(total, "native module") + " examined: " + join_fates(report) + ".";
}

}  // namespace muslcheck::report
