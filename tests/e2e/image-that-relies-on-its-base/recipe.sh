# Node.js in an image that uses what Debian brings and Alpine does not: time zones, certificates,
# modules of the name service switch, a language.
mkdir -p base/usr/share/zoneinfo/Europe base/etc base/usr/lib/x86_64-linux-gnu node/usr/local/bin
echo TZif2 > base/usr/share/zoneinfo/Europe/Berlin
ln -s /usr/share/zoneinfo/Europe/Berlin base/etc/localtime
echo 'void napi_module_register(void *m) {} int main(void) { return 0; }' > main.c
gcc -O1 -rdynamic -o node/usr/local/bin/node main.c
echo 'int _nss_sss_getpwnam_r(void) { return 0; }' > nss.c
gcc -shared -fPIC -O1 -o base/usr/lib/x86_64-linux-gnu/libnss_sss.so.2 nss.c
mkdir -p app/usr/local/share/ca-certificates app/srv/node_modules/demo
echo certificate > app/usr/local/share/ca-certificates/corp.crt
echo '{"name":"demo","version":"1.2.3"}' > app/srv/node_modules/demo/package.json
echo 'void napi_module_register(void*); char *setlocale(int, const char*);
char *init(void *p) { napi_module_register(p); return setlocale(6, ""); }' > x.c
gcc -shared -fPIC -O1 -o app/srv/node_modules/demo/demo.node x.c
cat > config.json <<'J'
{"architecture": "amd64", "os": "linux", "config": {"WorkingDir": "/srv", "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "NODE_VERSION=20.19.5", "TZ=Europe/Berlin", "LANG=de_DE.UTF-8", "RES_OPTIONS=ndots:2"], "Entrypoint": ["node", "server.js"]}}
J
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base node app
