# The base brings a tool and a library of no package; the application a tool that needs the library.
mkdir -p one/opt/vendor two/usr/local/lib app/app/bin
echo "int main(void){return 0;}" > x.c
gcc -o one/opt/vendor/agent x.c
echo "int f(void){return 1;}" > f.c
gcc -shared -fPIC -Wl,-soname,libf.so.1 -o two/usr/local/lib/libf.so.1 f.c
echo "int f(void); int g(void){return f();}" > g.c
gcc -shared -fPIC -o app/app/bin/g.so g.c two/usr/local/lib/libf.so.1
echo '{}' > base.json
echo '{"config": {"Cmd": ["/opt/vendor/agent"]}}' > app.json
"$SOURCE_DIR/tests/e2e/make_archive.py" base.tar vendor/base:3 base.json one two
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 app.json one two app
