mkdir -p app/var/lib/rpm app/usr/bin
head -c 3000 "$SOURCE_DIR/fixtures/rpm/bdb/Packages" > app/var/lib/rpm/Packages
echo 'int main(void) { return 0; }' > main.c
gcc -o app/usr/bin/agent main.c
