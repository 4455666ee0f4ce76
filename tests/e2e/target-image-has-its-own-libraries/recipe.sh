# The library of the target is loaded as it is: it needs one that the target does not have.
loader=/lib/ld-musl-x86_64.so.1
[ -e $loader ] || { echo "SKIPPED: Debian's package musl is not installed" >&2; exit 77; }
mkdir -p root/lib root/usr/lib root/etc app
cp -L $loader root/lib/
echo "ID=homemade" > root/etc/os-release
library() {
  echo "int $1(void) { return 1; }" > x.c
  gcc -shared -fPIC -nostdlib -Wl,-soname,lib$1.so.1 -Wl,--no-as-needed -o root/usr/lib/lib$1.so.1 x.c $2
  ln -s lib$1.so.1 root/usr/lib/lib$1.so
}
library gone ""
library whole ""
library broken "-Lroot/usr/lib -lgone"
rm root/usr/lib/libgone.so*
addon() {
  echo "void napi_module_register(void*); void $2(void); void *table[] = {(void*)$2};
        void init(void *p) { napi_module_register(p); }" > x.c
  gcc -shared -fPIC -O1 -w -fno-builtin -o app/$1.node x.c -Lroot/usr/lib $3
}
addon fts fts_open ""
addon whole whole -lwhole
addon broken broken "-lbroken -Wl,--allow-shlib-undefined"
rm x.c
