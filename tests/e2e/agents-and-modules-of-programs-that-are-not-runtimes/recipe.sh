# An agent in LD_PRELOAD that glibc's fortified functions keep from loading on musl, so that nothing
# starts; a .NET profiler and a Java agent named by the environment; modules of PAM and OpenSSL,
# and two that nothing on musl loads (NSS, gconv).
mkdir -p root/opt/apm root/app root/lib/security root/usr/lib/engines-3 root/usr/lib/gconv root/bin
build() { gcc -w -shared -fPIC -nostdlib -o "root/$1" "$2" -L. -lc; }
printf 'int __memcpy_chk(void); int hook(void) { return __memcpy_chk(); }\n' > agent.c
printf 'int DllGetClassObject(void) { return 0; }\n' > profiler.c
printf 'int __memcpy_chk(void); int JVM_Name(void); int attach(void) { return __memcpy_chk(); }\n' > java.c
printf 'int pam_get_item(void); int pam_sm_authenticate(void) { return pam_get_item(); }\n' > pam.c
printf 'int __memcpy_chk(void); int bind_engine(void) { return __memcpy_chk(); }\n' > engine.c
printf 'int __memcpy_chk(void); int _nss_ldap_getpwnam_r(void) { return __memcpy_chk(); }\n' > nss.c
printf 'int __memcpy_chk(void); int gconv_init(void) { return 0; } int gconv(void) { return __memcpy_chk(); }\n' > gconv.c
build opt/apm/libapm.so agent.c
build opt/apm/profiler.so profiler.c
build opt/apm/libjava-agent.so java.c
build lib/security/pam_token.so pam.c
build usr/lib/engines-3/hsm.so engine.c
build lib/libnss_ldap.so.2 nss.c
build usr/lib/gconv/EBCDIC.so gconv.c
echo "int main(void){return 0;}" > x.c
musl-gcc -o root/bin/app x.c
cat > config.json <<'X'
{"config": {"Cmd": ["/bin/app"],
 "Env": ["LD_PRELOAD=/opt/apm/libapm.so:/opt/apm/not-there.so", "CORECLR_PROFILER_PATH=/opt/apm/profiler.so",
         "JAVA_TOOL_OPTIONS=-Xmx1g -agentpath:/opt/apm/libjava-agent.so=service=shop,level=1"]}}
X
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json root
