# A wheel as pip downloads it: an extension module for the stable ABI, which CPython takes on musl
# by its name, with a library that auditwheel put beside it.
cat > module.c <<C
void *PyModule_Create2(void); int __strcat_chk();
void *PyInit__fast(void) { __strcat_chk(); return PyModule_Create2(); }
C
mkdir -p fast/fast fast/fast-2.0.dist-info
gcc -shared -fPIC -O1 -w -s -o fast/fast/_fast.abi3.so module.c
printf 'Metadata-Version: 2.1\nName: fast\nVersion: 2.0\n' > fast/fast-2.0.dist-info/METADATA
printf 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp37-abi3-manylinux_2_28_x86_64\n' \
  > fast/fast-2.0.dist-info/WHEEL
printf 'fast/_fast.abi3.so,,\nfast-2.0.dist-info/METADATA,,\n' > fast/fast-2.0.dist-info/RECORD
(cd fast && python3 -m zipfile -c ../fast-2.0-cp37-abi3-manylinux_2_28_x86_64.whl \
  fast fast-2.0.dist-info)
rm -r fast module.c
