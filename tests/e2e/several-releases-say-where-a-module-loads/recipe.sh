# Names that came with musl 1.2.5, that went with 1.2.4 and came back with 1.2.6, and that never were.
addon() {
  mkdir -p node_modules/$1
  echo "{\"name\":\"$1\",\"version\":\"1.0.0\"}" > node_modules/$1/package.json
  echo "void napi_module_register(void*); void $2(void); void *table[] = {(void*)$2};
        void init(void *p) { napi_module_register(p); }" > x.c
  gcc -shared -fPIC -O1 -w -fno-builtin -o node_modules/$1/$1.node x.c
  rm x.c
}
addon newer statx
addon between posix_fallocate64
addon never __memcpy_chk
addon always getenv
echo "{\"name\":\"app\",\"version\":\"1.0.0\",\"dependencies\":{\"newer\":\"1\",\"between\":\"1\",\"never\":\"1\",\"always\":\"1\"}}" > package.json
