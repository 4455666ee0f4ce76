"""Results as text: tables in Markdown, which also read well on a terminal, and targets."""

import dataclasses

MEGABYTE = 1e6


@dataclasses.dataclass
class Result:
    """One form of one image. `times` in seconds by command, None where a command failed; the first
    of `yardsticks` is what a scan is compared with."""
    image: str
    form: str
    size: int
    files: int
    yardsticks: list
    times: dict
    memory: object = None  # measure.Memory


FORMS = {"docker": "docker-archive", "gzip-dir": "oci-dir, gzip", "zstd-dir": "oci-dir, zstd",
         "gzip-archive": "oci-archive, gzip", "zstd-archive": "oci-archive, zstd"}


def show_seconds(value):
    if value is None:
        return "n/a"
    if value < 0.0995:
        return f"{value * 1000:.0f} ms"
    return f"{value:.2f} s" if value < 9.995 else f"{value:.0f} s"


def show_ratio(value):
    if value is None:
        return "n/a"
    return f"{value:.2f}" if value < 9.995 else f"{value:.0f}"


def show_bytes(value):
    return "n/a" if value is None else f"{value / MEGABYTE:,.0f} MB"


def ratio(value, to):
    return value / to if value is not None and to else None


def markdown(header, rows):
    """A table with aligned columns; all but the first are numbers and stand right."""
    cells = [header, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]

    def line(row):
        words = [row[0].ljust(widths[0])]
        words += [word.rjust(width) for word, width in zip(row[1:], widths[1:])]
        return "| " + " | ".join(words) + " |"

    rule = "|" + "|".join("-" * (width + 2) if column == 0 else "-" * (width + 1) + ":"
                          for column, width in enumerate(widths)) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def yardstick(result):
    return result.yardsticks[0]


def scan_table(results):
    """Every form of every image: the scan beside what only reads or decompresses the bytes."""
    header = ["image", "size", "files", "only reading", "scan", "ratio", "cold cache",
              "warm cache", "own memory", "with mapped files"]
    rows = []
    for result in results:
        times, base = result.times, yardstick(result)
        memory = result.memory
        rows.append([
            f"{result.image}, {FORMS[result.form]}", show_bytes(result.size), f"{result.files:,}",
            f"`{base}` {show_seconds(times.get(base))}", show_seconds(times.get("scan")),
            show_ratio(ratio(times.get("scan"), times.get(base))),
            show_seconds(times.get("scan, cold cache")),
            show_seconds(times.get("scan, warm cache")),
            show_bytes(memory.own if memory else None),
            show_bytes(memory.together if memory else None)])
    return markdown(header, rows)


def tool_table(result):
    """All that was timed over one form of an image, the fastest first."""
    scan = result.times.get("scan")
    timed = sorted(result.times.items(), key=lambda item: (item[1] is None, item[1]))
    rows = [[("muslcheck " if name.startswith("scan") else "") + name, show_seconds(taken),
             show_ratio(ratio(taken, scan))] for name, taken in timed]
    return markdown([f"{result.image}, {FORMS[result.form]}", "time", "in scans"], rows)


def growth_table(results):
    rows = [[result.image, show_bytes(result.size), f"{result.files:,}",
             show_seconds(result.times.get(yardstick(result))),
             show_seconds(result.times.get("scan")),
             show_ratio(ratio(result.times.get("scan"), result.size / 1e9)),
             show_bytes(result.memory.own if result.memory else None)]
            for result in sorted(results, key=lambda result: result.size)]
    return markdown(["docker-archive", "size", "files", "`cat`", "scan", "s per GB", "own memory"],
                    rows)


@dataclasses.dataclass
class Target:
    text: str
    value: float  # None: not measured
    limit: float
    show: object
    at_least: bool = False

    def verdict(self):
        if self.value is None:
            return "n/a"
        met = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "pass" if met else "MISS"


def worst(values):
    known = [value for value in values if value is not None]
    return max(known) if known else None


def targets(results, name="fat-node"):
    """What we want to reach, with what was measured."""
    by_form = {result.form: result for result in results if result.image == name}

    def time_of(form, command):
        return by_form[form].times.get(command) if form in by_form else None

    def against(form, command):
        return ratio(time_of(form, "scan"), time_of(form, command))

    memories = [result.memory for result in by_form.values() if result.memory]
    unpacked = "unpack, then readelf -dsW of every ELF file"
    return [
        Target("docker-archive: scan / cat", against("docker", "cat"), 2.5, show_ratio),
        Target("gzip: scan / gzip -dc", against("gzip-dir", "gzip -dc"), 0.6, show_ratio),
        Target("zstd: scan / zstd -dc", against("zstd-dir", "zstd -dc"), 1.5, show_ratio),
        Target("warm cache, slowest form",
               worst(time_of(form, "scan, warm cache") for form in by_form), 0.1, show_seconds),
        Target("unpack, then readelf / scan",
               ratio(time_of("docker", unpacked), time_of("docker", "scan")), 15, show_ratio, True),
        Target("own memory, largest form", worst(m.own for m in memories), 350e6, show_bytes),
        Target("memory with mapped files, largest form", worst(m.together for m in memories),
               350e6, show_bytes),
    ]


def target_lines(reached):
    width = max(len(target.text) for target in reached)
    return "\n".join(
        f"  {target.verdict():4}  {target.text:{width}}  {target.show(target.value)} "
        f"({'at least' if target.at_least else 'at most'} {target.show(target.limit)})"
        for target in reached)
