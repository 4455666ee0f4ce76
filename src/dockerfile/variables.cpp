// Variables by the Dockerfile reference ("Scope of ARG", "Automatic platform ARGs in the global
// scope"): what the build was told wins over a default.

#include "dockerfile/variables.hpp"

#include <utility>

#include "dockerfile/expand.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::dockerfile {

std::optional<std::string> find_variable(const Variables& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

void set_variable(Variables& variables, const std::string& name, std::string value,
                  std::size_t& room) {
  const std::size_t size = name.size() + value.size();
  if (size > room) return;
  room -= size;
  variables[name] = std::move(value);
}

Variables platform_variables(const std::string& platform) {
  const std::string known = platform.empty() ? "linux/amd64" : platform;
  const auto parts = core::split(known, '/');
  Variables variables;
  for (const std::string prefix : {"TARGET", "BUILD"}) {
    variables[prefix + "PLATFORM"] = known;
    variables[prefix + "OS"] = parts[0];
    variables[prefix + "ARCH"] = parts.size() > 1 ? parts[1] : "";
    variables[prefix + "VARIANT"] = parts.size() > 2 ? parts[2] : "";
  }
  return variables;
}

Variables global_variables(const Dockerfile& dockerfile, const BuildRequest& request) {
  Variables variables = platform_variables(request.platform);
  std::size_t room = core::limits::kMaxDockerfileText;
  const Lookup lookup = [&](std::string_view name) { return find_variable(variables, name); };
  for (const Instruction& instruction : dockerfile.global_args) {
    for (const Assignment& argument : instruction.assignments) {
      const auto told = request.build_args.find(argument.name);
      if (told != request.build_args.end()) {
        set_variable(variables, argument.name, told->second, room);
      } else if (argument.value) {
        // A default that cannot be read sets nothing: then the FROM that uses it says so.
        if (auto value = expand(*argument.value, lookup, dockerfile.escape))
          set_variable(variables, argument.name, std::move(*value), room);
      }
    }
  }
  return variables;
}

}  // namespace muslcheck::dockerfile
