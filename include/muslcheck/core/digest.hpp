#pragma once
/// SHA-256, the digest of OCI content and of fingerprints.

#include <memory>
#include <string>

#include "muslcheck/core/bytes.hpp"

namespace muslcheck::core {

/// SHA-256 over bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(ByteView bytes);
  /// 64 lower-case hex digits. The object cannot be used afterwards.
  [[nodiscard]] std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of the bytes as 64 lower-case hex digits, without "sha256:".
[[nodiscard]] std::string sha256_hex(ByteView bytes);

}  // namespace muslcheck::core
