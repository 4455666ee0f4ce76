#pragma once
/// The loaders that npm packages use to find their platform package, and what they say when the
/// one for musl is not there.

#include <string>
#include <string_view>

#include "muslcheck/packages/packages.hpp"

namespace muslcheck::runtimes {

/// What is known of the loader in a package that has platform packages.
struct NodeLoader {
  bool known = false;       ///< its code was read: it asks for the musl package alone
  bool tries_all = false;   ///< it opens one platform package after the other, glibc's too
  bool takes_wasm = false;  ///< without native code it takes its WebAssembly package
  std::string text;  ///< the first line of its error when `musl_package` is not there; may be empty
};

[[nodiscard]] NodeLoader find_node_loader(std::string_view package,
                                          const packages::NpmDelivery& delivery,
                                          std::string_view musl_package);

}  // namespace muslcheck::runtimes
