"""scripts/bench from its options to its tables."""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from . import measure, readme, recipes, rivals, table

ROOT = pathlib.Path(__file__).resolve().parents[3]
PACKAGES = ["binutils", "dpkg", "isal", "libtree", "pax-utils", "python3-pyelftools", "tar", "zstd"]
GROWTH = ("slim-node", "build-tools", "fat-node", "fat-node-x2", "fat-node-x3")
TREE_IMAGE = "fat-node"


def say(text):
    print(f"bench: {text}", file=sys.stderr)


def parse(arguments, description):
    parser = argparse.ArgumentParser(prog="scripts/bench", description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true",
                        help="fat-node and slim-node alone, few repetitions, no growth, no lddtree")
    parser.add_argument("--only", metavar="PATTERN", default="",
                        help="images and forms matching this regular expression, such as "
                             "'fat-node' or 'python.gzip-dir'")
    parser.add_argument("--make", action="store_true", help="make the images and stop")
    parser.add_argument("--repetitions", type=int, metavar="N", help="default: 7, with --quick 3")
    parser.add_argument("--muslcheck", metavar="PROGRAM", type=pathlib.Path,
                        help="default: build/release/muslcheck, built if it is not there")
    parser.add_argument("--target", default="alpine:3.22")
    parser.add_argument("--cache", metavar="FOLDER", type=pathlib.Path, default=default_cache(),
                        help="where the images are kept (default: ~/.cache/muslcheck/bench)")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write all figures there")
    parser.add_argument("--readme", action="store_true", help="write the tables into README.md")
    return parser.parse_args(arguments)


def default_cache():
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(home) / "muslcheck/bench"


def install_packages():
    """The tools to compare with, those that are missing only."""
    def is_installed(name):
        return subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", name],
                              capture_output=True, text=True).stdout == "installed"

    if not shutil.which("dpkg-query"):
        sys.exit("bench: this is not Debian; the images are made of Debian packages")
    missing = [name for name in PACKAGES if not is_installed(name)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        sys.exit(f"bench: run as root, or run: sudo {' '.join(command)}")
    say(f"installing {' '.join(missing)}")
    subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=sys.stderr)
    subprocess.run(command, check=True, stdout=sys.stderr,
                   env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def find_muslcheck(wanted):
    program = wanted or ROOT / "build/release/muslcheck"
    if not wanted and not program.exists():
        say("building build/release/muslcheck")
        subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True, stdout=sys.stderr)
        subprocess.run(["cmake", "--build", "--preset", "release", "--target", "muslcheck"],
                       cwd=ROOT, check=True, stdout=sys.stderr)
    if not program.exists():
        sys.exit(f"bench: there is no {program}")
    return program.resolve()


def wanted_images(options):
    names = ("fat-node", "slim-node") if options.quick else recipes.RECIPES
    return [name for name in names
            if any(is_wanted(options, name, form)
                   for form in recipes.paths_of(options.cache, name))]


def is_wanted(options, name, form):
    return re.search(options.only, f"{name}.{form}") is not None


def make_images(cache, names):
    if any(recipes.notes_of(cache, name) is None for name in names):
        for program in ("node", "npm"):
            if not shutil.which(program):
                sys.exit(f"bench: {program} is needed to make the images and is not on PATH")
    shop = recipes.Workshop(cache, say)
    try:
        for name in names:
            recipes.make(shop, name)
    except subprocess.CalledProcessError as failure:
        sys.exit(f"bench: {' '.join(map(str, failure.cmd[:3]))} … failed; does apt-get update or "
                 "the npm registry need attention?")
    recipes.forget_layers(cache)


def measure_form(name, form, scans, options, scratch):
    """Times one form of one image."""
    forms = recipes.paths_of(options.cache, name)
    notes = recipes.notes_of(options.cache, name)
    path = forms[form]
    whole = form.replace("archive", "dir")  # the layers as files, to be decompressed by others
    say(f"timing {name} as {table.FORMS[form]}")
    scan = scans.fresh(rivals.reference(form, path))
    readers = rivals.readers(whole, forms[whole])
    commands = [*readers, scan, *scans.cached(rivals.reference(form, path))]
    if whole == form and name not in recipes.GROWTH_ONLY:
        commands.append(rivals.listing(form, path))
    times = measure.interleaved(commands, repetitions_of(options), say)
    if form == "docker" and name not in recipes.GROWTH_ONLY:
        times |= measure_tools(name, path, options, scratch)
    memory = None
    if times["scan"] is not None:
        memory = measure.memory(scan)
    return table.Result(image=name, form=form, size=notes["bytes"], files=notes["files"],
                        yardsticks=[reader.name for reader in readers], times=times, memory=memory)


def measure_tools(name, path, options, scratch):
    """What takes much longer than a scan: fewer rounds. The tools over the unpacked tree are timed
    for one image alone, as lddtree takes minutes."""
    most = min(1 if options.quick else 3, repetitions_of(options))
    folder = scratch / "unpacked"
    commands = [rivals.unpack_then_readelf("docker", path, folder, most)]
    times = measure.interleaved(commands, most, say)
    if name == TREE_IMAGE:
        commands = rivals.over_the_tree(folder, most)
        times |= measure.interleaved(commands[:-1] if options.quick else commands, most, say)
    shutil.rmtree(folder, ignore_errors=True)
    return times


def machine():
    """The machine in words that name nobody's."""
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return {"cores": os.cpu_count(), "cpu": model[1].strip() if model else platform.machine()}


def repetitions_of(options):
    return options.repetitions or (3 if options.quick else 7)


def command_line(options):
    """The command that makes these figures."""
    words = ["scripts/bench"] + ["--quick"] * options.quick
    if options.only:
        words += ["--only", shlex.quote(options.only)]
    if options.repetitions:
        words += ["--repetitions", str(options.repetitions)]
    return " ".join(words)


def tables_of(results, facts, options):
    compared = [r for r in results if r.image not in recipes.GROWTH_ONLY]
    parts = [f"`{command_line(options)}` on {facts['cores']} cores ({facts['cpu']}), warm page\n"
             f"cache, medians of {repetitions_of(options)} interleaved runs; what takes much "
             "longer than a scan\nruns less often:"]
    if compared:
        parts.append(table.scan_table(compared))
    parts += [table.tool_table(r) for r in compared if r.image == TREE_IMAGE and r.form == "docker"]
    growth = [r for r in results if r.image in GROWTH and r.form == "docker"]
    if len(growth) > 2:
        parts.append(table.growth_table(growth))
    return "\n\n".join(parts) + "\n"


def as_json(results, reached, facts):
    return json.dumps({
        "machine": facts,
        "results": [dataclasses.asdict(result) for result in results],
        "targets": [{"text": t.text, "value": t.value, "limit": t.limit, "verdict": t.verdict()}
                    for t in reached],
    }, indent=2) + "\n"


def main(arguments, description):
    options = parse(arguments, description)
    install_packages()
    names = wanted_images(options)
    make_images(options.cache, names)
    if options.make:
        return 0
    program = find_muslcheck(options.muslcheck)
    help_text = subprocess.run([program, "scan", "--help"], capture_output=True, text=True).stdout
    results = []
    with tempfile.TemporaryDirectory(prefix="run-", dir=options.cache) as folder:
        scratch = pathlib.Path(folder)
        scans = rivals.Scans(program, options.target, help_text, scratch)
        if not scans.has_cache:
            say("this muslcheck has no cache of facts: those columns say n/a")
        for name in names:
            for form in recipes.paths_of(options.cache, name):
                if is_wanted(options, name, form):
                    results.append(measure_form(name, form, scans, options, scratch))
    facts, reached = machine(), table.targets(results)
    text = tables_of(results, facts, options)
    print(text)
    print("targets\n" + table.target_lines(reached))
    if options.json:
        options.json.write_text(as_json(results, reached, facts))
    if options.readme:
        write_readme(text)
    return 0


def write_readme(text):
    file = ROOT / "README.md"
    fresh = readme.updated(file.read_text(), text)
    if fresh is None:
        sys.exit("bench: README.md has no part between bench:begin and bench:end")
    file.write_text(fresh)
