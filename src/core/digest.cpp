// SHA-256 through OpenSSL's EVP interface.

#include "muslcheck/core/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "muslcheck/core/text.hpp"

namespace muslcheck::core {

std::string sha256_hex(ByteView bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  // Nothing but memory can be wanting.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += hex(digest.at(i));
  return text;
}

}  // namespace muslcheck::core
