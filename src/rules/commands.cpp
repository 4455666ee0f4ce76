// Reads what is known about commands: rules/targets/commands.tsv and debian-packages.tsv,
// rules/busybox.json, debian-commands.json and target-images.json. Guarantees that they are sorted,
// so that they can be searched, and that names which end up in an `apk add` line are such.

#include <algorithm>
#include <array>

#include "muslcheck/core/search.hpp"
#include "rules/json_reader.hpp"
#include "rules/parts.hpp"
#include "rules/tsv.hpp"

namespace muslcheck::rules {
namespace {

constexpr std::array<std::string_view, 5> kPackageKinds{"dev", "meta", "none", "run", "tool"};
constexpr std::array<std::string_view, 4> kConfidences{"high", "low", "medium", "none"};
constexpr std::array<std::string_view, 4> kCommandKinds{"packages", "services", "system", "users"};

/// What Alpine allows in the name of a package.
bool is_package_name(std::string_view name) {
  constexpr std::string_view kOthers = "+-._@";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

/// The first of the names that is none; null if all are.
const std::string* find_bad_name(const std::vector<std::string>& names) {
  return core::find_where(names, [](const std::string& name) { return !is_package_name(name); });
}

std::string bad_name(const std::string& name) { return "\"" + name + "\" is no package name"; }

BusyboxOption read_option(const JsonObject& object) {
  object.allow_only({"command", "options", "values", "text", "apk", "advice"});
  BusyboxOption option{.command = object.text("command"),
                       .options = {},
                       .values = {},
                       .text = object.optional_text("text"),
                       .apk = object.optional_text("apk"),
                       .advice = object.optional_text("advice")};
  if (object.has("options")) option.options = object.texts("options", ListOrder::sorted);
  if (object.has("values")) option.values = object.texts("values", ListOrder::given);
  for (const std::string& name : option.options)
    if (name.size() < 2 || name[0] != '-') object.fail("options", "\"" + name + "\" is no option");
  if (option.options.empty() && option.values.empty())
    object.fail("options", "must not be empty where there are no values");
  if (option.options.empty() && option.text.empty()) object.fail("text", "must not be empty");
  if (option.apk.empty() && option.advice.empty()) object.fail("advice", "must not be empty");
  if (!option.apk.empty() && !is_package_name(option.apk)) object.fail("apk", bad_name(option.apk));
  return option;
}

ImageUser read_user(const JsonObject& object) {
  object.allow_only({"name", "uid", "was"});
  ImageUser user{.name = object.text("name"), .uid = {}, .was = {}};
  if (object.has("uid")) user.uid = object.number("uid");
  if (object.has("was")) user.was = object.number("was");
  return user;
}

TargetImage read_image(const JsonObject& object) {
  object.allow_only({"image", "apk", "commands", "folder", "programs", "users"});
  TargetImage image{.image = object.text("image"),
                    .apk = object.texts("apk", ListOrder::sorted),
                    .commands = object.texts("commands", ListOrder::sorted),
                    .folder = object.has("folder") ? object.text("folder") : std::string(),
                    .programs = {},
                    .users = {}};
  if (!image.folder.empty()) image.programs = object.texts("programs", ListOrder::sorted);
  for (const JsonObject& user : object.objects("users")) image.users.push_back(read_user(user));
  return image;
}

}  // namespace

core::Result<void> read_commands(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows = read_sorted(file, text, {"name", "busybox", "apk"}, true);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    Command command{.name = std::string(row.cells[0]),
                    .in_busybox = row.cells[1] == "yes",
                    .apk = split_cell(row.cells[2], ',')};
    if (!command.in_busybox && row.cells[1] != "no")
      return tl::make_unexpected(
          bad_line(file, row.line, "must be yes or no, not \"" + std::string(row.cells[1]) + "\""));
    if (const std::string* bad = find_bad_name(command.apk))
      return tl::make_unexpected(bad_line(file, row.line, bad_name(*bad)));
    rules.commands.push_back(std::move(command));
  }
  return {};
}

core::Result<void> read_debian_packages(std::string_view file, std::string_view text,
                                        RuleSet& rules) {
  const auto rows = read_sorted(file, text, {"name", "apk", "kind", "confidence", "note"}, true);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TsvRow& row : *rows) {
    const auto wrong = [&](const std::string& what) {
      return tl::make_unexpected(bad_line(file, row.line, what));
    };
    DebianPackage package{.name = std::string(row.cells[0]),
                          .apk = split_cell(row.cells[1], ','),
                          .kind = std::string(row.cells[2]),
                          .confidence = std::string(row.cells[3]),
                          .note = std::string(row.cells[4])};
    if (!core::contains(kPackageKinds, package.kind))
      return wrong("unknown kind \"" + package.kind + "\"");
    if (!core::contains(kConfidences, package.confidence))
      return wrong("unknown confidence \"" + package.confidence + "\"");
    if (package.apk.empty() != (package.kind == "none"))
      return wrong("\"" + package.name + "\" is of kind " + package.kind + " but " +
                   (package.apk.empty() ? "has no package" : "has one"));
    if (const std::string* bad = find_bad_name(package.apk)) return wrong(bad_name(*bad));
    rules.debian_packages.push_back(std::move(package));
  }
  return {};
}

core::Result<void> read_busybox(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "applets", "options"});
    rules.busybox_applets = top.texts("applets", ListOrder::sorted);
    for (const JsonObject& object : top.objects("options")) {
      BusyboxOption option = read_option(object);
      if (!rules.busybox_options.empty() && rules.busybox_options.back().command > option.command)
        object.fail("command", option.command + " is out of order");
      if (!core::contains(rules.busybox_applets, option.command))
        object.fail("command", option.command + " is no applet");
      rules.busybox_options.push_back(std::move(option));
    }
    if (rules.busybox_applets.empty()) top.fail("applets", "must not be empty");
  };
  return read_json(file, text, read);
}

core::Result<void> read_debian_commands(std::string_view file, std::string_view text,
                                        RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "commands"});
    for (const JsonObject& object : top.objects("commands")) {
      object.allow_only({"name", "kind", "advice"});
      DebianCommand command{.name = object.text("name"),
                            .kind = object.text("kind"),
                            .advice = object.text("advice")};
      if (!rules.debian_commands.empty() && rules.debian_commands.back().name >= command.name)
        object.fail("name", command.name + " is out of order");
      if (!core::contains(kCommandKinds, command.kind))
        object.fail("kind", "unknown kind \"" + command.kind + "\"");
      rules.debian_commands.push_back(std::move(command));
    }
  };
  return read_json(file, text, read);
}

core::Result<void> read_target_images(std::string_view file, std::string_view text,
                                      RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "images"});
    for (const JsonObject& object : top.objects("images")) {
      TargetImage image = read_image(object);
      if (!rules.target_images.empty() && rules.target_images.back().image >= image.image)
        object.fail("image", image.image + " is out of order");
      rules.target_images.push_back(std::move(image));
    }
    if (rules.find_target_image("alpine") == nullptr)
      top.fail("images", "must say what the image alpine has");
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
