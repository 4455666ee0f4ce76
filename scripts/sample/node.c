/* Not Node.js: an executable in its place that exports what Node.js exports to add-ons. */
#define EXPORT(name) __attribute__((visibility("default"))) void name(void) {}
#include "node_api.inc"
EXPORT(napi_create_int64)

int main(void) { return 0; }
