command -v rpmbuild > /dev/null || exit 77
[ "$(uname -m)" = x86_64 ] || exit 77
mkdir -p rpm
cat > x.c <<X
void *__memcpy_chk(void*, const void*, unsigned long, unsigned long);
void *copy(void) { return __memcpy_chk; }
X
gcc -shared -fPIC -O1 -Wl,-z,now -o x.so x.c
cat > sample.spec <<X
Name: sample
Version: 1.0
Release: 1
Summary: sample
License: MIT
AutoReqProv: no
%description
sample
%install
mkdir -p %{buildroot}/opt/sample
cp $PWD/x.so %{buildroot}/opt/sample/plugin.so
ln %{buildroot}/opt/sample/plugin.so %{buildroot}/opt/sample/plugin.so.1
%files
/opt/sample/*
X
rpmbuild --quiet -bb --define "_topdir $PWD/rpm" --define "debug_package %{nil}" \
  --define "_binary_payload w7.xzdio" --define "__strip /bin/true" sample.spec > /dev/null 2>&1
mv rpm/RPMS/x86_64/sample-1.0-1.x86_64.rpm sample.rpm
rm -r rpm x.c x.so sample.spec
