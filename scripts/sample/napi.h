/* The few declarations of Node-API that the sample's add-ons use, so that no headers of Node.js
   are needed to build them. */
#ifndef SAMPLE_NAPI_H
#define SAMPLE_NAPI_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
typedef struct napi_env_s* napi_env;
typedef struct napi_value_s* napi_value;
int napi_create_int64(napi_env env, long long value, napi_value* result);
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env,
                                                                          napi_value exports);
#ifdef __cplusplus
}
#endif
#endif
