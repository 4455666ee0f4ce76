"""Prints a comparison for people."""

from __future__ import annotations

from collections import defaultdict

from .compare import MUSL, MUSLCHECK, Result
from . import messages

ROWS = ((messages.LIBRARY, "missing libraries"), (messages.SYMBOL, "missing symbols"),
        (messages.RELOCATION, "relocation types"), ("outcome", "outcomes"),
        ("message", "first message of dlopen"))


def print_result(result: Result) -> None:
    print(f"\n{result.files} files judged by both, {len(result.not_judged)} not judged\n")
    print(f"{'':24} {'agree':>6} {'only musl':>10} {'only muslcheck':>15} "
          f"{'precision':>10} {'recall':>8}")
    for aspect, title in ROWS:
        print(f"{title:24} {result.agreed[aspect]:6} {result.only_in(aspect, MUSL):10} "
              f"{result.only_in(aspect, MUSLCHECK):15} {_percent(result.precision(aspect)):>10} "
              f"{_percent(result.recall(aspect)):>8}")
    _print_not_judged(result)
    _print_explained(result)
    _print_differences(result)


def print_trees(results: list) -> None:
    """One row per tree, then what disagrees (trees.TreeResult)."""
    print(f"\n{'':18} {'':>5} {'taken or not':^26} {'outcomes':^26} {'errors':^26}")
    print(f"{'tree':18} {'files':>5}" + f" {'agree':>6} {'musl':>7} {'muslcheck':>11}" * 3)
    for result in results:
        cells = [result.dispositions.agreed, len(result.dispositions.only_musl),
                 len(result.dispositions.only_muslcheck)]
        for aspects in (("outcome",), (messages.LIBRARY, messages.SYMBOL, messages.RELOCATION)):
            cells += [sum(result.loads.agreed[aspect] for aspect in aspects),
                      *(sum(result.loads.only_in(aspect, side) for aspect in aspects)
                        for side in (MUSL, MUSLCHECK))]
        print(f"{result.tree:18} {result.files:5}" +
              "".join(f" {cell:{width}}" for cell, width in zip(cells, (6, 7, 11) * 3)))
    print("(musl, muslcheck: only that side says so)")
    for result in results:
        for text in result.dispositions.only_musl + result.dispositions.only_muslcheck:
            print(f"  {result.tree}: {text}")
        for text in result.findings:
            print(f"  {result.tree}: a finding about a tree for musl: {text}")
    everything = Result()
    for result in results:
        everything.merge(result.loads)
    _print_not_judged(everything)
    _print_explained(everything)
    _print_differences(everything)


def _percent(ratio: float) -> str:
    """Never rounded up to 100 %."""
    return f"{int(ratio * 10000) / 100:.2f} %"


def _print_not_judged(result: Result) -> None:
    groups = defaultdict(int)
    for _layout, _path, why in result.not_judged:
        groups[why.split(":")[0]] += 1
    print("\nNot judged (no x86_64 Linux files, or not chosen on musl):")
    for why, count in sorted(groups.items()):
        print(f"  {count:4}  {why}")


def _print_explained(result: Result) -> None:
    groups = defaultdict(list)
    for difference, reason in result.explained:
        groups[reason].append(difference)
    print(f"\nExplained differences, not counted above: {len(result.explained)}")
    for reason, differences in sorted(groups.items()):
        print(f"  {reason}")
        for d in sorted(differences):
            print(f"    {d.layout}: {d.path}: {d.aspect} {d.subject} (only {d.side})")


def _print_differences(result: Result) -> None:
    print(f"\nDisagreements: {len(result.differences)}")
    groups = defaultdict(list)
    for d in sorted(result.differences):
        groups[(d.layout, d.path, d.aspect, d.side)].append(d)
    for (layout, path, aspect, side), differences in groups.items():
        print(f"  {layout}: {path}: {aspect}, only {side}:")
        if aspect in (messages.LIBRARY, messages.SYMBOL, messages.RELOCATION):
            print("    " + " ".join(d.subject for d in differences))
        else:
            print("\n".join(f"    {d.subject} {d.detail}" for d in differences))
