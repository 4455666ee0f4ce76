mkdir -p package
echo '{"name":"sample","version":"1.0.0"}' > package/package.json
tar --sort=name --mtime=@0 --owner=0 --group=0 -cf sample.tar package
head -c 1040 sample.tar > sample.tgz
rm -r package sample.tar
