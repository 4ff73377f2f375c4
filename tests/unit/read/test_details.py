"""What is read one by one: who asks for it, what is kept of it, and what several ask for together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Catalog
from reconciler.model.document import Address, Desired, Document, Target
from reconciler.model.faults import AnswerInvalid, ProviderRefused
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field, Kind, ListCall, Rest
from reconciler.model.live import Demand, Live, Replies
from reconciler.model.place import Place
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded
from reconciler.providers.rest import VERBS
from reconciler.providers.rest.reads import get, unasked
from reconciler.read import demands
from reconciler.read import live as read_live

T, P = "here", "sample"
NAME = Field("name", wire="/name", normalise=("casefold",))
PLACE = Kind(P, "Place", "name", {"name": NAME}, {}, Rest(list=ListCall("GET /places", "")))
THING = Kind(
    P,
    "Thing",
    "name",
    {"name": NAME, "place": Field("place", ref="Place", wire="/placeId"), "notes": Field("notes", wire="/notes")},
    {},
    Rest(
        list=ListCall("GET /things", "", by=("place",), after=("Place",)), read="GET /things/{id}", when=("notes",)
    ),
    scope=("place",),
)
NOTE = Kind(P, "Note", "name", {"name": NAME}, {}, Rest(read="GET /notes/{id}"), findable=False)
KINDS = {(k.provider, k.name): k for k in (PLACE, THING, NOTE)}


def catalog(**kinds: Kind) -> Catalog:
    known = {**KINDS, **{(P, name): kind for name, kind in kinds.items()}}
    return Catalog(known, dict.fromkeys(known, VERBS), {})


def doc(kind: str, name: str, pinned_id: str | None = None, /, **spec: Json) -> Document:
    return Document(Address(T, kind, name), P, spec, Place(f"{name}.yaml"), pinned_id=pinned_id)


def bond(kind: str, name: str, remote_id: str) -> Bond:
    return Bond(Address(T, kind, name), remote_id, on_remove="delete")


@dataclass
class Far:
    """Answers by `METHOD path body`, the body left out where there is none; a number is a refusal."""

    answers: Mapping[str, Json]
    asked: list[str] = field(default_factory=list)

    async def read(self, request: Request) -> Reply:
        line = str(request) + ("" if request.body is None else f" {canonical(request.body)}")
        self.asked.append(line)
        await asyncio.sleep(0)
        body = self.answers[line]
        if isinstance(body, int):
            raise ProviderRefused(f"answered {body}", target=T, request=line, status=body)
        return Reply(200, body)


def read(far: Far, documents: Sequence[Document], bonds: Sequence[Bond] = (), **kinds: Kind) -> Live:
    known = catalog(**kinds)
    desired = Desired(tuple(documents), {T: Target(T, P)}, "sha256:0")
    wanted = demands(desired, Recorded({b.address: b for b in bonds}), known)
    return asyncio.run(read_live(wanted, {T: P}, known, far))


PLACES: Json = [{"id": "p1", "name": "North"}, {"id": "p2", "name": "South"}]
THINGS: Json = [{"id": i, "name": "A", "placeId": f"p{i}"} for i in "12"]


def test_a_declared_detail_is_read_of_its_thing_alone() -> None:
    far = Far({"GET /places": PLACES, "GET /things": THINGS, "GET /things/2": {**THINGS[1], "notes": "x"}})  # type: ignore[index,dict-item]

    found = read(
        far, [doc("Thing", "a", name="a", place="south", notes="x"), doc("Thing", "b", name="a", place="North")]
    )

    assert far.asked == ["GET /places", "GET /things", "GET /things/2"]
    assert [r.fields.get("notes") for r in found.of(T, "Thing").resources] == [None, "x"]
    [detail] = found.demands[T, "Thing"].details
    assert detail == {"key": "a", "scope": ["p2"], "id": None, "fields": ["notes"]}


def test_the_answers_are_kept_where_a_plan_must_count_reading_them_again() -> None:
    answers: dict[str, Json] = {"GET /places": PLACES, "GET /things": [], "GET /things/2": 404}
    detailed, plain = (
        doc("Thing", "a", name="A", place="North", notes="x"),
        doc("Thing", "a", name="A", place="North"),
    )
    fresh = replace(THING, rest=replace(THING.rest, when=(), fresh=True))

    kept = read(Far(answers), [detailed], [bond("Thing", "a", "2")]).replies

    assert [(str(r), body) for r, body in kept[T, "Thing"].replies()] == [
        ("GET /things", []),
        ("GET /things/2", None),
    ]
    assert list(kept) == [(T, "Thing")]
    assert list(read(Far(answers), [plain]).replies) == []
    assert list(read(Far(answers), [plain], Thing=fresh).replies) == [(T, "Thing")]


def test_a_list_is_chosen_by_what_a_documents_name_stands_for() -> None:
    far = Far({"GET /places": PLACES, "GET /things": [], "GET /things/9": 404})
    places = [
        doc("Place", "top", name="NORTH"),
        doc("Place", "moved", name="West"),
        doc("Place", "pin", "p2", name="x"),
    ]
    things = [
        doc("Thing", f"t{i}", name=str(i), place=p) for i, p in enumerate(("top", "moved", "pin", "South", "?"))
    ]

    found = read(far, [*places, *things], [bond("Place", "moved", "p1")])

    assert found.demands[T, "Thing"].by == ({"place": "p1"}, {"place": "p2"})


# Things that no list shows.


def test_what_no_list_shows_is_read_by_recorded_and_pinned_ids() -> None:
    far = Far({"GET /notes/n1": {"id": "n1", "name": "A"}, "GET /notes/n2": 404})

    found = read(far, [doc("Note", "a", name="A"), doc("Note", "b", "n2", name="B")], [bond("Note", "a", "n1")])

    assert found.demands[T, "Note"] == Demand(T, "Note", ids=("n1", "n2"))
    assert [r.id for r in found.of(T, "Note").resources] == ["n1"]
    assert found.of(T, "Note").proof.complete
    assert sorted(far.asked) == ["GET /notes/n1", "GET /notes/n2"]


def test_a_pinned_id_of_a_listed_kind_asks_for_nothing_more() -> None:
    assert read(Far({"GET /places": PLACES}), [doc("Place", "a", "p9", name="A")]).demands[T, "Place"].ids == ()


# Reads that are not GETs.


def searching(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One search per kind, all of one path."""
    return unasked([get(demand.target, "POST /search", body={"kind": kind.name})], replies)


def test_one_path_with_two_bodies_is_two_questions_and_with_one_is_one() -> None:
    known = catalog()
    verbs = replace(VERBS, reads=searching, parse=lambda k, d, _: VERBS.parse(k, replace(d, singly=True), ()))
    known = Catalog(known.kinds, dict.fromkeys(known.kinds, verbs), {})
    far = Far({f'POST /search {{"kind":"{name}"}}': [] for name in ("Place", "Thing")})
    documents = (doc("Place", "a", name="A"), doc("Thing", "b", name="B", place="A"))
    wanted = demands(Desired(documents, {T: Target(T, P)}, ""), Recorded(), known)

    found = asyncio.run(read_live(wanted, {T: P}, known, far))

    assert len(far.asked) == len(found.requests) == 2


def test_one_answer_serves_all_and_each_takes_a_refusal_in_its_own_way() -> None:
    def lenient(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
        return unasked([replace(get(demand.target, "GET /shared"), may_be_gone=kind.name == "Place")], replies)

    seen: dict[str, Json] = {}

    def noting(kind: Kind, demand: Demand, replies: Replies) -> object:
        seen[kind.name] = replies[0][1]
        return VERBS.parse(kind, replace(demand, singly=True), ())

    verbs = replace(VERBS, reads=lenient, parse=noting)  # type: ignore[arg-type]
    known = Catalog(KINDS, dict.fromkeys(KINDS, verbs), {})
    far = Far({"GET /shared": 404})
    documents = (doc("Place", "a", name="A"),)

    asyncio.run(
        read_live(demands(Desired(documents, {T: Target(T, P)}, ""), Recorded(), known), {T: P}, known, far)
    )
    assert seen == {"Place": None}
    both = (*documents, doc("Thing", "b", name="B", place="A"))
    with pytest.raises(ProviderRefused):
        asyncio.run(
            read_live(demands(Desired(both, {T: Target(T, P)}, ""), Recorded(), known), {T: P}, known, far)
        )
    assert far.asked == ["GET /shared"] * 2


# Words of our own.


@pytest.mark.parametrize("word", ["$secret", "$id", "$from", "$find", "$riders", "$count"])
def test_a_live_value_that_speaks_like_us_is_no_answer(word: str) -> None:
    hostile: Json = [{"id": "p1", "name": "N", "more": [{"deep": {word: {"fromEnv": "HOME"}}}]}]
    kind = replace(PLACE, fields={**PLACE.fields, "more": Field("more", ("array",), "/more")})

    with pytest.raises(AnswerInvalid, match=r"`more` of Place p1 holds \$"):
        read(Far({"GET /places": hostile}), [doc("Place", "a", name="A")], Place=kind)


@pytest.mark.parametrize("value", [{"$or": 1}, {"$id": 1, "x": 2}, "$secret", ["$id"], {"$file": {"sha256": "0"}}])
def test_other_values_with_dollars_are_values(value: Json) -> None:
    kind = replace(PLACE, fields={**PLACE.fields, "more": Field("more", ("object",), "/more")})

    found = read(
        Far({"GET /places": [{"id": "p1", "name": "N", "more": value}]}), [doc("Place", "a", name="A")], Place=kind
    )

    assert found.of(T, "Place").resources[0].fields["more"] == value
