#pragma once
/// An image of layers, wherever its files lie.

#include <memory>
#include <string>
#include <vector>

#include "blob_store.hpp"
#include "image_files.hpp"
#include "listed_image.hpp"
#include "muslcheck/source/source.hpp"

namespace muslcheck::source {

/// What is known about an image before its layers are read.
struct LoadedImage {
  model::SourceInfo info;       ///< without kind and name
  std::vector<BlobRef> layers;  ///< as many as info.layers
  std::vector<model::Problem> problems;
  double stored_share = 1;  ///< of the layers' bytes, what is really on the disk
};

/// Reads the configuration. Errors: that of ImageFiles::read ("config-missing"), malformed
/// ("config-invalid", "layer-count-mismatch"). Layers that are not there are none.
[[nodiscard]] core::Result<LoadedImage> load_image(ImageFiles& files, const ListedImage& image);

/// The image as a source. `problems` of the image are given out by Source::problems. Of the options
/// those that say how layers are read count.
[[nodiscard]] std::unique_ptr<Source> make_layered_image(std::unique_ptr<BlobStore> store,
                                                         LoadedImage image,
                                                         const OpenOptions& options);

}  // namespace muslcheck::source
