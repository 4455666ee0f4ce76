#include <string.h>

#include "napi.h"

static unsigned char block[64];

/* Built with -D_FORTIFY_SOURCE=2 for glibc, the copy becomes a call of __memcpy_chk. */
__attribute__((visibility("default"))) unsigned checksum(const unsigned char* data, size_t size) {
  unsigned sum = 0;
  memcpy(block, data, size);
  for (size_t i = 0; i < sizeof block; ++i) sum = sum * 31 + block[i];
  return sum;
}

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value result = exports;
  napi_create_int64(env, checksum((const unsigned char*)"sample", 6), &result);
  return result;
}
