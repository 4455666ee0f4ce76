"""Archives that no honest program would save."""

import gzip
import io
import json
import os
import pathlib
import random
import tarfile
import tempfile
import unittest

import images
from harness import HostileTest, amount
from images import bomb, entry, image, layer, link, tar

# Every way to say nothing, or something of the wrong type, in JSON.
WRONG_VALUES = [None, True, -1.5e300, "../../etc/passwd", [], [None, [7]], {"": [{}]},
                "\x00\x1b[2J" + "é" * 500]


class ArchiveTest(HostileTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "image.tar"

    def scan(self, content, *arguments, **options):
        self.path.write_bytes(content)
        return self.run_scan(f"docker-archive:{self.path}", *arguments, **options)


class Manifests(ArchiveTest):
    def test_a_right_archive_is_the_measure(self):
        run = self.scan(image())
        self.assertEqual([m["path"] for m in run.report["modules"]],
                         ["app/build/Release/addon.node"])
        self.assertEqual(run.report["problems"], [])

    def test_no_manifest(self):
        self.assert_error(self.scan(image(leave_out=["manifest.json"])), str(self.path),
                          "no file manifest.json")

    def test_manifest_that_is_not_json(self):
        for text in (b"", b"\x00", b"\xff\xfe[", b"[", b"]", b"[{]", b'[{"Config":"c',
                     b"nothing", b'"' + b"x" * 500_000, b"9" * 500_000, b"\x1b[2J\n\n"):
            with self.subTest(text=text[:20]):
                self.assert_error(self.scan(image(manifest=text)), "manifest.json", "not JSON")

    def test_manifest_of_a_hundred_thousand_brackets(self):
        for text in (b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000):
            self.assert_error(self.scan(image(manifest=text)), "manifest.json")

    def test_wrong_types_in_the_manifest(self):
        right = {"Config": "config.json", "RepoTags": ["hostile:1"], "Layers": ["0/layer.tar"]}
        for wrong in WRONG_VALUES:
            with self.subTest(manifest=wrong):
                self.assert_error(self.scan(image(manifest=images.as_bytes(json.dumps(wrong).encode()))),
                                  str(self.path))
            for key in right:
                with self.subTest(key=key, value=wrong):
                    self.scan(image(manifest=[dict(right, **{key: wrong})]))

    def test_null_tags_are_no_tags(self):
        run = self.scan(image(manifest=[{"Config": "config.json", "RepoTags": None,
                                         "Layers": ["0/layer.tar"]}]))
        self.assertEqual(run.report["source"]["name"], str(self.path))

    def test_two_images_are_told_by_name(self):
        one = {"Config": "config.json", "RepoTags": ["one:1"], "Layers": ["0/layer.tar"]}
        self.assert_error(self.scan(image(manifest=[one, dict(one, RepoTags=["two:2"])])),
                          "one:1, two:2")

    def test_thousands_of_images_are_counted_on_one_short_line(self):
        one = {"Config": "config.json", "RepoTags": ["image:" + "x" * 100], "Layers": []}
        self.assert_error(self.scan(image(manifest=[one] * 5000)), "5000 images")

    def test_one_layer_named_a_hundred_thousand_times(self):
        self.assert_error(self.scan(image(manifest=[
            {"Config": "config.json", "Layers": ["0/layer.tar"] * 100_000}],
            configuration={"os": "linux"})), "layers")

    def test_an_image_without_layers_says_that_it_is_empty(self):
        for layers in ([], None):
            run = self.scan(image(layers=[], manifest=[{"Config": "config.json", "Layers": layers}]))
            self.assertEqual(run.codes, ["empty-source"])


class Configurations(ArchiveTest):
    def test_no_configuration(self):
        self.assert_error(self.scan(image(leave_out=["config.json"])), "config.json")

    def test_configuration_that_is_not_json(self):
        for text in (b"", b"\xff", b"{", b"[" * 100_000, b"{}{}"):
            with self.subTest(text=text[:20]):
                self.assert_error(self.scan(image(configuration=text)), "config.json")

    def test_wrong_types_in_the_configuration(self):
        right = images.config([layer()])
        for wrong in WRONG_VALUES:
            for key in [*right, "history", "variant"]:
                with self.subTest(key=key, value=wrong):
                    self.scan(image(configuration=dict(right, **{key: wrong})))
            for key in ("Entrypoint", "Cmd", "Env", "User", "WorkingDir", "Labels"):
                with self.subTest(key=key, value=wrong):
                    self.scan(image(configuration=dict(right, config={key: wrong})))


class Layers(ArchiveTest):
    def test_missing_layer_is_named(self):
        self.assert_error(self.scan(image(leave_out=["0/layer.tar"])), "0/layer.tar")

    def test_layer_that_is_a_link(self):
        for target, hard in (("../1/layer.tar", False), ("/1/layer.tar", False),
                             ("1/layer.tar", True)):
            run = self.scan(image(leave_out=["0/layer.tar"], extra=[
                link("0/layer.tar", target, hard), entry("1/layer.tar", layer())]))
            self.assertEqual(len(run.report["modules"]), 1)

    def test_layer_that_is_a_link_to_nowhere_to_itself_or_a_folder(self):
        for extra in ([link("0/layer.tar", "layer.tar")], [link("0/layer.tar", "/etc/passwd")],
                      [link("0/layer.tar", "b"), link("0/b", "layer.tar")],
                      [link("0/layer.tar", "0/layer.tar", hard=True)],
                      [entry("0/layer.tar", type=tarfile.DIRTYPE)],
                      [entry("0/layer.tar", type=tarfile.FIFOTYPE)]):
            self.assert_error(self.scan(image(leave_out=["0/layer.tar"], extra=extra)),
                              "0/layer.tar")

    def test_layer_that_is_no_tar(self):
        for content in (b"\x00", b"x" * 5000, b"\x7fELF" + b"\x00" * 2000, b"PK\x03\x04" * 300,
                        b"\x1f\x8b", b"\x1f\x8b" + b"x" * 3000, b"\x28\xb5\x2f\xfd" + b"x" * 600,
                        gzip.compress(b"x" * 5000)):
            with self.subTest(content=content[:8]):
                run = self.scan(image(layers=[content]))
                if run.code != 2:
                    self.assertNotEqual(run.report["problems"], [])

    def test_one_bad_layer_beside_a_good_one_is_a_problem(self):
        for bad in (b"x" * 5000, b"\x28\xb5\x2f\xfd" + b"x" * 600, gzip.compress(layer())[:-20]):
            run = self.scan(image(layers=[layer(), bad]))
            self.assertEqual(len(run.report["modules"]), 1)
            self.assertNotEqual(run.report["problems"], [])
            self.assertEqual(self.scan(image(layers=[layer(), bad]), "--strict").code, 3)

    def test_gzip_in_several_members_is_one_layer(self):
        whole = layer()
        middle = len(whole) // 2
        split = gzip.compress(whole[:middle]) + gzip.compress(whole[middle:])
        run = self.scan(image(layers=[split]))
        self.assertEqual((len(run.report["modules"]), run.codes), (1, []))

    def test_gzip_with_a_tail_of_garbage(self):
        self.scan(image(layers=[gzip.compress(layer()) + b"garbage" * 100]))

    def test_gzip_bomb(self):
        one_file = tar(entry("zeros", bytes(1 << 20)))
        tail = gzip.compress(b"")
        header = gzip.compress(one_file[:512].replace(b"00004000000", b"77777777777"))
        run = self.scan(image(layers=[header + bomb(1 << 28) + tail]))
        if run.code != 2:
            self.assertNotEqual(run.codes, [])

    def test_elf_bomb_does_not_fill_the_memory(self):
        head = entry("bomb.so", images.addon() + bytes(amount(600) << 20))
        run = self.scan(image(layers=[gzip.compress(tar(head), 1)]))
        self.assertEqual(run.codes, [])

    def test_names_that_leave_the_image_stay_inside(self):
        names = ["/abs/a.node", "../../up/a.node", "a/../../../b/a.node", "./c/./a.node"]
        run = self.scan(image(layers=[tar(*[entry(name, images.addon()) for name in names])]))
        self.assertEqual([m["path"] for m in run.report["modules"]],
                         ["abs/a.node", "b/a.node", "c/a.node", "up/a.node"])
        self.assertEqual(os.listdir(self.folder.name), ["image.tar"])

    def test_hard_links_to_nowhere_outside_and_round_in_circles(self):
        run = self.scan(image(layers=[tar(link("a", "nowhere", True), link("b", "/etc/passwd", True),
                                          link("c", "../../etc/passwd", True), link("d", "e", True),
                                          link("e", "d", True), link("f", "f", True),
                                          entry("x.node", images.addon()))]))
        self.assertEqual(set(run.codes), {"hardlink-target-missing"})
        self.assertEqual(len(run.report["modules"]), 1)

    def test_symbolic_links_in_circles_and_outside(self):
        run = self.scan(image(layers=[tar(link("a", "b"), link("b", "a"), link("c", "/" + "../" * 99),
                                          link("etc", "/etc"), link("self", "."),
                                          entry("a/x.node", images.addon()),
                                          entry("self/self/self/y.node", images.addon()),
                                          entry("etc/z.node", images.addon()))]))
        self.assertEqual(len(run.report["modules"]), 3)

    def test_links_in_circles_across_layers(self):
        deep = "/".join(["d"] * 1000)
        layers = [tar(link("a", "b"), link("lib", "usr/lib"), entry("x.node", images.addon())),
                  tar(link("b", "c"), link("usr", "lib"), link("d", "d/d/d")),
                  tar(link("c", "/a/../a"), entry("lib/y.node", images.addon()),
                      link("h", "a/b/c/h", True), entry(f"{deep}/z.node", images.addon())),
                  tar(link("x.node", "x.node", True), link(deep, deep))]
        run = self.scan(image(layers=layers))
        self.assertLessEqual(set(run.codes), {"hardlink-target-missing"})

    def test_sparse_giants(self):
        for size in ("5000", str(1 << 30), str(1 << 40), str(2 ** 63 - 1), "-1", str(2 ** 70), "x"):
            info, content = entry("s.node")
            info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0",
                                "GNU.sparse.name": "s.node", "GNU.sparse.realsize": size}
            content = b"1\n0\n512\n".ljust(512, b"\0") + images.addon()[:512]
            info.size = len(content)
            old = bytearray(entry("g.node")[0].tobuf(format=tarfile.GNU_FORMAT))
            old[156:157] = b"S"
            old[124:136] = old[398:410] = b"%011o\0" % 512
            old[386:398] = b"%011o\0" % 0
            old[483:495] = b"%011o\0" % min(abs(int(size)) if size != "x" else 0, 8 ** 11 - 1)
            old[148:156] = b"        "
            old[148:156] = b"%06o\0 " % sum(old)
            for text in (tar((info, content)), bytes(old) + images.addon()[:512] + bytes(1024)):
                for pack in (bytes, gzip.compress):
                    with self.subTest(size=size, pack=pack):
                        self.scan(image(layers=[layer(), pack(text)]))

    def test_sparse_maps_of_many_pieces(self):
        pieces = amount(1_000_000)
        lines = b"%d\n" % pieces + b"".join(b"%d\n0\n" % (n * 512) for n in range(pieces))
        info, _ = entry("s.node")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0",
                            "GNU.sparse.name": "s.node", "GNU.sparse.realsize": str(pieces * 512)}
        content = lines + bytes(-len(lines) % 512)
        info.size = len(content)
        self.scan(image(layers=[layer(), gzip.compress(tar((info, content)))]))

    def test_one_name_by_the_hundred_thousand(self):
        text = _header("same.node", 0) * amount(400_000)
        run = self.scan(image(layers=[text + bytes(1024), layer()]))
        self.assertEqual((len(run.report["modules"]), run.codes), (1, []))

    def test_whiteouts_of_everything(self):
        gone = tar(entry(".wh.app"), entry(".wh..wh..opq"), entry("app/.wh..wh..opq"),
                   entry(".wh.nothing"), entry("x/.wh.y/.wh.z"))
        run = self.scan(image(layers=[layer(), gone]))
        self.assertEqual(run.report["modules"], [])

    def test_bare_whiteout_is_a_problem(self):
        for name in (".wh.", ".wh..", ".wh...", "app/.wh."):
            run = self.scan(image(layers=[layer(), tar(entry(name), entry("x", b"y"))]))
            self.assertEqual(run.codes, ["whiteout-malformed"], name)
            self.assertEqual(len(run.report["modules"]), 1)

    def test_last_of_two_entries_counts(self):
        twice = tar(entry("a.node", images.addon()), entry("a.node", b"text"))
        self.assertEqual(self.scan(image(layers=[twice])).report["modules"], [])

    def test_names_that_are_no_text(self):
        names = ["new\nline.node", "\x1b[31mred\x1b[0m.node", b"bad\xff\xfe".decode("utf-8", "surrogateescape"),
                 "right\u202eleft.node", "x" * 5000 + ".node", "d/" * 2000 + "x.node", "a" * 100_000]
        entries = [entry(name, images.addon()) for name in names]
        run = self.scan(image(layers=[tar(*entries, format=tarfile.GNU_FORMAT)]))
        self.assertEqual(run.codes, ["path-too-long"] * 2)
        self.assertEqual(len(run.report["modules"]), 5)
        table = self.run_program("scan", f"docker-archive:{self.path}", "-v")
        for forbidden in ("\x1b".encode(), b"line.node\n", "\u202e".encode(), b"\xff"):
            self.assertNotIn(forbidden, table.out)

    def test_huge_pax_records(self):
        info, content = entry("x.node", images.addon())
        info.pax_headers = {"comment": "x" * (8 << 20)}
        run = self.scan(image(layers=[tar((info, content))]))
        if run.code != 2:
            self.assertTrue(run.report["modules"] or run.report["problems"])


class Amounts(ArchiveTest):
    """Little input that asks for much work or memory."""

    def test_a_million_entries(self):
        headers = b"".join(_header(f"d/{number}") for number in range(amount(1_000_000)))
        run = self.scan(image(layers=[gzip.compress(headers + bytes(1024), 1)]))
        self.assertEqual(run.codes, [])

    def test_long_paths_by_the_hundred_thousand(self):
        prefix = "p" * 3900
        text = b"".join(_long_header(f"{prefix}{number}") for number in range(amount(200_000)))
        self.scan(image(layers=[gzip.compress(text + bytes(1024), 1)]))

    def test_deep_paths_by_the_thousand(self):
        text = b"".join(_long_header(f"{number}/" + "d/" * 2000 + "x") for number in range(amount(3000)))
        self.scan(image(layers=[gzip.compress(text + bytes(1024), 1)]))

    def test_whiteouts_around_entries_by_the_hundred_thousand(self):
        """Each marker hides nothing of its own layer, which must not mean looking at all of it."""
        count = amount(300_000)
        deep = "d/" * 1000
        text = b"".join(_header(f"d/{number}") for number in range(count)) + _long_header(deep + "x")
        text += b"".join(_header(f"d/.wh.{number}") + _header("d/.wh..wh..opq")
                         for number in range(count))
        text += b"".join(_long_header("d/" * depth + ".wh..wh..opq") for depth in range(1000, 0, -1))
        run = self.scan(image(layers=[layer(), gzip.compress(text + bytes(1024), 1)]))
        self.assertEqual(run.codes, [])

    def test_entries_and_whiteouts_through_many_links(self):
        """Every component of these paths is a link, or there is nothing where it should be."""
        text = b"".join(link(f"l{number}", f"l{number + 1}/.")[0].tobuf() for number in range(39))
        text += link("l39", ".")[0].tobuf() + link("loop", "loop/x")[0].tobuf()
        text += b"".join(_long_header(f"l0/{'no/' * 1000}.wh.{number}") + _header(f"loop/.wh.{number}")
                         + _header(f"l0/l0/{number}") for number in range(amount(20_000)))
        self.scan(image(layers=[layer(), gzip.compress(text + bytes(1024), 1)]))

    def test_problems_by_the_hundred_thousand_are_summed_up(self):
        text = b"".join(_header(f"d{number}/.wh.") for number in range(amount(300_000)))
        run = self.scan(image(layers=[gzip.compress(text + bytes(1024), 1)]))
        if run.code != 2:
            self.assertLess(len(run.codes), 20_000)

    def test_elf_files_by_the_hundred_thousand(self):
        start = images.addon()[:64]
        text = b"".join(_header(f"d/{number}.so", len(start)) + start.ljust(512, b"\0")
                        for number in range(amount(300_000)))
        self.scan(image(layers=[gzip.compress(text + bytes(1024), 1)]))

    def test_metadata_by_the_gigabyte(self):
        size = 60 << 20
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as stream:
            zeros = b"/usr/x\n" * (size // 7)
            for number in range(amount(40)):
                stream.write(_header(f"var/lib/dpkg/info/p{number}.list", len(zeros)))
                stream.write(zeros + bytes(-len(zeros) % 512))
            stream.write(bytes(1024))
        self.scan(image(layers=[out.getvalue()]))


class Damage(ArchiveTest):
    def test_cut_at_every_block(self):
        whole = image(layers=[layer(), gzip.compress(tar(entry("b.node", images.addon())))])
        used = len(whole.rstrip(b"\0"))
        for size in range(0, used, 512):
            with self.subTest(size=size):
                run = self.scan(whole[:size])
                if run.code != 2:
                    self.assertNotEqual(run.report["problems"], [])

    def test_cut_gzip_archive(self):
        whole = gzip.compress(image())
        for size in range(0, len(whole), max(1, len(whole) // 20)):
            with self.subTest(size=size):
                run = self.scan(whole[:size])
                if run.code != 2:
                    self.assertNotEqual(run.report["problems"], [])

    def test_flipped_bits(self):
        count = int(os.environ.get("MUSLCHECK_MUTANTS", "60"))
        whole = image(layers=[layer(), gzip.compress(tar(entry("b.node", images.addon())))])
        numbers = random.Random(1)
        for number in range(count):
            mutant = bytearray(whole)
            for _ in range(numbers.choice([1, 1, 2, 8])):
                mutant[numbers.randrange(len(mutant))] ^= 1 << numbers.randrange(8)
            with self.subTest(number=number):
                self.scan(bytes(mutant))


def _header(name, size=0):
    info, _ = entry(name)
    info.size = size
    return info.tobuf(format=1)  # GNU


def _long_header(name):
    info, _ = entry(name)
    return info.tobuf(format=tarfile.GNU_FORMAT)


if __name__ == "__main__":
    unittest.main()
