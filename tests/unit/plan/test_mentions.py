"""What mentions a thing by its key comes after the call that makes one with this key."""

from __future__ import annotations

from typing import Any

from reconciler.model.document import Address
from reconciler.model.kind import Field, Kind, KindAccess
from reconciler.model.plan import Call, Effect, Phase
from reconciler.plan.deletes import delete_rule
from reconciler.plan.edges import mentioned_first
from reconciler.plan.order import ordered

AT = "far"
NAME = Field("name", normalise=("casefold",))
DESK = Kind("odd", "Desk", "name", {"name": NAME}, {})
SHIFTS = Field("shifts", ("array",), is_set=True, entries={"desk": Field("desk", mentions="Desk")})
DESKS = Field("desks", ("array",), is_set=True, mentions="Desk")
FIELDS = {"name": NAME, "best": Field("best", mentions="Desk"), "shifts": SHIFTS, "desks": DESKS}
ROTA = Kind("odd", "Rota", "name", {**FIELDS, "seen": Field("seen", ("array",), is_set=True)}, {})
KINDS = {(AT, k.name): k for k in (DESK, ROTA)}


def call(call_id: str, kind: str, phase: Phase, effect: Effect, **words: Any) -> Call:
    return Call(call_id, AT, kind, Address(AT, kind, call_id), "POST", "/x", phase, effect=effect, **words)


MADE = call("made", "Desk", Phase.CREATE, Effect(key="D1"))
RENAMED = call("renamed", "Desk", Phase.UPDATE, Effect(key="D2", fields={"name": "D2"}))
GONE = call("gone", "Desk", Phase.DELETE, Effect(gone=True), live_id="d9")


def shift(desk: str) -> Call:
    return call("shift", "Rota", Phase.ADD, Effect(set_field="shifts", present=(("e", {"desk": desk}),)))


def after(one: Call) -> frozenset[str]:
    return next(c.after for c in mentioned_first([one, MADE, RENAMED], KINDS) if c.id == one.id)


def test_an_entry_comes_after_what_makes_or_renames_the_thing_it_mentions() -> None:
    assert [after(shift(d)) for d in ("D1", "d1", "D2", "D3")] == [{"made"}, {"made"}, {"renamed"}, frozenset()]


def test_so_does_a_plain_field() -> None:
    assert after(call("best", "Rota", Phase.UPDATE, Effect(fields={"best": "D1", "name": "x"}))) == {"made"}


def test_so_does_each_of_a_list_of_plain_values() -> None:
    written = call("all", "Rota", Phase.UPDATE, Effect(fields={"desks": ["D1", "d2", "D3"]}))
    added = call("added", "Rota", Phase.ADD, Effect(set_field="seen", present=(("d1", {}),)), set_field="desks")

    assert [after(written), after(added)] == [{"made", "renamed"}, {"made"}]


def test_a_person_may_be_made_as_another_kind_of_person() -> None:
    address = Field("name", normalise=("casefold",))
    guest, staff = (
        Kind("odd", name, "name", {"name": address}, {}, access=KindAccess(person=True))
        for name in ("Guest", "Staff")
    )
    mail = Kind("odd", "Mail", "name", {"to": Field("to", ("array",), is_set=True, mentions="Guest")}, {})
    kinds = {(AT, k.name): k for k in (guest, staff, mail, DESK)}
    made = call("hired", "Staff", Phase.CREATE, Effect(key="jane@example.com"))
    desk = call("desk", "Desk", Phase.CREATE, Effect(key="jane@example.com"))
    sent = call("sent", "Mail", Phase.CREATE, Effect(fields={"to": ["Jane@example.com", "joe@example.com"]}))

    assert {c.id: c.after for c in mentioned_first([sent, desk, made], kinds)}["sent"] == {"hired"}


def test_in_a_plan_the_mentioned_goes_first_and_its_delete_last() -> None:
    calls = delete_rule(mentioned_first([shift("D1"), GONE, MADE], KINDS), {}, KINDS)

    assert [c.id for c in ordered(calls, KINDS)] == ["made", "shift", "gone"]
    assert next(c for c in calls if c.id == "gone").waits == {"shift", "made"}
