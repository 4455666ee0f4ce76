# An application in a virtual environment on python:3.11: tiny modules under the names, and with
# the metadata, that pip gives them.
site=app/opt/venv/lib/python3.11/site-packages
python=python/usr/local
gnu=cpython-311-x86_64-linux-gnu.so
mkdir -p $python/bin $python/lib app/opt/venv/bin

# What the official image brings: the program, its library, and nothing in a package database.
echo 'void PyModule_Create2(void) {}' > libpython.c
gcc -shared -fPIC -O1 -Wl,-soname,libpython3.11.so.1.0 -o $python/lib/libpython3.11.so.1.0 libpython.c
echo 'int PyModule_Create2(void); int main(void) { return PyModule_Create2(); }' > main.c
gcc -O1 -o $python/bin/python3.11 main.c $python/lib/libpython3.11.so.1.0
ln -s /usr/local/bin/python3.11 app/opt/venv/bin/python3.11

# package NAME VERSION TAG [METADATA-LINE]: its dist-info; RECORD lists what is there by then.
package() {
  local info="$site/$1-$2.dist-info"
  mkdir -p "$info"
  printf 'Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s\n' "$1" "$2" "${4:-}" > "$info/METADATA"
  printf 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: %s\n' "$3" > "$info/WHEEL"
  (cd $site && find . -type f -path "./$1[./-]*" | cut -c3- | sort | sed 's/$/,,/') > RECORD
  mv RECORD "$info/RECORD"
}

# module FILE STATEMENTS [GCC-ARGUMENT...]: an extension module.
module() {
  local name
  name=$(basename "$1"); name=${name%%.*}
  mkdir -p "$site/$(dirname "$1")"
  echo "void *PyModule_Create2(void); extern int __strcat_chk(), f();
void *PyInit_$name(void) { $2 return PyModule_Create2(); }" > module.c
  gcc -shared -fPIC -O1 -w -o "$site/$1" module.c "${@:3}"
}

# numpy, from a manylinux wheel with a library of its own: nobody opens either on musl.
mkdir -p $site/numpy.libs
echo 'int f(void) { return 1; }' > f.c
gcc -shared -fPIC -O1 -Wl,-soname,libopenblas-1234.so -o $site/numpy.libs/libopenblas-1234.so f.c
module numpy/core/_multiarray_umath.$gnu 'f();' $site/numpy.libs/libopenblas-1234.so \
  -Wl,-rpath,'$ORIGIN/../../numpy.libs'
module numpy/linalg/_umath_linalg.$gnu ''
package numpy 1.26.4 cp311-cp311-manylinux_2_17_x86_64

# Needs numpy, was asked for; pure Python with a tag that says so.
mkdir -p $site/shop && touch $site/shop/__init__.py
package shop 1.0 py3-none-any 'Requires-Dist: numpy (>=1.21)
Requires-Dist: markupsafe; extra == "html"'
touch $site/shop-1.0.dist-info/REQUESTED

# The stable ABI's suffix is the same on musl: one loads there, one does not.
module good/_good.abi3.so ''
package good 2.0 cp37-abi3-manylinux_2_28_x86_64
module bad/_bad.abi3.so '__strcat_chk();'
package bad 3.0 cp37-abi3-manylinux_2_28_x86_64

# Optional: Python code is there instead; by the package's own choice, and by name.
module markupsafe/_speedups.$gnu ''
package markupsafe 2.1.5 cp311-cp311-manylinux_2_17_x86_64
module compiled/fast.$gnu ''
touch $site/compiled/fast.py
package compiled 1.0 cp311-cp311-manylinux_2_17_x86_64

# For another Python: dead weight before the move and after.
module old/_old.cpython-39-x86_64-linux-gnu.so ''
package old 0.9 cp39-cp39-linux_x86_64

cat > config.json <<'X'
{"config": {"Env": ["PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin", "PYTHON_VERSION=3.11.9"],
            "Cmd": ["python3.11", "-m", "shop"]}}
X
"$SOURCE_DIR/tests/e2e/make_archive.py" app.tar shop:1.0 config.json python app
