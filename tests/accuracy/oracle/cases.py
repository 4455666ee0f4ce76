"""Small fixtures, one per rule of musl's loader, built with the system's gcc against glibc.

Each case is a folder of a node_modules tree. `builds` are linked in order, later ones see the
earlier ones; a file marked `absent` is only linked against. `outcome` and `errors` say what musl
does with the last file: a fixture that stopped showing what its name says is a failure too.
"""

from __future__ import annotations

from dataclasses import dataclass

MUSL_INTERPRETER = "-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1"
LOADS, LAZILY, FAILS, NO_START = "loads", "loads-lazily", "fails-to-load", "fails-to-start"


@dataclass(frozen=True)
class Build:
    """One output file. flags may name earlier outputs as {DIR}/NAME."""

    output: str
    source: str
    flags: str = ""
    absent: bool = False
    versions: str = ""  # version script
    raw: bool = False   # the source is the file's content


@dataclass(frozen=True)
class Case:
    name: str
    builds: tuple[Build, ...]
    outcome: str
    errors: tuple[str, ...] = ()  # "kind subject"


def addon(body: str, flags: str = "", **more) -> Build:
    """A module of node that uses Node-API and `use`."""
    source = ("int napi_create_function(void);\n" + body +
              "\nint napi_register_module_v1(void) { return napi_create_function() + use(); }\n")
    return Build("main.node", source, "-shared -fPIC -Wl,-z,lazy " + flags, **more)


def library(name: str, source: str, flags: str = "", **more) -> Build:
    return Build(name, source, f"-shared -fPIC -Wl,-z,lazy -Wl,-soname,{name.rsplit('/', 1)[-1]} "
                 + flags, **more)


def program(source: str, flags: str = "") -> Build:
    return Build("main", source, flags)


FORTIFIED = "int __memcpy_chk(void); int use(void) { return __memcpy_chk(); }"
USES_FOO = "int foo(void); int use(void) { return foo(); }"
FOO = "int foo(void) { return 1; }"
IFUNC = ("static int one(void) { return 1; } static int (*pick(void))(void) { return one; }\n"
         "%sint chosen(void) __attribute__((ifunc(\"pick\")));")
BESIDE = "-Wl,-rpath,$ORIGIN {DIR}/libfoo.so"

CASES = (
    Case("addon-of-plain-functions",
         (addon("#include <stdio.h>\nint use(void) { return puts(\"\"); }"),), LOADS),
    Case("fortified-function-is-deferred", (addon(FORTIFIED),), LAZILY, ("symbol __memcpy_chk",)),
    Case("bind-now-defers-nothing", (addon(FORTIFIED, "-Wl,-z,now"),), FAILS,
         ("symbol __memcpy_chk",)),
    Case("a-library-of-no-host-is-bound-at-once", (library("main.so", FORTIFIED),), FAILS,
         ("symbol __memcpy_chk",)),
    Case("fcntl64-never-existed",
         (addon("int fcntl64(int, int); int use(void) { return fcntl64(0, 0); }"),), LAZILY,
         ("symbol fcntl64",)),
    Case("open64-is-exported-by-1.2.3",
         (addon("int open64(const char*, int); int use(void) { return open64(\"\", 0); }"),),
         LOADS),
    Case("missing-variable-is-deferred",
         (addon("extern char __libc_single_threaded; int use(void) "
                "{ return __libc_single_threaded; }"),), LAZILY,
         ("symbol __libc_single_threaded",)),
    Case("pointer-in-data-is-not-deferred",
         (addon("int __memcpy_chk(void); int (*table[])(void) = {__memcpy_chk};\n"
                "int use(void) { return table[0](); }"),), FAILS, ("symbol __memcpy_chk",)),
    Case("weak-undefined-becomes-zero",
         (addon("__attribute__((weak)) int nowhere(void); int use(void) "
                "{ return nowhere ? nowhere() : 0; }"),), LOADS),
    Case("undefined-without-relocation-is-no-error",
         (addon("__asm__(\".reloc ., R_X86_64_NONE, nowhere\"); int use(void) { return 0; }"),),
         LOADS),
    Case("library-nobody-has",
         (library("libfoo.so.1", FOO, absent=True), addon(USES_FOO, "{DIR}/libfoo.so.1")), FAILS,
         ("library libfoo.so.1", "symbol foo")),
    Case("ld-linux-as-library",
         (addon("__thread int x; int use(void) { return x; }"),), FAILS,
         ("library ld-linux-x86-64.so.2",)),
    Case("libresolv-is-not-reserved",
         (addon("int use(void) { return 0; }", "-Wl,--no-as-needed -lresolv"),), FAILS,
         ("library libresolv.so.2",)),
    Case("libmvec-is-not-reserved",
         (addon("int use(void) { return 0; }", "-Wl,--no-as-needed -lmvec"),), FAILS,
         ("library libmvec.so.1",)),
    Case("reserved-names-are-libc",
         (library("libm.anything", FOO, absent=True), library("librt.", "", absent=True),
          addon("int use(void) { return 0; }",
                "-Wl,--no-as-needed {DIR}/libm.anything {DIR}/librt. -lm -lpthread -ldl -lutil")),
         LOADS),
    Case("libstdcxx-and-libgcc-are-there",
         (addon("void* _Znwm(unsigned long); void _Unwind_Resume(void*);\n"
                "int use(void) { _Unwind_Resume(0); return _Znwm(1) != 0; }",
                "-Wl,--no-as-needed -l:libstdc++.so.6 -l:libgcc_s.so.1"),), LOADS),
    Case("rpath-is-inherited",
         (library("deep/libfoo.so", FOO),
          library("deep/libmid.so", "int foo(void); int mid(void) { return foo(); }",
                  "{DIR}/deep/libfoo.so"),
          addon("int mid(void); int use(void) { return mid(); }",
                "-Wl,-rpath,$ORIGIN/deep -Wl,--disable-new-dtags -Wl,-rpath-link,{DIR}/deep "
                "{DIR}/deep/libmid.so")), LOADS),
    Case("runpath-is-inherited",
         (library("deep/libfoo.so", FOO),
          library("deep/libmid.so", "int foo(void); int mid(void) { return foo(); }",
                  "{DIR}/deep/libfoo.so"),
          addon("int mid(void); int use(void) { return mid(); }",
                "-Wl,-rpath,${ORIGIN}/deep -Wl,--enable-new-dtags -Wl,-rpath-link,{DIR}/deep "
                "{DIR}/deep/libmid.so")), LOADS),
    Case("other-token-discards-the-rpath",
         (library("libfoo.so", FOO), addon(USES_FOO, "-Wl,-rpath,$ORIGIN:$LIB {DIR}/libfoo.so")),
         FAILS, ("library libfoo.so", "symbol foo")),
    Case("name-with-slash-is-a-path",
         (Build("libfoo.so", FOO,
                "-shared -fPIC -Wl,-soname,/node_modules/name-with-slash-is-a-path/libfoo.so"),
          addon(USES_FOO, "{DIR}/libfoo.so")), LOADS),
    Case("soname-of-a-file-is-never-read",
         (Build("libother.so", FOO, "-shared -fPIC -Wl,-soname,libfoo.so"),
          addon(USES_FOO, "-Wl,-rpath,$ORIGIN {DIR}/libother.so")), FAILS,
         ("library libfoo.so", "symbol foo")),
    Case("junk-stops-the-search",
         (library("later/libfoo.so", FOO), Build("first/libfoo.so", "no ELF file\n", raw=True),
          addon(USES_FOO, "-Wl,-rpath,$ORIGIN/first:$ORIGIN/later {DIR}/later/libfoo.so")), FAILS,
         ("library libfoo.so", "symbol foo")),
    Case("absent-folder-does-not-stop-the-search",
         (library("later/libfoo.so", FOO),
          addon(USES_FOO, "-Wl,-rpath,$ORIGIN/first:$ORIGIN/later {DIR}/later/libfoo.so")), LOADS),
    Case("default-version-matches",
         (library("libfoo.so", FOO, versions="V1 { foo; };"), addon(USES_FOO, BESIDE)), LOADS),
    Case("versions-are-ignored",
         (library("old/libfoo.so", FOO, versions="V9 { foo; };", absent=True),
          library("libfoo.so", FOO), addon(USES_FOO, "-Wl,-rpath,$ORIGIN {DIR}/old/libfoo.so")),
         LOADS),
    Case("hidden-version-never-matches",
         (library("link/libfoo.so", FOO, versions="V1 { foo; };", absent=True),
          library("libfoo.so", "__asm__(\".symver old_foo, foo@V1\"); int old_foo(void) "
                  "{ return 1; }", versions="V1 { };"),
          addon(USES_FOO, "-Wl,-rpath,$ORIGIN {DIR}/link/libfoo.so")), LAZILY, ("symbol foo",)),
    Case("ifunc-definition-is-invisible",
         (library("libfoo.so", IFUNC % ""),
          addon("int chosen(void); int use(void) { return chosen(); }", BESIDE)), LAZILY,
         ("symbol chosen",)),
    Case("irelative-is-never-supported",
         (addon(IFUNC % "static " + " int use(void) { return chosen(); }"),), FAILS,
         ("relocation 37",)),
    Case("initial-exec-tls-in-a-module",
         (addon("__thread int counter __attribute__((tls_model(\"initial-exec\")));\n"
                "int use(void) { return counter; }"),), FAILS),
    Case("initial-exec-tls-of-a-static-variable",
         (addon("static __thread int counter __attribute__((tls_model(\"initial-exec\")));\n"
                "int use(void) { return counter++; }"),), FAILS),
    Case("tls-descriptors-are-supported",
         (addon("__thread int counter; int use(void) { return counter; }",
                "-mtls-dialect=gnu2"),), LOADS),
    Case("unique-symbols-count-as-global",
         (library("libfoo.so", "__asm__(\".globl foo\\n.type foo, @gnu_unique_object\\n.data\\n"
                  "foo: .long 1\\n.size foo, 4\\n.text\");"),
          addon("extern int foo; int use(void) { return foo; }", BESIDE)), LOADS),
    Case("a-glibc-copy-under-any-name-is-dropped",
         (library("libfoo.so", FOO + " int __libc_start_main(void) { return 0; } void* stdin;"),
          addon(USES_FOO, BESIDE)), LAZILY, ("symbol foo",)),
    Case("sysv-hash-is-enough", (addon("int use(void) { return 0; }", "-Wl,--hash-style=sysv"),),
         LOADS),
    Case("gnu-hash-is-enough", (addon("int use(void) { return 0; }", "-Wl,--hash-style=gnu"),),
         LOADS),
    Case("module-without-needed-libraries",
         (addon("unsigned long strlen(const char*); int use(void) { return strlen(\"\"); }",
                "-nostdlib -fno-builtin"),), LOADS),
    Case("error-of-a-library-fails-its-needer",
         (library("libfoo.so", "int gone(void); int (*table[])(void) = {gone};" + FOO),
          addon(USES_FOO, BESIDE)), FAILS, ("symbol gone",)),
    Case("program-with-the-glibc-interpreter", (program("int main(void) { return 0; }"),),
         NO_START),
    Case("program-with-musls-interpreter",
         (program("int main(void) { return 0; }", MUSL_INTERPRETER),), LOADS),
    Case("copy-relocation-takes-from-libc",
         (program("#include <stdio.h>\nint main(void) { return stdout == 0; }",
                  "-no-pie " + MUSL_INTERPRETER),), LOADS),
    Case("programs-are-bound-at-once",
         (program("int __memcpy_chk(void); int main(void) { return __memcpy_chk(); }",
                  "-Wl,-z,lazy " + MUSL_INTERPRETER),), NO_START, ("symbol __memcpy_chk",)),
    Case("initial-exec-tls-is-fine-at-start",
         (library("libfoo.so", "__thread int counter __attribute__((tls_model(\"initial-exec\")));"
                  "int foo(void) { return counter; }"),
          program("int foo(void); int main(void) { return foo(); }",
                  "-Wl,-rpath,$ORIGIN {DIR}/libfoo.so " + MUSL_INTERPRETER)), LOADS),
    Case("canonical-plt-entry-serves-data-only",
         (library("link/libfoo.so", FOO, absent=True),
          library("libfoo.so", "int foo(void); int (*table[])(void) = {foo}; "
                  "int call(void) { return foo(); }"),
          program("int foo(void); int main(int n, char** v) "
                  "{ return (void*)foo == (void*)v; }",
                  "-no-pie -fno-pic -Wl,-rpath,$ORIGIN {DIR}/link/libfoo.so " + MUSL_INTERPRETER)),
         NO_START, ("symbol foo",)),
    Case("libc-takes-part-only-if-asked-for",
         (library("link/libfoo.so", FOO + "int strlen(const char*) { return 0; }",
                  "-nostdlib -fno-builtin", absent=True),
          library("libfoo.so", FOO, "-nostdlib"),
          program("int strlen(const char*); int foo(void);\n"
                  "void _start(void) { for (;;) foo() && strlen(\"\"); }",
                  "-nostdlib -fno-builtin -Wl,-rpath,$ORIGIN {DIR}/link/libfoo.so "
                  + MUSL_INTERPRETER)), NO_START, ("symbol strlen",)),
    Case("static-program", (program("int main(void) { return 0; }", "-static"),), LOADS),
    Case("static-pie-program", (program("int main(void) { return 0; }", "-static-pie"),), LOADS),
)
