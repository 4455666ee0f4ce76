#pragma once
/// The file system as it will be on the target: the image without what the new base replaces.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/loader/loader.hpp"

namespace muslcheck::migrate {

/// A view over the image's tree from which replaced files are gone. The bare target's own
/// libraries are not files here: the loader model asks target::Target for them.
class MovedFiles : public loader::FileView {
 public:
  /// `replaced` holds real in-image paths; files of the first `base_layers` layers are gone too.
  /// `tree` outlives the view.
  MovedFiles(const filesystem::FileTree& tree, std::unordered_set<std::string> replaced,
             std::size_t base_layers);

  [[nodiscard]] loader::FoundFile open(std::string_view path) const override;

 private:
  const filesystem::FileTree& tree_;
  std::unordered_set<std::string> replaced_;
  std::size_t base_layers_;
  std::unordered_set<std::string> unreadable_;  ///< ELF files with a problem
};

}  // namespace muslcheck::migrate
