# One jar by itself, too old to have a build for musl.
cat > x.c <<C
void *__memcpy_chk(void*, const void*, unsigned long, unsigned long);
void *table[] = {(void*)__memcpy_chk};
int Java_demo_Native_use(void) { return 0; }
C
gcc -shared -fPIC -O1 -s -Wl,-z,now -o glibc.so x.c
python3 - <<P
import zipfile
with zipfile.ZipFile("snappy-java-1.1.10.5.jar", "w", zipfile.ZIP_DEFLATED) as jar:
    jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n")
    jar.writestr("META-INF/maven/org.xerial.snappy/snappy-java/pom.properties",
                 "groupId=org.xerial.snappy\nartifactId=snappy-java\nversion=1.1.10.5\n")
    jar.write("glibc.so", "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so")
    jar.write("glibc.so", "org/xerial/snappy/native/Linux/aarch64/libsnappyjava.so")
P
rm glibc.so x.c
