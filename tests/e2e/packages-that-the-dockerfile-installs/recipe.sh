# The Dockerfile installs ffmpeg, which the patch moves; a script that it runs installed imagemagick.
mkdir -p base/etc base/var/lib/dpkg/info apt/var/lib/dpkg/info apt/var/lib/apt
printf 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' > base/etc/os-release
package() { # NAME
  printf 'Package: %s\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n' "$1"
}
package libc6 > base/var/lib/dpkg/status
{ package libc6; package libmagick; package imagemagick; package ffmpeg; } > apt/var/lib/dpkg/status
printf 'Package: libmagick\nArchitecture: amd64\nAuto-Installed: 1\n' > apt/var/lib/apt/extended_states
for name in libc6 libmagick imagemagick ffmpeg; do echo /. > "apt/var/lib/dpkg/info/$name.list"; done
cat > Dockerfile <<'END'
FROM debian:bookworm
RUN apt-get update && apt-get install -y ffmpeg && /build/more-packages.sh
END
cat > config.json <<'END'
{"history": [
  {"created_by": "# debian.sh --arch 'amd64' out/ 'bookworm' '@1789689600'"},
  {"created_by": "RUN /bin/sh -c apt-get update && apt-get install -y ffmpeg && /build/more-packages.sh # buildkit"}]}
END
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base apt
