"""The campaign: so many histories, one summary. `python -m tests.simulation.run --seeds 0..2000 --jobs 2`."""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.simulation.invariants import violations
from tests.simulation.mischief import Mischief, mischief_of
from tests.simulation.trial import PER_SCENE, History, history, prepared

LAST = 40
"""Lines of a history that are shown where something went wrong."""
WHOLE = 5
"""Failing histories, at most, that a campaign shows so; of all others it says what is wrong."""
BATCH = 10 * PER_SCENE
WIDE = 200
"""Characters of a violation that are shown where it is one of many."""
SHRINKING = 60
"""Tries, at most, to make a failing history smaller."""


@dataclass(slots=True)
class Told:
    """What came of some seeds. `troubles`: faults by their kind, and deaths by where they came. `simulated`,
    `busy`: seconds; `digests`: of the traces."""

    tried: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    befell: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    simulated: float = 0.0
    busy: float = 0.0
    digests: dict[int, str] = field(default_factory=dict)

    def add(self, other: Told) -> None:
        self.tried += other.tried
        self.ends.update(other.ends)
        self.befell.update(other.befell)
        self.troubles.update(other.troubles)
        self.wrong |= other.wrong
        self.simulated += other.simulated
        self.busy += other.busy
        self.digests |= other.digests


def tried(seed: int, mischief: Mischief | None = None) -> tuple[History | None, list[tuple[str, str]]]:
    """A history and what does not hold in it. An error that is none of ours is a violation, too."""
    try:
        told = history(seed, mischief)
        return told, violations(told)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is shown with its seed, and fails the campaign
        return None, [("no error but ours", f"{error!r}\n{traceback.format_exc()}")]


def batch(seeds: Sequence[int]) -> Told:
    """The histories of these seeds, one after the other."""
    _set_aside()
    found, began = Told(), time.process_time()
    for seed in seeds:
        told, wrong = tried(seed)
        found.tried += 1
        if wrong:
            found.wrong[seed] = wrong
        if told is None:
            continue
        found.simulated += told.seconds
        found.digests[seed] = told.trace.digest
        found.ends["with others at work" if told.meddled else "asked" if told.asked else "as undisturbed"] += 1
        found.befell.update(befell(told))
        found.troubles.update(troubles(told))
    found.busy = time.process_time() - began
    return found


def _set_aside() -> None:
    """What is loaded by now stays anyhow: looking through it again and again costs a tenth. What the histories
    before have left is taken away first, for what is set aside is never freed."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def befell(told: History) -> Counter[str]:
    """What happened in a history, counted."""
    runs = told.trace.runs
    crashes = sum(run.ended.startswith("killed") for run in runs)
    counts = {"requests": len(told.trace.exchanges), "runs": len(runs), "faults": told.drawn, "crashes": crashes}
    counts |= {"pauses": len(told.mischief.pauses), "clock jumps": len(told.mischief.jumps)}
    return Counter(counts | {"second runners": bool(told.mischief.second), "edits by others": len(told.meddled)})


def troubles(told: History) -> Counter[str]:
    """The faults of a history by their kind, and its deaths by the boundary."""
    fates = (one.fate for one in told.trace.exchanges if one.fate != "well")
    return Counter([*fates, *(run.ended for run in told.trace.runs if run.ended.startswith("killed"))])


def campaign(seeds: Sequence[int], jobs: int) -> Told:
    batches = [seeds[i : i + BATCH] for i in range(0, len(seeds), BATCH)]
    found = Told()
    if jobs == 1:
        for one in batches:
            found.add(batch(one))
        return found
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for told in pool.imap(batch, batches):
            found.add(told)
    return found


def shrunk(seed: int) -> Mischief:
    """The least mischief found by which this seed still fails; its own where it does not fail."""
    ready = prepared(seed // PER_SCENE)
    least = mischief_of(seed, ready.crossings, ready.arrivals)
    wrong = {name for name, _ in tried(seed, least)[1]}
    left = SHRINKING
    smaller = least.smaller() if wrong else []
    while smaller and left:
        left -= 1
        one = smaller.pop(0)
        if wrong & {name for name, _ in tried(seed, one)[1]}:
            least, smaller = one, one.smaller()
    return least


def show(seed: int, wrong: Sequence[tuple[str, str]], least: Mischief | None = None) -> None:
    """A failing history, and how to repeat it."""
    told, found = tried(seed, least)
    for name, said in found or wrong:
        print(f"seed {seed}: {name}: {said}")
    if told is not None:
        scene = told.scene
        print(f"  {scene.estate}, {scene.profile}, {', '.join(scene.names)}; {told.mischief}")
        print("\n".join(f"    {line}" for line in told.trace.lines[-LAST:]))
    print(f"  again: python -m tests.simulation.run --seed {seed}   (smaller: --seed {seed} --shrink)")


def in_a_line(wrong: Sequence[tuple[str, str]]) -> str:
    """The first of a history's violations, as far as a line holds it, and how many others there are."""
    name, said = wrong[0]
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return f"{name}: {said.partition(chr(10))[0][:WIDE]}{more}"


def summary(found: Told, seeds: Sequence[int], seconds: float) -> str:
    broken = Counter(name for wrong in found.wrong.values() for name in {n for n, _ in wrong})
    ratio = found.simulated / max(found.busy, 1e-9)
    lines = [
        f"seeds {seeds[0]}..{seeds[-1] + 1}: {found.tried} histories in {seconds:.1f} s",
        f"  {found.simulated / 3600:.1f} h simulated in {found.busy:.1f} s of processor, 1 : {ratio:.0f}",
        "  befell: " + ", ".join(f"{n} {name}" for name, n in found.befell.items()),
        "  of these: " + ", ".join(f"{n} × {name}" for name, n in sorted(found.troubles.items())),
        "  ended: " + ", ".join(f"{n} {name}" for name, n in sorted(found.ends.items())),
        f"  violations: {len(found.wrong)} histories" + "".join(f"; {n} × {name}" for name, n in broken.items()),
        *(f"    {seed}: {in_a_line(wrong)}" for seed, wrong in sorted(found.wrong.items())),
    ]
    return "\n".join(lines)


def replayed(seeds: Sequence[int], jobs: int) -> list[int]:
    """The seeds whose second history is not the first, byte for byte."""
    first, second = campaign(seeds, jobs).digests, campaign(seeds, jobs).digests
    return [seed for seed in seeds if first.get(seed) != second.get(seed)]


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="0..2000", help="FIRST..LAST, the last not included")
    parser.add_argument("--seed", type=int, help="just this one, with its history")
    parser.add_argument("--shrink", action="store_true", help="with --seed: leave out what is not needed to fail")
    parser.add_argument("--replay", action="store_true", help="run each twice and compare the histories")
    parser.add_argument("--digests", action="store_true", help="print a digest of each history")
    parser.add_argument("--jobs", type=int, default=2)
    said = parser.parse_args(words)
    if said.seed is not None:
        least = shrunk(said.seed) if said.shrink else None
        wrong = tried(said.seed, least)[1]
        show(said.seed, wrong, least)
        return bool(wrong)
    first, _, last = said.seeds.partition("..")
    seeds = range(int(first), int(last))
    began = time.perf_counter()
    if said.replay:
        other = replayed(seeds, said.jobs)
        print(f"seeds {said.seeds}: {len(seeds)} replayed in {time.perf_counter() - began:.1f} s, unlike: {other}")
        return bool(other)
    found = campaign(seeds, said.jobs)
    if said.digests:
        print("\n".join(f"{seed} {digest}" for seed, digest in sorted(found.digests.items())))
        return bool(found.wrong)
    print(summary(found, seeds, time.perf_counter() - began))
    for seed, wrong in sorted(found.wrong.items())[:WHOLE]:
        show(seed, wrong)
    return bool(found.wrong)


if __name__ == "__main__":
    sys.exit(main())
