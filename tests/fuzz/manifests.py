"""`python -m tests.fuzz.manifests [--count N] [--seed N] [--jobs N] [--only N]`: hostile and damaged files of
every sort, each of which must end in a value or in words that say where. Exit code 1 on any finding; the input of
each is saved, as small as it gets, in a folder that is named."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from tests.fuzz.crew import Finding, Summary, Trial, run, tried
from tests.fuzz.giants import GIANTS
from tests.fuzz.inputs import MANIFEST, Input, drawn
from tests.fuzz.judged import Bench
from tests.fuzz.minimal import minimal

MOST_MEMORY = 200
"""MiB that a worker may ever have."""


def trials(seed: int, timed: bool = False) -> Trial:
    bench = Bench(timed)
    return lambda n: bench.judged(drawn(seed, n))


def giant(name: str, timed: bool = False) -> Trial:
    bench = Bench(timed)
    return lambda _: bench.judged(Input(MANIFEST, GIANTS[name](), None, "giant"))


def giants(names: Iterable[str] = GIANTS, timed: bool = False) -> Summary:
    """Each in a process of its own, as the command reads it: what one leaves behind is not counted to the next."""
    whole = Summary()
    for name in names:
        one = run(partial(giant, name, timed), 1)
        whole.ends += one.ends
        whole.findings += [replace(f, text=f"{name}: {f.text}") for f in one.findings]
        whole.peak = max(whole.peak, one.peak)
        whole.cpu += one.cpu
        whole.seconds += one.seconds
    return whole


def smaller(seed: int, one: Finding) -> bytes:
    """The least part of a finding's input that breaks the same rule."""
    whole = drawn(seed, one.trial)
    bench = Bench(timed=True)

    def same(data: bytes) -> bool:
        found = list(tried(lambda _: bench.judged(Input(whole.sort, data, whole.root, "")), 0, Counter()))
        return any(f.rule == one.rule for f in found)

    return minimal(whole.data, same)


def told(words: Namespace, small: Summary, large: Summary) -> bool:
    """Print the whole of it; True where nothing was wrong."""
    peak = max(small.peak, large.peak)
    print(f"{small.tried:,} damaged files (seed {words.seed}) and {large.tried} made to hurt")
    for end, times in sorted((small.ends + large.ends).items()):
        print(f"  {times:>9,}  {end}")
    findings = [*small.findings, *large.findings]
    print(f"{len(findings)} findings; at most {peak} MiB; {small.cpu + large.cpu:.0f} s of CPU in "
          f"{small.seconds + large.seconds:.0f} s")  # fmt: skip
    if small.findings:
        folder = Path(mkdtemp(prefix="fuzzed-"))
        by_rule: dict[str, list[Finding]] = {}
        for one in small.findings:
            by_rule.setdefault(one.rule, []).append(one)
        for number, (rule, found) in enumerate(sorted(by_rule.items())):
            path = folder / f"{number}.input"
            path.write_bytes(smaller(words.seed, found[0]))
            print(f"\n{len(found)} × {rule}\n{found[0].text}\n  least input: {path}")
            print(f"  again: python -m tests.fuzz.manifests --seed {words.seed} --only {found[0].trial}")
    for one in large.findings:
        print(f"\n{one.text}")
    if peak > MOST_MEMORY:
        print(f"too much memory: {peak} MiB, at most {MOST_MEMORY}")
    return not findings and peak <= MOST_MEMORY


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.fuzz.manifests")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int, help="this one trial, in this process")
    words = parser.parse_args()
    if words.only is not None:
        one = drawn(words.seed, words.only)
        print(one.sort, one.how, len(one.data), one.data[:2_000], sep="\n")
        print(Bench(timed=True).judged(one))
        return 0
    small = run(partial(trials, words.seed, timed=True), words.count, words.jobs, sys.stderr)
    return 0 if told(words, small, giants(timed=True)) else 1


if __name__ == "__main__":
    sys.exit(main())
