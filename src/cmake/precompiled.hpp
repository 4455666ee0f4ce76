#pragma once
// Headers of the standard library that most files include, compiled once for all of them in the
// presets dev and asan. Each file still includes what it uses: the preset release builds without.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>
