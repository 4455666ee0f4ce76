#!/usr/bin/env python3
"""Compares every #include in src/ and include/ with the module table in CMakeLists.txt.

usage: check_includes.py ROOT

The rules, each of which check_includes_test.py breaks once:
- a module includes public headers (muslcheck/MODULE/...) only of itself and of its MAY_INCLUDE;
- a private header (MODULE/... below src/) is included by its own module only;
- a third-party header is included only by modules that name its library in THIRD_PARTY, and no
  public header includes one;
- a module may include only modules that stand above it in the table, so there are no cycles;
- the module table of README.md has the same modules in the same order, with the same libraries;
- no file names a path of the machine that it was written on.
"""
import pathlib
import re
import subprocess
import sys

# Start of a header's name -> the CMake target that brings it.
THIRD_PARTY_HEADERS = {
    "LIEF/": "muslcheck::lief",
    "archive.h": "LibArchive::LibArchive",
    "archive_entry.h": "LibArchive::LibArchive",
    "nlohmann/": "nlohmann_json::nlohmann_json",
    "CLI/": "CLI11::CLI11",
    "openssl/": "OpenSSL::Crypto",
    "tbb/": "TBB::tbb",
    "oneapi/": "TBB::tbb",
    "zstd": "muslcheck::zstd",
    "isa-l/": "muslcheck::isal",
    "zlib.h": "ZLIB::ZLIB",
    "sqlite3.h": "SQLite::SQLite3",
}
# CMake targets as people call the libraries. What comes with the compiler has no name there.
LIBRARY_NAMES = {
    "muslcheck::lief": "LIEF",
    "muslcheck::isal": "isa-l",
    "muslcheck::zstd": "libzstd",
    "ZLIB::ZLIB": "zlib",
    "LibArchive::LibArchive": "libarchive",
    "nlohmann_json::nlohmann_json": "nlohmann/json",
    "CLI11::CLI11": "CLI11",
    "OpenSSL::Crypto": "OpenSSL",
    "SQLite::SQLite3": "SQLite",
    "TBB::tbb": "oneTBB",
    "Threads::Threads": None,
}
# core::Result is an alias of tl::expected, so its header is everybody's.
ALLOWED_EVERYWHERE = ("tl/expected.hpp",)
# Headers of the C library and the kernel. C++ headers are those without a dot and a slash.
SYSTEM_HEADER = re.compile(
    r"(sys|linux|arpa|netinet)/[\w/-]+\.h|"
    r"(dirent|dlfcn|elf|errno|fcntl|getopt|limits|locale|poll|pthread|sched|signal|spawn|stdio|"
    r"malloc|stdlib|string|strings|time|unistd|wait)\.h"
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
SOURCE_SUFFIXES = {".cpp", ".hpp", ".c", ".h", ".cc", ".inc"}
# Written in two parts so that this file does not name them.
MACHINE_PATHS = re.compile(r"(?<![\w.}~-])/(?:wo" r"rk|tmp/w" r"t)/")


def read_modules(root):
    """{module: (may include, third party)} in the order of the table."""
    text = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    text = re.sub(r"#.*", "", text)
    modules = {}
    for arguments in re.findall(r"\bmuslcheck_module\(([^)]*)\)", text):
        lists = {"": [], "MAY_INCLUDE": [], "THIRD_PARTY": []}
        current = ""
        for word in arguments.split():
            if word in lists:
                current = word
            else:
                lists[current].append(word)
        modules[lists[""][0]] = (lists["MAY_INCLUDE"], lists["THIRD_PARTY"])
    return modules


def check_order(modules):
    above = set()
    for name, (may_include, _) in modules.items():
        for other in may_include:
            if other not in above:
                yield f"CMakeLists.txt: {name} may include {other}, which is not above it"
        above.add(name)


def library_of(header):
    for start, library in THIRD_PARTY_HEADERS.items():
        if header.startswith(start):
            return library
    return None


def check_angle_include(_path, module, header, is_public, modules):
    if header.startswith(ALLOWED_EVERYWHERE) or SYSTEM_HEADER.fullmatch(header):
        return None
    if "." not in header and "/" not in header:
        return None
    library = library_of(header)
    if library is None:
        return f"<{header}> belongs to no library that check_includes.py knows"
    if is_public:
        return f"<{header}> must not be in a public header"
    if library not in modules.get(module, ([], []))[1]:
        return f"<{header}> needs {library}, which the table does not give to {module}"
    return None


def check_quoted_include(path, module, header, is_public, modules):
    parts = header.split("/")
    if parts[0] == "muslcheck" and len(parts) >= 3:
        allowed = {module, *modules.get(module, ([], []))[0]}
        if parts[1] in allowed:
            return None
        return f'"{header}": the table does not allow {module} to include {parts[1]}'
    if is_public:
        return f'"{header}": a public header must not include a private one'
    if parts[0] == module or (len(parts) == 1 and (path.parent / header).exists()):
        return None
    return f'"{header}" is private to {parts[0]} or not there'


def check_file(path, module, is_public, modules):
    text = path.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        kind, header = match.groups()
        check = check_angle_include if kind == "<" else check_quoted_include
        message = check(path, module, header, is_public, modules)
        if message:
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: {message}"


def source_files(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in SOURCE_SUFFIXES)


def check_includes(root, modules):
    # main.cpp stands above the table and may use the top module only; muslcheck.hpp is for users of
    # the library, which has all but that.
    modules = {**modules, "main": (["cli"], []),
               "muslcheck": ([name for name in modules if name != "cli"], [])}
    for folder, is_public in ((root / "src", False), (root / "include" / "muslcheck", True)):
        for path in source_files(folder):
            parts = path.relative_to(folder).parts
            if parts[0] == "cmake":  # the build's own: the precompiled header
                continue
            module = parts[0] if len(parts) > 1 else pathlib.Path(parts[0]).stem
            if module not in modules:
                yield f"{path}: {module} is not a module of the table"
            else:
                yield from check_file(path, module, is_public, modules)


def readme_table(text):
    """{module: cell of the third-party column} of the table that begins with those headings."""
    rows = [[cell.strip(" `*") for cell in line.strip().strip("|").split("|")]
            for line in text.splitlines() if line.lstrip().startswith("|")]
    for start, row in enumerate(rows):
        if row[0] == "module" and row[-1] == "third-party library":
            return {r[0]: r[-1] for r in rows[start + 2:] if len(r) == len(row)}
    return {}


def check_readme(root, modules):
    path = root / "README.md"
    if not path.exists():
        return
    table = readme_table(path.read_text(encoding="utf-8"))
    named = [name for name in table if name in modules]
    for missing in modules.keys() - set(named):
        yield f"README.md: the module table lacks {missing}"
    if set(named) == set(modules) and named != list(modules):
        yield "README.md: the modules stand in another order than in CMakeLists.txt"
    for name in named:
        libraries = {LIBRARY_NAMES.get(target, target) for target in modules[name][1]} - {None}
        written = {word.strip() for word in table[name].split(",")} - {""}
        if written != libraries:
            yield (f"README.md: {name} uses {table[name] or 'nothing'}; CMakeLists.txt says "
                   f"{', '.join(sorted(libraries)) or 'nothing'}")


def tracked_files(root):
    """What git tracks; without git, or in a source archive, the sources themselves."""
    # safe.directory: in a container the clone often belongs to another user.
    command = ["git", "-c", f"safe.directory={root.resolve()}", "-C", str(root), "ls-files", "-z"]
    try:
        listing = subprocess.run(command, capture_output=True)
    except FileNotFoundError:
        listing = None
    if listing is None or listing.returncode != 0:
        return source_files(root / "src") + source_files(root / "include")
    return [root / name for name in listing.stdout.decode().split("\0") if name]


def check_machine_paths(root):
    for path in tracked_files(root):
        if not path.is_file() or path.stat().st_size > 4 << 20:
            continue
        text = path.read_bytes()
        if b"\0" in text:
            continue
        for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
            if MACHINE_PATHS.search(line):
                yield f"{path}:{number}: names a path of one machine"


def check(root):
    modules = read_modules(root)
    if not modules:
        return ["CMakeLists.txt: no module table found"]
    return [*check_order(modules), *check_includes(root, modules), *check_readme(root, modules),
            *check_machine_paths(root)]


def main(root):
    failures = check(pathlib.Path(root))
    for failure in failures:
        print(failure)
    modules = read_modules(pathlib.Path(root))
    print(f"{len(modules)} modules, {len(failures)} violations")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
