#pragma once
/// The variables that instructions see.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "muslcheck/dockerfile/dockerfile.hpp"

namespace muslcheck::dockerfile {

/// By name. One that is declared without a value is not in it.
using Variables = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] std::optional<std::string> find_variable(const Variables& variables,
                                                       std::string_view name);

/// Sets a variable and takes its size off `room`. Nothing is set once there is no room.
void set_variable(Variables& variables, const std::string& name, std::string value,
                  std::size_t& room);

/// TARGETPLATFORM, TARGETOS, TARGETARCH, TARGETVARIANT, and the same of BUILD: as if the image had
/// been built on a machine of its own platform.
[[nodiscard]] Variables platform_variables(const std::string& platform);

/// What a FROM sees: the platform, and the ARGs before the first FROM with their defaults or what
/// the build was told.
[[nodiscard]] Variables global_variables(const Dockerfile& dockerfile, const BuildRequest& request);

}  // namespace muslcheck::dockerfile
