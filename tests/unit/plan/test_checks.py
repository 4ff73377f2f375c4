"""What is read again before a call goes, how many requests that takes, and what it is compared with."""

from __future__ import annotations

from typing import Any

from reconciler.model.call import Request
from reconciler.model.catalog import Catalog, Reads
from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind, ListCall, Rest
from reconciler.model.live import Collection, Demand, Live, Replies, Resource
from reconciler.model.packed import Packed
from reconciler.model.plan import Call, Effect, Phase, Precondition, Role
from reconciler.model.record import replace
from reconciler.plan.checks import preconditions
from reconciler.providers.rest import VERBS
from tests.unit.diff.hard import THING

NAME = Field("name", wire="/name")
PART = Kind("odd", "Part", "name", {"name": NAME}, {}, joins="Whole")
WHOLE = Kind("odd", "Whole", "name", {"name": NAME}, {}, joined={"Part": PART})
MEMBERS = Field(
    "members", ("array",), is_set=True, entry_parts=("who",), entries={"who": Field("who", ref="Desk")}
)
DESK = Kind("odd", "Desk", "name", {"name": NAME}, {})
KINDS = {k.name: k for k in (PART, WHOLE, DESK, THING)}


def change(kind: str, name: str, target: str = "far", **words: Any) -> Change:
    live = Resource(f"id {name}", name, {"name": name})
    return Change(Verb.UPDATE, Address(target, kind, name), live=live, key=name, **words)


def call(about: Change, **words: Any) -> Call:
    at = about.address
    words.setdefault("effect", Effect(fields={"name": at.name}))
    words.setdefault("live_id", about.live.id if about.live else None)
    return Call(f"{at}", at.target, at.kind, at, "PUT", "/x", Phase.UPDATE, **words)


def read_again(
    *changes: Change,
    kinds: dict[str, Kind] = KINDS,
    reads: Reads | None = None,
    replies: dict[tuple[str, str], Packed] | None = None,
    demand: dict[str, Any] | None = None,
    there: tuple[Resource, ...] = (),
    calls: tuple[Call, ...] | None = None,
) -> dict[str, Precondition]:
    """What is read again for these changes, by `target/kind`."""
    verbs = replace(VERBS, reads=reads) if reads else VERBS
    known = Catalog({("odd", n): k for n, k in kinds.items()}, {("odd", n): verbs for n in kinds}, {})
    places = {(c.address.target, c.address.kind) for c in changes}
    live = Live(
        {at: Collection(at[1], there) for at in places},
        demands={at: Demand(*at, **(demand or {})) for at in places},
        replies=replies or {},
    )
    by_address = {c.address: c for c in changes}
    asked = [call(c) for c in changes] if calls is None else calls
    found = preconditions(asked, by_address, lambda c: kinds[c.address.kind], live, known)
    return {f"{p.demand.target}/{p.demand.kind}": p for p in found}


def page(path: str, **words: Any) -> Request:
    return Request("far", "GET", path, **words)


# Requests


def shared(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One list for all of a family and one of its own, of each kind."""
    return [] if replies else [page("/all"), page(f"/{kind.name}/{demand.kind}")]


def test_what_a_family_reads_in_common_is_counted_once() -> None:
    found = read_again(change("Whole", "w"), change("Part", "p"), reads=shared)

    assert {at: p.requests for at, p in found.items()} == {"far/Part": 2, "far/Whole": 1}


def test_another_target_and_another_family_read_for_themselves() -> None:
    far, near = change("Part", "p"), change("Part", "p", "near")
    assert {p.requests for p in read_again(far, near, reads=shared).values()} == {2}

    others = {n: replace(KINDS["Part"], name=n, joins=f"{n} family") for n in ("A", "B")}
    heads = {f"{n} family": replace(WHOLE, name=f"{n} family", joined={n: k}) for n, k in others.items()}
    found = read_again(change("A", "a"), change("B", "b"), kinds={**others, **heads}, reads=shared)
    assert {p.requests for p in found.values()} == {2}


def test_a_reading_that_is_made_only_if_a_hold_is_lifted_asks_for_what_is_left() -> None:
    whole, part = change("Whole", "w"), change("Part", "p")
    calls = (call(whole), replace(call(part), held=("stop",)))

    found = read_again(whole, part, reads=shared, calls=calls)

    assert {at: p.requests for at, p in found.items()} == {"far/Part": 1, "far/Whole": 2}


def in_turn(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """A list; then a look at each of two things, one of which may be gone; then what the first of them names."""
    if not replies:
        return [page("/list")]
    more = [page("/more")] if any(r.path == "/one" for r, _ in replies) else []
    return [page("/one"), page("/gone", may_be_gone=True), *more]


def kept(*paths: str) -> dict[tuple[str, str], Packed]:
    answers: list[tuple[Request, Json]] = [(page(path), {"of": path}) for path in paths]
    return {("far", "Desk"): Packed.of(tuple(answers))}


def test_what_was_answered_leads_on_and_what_was_not_leads_nowhere() -> None:
    def requests(*paths: str, **words: Any) -> int:
        return read_again(change("Desk", "d"), reads=in_turn, replies=kept(*paths), **words)["far/Desk"].requests

    assert requests() == 1, "the list was asked for otherwise: nothing is known of what it leads to"
    assert requests("/list") == 2
    assert requests("/list", "/gone") == 3
    assert requests("/list", "/one") == 3
    assert requests("/list", "/one", "/gone", "/more") == 4
    assert requests("/list", demand={"singly": True}) == 3


def test_requests_that_differ_in_their_body_alone_are_two() -> None:
    def searches(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
        return [] if replies else [replace(page("/search"), method="POST", body={"page": n}) for n in (1, 2)]

    assert read_again(change("Desk", "d"), reads=searches, replies=kept())["far/Desk"].requests == 2


# What is compared


def test_a_name_is_free_where_only_another_box_has_it() -> None:
    there = tuple(Resource(f"t{box}", "k", {}, scope=(box,)) for box in ("b1", "b2"))
    made = Change(Verb.CREATE, Address("far", "Thing", "t"), key="k", scope=("b2",))
    coming = replace(made, address=Address("far", "Thing", "u"), scope=({"$id": "far/Box/b"},))

    first, second = read_again(made, coming, there=there)["far/Thing"].checks

    assert (first.absent, first.id, first.fields, first.scope) == (True, "tb2", ("tb2",), ("b2",))
    assert (second.absent, second.id, second.fields, second.scope) == (True, None, (), (None,))


def test_what_the_plan_changes_of_what_a_set_refers_to_is_told() -> None:
    crew = Kind("odd", "Crew", "name", {"name": NAME, "members": replace(MEMBERS, entry_keys=("who",))}, {})
    one, desk, far = change("Crew", "c"), change("Desk", "d"), change("Desk", "e", "near")

    found = read_again(one, desk, far, kinds={**KINDS, "Crew": crew})

    assert {at: p.demand.moving for at, p in found.items()} == {
        "far/Crew": ("id d",), "far/Desk": (), "near/Desk": (),
    }  # fmt: skip


def test_of_several_lists_those_that_concern_what_is_written_are_read() -> None:
    listed = replace(DESK, rest=Rest(list=ListCall("GET /desks", "", by=("box",))))
    lists: tuple[dict[str, str], ...] = ({"box": "b1"}, {"box": "b2"}, {"box": "b3"})

    def by(one: Change) -> Any:
        found = read_again(one, kinds={"Desk": listed}, demand={"by": lists, "ids": ("id d", "id e")})
        return found["far/Desk"].demand.by

    moved = change("Desk", "d", by={"box": "b1"})
    moved = replace(moved, live=Resource("id d", "d", {"box": "b3"}))
    assert by(moved) == ({"box": "b1"}, {"box": "b3"})
    assert by(change("Desk", "d")) == lists


def test_just_what_is_overwritten_is_asked_for_by_its_id() -> None:
    old, new = change("Desk", "d"), Change(Verb.CREATE, Address("far", "Desk", "n"), key="e")
    there = (Resource("id e", "e", {}),)

    found = read_again(old, new, there=there, demand={"ids": ("id d", "id e", "id f")})

    assert found["far/Desk"].demand.ids == ("id d",)


def test_what_stands_in_for_another_call_is_no_reason_to_check() -> None:
    desk = change("Desk", "d")
    instead = replace(call(desk), id="2", role=Role.CONTINGENT)

    [check] = read_again(desk, calls=(call(desk), instead))["far/Desk"].checks

    assert check.calls == ("far/Desk/d",)
