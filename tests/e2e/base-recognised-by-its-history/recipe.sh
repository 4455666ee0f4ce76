# An image on node:22-bookworm-slim: what node's own layers brought is replaced, /app is not.
mkdir -p debian/etc user node/usr/local/lib yarn entrypoint/usr/local/bin app/app
printf 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' > debian/etc/os-release
echo "int f(void){return 1;}" > f.c
gcc -shared -fPIC -nostdlib -o node/usr/local/lib/libf.so f.c
cp node/usr/local/lib/libf.so app/app/f.so
printf '#!/bin/sh\nexec "$@"\n' > entrypoint/usr/local/bin/docker-entrypoint.sh
cat > config.json <<'X'
{"config": {"Env": ["NODE_VERSION=22.23.2"]},
 "history": [
  {"created_by": "# debian.sh --arch 'amd64' out/ 'bookworm' '@1789689600'"},
  {"created_by": "RUN /bin/sh -c groupadd --gid 1000 node && useradd --uid 1000 node # buildkit"},
  {"created_by": "ENV NODE_VERSION=22.23.2", "empty_layer": true},
  {"created_by": "RUN /bin/sh -c curl https://nodejs.org/dist/v$NODE_VERSION/node.tar.xz # buildkit"},
  {"created_by": "ENV YARN_VERSION=1.22.22", "empty_layer": true},
  {"created_by": "RUN /bin/sh -c tar -xzf yarn-v$YARN_VERSION.tar.gz -C /opt/ # buildkit"},
  {"created_by": "COPY docker-entrypoint.sh /usr/local/bin/ # buildkit"},
  {"created_by": "ENTRYPOINT [\"docker-entrypoint.sh\"]", "empty_layer": true},
  {"created_by": "CMD [\"node\"]", "empty_layer": true},
  {"created_by": "COPY . /app # buildkit"}]}
X
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json \
  debian user node yarn entrypoint app
