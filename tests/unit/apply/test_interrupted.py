"""What only the end of a run would have told the ledger: told when the run that was cut short is looked up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from reconciler.apply.settle import Settled, settle
from reconciler.model.catalog import Catalog
from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.outcome import End, Fact, Outcome, Unfinished
from reconciler.model.plan import Action, Call, Effect, Phase
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.apply.samples import (
    TEAM,
    WHOLE,
    A,
    Eyes,
    Notebook,
    action,
    call,
    clock,
    fallback,
    keep,
    label,
    labels,
    plan,
)
from tests.world import CMS, OMNI, TRACKER, catalog

BOND = Bond(A, "", key="live", made=True, digests={"hidden": "sha256:1"}, entries={"members": ("u1", "u2")})
CREATE = call(
    1, phase=Phase.CREATE, method="POST", path="/v1/labels", effect=Effect(key="live"), summary="create Label live"
)
CREW, NEWER = (Address(TRACKER, "ClientTeam", name) for name in ("crew", "newer"))


def looked_up(
    calls: tuple[Call, ...],
    actions: tuple[Action, ...],
    ends: Mapping[str, Outcome],
    seen: Collection,
    known: Mapping[Address, Bond] | None = None,
    sent: str = "",
) -> tuple[Settled, Notebook]:
    """A run that ended with these outcomes, and calls without any (`sent`)."""
    journal, whole = Notebook(), to_json(plan(*calls, actions=actions))
    left = Unfinished("run", whole, tuple(sent.split()), ends)
    told = asyncio.run(settle(left, catalog(), journal, Eyes([seen]), clock(), lambda: known or {}))
    keep(told.outcomes, told.in_doubt, journal)
    return told, journal


def done(number: str, **facts: str) -> dict[str, Outcome]:
    return {number: Outcome(number, End.DONE, result={Fact[name]: value for name, value in facts.items()})}


def test_an_address_all_of_whose_calls_had_worked_is_recorded_whole() -> None:
    _, journal = looked_up((CREATE,), (action(Verb.CREATE, 1, bond=BOND),), done("1", ID="live"), labels())

    assert journal.bonds == [(replace(BOND, id="live"), None)]


def test_what_had_begun_but_not_ended_is_not() -> None:
    calls = (CREATE, call(2, after=(1,)))
    _, journal = looked_up(calls, (action(Verb.CREATE, 1, 2, bond=BOND),), done("1", ID="live"), labels())
    assert journal.bonds == []

    _, journal = looked_up((CREATE,), (action(Verb.CREATE, 1, bond=BOND),), {}, labels())
    assert journal.bonds == []


def test_what_a_fall_back_had_half_done_is_not() -> None:
    calls = (call(1), fallback(2, 1), fallback(3, 1, chain=2))
    ends = {"1": Outcome("1", End.FAILED, status=400), **done("2")}
    bond = replace(BOND, id="live")

    _, journal = looked_up(calls, (action(Verb.UPDATE, 1, 2, 3, bond=bond),), ends, labels())
    assert journal.bonds == []

    _, journal = looked_up(calls, (action(Verb.UPDATE, 1, 2, 3, bond=bond),), ends | done("3"), labels())
    assert [b.id for b, _ in journal.bonds] == ["live"]


def test_what_is_recorded_already_is_not_told_again() -> None:
    bond = replace(BOND, id="live", sent={"hidden": 2})
    _, journal = looked_up(
        (call(1),), (action(Verb.UPDATE, 1, bond=replace(bond, sent={})),), done("1"), labels(), {A: bond}
    )

    assert journal.bonds == []


def test_cm_r46_a_value_that_was_sent_and_that_no_reading_shows_is_remembered_of_what_was_half_done() -> None:
    at = Address(CMS, "User", "app")
    effect = Effect(key="app", fields={"email": "app", "password": {"$secret": {"version": 1}}})
    make = call(1, at, phase=Phase.CREATE, method="POST", path="/user", effect=effect)
    key = call(2, at, after=(1,), path="/user/key/{id}", effect=Effect(fields={"apiKey": "present"}))
    wanted = Bond(at, "", digests={"email": "e1", "password": "p1", "apiKey": "k1"})
    there = Bond(at, "9", made=True)
    both = action(Verb.CREATE, 1, 2, address=at, bond=wanted)

    _, journal = looked_up((make, key), (both,), done("1", ID="9"), labels(), {at: there})
    assert journal.bonds == [(replace(there, digests={"password": "p1"}), None)]

    _, journal = looked_up((make, key), (both,), {}, labels(), {at: there})
    assert journal.bonds == []


def test_the_role_in_an_object_that_no_reading_shows_is_remembered_with_it() -> None:
    """Else the next plan would take the role that was sent before for the one that is there."""
    at = Address(OMNI, "Document", "sales")
    effect = Effect(fields={"settings": {"organizationRole": "EDITOR"}})
    put = call(1, at, method="PATCH", path="/v1/documents/{id}", effect=effect)
    parts = {"settings": "s", "settings.organizationRole": "r"}
    wanted = Bond(at, "9", digests={"name": "n2", **{n: f"{d}2" for n, d in parts.items()}})
    there = Bond(at, "9", digests={"name": "n1", **{n: f"{d}1" for n, d in parts.items()}})
    both = action(Verb.UPDATE, 1, 2, address=at, bond=wanted)

    _, journal = looked_up((put, call(2, at, after=(1,))), (both,), done("1"), labels(), {at: there})
    assert journal.bonds == [
        (replace(there, digests={"name": "n1", "settings": "s2", "settings.organizationRole": "r2"}), None)
    ]


def test_a_release_is_left_to_a_run_that_comes_to_its_end() -> None:
    _, journal = looked_up((call(1),), (action(Verb.RELEASE, 1),), done("1"), labels())

    assert [line for line in journal.told if line.startswith(("bind", "release"))] == []


def test_a_create_whose_answer_told_no_id_is_ours_all_the_same() -> None:
    told, journal = looked_up((CREATE,), (action(Verb.CREATE, 1, bond=BOND),), done("1"), labels(label("live")))

    assert told.outcomes["1"].result[Fact.ID] == "live"
    assert [b.id for b, _ in journal.bonds] == ["live"]
    assert journal.told.index("conclude 1") < journal.told.index("bind a live")


def test_where_no_reading_tells_the_id_nothing_is_recorded() -> None:
    told, journal = looked_up((CREATE,), (action(Verb.CREATE, 1, bond=BOND),), done("1"), labels())

    assert Fact.ID not in told.outcomes["1"].result
    assert journal.bonds == []


def test_an_addition_that_happened_in_part_has_added_that_part() -> None:
    add = call(
        1, CREW, phase=Phase.ADD, method="POST", set_field="members", live_id="t1",
        effect=Effect(set_field="members", present=tuple((i, {"user": i}) for i in ("u1", "u2", "u3"))),
    )  # fmt: skip
    crew = Resource("t1", "crew", {"slug": "crew", "members": [{"user": "u1"}]}, unknown={"members": ("u3",)})
    live = Collection(TEAM.name, (crew,), WHOLE)
    known = {CREW: Bond(CREW, "t1", entries={"members": ("u7",)})}

    told, journal = looked_up(
        (add,), (action(Verb.UPDATE, 1, address=CREW, bond=known[CREW]),), {}, live, known, sent="1"
    )

    assert told.outcomes["1"].end is End.NOT_SENT
    assert [b.entries for b, _ in journal.bonds] == [{"members": ("u7", "u1", "u3")}]


class Asked(Eyes):
    """Shows what is hidden as untold only to who asks for it by name."""

    async def __call__(self, demand: Demand, group: str) -> Collection:
        live = await super().__call__(demand, group)
        told = {r.id: r.unknown if demand.singly else {} for r in live.resources}
        return replace(live, resources=tuple(replace(r, unknown=told[r.id]) for r in live.resources))


def naming() -> Catalog:
    """Teams have a reading of their own that shows a write, and asks for what was sent by name."""
    known, at = catalog(), ("studio-tracker", "ClientTeam")

    def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:
        return replace(demand, singly=True)

    return replace(known, verbs={**known.verbs, at: replace(known.verbs[at], showing=showing)})


def test_an_addition_of_what_came_with_the_run_is_looked_up_beside_a_create_in_doubt() -> None:
    """What the plan could not name yet is asked for by the kind's own reading of a write; that another call of the
    kind needs the whole list, which does not know the name, takes nothing away."""
    late: JsonObject = {"$from": {"call": "1", "path": "/id"}}
    add = call(
        2, CREW, phase=Phase.ADD, method="POST", set_field="members", live_id="t1", after=(1,),
        effect=Effect(set_field="members", present=((late, {"user": late}), ("u2", {"user": "u2"}))),
    )  # fmt: skip
    create = call(3, NEWER, phase=Phase.CREATE, method="POST", path="/t", effect=Effect(key="newer"), new_id="/id")
    crew = Resource("t1", "crew", {"slug": "crew", "members": []}, unknown={"members": ("u9",)})
    live = Collection(TEAM.name, (crew, Resource("t2", "newer", {"slug": "newer"})), WHOLE)
    known = {CREW: Bond(CREW, "t1", entries={"members": ("u7",)})}
    adds = action(Verb.UPDATE, 2, address=CREW, bond=replace(known[CREW], entries={"members": ("u7", "u9")}))
    made = {"1": Outcome("1", End.DONE, result={"/id": "u9", Fact.ID: "u9"})}
    left = Unfinished("run", to_json(plan(CREATE, add, create, actions=(adds,))), ("2", "3"), made)
    journal = Notebook()

    told = asyncio.run(settle(left, naming(), journal, Asked([live]), clock(), lambda: known))

    assert told.outcomes["3"].result[Fact.ID] == "t2"
    assert [b.entries for b, _ in journal.bonds if b.address == CREW] == [{"members": ("u7", "u9")}]
