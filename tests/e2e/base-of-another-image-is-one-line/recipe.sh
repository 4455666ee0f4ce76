mkdir -p one two
echo one > one/file
echo two > two/file
echo '{}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" base.tar vendor/base:3 config.json one
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json two one
