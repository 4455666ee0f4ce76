// A program that an application starts from Node or Python shows in no file of it, but somebody
// installed its package. What is known of those packages is that they were asked for, not that they
// are needed: one note for the image lists them, by what Alpine has in their place.
//
// Left out is what the move does not lose (the old base's packages, what the new base brings, what
// the Dockerfile's own lines install again), what runs nothing (headers, tools of the build,
// documentation), and what other findings ask for already.

#include "checks/installed_packages.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {
namespace {

using model::Finding;
using model::Package;
using Texts = std::vector<std::string>;
using Names = std::set<std::string, std::less<>>;

constexpr std::string_view kKind = "installed-packages";
constexpr std::string_view kPythonModule = "py3-";
constexpr std::size_t kShownInMessage = 8;
constexpr std::size_t kShownInEvidence = 40;

/// Packages of the remedies of other findings.
Names asked_for(const std::vector<Finding>& findings) {
  Names names;
  for (const Finding& finding : findings)
    for (std::string& name : model::packages_to_add(finding)) names.insert(std::move(name));
  return names;
}

/// What the bare image and the new base have.
Names brought(const Context& context) {
  Names names;
  for (const rules::TargetImage* image :
       context.rules.images_behind(context.migration.target.image))
    names.insert(image->apk.begin(), image->apk.end());
  return names;
}

/// True for Debian's own package of a runtime that the new base has in another way.
bool is_of_new_runtime(const std::string& name, const Context& context) {
  const auto& runtimes = context.migration.source.runtimes;
  return std::any_of(runtimes.begin(), runtimes.end(), [&](const model::Runtime& runtime) {
    const auto* known = core::find_where(context.rules.runtimes,
                                         [&](const auto& other) { return other.id == runtime.id; });
    return runtime.in_new_base && known != nullptr &&
           core::matches_any(known->debian_packages, name);
  });
}

bool is_of_old_base(const Package& package, const Context& context) {
  const auto& base = context.migration.source.base;
  return base && static_cast<std::size_t>(std::max(package.since_layer, 0)) < base->layers;
}

/// The Python of the new base; null if it brings none.
const model::Runtime* new_python(const Context& context) {
  return core::find_where(context.migration.source.runtimes, [](const model::Runtime& runtime) {
    return runtime.id == "python" && runtime.in_new_base;
  });
}

/// "numpy" for Alpine's py3-numpy.
std::string pypi_name(const std::string& apk, const Context& context) {
  const auto* known = core::find_where(context.rules.python_packages,
                                       [&](const auto& other) { return other.apk == apk; });
  return known == nullptr ? apk.substr(kPythonModule.size()) : known->name;
}

bool has_all(const Names& names, const Texts& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& name) { return names.contains(name); });
}

/// The packages that are to be spoken of, by what there is in their place.
class Collector {
 public:
  Collector(const rules::Check& check, const Context& context, const std::vector<Finding>& others)
      : check_(check), context_(context), asked_(asked_for(others)), brought_(brought(context)) {}

  void add(const Package& package) {
    if (!package.on_purpose || !package.distribution || is_of_old_base(package, context_) ||
        is_left_out(package.name))
      return;
    const rules::DebianPackage* known = context_.rules.find_debian_package(package.name);
    const bool has_counterpart = known != nullptr && !known->apk.empty();
    if (has_counterpart &&
        (known->kind == "dev" || has_all(asked_, known->apk) || has_all(brought_, known->apk)))
      return;
    if (layer_ < 0 || package.since_layer < layer_) layer_ = package.since_layer;
    path_ = package.path;
    if (has_counterpart)
      add_known(package.name, *known);
    else
      unknown_.push_back(package.name);
  }

  [[nodiscard]] std::optional<Finding> finish() const {
    Texts names = names_;
    names.insert(names.end(), unknown_.begin(), unknown_.end());
    if (names.empty()) return std::nullopt;
    const Values values{{"symbols", core::join_some(names, kShownInMessage)},
                        {"count", std::to_string(names.size())},
                        {"apk", core::join({apk_.begin(), apk_.end()}, " ")},
                        {"target", context_.migration.target.name}};
    Finding finding;
    finding.rule_id = check_.id;
    finding.name = check_.name;
    finding.severity = check_.severity;
    finding.confidence = model::Confidence::hint;
    finding.subject = check_.name;
    // The ticket stays the same whatever is installed beside it.
    finding.fingerprint = model::make_fingerprint(check_.id, "", "", "", finding.subject);
    finding.path = path_;
    finding.layer = layer_;
    finding.message = expand(check_.message, values);
    finding.evidence = evidence();
    finding.remedy = expand(check_.remedy, values);
    if (apk_.empty()) finding.remedy = {.kind = "inspect", .text = finding.remedy.text};
    return finding;
  }

 private:
  [[nodiscard]] bool is_left_out(const std::string& name) const {
    return core::matches_any(check_.packages, name) ||
           core::matches_any(context_.rules.size_kinds.build_packages, name) ||
           context_.migration.build_packages.contains(name) || is_of_new_runtime(name, context_);
  }

  void add_known(const std::string& name, const rules::DebianPackage& known) {
    const std::string apk = core::join(known.apk, " ");
    names_.push_back(name);
    if (is_for_new_python(apk)) {
      modules_.push_back(pypi_name(apk, context_) + " (" + name + ")");
      return;
    }
    known_.push_back(apk == name ? name : name + " as " + apk);
    apk_.insert(known.apk.begin(), known.apk.end());
  }

  /// A module of Debian's Python where the new base has a Python that is not Alpine's own: it sees
  /// no py3-NAME. On the Debian variant of that base the module was for Debian's Python, beside the
  /// image's own, and py3-NAME keeps that as it is. So it does where another finding asks for
  /// Alpine's own Python, since something starts /usr/bin/python3 by its path.
  [[nodiscard]] bool is_for_new_python(const std::string& apk) const {
    const model::Runtime* python = new_python(context_);
    return apk.starts_with(kPythonModule) && python != nullptr && python->distribution &&
           !asked_.contains("python3");
  }

  [[nodiscard]] Texts evidence() const {
    Texts texts;
    const auto add = [&](const char* what, const Texts& names) {
      if (!names.empty()) texts.push_back(what + core::join_some(names, kShownInEvidence));
    };
    add("on Alpine: ", known_);
    add("to be had with pip, since the Python of the new base sees no py3 packages: ", modules_);
    const auto is_module = [](const std::string& apk) { return apk.starts_with(kPythonModule); };
    if (const model::Runtime* python = new_python(context_);
        python != nullptr && std::any_of(apk_.begin(), apk_.end(), is_module))
      texts.push_back(
          "py3 packages are for Alpine's own /usr/bin/python3, as those of Debian were "
          "for Debian's: the Python of " +
          context_.migration.target.image + " sees neither");
    add("no Alpine package is known for: ", unknown_);
    return texts;
  }

  const rules::Check& check_;
  const Context& context_;
  Names asked_;
  Names brought_;
  Texts names_;    ///< of those below that Alpine or PyPI has
  Texts known_;    ///< "python3-yaml as py3-yaml"
  Texts modules_;  ///< "numpy (python3-numpy)"
  Texts unknown_;
  Names apk_;
  std::string path_;
  int layer_ = -1;  ///< the first that brought one of them
};

}  // namespace

std::optional<Finding> find_installed_packages(const Context& context,
                                               const std::vector<Finding>& others) {
  const rules::Check* check = context.rules.find_check_of_kind(kKind);
  // An image that has musl already loses nothing by a move to musl.
  if (check == nullptr || context.migration.musl_system) return std::nullopt;
  Collector collector(*check, context, others);
  for (const Package& package : context.migration.packages) collector.add(package);
  return collector.finish();
}

}  // namespace muslcheck::checks
