#!/usr/bin/env bash
# Makes a .deb of the program that is built and tests it on this machine; a fresh Debian, which needs
# the network, is what packaging/test-deb is run for by hand.
#
# usage: deb_test.sh CPACK CONFIG SOURCE
set -euo pipefail

for program in dpkg-deb dpkg-shlibdeps file; do
  if ! command -v "$program" >/dev/null; then
    echo "SKIPPED: no .deb was made, $program is missing" >&2
    exit 77
  fi
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# What is tested is the package, not the speed of xz on a program with debug information.
"$1" --config "$2" -G DEB -B "$folder" -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip
"$3/packaging/test-deb" --unpack "$folder"/muslcheck_*.deb
