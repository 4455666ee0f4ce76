"""Builds the root in which the loader is asked: musl's own loader, the libraries that the target
can install, as stubs, and the hosts. No glibc.

A stub has the soname and the exported names of the real library, and no code. libstdc++ and
libgcc_s are those of gcc 12.2: Debian 12's names, corrected by libstdc++-alpine.tsv. Other
libraries (stubs.tsv) take the names of Debian's package of the same soname.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

from .tables import HERE, read_table

DEBIAN_LOADER = Path("/lib/ld-musl-x86_64.so.1")
# Debian's libgcc_s has them as hidden versions of glibc systems; Alpine's does not have them.
NOT_IN_LIBGCC = {"__cpu_model", "__cpu_indicator_init"}
NAME = re.compile(r"^[A-Za-z_.$][\w.$]*$")


def exports_of(library: Path, hidden_too: bool = False) -> dict[str, str]:
    """Defined dynamic symbols and their types, without versions. A hidden version (`foo@V`) is
    invisible to musl."""
    listing = subprocess.run(["readelf", "-W", "--dyn-syms", library], capture_output=True,
                             text=True, check=True).stdout
    exports = {}
    for line in listing.splitlines():
        cells = line.split()
        if len(cells) < 8 or cells[4] not in ("GLOBAL", "WEAK", "UNIQUE") or cells[6] == "UND":
            continue
        name, at, version = cells[7].partition("@")
        hidden = bool(at) and not version.startswith("@")
        if cells[6] != "ABS" and (hidden_too or not hidden):
            exports[name] = cells[3]
    return exports


def write_stub(target: Path, exports: dict[str, str], needed: tuple[Path, ...]) -> None:
    """Links a library that exports the names and needs the libraries. TLS names get storage of
    their own; all others are labels in one data area, big enough to be copied from (COPY)."""
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = ['.section .note.GNU-stack,"",@progbits', ".data"]
    for name in sorted(exports):
        if NAME.match(name) and exports[name] != "TLS":
            lines += [f".globl {name}", f".type {name},@object", f"{name}:"]
    lines += [".zero 65536", '.section .tbss,"awT",@nobits']
    for name in sorted(exports):
        if exports[name] == "TLS":
            lines += [f".globl {name}", f".type {name},@object", f"{name}: .zero 16"]
    command = ["gcc", "-shared", "-nostdlib", "-x", "assembler", "-", "-o", target,
               f"-Wl,-soname,{target.name}", "-Wl,--hash-style=both", "-Wl,--no-as-needed"]
    # _init and _fini may be among the names: they must not become DT_INIT and DT_FINI.
    command += ["-Wl,-init,_no_constructor", "-Wl,-fini,_no_destructor", "-x", "none", *needed]
    subprocess.run(command, input="\n".join(lines) + "\n", text=True, check=True)


def debian_library(soname: str) -> Path:
    """Where this system has the library that gcc itself would link."""
    answer = subprocess.run(["gcc", f"-print-file-name={soname}"], capture_output=True, text=True,
                            check=True).stdout.strip()
    return Path(answer)


def _libstdcxx_exports() -> dict[str, str]:
    exports = exports_of(debian_library("libstdc++.so.6"))
    for sign, name in read_table("libstdc++-alpine.tsv"):
        if sign == "+":
            exports[name] = "OBJECT"
        else:
            exports.pop(name, None)
    return exports


def _libgcc_exports() -> dict[str, str]:
    exports = exports_of(debian_library("libgcc_s.so.1"), hidden_too=True)
    return {name: kind for name, kind in exports.items() if name not in NOT_IN_LIBGCC}


def make_root(root: Path, debs: Path, stubs: tuple[str, ...] = ("stubs.tsv",)) -> None:
    """Makes the root anew, hosts included. As the real ones do, every stub needs libc: without
    that musl keeps libc out of the scope of a library that asks for nothing itself.
    `stubs`: tables of further ones, which take downloads."""
    shutil.rmtree(root, ignore_errors=True)
    libraries = root / "usr/lib"
    for folder in ("lib", "usr/lib", "host", "tmp"):
        (root / folder).mkdir(parents=True)
    shutil.copy(DEBIAN_LOADER, root / "lib/ld-musl-x86_64.so.1")
    libc = root / "link/libc.musl-x86_64.so.1"  # only to link against: musl answers the name
    write_stub(libc, {}, ())
    gcc, cxx = libraries / "libgcc_s.so.1", libraries / "libstdc++.so.6"
    write_stub(gcc, _libgcc_exports(), (libc,))
    write_stub(cxx, _libstdcxx_exports(), (libc, gcc))
    for soname, package, _apk in (row for table in stubs for row in read_table(table)):
        write_stub(libraries / soname, exports_of(fetch_library(debs, package, soname)), (libc,))
    write_stub(root / "host/plain.so", {}, (libc,))
    subprocess.run(["musl-gcc", "-O1", "-o", root / "host/plain", HERE / "host.c"], check=True)
    make_node_host(root, set())


def make_host(root: Path, number: int, provided: set[str]) -> str:
    """A process of another program, as a library to preload; where it is in the root."""
    place = f"/host/program-{number}.so"
    write_stub(root / place.lstrip("/"), {name: "FUNC" for name in provided},
               (root / "link/libc.musl-x86_64.so.1",))
    return place


def make_node_host(root: Path, wanted: set[str]) -> None:
    """The node process as a module sees it, as one library to preload: the wanted symbols that
    node exports, and libstdc++ and libgcc_s, which node's musl build is linked with."""
    patterns = [row[0] for row in read_table("node-provides.tsv")]
    provided = {name: "FUNC" for name in wanted
                if any(fnmatchcase(name, pattern) for pattern in patterns)}
    needed = ("usr/lib/libstdc++.so.6", "usr/lib/libgcc_s.so.1", "link/libc.musl-x86_64.so.1")
    write_stub(root / "host/node.so", provided, tuple(root / path for path in needed))


def fetch_library(debs: Path, package: str, soname: str) -> Path:
    """A library out of a Debian package, which is unpacked beside the tarballs, not installed."""
    folder = debs / package
    if not folder.exists():
        debs.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package],
                       cwd=debs, check=True)
        (archive,) = debs.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    found = sorted(path for path in folder.rglob(soname) if path.exists())
    if not found:
        raise FileNotFoundError(f"{soname} is not in Debian's {package}")
    return found[0].resolve()
