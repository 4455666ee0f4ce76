# A service in Node that calls convert: its Dockerfile installed imagemagick and an own tool, and
# nothing but dpkg's status and apt's marks says so. The base has packages of its own; one of them
# was upgraded.
mkdir -p base/etc base/usr/local/bin base/var/lib/dpkg/info apt/var/lib/dpkg/info apt/var/lib/apt apt/usr/bin app/app
printf 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' > base/etc/os-release
echo 'int main(void) { return 0; }' > x.c
gcc -o base/usr/local/bin/node x.c
package() { # NAME VERSION PRIORITY DEPENDS
  printf 'Package: %s\nStatus: install ok installed\nPriority: %s\nMaintainer: Debian <x@debian.org>\n' "$1" "$3"
  printf 'Architecture: amd64\nVersion: %s\nDepends: %s\n\n' "$2" "$4"
}
marks() {
  for name in "$@"; do printf 'Package: %s\nArchitecture: amd64\nAuto-Installed: 1\n\n' "$name"; done
}
package libc6 1 optional '' > base/var/lib/dpkg/status
package curl 1 optional libc6 >> base/var/lib/dpkg/status
{
  package libc6 2 optional ''
  package curl 2 optional libc6
  package imagemagick 1 optional 'libmagick (>= 6), libc6'
  package libmagick 1 optional 'libc6'
  package ffmpeg 1 optional libc6
  package procps 1 important libc6
  package libpq-dev 1 optional libc6
  package house-tool 1 optional libc6
} > apt/var/lib/dpkg/status
marks libc6 libmagick > apt/var/lib/apt/extended_states
for name in libc6 curl; do echo /. > "base/var/lib/dpkg/info/$name.list"; done
for name in imagemagick libmagick ffmpeg procps libpq-dev house-tool; do
  echo /. > "apt/var/lib/dpkg/info/$name.list"
done
echo 'require("child_process").execFile("convert", ["a.png", "b.jpg"])' > app/app/server.js
cat > config.json <<'END'
{"config": {"Cmd": ["node", "/app/server.js"], "Env": ["NODE_VERSION=20.19.5"]},
 "history": [
  {"created_by": "# debian.sh --arch 'amd64' out/ 'bookworm' '@1789689600'"},
  {"created_by": "RUN /bin/sh -c apt-get update && apt-get install -y imagemagick ffmpeg procps libpq-dev house-tool # buildkit"},
  {"created_by": "COPY . /app # buildkit"}]}
END
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base apt app
