#pragma once
/// Everything that is read: the image, layer by layer, and the target if that is an image too.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/scan/scan.hpp"
#include "scan/own_target.hpp"
#include "scan/request.hpp"

namespace muslcheck::scan {

struct ReadImage {
  model::SourceInfo info;
  std::unique_ptr<const filesystem::FileTree> tree;
  std::vector<model::Problem> problems;    ///< noticed by the source, beside those of the tree
  std::string arch;                        ///< Alpine's name for it
  std::optional<OwnTarget> target_system;  ///< of --target-image
};

/// The target that the user brings, a profile or a system; null if there is none.
[[nodiscard]] const OwnTarget* own_target(const Request& request, const ReadImage& image);

/// Errors: those of opening the source, the base and the system of --target-image; of the first
/// layer, if none can be read; usage if the architecture is unknown or not the target's; timeout.
[[nodiscard]] core::Result<ReadImage> read_image(const ScanOptions& options, const Request& request,
                                                 const rules::RuleSet& rules);

}  // namespace muslcheck::scan
