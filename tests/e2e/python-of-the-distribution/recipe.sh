# Debian with its own Python: the new base is the official image of that version, which has the
# program too, but not in /usr/bin.
mkdir -p base/etc base/usr/bin base/usr/share/zoneinfo base/var/lib/dpkg/info app/app
printf 'ID=debian\nVERSION_ID="12"\n' > base/etc/os-release
echo 'int main(void) { return 0; }' > x.c
gcc -O1 -o base/usr/bin/python3.11 x.c
ln -s python3.11 base/usr/bin/python3
touch base/usr/share/zoneinfo/Zulu
package() { # NAME VERSION FILE...
  printf 'Package: %s\nStatus: install ok installed\nVersion: %s\nArchitecture: amd64\nMaintainer: Debian <x@debian.org>\n\n' "$1" "$2" >> base/var/lib/dpkg/status
  for file in "${@:3}"; do echo "/$file"; done > "base/var/lib/dpkg/info/$1.list"
}
package python3.11-minimal 3.11.2-6+deb12u4 usr/bin/python3.11
package python3-minimal 3.11.2-1+b1 usr/bin/python3
package tzdata 2025b-0+deb12u1 usr/share/zoneinfo/Zulu
printf '#!/usr/bin/env python3\n' > app/app/main.py
printf '#!/usr/bin/python3\n' > app/app/job.py
chmod +x app/app/*.py
echo '{"config": {"Cmd": ["python3", "/app/main.py"]}}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
