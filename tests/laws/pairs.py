"""Apply, then plan: nothing. Random pairs of what is live and what is declared, of every kind of every system.

    python -m tests.laws.pairs --form process|http [--minutes M | --count N] [--seed S] [--only PROVIDER/KIND]

`process`: the whole engine, wire included, with the twins called directly in the place of sockets. `http`: the
same over real connections. Prints how many pairs of each kind were tried and what became of them, and how to
repeat any that is wrong; ends with 1 where there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice

from tests.laws.pair_grounds import FORMS, Grounds, grounds
from tests.laws.pair_trials import Pair, Trial, tried
from tests.laws.pair_values import drawn_kinds

At = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """What was tried: kind -> end -> pairs; each normalisation -> pairs; what was wrong."""

    ends: dict[str, Counter[str]] = field(default_factory=dict)
    normalised: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    wrong: list[Pair] = field(default_factory=list)

    def add(self, pair: Pair) -> None:
        at = f"{pair.trial.provider}/{pair.trial.kind}"
        self.ends.setdefault(at, Counter())[pair.end] += 1
        self.normalised.update(pair.normalised or ("none",))
        self.said.update(f"{at}: {text}" for text in pair.said)
        if pair.wrong:
            self.wrong.append(pair)

    @property
    def pairs(self) -> int:
        """Those that came to a second plan."""
        idle = ("undrawn", "stopped")
        return sum(n for ends in self.ends.values() for end, n in ends.items() if end not in idle)


def trials(seed: int, kinds: Sequence[At], first: int, number: int | None) -> Iterator[Trial]:
    """The kinds in turn, trial by trial; `number` None: without end."""
    for n in islice(count(first), number):
        for provider, kind in kinds:
            yield Trial(seed, provider, kind, n)


def campaign(
    wanted: Iterable[Trial], stand: Grounds, seconds: float | None = None, *, tell: bool = False
) -> Tally:
    """Try until there is nothing more to try, or the time is over."""
    tally, began = Tally(), time.monotonic()
    for trial in wanted:
        if seconds is not None and time.monotonic() - began > seconds:
            break
        for pair in tried(trial, stand, print if tell else lambda _: None):
            tally.add(pair)
    return tally


def summary(tally: Tally, form: str, seed: int, seconds: float, repeat: str) -> Iterator[str]:
    for at, ends in sorted(tally.ends.items()):
        yield f"{at:40} {sum(ends.values()):7}  " + ", ".join(f"{n} {end}" for end, n in sorted(ends.items()))
    yield "normalised: " + ", ".join(f"{n} {word}" for word, n in sorted(tally.normalised.items()))
    for pair in tally.wrong:
        yield f"WRONG {pair.trial.provider}/{pair.trial.kind}: {pair.wrong[:600]}"
        yield f"  again: {repeat} {pair.trial.again}"
    found = f"{tally.pairs} pairs of {len(tally.ends)} kinds, {len(tally.wrong)} violations"
    yield f"{form}: {found}, seed {seed}, {seconds:.0f} s"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.laws.pairs", description=__doc__)
    parser.add_argument("--form", choices=FORMS, default="process")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--count", type=int, help="trials of each kind (a trial is one pair or a few)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first trial")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="one kind, as omn-core/Peo; or one provider")
    parser.add_argument("--jobs", type=int, choices=(1,), default=1, help="one: a second is a second command")
    parser.add_argument("--tell", action="store_true", help="say each step")
    parser.add_argument("--said", action="store_true", help="print what the far end said of what it refused")
    given = parser.parse_args(words)
    kinds = [
        at for at in sorted(drawn_kinds()) if f"{'/'.join(at)}/".startswith(f"{given.only}/" if given.only else "")
    ]
    number = given.count if given.count or given.minutes else 10
    began = time.monotonic()
    with grounds(given.form) as stand:
        wanted = trials(given.seed, kinds, given.first, number)
        tally = campaign(wanted, stand, given.minutes and given.minutes * 60, tell=given.tell)
    repeat = f"python -m tests.laws.pairs --form {given.form} --tell"
    print("\n".join(summary(tally, given.form, given.seed, time.monotonic() - began, repeat)))
    if given.said:
        print("\n".join(f"{n:6} {text}" for text, n in tally.said.most_common(60)))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
