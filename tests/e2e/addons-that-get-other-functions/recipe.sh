# Addons that load on musl and misbehave: its functions of these names are others than glibc's.
addon() {
  mkdir -p "node_modules/$1/build/Release"
  { echo '#define _GNU_SOURCE
#include <regex.h>
#include <string.h>
#include <pthread.h>
#include <iconv.h>
void napi_module_register(void*);'; cat; } > x.c
  gcc -shared -fPIC -O1 -w -o "node_modules/$1/build/Release/$1.node" x.c
  rm x.c
  echo "{\"name\":\"$1\",\"version\":\"1.2.3\"}" > "node_modules/$1/package.json"
}
addon matcher <<X
int init(regex_t *r, const char *s, regmatch_t *m) { napi_module_register(m); return regexec(r, s, 2, m, 0); }
X
addon messages <<X
char *init(int n, char *b) { napi_module_register(b); return strerror_r(n, b, 64); }
X
# The variant of POSIX has another name in glibc.
addon posix <<X
int __xpg_strerror_r(int, char*, unsigned long);
int init(int n, char *b) { napi_module_register(b); return __xpg_strerror_r(n, b, 64); }
X
# Has regexec inside.
addon bundled <<X
int regexec(const regex_t *r, const char *s, size_t n, regmatch_t *m, int f) { return *s; }
int init(regex_t *r, const char *s, regmatch_t *m) { napi_module_register(m); return regexec(r, s, 2, m, 0); }
X
# Fails to load: it must be built anew anyway.
addon broken <<X
void *__memcpy_chk(void*, const void*, unsigned long, unsigned long);
void *table[] = {(void*)__memcpy_chk};
char *init(int n, char *b) { napi_module_register(b); return strerror_r(n, b, 64); }
X
addon threads <<X
int start(void *p) { pthread_t t; napi_module_register(p); return pthread_create(&t, 0, p, 0); }
void *translit(void) { return iconv_open("ASCII//TRANSLIT", "UTF-8"); }
X
echo '{"name":"app","version":"1.0.0"}' > package.json
