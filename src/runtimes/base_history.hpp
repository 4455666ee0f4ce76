#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/model/base_recogniser.hpp"
#include "muslcheck/model/image.hpp"

namespace muslcheck::runtimes {

/// The part of a history that belongs to official images.
struct OfficialPart {
  const model::BaseRecogniser* base = nullptr;  ///< null: none recognised
  std::string suffix;                           ///< of its name, by what it is built on
  std::size_t layers = 0;
};

/// What a recogniser may ask of the image beside its history.
struct ImageTraits {
  std::string os;                 ///< ID of os-release
  std::vector<std::string> envs;  ///< names of the Env
};

/// The official part with most layers. `history` must map to layers one to one.
[[nodiscard]] OfficialPart find_official_part(const std::vector<model::HistoryEntry>& history,
                                              const ImageTraits& traits,
                                              const std::vector<model::BaseRecogniser>& known);

}  // namespace muslcheck::runtimes
