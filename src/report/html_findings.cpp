// Findings by package and file. What the script needs to filter stands in data- attributes of the
// page: each finding and each module is a row (data-row), each file and package a holder, which is
// hidden when none of its rows is left.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "report/chain.hpp"
#include "report/grouping.hpp"
#include "report/html_parts.hpp"
#include "report/layers.hpp"
#include "report/words.hpp"

namespace muslcheck::report {
namespace {

using model::Finding;
using model::Report;

/// Loader texts that are open from the start, and those that are in the page at all.
constexpr std::size_t kMaxOpenEvidence = 4;
constexpr std::size_t kMaxEvidence = 100;

/// Files that a remedy names which helps several but not all of them.
constexpr std::size_t kMaxFiles = 4;

/// Findings in the page: a browser is still quick with so many, and nobody reads more.
constexpr std::size_t kMaxFindings = 3000;

/// What all findings of a page share.
struct Context {
  const Report& report;
  std::set<std::string> linked_rules;
  std::size_t left = kMaxFindings;
};

// ---- One finding -----------------------------------------------------------------------------

/// Neighbours that begin alike (one file, many symbols) name the file once.
void write_texts(Markup& page, const std::vector<std::string>& texts, std::size_t begin,
                 std::size_t end) {
  const Element list(page, "ul", {{"class", "evidence"}});
  for (std::size_t i = begin; i < end; ++i) {
    const std::string_view head = head_of(texts[i]);
    const bool goes_on =
        i > begin && head.size() < texts[i].size() && head_of(texts[i - 1]) == head;
    const Element item(page, "li", {{"class", goes_on ? "goes-on" : "begins"}});
    page.element("code", {}, goes_on ? texts[i].substr(head.size() + 2) : texts[i]);
  }
}

/// Who loads it stands first here: the rest may be folded.
void write_evidence(Markup& page, const Finding& finding) {
  std::vector<std::string> texts = finding.evidence;
  std::stable_partition(texts.begin(), texts.end(), is_dependent);
  const auto loaders = std::count_if(texts.begin(), texts.end(), is_dependent);
  const std::size_t wanted = kMaxOpenEvidence + static_cast<std::size_t>(loaders);
  const std::size_t open = std::min(texts.size(), wanted);
  const std::size_t listed = std::min(texts.size(), wanted + kMaxEvidence);
  if (open != 0) write_texts(page, texts, 0, open);
  if (listed == open) return;
  const Element details(page, "details");
  page.element("summary", {}, std::to_string(texts.size() - open) + " more");
  write_texts(page, texts, open, listed);
  if (listed < texts.size())
    page.element("p", {{"class", "dim"}},
                 std::to_string(texts.size() - listed) + " more in the JSON report.");
}

void write_rule(Markup& page, const Finding& finding, const Context& context) {
  const std::string text = finding.rule_id + " " + finding.name;
  if (context.linked_rules.contains(finding.rule_id)) {
    page.element("a", {{"class", "rule"}, {"href", "#rule-" + finding.rule_id}}, text);
  } else {
    page.element("span", {{"class", "rule"}}, text);
  }
}

void write_finding(Markup& page, const Finding& finding, const FileGroup& file,
                   const Context& context) {
  const std::string severity = name_of(finding.severity);
  const std::string outcome = file.module == nullptr ? "none" : name_of(file.module->outcome);
  const Element row(page, "li",
                    {{"class", "finding"},
                     {"data-row", "finding"},
                     {"data-severity", severity},
                     {"data-ecosystem", ecosystem_of(finding.package)},
                     {"data-outcome", outcome}});
  {
    const Element line(page, "p");
    page.element("b", {{"class", "pill severity-" + severity}}, severity);
    page.text(" ");
    write_rule(page, finding, context);
    if (finding.confidence != model::Confidence::certain)
      page.text(std::string(" (") + name_of(finding.confidence) + ")");
    if (finding.baseline) page.text(" (in the baseline)");
    page.text(": " + finding.message);
  }
  write_evidence(page, finding);
}

// ---- Remedies --------------------------------------------------------------------------------

using Remedies = std::vector<const model::Remedy*>;

void add_remedy(Remedies& remedies, const model::Remedy& remedy) {
  if (remedy.text.empty() && remedy.command.empty()) return;
  const bool is_known = std::any_of(remedies.begin(), remedies.end(),
                                    [&](const model::Remedy* known) { return *known == remedy; });
  if (!is_known) remedies.push_back(&remedy);
}

Remedies remedies_of(const FileGroup& file) {
  Remedies remedies;
  for (const Finding* finding : file.findings) add_remedy(remedies, finding->remedy);
  return remedies;
}

/// A remedy and the files that it helps.
struct SharedRemedy {
  const model::Remedy* remedy;
  std::vector<std::string> files;
};

bool is_among(const model::Remedy& remedy, const std::vector<SharedRemedy>& shared) {
  return std::any_of(shared.begin(), shared.end(),
                     [&](const SharedRemedy& each) { return *each.remedy == remedy; });
}

/// Remedies that more than one file of the group has: said once, at the top of the group.
std::vector<SharedRemedy> shared_remedies(const PackageGroup& group) {
  std::vector<SharedRemedy> all;
  for (const FileGroup& file : group.files)
    for (const model::Remedy* remedy : remedies_of(file)) {
      const auto known = std::find_if(all.begin(), all.end(), [&](const SharedRemedy& each) {
        return *each.remedy == *remedy;
      });
      if (known == all.end()) {
        all.push_back({remedy, {file.name}});
      } else {
        known->files.push_back(file.name);
      }
    }
  std::erase_if(all, [](const SharedRemedy& each) { return each.files.size() < 2; });
  return all;
}

void write_remedy(Markup& page, const model::Remedy& remedy, const std::string& files) {
  const Element block(page, "div", {{"class", "fix"}});
  {
    const Element line(page, "p");
    page.element("b", {}, files.empty() ? "Fix:" : "Fix for " + files + ":");
    page.text(" " + remedy.text);
  }
  if (!remedy.command.empty()) page.element("pre", {{"class", "command"}}, remedy.command);
}

/// "a.so, b.so and 3 more"; nothing if it is every file of the group.
std::string describe_files(const SharedRemedy& shared, const PackageGroup& group) {
  if (shared.files.size() == group.files.size()) return {};
  return core::join_some(shared.files, kMaxFiles);
}

// ---- One file --------------------------------------------------------------------------------

void draw_chain(Markup& page, const Chain& chain) {
  const Element list(page, "ol", {{"class", "chain"}, {"aria-label", "How it comes to fail"}});
  for (const ChainLink& link : chain.links) {
    const Element item(page, "li", {{"class", "link link-" + link.kind}});
    page.element("small", {}, link.kind);
    page.text(" ");
    page.element("code", {}, link.name);
  }
  const Element end(page, "li", {{"class", "link link-end"}});
  for (const ChainEnd& each : chain.ends) {
    const Element line(page, "div");
    page.element("small", {}, each.kind);
    page.text(" ");
    page.element("code", {}, each.name);
  }
  if (chain.more != 0) page.element("div", {}, "and " + std::to_string(chain.more) + " more");
}

void write_gcompat(Markup& page, const model::Module& module) {
  if (!module.gcompat) return;
  page.element("p", {{"class", "dim"}},
               "gcompat " + module.gcompat->version + ": " +
                   describe_gcompat(*module.gcompat, module));
}

void write_layer(Markup& page, const Report& report, int layer) {
  const std::string text = describe_layer(report.source, layer);
  if (text.empty()) return;
  const Element line(page, "p", {{"class", "dim"}});
  page.text("layer " + std::to_string(layer) + ": ");
  page.element("code", {}, text);
}

void write_file_name(Markup& page, const FileGroup& file) {
  if (file.name.empty()) return;
  const Element heading(page, "h4", {{"data-heading", ""}});
  page.element("code", {}, file.name);
  const bool moves =
      file.module != nullptr && file.module->disposition != model::Disposition::replaced;
  if (!moves) return;
  page.text(" ");
  page.element("span", {{"class", std::string("pill outcome-") + name_of(file.module->outcome)}},
               describe_outcome(*file.module));
}

void write_file(Markup& page, const PackageGroup& group, const FileGroup& file,
                const std::vector<SharedRemedy>& said_above, Context& context) {
  if (context.left == 0) return;
  const Element holder(page, "div", {{"class", "file"}, {"data-holder", ""}});
  write_file_name(page, file);
  if (!common_layer(group)) write_layer(page, context.report, layer_of(file));
  for (const Chain& chain : chains_of(group, file)) draw_chain(page, chain);
  {
    const Element list(page, "ul", {{"class", "findings"}});
    for (const Finding* finding : file.findings) {
      if (context.left == 0) break;
      --context.left;
      write_finding(page, *finding, file, context);
    }
  }
  if (file.module != nullptr) write_gcompat(page, *file.module);
  for (const model::Remedy* remedy : remedies_of(file))
    if (!is_among(*remedy, said_above)) write_remedy(page, *remedy, {});
}

// ---- One package -----------------------------------------------------------------------------

void write_group(Markup& page, const PackageGroup& group, Context& context) {
  if (context.left == 0) return;
  const Element holder(page, "article", {{"class", "package"}, {"data-holder", ""}});
  page.element("h3", {{"data-heading", ""}},
               group.title.empty() ? "Files of no package" : group.title);
  if (!group.directory.empty()) {
    const Element line(page, "p", {{"class", "dim"}});
    page.text("in ");
    page.element("code", {}, group.directory);
  }
  const std::optional<int> layer = common_layer(group);
  if (layer) write_layer(page, context.report, *layer);
  const std::vector<SharedRemedy> shared = shared_remedies(group);
  for (const SharedRemedy& each : shared)
    write_remedy(page, *each.remedy, describe_files(each, group));
  for (const FileGroup& file : group.files) write_file(page, group, file, shared, context);
}

std::set<std::string> ids_of(const std::vector<RuleText>& rules) {
  std::set<std::string> ids;
  for (const RuleText& rule : rules) ids.insert(rule.id);
  return ids;
}

}  // namespace

void write_html_findings(Markup& page, const Report& report, const std::vector<RuleText>& rules) {
  if (report.findings.empty()) page.element("p", {}, "None.");
  Context context{.report = report, .linked_rules = ids_of(rules)};
  for (const PackageGroup& group : group_findings(report)) write_group(page, group, context);
  if (report.findings.size() > kMaxFindings)
    page.element("p", {{"class", "capped"}},
                 std::to_string(report.findings.size() - kMaxFindings) +
                     " more findings are not on this page; the JSON report has them all.");
}

}  // namespace muslcheck::report
