# As UBI: rpm's own files stay behind with the base; those of packages of other vendors (an agent in
# /usr/bin, an ODBC driver in /opt) move, and so does what is in no package. rpm lists /lib64/libc.so.6,
# which is in /usr/lib64.
mkdir -p base/etc base/usr/lib64 base/usr/bin base/var/lib/rpm app/app
printf 'NAME="Red Hat Enterprise Linux"\nID="rhel"\nVERSION_ID="9.4"\n' > base/etc/os-release
cp "$SOURCE_DIR/fixtures/rpm/sqlite/rpmdb.sqlite" base/var/lib/rpm/
ln -s usr/lib64 base/lib64
driver=base/opt/microsoft/msodbcsql18/lib64/libmsodbcsql-18.3.so.2.1
mkdir -p "$(dirname "$driver")"
echo 'int main(void) { return 0; }' > main.c
printf 'int __memcpy_chk(void); int SQLDriverConnectW(void) { return __memcpy_chk(); }\n' > driver.c
echo 'int gnu_get_libc_version(void) { return 0; }' > libc.c
gcc -w -shared -fPIC -nostdlib -Wl,-soname,libc.so.6 -o base/usr/lib64/libc.so.6 libc.c
gcc -o base/usr/bin/tiny main.c
gcc -o base/usr/bin/agent main.c
gcc -w -shared -fPIC -nostdlib -o "$driver" driver.c -L. -lc
gcc -o app/app/server main.c
echo '{"config": {"Cmd": ["/app/server"]}}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
