# The container starts /app/server with a shell; /app/another is a program like it that nobody starts.
mkdir -p root/app root/bin
echo "int main(void){return 0;}" > x.c
gcc -o root/app/server x.c
gcc -o root/app/another x.c
gcc -static -o root/bin/sh x.c
echo '{"config": {"Cmd": ["/bin/sh", "-c", "exec ./server --port 80"], "WorkingDir": "/app"}}' > c.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 c.json root
