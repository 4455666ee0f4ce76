#!/usr/bin/env python3
"""Opens golden HTML reports in headless Chromium: check_browser.py GOLDEN_FOLDER

The page has to run its own script under its own policy, filter by what its address says, show all
without one, and stay quiet on the console. Exits 77 (skipped) if there is no Chromium.
"""
import concurrent.futures
import html.parser
import pathlib
import shutil
import subprocess
import sys
import tempfile

from golden_page import whole_page

SKIPPED = 77
# What the page counts for each address, in blocked.html.
COUNTS = {
    "": "6 of 6 findings, 4 of 4 modules",
    "#q=sharp": "3 of 6 findings, 1 of 4 modules",
    "#q=ARGON2+gettid": "1 of 6 findings, 0 of 4 modules",
    "#q=sharp&severity=warning": "1 of 6 findings, 1 of 4 modules",
    "#outcome=fails-to-start": "1 of 6 findings, 1 of 4 modules",
    "#ecosystem=none&q=bcrypt": "0 of 6 findings, 1 of 4 modules",
    "#q=no-such-thing": "0 of 6 findings, 0 of 4 modules",
    "#findings": "6 of 6 findings, 4 of 4 modules",
}
# Nothing that a browser does for itself: it would ask servers, and wait for their answers.
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
         "--log-level=0")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Rows(html.parser.HTMLParser):
    """Rows that are shown (not hidden themselves or by what they are in), and what is counted."""

    def __init__(self):
        super().__init__()
        self.stack, self.shown, self.hidden, self.output, self.form_hidden = [], 0, 0, "", None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag not in ("meta", "input"):
            self.stack.append((tag, "hidden" in values))
        if tag == "form":
            self.form_hidden = "hidden" in values
        if "data-row" in values:
            is_hidden = any(hidden for _, hidden in self.stack)
            self.hidden += is_hidden
            self.shown += not is_hidden

    def handle_endtag(self, tag):
        self.stack.pop()

    def handle_data(self, data):
        if self.stack and self.stack[-1][0] == "output":
            self.output += data


def dump(chromium, golden, fragment):
    with tempfile.TemporaryDirectory() as scratch:
        page = pathlib.Path(scratch) / golden.name
        page.write_text(whole_page(golden), encoding="utf-8")
        done = subprocess.run(
            [chromium, *FLAGS, f"--user-data-dir={scratch}/profile", "--dump-dom",
             page.as_uri() + fragment],
            capture_output=True, text=True, timeout=120, check=True)
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    if said:
        raise SystemExit(f"{page.name}{fragment}: the console is not empty: {said}")
    rows = Rows()
    rows.feed(done.stdout)
    return rows


def expect(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: {got}, not {wanted}")


def main(folder):
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        print("SKIPPED: no Chromium, so no HTML report was opened in a browser")
        return SKIPPED
    # A browser waits more than it works: several are opened beside each other.
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        blocked = {fragment: pool.submit(dump, chromium, folder / "blocked.html", fragment)
                   for fragment in COUNTS}
        hostile = pool.submit(dump, chromium, folder / "hostile.html", "#q=img")
        empty = pool.submit(dump, chromium, folder / "empty.html", "")
        for fragment, counts in COUNTS.items():
            rows = blocked[fragment].result()
            expect(fragment, rows.output, counts)
            numbers = [int(word) for word in counts.split() if word.isdigit()]
            expect(fragment, rows.shown, numbers[0] + numbers[2])
            expect(fragment, rows.form_hidden, False)
        expect("hostile", hostile.result().form_hidden, False)
        expect("nothing to filter", empty.result().form_hidden, True)
    return 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
