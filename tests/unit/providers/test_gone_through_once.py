"""What reading costs as lists grow, by counting: each answer's records are gone through so many times and no more,
however many answers there are."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TypeAlias

import pytest

from reconciler.model.answers import Answers
from reconciler.model.call import Request
from reconciler.model.catalog import Verbs
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.providers import rest
from reconciler.providers.omni_cms.answers import SPACES_AT
from reconciler.read.forecast import long_lists
from reconciler.read.gather import collection
from tests.unit.providers.samples import CURSOR, PERSON, SCIM, T
from tests.world import catalog

MAILED = catalog().kind("omni-analytics", "EmailOnlyUser")
COMPONENT = catalog().kind("omni-cms", "Component")
STEP = 5


class Counted(list[Json]):
    """A list that counts how often it is gone through."""

    times = 0

    def __iter__(self) -> Iterator[Json]:
        self.times += 1
        return super().__iter__()


def email(number: int) -> str:
    return f"p{number:05}@example.com"


class Far:
    """A list of so many records, in pages that lead on by cursor or are numbered."""

    def __init__(self, count: int, items: str, record: Callable[[int], JsonObject]) -> None:
        self.count, self.items = count, items
        self.pages = [
            Counted(record(n) for n in range(first, min(first + STEP, count))) for first in range(0, count, STEP)
        ]
        self.asked = 0

    async def __call__(self, request: Request, *, again: bool = False) -> Json:
        assert not again
        self.asked += 1
        query = dict(request.query)
        if request.path == SPACES_AT:
            return {"spaces": [{"id": 1, "name": "Site"}]}
        if isinstance(request.body, dict):
            offset = request.body["offset"]
            assert isinstance(offset, int)
            return {"components": self.pages[offset // STEP], "more": offset + STEP < self.count}
        page = int(query.get("cursor", 0)) if "startIndex" not in query else (int(query["startIndex"]) - 1) // STEP
        more = page + 1 < len(self.pages)
        info: JsonObject = {"hasNextPage": more, "totalRecords": self.count, "pageSize": STEP}
        info |= {"nextCursor": str(page + 1)} if more else {}
        return {self.items: self.pages[page], "pageInfo": info, "totalResults": self.count, "itemsPerPage": STEP}


def named(number: int) -> JsonObject:
    return {"id": f"t{number}", "name": f"Thing {number}"}


def person(number: int) -> JsonObject:
    shown: JsonObject = {"id": f"u{number}", "userName": email(number), "displayName": f"P {number}"}
    return {**shown, "urn:omni:params:1.0:UserAttribute": {}}


def recipient(number: int) -> JsonObject:
    return {"user_id": f"e{number}", "email": email(number), "attributes": {}}


def declared(count: int) -> tuple[JsonObject, ...]:
    return tuple({"email": email(n), "attributes": True, "address": f"{T}/User/p{n}"} for n in range(count))


def reading(kind: Kind, verbs: Verbs, demand: Demand, far: Far) -> Collection:
    return asyncio.run(collection(kind, verbs, demand, far))


def of(kind: Kind) -> Verbs:
    return catalog().verbs[kind.provider, kind.name] if kind.provider != "sample" else rest.VERBS


Case: TypeAlias = tuple[Kind, str, Callable[[int], JsonObject], Callable[[int], Demand]]
CASES: dict[str, Case] = {
    "a cursor": (CURSOR, "records", named, lambda n: Demand(T, "Thing", ids=tuple(f"t{i}" for i in range(n)))),
    "numbered": (SCIM, "Resources", named, lambda n: Demand(T, "Thing", ids=tuple(f"t{i}" for i in range(n)))),
    "people": (PERSON, "Resources", person, lambda n: Demand(T, "User", details=declared(n))),
    "recipients": (MAILED, "records", recipient, lambda n: Demand(T, "EmailOnlyUser", details=declared(n))),
}


@pytest.mark.parametrize("name", CASES)
def test_the_records_of_an_answer_are_gone_through_a_few_times_at_most(name: str) -> None:
    kind, items, record, demand = CASES[name]
    times = []
    for pages in (10, 40):
        far = Far(pages * STEP, items, record)
        assert reading(kind, of(kind), demand(pages * STEP), far).proof.complete
        times.append(max(page.times for page in far.pages))
    assert times[1] <= times[0] <= 5, times


@pytest.mark.parametrize("name", CASES)
def test_twice_as_many_records_take_twice_the_work(name: str) -> None:
    kind, items, record, demand = CASES[name]

    def work(pages: int) -> int:
        far, wanted = Far(pages * STEP, items, record), demand(pages * STEP)
        return calls(lambda: reading(kind, of(kind), wanted, far))

    work(5)  # what is done once, is done
    small, large = work(60), work(120)
    assert large <= 2.1 * small, (small, large)


def test_a_search_page_by_page_looks_at_each_page_for_itself() -> None:
    """CM-R10: a page that shows nothing new is found out, without going through all before it for that."""
    verbs = of(COMPONENT)
    details: tuple[JsonObject, ...] = ({"spaces": ["1"]},)

    def work(pages: int) -> int:
        far = Far(pages * STEP, "components", lambda n: {"id": n, "key": f"k{n}", "spaceId": 1, "parents": []})
        return calls(lambda: asyncio.run(asked_in_turn(far, verbs, Demand(T, "Component", details=details))))

    work(5)
    small, large = work(60), work(120)
    assert large <= 2.15 * small, (small, large)


async def asked_in_turn(far: Far, verbs: Verbs, demand: Demand) -> None:
    """The search to its end; what proves it is no matter here."""
    replies = Answers()
    while far.asked <= len(far.pages) and (batch := verbs.reads(COMPONENT, demand, replies)):
        replies = replies.and_then([(request, await far(request)) for request in batch])
    assert far.asked == len(far.pages) + 1, "the spaces, and each page"


def calls(work: Callable[[], object]) -> int:
    """How many functions of ours are called, comprehensions included."""
    count = 0

    def hear(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        if event == "call" and "reconciler" in frame.f_code.co_filename:
            count += 1

    before = sys.getprofile()
    sys.setprofile(hear)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_a_forecast_that_hears_of_every_page_does_not_begin_anew_each_time() -> None:
    def work(pages: int) -> int:
        far = Far(pages * STEP, "records", named)
        request = rest.reads(CURSOR, Demand(T, "Thing"), ())[0]
        bodies: Sequence[Json] = asyncio.run(all_of(far, request, pages))

        def hears() -> None:
            so_far = Answers()
            for n, body in enumerate(bodies):
                so_far = so_far.and_then([(turned(request, n), body)])
                long_lists(CURSOR, so_far)

        return calls(hears)

    assert work(120) <= 2.1 * work(60)


async def all_of(far: Far, request: Request, pages: int) -> list[Json]:
    return [await far(turned(request, n)) for n in range(pages)]


def turned(request: Request, page: int) -> Request:
    return Request(request.target, request.method, request.path, (*request.query, ("cursor", str(page))))
