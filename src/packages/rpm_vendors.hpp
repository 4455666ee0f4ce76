#pragma once
/// Who built an rpm package.

#include <string_view>

namespace muslcheck::packages {

/// True for the vendors (VENDOR tag) whose packages are a distribution's, or bring what every base
/// has its own of, whatever distribution they are installed on.
[[nodiscard]] bool is_distribution_vendor(std::string_view vendor);

}  // namespace muslcheck::packages
