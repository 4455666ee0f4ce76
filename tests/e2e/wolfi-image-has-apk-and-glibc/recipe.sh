# Wolfi and Chainguard: Alpine's package manager, but glibc. What apk brought stays behind.
mkdir -p base/etc base/usr/bin base/usr/lib/apk/db app/app
printf 'ID=wolfi\nNAME="Wolfi"\nVERSION_ID="20230201"\n' > base/etc/os-release
ln -s usr/lib base/lib
{
  printf 'P:glibc\nV:2.41-r0\nA:x86_64\nF:lib\nR:libc.so.6\n\n'
  printf 'P:busybox\nV:1.37.0-r40\nA:x86_64\nF:usr/bin\nR:busybox\n\n'
} > base/usr/lib/apk/db/installed
echo 'int main(void) { return 0; }' > main.c
echo 'int gnu_get_libc_version(void) { return 0; }' > libc.c
gcc -w -shared -fPIC -nostdlib -Wl,-soname,libc.so.6 -o base/usr/lib/libc.so.6 libc.c
gcc -o base/usr/bin/busybox main.c
gcc -o app/app/server main.c
echo '{"config": {"Cmd": ["/app/server"]}}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
