"""Folders that a scan should survive: unreadable, endless, odd, and changing under it."""

import json
import os
import pathlib
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import unittest

import images
from harness import IS_INSTRUMENTED, MUSLCHECK, HostileTest, amount, limits

NOBODY = 65534


class FolderTest(HostileTest):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content=None):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(images.addon() if content is None else content)
        return path

    def scan(self, *arguments, **options):
        return self.run_scan(f"dir:{self.folder}", *arguments, **options)

    def paths(self, run):
        return [module["path"] for module in run.report["modules"]]


class Kinds(FolderTest):
    def test_an_empty_folder_says_so(self):
        self.assertEqual(self.scan().codes, ["empty-source"])

    def test_special_files_are_never_opened(self):
        os.mkfifo(self.folder / "fifo")
        os.mkfifo(self.folder / "package.json")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.folder / "socket"))
            if os.geteuid() == 0:
                os.mknod(self.folder / "zero.so", stat.S_IFCHR | 0o666, os.makedev(1, 5))
            self.write("a.node")
            run = self.scan()
        self.assertEqual((self.paths(run), run.codes), (["a.node"], []))

    def test_links_lead_nowhere_outside(self):
        self.write("a.node")
        for name, target in (("self", "self"), ("up", ".."), ("root", "/"), ("gone", "nowhere"),
                             ("b.node", "/bin/true"), ("loop/one", "../loop/two"),
                             ("loop/two", "one"), ("package.json", "/etc/passwd")):
            (self.folder / name).parent.mkdir(exist_ok=True)
            os.symlink(target, self.folder / name)
        run = self.scan()
        self.assertEqual((self.paths(run), run.codes), (["a.node"], []))

    def test_ten_thousand_levels(self):
        self.write("a.node")
        here = os.open(self.folder, os.O_RDONLY)
        for _ in range(10_000):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(here)
        self.addCleanup(subprocess.run, ["rm", "-rf", str(self.folder)])
        run = self.scan()
        self.assertEqual((self.paths(run), run.codes), (["a.node"], ["path-too-long"]))

    def test_names_that_are_no_text(self):
        for name in (b"new\nline.node", b"\x1b[31mred.node", b"bad\xff\xfe.node", b"x" * 250 + b".node"):
            path = os.path.join(os.fsencode(self.folder), name)
            pathlib.Path(os.fsdecode(path)).write_bytes(images.addon())
        self.assertEqual(len(self.paths(self.scan())), 4)
        table = self.run_program("scan", f"dir:{self.folder}", "-v")
        self.assertNotIn(b"\x1b", table.out)
        self.assertNotIn(b"line.node\n", table.out)

    def test_empty_files_are_nothing(self):
        for name in ("a.so", "package.json", "var/lib/dpkg/status", "etc/os-release"):
            self.write(name, b"")
        run = self.scan()
        self.assertEqual([c for c in run.codes if c != "package-json-invalid"], [])

    def test_sparse_files_beyond_and_within_the_limit(self):
        for name, size in (("huge.so", 5 << 30), ("large.so", 3 << 30)):
            path = self.write(name)
            os.truncate(path, size)
        self.write("a.node")
        # Pages of a mapped file are the kernel's to take back; what the program asks for is not.
        options = {} if IS_INSTRUMENTED else {"preexec_fn": limits(data=500 << 20)}
        run = self.scan(**options)
        self.assertEqual(run.codes, ["file-too-large"])
        self.assertEqual(self.paths(run), ["a.node", "large.so"])

    def test_kernel_file_systems_are_not_content(self):
        for folder in ("/proc", "/sys"):
            run = self.run_scan(f"dir:{folder}")
            self.assertEqual(run.report["modules"], [])


@unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
class Permissions(FolderTest):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.program = self.write("muslcheck-copy", pathlib.Path(MUSLCHECK).read_bytes())

    def scan_as_nobody(self, place):
        # The program may lie where nobody can reach it; a copy in the scanned tree does not.
        copy = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, copy)
        os.chmod(copy, 0o755)
        shutil.move(self.program, copy / "muslcheck")
        os.chmod(copy / "muslcheck", 0o755)
        done = subprocess.run([copy / "muslcheck", "scan", f"dir:{place}", "-f", "json"],
                              user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True,
                              timeout=60)
        return done

    def test_what_cannot_be_read_is_a_problem(self):
        self.write("a.node")
        os.chmod(self.write("secret.node"), 0)
        os.chmod(self.write("package.json", b"{}"), 0)
        self.write("closed/b.node")
        os.chmod(self.folder / "closed", 0)
        self.write("listed/c.node")
        os.chmod(self.folder / "listed", 0o444)
        done = self.scan_as_nobody(self.folder)
        report = json.loads(done.stdout)
        self.assertEqual([m["path"] for m in report["modules"]], ["a.node"])
        self.assertEqual(sorted(p["path"] for p in report["problems"]),
                         ["closed", "listed", "package.json", "secret.node"])
        for problem in report["problems"]:
            self.assertIn("Permission denied", problem["message"])

    def test_a_folder_that_cannot_be_opened_is_an_error(self):
        (self.folder / "closed").mkdir(mode=0)
        done = self.scan_as_nobody(self.folder / "closed")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"Permission denied", done.stderr)


class Changes(FolderTest):
    def change_while(self, change):
        """Scans again and again while another thread changes the folder."""
        stop = threading.Event()

        def work():
            while not stop.is_set():
                try:
                    change()
                except OSError:
                    pass
        worker = threading.Thread(target=work)
        worker.start()
        try:
            for _ in range(8):
                self.scan()
        finally:
            stop.set()
            worker.join()

    def test_files_cut_short_while_they_are_read(self):
        text = images.addon()
        paths = [self.write(f"{number}.node") for number in range(20)]
        large = self.write("large.node", text + bytes(40 << 20))

        def change():
            os.truncate(large, 4096)
            os.truncate(large, len(text) + (40 << 20))
            for path in paths:
                os.truncate(path, 100)
                path.write_bytes(text)
        self.change_while(change)

    def test_files_that_come_go_and_become_something_else(self):
        def change():
            for number in range(20):
                path = self.write(f"d/{number}.node")
                path.unlink()
                path.mkdir()
                path.rmdir()
                os.symlink("/etc/passwd", path)
                path.unlink()
                os.mkfifo(path)
            shutil.rmtree(self.folder / "d")
        self.change_while(change)

    def test_archive_cut_short_while_it_is_read(self):
        layer = images.tar(*[images.entry(f"{n}.node", images.addon()) for n in range(200)])
        text = images.image(layers=[layer])
        archive = self.write("image.tar", text)
        stop = threading.Event()

        def work():
            while not stop.is_set():
                os.truncate(archive, 8192)
                archive.write_bytes(text)
        worker = threading.Thread(target=work)
        worker.start()
        try:
            for _ in range(amount(200)):
                for reference in (f"docker-archive:{archive}", archive):
                    self.run_scan(reference)
        finally:
            stop.set()
            worker.join()


class Packages(FolderTest):
    def test_package_json_that_npm_would_not_write(self):
        for text in (b"", b"\x00", b"\xff\xfe{}", b"[" * 100_000, b'{"name":' * 100_000, b"[]", b"7",
                     b'{"name":"\xff\xfe","version":"\xc0\x80"}', b'{"name":7,"version":[]}',
                     b'{"name":"a","version":"1","dependencies":[7]}',
                     b'{"name":"a","version":"1","dependencies":"x"}',
                     b'{"name":"' + b"x" * 3_000_000 + b'"}', b"9" * 1_000_000,
                     b'{"x":"' + b"x" * (5 << 20) + b'"}'):
            with self.subTest(text=text[:30]):
                self.write("node_modules/p/package.json", text)
                self.write("node_modules/p/a.node")
                self.assertEqual(len(self.paths(self.scan())), 1)
                self.run_program("scan", f"dir:{self.folder}")

    def test_names_do_not_become_commands(self):
        name = "$(touch /tmp/x); `id` & 'q' \"d\" | > \n\x1b[2J rm -rf"
        self.write("node_modules/p/package.json",
                   json.dumps({"name": name, "version": "1; id"}).encode())
        self.write("node_modules/p/a.node")
        run = self.scan()
        for command in run.report["plan"]["commands"]:
            for forbidden in ("$(", "`id`", ";", "\n"):
                self.assertNotIn(forbidden, command)
        table = self.run_program("scan", f"dir:{self.folder}")
        self.assertNotIn(b"\x1b", table.out)

    def test_a_chain_of_twenty_thousand_dependencies(self):
        count = amount(20_000)
        for number in range(count):
            self.write(f"node_modules/p{number}/package.json", json.dumps(
                {"name": f"p{number}", "version": "1.0.0",
                 "dependencies": {f"p{number + 1}": "*"}}).encode())
        self.write(f"node_modules/p{count - 1}/a.node")
        self.assertEqual(len(self.paths(self.scan())), 1)

    def test_dependencies_by_the_hundred_thousand(self):
        deep = "d/" * 200 + "node_modules/p/package.json"
        names = {f"dependency-{number}": "*" for number in range(amount(150_000))}
        self.write(deep, json.dumps({"name": "p", "version": "1", "dependencies": names}).encode())
        self.scan()

    def test_dpkg_status_that_dpkg_would_not_write(self):
        one = b"Package: p\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n"
        for text in (b"\x00\xff" * 5000, one.strip(), one.replace(b"\n", b"\r\n"), b"\n" * amount(30_000_000),
                     b"Package:p\n\n" * amount(2_000_000), b"Package: " + b"x" * 5_000_000,
                     b"Package: ../../../etc/passwd\n", b":" * 1000, b" \n \n"):
            with self.subTest(text=text[:30]):
                self.write("var/lib/dpkg/status", text)
                self.write("a.node")
                self.assertEqual(len(self.paths(self.scan())), 1)
                self.run_program("scan", f"dir:{self.folder}")

    def test_list_that_names_files_outside(self):
        self.write("var/lib/dpkg/status",
                   b"Package: p\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n")
        self.write("var/lib/dpkg/info/p.list",
                   b"/../../a.node\n/" + b"d/" * 1_000_000 + b"\n/\n\n..\nno-slash\n\xff\n/a.node")
        self.write("a.node")
        run = self.scan()
        self.assertEqual([m["disposition"] for m in run.report["modules"]], ["replaced"])

    def test_one_list_claimed_by_a_hundred_thousand_packages(self):
        self.write("var/lib/dpkg/status", b"".join(
            b"Package: p\nArchitecture: a%d\nStatus: install ok installed\n\n" % number
            for number in range(amount(50_000))))
        self.write("var/lib/dpkg/info/p.list", b"/usr/lib/x\n" * 100_000)
        self.write("a.node")
        self.assertEqual(len(self.paths(self.scan())), 1)


if __name__ == "__main__":
    unittest.main()
