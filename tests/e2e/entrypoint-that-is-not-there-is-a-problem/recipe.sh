mkdir -p root/app
printf '#!/usr/bin/env node\n' > root/app/start
chmod +x root/app/start
echo '{"config": {"Entrypoint": ["./start"], "Cmd": ["--fast"], "WorkingDir": "/app"}}' > c.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 c.json root
