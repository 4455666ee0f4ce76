# `dotnet publish -r linux-x64 --self-contained`: all of .NET beside the application, and the native
# files of packages in the application's folder itself.
app=app/app
mkdir -p $app
echo 'int main(void) { return 0; }' > main.c
gcc -O1 -o $app/shop main.c
gcc -O1 -o $app/createdump main.c
# glibc FILE: a library that needs glibc's symbols.
glibc() {
  echo 'extern int __strcat_chk(), strdup(); int run(void) { return __strcat_chk() + strdup(); }' > x.c
  gcc -shared -fPIC -O1 -w -o "$app/$1" x.c
}
for name in coreclr clrjit hostfxr hostpolicy System.Native System.IO.Compression.Native; do
  glibc lib$name.so
done
glibc libe_sqlite3.so
touch $app/shop.dll
echo '{"runtimeOptions": {"tfm": "net8.0", "includedFrameworks": [{"name": "Microsoft.NETCore.App", "version": "8.0.11"}]}}' > $app/shop.runtimeconfig.json
cat > $app/shop.deps.json <<'J'
{
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64", "signature": ""},
  "targets": {
    ".NETCoreApp,Version=v8.0": {},
    ".NETCoreApp,Version=v8.0/linux-x64": {
      "shop/1.0.0": {
        "dependencies": {"Microsoft.Data.Sqlite": "8.0.11", "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64": "8.0.11"},
        "runtime": {"shop.dll": {}}},
      "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.11": {
        "runtime": {"System.Private.CoreLib.dll": {"assemblyVersion": "8.0.0.0", "fileVersion": "8.0.1124.51707"}},
        "native": {"createdump": {"fileVersion": "0.0.0.0"}, "libSystem.IO.Compression.Native.so": {"fileVersion": "0.0.0.0"},
          "libSystem.Native.so": {"fileVersion": "0.0.0.0"}, "libclrjit.so": {"fileVersion": "0.0.0.0"},
          "libcoreclr.so": {"fileVersion": "0.0.0.0"}, "libhostfxr.so": {"fileVersion": "0.0.0.0"},
          "libhostpolicy.so": {"fileVersion": "0.0.0.0"}}},
      "Microsoft.Data.Sqlite/8.0.11": {"dependencies": {"SQLitePCLRaw.lib.e_sqlite3": "2.1.6"}},
      "SQLitePCLRaw.lib.e_sqlite3/2.1.6": {"native": {"runtimes/linux-x64/native/libe_sqlite3.so": {"fileVersion": "0.0.0.0"}}}
    }
  },
  "libraries": {
    "shop/1.0.0": {"type": "project", "serviceable": false, "sha512": ""},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.11": {"type": "runtimepack", "serviceable": false, "sha512": ""},
    "Microsoft.Data.Sqlite/8.0.11": {"type": "package"},
    "SQLitePCLRaw.lib.e_sqlite3/2.1.6": {"type": "package"}
  }
}
J
echo '{"architecture": "amd64", "os": "linux", "config": {"WorkingDir": "/app", "Entrypoint": ["./shop"]}}' > config.json
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json app
