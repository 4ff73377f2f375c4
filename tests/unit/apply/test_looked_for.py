"""What a look tells of calls whose answers were lost, and what stays of it in the ledger and for a person."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.apply.doubt import Doubts, happened, untold
from reconciler.apply.kept_back import still_ours
from reconciler.apply.settle import answer, kept, settle
from reconciler.apply.sinks import NOWHERE
from reconciler.model.faults import AnswerLost, GuardRefused, LedgerUnusable
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.outcome import End, Fact, Unfinished
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.apply.samples import LABEL, NO_RESULTS, A, Eyes, Notebook, call, clock, kinds, label, labels, plan
from tests.unit.apply.test_carry import rider
from tests.unit.apply.test_graph import CREW
from tests.unit.apply.test_outputs import GIT, made
from tests.unit.apply.test_verify import on, team
from tests.world import OMNI, catalog

LOST = AnswerLost("trouble", target=OMNI, request="POST /x")
ONCE = call(
    1, phase=Phase.CREATE, method="POST", path="/v1/labels", effect=Effect(key="a"), repeat=False,
    summary="create Label a",
)  # fmt: skip


def test_a_create_found_done_tells_what_people_need_next() -> None:
    there = Resource("m", "k", {"publicKey": "k"})

    assert happened(GIT, made(), [there], NO_RESULTS, "").result[Fact.OUTPUT] == {"publicKey": "k"}
    assert Fact.OUTPUT not in happened(GIT, made(), [there, there], NO_RESULTS, "").result
    assert Fact.OUTPUT not in happened(GIT, made(), [], NO_RESULTS, "").result


def test_every_token_that_makes_another_one_is_named() -> None:
    two = replace(LABEL, tokens=("reissue", "supersede"))
    said = untold(two, ONCE, "lost").question

    assert said.endswith(
        "; a new value of `once: {reissue: …}` or `once: {supersede: …}` there sends another one in any case"
    )
    assert "a new value" not in untold(replace(LABEL, tokens=()), ONCE, "lost").question


def joined(**words: bool) -> dict[str, object]:
    """Two are to join; one of them is there by now."""
    both = Effect(set_field="members", present=(("u1", {}), ("u2", {})))
    one = call(1, CREW, phase=Phase.ADD, live_id="t1", set_field="members", effect=both)
    seen = Eyes([Collection("ClientTeam", (team(on("u1", primary=False)),))])
    looking = Doubts(seen, kinds(one), clock())
    told = asyncio.run(looking.settled([one], NO_RESULTS, LOST, **words))  # type: ignore[arg-type]
    return dict(told["1"].result)


def test_what_was_added_in_part_is_ours_unless_the_server_said_no_to_all_of_it() -> None:
    assert joined() == joined(refused=False) == {Fact.ADDED: ["members", ["u1"]]}
    assert joined(refused=True) == {}


def test_where_the_answer_has_told_ids_only_these_things_are_read() -> None:
    asked: list[Demand] = []

    async def look(demand: Demand, group: str) -> Collection:
        assert group == "settle"
        asked.append(demand)
        return labels(label("a"), label("b"))

    riders = [rider(1, "a"), rider(2, "b")]
    looking = Doubts(look, kinds(*riders), clock())
    told = asyncio.run(looking.settled(riders, NO_RESULTS, LOST, ("id1", "id2")))

    assert {o.end for o in told.values()} == {End.DONE}
    assert asked == [kinds(*riders).narrowed(riders[0], ["id1", "id2"])]


def left(*calls: Call) -> Unfinished:
    return Unfinished("run", to_json(plan(*calls)), tuple(c.id for c in calls), {})


def test_what_one_reading_has_shown_stays_so_though_the_next_lacks_it() -> None:
    """The second reading is for those that the first did not show: a list may lag."""
    eyes = Eyes([labels(label("a")), labels(label("b"))])
    both = (replace(ONCE, repeat=True), replace(ONCE, id="2", effect=Effect(key="b")))
    told = asyncio.run(settle(left(*both), catalog(), Notebook(), eyes, clock())).outcomes

    assert {i: o.end for i, o in told.items()} == {"1": End.DONE, "2": End.DONE}
    assert told["1"].result[Fact.ID] == "a"


def test_a_plan_of_another_version_is_left_to_the_one_that_began_it() -> None:
    with pytest.raises(LedgerUnusable, match="cannot read the plan of run") as stop:
        kept(Unfinished("run", {}, (), {}))

    assert "run its `reconciler apply`" in str(stop.value.hint)


def test_without_a_place_for_once_shown_values_a_person_reads_so() -> None:
    with pytest.raises(GuardRefused, match="there is no sink for once-shown values here"):
        NOWHERE.prove({})


LEAVING = call(
    1, phase=Phase.REMOVE, held=("rule",), effect=Effect(set_field="members", absent=("u1", "u2"))
)  # fmt: skip


def test_what_a_hold_keeps_stays_ours_and_only_what_was() -> None:
    was = Bond(A, "t1", entries={"members": ("u1",)}, digests={"members/u1": "d1", "members/u2": "d2"})
    now = still_ours(Bond(A, "t1"), was, [LEAVING])
    besides = still_ours(Bond(A, "t1", entries={"members": ("u9",)}), was, [LEAVING])

    assert (now.entries, now.digests) == ({"members": ("u1",)}, {"members/u1": "d1"})
    assert besides.entries == {"members": ("u1", "u9")}
    for free in (replace(LEAVING, held=()), replace(LEAVING, phase=Phase.ADD)):
        assert still_ours(Bond(A, "t1"), was, [free]).entries == {}
    assert still_ours(Bond(A, "t2"), was, [LEAVING]).entries == {}, "another thing of the same address"
    assert still_ours(Bond(A, "t1"), was, [replace(LEAVING, held=()), LEAVING]).entries == {"members": ("u1",)}


def test_what_a_person_has_said_is_told_in_these_words() -> None:
    no, yes = answer(left(ONCE), "1", None), answer(left(ONCE), "1", "i7")

    assert no is not None
    assert (no.message, no.status, no.result) == ("a person says that it was not made", 0, {})
    assert yes is not None
    assert (yes.message, yes.status, yes.settled) == ("a person says that it was made", 0, True)
