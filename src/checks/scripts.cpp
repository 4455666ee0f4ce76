// Calls of one command are one finding: what is to be done about them is the same. Which check a
// call belongs to is decided by when it runs and by what Alpine has in place of the command; the
// calls themselves are the evidence.

#include "checks/scripts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "checks/busybox.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::checks {
namespace {

using model::CommandSource;
using model::CommandUse;
using model::Finding;
using model::Phase;

constexpr std::size_t kShownCalls = 5;
constexpr std::size_t kShownText = 100;  // bytes of a call

/// All calls with one cause.
struct Group {
  const rules::Check* check = nullptr;
  std::string subject;
  std::vector<std::string> calls;    ///< "/app/start.sh:12: useradd -m app"
  std::vector<std::string> details;  ///< "grep -P": each once
  std::vector<std::string> texts;    ///< what is printed: each once
  std::string path;
  int layer = 0;
  std::string place;
  std::string apk;
  std::string advice;
  model::Confidence confidence = model::Confidence::certain;
  bool entrypoint = false;
};

using Groups = std::map<std::pair<std::string, std::string>, Group>;  // by check and subject

std::string text_of(const CommandUse& use) {
  return core::shortened(core::one_line(core::join(use.words, " ")), kShownText);
}

/// "the entry point" for what the image's configuration says, else the script.
std::string place_name(const CommandUse& use) {
  if (!use.path.empty()) return "/" + use.path;
  if (use.phase == Phase::health) return "The health check";
  return use.phase == Phase::build ? use.place : "The image's " + use.place;
}

bool is_of_configuration(const CommandUse& use) {
  return use.path.empty() && use.phase == Phase::start;
}

/// Which check is about a call of a command that the target lacks.
std::string_view kind_of(const CommandUse& use, const rules::DebianCommand* debian) {
  if (use.phase == Phase::unknown) return "command-elsewhere";
  if (debian != nullptr) return debian->kind == "users" ? "user-management" : "debian-command";
  if (use.provision.source == CommandSource::absent) return "command-without-package";
  if (use.phase == Phase::build) return "build-command";
  if (use.phase == Phase::health) return "command-in-health-check";
  return is_of_configuration(use) ? "command-at-start" : "command-in-script";
}

/// What belongs to the build's package manager is translated with the Dockerfile as a whole.
bool is_of_interest(const CommandUse& use, const rules::DebianCommand* debian) {
  if (use.optional) return false;
  if (use.phase != Phase::build) return true;
  if (debian != nullptr) return debian->kind != "packages";
  return use.provision.source != CommandSource::absent;
}

class Collector {
 public:
  explicit Collector(const Context& context) : context_(context) {}

  void add(const CommandUse& use) {
    const rules::DebianCommand* debian = context_.rules.find_debian_command(use.name);
    if (!is_of_interest(use, debian)) return;
    if (use.provision.source == CommandSource::base) return add_options(use);
    Group* group = find(kind_of(use, debian), use.name, use);
    if (group == nullptr) return;
    add_call(*group, use);
    group->apk = use.provision.apk;
    group->confidence = std::max(group->confidence, use.provision.confidence);
    group->entrypoint = group->entrypoint || use.is_program;
    if (debian != nullptr) group->advice = debian->advice;
    if (group->advice.empty() && !group->apk.empty())
      group->advice = "apk add --no-cache " + group->apk;
    if (group->advice.empty()) group->advice = "look for it with apk search cmd:" + use.name;
  }

  void add(const model::Script& script) {
    const bool elsewhere = script.phase == Phase::unknown;
    if (elsewhere && script.package) return;  // of a dependency: hardly ever run
    Group* group = find(elsewhere ? "interpreter-elsewhere" : "interpreter-at-start",
                        script.interpreter, script.path, script.layer);
    if (group == nullptr) return;
    group->calls.push_back("/" + script.path + ": #!" +
                           core::shortened(script.first_line, kShownText));
    add_once(group->details, "/" + script.path);
    group->apk = script.provision.apk;
    group->confidence = std::max(group->confidence, script.provision.confidence);
    if (group->place.empty()) group->place = "/" + script.path;
    group->entrypoint = group->entrypoint || context_.migration.source.starts(script.path);
  }

  [[nodiscard]] const Groups& groups() const { return groups_; }

 private:
  void add_options(const CommandUse& use) {
    const auto gaps = find_busybox_gaps(use.name, use.words, context_.rules);
    if (gaps.empty()) return;
    Group* group = find(use.phase == Phase::unknown ? "busybox-option-elsewhere" : "busybox-option",
                        use.name, use);
    if (group == nullptr) return;
    add_call(*group, use);
    for (const BusyboxGap& gap : gaps) {
      add_once(group->details, core::shortened(core::one_line(gap.shown), kShownText));
      add_once(group->texts, core::shortened(core::one_line(gap.text), kShownText));
      group->apk = gap.rule->apk;
      if (!gap.rule->advice.empty()) add_advice(*group, gap.rule->advice);
    }
  }

  static void add_advice(Group& group, const std::string& advice) {
    if (group.advice.find(advice) != std::string::npos) return;
    group.advice += (group.advice.empty() ? "" : "; ") + advice;
  }

  Group* find(std::string_view kind, const std::string& subject, const CommandUse& use) {
    const std::string& path = use.path.empty() ? use.program : use.path;
    Group* group = find(kind, subject, path, use.layer);
    if (group != nullptr && group->place.empty()) group->place = place_name(use);
    return group;
  }

  Group* find(std::string_view kind, const std::string& subject, const std::string& path,
              int layer) {
    const rules::Check* check = context_.rules.find_check_of_kind(kind);
    if (check == nullptr) return nullptr;
    const auto [group, is_new] = groups_.try_emplace({check->id, subject});
    if (is_new) {
      group->second.check = check;
      group->second.subject = subject;
      group->second.path = path;
      group->second.layer = layer;
    }
    return &group->second;
  }

  static void add_call(Group& group, const CommandUse& use) {
    add_once(group.calls, use.place + ": " + text_of(use));
  }

  const Context& context_;
  Groups groups_;
};

/// The first few, and how many more.
std::vector<std::string> first_of(std::vector<std::string> list) {
  if (list.size() <= kShownCalls + 1) return list;
  const std::size_t more = list.size() - kShownCalls;
  list.resize(kShownCalls);
  list.push_back("and " + std::to_string(more) + " more");
  return list;
}

Values values_of(const Group& group, const Context& context) {
  return {{"path", "/" + group.path},
          {"subject", group.subject},
          {"symbols", core::join(first_of(group.details), ", ")},
          {"count", std::to_string(group.calls.size())},
          {"place", group.place},
          {"apk", group.apk},
          {"advice", group.advice.empty() ? "the options of POSIX" : group.advice},
          {"library", ""},
          {"target", context.migration.target.name},
          {"musl", context.migration.target.musl},
          {"arch", context.migration.target.arch}};
}

/// That of the check; where it would install a package and none is known, that of commands
/// without one.
model::Remedy remedy_of(const Group& group, const Context& context, const Values& values) {
  const rules::Check* check = group.check;
  if (group.apk.empty() && check->remedy.kind == "apk")
    if (const auto* other = context.rules.find_check_of_kind("command-without-package"))
      check = other;
  return expand(check->remedy, values);
}

Finding make_finding(const Group& group, const Context& context) {
  const Values values = values_of(group, context);
  Finding finding;
  finding.rule_id = group.check->id;
  finding.name = group.check->name;
  finding.severity = group.check->severity;
  finding.confidence = group.confidence;
  finding.fingerprint = model::make_fingerprint(group.check->id, "", "", group.path, group.subject);
  finding.path = group.path;
  finding.subject = group.subject;
  finding.message = expand(group.check->message, values);
  finding.evidence = group.texts;
  for (std::string& call : first_of(group.calls)) finding.evidence.push_back(std::move(call));
  finding.layer = group.layer;
  finding.remedy = remedy_of(group, context, values);
  finding.entrypoint = group.entrypoint && group.check->severity == model::Severity::error;
  return finding;
}

/// About scripts that nothing is known to start.
bool is_elsewhere(const Group& group) { return group.check->kind.ends_with("elsewhere"); }

/// Packages that other findings ask for: with them nothing needs to be said of what is not known
/// to be called at all.
std::set<std::string> added_packages(const Groups& groups) {
  std::set<std::string> packages;
  for (const auto& [key, group] : groups)
    if (!is_elsewhere(group) && !group.apk.empty() && group.check->remedy.kind == "apk")
      packages.insert(group.apk);
  return packages;
}

/// User, without a group, if it is a name.
std::string user_name(const std::string& user) {
  std::string name = user.substr(0, user.find(':'));
  const bool is_number = name.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::string() : name;
}

/// What the new base knows of a user; null if nothing is known.
const rules::ImageUser* find_user(const std::string& name, const Context& context) {
  const auto images = context.rules.images_behind(context.migration.target.image);
  for (auto image = images.rbegin(); image != images.rend(); ++image) {
    const auto* user = core::find_where(
        (*image)->users, [&](const rules::ImageUser& other) { return other.name == name; });
    if (user != nullptr) return user;
  }
  return nullptr;
}

void add_user(std::vector<Finding>& findings, const Context& context) {
  const std::string name = user_name(context.migration.source.config.user);
  const rules::ImageUser* user = name.empty() ? nullptr : find_user(name, context);
  if (user == nullptr || user->uid == user->was || context.migration.musl_system) return;
  Group group;
  group.check =
      context.rules.find_check_of_kind(user->uid.has_value() ? "other-user-id" : "absent-user");
  if (group.check == nullptr) return;
  group.subject = name;
  group.path = "etc/passwd";
  group.calls = {"User: " + core::shortened(context.migration.source.config.user, kShownText)};
  const std::string was = user->was ? std::to_string(*user->was) : std::string();
  if (user->uid)
    group.details = {"number " + std::to_string(*user->uid) + " there, " + was + " until now"};
  group.advice = "adduser -S -D -H" + (was.empty() ? "" : " -u " + was) + " " + name;
  group.entrypoint = !user->uid;
  findings.push_back(make_finding(group, context));
}

/// A library that LD_PRELOAD names and that a package of the old base has.
void add_preload(std::vector<Finding>& findings, const model::Module& module,
                 const Context& context) {
  const model::Host* host = context.rules.find_host(module.host);
  if (host == nullptr || host->mode != model::DlopenMode::preload ||
      module.disposition != model::Disposition::replaced || context.migration.musl_system)
    return;
  Group group;
  group.check = context.rules.find_check_of_kind("preload-left-behind");
  if (group.check == nullptr) return;
  group.subject = module.path.substr(module.path.rfind('/') + 1);
  group.path = module.path;
  group.layer = module.layer;
  group.calls = {module.host_evidence, module.disposition_reason};
  const auto* package = core::find_where(
      context.rules.sonames,
      [&](const rules::SonamePackage& entry) { return entry.soname == group.subject; });
  if (package != nullptr) group.apk = package->apk;
  findings.push_back(make_finding(group, context));
}

}  // namespace

std::vector<Finding> find_script_findings(const Context& context) {
  Collector collector(context);
  for (const model::Script& script : context.migration.scripts) collector.add(script);
  for (const CommandUse& use : context.migration.commands) collector.add(use);
  std::vector<Finding> findings;
  const std::set<std::string> added = added_packages(collector.groups());
  for (const auto& [key, group] : collector.groups())
    if (!is_elsewhere(group) || !added.contains(group.apk))
      findings.push_back(make_finding(group, context));
  add_user(findings, context);
  for (const model::Module& module : context.migration.modules)
    add_preload(findings, module, context);
  return findings;
}

}  // namespace muslcheck::checks
