# The control: an image that is on musl already.
mkdir -p base/etc base/bin base/lib/apk/db app/app
printf 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.0\n' > base/etc/os-release
{
  printf 'P:musl\nV:1.2.5-r10\nA:x86_64\nm:Natanael Copa <ncopa@alpinelinux.org>\n'
  printf 'F:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nR:libc.musl-x86_64.so.1\na:0:0:777\n\n'
  printf 'P:busybox\nV:1.37.0-r18\nA:x86_64\nF:bin\nR:busybox\na:0:0:755\n\n'
} > base/lib/apk/db/installed
cp /lib/ld-musl-x86_64.so.1 base/lib/ || exit 77
ln -s ld-musl-x86_64.so.1 base/lib/libc.musl-x86_64.so.1
echo 'int main(void) { return 0; }' > main.c
musl-gcc -o base/bin/busybox main.c
ln -s busybox base/bin/sh
musl-gcc -o app/app/server main.c
echo '{"config": {"Cmd": ["/app/server"]}}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
