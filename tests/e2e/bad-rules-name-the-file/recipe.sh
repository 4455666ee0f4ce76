cp -r "$SOURCE_DIR/rules" rules
echo "{" > rules/hosts.json
