cat > APKINDEX <<X
C:Q1aaaaaaaaaaaaaaaaaaaaaaaaaaaa=
P:musl
V:1.2.5-r10
A:x86_64
p:so:libc.musl-x86_64.so.1=1

C:Q1bbbbbbbbbbbbbbbbbbbbbbbbbbbb=
P:zlib
V:1.3.1-r2
A:x86_64
p:so:libz.so.1=1.3.1

C:Q1cccccccccccccccccccccccccccc=
P:libstdc++
V:14.2.0-r6
A:x86_64
p:so:libstdc++.so.6=6.0.33
X
echo "v3.22.1-42-g0123456789a" > DESCRIPTION
echo signature > .SIGN.RSA.sample.rsa.pub
# As abuild-sign makes it: the signature is a gzip member of its own, without the end of a tar.
tar -cf signature.tar .SIGN.RSA.sample.rsa.pub
(head -c 1024 signature.tar | gzip -n; tar -c DESCRIPTION APKINDEX | gzip -n) > APKINDEX.tar.gz
