"""What one call costs on the way: our connections beside the usual client, both asking for the same page.

    python -m benchmarks.calls [--rounds N] [--quick]

Each side is a process that asks so many times, so many at once, and reads the bytes of each answer; what the
process costs by itself is measured by one that asks once, and taken off.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks.far_end import KEY, serving
from benchmarks.figures import Figure, alone
from benchmarks.sides import Ratio, Run, Side, loops, rounds
from reconciler.wire.limits import USUAL
from reconciler.wire.line import Line
from reconciler.wire.url import Base

MOST = 32
AT_ONCE = (1, 8, MOST)
CALLS, QUICK = 1_000, 100
HEADERS = {"Authorization": f"Bearer {KEY}", "Accept": "application/json", "Accept-Encoding": "gzip"}


def figures(count: int, quick: bool) -> list[Figure]:
    calls = QUICK if quick else CALLS
    with serving(1) as end:
        sides = [
            Side(f"{who} {at_once} {times}", _words(who, end.url, at_once, times))
            for who in ("ours", "usual")
            for at_once in AT_ONCE
            for times in (1, calls)
        ]
        found = rounds(sides, count)

    def each(who: str, at_once: int) -> list[float]:
        whole, once = found[f"{who} {at_once} {calls}"], found[f"{who} {at_once} 1"]
        return [_beyond(a, b) for a, b in zip(whole, once, strict=True)]

    return [
        Figure(
            f"a call, {at_once} at once",
            "CPU, ours / httpx.AsyncClient",
            Ratio.of(a / b for a, b in zip(each("ours", at_once), each("usual", at_once), strict=True)),
            0.12 if at_once == MOST else None,
            0.06 if at_once == MOST else None,
            loops=loops(found),
        )
        for at_once in AT_ONCE
    ]


def _beyond(whole: Run, once: Run) -> float:
    return max(whole.cpu - once.cpu, 1e-9)


def _words(who: str, url: str, at_once: int, times: int) -> tuple[str, ...]:
    return (sys.executable, "-m", "benchmarks.calls", who, url, str(at_once), str(times))


async def ours(url: str, at_once: int, times: int) -> None:
    line, left = Line(Base.parse(url), None, USUAL), iter(range(times))

    async def some() -> None:
        for _ in left:
            answer = await line.ask("GET", f"{url}/scim/v2/users?count=1", HEADERS, b"")
            assert answer.status == 200

    try:
        await asyncio.gather(*(some() for _ in range(at_once)))
    finally:
        await line.aclose()


async def usual(url: str, at_once: int, times: int) -> None:
    import httpx

    left = iter(range(times))
    async with httpx.AsyncClient(headers=HEADERS) as client:

        async def some() -> None:
            for _ in left:
                answer = await client.get(f"{url}/scim/v2/users?count=1")
                assert answer.status_code == 200

        await asyncio.gather(*(some() for _ in range(at_once)))


def main() -> None:
    if sys.argv[1:2] not in (["ours"], ["usual"]):
        alone(figures, __doc__)
        return
    who, url, at_once, times = sys.argv[1:]
    asyncio.run((ours if who == "ours" else usual)(url, int(at_once), int(times)))


if __name__ == "__main__":
    main()
