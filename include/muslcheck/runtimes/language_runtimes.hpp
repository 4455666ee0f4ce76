#pragma once
/// Language runtimes and servers in the image, and the image tag that brings them on Alpine.

#include <optional>
#include <string_view>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/runtime.hpp"
#include "muslcheck/packages/packages.hpp"

namespace muslcheck::runtimes {

/// What the search looks at. References outlive the call.
struct RuntimeSearch {
  const model::SourceInfo& image;  ///< Env, base and start program are filled in
  const filesystem::FileTree& tree;
  const packages::PackageIndex& packages;
  const std::vector<model::RuntimeRecogniser>& known;
  const std::vector<model::ImageTag>& tags;
};

/// All runtimes, the main one first: that of the program that the container starts, else that of
/// the base image, else the first by the order of `known` that is where its official image has it.
/// If there is no main one, none is `in_new_base`. `release`: the Alpine release that the user
/// asked for; a tag that has it goes before others. Empty: any.
[[nodiscard]] std::vector<model::Runtime> find_language_runtimes(const RuntimeSearch& search,
                                                                 std::string_view release);

/// True for a file that belongs to the runtime, by place or by the package that owns it.
[[nodiscard]] bool belongs_to(const model::Runtime& runtime, std::string_view path,
                              std::string_view package_name);

/// The tag of the image's most specific version: for 20.11.1 the one of 20.11.1, 20.11 or 20, of
/// the first of the `suffixes` ("-fpm", "") that has one. Null if there is none.
[[nodiscard]] const model::ImageTag* find_image_tag(const std::vector<model::ImageTag>& tags,
                                                    std::string_view image,
                                                    std::string_view version,
                                                    const std::vector<std::string>& suffixes,
                                                    std::string_view release);

}  // namespace muslcheck::runtimes
