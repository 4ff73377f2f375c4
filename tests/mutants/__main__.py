"""`python -m tests.mutants [--share N] [--seed N] [--file PATH]… [--jobs N] [--show]`: how many small mistakes in
the rooms that decide what is sent are noticed by these rooms' own tests. Each mutant is one mistake: a condition
turned round, an argument left out, a text changed. Exit code 1 where fewer than `--floor` percent are noticed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter, defaultdict
from collections.abc import Mapping
from random import Random
from time import monotonic

from tests.mutants import trial
from tests.mutants.ground import GROUND, HERE, MISSING, file_of, missing, prepared, shown

KINDS = (trial.KILLED, trial.TIMEOUT, trial.SURVIVED, trial.UNREACHED)


def main() -> int:
    words = _words()
    if missing():
        print(MISSING)
        return 3
    start = monotonic()
    everything = prepared(words.file)
    wanted = everything
    if words.share and words.share < len(everything):
        wanted = Random(words.seed).sample(everything, words.share)
    verdicts = tried(wanted, words)
    if len(verdicts) < len(wanted):
        print(f"only {len(verdicts)} of {len(wanted)} mutants were tried")
        return 1
    told(verdicts)
    score = 100 * noticed(verdicts) / len(verdicts)
    print(f"{noticed(verdicts)} of {len(verdicts)} noticed ({score:.1f} %), {len(everything)} in all; ", end="")
    print(f"seed {words.seed}; {monotonic() - start:.0f} s")
    if words.show:
        print("\n".join(shown(m) for m, v in verdicts.items() if v in ("survived", "unreached")))
    return int(score < words.floor)


def tried(wanted: list[str], words: Namespace) -> dict[str, str]:
    """Mutant -> verdict, from a process that knows nothing of this one."""
    ask, answer = GROUND / "wanted.txt", GROUND / "found.jsonl"
    ask.write_text("\n".join(wanted), encoding="utf-8")
    answer.write_text("", encoding="utf-8")
    paths = [str(GROUND), *filter(None, [os.environ.get("PYTHONPATH")])]
    subprocess.run(
        [sys.executable, "-m", "tests.mutants.trial", ask, answer, str(words.jobs), str(words.seconds)],
        cwd=GROUND,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.DEVNULL,
    )
    found = [(line["of"], line["verdict"]) for line in map(json.loads, answer.read_text().splitlines())]
    for test in (of for of, verdict in found if verdict == trial.BROKEN):
        print(f"left out, since it fails without any mutant: {test}")
    return {of: verdict for of, verdict in found if verdict != trial.BROKEN}


def told(verdicts: Mapping[str, str]) -> None:
    """A line for each file and for each room, and one for all."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mutant, verdict in verdicts.items():
        path = file_of(mutant)
        for name in (path, path.rpartition("/")[0] + "/", "all"):
            counts[name][verdict] += 1
    print(f"{'':36}" + "".join(f"{kind:>10}" for kind in KINDS) + "   noticed")
    for name, count in sorted(counts.items(), key=lambda c: (c[0] == "all", c[0].endswith("/"), c[0])):
        share = 100 * (count["killed"] + count["timeout"]) / count.total()
        print(f"{name:36}" + "".join(f"{count[kind]:>10}" for kind in KINDS) + f"{share:>8.1f} %")


def noticed(verdicts: Mapping[str, str]) -> int:
    return sum(v in ("killed", "timeout") for v in verdicts.values())


def _words() -> Namespace:
    words = ArgumentParser("python -m tests.mutants", description=f"in a copy of {HERE.name} under .cache")
    words.add_argument("--share", type=int, default=0, metavar="N", help="so many mutants, drawn by the seed")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--file", action="append", default=[], metavar="PATH", help="only mutants of this file")
    words.add_argument("--jobs", type=int, default=1, help="mutants tried side by side")
    words.add_argument("--seconds", type=float, default=5, help="of tests, at most, for each mutant")
    words.add_argument("--floor", type=float, default=90, metavar="PERCENT")
    words.add_argument("--show", action="store_true", help="what each survivor does")
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
