"""Every command in every mishap, with secrets of every sort at home: `python -m tests.safety.canaries`.

After each run no secret may stand, in whatever form, in what was said, in any file but its own, or in the words
and the environment of a program that was called.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from reconciler.cli.app import run
from tests.safety.aviary import Aviary, aviary
from tests.safety.canary import Canaries
from tests.safety.mishaps import MISHAPS
from tests.safety.words import LONG, Leaf, leaves
from tests.world import hasty_clock

STATES = ("new", "applied")


@dataclass(frozen=True, slots=True)
class Case:
    state: str
    leaf: Leaf
    more: tuple[str, ...]
    mishap: str
    debug: bool

    @property
    def words(self) -> list[str]:
        return [*self.leaf.path, *self.leaf.base, *self.more, *(["--debug"] if self.debug else [])]

    def __str__(self) -> str:
        return f"{self.state} | {self.mishap} | {' '.join(self.words)}"


@dataclass(slots=True)
class Count:
    """What was tried, and what was found where it does not belong."""

    runs: int = 0
    secrets: int = 0
    commands: set[str] = field(default_factory=set)
    codes: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def cases(rng: random.Random, share: float) -> Iterator[Case]:
    """Every state, command, mishap and level of words, or a share of them; each with one of its options."""
    for state in STATES:
        for leaf in leaves():
            for mishap in MISHAPS:
                for debug in (False, True):
                    more = rng.choice([(), *leaf.more])
                    odd = leaf.path in LONG and (mishap != "none" or state != "new" or debug or share < 1)
                    if not odd and rng.random() < share:
                        yield Case(state, leaf, more, mishap, debug)


@contextmanager
def quick() -> Iterator[None]:
    """Waiting between tries takes no time."""
    with patch("reconciler.wire.clock.real_clock", hasty_clock):
        yield


def said(words: Sequence[str]) -> tuple[int, str]:
    """The command's exit code, and all that it says."""
    with redirect_stdout(StringIO()) as text, redirect_stderr(text):
        code = run(words)
    return code, text.getvalue()


@contextmanager
def filled(folder: Path) -> Iterator[Aviary]:
    """An aviary with both its states, each with a saved plan."""
    with quick(), aviary(folder) as world:
        assert said(["plan", "--out", "plan.json"])[0] == 0
        world.keep("new")
        code, text = said(["apply", "--yes"])
        assert code == 0, text
        world.collect()
        Path("RUN").write_text(re.findall(r"^(run-\S+)$", text, re.MULTILINE)[-1], encoding="utf-8")
        world.keep("applied")
        yield world


def tried(world: Aviary, case: Case, count: Count, clean: set[tuple[str, int]]) -> None:
    world.reset(case.state)
    latest = Path("RUN").read_text(encoding="utf-8") if Path("RUN").exists() else "1"
    words = [latest if word == "RUN" else word for word in case.words]
    with MISHAPS[case.mishap](world):
        code, text = said(words)
    count.runs += 1
    count.codes.add(code)
    count.commands.add(case.leaf.name)
    all_of_them = world.collect()
    count.secrets = len(all_of_them.secrets)
    count.wrong += [
        f"{case}: {name} is said: {_around(text, name, all_of_them)}" for name in all_of_them.found(text)
    ]
    for path, data in world.files():
        key = (path, hash((data, count.secrets)))
        if key not in clean:
            found = all_of_them.found(data.decode("utf-8", "replace"))
            count.wrong += [f"{case}: {name} is in the file {path}" for name in found]
            clean |= set() if found else {key}


def _around(text: str, name: str, canaries: Canaries) -> str:
    """The lines that hold it, as far as it stands in one line."""
    one = Canaries({name: canaries.secrets[name]})
    return " / ".join(line[:300] for line in text.split("\n") if one.found(line))[:900]


def campaign(*, seed: int, share: float, only: str = "") -> Count:
    count, clean = Count(), set[tuple[str, int]]()
    rng = random.Random(seed)
    with TemporaryDirectory() as folder, filled(Path(folder)) as world:
        for case in cases(rng, share):
            if only in str(case):
                tried(world, case, count, clean)
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description="Secrets that must not get out.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of all cases")
    parser.add_argument("--only", default="", help="part of a case's name, as a violation shows it")
    words = parser.parse_args()
    began = time.monotonic()
    found = campaign(seed=words.seed, share=words.share, only=words.only)
    print(
        f"canaries: {found.secrets} secrets, {len(found.commands)} commands, {len(MISHAPS)} mishaps, {found.runs}"
        f" runs, exit codes {sorted(found.codes)}, {len(found.wrong)} found where they do not belong,"
        f" seed {words.seed}, {time.monotonic() - began:.0f} s"
    )
    for text in found.wrong:
        print(f"  {text}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
