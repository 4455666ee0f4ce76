// SHA-256 and SHA-512 through OpenSSL's functions for these digests alone. Its EVP interface would
// read the openssl.cnf of the machine first, which may name modules to load or forbid digests, and
// would bring all of OpenSSL's algorithms, 4 MB, into a program without shared libraries.

#include "muslcheck/core/digest.hpp"

// OpenSSL would rather have EVP used; it has deprecated these functions and keeps them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "muslcheck/core/text.hpp"

namespace muslcheck::core {
namespace {

template <std::size_t kSize>
std::string as_hex(const std::array<std::uint8_t, kSize>& digest) {
  std::string text;
  for (const std::uint8_t byte : digest) text += hex(byte);
  return text;
}

}  // namespace

// None of OpenSSL's functions here can fail.
std::array<std::uint8_t, 32> sha256(ByteView bytes) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

std::string sha256_hex(ByteView bytes) { return as_hex(sha256(bytes)); }

std::string sha512_hex(ByteView bytes) {
  std::array<std::uint8_t, SHA512_DIGEST_LENGTH> digest{};
  SHA512_CTX context;
  SHA512_Init(&context);
  SHA512_Update(&context, bytes.data(), bytes.size());
  SHA512_Final(digest.data(), &context);
  return as_hex(digest);
}

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(ByteView bytes) { SHA256_Update(&state_->context, bytes.data(), bytes.size()); }

std::string Sha256::finish_hex() {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &state_->context);
  return as_hex(digest);
}

}  // namespace muslcheck::core
