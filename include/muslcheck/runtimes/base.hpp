#pragma once
/// Which image another image was built on, from what it says about itself.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/base_recogniser.hpp"
#include "muslcheck/model/image.hpp"

namespace muslcheck::runtimes {

/// The base by the labels org.opencontainers.image.base.name and .digest, else by the leading
/// history of official images; nothing if neither says anything. A label tells no number of
/// layers, the history may all the same. Every layer that is counted was recognised by the line
/// that made it: where that is not certain, the number is smaller.
[[nodiscard]] std::optional<model::BaseImage> find_base(
    const model::SourceInfo& image, const filesystem::FileTree& tree,
    const std::vector<model::BaseRecogniser>& known);

/// A line of a history as the instruction that it was, whichever builder wrote it down: "RUN x",
/// "COPY a /b", with single spaces. Empty for one that is longer than kMaxHistoryLine.
[[nodiscard]] std::string normalize_history_line(std::string_view created_by);

/// Leading layers of `image` that have the digests of `base`'s.
[[nodiscard]] std::size_t count_shared_layers(const model::SourceInfo& image,
                                              const model::SourceInfo& base);

}  // namespace muslcheck::runtimes
