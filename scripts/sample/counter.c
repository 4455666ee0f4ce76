#include <stdlib.h>

#include "napi.h"

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value result = exports;
  long long* counter = malloc(sizeof *counter);
  if (counter == NULL) return NULL;
  *counter = 42;
  napi_create_int64(env, *counter, &result);
  free(counter);
  return result;
}
