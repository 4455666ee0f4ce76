# A Dockerfile whose last stage runs what Debian has: what it installs itself, and what belongs to
# the package manager, is the business of whoever changes the Dockerfile.
mkdir -p base/etc base/usr/bin base/var/lib/dpkg/info app/app
printf 'ID=debian\nVERSION_ID="12"\n' > base/etc/os-release
echo 'int main(void) { return 0; }' > x.c
gcc -static -o app/app/server x.c
gcc -o x x.c
package() { # NAME FILE...
  printf 'Package: %s\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nMaintainer: Debian <x@debian.org>\n\n' "$1" >> base/var/lib/dpkg/status
  for file in "${@:2}"; do cp x "base/$file"; echo "/$file"; done > "base/var/lib/dpkg/info/$1.list"
}
package apt usr/bin/apt-get
package curl usr/bin/curl
package tar usr/bin/tar
package passwd usr/bin/groupadd usr/bin/useradd
package locales usr/bin/locale-gen
package ca-certificates usr/bin/update-ca-certificates
package libc-bin usr/bin/ldconfig
package git usr/bin/git
package coreutils usr/bin/date usr/bin/rm
cat > Dockerfile <<'END'
FROM debian:12 AS build
RUN make all && git describe
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates \
 && curl -fsSL http://x/y | tar --wildcards -xzf - '*.txt' \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd -r app && \
    # a comment between
    useradd -r -g app app
RUN locale-gen en_US.UTF-8; update-ca-certificates; ldconfig
RUN <<END_OF_SCRIPT
git clone http://x
date --iso-8601
END_OF_SCRIPT
COPY app /app
CMD ["/app/server"]
END
cat > config.json <<'END'
{"config": {"Cmd": ["/app/server"]},
 "history": [{"created_by": "/bin/sh -c #(nop) ADD file:1 in / "}, {"created_by": "COPY app /app # buildkit"}]}
END
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
