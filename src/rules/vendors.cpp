// Reads rules/vendors.json: whose packages are the distribution's.

#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {

core::Result<void> read_vendors(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "debVendors", "rpmDistributions"});
    rules.vendors = {.deb_vendors = top.texts("debVendors", ListOrder::sorted),
                     .rpm_distributions = top.texts("rpmDistributions", ListOrder::sorted)};
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
