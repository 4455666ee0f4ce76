#!/usr/bin/env python3
"""The arithmetic and the tables of scripts/bench, and its images made of a handful of files: no
network, no packages, and nothing that depends on how fast the machine is."""

import gzip
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from stopwatch import cli, debian, image, layer, measure  # noqa: E402 (the path comes first)
from stopwatch import readme, recipes, rivals, table  # noqa: E402


def result(form="docker", times=None, memory=None, **more):
    base = {"docker": "cat", "gzip": "gzip -dc", "zstd": "zstd -dc"}[form.partition("-")[0]]
    values = {"image": "fat-node", "form": form, "size": 1_400_000_000, "files": 60000,
              "yardsticks": [base], "times": times or {}, "memory": memory}
    return table.Result(**(values | more))


class Numbers(unittest.TestCase):
    def test_seconds_are_shown_in_three_digits_at_most(self):
        for value, text in ((None, "n/a"), (0.0123, "12 ms"), (0.0994, "99 ms"), (0.0996, "0.10 s"),
                            (1.234, "1.23 s"), (9.99, "9.99 s"), (9.996, "10 s"), (73.4, "73 s")):
            self.assertEqual(table.show_seconds(value), text)

    def test_a_ratio_of_what_failed_is_not_known(self):
        self.assertEqual(table.ratio(3.0, 2.0), 1.5)
        self.assertIsNone(table.ratio(None, 2.0))
        self.assertIsNone(table.ratio(3.0, None))
        self.assertIsNone(table.ratio(3.0, 0))

    def test_a_target_is_met_at_its_limit(self):
        for value, at_least, verdict in ((2.5, False, "pass"), (2.51, False, "MISS"),
                                         (2.5, True, "pass"), (2.49, True, "MISS"),
                                         (None, True, "n/a")):
            target = table.Target("t", value, 2.5, table.show_ratio, at_least)
            self.assertEqual(target.verdict(), verdict)

    def test_each_target_compares_its_own_form(self):
        reached = table.targets([
            result("docker", {"cat": 1.0, "scan": 2.0, "scan, warm cache": 0.05,
                              "unpack, then readelf -dsW of every ELF file": 40.0},
                   measure.Memory(largest=9, together=500_000_000, own=200_000_000)),
            result("gzip-dir", {"gzip -dc": 10.0, "scan": 7.0, "scan, warm cache": 0.2},
                   measure.Memory(largest=9, together=100_000_000, own=100_000_000)),
            result("zstd-dir", {"zstd -dc": 2.0, "scan": None}),
        ])
        self.assertEqual([(t.value, t.verdict()) for t in reached], [
            (2.0, "pass"), (0.7, "MISS"), (None, "n/a"), (0.2, "MISS"), (20.0, "pass"),
            (200_000_000, "pass"), (500_000_000, "MISS")])


class Tables(unittest.TestCase):
    def test_columns_are_aligned_and_numbers_stand_right(self):
        self.assertEqual(table.markdown(["name", "time"], [["a", "1 s"], ["longer", "10 ms"]]), (
            "| name   |  time |\n"
            "|--------|------:|\n"
            "| a      |   1 s |\n"
            "| longer | 10 ms |"))

    def test_what_was_not_measured_is_said(self):
        row = table.scan_table([result("gzip-dir", {"gzip -dc": 10.0, "scan": 5.0})])
        self.assertEqual([cell.strip() for cell in row.splitlines()[2].split("|")[1:-1]], [
            "fat-node, oci-dir, gzip", "1,400 MB", "60,000", "`gzip -dc` 10 s", "5.00 s", "0.50",
            "n/a", "n/a", "n/a", "n/a"])

    def test_tools_are_sorted_by_time_and_those_that_failed_come_last(self):
        text = table.tool_table(result(times={"libtree": None, "cat": 0.5, "scan": 1.0,
                                              "tar -t": 3.0}))
        self.assertEqual([line.split("|")[1].strip() for line in text.splitlines()[2:]],
                         ["cat", "muslcheck scan", "tar -t", "libtree"])
        self.assertIn("3.00 |", text)

    def test_growth_goes_from_small_to_large(self):
        text = table.growth_table([
            result(image="large", size=4_000_000_000, times={"cat": 1.0, "scan": 6.0}),
            result(image="small", size=200_000_000, times={"cat": 0.1, "scan": 0.4})])
        self.assertEqual([line.split("|")[1].strip() for line in text.splitlines()[2:]],
                         ["small", "large"])
        self.assertIn("1.50 |", text)

    def test_the_part_of_the_readme_is_replaced_and_nothing_else(self):
        text = "a\n<!-- bench:begin: made so -->\nold\n<!-- bench:end -->\nb\n"
        self.assertEqual(readme.updated(text, "new \\1\n"),
                         "a\n<!-- bench:begin: made so -->\nnew \\1\n<!-- bench:end -->\nb\n")
        self.assertIsNone(readme.updated("no such part", "new"))

    def test_the_readme_has_its_part(self):
        text = (HERE.parents[1] / "README.md").read_text()
        self.assertIsNotNone(readme.updated(text, ""))


class Measuring(unittest.TestCase):
    def test_a_command_that_fails_has_no_time(self):
        said = []
        times = measure.interleaved(
            [measure.Command("good", "true"), measure.Command("bad", "echo why >&2; exit 3"),
             measure.Command("findings", "exit 1", good=(0, 1))], 2, said.append)
        self.assertIsNone(times["bad"])
        self.assertEqual(said, ["bad: why"])
        self.assertIsNotNone(times["good"])
        self.assertIsNotNone(times["findings"])

    def test_commands_take_turns_and_the_first_round_does_not_count(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            prepared = []
            measure.interleaved(
                [measure.Command("a", f"echo a >>{log}", before=lambda: prepared.append(1)),
                 measure.Command("b", f"echo b >>{log}"),
                 measure.Command("slow", f"echo s >>{log}", most=1)], 2, self.fail)
            self.assertEqual(log.read_text().split(), ["a", "b", "a", "b", "s", "a", "b"])
            self.assertEqual(len(prepared), 3)

    def test_a_failure_in_the_middle_of_a_pipe_is_seen(self):
        with self.assertRaises(measure.Failed):
            measure.seconds(measure.Command("pipe", "false | true"))

    def test_memory_of_child_processes_counts(self):
        holder = "import time; block = b'x' * 60_000_000; time.sleep(1)"
        found = measure.memory(measure.Command(
            "two", [sys.executable, "-c", "import subprocess as s, sys\n"
                    f"two = [s.Popen([sys.executable, '-c', {holder!r}]) for _ in range(2)]\n"
                    "[one.wait() for one in two]"]))
        self.assertGreater(found.own, 120_000_000)
        self.assertGreater(found.largest, 60_000_000)
        self.assertLess(found.largest, 120_000_000)


def sample_layers(folder):
    def lower(writer):
        writer.text("usr/bin/tool", b"\x7fELF" + b"\0" * 12 + b"\2\0" + b"x" * 100, 0o755)
        writer.link("bin", "usr/bin")
        writer.text("app/package.json", '{"name":"a"}')

    def upper(writer):
        writer.text("app/server.js", "1\n")
        writer.text("app/again.js", "2\n")

    return [layer.make(folder / "layers/lower.tar", "ADD", lower),
            layer.make(folder / "layers/upper.tar", "COPY", upper)]


class Images(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.layers = sample_layers(self.folder)
        self.image = image.Image("sample", self.layers, {"Cmd": ["tool"]})

    def test_a_layer_knows_its_digest_and_is_made_once(self):
        data = self.layers[0].path.read_bytes()
        self.assertEqual(self.layers[0].diff_id, image.digest_of(data))
        self.assertEqual((self.layers[0].size, self.layers[0].files), (len(data), 3))
        self.assertEqual(layer.make(self.layers[0].path, "ADD", self.fail), self.layers[0])

    def test_parent_folders_come_once_before_what_is_in_them(self):
        with tarfile.open(self.layers[0].path) as tar:
            self.assertEqual(tar.getnames(), ["usr", "usr/bin", "usr/bin/tool", "bin", "app",
                                              "app/package.json"])

    def test_no_two_copies_of_a_layer_have_the_same_file(self):
        copies = [layer.make(self.folder / f"layers/copy-{number}.tar", "COPY",
                             layer.copy_of(self.layers[0], number)) for number in (1, 2)]
        seen = set()
        for number, copy in zip((1, 2), copies):
            with tarfile.open(copy.path) as tar:
                data = tar.extractfile(f"srv/copy-{number}/app/package.json").read()
                self.assertEqual(json.loads(data), {"name": "a"})
                self.assertEqual(tar.getmember(f"srv/copy-{number}/bin").linkname, "usr/bin")
                seen.add(data)
        self.assertEqual(len(seen), 2)

    def test_a_docker_archive_names_its_layers(self):
        path = self.folder / "sample.tar"
        image.write_docker_archive(self.image, path)
        with tarfile.open(path) as tar:
            manifest = json.load(tar.extractfile("manifest.json"))[0]
            config = json.load(tar.extractfile(manifest["Config"]))
            for name, diff_id in zip(manifest["Layers"], config["rootfs"]["diff_ids"]):
                self.assertEqual(image.digest_of(tar.extractfile(name).read()), diff_id)
        self.assertEqual(rivals.layer_names(path), manifest["Layers"])
        streams = " && ".join(rivals.layer_streams("docker", path))
        names = subprocess.run(["bash", "-c", f"({streams}) | tar -ti"], check=True,
                               capture_output=True, text=True).stdout.split()
        self.assertIn("usr/bin/tool", names)
        self.assertIn("app/server.js", names)

    def test_an_oci_image_is_consistent_in_folder_and_archive(self):
        folder, archive = self.folder / "sample.oci", self.folder / "sample.oci.tar"
        image.write_oci_dir(self.image, folder, "gzip")
        image.write_oci_archive(folder, archive)
        blobs = image.layer_blobs(folder)
        self.assertEqual([image.digest_of(gzip.decompress(file.read_bytes())) for file in blobs],
                         [part.diff_id for part in self.layers])
        for file in (folder / "blobs/sha256").iterdir():
            self.assertEqual(hashlib.sha256(file.read_bytes()).hexdigest(), file.name)
        with tarfile.open(archive) as tar:
            self.assertEqual(tar.getnames()[:2], ["oci-layout", "index.json"])
            stored = list((folder / "blobs/sha256").iterdir())
            self.assertEqual(len(tar.getnames()), 2 + len(stored))

    def test_elf_files_are_found_by_their_first_bytes(self):
        tree = self.folder / "tree"
        tree.mkdir()
        head = b"\x7fELF" + b"\0" * 12
        for name, data in (("program", head + b"\2\0"), ("library", head + b"\3\0"),
                           ("object", head + b"\1\0"), ("short", b"\x7fELF"), ("text", b"a" * 20)):
            (tree / name).write_bytes(data)
        (tree / "link").symlink_to("program")
        for option, names in (([], ["library", "object", "program"]),
                              (["--loadable"], ["library", "program"])):
            found = subprocess.run([sys.executable, HERE / "find_elf.py", tree, *option],
                                   check=True, capture_output=True, text=True).stdout
            self.assertEqual(sorted(pathlib.Path(path).name for path in found.split("\0")[:-1]),
                             names)


class Packages(unittest.TestCase):
    def test_files_go_where_a_merged_usr_has_them(self):
        for name, merged in (("./lib/gnu/libc.so.6", "usr/lib/gnu/libc.so.6"), ("./bin", "usr/bin"),
                             ("./usr/lib/a", "usr/lib/a"), ("./library/a", "library/a")):
            self.assertEqual(debian.merged_name(name), merged)

    def test_lists_have_names_as_dpkg_writes_them(self):
        self.assertEqual([debian.listed_name(name) for name in (".", "./", "./usr/", "./usr/a")],
                         ["/.", "/.", "/usr", "/usr/a"])

    def test_modules_and_jars_are_moved_and_the_rest_of_their_packages_left_out(self):
        self.assertEqual(recipes.site_packages("./usr/lib/python3/dist-packages/a/b.so"),
                         "usr/local/lib/python3.11/site-packages/a/b.so")
        self.assertEqual(recipes.site_packages("./usr/share/doc/a"), "")
        self.assertEqual(recipes.app_library("./usr/share/java/a.jar"), "app/lib/a.jar")
        self.assertEqual(recipes.app_library("./usr/lib/gnu/jni/a.so"), "app/native/a.so")
        self.assertEqual(recipes.app_library("./usr/lib/x86_64-linux-gnu/a.so"), "")

    def test_apt_keeps_an_epoch_in_the_name_of_the_file(self):
        self.assertEqual(debian.deb_name("git", "1:2.39.5-0", "amd64"),
                         "git_1%3a2.39.5-0_amd64.deb")
        line = "Inst libc6 (2.36-9 Debian:12.15/oldstable, Debian-Security:12 [amd64]) []"
        self.assertEqual(debian.INST_LINE.match(line).groups(), ("libc6", "2.36-9", "amd64"))


class Options(unittest.TestCase):
    def test_only_selects_images_and_forms(self):
        options = cli.parse(["--only", "fat-node.gzip"], "")
        self.assertTrue(cli.is_wanted(options, "fat-node", "gzip-dir"))
        self.assertFalse(cli.is_wanted(options, "fat-node", "docker"))
        self.assertEqual(cli.wanted_images(options), ["fat-node"])
        self.assertEqual(cli.wanted_images(cli.parse(["--quick"], "")), ["fat-node", "slim-node"])

    def test_tables_name_the_command_that_makes_them(self):
        options = cli.parse(["--quick", "--only", "a|b"], "")
        text = cli.tables_of([], {"cores": 2, "cpu": "x"}, options)
        self.assertIn("`scripts/bench --quick --only 'a|b'` on 2 cores (x)", text)
        self.assertIn("medians of 3 ", text)

    def test_the_cache_of_facts_is_used_only_where_there_is_one(self):
        scratch = pathlib.Path("scratch")
        without = rivals.Scans("m", "alpine:3.22", "--jobs", scratch)
        self.assertEqual(without.cached("a"), [])
        self.assertNotIn("--no-cache", without.fresh("a").arguments)
        cached = rivals.Scans("m", "alpine:3.22", "--cache-dir DIR --no-cache", scratch)
        self.assertIn("--no-cache", cached.fresh("a").arguments)
        self.assertEqual([command.name for command in cached.cached("a")],
                         ["scan, cold cache", "scan, warm cache"])

    def test_forms_become_references(self):
        for form, text in (("docker", "docker-archive:p"), ("gzip-dir", "oci-dir:p"),
                           ("zstd-archive", "oci-archive:p")):
            self.assertEqual(rivals.reference(form, "p"), text)


if __name__ == "__main__":
    unittest.main()
