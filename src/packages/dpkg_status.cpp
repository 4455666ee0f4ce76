// dpkg's status file: paragraphs of "Field: value" lines (deb-control(5)); continuation lines start
// with a space, and none of the fields that are read has any. apt's extended_states is written in
// the same way. Distroless images have one such paragraph per file in status.d, without a Status.

#include "dpkg_status.hpp"

#include <algorithm>
#include <array>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

struct Field {
  std::string_view name;
  std::string DpkgParagraph::*member;
  bool is_list = false;  ///< of packages: a cut one would lack some
};
constexpr std::array kFields{
    Field{"Package:", &DpkgParagraph::name},
    Field{"Version:", &DpkgParagraph::version},
    Field{"Architecture:", &DpkgParagraph::architecture},
    Field{"Maintainer:", &DpkgParagraph::maintainer},
    Field{"Status:", &DpkgParagraph::status},
    Field{"Essential:", &DpkgParagraph::essential},
    Field{"Priority:", &DpkgParagraph::priority},
    Field{"Pre-Depends:", &DpkgParagraph::pre_depends, true},
    Field{"Depends:", &DpkgParagraph::depends, true},
    Field{"Recommends:", &DpkgParagraph::recommends, true},
    Field{"Provides:", &DpkgParagraph::provides, true},
    Field{"Auto-Installed:", &DpkgParagraph::automatic},
};

}  // namespace

std::vector<DpkgParagraph> parse_dpkg_status(std::string_view text, std::size_t max_paragraphs) {
  std::vector<DpkgParagraph> paragraphs;
  DpkgParagraph current;
  const auto finish = [&] {
    if (!current.name.empty() && paragraphs.size() < max_paragraphs)
      paragraphs.push_back(std::move(current));
    current = {};
  };
  core::for_each_part(text, '\n', [&](std::string_view line) {
    if (core::trim(line).empty()) finish();
    for (const Field& field : kFields) {
      if (!line.starts_with(field.name)) continue;
      const std::string_view value = core::trim(line.substr(field.name.size()));
      current.*field.member = field.is_list
                                  ? std::string(value)
                                  : core::shortened(value, core::limits::kMaxPackageField);
    }
  });
  finish();
  return paragraphs;
}

bool has_files(const DpkgParagraph& paragraph) {
  if (paragraph.status.empty()) return true;
  const std::string_view state = core::split(paragraph.status, ' ').back();
  return state != "config-files" && state != "not-installed";
}

bool has_domain_of(std::string_view maintainer, const std::vector<std::string>& domains) {
  const std::size_t at = maintainer.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view rest = maintainer.substr(at + 1);
  const std::string_view domain = rest.substr(0, rest.find_first_of("> "));
  return std::find(domains.begin(), domains.end(), domain) != domains.end();
}

}  // namespace muslcheck::packages
