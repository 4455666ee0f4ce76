"""Layers of Debian packages without installing them: apt says what belongs together and downloads
it, dpkg-deb unpacks it into the layer's tar, and dpkg's database is written as dpkg would. No
maintainer script runs, so what those make (ld.so.cache, byte code) is not there."""

import io
import pathlib
import re
import subprocess
import tarfile

# Debian's folders since bookworm: what a package ships in /lib lands in /usr/lib.
MERGED = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
DOCUMENTATION = ("usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/info/",
                 "usr/share/lintian/")
INST_LINE = re.compile(r"^Inst (\S+) \((\S+) .*\[(\S+)\]\)")


class Debian:
    """apt with a dpkg database and a download folder of its own; the sources are this machine's."""

    def __init__(self, cache):
        self.debs = cache / "debs"
        (self.debs / "partial").mkdir(parents=True, exist_ok=True)
        empty = self.debs / "no-packages"  # the lock files of dpkg are put beside it
        empty.touch()
        self.apt = ["apt-get", "-y", "-qq", "--no-install-recommends"]
        for option in (f"Dir::State::status={empty}", f"Dir::State::extended_states={empty}",
                       f"Dir::Cache::archives={self.debs}", "APT::Sandbox::User=root"):
            self.apt += ["-o", option]

    def closure(self, names):
        """The .deb files of packages and of all that they depend on, in apt's order."""
        subprocess.run([*self.apt, "--download-only", "install", *names], check=True,
                       stdout=subprocess.DEVNULL)
        plan = subprocess.run([*self.apt, "--simulate", "install", *names], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        found = [INST_LINE.match(line) for line in plan.splitlines()]
        return {m[1]: self.debs / deb_name(*m.groups()) for m in found if m}


def deb_name(name, version, architecture):
    return f"{name.split(':')[0]}_{version.replace(':', '%3a')}_{architecture}.deb"


def merged_name(name):
    """A path as it is with /lib -> usr/lib."""
    name = name.removeprefix("./").strip("/")
    return f"usr/{name}" if name.split("/")[0] in MERGED else name


def listed_name(name):
    """A path as dpkg's lists have it: the root is `/.`."""
    return "/" + (name.removeprefix("./").strip("/") or ".")


def opened(deb, part):
    """A member of a .deb as a tar file: `--fsys-tarfile` or `--ctrl-tarfile`."""
    process = subprocess.run(["dpkg-deb", part, str(deb)], check=True, stdout=subprocess.PIPE)
    return tarfile.open(fileobj=io.BytesIO(process.stdout))


def add_files(writer, deb, rename=merged_name, skipped=()):
    """The package's files; returns the paths that dpkg lists for it."""
    listed = []
    with opened(deb, "--fsys-tarfile") as tar:
        for info in tar:
            listed.append(listed_name(info.name))
            content = tar.extractfile(info) if info.isreg() else None
            name = rename(info.name)
            if not name or name == "." or name.startswith(skipped):
                continue
            info.name = name
            if info.islnk():
                info.linkname = rename(info.linkname)
            writer.put(info, content)
    return listed


def control_of(deb):
    """The files of the package's control part: {name: bytes}."""
    with opened(deb, "--ctrl-tarfile") as tar:
        return {pathlib.PurePosixPath(info.name).name: tar.extractfile(info).read()
                for info in tar if info.isreg()}


def fields_of(control):
    return dict(re.findall(r"^([A-Za-z-]+): (.*)$", control, re.M))


def stanza(deb):
    """(package, its entry in dpkg's status file)."""
    control = control_of(deb)["control"].decode().strip("\n")
    head, rest = control.split("\n", 1)
    return fields_of(control)["Package"], f"{head}\nStatus: install ok installed\n{rest}\n"


def add_records(writer, deb, listed):
    """What dpkg keeps about one package in its info folder."""
    parts = control_of(deb)
    fields = fields_of(parts.pop("control").decode())
    name = fields["Package"]
    if fields.get("Multi-Arch") == "same":
        name += ":" + fields["Architecture"]
    parts["list"] = "".join(path + "\n" for path in listed).encode()
    for part, data in sorted(parts.items()):
        executable = part in ("preinst", "postinst", "prerm", "postrm", "config")
        writer.text(f"var/lib/dpkg/info/{name}.{part}", data, 0o755 if executable else 0o644)


def add_root(writer):
    """What a new root has besides packages' files."""
    for name in ("bin", "lib", "lib64", "sbin"):
        writer.link(name, f"usr/{name}")
    writer.text("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")
    writer.text("etc/group", "root:x:0:\n")


def installed(debs, earlier=(), skipped=()):
    """Fills a layer as `apt-get install` would on top of the layers with the packages `earlier`."""

    def fill(writer):
        if not earlier:
            add_root(writer)
        for deb in debs:
            add_records(writer, deb, add_files(writer, deb, skipped=skipped))
        stanzas = dict(stanza(deb) for deb in [*earlier, *debs])
        status = "\n".join(stanzas[name] for name in sorted(stanzas))
        writer.text("var/lib/dpkg/status", status)
        writer.text("var/lib/dpkg/status-old", status)

    return fill
