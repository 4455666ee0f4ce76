#pragma once
/// Package URLs (purl-spec): "pkg:npm/%40img/sharp-linux-x64@0.33.5".

#include <map>
#include <string>
#include <string_view>

namespace muslcheck::packages {

/// `name` may hold one namespace before a slash ("@img/sharp", "debian/libc6"). Qualifiers without
/// a value are left out.
[[nodiscard]] std::string make_purl(std::string_view type, std::string_view name,
                                    std::string_view version,
                                    const std::map<std::string, std::string>& qualifiers = {});

}  // namespace muslcheck::packages
