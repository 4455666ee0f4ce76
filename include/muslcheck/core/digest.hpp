#pragma once
/// SHA-256, the digest of OCI content and of fingerprints.

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "muslcheck/core/bytes.hpp"

namespace muslcheck::core {

/// SHA-256 of the bytes.
[[nodiscard]] std::array<std::uint8_t, 32> sha256(ByteView bytes);

/// SHA-256 of the bytes as 64 lower-case hex digits, without "sha256:".
[[nodiscard]] std::string sha256_hex(ByteView bytes);

/// SHA-512, the other digest of OCI, as 128 digits.
[[nodiscard]] std::string sha512_hex(ByteView bytes);

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void add(ByteView bytes);
  /// The digest of all that was added, as sha256_hex() gives it. To be called once, at the end.
  [[nodiscard]] std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muslcheck::core
