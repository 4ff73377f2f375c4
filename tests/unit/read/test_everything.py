"""Which lists show everything of a kind, in which order, and what is said where one cannot be read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Catalog
from reconciler.model.faults import ProviderRefused, Unauthorised
from reconciler.model.forecast import Forecast, Sizes
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind, ListCall, Rest
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.read.everything import demanded, everything, in_order
from reconciler.read.forecast import Reading


def kind(name: str, *, by: Sequence[str] = (), after: Sequence[str] = (), **fields: Field) -> Kind:
    schema: dict[str, Json] = {"properties": {"scope": {"enum": ["all", "some"]}}}
    held = {"name": Field("name", wire="/name"), **fields}
    listing = ListCall(f"GET /{name}", "", by=tuple(by), after=tuple(after))
    return Kind("p", name, "name", held, schema, Rest(list=listing))


def catalog(*kinds: Kind) -> Catalog:
    at = {("p", k.name): k for k in kinds}
    return Catalog(at, dict.fromkeys(at, rest.VERBS), {})


class Answers:
    """A Reader with these answers; a number is a refusal."""

    def __init__(self, **answers: Json) -> None:
        self.answers, self.asked = answers, list[str]()

    async def read(self, request: Request) -> Reply:
        self.asked.append(str(request))
        answer = self.answers[request.path.removeprefix("/")]
        if isinstance(answer, int):
            fault = Unauthorised if answer == 401 else ProviderRefused
            raise fault("no", target="t", request=str(request), status=answer)
        return Reply(200, answer)


PEOPLE = kind("Person")
THINGS = kind(
    "Thing", by=["scope", "owner"], after=["Person"], owner=Field("owner", ref="Person"), scope=Field("scope")
)
FREE = kind("Free", by=["word"], word=Field("word"))


def test_kinds_are_read_behind_those_they_are_read_after() -> None:
    circle = [kind("A", after=["B"]), kind("B", after=["A"]), kind("C", after=["B", "elsewhere"])]
    assert [k.name for k in in_order([THINGS, PEOPLE])] == ["Person", "Thing"]
    assert [k.name for k in in_order(circle)] == ["A", "B", "C"]


def test_lists_are_read_by_everything_that_is_live() -> None:
    there = {"Person": Collection("Person", (Resource("1", "Ann", {}), Resource("2", "Bob", {})))}
    found = demanded(THINGS, rest.VERBS, "t", there, {})
    assert isinstance(found, Demand)
    assert [dict(b) for b in found.by] == [{"scope": s, "owner": o} for s in ("all", "some") for o in ("1", "2")]
    some = demanded(THINGS, rest.VERBS, "t", there, {"owner": ["bob"], "scope": ["some"]})
    assert isinstance(some, Demand)
    assert [dict(b) for b in some.by] == [{"scope": "some", "owner": "2"}]


def test_what_cannot_be_told_is_asked_for() -> None:
    assert demanded(FREE, rest.VERBS, "t", {}, {}) == "its lists are read by `word`: say which, as --by word=VALUE"
    found = demanded(FREE, rest.VERBS, "t", {}, {"word": ["a", "b"]})
    assert isinstance(found, Demand)
    assert [dict(b) for b in found.by] == [{"word": "a"}, {"word": "b"}]


def test_a_kind_s_own_word_sees_just_what_was_named() -> None:
    def own(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:
        return Demand(target, kind.name, ids=tuple(r.id for r in others["Person"].resources))

    verbs = replace(rest.VERBS, everything=own)
    there = {"Person": Collection("Person", (Resource("1", "Ann", {}), Resource("2", "Bob", {})))}
    found = demanded(THINGS, verbs, "t", there, {"owner": ["Ann"]})
    assert isinstance(found, Demand)
    assert found.ids == ("1",)


def test_a_refused_list_is_said_and_the_others_are_read() -> None:
    reader = Answers(A=403, B=[{"id": "1", "name": "b"}])
    found, refused = asyncio.run(
        everything("t", [kind("A"), kind("B")], catalog(kind("A"), kind("B")), reader, {})
    )
    assert [r.key for r in found["B"].resources] == ["b"]
    assert refused == {"A": "the list is refused: no (GET /A)"}


def test_a_key_that_opens_nothing_stops_everything() -> None:
    with pytest.raises(Unauthorised):
        asyncio.run(everything("t", [kind("A")], catalog(kind("A")), Answers(A=401), {}))


def test_what_it_will_take_is_said_again_once_the_lists_tell_more() -> None:
    def each(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
        return Forecast(singly=len(demand.ids) or 1)

    def own(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:
        people = others.get("Person", Collection("Person")).resources
        return Demand(target, kind.name, ids=tuple(r.id for r in people))

    verbs = {("p", "Person"): rest.VERBS, ("p", "Thing"): replace(rest.VERBS, everything=own, expected=each)}
    known = Catalog({("p", k.name): k for k in (PEOPLE, THINGS)}, verbs, {})
    people: list[Json] = [{"id": str(n), "name": f"p{n}"} for n in range(70)]
    heard: list[Reading] = []

    asyncio.run(everything("t", [THINGS, PEOPLE], known, Answers(Person=people, Thing=people), {}, heard.append))

    assert [(r.target, r.requests, r.made) for r in heard] == [("t", 2, 0), ("t", 71, 1)]
