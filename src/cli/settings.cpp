// The command line wins over the environment, which wins over the configuration file. CLI11 can
// read both, too, but lets the file win over the environment; so it is asked for its options and
// the rest is done here.

#include "cli/settings.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "cli/report_output.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/rules/settings_file.hpp"

namespace muslcheck::cli {
namespace {

using rules::Setting;

std::string environment_name(const std::string& option) {
  std::string name = "MUSLCHECK_";
  for (const char letter : option) {
    const bool is_small = letter >= 'a' && letter <= 'z';
    name += is_small ? static_cast<char>(letter - 'a' + 'A') : '_';
  }
  return name;
}

/// The option's long name without dashes; empty for what only makes sense on a command line.
std::string setting_name(const CLI::Option& option) {
  const std::vector<std::string>& names = option.get_lnames();
  return names.empty() || names.front() == "help" ? std::string() : names.front();
}

/// An option that was given already, or that another one rules out, stays as it is.
bool is_settled(CLI::Option& option) {
  const auto& excluded = option.get_excludes();
  return option.count() > 0 || std::any_of(excluded.begin(), excluded.end(),
                                           [](CLI::Option* other) { return other->count() > 0; });
}

core::Result<void> give(CLI::Option& option, const std::vector<std::string>& values,
                        const std::string& where) {
  if (values.empty() || is_settled(option)) return {};
  try {
    for (const std::string& value : values) option.add_result(value);
    option.run_callback();
  } catch (const CLI::Error& error) {
    return core::fail(core::ErrorCode::usage, "bad-setting", error.what(), where);
  }
  return {};
}

core::Result<void> apply_environment(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    const std::string name = setting_name(*option);
    const char* value = name.empty() ? nullptr : std::getenv(environment_name(name).c_str());
    if (value == nullptr || *value == '\0') continue;
    if (auto given = give(*option, {value}, environment_name(name)); !given) return given;
  }
  return {};
}

std::string user_config_file() {
  const char* base = std::getenv("XDG_CONFIG_HOME");
  if (base != nullptr && *base == '/') return std::string(base) + "/muslcheck/config.json";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.config/muslcheck/config.json";
  return {};
}

std::string find_config_file(const CLI::App& command) {
  const CLI::Option* given = command.get_option_no_throw("--config");
  if (given != nullptr && given->count() > 0) return given->as<std::string>();
  struct stat status {};
  for (const std::string& path :
       {std::string("muslcheck.json"), std::string(".muslcheck.json"), user_config_file()})
    if (!path.empty() && ::stat(path.c_str(), &status) == 0) return path;
  return {};
}

core::Result<void> apply_setting(CLI::App& command, const Setting& setting,
                                 const std::string& file) {
  CLI::Option* option = command.get_option_no_throw("--" + setting.name);
  if (option == nullptr || setting_name(*option) != setting.name || setting.name == "config")
    return core::fail(core::ErrorCode::bad_data, "bad-config-file",
                      "/" + core::shortened(setting.name, 64) +
                          ": there is no such option of scan; names are those of "
                          "'muslcheck scan --help' without dashes",
                      file);
  return give(*option, setting.values, file);
}

}  // namespace

core::Result<void> apply_settings(CLI::App& command) {
  if (auto applied = apply_environment(command); !applied) return applied;
  const std::string file = find_config_file(command);
  if (file.empty()) return {};
  const auto text = read_input(file, core::limits::kMaxSettingsFile);
  if (!text) return tl::make_unexpected(text.error());
  const auto settings = rules::parse_settings(file, *text);
  if (!settings) return tl::make_unexpected(settings.error());
  for (const Setting& setting : *settings)
    if (auto applied = apply_setting(command, setting, file); !applied) return applied;
  return {};
}

}  // namespace muslcheck::cli
