#!/usr/bin/env python3
"""Shows that check_includes.py notices each kind of violation, in a small tree of its own."""
import os
import pathlib
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True  # the source tree stays as it is

import check_includes

CMAKE = """
# muslcheck_module(ignored MAY_INCLUDE nothing)
muslcheck_module(core       MAY_INCLUDE
                 THIRD_PARTY OpenSSL::Crypto)
muslcheck_module(model      MAY_INCLUDE core)
muslcheck_module(elf        MAY_INCLUDE core model
                 THIRD_PARTY muslcheck::lief)
muslcheck_module(cli        MAY_INCLUDE core model)
"""

GOOD = {
    "CMakeLists.txt": CMAKE,
    "src/main.cpp": '#include "muslcheck/cli/cli.hpp"\n',
    "src/core/digest.cpp": '#include <openssl/evp.h>\n#include <array>\n#include <sys/mman.h>\n',
    "src/elf/reader.cpp": '#include <LIEF/ELF.hpp>\n#include "elf/layout.hpp"\n'
                          '#include "muslcheck/model/elf_facts.hpp"\n#include <elf.h>\n',
    "include/muslcheck/model/elf_facts.hpp": '#include <string>\n#include <tl/expected.hpp>\n'
                                             '#include "muslcheck/core/bytes.hpp"\n',
    "README.md": "| module | job | third-party library |\n|---|---|---|\n| core | a | OpenSSL |\n"
                 "| model | b | |\n| `elf` | c | LIEF |\n| cli | d | |\n",
}


class CheckIncludes(unittest.TestCase):
    def violations(self, changed=None):
        files = {**GOOD, **(changed or {})}
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return check_includes.check(root)

    def expect(self, fragment, name, text, others=None):
        found = self.violations({name: text, **(others or {})})
        self.assertEqual(len(found), 1, found)
        self.assertIn(fragment, found[0])

    def test_a_good_tree_is_clean(self):
        self.assertEqual(self.violations(), [])

    def test_a_module_above_is_refused(self):
        self.expect("does not allow model to include elf", "src/model/a.cpp",
                    '\n#include "muslcheck/elf/reader.hpp"\n')

    def test_a_public_header_obeys_the_table_too(self):
        self.expect("does not allow core to include model", "include/muslcheck/core/a.hpp",
                    '#include "muslcheck/model/elf_facts.hpp"\n')

    def test_the_header_of_the_library_may_include_all_but_cli(self):
        self.expect("does not allow muslcheck to include cli", "include/muslcheck/muslcheck.hpp",
                    '#include "muslcheck/cli/cli.hpp"\n#include "muslcheck/model/elf_facts.hpp"\n')

    def test_no_module_includes_the_header_of_the_library(self):
        self.expect("private to muslcheck", "src/model/a.cpp", '#include "muslcheck/muslcheck.hpp"\n')

    def test_another_modules_private_header_is_refused(self):
        self.expect("private to elf", "src/model/a.cpp", '#include "elf/layout.hpp"\n')

    def test_a_header_beside_the_file_needs_no_folder(self):
        self.assertEqual(self.violations({"src/elf/a.cpp": '#include "layout.hpp"\n',
                                          "src/elf/layout.hpp": ""}), [])

    def test_a_header_that_is_not_there_is_refused(self):
        self.expect("not there", "src/elf/a.cpp", '#include "layout.hpp"\n')

    def test_a_private_header_in_a_public_one_is_refused(self):
        self.expect("must not include a private one", "include/muslcheck/elf/a.hpp",
                    '#include "elf/layout.hpp"\n')

    def test_a_library_of_another_module_is_refused(self):
        self.expect("needs muslcheck::lief", "src/model/a.cpp", "#  include <LIEF/ELF.hpp>\n")

    def test_a_library_that_nobody_has_is_refused(self):
        self.expect("needs SQLite", "src/core/a.cpp", "#include <sqlite3.h>\n")

    def test_a_library_in_a_public_header_is_refused(self):
        self.expect("public header", "include/muslcheck/elf/a.hpp", "#include <LIEF/ELF.hpp>\n")

    def test_an_unknown_library_is_refused(self):
        self.expect("no library", "src/core/a.cpp", "#include <boost/any.hpp>\n")

    def test_a_folder_that_is_no_module_is_refused(self):
        self.expect("not a module", "src/utils/a.cpp", "")

    def test_main_may_use_only_the_top_module(self):
        self.expect("does not allow main", "src/main.cpp",
                    '#include "muslcheck/core/bytes.hpp"\n')

    def test_a_cycle_in_the_table_is_refused(self):
        self.expect("core may include model, which is not above it", "CMakeLists.txt",
                    CMAKE.replace("MAY_INCLUDE\n", "MAY_INCLUDE model\n"))

    def test_a_tree_without_a_table_is_refused(self):
        self.expect("no module table", "CMakeLists.txt", "project(x)\n")

    def test_a_readme_with_another_library_is_refused(self):
        self.expect("README.md: elf uses LIEF, zlib; CMakeLists.txt says LIEF", "README.md",
                    GOOD["README.md"].replace("| c | LIEF |", "| c | LIEF, zlib |"))

    def test_a_readme_that_lacks_a_library_is_refused(self):
        self.expect("README.md: core uses nothing; CMakeLists.txt says OpenSSL", "README.md",
                    GOOD["README.md"].replace("| a | OpenSSL |", "| a | |"))

    def test_a_readme_that_lacks_a_module_is_refused(self):
        self.expect("lacks cli", "README.md",
                    GOOD["README.md"].replace("| cli | d | |\n", ""))

    def test_a_readme_without_the_table_is_refused(self):
        found = self.violations({"README.md": GOOD["README.md"].replace("third-party", "other")})
        self.assertEqual(len(found), 4, found)

    def test_a_readme_in_another_order_is_refused(self):
        self.expect("another order", "README.md",
                    GOOD["README.md"].replace("| cli | d | |\n", "")
                    .replace("| core |", "| cli | d | |\n| core |"))

    def test_a_path_of_one_machine_is_refused(self):
        self.expect("path of one machine", "src/core/a.cpp", "// see /wo" "rk/notes\n")

    def test_a_path_that_only_ends_alike_is_fine(self):
        self.assertEqual(self.violations({"src/core/a.cpp": "// ~/net/work/x /worker/\n"}),
                         [])

    def test_a_tree_is_checked_where_git_is_not_installed(self):
        with unittest.mock.patch.dict(os.environ, PATH="/nonexistent"):
            self.test_a_path_of_one_machine_is_refused()


if __name__ == "__main__":
    unittest.main()
