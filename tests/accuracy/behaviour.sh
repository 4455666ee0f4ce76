#!/bin/sh
# Runs behaviour.c, built for glibc, under the real loaders of glibc and musl: behaviour.sh SOURCE.c
# Exits with 77 (skipped) where a compiler for glibc or musl's loader is missing.
set -eu
loader=/lib/ld-musl-$(uname -m).so.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ ! -x "$loader" ] || ! gcc -w -O0 -o "$folder/glibc" "$1" 2> /dev/null ||
   ! ldd "$folder/glibc" | grep -q 'libc\.so\.6'; then
  echo "SKIPPED: needs gcc for glibc and $loader (Debian's package musl)" >&2
  exit 77
fi
gcc -w -O0 -Wl,--dynamic-linker="$loader" -o "$folder/musl" "$1"
{ echo glibc; "$folder/glibc"; echo musl; "$folder/musl"; } > "$folder/actual"
cat > "$folder/expected" <<'X'
glibc
regexec 1-3 2-3, behind intact
strerror_r text
basename ''
getopt 97
iconv opened
thread stack from 1 MiB
musl
regexec 1-0 3-0, behind overwritten
strerror_r null
basename 'lib'
getopt -1
iconv refused
thread stack below 1 MiB
X
diff -u "$folder/expected" "$folder/actual"
