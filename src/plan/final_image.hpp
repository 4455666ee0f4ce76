#pragma once

#include <string>

namespace muslcheck::plan {

/// The image of the last stage for one that is built with `tag`: {release} of Alpine, {java} the
/// major version that the tag names, {tag} without the SDK's own number. Empty if there is no such
/// version.
[[nodiscard]] std::string fill_image(const std::string& pattern, const std::string& tag,
                                     const std::string& release);

}  // namespace muslcheck::plan
