# A musl that is not Alpine's: Debian's has fts_open and leaves crypt to another library.
loader=/lib/ld-musl-x86_64.so.1
[ -e $loader ] || { echo "SKIPPED: Debian's package musl is not installed" >&2; exit 77; }
mkdir -p root/lib root/usr/lib root/etc app
cp -L $loader root/lib/
echo "ID=homemade" > root/etc/os-release
echo "int mine(void) { return 1; }" > x.c
gcc -shared -fPIC -nostdlib -Wl,-soname,libmine.so.1 -o root/usr/lib/libmine.so.1 x.c
ln -s libmine.so.1 root/usr/lib/libmine.so
addon() {
  echo "void napi_module_register(void*); void $2(void); void *table[] = {(void*)$2};
        void init(void *p) { napi_module_register(p); }" > x.c
  gcc -shared -fPIC -O1 -w -fno-builtin -o app/$1.node x.c -Lroot/usr/lib ${3:-}
}
addon fts fts_open
addon crypt crypt
addon mine mine -lmine
rm x.c
"$MUSLCHECK" target import dir:root -o homemade.json
