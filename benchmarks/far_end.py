"""A far end in a process of its own, so that its work is not counted as ours: `python -m benchmarks.far_end`.

    python -m benchmarks.far_end [--people N] [--latency SECONDS]

Serves the twin of Omni Analytics with so many people in it, who are listed a hundred to a page, and prints its base
URL; ends with its standard input. It asks nobody to slow down.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.people import PROVIDER, TARGET, attributes, email, shown_name
from reconciler.twins import OmniTwin, running

KEY = OmniTwin.default_key
PAGE = 100
__all__ = ["KEY", "PAGE", "PROVIDER", "TARGET", "environment", "far_end"]


@contextmanager
def far_end(people: int, latency: float = 0.0) -> Iterator[str]:
    """The base URL of a far end with so many people, which is gone afterwards. `latency`: seconds to wait before each
    answer."""
    words = [sys.executable, "-m", "benchmarks.far_end", "--people", str(people), "--latency", str(latency)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdin is not None
        assert served.stdout is not None
        try:
            url = served.stdout.readline().strip()
            if not url:
                raise RuntimeError("the far end did not begin")
            yield url
        finally:
            served.stdin.close()
            served.wait(timeout=60)


def environment(url: str) -> dict[str, str]:
    """What an operator would set to reach it."""
    name = f"RECONCILER_{TARGET.upper()}"
    return {f"{name}_URL": url, f"{name}_KEY": KEY, f"{name}_PER_MINUTE": "100000"}


def furnished(people: int, latency: float = 0.0) -> OmniTwin:
    """A twin that holds them."""
    twin = OmniTwin("plain", latency=latency)
    for number in range(people):
        twin.add_user(email(number), shown_name(number), attributes=attributes(number))
    return twin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--latency", type=float, default=0.0)
    given = parser.parse_args()
    with running(furnished(given.people, given.latency)) as url:
        sys.stdout.write(url + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
