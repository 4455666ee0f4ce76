// Distributions give all their packages one VENDOR tag, so a package is the distribution's if it
// has the tag of the package that brings the C library or os-release (rpm.cpp). This list is for
// those that come from another distribution (EPEL on Rocky Linux), and for what a base of Alpine
// brings in its own form: Node.js of NodeSource, PHP of Remi, PostgreSQL of its developers.

#include "rpm_vendors.hpp"

#include <algorithm>
#include <array>

namespace muslcheck::packages {
namespace {

constexpr std::array<std::string_view, 13> kVendors{
    "AlmaLinux",      "Amazon Linux",
    "Amazon.com",     "CentOS",
    "Fedora",         "NodeSource",
    "Oracle America", "PostgreSQL Global Development Group",
    "Red Hat",        "Remi's RPM repository",
    "Rocky",          "SUSE",
    "openSUSE",
};

}  // namespace

bool is_distribution_vendor(std::string_view vendor) {
  return std::any_of(kVendors.begin(), kVendors.end(),
                     [&](std::string_view known) { return vendor.starts_with(known); });
}

}  // namespace muslcheck::packages
