#pragma once
/// Who is known to publish packages in the form of a distribution.

#include <string>
#include <vector>

namespace muslcheck::model {

/// Their packages are told from the distribution's by these (rules/vendors.json).
struct KnownVendors {
  std::vector<std::string> deb_vendors;  ///< mail domains of maintainers who are no distribution's
  std::vector<std::string> rpm_distributions;  ///< how VENDOR begins in packages that are one's
  bool operator==(const KnownVendors&) const = default;
};

}  // namespace muslcheck::model
