"""Is there a shorter way? Small random worlds of every kind, and a search beside every plan.

    python -m tests.laws.fewest [--kind PROVIDER/KIND] [--worlds N] [--first K] [--seed S]

Prints, kind by kind, the manifests tried and what became of them, the calls the search performed, and every way
that is shorter than its plan; ends with 1 where there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence

from tests.laws.pair_grounds import grounds
from tests.laws.pair_values import drawn_kinds
from tests.laws.small_campaign import Tally, worlds
from tests.laws.small_scenes import At
from tests.laws.small_trials import in_words


def lines(at: At, tally: Tally) -> Iterator[str]:
    lengths = ", ".join(f"{n} of {calls}" for calls, n in sorted(tally.lengths.items()) if n)
    ends = ", ".join(f"{n} {end}" for end, n in sorted(tally.ends.items()))
    yield f"{'/'.join(at):40} {ends}; calls: {lengths or 'none'}; {tally.states} performed"
    for found in tally.shorter:
        yield f"  SHORTER, world {found.number}: {'; '.join(found.plan)}"
        yield f"    {in_words(found.way) or 'no call at all'}"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.laws.fewest", description=__doc__)
    parser.add_argument("--kind", default="", help="one kind, as omn-core/Peo, or one provider")
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the number of the first world")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(words)
    kinds = [
        at for at in sorted(drawn_kinds()) if f"{'/'.join(at)}/".startswith(f"{given.kind}/" if given.kind else "")
    ]
    began, every = time.process_time(), list[Tally]()
    with grounds("process") as stand:
        for at in kinds:
            every.append(worlds(stand, at, given.seed, range(given.first, given.first + given.worlds)))
            print("\n".join(lines(at, every[-1])), flush=True)
    searched, shorter = sum(t.searched for t in every), sum(len(t.shorter) for t in every)
    large, performed = sum(t.ends["too large"] for t in every), sum(t.states for t in every)
    share = 100 * large / max(1, large + searched)
    told = f"{searched} plans of {len(kinds)} kinds, {performed} calls performed, {shorter} shorter ways"
    print(
        f"{told}; too large: {large} ({share:.1f} %); seed {given.seed}, {time.process_time() - began:.0f} CPU s"
    )
    return 1 if shorter else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
