# As gcr.io/distroless: no shell, one file per package in status.d with its checksums beside it, which
# older images name in base64. Without the merged /usr.
mkdir -p base/lib/x86_64-linux-gnu base/usr/lib/x86_64-linux-gnu base/var/lib/dpkg/status.d app/app
printf 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n' > base/usr/lib/os-release
package() {
  printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>\n' \
    "$2" "$3" > "base/var/lib/dpkg/status.d/$1"
  printf 'd41d8cd98f00b204e9800998ecf8427e  %s\n' "$4" > "base/var/lib/dpkg/status.d/$1.md5sums"
}
package libc6 libc6 2.36-9+deb12u10 lib/x86_64-linux-gnu/libc.so.6
package bGlic3NsMw== libssl3 3.0.16-1~deb12u1 usr/lib/x86_64-linux-gnu/libssl.so.3
echo 'int main(void) { return 0; }' > main.c
printf 'int __memcpy_chk(void); int SSL_new(void) { return __memcpy_chk(); }\n' > library.c
gcc -w -shared -fPIC -nostdlib -Wl,-soname,libc.so.6 -o base/lib/x86_64-linux-gnu/libc.so.6 library.c
gcc -w -shared -fPIC -nostdlib -Wl,-soname,libssl.so.3 -o base/usr/lib/x86_64-linux-gnu/libssl.so.3 library.c
gcc -o app/app/server main.c
echo '{"config": {"Entrypoint": ["/app/server"]}}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
