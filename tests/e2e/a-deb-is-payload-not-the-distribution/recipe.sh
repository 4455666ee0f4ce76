command -v dpkg-deb > /dev/null || exit 77
mkdir -p tree/DEBIAN tree/usr/bin tree/usr/lib/sample
cat > tree/DEBIAN/control <<X
Package: sample
Version: 1.0-1
Architecture: $(dpkg --print-architecture)
Maintainer: Sample Maintainers <sample@lists.debian.org>
Description: sample
X
cat > x.c <<X
void *__memcpy_chk(void*, const void*, unsigned long, unsigned long);
void *copy(void) { return __memcpy_chk; }
X
gcc -shared -fPIC -O1 -Wl,-z,now -o tree/usr/lib/sample/plugin.so x.c
printf '#!/bin/sh\necho sample\n' > tree/usr/bin/sample
chmod 755 tree/usr/bin/sample
dpkg-deb --build --root-owner-group -Zxz tree sample.deb > /dev/null
rm -r tree x.c
