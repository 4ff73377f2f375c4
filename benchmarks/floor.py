"""The least that a plan could cost in Python: `python -m benchmarks.floor PROJECT URL [--cached FILE] [--calls]`.

The same parts as the engine has (its reader of YAML events, jsonschema-rs, its own connection to the server, JSON,
a test for a subset), put together for one kind by somebody who knows it by heart: no ledger, no limits, no
messages, no places, no plan. With `--cached FILE` it begins with documents that were read before (the file is
written where it is not there yet). It ends with 1 where anything differs. With `--calls` it only makes the calls,
and prints the seconds that they took by the clock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs

from benchmarks.far_end import KEY, PAGE
from reconciler.load import events
from reconciler.wire.limits import USUAL
from reconciler.wire.line import Line
from reconciler.wire.url import Base

AT_ONCE = 8
SCHEMAS = Path(__file__).parents[1] / "schemas"


def declared(project: Path) -> list[dict[str, Any]]:
    """Every document of the project, each valid."""
    spec_right, right = accepts("omni-analytics/User.yaml"), accepts("manifest.yaml")
    found: list[dict[str, Any]] = []
    for file in sorted((project / "manifests").iterdir()):
        for one in events.read(file.read_bytes(), file.name).documents:
            value: Any = one.value
            assert right(value)
            assert spec_right(value["spec"])
            found.append(value)
    return found


def accepts(schema: str) -> Callable[[Any], bool]:
    """Whether a value is as a shipped schema has it."""
    value: Any = events.read((SCHEMAS / schema).read_bytes(), schema).documents[0].value
    return jsonschema_rs.validator_for(value).is_valid


def cached(project: Path, kept: Path) -> list[dict[str, Any]]:
    """The same, from where it was kept."""
    if not kept.exists():
        kept.write_text(json.dumps(declared(project)), encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(kept.read_bytes())
    return found


async def live(url: str) -> list[dict[str, Any]]:
    """Every person, page by page, eight pages at once."""
    line = Line(Base.parse(url), None, USUAL)
    headers = {"Authorization": f"Bearer {KEY}", "Accept": "application/json", "Accept-Encoding": "gzip"}
    seats = asyncio.Semaphore(AT_ONCE)

    async def page(start: int) -> dict[str, Any]:
        async with seats:
            at = f"{url}/scim/v2/users?count={PAGE}&startIndex={start}"
            answer = await line.ask("GET", at, headers, b"")
        found: dict[str, Any] = json.loads(answer.body)
        return found

    try:
        first = await page(1)
        others = [page(start) for start in range(PAGE + 1, first["totalResults"] + 1, PAGE)]
        pages = [first, *await asyncio.gather(*others)]
    finally:
        await line.aclose()
    return [one for found in pages for one in found["Resources"]]


def differing(wanted: list[dict[str, Any]], there: list[dict[str, Any]]) -> int:
    """How many are not as declared."""
    by_email = {one["userName"]: one for one in there}
    count = 0
    for document in wanted:
        spec = document["spec"]
        one = by_email.get(spec["email"])
        same = (
            one is not None
            and spec["name"] == one["displayName"]
            and spec["attributes"].items() <= one["urn:omni:params:1.0:UserAttribute"].items()
        )
        count += not same
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("url")
    parser.add_argument("--cached", type=Path)
    parser.add_argument("--calls", action="store_true")
    given = parser.parse_args()
    if given.calls:
        began = time.perf_counter()
        asyncio.run(live(given.url))
        sys.stdout.write(f"{time.perf_counter() - began}\n")
        return
    wanted = cached(given.project, given.cached) if given.cached else declared(given.project)
    there = asyncio.run(live(given.url))
    count = differing(wanted, there)
    sys.stdout.write(f"{len(wanted)} declared, {len(there)} live, {count} differ\n")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
