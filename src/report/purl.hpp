#pragma once
/// Package URLs (https://github.com/package-url/purl-spec), as far as reports need them.

#include <string>
#include <string_view>

namespace muslcheck::report {

/// What a purl says, decoded. Of an ill-formed one what could be read.
struct Purl {
  std::string type;     ///< "npm"
  std::string name;     ///< as its users write it: "@img/sharp-linux-x64", "org.xerial:sqlite-jdbc"
  std::string version;  ///< may be empty
  bool operator==(const Purl&) const = default;
};

[[nodiscard]] Purl parse_purl(std::string_view purl);

/// "@img/sharp-linux-x64@0.34.1 (npm)"; of what is no purl the text itself.
[[nodiscard]] std::string title_of_purl(std::string_view purl);

}  // namespace muslcheck::report
