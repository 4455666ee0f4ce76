// SHA-256 and SHA-512 through OpenSSL's EVP interface. Nothing but memory can be wanting, so that is
// the only failure.

#include "muslcheck/core/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <span>

#include "muslcheck/core/text.hpp"

namespace muslcheck::core {
namespace {

using DigestBytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

void require(bool success) {
  if (!success) throw std::bad_alloc();
}

std::string as_hex(std::span<const unsigned char> digest) {
  std::string text;
  for (const unsigned char byte : digest) text += hex(byte);
  return text;
}

std::string digest_hex(ByteView bytes, const EVP_MD* algorithm) {
  DigestBytes digest{};
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) == 1);
  return as_hex(std::span(digest).first(size));
}

}  // namespace

std::array<std::uint8_t, 32> sha256(ByteView bytes) {
  std::array<std::uint8_t, 32> digest{};
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return digest;
}

std::string sha256_hex(ByteView bytes) { return digest_hex(bytes, EVP_sha256()); }

std::string sha512_hex(ByteView bytes) { return digest_hex(bytes, EVP_sha512()); }

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(state_->context != nullptr &&
          EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::add(ByteView bytes) {
  require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish_hex() {
  DigestBytes digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size) == 1);
  return as_hex(std::span(digest).first(size));
}

}  // namespace muslcheck::core
