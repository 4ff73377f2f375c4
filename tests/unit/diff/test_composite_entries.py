"""Sets whose entries several subfields identify together, and values that mention things by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reconciler.diff import compare
from reconciler.model.catalog import Catalog
from reconciler.model.change import Change, Reason
from reconciler.model.document import Address, Desired, Document, Lifecycle, Target
from reconciler.model.entries import EXACT, entry_digest, entry_text, identity, spread
from reconciler.model.json import ABSENT, Json
from reconciler.model.kind import Field, Kind, ListCall, Rest
from reconciler.model.live import Collection, Live, Proof, Resource
from reconciler.model.place import Place
from reconciler.model.plan import Effect
from reconciler.model.recorded import Bond, Recorded
from reconciler.model.shows import entries_by_id, live_looks, shows
from reconciler.providers.rest import VERBS
from tests.kept import changes_text, keep_in_test

AT = "far"
SHIFTS = Field(
    "shifts",
    ("array",),
    is_set=True,
    entry_parts=("who", "on", "desk"),
    entries={
        "who": Field("who", ref="Person"),
        "on": Field("on", normalise=("instant",)),
        "desk": Field("desk", mentions="Desk"),
        "until": Field("until", normalise=("instant",)),
        "hours": Field("hours", ("number",)),
        "id": Field("id", read_only=True),
    },
)
NAME = Field("name", wire="/name")
PERSON = Kind("odd", "Person", "name", {"name": NAME}, {}, Rest(list=ListCall("GET /people", "")), source=True)
DESK = Kind("odd", "Desk", "name", {"name": NAME}, {})
ROTA = Kind("odd", "Rota", "name", {"name": NAME, "shifts": SHIFTS}, {})
KINDS = (PERSON, DESK, ROTA)
CATALOG = Catalog({("odd", k.name): k for k in KINDS}, {("odd", k.name): VERBS for k in KINDS}, {})
ANN, BEN = Resource("p1", "ann", {"name": "ann"}), Resource("p2", "ben", {"name": "ben"})
MONDAY = "2026-04-20T00:00:00.000Z"


def shift(who: str, on: str = "2026-04-20", desk: str = "D1", **more: Json) -> dict[str, Json]:
    return {"who": who, "on": on, "desk": desk, **more}


def rota(*shifts: dict[str, Json], mode: str = "exact", allow: Sequence[str] = ("first-removals",)) -> Document:
    spec: dict[str, Json] = {"name": "Spring", "shifts": [*shifts], "shiftsMode": mode}
    life = Lifecycle(allow=frozenset(allow))
    return Document(Address(AT, "Rota", "spring"), "odd", spec, Place("a.yaml"), lifecycle=life)


def desk(name: str) -> Document:
    return Document(Address(AT, "Desk", name.lower()), "odd", {"name": name}, Place("b.yaml"))


def told(
    documents: Sequence[Document], *shifts: dict[str, Json], bond: Bond | None = None, desks: Sequence[str] = ()
) -> Change:
    live = Resource("r1", "Spring", {"name": "Spring", "shifts": [*shifts]})
    found = {
        "Person": (ANN, BEN),
        "Rota": (live,),
        "Desk": tuple(Resource(f"id of {d}", d, {"name": d}) for d in desks),
    }
    proof = Proof(True, "test")
    collections = {(AT, name): Collection(name, things, proof) for name, things in found.items()}
    desired = Desired(tuple(documents), {AT: Target(AT, "odd")}, "digest")
    known = Recorded({bond.address: bond} if bond else {}, exists=True)
    changes = compare(desired, Live(collections), known, CATALOG)
    keep_in_test(Path(__file__).with_name("changes.txt"), changes_text(changes.changes))
    return next(c for c in changes.changes if c.address.kind == "Rota")


def moves(change: Change) -> tuple[list[str], list[str], list[str], list[str]]:
    delta = change.deltas["shifts"]
    return tuple([e.shown for e in part] for part in (delta.add, delta.change, delta.remove, delta.kept))  # type: ignore[return-value]


def test_all_parts_together_tell_entries_apart_in_normal_form() -> None:
    wanted = rota(shift("ann"), shift("ann", desk="D2"), shift("ben"))
    live = [shift("p1", "2026-04-20T00:00:00Z", id="s1"), shift("p2", "2026-04-21", id="s2")]

    found = told([wanted], *live)

    assert moves(found) == (
        ["ann 2026-04-20 D2", "ben 2026-04-20 D1"],
        [],
        ["ben 2026-04-21 D1"],
        ["ann 2026-04-20 D1"],
    )
    (gone,), (first, _) = found.deltas["shifts"].remove, found.deltas["shifts"].add
    assert (gone.id, gone.live["id"]) == (["p2", "2026-04-21T00:00:00.000Z", "D1"], "s2")
    assert gone.wire == shift("p2", "2026-04-21")
    assert (first.id, first.wire, first.live) == (["p1", MONDAY, "D2"], shift("p1", desk="D2"), {})
    assert [(f.path[1], f.before is ABSENT, f.after is ABSENT) for f in found.fields] == [
        ("ann 2026-04-20 D2", True, False),
        ("ben 2026-04-20 D1", True, False),
        ("ben 2026-04-21 D1", False, True),
    ]


def test_other_subfields_compare_in_normal_form_and_the_live_entry_comes_along() -> None:
    live = [shift("p1", until="2026-04-20T17:00:00Z", hours=4.0, id="s1"), shift("p2", hours=3, id="s2")]
    wanted = rota(shift("ann", until="2026-04-20T19:00:00+02:00", hours=4), shift("ben", hours=3.5))

    found = told([wanted], *live)

    assert moves(found) == ([], ["ben 2026-04-20 D1"], [], ["ann 2026-04-20 D1"])
    assert found.deltas["shifts"].change[0].live["id"] == "s2"
    assert [(f.path, f.before, f.after) for f in found.fields] == [
        (("shifts", "ben 2026-04-20 D1", "hours"), 3, 3.5)
    ]


def test_the_ledger_knows_an_entry_by_all_its_parts() -> None:
    text = entry_text(["p1", MONDAY, "D1"])
    assert text == '["p1","2026-04-20T00:00:00.000Z","D1"]'
    digests = {"shifts": EXACT, f"shifts/{text}": entry_digest(SHIFTS, shift("p1", hours=4))}
    bond = Bond(Address(AT, "Rota", "spring"), "r1", digests=digests, entries={"shifts": (text,)})

    drifted = told([rota(shift("ann", hours=4), mode="additive")], shift("p1", hours=5, id="s1"), bond=bond)
    assert [f.reason for f in drifted.fields] == [Reason.DRIFT]
    assert drifted.entries_ours == {"shifts": (text,)}
    assert {*drifted.digests} == {"name", "shifts", f"shifts/{text}"}
    live = [shift("p1", hours=4, id="s1"), shift("p2", id="s2")]
    assert moves(told([rota(mode="additive")], *live, bond=bond))[2] == ["ann 2026-04-20 D1"]


def test_of_live_entries_that_are_alike_nothing_is_done_about_either_and_the_rest_goes_on() -> None:
    twice = [shift("p1", hours=4, id="s1"), shift("p1", hours=5, id="s2")]

    declared = told([rota(shift("ann", hours=4), shift("ben"))], *twice)
    assert moves(declared) == (["ben 2026-04-20 D1"], [], [], [])
    (hold,) = declared.holds
    assert (hold.rule, hold.only, hold.final) == ("ambiguous", "shifts", True)
    assert hold.reason == "more than one of `shifts` is ann 2026-04-20 D1: s1, s2"
    assert not [n for n in declared.digests if "p1" in n], "nobody applied anything there"

    undeclared = told([rota()], *twice)
    assert (moves(undeclared), [h.rule for h in undeclared.holds]) == (([], [], [], []), ["ambiguous"])
    others = told([rota(mode="additive")], *twice)
    assert (moves(others), others.holds) == (([], [], [], []), ())


def test_what_was_kept_of_an_entry_that_was_taken_away_comes_along_when_it_is_made_anew() -> None:
    text = entry_text(["p1", MONDAY, "D1"])
    bond = Bond(Address(AT, "Rota", "spring"), "r1", kept={f"shifts/{text}": {"until": "noon"}})

    (first, other) = told([rota(shift("ann"), shift("ben"))], bond=bond).deltas["shifts"].add
    assert (first.live, other.live) == ({"until": "noon"}, {})
    (there,) = told([rota(shift("ann"))], shift("p1", id="s1"), bond=bond).deltas["shifts"].kept
    assert there.live == shift("p1", id="s1")
    assert Bond.from_json(bond.to_json()) == bond


def test_an_entry_that_leads_nowhere_is_left_out_alone() -> None:
    found = told([rota(shift("zoe"), shift("ann"))])

    assert moves(found)[0] == ["ann 2026-04-20 D1"]
    assert [(h.rule, h.only) for h in found.holds] == [("unresolved", "entry")]


def test_the_same_entry_twice_in_two_spellings_is_refused() -> None:
    found = told([rota(shift("ann"), shift("ann", "2026-04-20T00:00:00Z"))])

    assert [h.rule for h in found.holds] == ["unresolved"]


def test_what_is_mentioned_is_sent_as_it_stands_and_its_document_is_known() -> None:
    documents = [
        rota(shift("ann"), shift("ben", desk="D2"), shift("ann", desk="nobody's")),
        desk("D1"),
        desk("D2"),
    ]
    found = told(documents, desks=["D2"])

    entries = {e.shown: e for e in found.deltas["shifts"].add}
    assert entries["ann 2026-04-20 D1"].declared == {"desk": Address(AT, "Desk", "d1")}
    assert entries["ann 2026-04-20 nobody's"].declared == {}
    assert found.needs == {Address(AT, "Desk", "d1")}, "D2 is live already"
    assert not found.holds
    assert not told(documents[:1], shift("p1", id="1"), shift("p2", desk="D2", id="2")).needs


# The nouns.


def test_entries_spread_and_are_looked_up_by_all_parts() -> None:
    both: list[Json] = [shift("p1"), shift("p1", desk="D2")]

    assert list(spread(SHIFTS, both)) == [((0,), both[0]), ((1,), both[1])]
    assert identity(SHIFTS, shift("p1")) == ["p1", MONDAY, "D1"]
    assert [*entries_by_id(SHIFTS, both)] == [entry_text(["p1", MONDAY, d]) for d in ("D1", "D2")]
    assert entries_by_id(SHIFTS, [both[0], both[0]]) == {entry_text(["p1", MONDAY, "D1"]): [both[0], both[0]]}


def test_effects_show_by_all_parts() -> None:
    def seen(effect: Effect, *there: Json) -> bool | None:
        return shows(ROTA, effect, Resource("r1", "Spring", {"shifts": [*there]}))

    own: Any = ["p1", MONDAY, "D1"]
    present = Effect(set_field="shifts", present=((own, shift("p1", hours=4)),))
    absent = Effect(set_field="shifts", absent=(own,))
    there = shift("p1", "2026-04-20T00:00:00Z", hours=4.0, id="s1")
    assert [seen(present, there), seen(present), seen(present, {**there, "hours": 5})] == [True, False, False]
    assert [seen(absent, there), seen(absent), seen(absent, {**there, "desk": "D2"})] == [False, True, True]
    assert seen(present, there, {**there, "id": "s2"}) is True


def test_another_entry_of_the_same_identity_is_a_change_of_what_was_seen() -> None:
    name = "shifts/" + entry_text(["p1", MONDAY, "D1"])

    def look(*there: Json) -> str:
        return live_looks(ROTA, Resource("r1", "Spring", {"shifts": [*there]}), (name,), contents=False)[name]

    one, other = shift("p1", id="s1"), shift("p1", id="s2")
    assert len({look(), look(one), look(other), look(one, other)}) == 4
