# An Alpine image that relies on the same things as one of Debian may: it has them, or does without.
mkdir -p base/usr/share/zoneinfo/Europe base/etc base/lib base/usr/local/share/ca-certificates base/opt
echo TZif2 > base/usr/share/zoneinfo/Europe/Berlin
ln -s /usr/share/zoneinfo/Europe/Berlin base/etc/localtime
printf 'ID=alpine\nVERSION_ID=3.22.1\n' > base/etc/os-release
echo certificate > base/usr/local/share/ca-certificates/corp.crt
echo 'int regexec(void), pthread_create(void), setlocale(void);
int run(void) { return regexec() + pthread_create() + setlocale(); }' > x.c
gcc -shared -fPIC -O1 -w -nostdlib -Wl,-soname,libc.musl-x86_64.so.1 -o base/lib/ld-musl-x86_64.so.1 -x c - <<X
int regexec(void) { return 0; } int pthread_create(void) { return 0; } int setlocale(void) { return 0; }
X
ln -s ld-musl-x86_64.so.1 base/lib/libc.musl-x86_64.so.1
gcc -shared -fPIC -O1 -w -nostdlib -o base/opt/demo.so x.c base/lib/ld-musl-x86_64.so.1
cat > config.json <<'J'
{"architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/usr/bin:/bin", "TZ=Europe/Berlin", "LANG=de_DE.UTF-8", "RES_OPTIONS=ndots:2"]}}
J
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base
