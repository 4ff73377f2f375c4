"""A far end in a process of its own, so that its work is not counted as ours: `python -m benchmarks.far_end`.

    python -m benchmarks.far_end [--people N] [--latency SECONDS]

Serves the twin of Omni Analytics with so many people in it, who are listed a hundred to a page, and prints its
base URL; a line `asked` on its standard input is answered with the requests since the last one, by method, as one
line of JSON; it ends with its standard input. It asks nobody to slow down.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.people import PROVIDER, TARGET, attributes, email, shown_name

if TYPE_CHECKING:
    from reconciler.twins import OmniTwin

KEY: Final = "omni_osk_test"
"""The twin's own, written out: who only asks must not pay for importing the twins."""
PAGE: Final = 100
BORN: Final = 2
"""People who are in every such organisation, and whom no manifest declares."""
ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class FarEnd:
    """One that serves."""

    url: str
    process: subprocess.Popen[str] = field(repr=False)

    def asked(self) -> Counter[str]:
        """How many requests came since this was called last, by method."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("asked\n")
        self.process.stdin.flush()
        return Counter(json.loads(self.process.stdout.readline()))


@contextmanager
def serving(people: int, latency: float = 0.0) -> Iterator[FarEnd]:
    """A far end with so many people, which is gone afterwards. `latency`: seconds to wait before each answer."""
    words = [sys.executable, "-m", "benchmarks.far_end", "--people", str(people), "--latency", str(latency)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as served:
        assert served.stdin is not None
        assert served.stdout is not None
        try:
            url = served.stdout.readline().strip()
            if not url:
                raise RuntimeError("the far end did not begin")
            yield FarEnd(url, served)
        finally:
            served.stdin.close()
            try:
                served.wait(timeout=60)
            except subprocess.TimeoutExpired:
                served.kill()


@contextmanager
def far_end(people: int, latency: float = 0.0) -> Iterator[str]:
    """The same, for who needs its base URL alone."""
    with serving(people, latency) as found:
        yield found.url


def environment(url: str) -> dict[str, str]:
    """What an operator would set to reach it."""
    name = f"RECONCILER_{TARGET.upper()}"
    return {f"{name}_URL": url, f"{name}_KEY": KEY, f"{name}_PER_MINUTE": "100000"}


def pages(people: int) -> int:
    """The least number of requests that list them all."""
    return -(-(people + BORN) // PAGE)


def furnished(people: int, latency: float = 0.0) -> OmniTwin:
    """A twin that holds them."""
    from reconciler.twins import OmniTwin

    assert OmniTwin.default_key == KEY
    twin = OmniTwin("plain", latency=latency)
    twin.define_attributes_of(attributes(0))
    for number in range(people):
        twin.add_user(email(number), shown_name(number), attributes=attributes(number))
    return twin


def answer(twin: OmniTwin) -> None:
    """Say what was asked, as often as somebody wants to know."""
    for _ in sys.stdin:
        counts = Counter(entry.method for entry in twin.log)
        twin.log.clear()
        sys.stdout.write(json.dumps(counts) + "\n")
        sys.stdout.flush()


def main() -> None:
    from reconciler.twins import running

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--latency", type=float, default=0.0)
    given = parser.parse_args()
    twin = furnished(given.people, given.latency)
    with running(twin) as url:
        sys.stdout.write(url + "\n")
        sys.stdout.flush()
        answer(twin)


__all__ = [
    "BORN",
    "KEY",
    "PAGE",
    "PROVIDER",
    "ROOT",
    "TARGET",
    "FarEnd",
    "environment",
    "far_end",
    "pages",
    "serving",
]

if __name__ == "__main__":
    main()
