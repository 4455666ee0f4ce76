cat > x.c <<X
extern int napi_create_function(void*, const char*, unsigned long, void*, void*, void**);
char *getenv(const char*);
void *napi_register_module_v1(void *e, void *x) { napi_create_function(e, getenv("A"), 0, x, 0, &x); return x; }
X
mkdir -p node_modules/.prisma/client
echo "{\"name\":\"app\",\"version\":\"1.0.0\",\"dependencies\":{\"@prisma/client\":\"6\"}}" > package.json
gcc -shared -fPIC -O1 -o node_modules/.prisma/client/libquery_engine-debian-openssl-3.0.x.so.node x.c
rm x.c
