# A slimmed image: one layer, no history, and dpkg's database was deleted. What lies in the folders
# of the distribution is Debian's all the same.
mkdir -p root/etc root/usr/bin root/usr/lib/x86_64-linux-gnu root/usr/lib64 root/app
printf 'ID=debian\nVERSION_ID="12"\n' > root/etc/os-release
ln -s usr/lib root/lib
ln -s usr/bin root/bin
ln -s usr/lib64 root/lib64
libraries=root/usr/lib/x86_64-linux-gnu
echo 'extern void *__strdup(const char *); void *f(void) { return __strdup(""); }' > x.c
gcc -shared -fPIC -w -Wl,-soname,libc.so.6 -o $libraries/libc.so.6 x.c
gcc -shared -fPIC -w -Wl,-soname,libpq.so.5 -o $libraries/libpq.so.5 x.c
gcc -shared -fPIC -w -o root/usr/lib64/ld-linux-x86-64.so.2 x.c
echo 'int main(void) { return 0; }' > main.c
gcc -o root/usr/bin/perl main.c
gcc -o root/usr/bin/some-tool main.c
for command in bash curl; do gcc -o root/usr/bin/$command main.c; done
printf '#!/bin/bash\ncurl -sf http://x/ready\nexec /app/server\n' > root/app/start.sh
chmod +x root/app/start.sh
gcc -Wl,--no-as-needed -o root/app/server main.c $libraries/libpq.so.5
rm x.c main.c
echo '{"config": {"Cmd": ["/app/start.sh"]}}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json root
