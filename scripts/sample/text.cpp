#include <sstream>
#include <string>

#include "napi.h"

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  std::ostringstream text;
  text << "sample " << 42;
  napi_value result = exports;
  napi_create_int64(env, static_cast<long long>(text.str().size()), &result);
  return result;
}
