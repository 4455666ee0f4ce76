cat > x.c <<X
extern int napi_create_function(void*, const char*, unsigned long, void*, void*, void**);
char *getenv(const char*);
void *napi_register_module_v1(void *e, void *x) { napi_create_function(e, getenv("A"), 0, x, 0, &x); return x; }
X
glibc() { mkdir -p "$(dirname "$1")"; gcc -shared -fPIC -O1 -o "$1" x.c; }
musl() { mkdir -p "$(dirname "$1")"; gcc -shared -fPIC -O1 -nostdlib -o "$1" x.c; }
mkdir -p node_modules/sqlite3
echo "{\"name\":\"app\",\"version\":\"1.0.0\",\"dependencies\":{\"sqlite3\":\"5\"}}" > package.json
echo "{\"name\":\"sqlite3\",\"version\":\"5.0.11\",\"binary\":{\"module_name\":\"node_sqlite3\",\"module_path\":\"./lib/binding/napi-v{napi_build_version}-{platform}-{libc}-{arch}\"}}" > node_modules/sqlite3/package.json
glibc node_modules/sqlite3/lib/binding/napi-v6-linux-glibc-x64/node_sqlite3.node
rm x.c
