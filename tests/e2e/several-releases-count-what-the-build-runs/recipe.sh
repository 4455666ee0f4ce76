# What the Dockerfile runs counts for each of several releases, not for the newest alone.
mkdir -p base/etc base/usr/sbin base/var/lib/dpkg/info app/app
printf 'ID=debian\nVERSION_ID="12"\n' > base/etc/os-release
echo 'int main(void) { return 0; }' > x.c
gcc -static -o app/app/server x.c
gcc -o base/usr/sbin/useradd x.c
printf 'Package: passwd\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nMaintainer: Debian <x@debian.org>\n' > base/var/lib/dpkg/status
echo /usr/sbin/useradd > base/var/lib/dpkg/info/passwd.list
cat > Dockerfile <<'END'
FROM debian:12-slim
RUN useradd --system app
COPY app /app
CMD ["/app/server"]
END
cat > config.json <<'END'
{"config": {"Cmd": ["/app/server"]},
 "history": [{"created_by": "/bin/sh -c #(nop) ADD file:1 in / "}, {"created_by": "COPY app /app # buildkit"}]}
END
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
