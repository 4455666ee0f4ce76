# An image on python:3.11 with node copied from another image and a Java of its own in /opt: the
# Alpine variant of python brings Python alone. What the user added to Python's folders moves along.
mkdir -p root/usr/local/bin root/usr/local/lib/python3.11/lib-dynload \
  root/usr/local/lib/python3.11/site-packages/fast root/opt/jdk-17.0.9/bin \
  root/opt/jdk-17.0.9/lib/server root/app
echo "int main(void){return 0;}" > x.c
echo "int f(void){return 1;}" > f.c
gcc -o root/usr/local/bin/python3.11 x.c
gcc -o root/usr/local/bin/node x.c
gcc -o root/opt/jdk-17.0.9/bin/java x.c
for library in usr/local/lib/libpython3.11.so.1.0 \
  usr/local/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so \
  usr/local/lib/python3.11/site-packages/fast/_fast.abi3.so opt/jdk-17.0.9/lib/server/libjvm.so \
  opt/jdk-17.0.9/lib/libjli.so; do
  gcc -shared -fPIC -nostdlib -o "root/$library" f.c
done
cat > config.json <<'X'
{"config": {"Env": ["PATH=/usr/local/bin:/usr/bin", "PYTHON_VERSION=3.11.9"],
 "Cmd": ["python3.11", "-m", "app"]}}
X
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json root
