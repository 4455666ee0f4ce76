# node_modules without the application and without sharp and @swc/core themselves: package-lock.json still
# tells which direct dependency brought the platform packages, and that one is for development alone.
cat > x.c <<X
extern int napi_create_function(void*, const char*, unsigned long, void*, void*, void**);
int __memcpy_chk(void);
void *napi_register_module_v1(void *e, void *x) { napi_create_function(e, "A", __memcpy_chk(), x, 0, &x); return x; }
X
package() {
  mkdir -p "node_modules/$1"
  echo "{\"name\":\"$1\",\"version\":\"$2\"}" > "node_modules/$1/package.json"
  gcc -w -shared -fPIC -O1 -o "node_modules/$1/$3" x.c
}
package @img/sharp-linux-x64 0.33.5 sharp-linux-x64.node
package @swc/core-linux-x64-gnu 1.10.1 swc.linux-x64-gnu.node
cat > package-lock.json <<X
{"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
  "": {"name": "shop", "version": "1.0.0", "dependencies": {"next": "15.1.0"},
       "devDependencies": {"@swc/core": "1.10.1"}},
  "node_modules/next": {"version": "15.1.0", "optionalDependencies": {"sharp": "^0.33.5"}},
  "node_modules/sharp": {"version": "0.33.5", "optional": true,
       "optionalDependencies": {"@img/sharp-linux-x64": "0.33.5"}},
  "node_modules/@img/sharp-linux-x64": {"version": "0.33.5", "optional": true},
  "node_modules/@swc/core": {"version": "1.10.1", "dev": true,
       "optionalDependencies": {"@swc/core-linux-x64-gnu": "1.10.1"}},
  "node_modules/@swc/core-linux-x64-gnu": {"version": "1.10.1", "dev": true, "optional": true}}}
X
rm x.c
