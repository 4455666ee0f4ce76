# A service as people write it for Debian: the entry point is a script for bash, the health check is
# curl, and the scripts know the GNU tools.
mkdir -p base/etc base/usr/bin base/usr/sbin base/var/lib/dpkg/info app/app/scripts app/app/node_modules/tool
echo 'int main(void) { return 0; }' > x.c
gcc -o x x.c
printf 'ID=debian\nVERSION_ID="12"\n' > base/etc/os-release
package() { # NAME FILE...
  printf 'Package: %s\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nMaintainer: Debian <x@debian.org>\n\n' "$1" >> base/var/lib/dpkg/status
  for file in "${@:2}"; do cp x "base/$file"; echo "/$file"; done > "base/var/lib/dpkg/info/$1.list"
}
package bash usr/bin/bash
package dash usr/bin/dash
package curl usr/bin/curl
package passwd usr/sbin/useradd usr/sbin/groupadd
package grep usr/bin/grep
package coreutils usr/bin/env usr/bin/date usr/bin/cat usr/bin/install usr/bin/stat usr/bin/readlink
package findutils usr/bin/find usr/bin/xargs
package jq usr/bin/jq
package apt usr/bin/apt-get
package perl usr/bin/perl
package rarely-seen usr/bin/rarely
ln -s usr/bin base/bin
ln -s dash base/usr/bin/sh
cat > app/app/entrypoint.sh <<'END'
#!/bin/bash
set -e
# wget and jq are not called here
if ! id app > /dev/null 2>&1; then
  groupadd -g 1000 app
  useradd -m -u 1000 -g app app
fi
VERSION=$(grep -oP 'version=\K.*' /app/config)
export STARTED=$(date -d '1 day ago' +%F)
find /app -name '*.log' -printf '%p\n' | xargs -r rm
command -v wget > /dev/null && wget -q http://x
source /app/scripts/lib.sh
rarely --often
exec /app/server "$@"
END
printf '#!/bin/sh\njq -r .a /app/config.json\napt-get update || true\n' > app/app/scripts/lib.sh
printf '#!/bin/bash\nstat --format=%%s x\nperl -e 1\n' > app/app/scripts/nobody-starts-me.sh
printf '#!/bin/bash\ncurl x\n' > app/app/node_modules/tool/install.sh
echo '{"name": "tool", "version": "1.0.0"}' > app/app/node_modules/tool/package.json
gcc -static -o app/app/server x.c
chmod +x app/app/*.sh app/app/scripts/*.sh
cat > config.json <<'END'
{"config": {"Entrypoint": ["/app/entrypoint.sh"], "Cmd": ["serve"], "User": "www-data",
            "Healthcheck": {"Test": ["CMD-SHELL", "curl -fs http://localhost:8080/ || exit 1"]}}}
END
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
