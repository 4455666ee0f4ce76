#pragma once
/// From the path that a package lists to the file that it is in the image.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "muslcheck/filesystem/file_tree.hpp"

namespace muslcheck::packages {

/// dpkg-divert(1): the file of every package but one is elsewhere.
struct Diversion {
  std::string to;
  std::string package;  ///< whose file stays; ":" for none
};

/// Turns listed paths into the files of the tree that they are.
class FileFinder {
 public:
  /// `diversions` by the path that is diverted. The tree outlives this.
  explicit FileFinder(const filesystem::FileTree& tree,
                      std::map<std::string, Diversion> diversions = {})
      : tree_(tree), diversions_(std::move(diversions)) {}

  /// The real path of a listed file (an in-image path); nothing if it is a directory or not in the
  /// image (slim images leave out documentation).
  [[nodiscard]] std::optional<std::string> find(const std::string& listed,
                                                const std::string& package);

 private:
  const std::string* real_folder(std::string_view folder);

  const filesystem::FileTree& tree_;
  std::map<std::string, Diversion> diversions_;
  std::map<std::string, std::optional<std::string>, std::less<>> folders_;
};

}  // namespace muslcheck::packages
