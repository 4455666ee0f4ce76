mkdir -p node_modules/demo/build/Release
cat > x.c <<X
void napi_module_register(void*);
void *__memcpy_chk(void*, const void*, unsigned long, unsigned long);
int fcntl64(int, int, ...);
void *table[] = {(void*)__memcpy_chk};
void init(void *p, unsigned long n) { napi_module_register(p); __memcpy_chk(p, p, n, n); fcntl64(0, 1); }
X
gcc -shared -fPIC -O1 -Wl,-z,lazy -o node_modules/demo/build/Release/demo.node x.c
rm x.c
echo "{\"name\":\"demo\",\"version\":\"1.2.3\"}" > node_modules/demo/package.json
echo "{\"name\":\"app\",\"version\":\"1.0.0\",\"dependencies\":{\"demo\":\"1\"}}" > package.json
