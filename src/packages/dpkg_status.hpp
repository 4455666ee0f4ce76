#pragma once
/// dpkg's status file, and files of the same form.

#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {

/// One paragraph of the status file.
struct DpkgParagraph {
  std::string name;
  std::string version;
  std::string architecture;
  std::string maintainer;
  std::string status;  ///< "install ok installed"; empty in distroless images
  std::string essential = {};  ///< "yes"
  std::string priority = {};   ///< "required", "important", "standard", "optional", "extra"
  // Lists of other packages as they are written: "libc6 (>= 2.36), debconf | debconf-2.0".
  std::string pre_depends = {};
  std::string depends = {};
  std::string recommends = {};
  std::string provides = {};
  std::string automatic = {};  ///< "1" in apt's extended_states: installed for another package
  bool operator==(const DpkgParagraph&) const = default;
};

/// The first paragraphs that name a package; anything else is passed over.
[[nodiscard]] std::vector<DpkgParagraph> parse_dpkg_status(
    std::string_view text, std::size_t max_paragraphs = core::limits::kMaxPackages);

/// Each name in a list of packages, alternatives too, without versions and architectures.
template <typename Visit>
void for_each_name(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t end = list.find_first_of(",|");
    std::string_view name = core::trim(list.substr(0, end));
    name = name.substr(0, name.find_first_of(" (:["));
    if (!name.empty()) visit(name);
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
}

/// False for packages that are removed ("config-files", "not-installed"): they own no files.
[[nodiscard]] bool has_files(const DpkgParagraph& paragraph);

/// True if "Name <user@domain>" has one of these mail domains.
[[nodiscard]] bool has_domain_of(std::string_view maintainer,
                                 const std::vector<std::string>& domains);

}  // namespace muslcheck::packages
