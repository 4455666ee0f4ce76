#define _FILE_OFFSET_BITS 64
#include <fcntl.h>
#include <sys/stat.h>

#include "napi.h"

/* With 64-bit file offsets glibc turns fcntl into fcntl64, which musl's loader does not map. */
napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value result = exports;
  struct stat status;
  long long size = fstat(0, &status) == 0 ? status.st_size : 0;
  napi_create_int64(env, size + fcntl(0, F_GETFL), &result);
  return result;
}
