#!/usr/bin/env python3
"""The comparison of scripts/accuracy, on reports written by hand: no muslcheck, no musl."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from oracle import cases, choice, compare, disposition, importing, layouts  # noqa: E402
from oracle import messages, observe, packages, tables, trees  # noqa: E402
from oracle.musl import FileRecord, Observation  # noqa: E402

ADDON = "node_modules/a/main.node"
MISSING = f"Error relocating /{ADDON}: __memcpy_chk: symbol not found"
NO_LIBRARY = ("Error loading shared library ld-linux-x86-64.so.2: No such file or directory "
              f"(needed by /{ADDON})")


def addon_module(outcome, *texts, **more):
    errors = [{"kind": "symbol-missing", "subject": "?", "text": text} for text in texts]
    return {"path": ADDON, "role": "plugin", "host": "node", "disposition": "payload",
            "outcome": outcome, "errors": errors} | more


def addon_record(lazy="", now="", everything=()):
    def run(text):
        return Observation(1 if text else 0, messages.parse_messages(text))

    listing = Observation(127 if everything else 0, messages.parse_messages("\n".join(everything)))
    return FileRecord(ADDON, 62, 3, 0, judged=True,
                      runs={observe.LIST_NODE: listing, observe.LAZY_NODE: run(lazy),
                            observe.NOW_NODE: run(now)})


def differences(module, record):
    result = compare.compare_layout("a", {ADDON: module} if module else {}, [record])
    return {(d.aspect, d.subject, d.side) for d in result.differences}


class Messages(unittest.TestCase):
    def test_a_missing_library_names_the_library_and_who_needs_it(self):
        error = messages.parse_line(NO_LIBRARY)
        self.assertEqual(error.key, (messages.LIBRARY, "ld-linux-x86-64.so.2", "main.node"))

    def test_dlopen_of_the_library_itself_has_no_needer(self):
        error = messages.parse_line("Error loading shared library x.so: Exec format error")
        self.assertEqual(error.key, (messages.LIBRARY, "x.so", ""))

    def test_relocation_types_are_not_taken_for_symbols(self):
        error = messages.parse_line("Error relocating /a: unsupported relocation type 37")
        self.assertEqual(error.key, (messages.RELOCATION, "37", "a"))

    def test_initial_exec_tls_may_have_an_empty_symbol(self):
        error = messages.parse_line(
            "Error relocating /a: : initial-exec TLS resolves to dynamic definition in /a")
        self.assertEqual((error.kind, error.subject), (messages.TLS, ""))

    def test_the_name_in_a_tls_message_is_chance(self):
        one, other = (messages.parse_line(
            f"Error relocating /a: {name}: initial-exec TLS resolves to dynamic definition in /a")
            for name in ("_ZTVSt11logic_error", ""))
        self.assertEqual(one.key, other.key)

    def test_repeated_messages_count_once(self):
        self.assertEqual(len(messages.parse_messages(f"{MISSING}\n{MISSING}\n")), 1)


class Comparison(unittest.TestCase):
    def test_the_same_answer_agrees(self):
        self.assertEqual(differences(addon_module("loads-lazily", MISSING),
                                     addon_record(now=MISSING, everything=[MISSING])), set())

    def test_a_symbol_that_was_not_predicted(self):
        self.assertEqual(differences(addon_module("loads"),
                                     addon_record(now=MISSING, everything=[MISSING])),
                         {("symbol", "__memcpy_chk", "musl"),
                          ("outcome", "loads-lazily != loads", "musl")})

    def test_a_symbol_that_is_not_missing(self):
        self.assertEqual(differences(addon_module("loads", MISSING), addon_record()),
                         {("symbol", "__memcpy_chk", "muslcheck")})

    def test_the_first_message_must_be_the_loaders(self):
        module = addon_module("fails-to-load", MISSING, NO_LIBRARY)
        record = addon_record(NO_LIBRARY, NO_LIBRARY, [NO_LIBRARY, MISSING])
        self.assertEqual(differences(module, record), {("message", NO_LIBRARY, "musl")})

    def test_a_crash_is_never_agreement(self):
        record = addon_record()
        record.runs[observe.LAZY_NODE].status = -11
        self.assertEqual(differences(addon_module("loads"), record),
                         {("outcome", "crashes != loads", "musl")})

    def test_a_file_missing_in_the_report(self):
        self.assertEqual(differences(None, addon_record()), {("file", "not in the report", "musl")})

    def test_inert_files_are_not_judged(self):
        module = addon_module("unknown", disposition="inert", dispositionReason="sibling")
        result = compare.compare_layout("a", {ADDON: module}, [addon_record(NO_LIBRARY)])
        self.assertEqual((result.not_judged, result.files), ([("a", ADDON, "sibling")], 0))

    def test_an_absent_interpreter_fails_to_start(self):
        record = FileRecord("node_modules/a/main", 62, 3, 0, "/lib64/ld-linux-x86-64.so.2", True,
                            exec_error="No such file or directory",
                            runs={observe.LIST: Observation(0)})
        module = {"role": "executable", "outcome": "fails-to-start"}
        self.assertEqual(compare.observed_outcome(module, record), "fails-to-start")

    def test_static_pie_is_not_held_against_the_loader(self):
        record = FileRecord("node_modules/a/main", 62, 3, 0, "", True,
                            runs={observe.LIST: Observation(127)})
        self.assertEqual(compare.observed_outcome({"role": "executable"}, record), "loads")

    def test_precision_and_recall(self):
        result = compare.compare_layout("a", {ADDON: addon_module("loads", MISSING, NO_LIBRARY)},
                                        [addon_record(everything=[MISSING])])
        self.assertEqual((result.precision("symbol"), result.recall("symbol")), (1.0, 1.0))
        self.assertEqual((result.precision("library"), result.recall("library")), (0.0, 1.0))


class Explanations(unittest.TestCase):
    def explain(self, *rows):
        module = addon_module("loads")
        record = addon_record(now=MISSING, everything=[MISSING])
        result = compare.compare_layout("a", {ADDON: module}, [record])
        compare.explain(result, [compare.Explanation(*row) for row in rows])
        return result

    def test_a_reason_takes_the_outcome_that_follows_with_it(self):
        result = self.explain(("a", "*", "symbol", "__memcpy_*", "musl", "*", "because"))
        self.assertEqual((result.differences, len(result.explained)), ([], 2))

    def test_a_reason_for_another_symbol_explains_nothing(self):
        result = self.explain(("a", "*", "symbol", "crypt", "musl", "*", "because"))
        self.assertEqual((len(result.differences), result.explained), (2, []))

    def test_a_reason_for_likely_answers_explains_no_certain_one(self):
        result = self.explain(("a", "*", "symbol", "*", "musl", "likely", "because"))
        self.assertEqual((len(result.differences), result.explained), (2, []))


class LibrariesOfOthers(unittest.TestCase):
    """A library's rpath and scope are those of who needs it."""

    PATH = "node_modules/a/libfoo.so"
    ALONE = f"Error relocating /{PATH}: bar: symbol not found"

    def compare(self, addon_outcome, addon_texts):
        listing = Observation(0, messages.parse_messages("\n".join(addon_texts)),
                              {"libfoo.so": "/node_modules/a/lib/../libfoo.so"})
        addon = addon_record(everything=addon_texts)
        addon.runs[observe.LIST_NODE] = listing
        failed = Observation(1, messages.parse_messages(self.ALONE))
        library = FileRecord(self.PATH, 62, 3, 0, judged=True,
                             runs={observe.LIST_PLAIN: failed, observe.NOW: failed})
        modules = {ADDON: addon_module(addon_outcome, *addon_texts),
                   self.PATH: {"path": self.PATH, "role": "library", "disposition": "payload",
                               "outcome": "loads", "errors": []}}
        result = compare.compare_layout("a", modules, [addon, library])
        return {(d.path, d.aspect) for d in result.differences}

    def test_it_loads_if_it_does_for_its_needer(self):
        self.assertEqual(self.compare("loads", []), set())

    def test_its_errors_in_its_needers_load_are_its_own(self):
        self.assertIn((self.PATH, "symbol"), self.compare("loads", [self.ALONE]))


class ProcessesOfHosts(unittest.TestCase):
    """A module is asked in the process of the program that loads it."""

    PATH = "lib/postgresql/a.so"
    SERVER = "opt/bin/postgres"
    ALONE = f"Error relocating /{PATH}: palloc: symbol not found"

    def outcome(self, host, program=None):
        failed, loaded = Observation(1, messages.parse_messages(self.ALONE)), Observation(0)
        runs = {observe.LIST_PLAIN: failed, observe.LAZY: failed, observe.NOW: failed}
        if program:
            listing, lazy, now = observe.runs_in(program)
            runs |= {listing: loaded, lazy: failed, now: loaded}
        record = FileRecord(self.PATH, 62, 3, 0, judged=True, runs=runs)
        return compare.observed_outcome({"role": "plugin", "host": host}, record)

    def test_a_module_of_postgres_in_the_server_of_its_tree(self):
        self.assertEqual(self.outcome("postgres", self.SERVER), "loads")

    def test_another_program_of_the_tree_is_not_the_server(self):
        self.assertEqual(self.outcome("postgres", "opt/bin/pg_dump"), "fails-to-load")

    def test_without_a_server_the_module_is_alone(self):
        self.assertEqual(self.outcome("postgres"), "fails-to-load")

    def test_a_host_that_the_tree_does_not_have_brings_its_interface(self):
        self.assertEqual(self.outcome("python", "python"), "loads")
        self.assertEqual(self.outcome("perl", "python"), "fails-to-load")


class Trees(unittest.TestCase):
    """Which files of a tree take part, and what may be said of one that is musl's own."""

    def foreign(self, path, machine, said):
        result = disposition.Dispositions()
        record = FileRecord(path, machine, 3, 0, judged=machine == 62)
        disposition.compare_foreign({path: {"path": path, "disposition": said}}, [record], result)
        return result.agreed, len(result.only_musl), len(result.only_muslcheck)

    def test_another_machine_must_be_foreign(self):
        self.assertEqual(self.foreign("a.node", 183, "foreign"), (1, 0, 0))
        self.assertEqual(self.foreign("a.node", 183, "payload"), (0, 0, 1))

    def test_another_system_of_the_same_machine_too(self):
        self.assertEqual(self.foreign("prebuilds/android-x64/a.node", 62, "foreign"), (1, 0, 0))
        self.assertEqual(self.foreign("prebuilds/linux-x64/a.node", 62, "foreign"), (0, 1, 0))

    def test_a_module_of_this_machine_is_left_to_others(self):
        self.assertEqual(self.foreign("a.node", 62, "payload"), (0, 0, 0))

    def test_cpython_takes_names_without_a_tag_and_source_files(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            names = ("plain.so", "stable.abi3.so", "tagged.cpython-311-x86_64-linux-gnu.so",
                     "both.cpython-311-x86_64-linux-gnu.so", "both.py",
                     "musls.cpython-311-x86_64-linux-musl.so")
            (root / "package").mkdir()
            for name in names:
                (root / "package" / name).touch()
            seen = [importing.find(root / "package" / name, root) for name in names]
        self.assertEqual(seen, ["chosen", "chosen", "missing", "inert", "chosen", "chosen"])

    def test_files_of_a_package_agree_unless_a_difference_names_them(self):
        result = disposition.Dispositions()
        disposition.note_package(
            choice.Comparison("a", "", files=["a/x.node", "a/y.node", "a/z.node"], differences=[
                "opened, but muslcheck says it is not: a/x.node",
                "judged, but nothing is opened: a/y.node"]), result)
        self.assertEqual((result.agreed, len(result.only_musl), len(result.only_muslcheck)),
                         (1, 1, 1))

    def test_a_control_may_only_be_told_what_to_install(self):
        def finding(rule, severity):
            return {"ruleId": rule, "severity": severity, "message": "m"}
        findings = [finding("MC105", "warning"), finding("MC900", "note"),
                    finding("MC209", "error"), finding("MC201", "warning")]
        self.assertEqual(trees.complaints({"findings": findings}),
                         ["MC209 error: m", "MC201 warning: m"])

    def test_a_finding_or_a_difference_fails_a_tree(self):
        def result(**more):
            return trees.TreeResult("a", 1, disposition.Dispositions(), compare.Result(), **more)
        self.assertTrue(result().agrees)
        self.assertFalse(result(findings=["MC209 error: m"]).agrees)
        wrong = result()
        wrong.dispositions.note("a.so", "chosen", "missing")
        self.assertFalse(wrong.agrees)

    def test_the_kept_trees_are_unique_and_of_known_kinds(self):
        kept = layouts.read_trees()
        self.assertEqual(len({tree.name for tree in kept}), len(kept))
        self.assertTrue(all(tree.folder for tree in kept))
        self.assertGreaterEqual(sum(tree.is_control for tree in kept), 3)


class KeptData(unittest.TestCase):
    def test_layouts_are_unique_and_versions_pinned(self):
        layouts = packages.read_layouts()
        self.assertEqual(len({layout.name for layout in layouts}), len(layouts))
        self.assertGreaterEqual(len({s for layout in layouts for s in layout.packages}), 40)
        for spec in (spec for layout in layouts for spec in layout.packages):
            self.assertRegex(spec, r"^(@[\w.-]+/)?[\w.-]+@\d+\.\d+\.\d+[\w.-]*$")

    def test_every_explanation_has_a_reason(self):
        for row in tables.read_table("explained.tsv"):
            self.assertEqual(len(row), 7, row)
            self.assertTrue(row[-1])

    def test_smoke_cases_have_names_of_their_own(self):
        self.assertEqual(len({case.name for case in cases.CASES}), len(cases.CASES))


class Choice(unittest.TestCase):
    GLIBC = "node_modules/@a/a-linux-x64-gnu/a.node"
    MUSL = "node_modules/@a/a-linux-x64-musl/a.node"

    @staticmethod
    def module(path, disposition="payload", text=None):
        errors = [] if text is None else [{"kind": "variant-missing", "text": text}]
        return {"path": path, "role": "plugin", "disposition": disposition, "errors": errors}

    def differences(self, modules, opened=(), errors=()):
        package = choice.Package("@a/a@1.0.0", "@a/a", "")
        names = choice.names_of_package(package, {"optionalDependencies": {
            "@a/a-linux-x64-gnu": "1", "@a/a-linux-x64-musl": "1"}})
        run = choice.Run(list(opened), list(errors))
        by_path = {module["path"]: module for module in modules}
        return len(choice.compare(package, "glibc", names, by_path, run).differences)

    def test_a_name_may_have_a_scope_and_a_version(self):
        self.assertEqual(choice.Package("@a/b@1", "", "").name, "@a/b")
        self.assertEqual(choice.Package("@a/b", "", "").name, "@a/b")
        self.assertEqual(choice.owner_of("x/node_modules/@a/b/c.node"), "@a/b")
        self.assertEqual(choice.owner_of("node_modules/p/node_modules/q/c.node"), "q")

    def test_an_opened_file_must_be_judged(self):
        self.assertEqual(self.differences([self.module(self.GLIBC)], [self.GLIBC]), 0)
        self.assertEqual(self.differences([self.module(self.GLIBC, "inert")], [self.GLIBC]), 1)

    def test_glibcs_may_be_tried_before_musls_is_taken(self):
        both = [self.module(self.GLIBC, "inert"), self.module(self.MUSL)]
        self.assertEqual(self.differences(both, [self.GLIBC, self.MUSL]), 0)

    def test_a_judged_file_must_be_opened(self):
        self.assertEqual(self.differences([self.module(self.GLIBC)], [], ["x"]), 1)
        self.assertEqual(self.differences([self.module(self.GLIBC.replace("a.node", "abi93.node"))],
                                          [], ["x"]), 0)

    def test_files_of_other_packages_do_not_count(self):
        self.assertEqual(self.differences([self.module("node_modules/b/b.node")]), 0)

    def test_a_passed_over_file_means_an_error_with_the_same_text(self):
        passed = [self.module(self.GLIBC, text="Cannot find a")]
        self.assertEqual(self.differences(passed, [], ["Cannot find a\nRequire stack:"]), 0)
        self.assertEqual(self.differences(passed, [], ["Failed", "Cannot find a"]), 0)  # its cause
        self.assertEqual(self.differences(passed, [], ["Cannot find b"]), 1)
        self.assertEqual(self.differences(passed), 1)

    def test_what_muslcheck_cannot_know_is_left_open_in_its_text(self):
        self.assertTrue(choice.as_pattern("abi=… libc=musl").match("abi=115 libc=musl node=20"))
        self.assertFalse(choice.as_pattern("abi=… libc=musl").match("abi=115 libc=glibc"))

    def test_events_are_paths_below_the_tree_and_messages_without_it(self):
        events = ('{"kind": "dlopen", "value": "/t/node_modules/a/a.node"}\n'
                  '{"kind": "error", "value": ["Cannot find /t/x"]}\n')
        run = choice.parse_events(events, Path("/t"))
        self.assertEqual((run.opened, run.errors), (["node_modules/a/a.node"], ["Cannot find /x"]))


if __name__ == "__main__":
    unittest.main()
