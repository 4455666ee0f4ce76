mkdir -p package/build/Release
cat > x.c <<X
void napi_module_register(void*);
void *__memcpy_chk(void*, const void*, unsigned long, unsigned long);
void *table[] = {(void*)__memcpy_chk};
void init(void *p, unsigned long n) { napi_module_register(p); __memcpy_chk(p, p, n, n); }
X
gcc -shared -fPIC -O1 -Wl,-z,lazy -o package/build/Release/sample.node x.c
echo '{"name":"@scope/sample","version":"1.0.0"}' > package/package.json
tar czf sample-1.0.0.tgz package
rm -r package x.c
