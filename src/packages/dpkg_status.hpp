#pragma once
/// dpkg's status file.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/limits.hpp"

namespace muslcheck::packages {

/// One paragraph of the status file.
struct DpkgParagraph {
  std::string name;
  std::string version;
  std::string architecture;
  std::string maintainer;
  std::string status;  ///< "install ok installed"; empty in distroless images
  bool operator==(const DpkgParagraph&) const = default;
};

/// The first paragraphs that name a package; anything else is passed over.
[[nodiscard]] std::vector<DpkgParagraph> parse_dpkg_status(
    std::string_view text, std::size_t max_paragraphs = core::limits::kMaxPackages);

/// False for packages that are removed ("config-files", "not-installed"): they own no files.
[[nodiscard]] bool has_files(const DpkgParagraph& paragraph);

/// True if "Name <user@domain>" has one of these mail domains.
[[nodiscard]] bool has_domain_of(std::string_view maintainer,
                                 const std::vector<std::string>& domains);

}  // namespace muslcheck::packages
