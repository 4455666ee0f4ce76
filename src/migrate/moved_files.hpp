#pragma once
/// The file system as it will be on the target: the image without what the new base replaces.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/loader/loader.hpp"

namespace muslcheck::migrate {

/// A view over the image's tree from which replaced files are gone. The target's own libraries are
/// files here only if its tree is given; else the loader model asks target::Target for them.
class MovedFiles : public loader::FileView {
 public:
  /// `replaced` holds real in-image paths; files of the first `base_layers` layers are gone too.
  /// `tree` and `target`, which may be null, outlive the view.
  MovedFiles(const filesystem::FileTree& tree, std::unordered_set<std::string> replaced,
             std::size_t base_layers, const filesystem::FileTree* target = nullptr);

  [[nodiscard]] loader::FoundFile open(std::string_view path) const override;
  /// True if the file that open() finds is one of the target's.
  [[nodiscard]] bool is_of_target(std::string_view path) const;

 private:
  [[nodiscard]] loader::FoundFile open_moved(std::string_view path) const;
  [[nodiscard]] loader::FoundFile open_target(std::string_view path) const;

  const filesystem::FileTree& tree_;
  const filesystem::FileTree* target_;
  std::unordered_set<std::string> replaced_;
  std::size_t base_layers_;
  std::unordered_set<std::string> unreadable_;         ///< ELF files with a problem
  std::unordered_set<std::string> target_unreadable_;  ///< the same of the target
};

}  // namespace muslcheck::migrate
