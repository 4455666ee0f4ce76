#include <arpa/nameser.h>
#include <resolv.h>

#include "napi.h"

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  static unsigned char answer[512];
  napi_value result = exports;
  napi_create_int64(env, res_query("example.com", C_IN, T_A, answer, sizeof answer), &result);
  return result;
}
