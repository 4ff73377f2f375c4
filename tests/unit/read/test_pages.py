"""Pages gone through as they come: in order, each once, and let go of; what is found is what all at once give."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import TypeAlias

import pytest

from reconciler.model.answers import Answers
from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Verbs
from reconciler.model.faults import AnswerInvalid
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.packed import Away, put_away, taken_out
from reconciler.providers import rest
from reconciler.read.gather import Watch, gathered
from reconciler.read.shared import Shared
from tests.unit.providers.samples import CURSOR, PERSON, SCIM, T
from tests.world import catalog

GROUP = catalog().kind("omni-analytics", "UserGroup")
STEP = 3
Record: TypeAlias = "Callable[[int], JsonObject]"


def named(number: int) -> JsonObject:
    return {"id": f"t{number}", "name": f"Thing {number}"}


def person(number: int) -> JsonObject:
    """Every third without attributes."""
    shown: JsonObject = {"id": f"u{number}", "userName": f"P{number}@example.com", "displayName": f"P {number}"}
    return shown if number % 3 else {**shown, "urn:omni:params:1.0:UserAttribute": {"region": "US"}}


def group(number: int) -> JsonObject:
    members: list[Json] = [{"value": f"u{number}", "display": f"P {number}"}]
    return {"id": f"g{number}", "displayName": f"Group {number}", "members": members}


def declared(count: int) -> tuple[JsonObject, ...]:
    return tuple(
        {"email": f"p{n}@example.com", "attributes": False, "address": f"{T}/User/{n}"} for n in range(count)
    )


CASES: dict[str, tuple[Kind, str, Record, Callable[[int], Demand]]] = {
    "a cursor": (CURSOR, "records", named, lambda n: Demand(T, "Thing", ids=tuple(f"t{i}" for i in range(n)))),
    "numbered": (SCIM, "Resources", named, lambda n: Demand(T, "Thing", ids=tuple(f"t{i}" for i in range(n)))),
    "groups": (GROUP, "Resources", group, lambda n: Demand(T, "UserGroup", ids=tuple(f"g{i}" for i in range(n)))),
    "people": (PERSON, "Resources", person, lambda n: Demand(T, "User", details=declared(n))),
}


def of(kind: Kind) -> Verbs:
    return rest.VERBS if kind.provider == "sample" else catalog().verbs[kind.provider, kind.name]


class Far:
    """A list of so many records, whose pages come in any order. `broken`: a page that holds no list."""

    def __init__(
        self, count: int, items: str, record: Record, *, seed: int = 1, broken: int | None = None
    ) -> None:
        self._records, self._items, self._rng, self._broken = (
            [record(n) for n in range(count)],
            items,
            random.Random(seed),
            broken,
        )
        self.came: list[int] = []

    async def read(self, request: Request) -> Reply:
        query = dict(request.query)
        first = int(query["startIndex"]) - 1 if "startIndex" in query else int(query.get("cursor", 0))
        for _ in range(self._rng.randrange(8)):
            await asyncio.sleep(0)
        self.came.append(first // STEP)
        more = first + STEP < len(self._records)
        info: JsonObject = {"hasNextPage": more, "totalRecords": len(self._records)}
        info |= {"nextCursor": str(first + STEP)} if more else {}
        shown: Json = "none" if first // STEP == self._broken else [*self._records[first : first + STEP]]
        page: JsonObject = {"pageInfo": info, "totalResults": len(self._records), "itemsPerPage": STEP}
        return Reply(200, {**page, self._items: shown})


class Seen:
    """What a watch is told of."""

    def __init__(self) -> None:
        self.things: list[Resource] = []
        self.heard: list[int] = []
        self.away: list[str] = []

    @property
    def watch(self) -> Watch:
        return Watch(
            lambda r: self.heard.append(len(r)), self.things.extend, lambda r, _: self.away.append(str(r))
        )


def reading(kind: Kind, demand: Demand, far: Far, watch: Watch) -> tuple[Collection, Replies]:
    async def read() -> tuple[Collection, Replies]:
        return await gathered(kind, of(kind), demand, Shared(far, lambda _: None), watch=watch)

    return asyncio.run(read())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", range(5))
def test_whatever_order_pages_come_in_they_are_gone_through_in_that_of_asking(name: str, seed: int) -> None:
    kind, items, record, demand = CASES[name]
    seen, far = Seen(), Far(20, items, record, seed=seed)

    found, replies = reading(kind, demand(20), far, seen.watch)

    assert found.proof.complete
    assert (
        [r.id for r in seen.things] == [str(record(n)["id"]) for n in range(20)] == [r.id for r in found.resources]
    )
    assert seen.heard == sorted(seen.heard)
    assert seen.away == [str(r) for r, _ in replies]
    assert all(isinstance(body, Away) for _, body in replies)
    if kind is not CURSOR:
        assert len(seen.heard) > 2, "not all at once"


@pytest.mark.parametrize("name", CASES)
def test_what_is_found_is_what_all_answers_at_once_give(name: str) -> None:
    kind, items, record, demand = CASES[name]
    found, replies = reading(kind, demand(20), Far(20, items, record), Seen().watch)

    at_once = Answers((request, taken_out(body)) for request, body in replies)

    assert of(kind).parse(kind, demand(20), at_once) == found
    assert of(kind).parse(kind, demand(20), tuple(at_once)) == found, "nor does it need to be remembered"
    assert of(kind).reads(kind, demand(20), tuple(at_once)) == []


def test_a_page_that_is_no_list_is_told_by_its_own_request() -> None:
    with pytest.raises(AnswerInvalid, match="holds no list") as said:
        reading(SCIM, Demand(T, "Thing"), Far(20, "Resources", named, broken=2), Seen().watch)
    assert "startIndex=7" in str(said.value)


def test_what_an_answer_was_is_told_to_who_asks_after_it_was_put_away() -> None:
    """A second kind that reads the same list costs no request."""
    far = Far(20, "Resources", named)

    async def both() -> tuple[Sequence[Resource], Sequence[Resource], int]:
        ask = Shared(far, lambda _: None)
        watch = Watch(put_away=ask.put_away)
        first, _ = await gathered(SCIM, rest.VERBS, Demand(T, "Thing"), ask, watch=watch)
        second, _ = await gathered(SCIM, rest.VERBS, Demand(T, "Thing"), ask, watch=watch)
        return first.resources, second.resources, len(ask.requests)

    first, second, requests = asyncio.run(both())
    assert first == second
    assert requests == 7


def test_what_is_asked_anew_takes_the_place_of_what_was_put_away() -> None:
    """Also where whoever asked anew goes through no pages."""

    class Counting:
        times = 0

        async def read(self, request: Request) -> Reply:  # noqa: ARG002 - the same to every question
            self.times += 1
            return Reply(200, [self.times])

    async def asked() -> list[Json]:
        ask, request = Shared(Counting(), lambda _: None), Request(T, "GET", "/things", safe=True)
        first = await ask(request)
        ask.put_away(request, put_away(first))
        return [first, await ask(request), await ask(request, again=True), await ask(request)]

    assert asyncio.run(asked()) == [[1], [1], [2], [2]]


def test_records_that_are_asked_about_one_by_one_are_kept() -> None:
    """A detail names a thing as its list does: whoever asks for it looks into the page again."""
    detailed = Demand(T, "Thing", details=({"key": "Thing 1", "id": None, "scope": [], "fields": ["size"]},))

    assert rest.sift(SCIM, detailed, Answers()) is None
    assert rest.sift(SCIM, Demand(T, "Thing", singly=True), Answers()) is None
