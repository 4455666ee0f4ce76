#pragma once
/// Native files of .NET applications.

#include <cstddef>
#include <string>

#include "muslcheck/packages/packages.hpp"

namespace muslcheck::runtimes {

/// True for a native file that deps.json lists: DllImport may open it, wherever it is and whatever
/// it exports.
[[nodiscard]] bool is_dotnet_asset(const packages::PackageIndex& index, std::size_t package,
                                   const std::string& path);

}  // namespace muslcheck::runtimes
