# A Spring Boot application on Temurin: libraries with native code in jars in a jar.
cat > x.c <<X
void *__memcpy_chk(void*, const void*, unsigned long, unsigned long);
void *table[] = {(void*)__memcpy_chk};
int Java_demo_Native_use(void) { return 0; }
X
echo "int Java_demo_Native_use(void) { return 0; }" > musl.c
gcc -shared -fPIC -O1 -s -Wl,-z,now -o glibc.so x.c
gcc -shared -fPIC -O1 -s -nostdlib -o musl.so musl.c
python3 - <<'X'
import io, pathlib, zipfile
glibc, musl = pathlib.Path("glibc.so").read_bytes(), pathlib.Path("musl.so").read_bytes()
def jar(group, artifact, version, *members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        def add(name, content):
            archive.writestr(zipfile.ZipInfo(name), content, method)
        add("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n")
        add(f"META-INF/maven/{group}/{artifact}/pom.properties",
            f"groupId={group}\nartifactId={artifact}\nversion={version}\n")
        for name, content in members:
            add(name, content)
    return out.getvalue()
libraries = {
    # too old: takes the file for glibc on musl, too
    "snappy-java-1.1.10.5.jar": jar("org.xerial.snappy", "snappy-java", "1.1.10.5",
        ("org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so", glibc)),
    # has a build for musl
    "sqlite-jdbc-3.46.0.0.jar": jar("org.xerial", "sqlite-jdbc", "3.46.0.0",
        ("org/sqlite/native/Linux/x86_64/libsqlitejdbc.so", glibc),
        ("org/sqlite/native/Linux-Musl/x86_64/libsqlitejdbc.so", musl),
        ("org/sqlite/native/FreeBSD/x86_64/libsqlitejdbc.so", musl)),
    # looks for a build for musl, which somebody took out
    "rocksdbjni-8.1.1.1.jar": jar("org.rocksdb", "rocksdbjni", "8.1.1.1",
        ("librocksdbjni-linux64.so", glibc)),
    # not known
    "own-native-1.0.jar": jar("com.example", "own-native", "1.0", ("native/libown.so", glibc)),
}
pathlib.Path("app/app").mkdir(parents=True)
pathlib.Path("app/app/shop.jar").write_bytes(
    jar("com.example", "shop", "2.1.0", *[("BOOT-INF/lib/" + n, c) for n, c in libraries.items()],
        method=zipfile.ZIP_STORED))
X
mkdir -p base/opt/java/openjdk/lib/server base/opt/java/openjdk/bin base/etc
cp glibc.so base/opt/java/openjdk/lib/server/libjvm.so
cp glibc.so base/opt/java/openjdk/lib/libjava.so
echo "int main(void) { return 0; }" > main.c
gcc -O1 -s -o base/opt/java/openjdk/bin/java main.c
printf 'ID=ubuntu\nVERSION_ID="24.04"\n' > base/etc/os-release
cat > config.json <<X
{"architecture": "amd64", "os": "linux", "config": {
  "Env": ["PATH=/opt/java/openjdk/bin:/usr/bin", "JAVA_HOME=/opt/java/openjdk", "JAVA_VERSION=jdk-21.0.5+11"],
  "Entrypoint": ["java", "-jar", "/app/shop.jar"]}}
X
"$SOURCE_DIR/tests/e2e/make_archive.py" shop.tar shop:2.1 config.json base app
