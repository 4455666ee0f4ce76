cat > x.c <<X
extern int napi_create_function(void*, const char*, unsigned long, void*, void*, void**);
char *getenv(const char*);
void *napi_register_module_v1(void *e, void *x) { napi_create_function(e, getenv("A"), 0, x, 0, &x); return x; }
X
glibc() { mkdir -p "$(dirname "$1")"; gcc -shared -fPIC -O1 -o "$1" x.c; }
musl() { mkdir -p "$(dirname "$1")"; gcc -shared -fPIC -O1 -nostdlib -o "$1" x.c; }
mkdir -p node_modules/argon2
echo "{\"name\":\"app\",\"version\":\"1.0.0\",\"dependencies\":{\"argon2\":\"0.40\"}}" > package.json
echo "{\"name\":\"argon2\",\"version\":\"0.40.1\",\"dependencies\":{\"node-gyp-build\":\"4\"}}" > node_modules/argon2/package.json
glibc node_modules/argon2/prebuilds/linux-x64/argon2.glibc.node
rm x.c
