cat > x.c <<X
extern int napi_create_function(void*, const char*, unsigned long, void*, void*, void**);
char *getenv(const char*);
void *napi_register_module_v1(void *e, void *x) { napi_create_function(e, getenv("A"), 0, x, 0, &x); return x; }
X
glibc() { mkdir -p "$(dirname "$1")"; gcc -shared -fPIC -O1 -o "$1" x.c; }
musl() { mkdir -p "$(dirname "$1")"; gcc -shared -fPIC -O1 -nostdlib -o "$1" x.c; }
package() { mkdir -p "node_modules/$1"; echo "{\"name\":\"$1\",\"version\":\"0.35.5\",$2}" > "node_modules/$1/package.json"; }
echo "{\"name\":\"app\",\"version\":\"1.0.0\",\"dependencies\":{\"next\":\"15\"}}" > package.json
package next "\"optionalDependencies\":{\"sharp\":\"0\"}"
package sharp "\"optionalDependencies\":{\"@img/sharp-linux-x64\":\"0.35.5\",\"@img/sharp-linuxmusl-x64\":\"0.35.5\"}"
package @img/sharp-linuxmusl-x64 "\"os\":[\"linux\"],\"cpu\":[\"x64\"],\"libc\":[\"musl\"]"
musl node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node
rm x.c
