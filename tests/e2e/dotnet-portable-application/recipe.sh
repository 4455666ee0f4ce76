# `dotnet publish` without a runtime: native files of all platforms, which .NET chooses among by
# deps.json, and a program for the machine that published, which "dotnet shop.dll" does not run.
mkdir -p base/usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.11 app/app
framework=base/usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.11
echo 'int coreclr_initialize(void) { return 0; }' > x.c
gcc -shared -fPIC -O1 -o $framework/libcoreclr.so x.c
echo 'int main(void) { return 0; }' > main.c
gcc -O1 -o base/usr/share/dotnet/dotnet main.c
mkdir -p base/usr/bin && ln -s /usr/share/dotnet/dotnet base/usr/bin/dotnet
# The framework's own deps.json is no application's.
echo '{"runtimeTarget":{"name":".NETCoreApp,Version=v8.0/linux-x64"},"targets":{".NETCoreApp,Version=v8.0/linux-x64":{"Microsoft.NETCore.App.Runtime.linux-x64/8.0.11":{"native":{"libcoreclr.so":{}}}}},"libraries":{"Microsoft.NETCore.App.Runtime.linux-x64/8.0.11":{"type":"package"}}}' > $framework/Microsoft.NETCore.App.deps.json

# glibc FILE [STATEMENT]: a library that needs glibc's symbols; musl FILE: one that needs none.
glibc() {
  mkdir -p "$(dirname "$1")"
  echo "extern int $2(); int run(void) { return $2(); }" > x.c
  gcc -shared -fPIC -O1 -w -o "$1" x.c
}
musl() {
  mkdir -p "$(dirname "$1")"
  echo 'int run(void) { return 0; }' > x.c
  gcc -shared -fPIC -O1 -nostdlib -o "$1" x.c
}
app=app/app
native=$app/runtimes
gcc -O1 -o $app/shop main.c
touch $app/shop.dll
# Files for both: those for musl are taken.
glibc $native/linux-x64/native/libe_sqlite3.so __strcat_chk
musl $native/linux-musl-x64/native/libe_sqlite3.so
# For glibc alone: taken on musl as well.
glibc $native/linux-x64/native/libgrpc_csharp_ext.x64.so __strdup
# Alpine's variant beside it, in the same folder.
glibc $native/linux-x64/native/librdkafka.so __printf_chk
glibc $native/linux-x64/native/centos8-librdkafka.so __printf_chk
musl $native/linux-x64/native/alpine-librdkafka.so
# For glibc alone, and good enough.
musl $native/linux/native/libplain.so
# Listed for musl, but taken away to make the image smaller.
glibc $native/linux-x64/native/libSkiaSharp.so __memcpy_chk
cat > $app/shop.runtimeconfig.json <<'J'
{"runtimeOptions": {"tfm": "net8.0", "frameworks": [
  {"name": "Microsoft.NETCore.App", "version": "8.0.0"},
  {"name": "Microsoft.AspNetCore.App", "version": "8.0.0"}]}}
J
cat > $app/shop.deps.json <<'J'
{
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0", "signature": ""},
  "compilationOptions": {},
  "targets": {".NETCoreApp,Version=v8.0": {
    "shop/1.0.0": {
      "dependencies": {"Confluent.Kafka": "2.6.1", "Grpc.Core": "2.46.6", "Microsoft.Data.Sqlite": "8.0.11",
                       "Plain": "1.0.0", "QuestPDF": "2023.12.0"},
      "runtime": {"shop.dll": {}}},
    "Confluent.Kafka/2.6.1": {"dependencies": {"librdkafka.redist": "2.6.1"}},
    "Grpc.Core/2.46.6": {"runtimeTargets": {
      "runtimes/linux-x64/native/libgrpc_csharp_ext.x64.so": {"rid": "linux-x64", "assetType": "native", "fileVersion": "0.0.0.0"},
      "runtimes/win-x64/native/grpc_csharp_ext.x64.dll": {"rid": "win-x64", "assetType": "native", "fileVersion": "0.0.0.0"}}},
    "librdkafka.redist/2.6.1": {"runtimeTargets": {
      "runtimes/linux-x64/native/alpine-librdkafka.so": {"rid": "linux-x64", "assetType": "native", "fileVersion": "0.0.0.0"},
      "runtimes/linux-x64/native/centos8-librdkafka.so": {"rid": "linux-x64", "assetType": "native", "fileVersion": "0.0.0.0"},
      "runtimes/linux-x64/native/librdkafka.so": {"rid": "linux-x64", "assetType": "native", "fileVersion": "0.0.0.0"}}},
    "Microsoft.Data.Sqlite/8.0.11": {"dependencies": {"SQLitePCLRaw.lib.e_sqlite3": "2.1.6"}},
    "Plain/1.0.0": {"runtimeTargets": {
      "runtimes/linux/native/libplain.so": {"rid": "linux", "assetType": "native"}}},
    "QuestPDF/2023.12.0": {"dependencies": {"SkiaSharp.NativeAssets.Linux": "2.88.6"}},
    "SkiaSharp.NativeAssets.Linux/2.88.6": {"runtimeTargets": {
      "runtimes/linux-musl-x64/native/libSkiaSharp.so": {"rid": "linux-musl-x64", "assetType": "native"},
      "runtimes/linux-x64/native/libSkiaSharp.so": {"rid": "linux-x64", "assetType": "native"}}},
    "SQLitePCLRaw.lib.e_sqlite3/2.1.6": {"runtimeTargets": {
      "runtimes/linux-musl-x64/native/libe_sqlite3.so": {"rid": "linux-musl-x64", "assetType": "native"},
      "runtimes/linux-x64/native/libe_sqlite3.so": {"rid": "linux-x64", "assetType": "native"}}}
  }},
  "libraries": {
    "shop/1.0.0": {"type": "project", "serviceable": false, "sha512": ""},
    "Confluent.Kafka/2.6.1": {"type": "package"},
    "Grpc.Core/2.46.6": {"type": "package"},
    "librdkafka.redist/2.6.1": {"type": "package"},
    "Microsoft.Data.Sqlite/8.0.11": {"type": "package"},
    "Plain/1.0.0": {"type": "package"},
    "QuestPDF/2023.12.0": {"type": "package"},
    "SkiaSharp.NativeAssets.Linux/2.88.6": {"type": "package"},
    "SQLitePCLRaw.lib.e_sqlite3/2.1.6": {"type": "package"}
  }
}
J
cat > config.json <<'J'
{"architecture": "amd64", "os": "linux", "config": {"WorkingDir": "/app", "Env": ["PATH=/usr/bin:/bin", "DOTNET_VERSION=8.0.11", "ASPNET_VERSION=8.0.11"], "Entrypoint": ["dotnet", "shop.dll"]}}
J
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json base app
