#pragma once
/// SHA-256, the digest of OCI content and of fingerprints.

#include <string>

#include "muslcheck/core/bytes.hpp"

namespace muslcheck::core {

/// SHA-256 of the bytes as 64 lower-case hex digits, without "sha256:".
[[nodiscard]] std::string sha256_hex(ByteView bytes);

}  // namespace muslcheck::core
