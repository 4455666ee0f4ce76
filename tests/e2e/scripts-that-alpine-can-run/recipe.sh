# The control: scripts for sh with what busybox knows, wget for the health check, a program of the
# application's own that has the name of a package's, and a script that asks before it calls.
mkdir -p base/etc base/usr/bin base/var/lib/dpkg/info app/app app/usr/local/bin
echo 'int main(void) { return 0; }' > x.c
gcc -o x x.c
printf 'ID=debian\nVERSION_ID="12"\n' > base/etc/os-release
package() { # NAME FILE...
  printf 'Package: %s\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nMaintainer: Debian <x@debian.org>\n\n' "$1" >> base/var/lib/dpkg/status
  for file in "${@:2}"; do cp x "base/$file"; echo "/$file"; done > "base/var/lib/dpkg/info/$1.list"
}
package bash usr/bin/bash
package dash usr/bin/dash
package coreutils usr/bin/env usr/bin/date usr/bin/mkdir usr/bin/chown usr/bin/id usr/bin/readlink
package grep usr/bin/grep
package sed usr/bin/sed
package wget usr/bin/wget
package procps usr/bin/ps
package curl usr/bin/curl
ln -s usr/bin base/bin
ln -s dash base/usr/bin/sh
gcc -static -o app/usr/local/bin/gosu x.c
gcc -static -o app/app/server x.c
cat > app/app/entrypoint.sh <<'END'
#!/bin/sh
set -eu
log() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"; }
if [ "$(id -u)" = 0 ]; then
  mkdir -p /data && chown -R nobody:nogroup /data
fi
here=$(readlink -f "$0")
sed -i 's/@PORT@/80/' /etc/app.conf
grep -qE '^a|b$' /etc/app.conf || log "no a"
if command -v curl > /dev/null; then curl -s http://x; fi
cat <<END_OF_TEXT
bash curl useradd
END_OF_TEXT
ps aux
exec gosu nobody /app/server "$@"
END
chmod +x app/app/entrypoint.sh
cat > config.json <<'END'
{"config": {"Entrypoint": ["/app/entrypoint.sh"], "Cmd": ["--port", "80"], "User": "nobody",
            "Healthcheck": {"Test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://localhost/"]}}}
END
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
