"""Grants that nobody can see: compared with the ledger, sent with a second way (OA-R56, OA-R60, OA-R61)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond
from reconciler.twins import Fault
from tests.contract import groups as teams
from tests.contract.grants import (
    BOB,
    CHEN,
    FINANCE,
    JANE,
    MARIA,
    Step,
    by_hand,
    carried_out,
    live,
    looks,
    notes,
    opened,
    planned,
    rules,
    state,
    taken_away,
    to,
)
from tests.contract.groups import ANN, people
from tests.world import OMNI, World, check_log, world

EMPTY, TEAM = "Nobody", "Team"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """Omni Analytics with its seed, a group without members, and one with two."""
    with world(str(request.param), twins=[OMNI]) as found:
        teams.by_hand(found, EMPTY)
        teams.by_hand(found, TEAM, JANE, BOB)
        yield found


@pytest.fixture
def strict(w: World) -> bool:
    """Whether a POST for a principal with a grant is refused."""
    return w.omni.knobs.hard("OA-P23")


def second_way(step: Step) -> list[str]:
    """How the contingent calls ended."""
    ends = {o.call: str(o.end) for o in step.report.outcomes}
    return [ends[c.id] for c in step.plan.contingent]


def ways(plan: Plan) -> list[str]:
    return [f"{c.method} for {c.trigger.refused if c.trigger else ''}" for c in plan.contingent]


def test_oa_r56_a_group_without_members_is_sent_once(w: World) -> None:
    step = carried_out(w, opened("finance", to("EDITOR", groups=[EMPTY])))

    assert step.sent == ("POST EDITOR 0u 1g",)
    assert step.report.requests.get("verify", ()) == step.report.requests.get("preconditions", ()) == ()
    again = planned(w, opened("finance", to("EDITOR", groups=[EMPTY])))
    assert (looks(again.reads), again.calls) == ([], ())
    assert "not verifiable: permissions of Nobody" in notes(again, "finance")


def test_oa_r56_another_role_for_it_is_sent_as_new_and_then_as_a_change(w: World, strict: bool) -> None:
    carried_out(w, opened("finance", to("EDITOR", groups=[EMPTY])))

    step = carried_out(w, opened("finance", to("VIEWER", groups=[EMPTY], accessBoost=True)))

    assert second_way(step) == ["done" if strict else "unneeded"]
    assert live(w) == {EMPTY: ("VIEWER", True)}


def test_oa_r59_an_unknown_one_is_revoked_by_a_call_of_its_own(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE, CHEN, groups=[EMPTY])))

    step = carried_out(w, opened("finance"))

    assert step.sent == ("DELETE 2u 0g", "DELETE 0u 1g")
    assert live(w) == {}


def test_oa_r59_one_that_is_gone_already_spoils_nothing(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE, groups=[EMPTY])))
    taken_away(w, EMPTY)

    assert len(carried_out(w, opened("finance")).sent) == 2
    assert live(w) == {}


def test_oa_a28_a_group_that_is_gone_took_its_grants_along(w: World) -> None:
    gone = teams.by_hand(w, "Short-lived")
    carried_out(w, opened("finance", to("EDITOR", groups=["Short-lived"])))
    assert w.omni.edit("DELETE", f"/scim/v2/groups/{gone}").ok

    assert carried_out(w, opened("finance")).sent == ()


# The second way


def test_oa_r61_one_doubtful_principal_is_changed_if_he_cannot_be_granted(w: World, strict: bool) -> None:
    by_hand(w, "VIEWER", EMPTY)

    step = carried_out(w, opened("finance", to("EDITOR", groups=[EMPTY])))

    assert step.sent == ("POST EDITOR 0u 1g", *(["PATCH EDITOR 0u 1g"] if strict else []))
    assert ways(step.plan) == ["PATCH for 1"]
    assert live(w) == {EMPTY: ("EDITOR", False)}


def test_oa_r61_of_several_each_doubtful_one_goes_by_itself(w: World, strict: bool) -> None:
    other = teams.by_hand(w, "Nobody either")
    by_hand(w, "VIEWER", EMPTY)

    step = carried_out(w, opened("finance", to("EDITOR", JANE, CHEN, groups=[EMPTY, "Nobody either"])))

    assert ways(step.plan) == ["POST for 1", "POST for 1", "PATCH for 3", "POST for 1", "PATCH for 5"]
    assert second_way(step) == (["done", "done", "done", "done", "unneeded"] if strict else ["unneeded"] * 5)
    assert dict.fromkeys(live(w).values()) == {("EDITOR", False): None}
    assert len(live(w)) == 4
    assert other.startswith("grp")


def test_oa_r61_what_was_done_in_the_second_way_is_ours(w: World) -> None:
    by_hand(w, "VIEWER", EMPTY)
    carried_out(w, opened("finance", to("EDITOR", JANE, groups=[EMPTY])))

    assert bond(w).entries["permissions"] == tuple(sorted([people(w)[JANE], "grp00001"]))
    carried_out(w, opened("finance"))
    assert live(w) == {}


def bond(w: World) -> Bond:
    return next(b for a, b in w.recorded.bonds.items() if a.name == "finance")


def test_oa_r61_there_is_no_second_way_without_a_doubt(w: World) -> None:
    by_hand(w, "VIEWER", TEAM)

    plan = planned(w, opened("finance", to("EDITOR", CHEN), to("VIEWER", groups=[TEAM])))

    assert (len(plan.writes), plan.contingent) == (1, ())


def test_oa_r60_a_group_is_doubtful_while_no_answer_shows_any_group(w: World) -> None:
    plan = planned(w, opened("finance", to("EDITOR", groups=[TEAM])))
    assert ways(plan) == ["PATCH for 1"]

    by_hand(w, "VIEWER", TEAM, folder="00000002-0000-4000-8000-000000000003")
    other = opened("marketing", to("VIEWER", groups=[TEAM]), path="Marketing")
    plan = planned(w, opened("finance", to("EDITOR", groups=[TEAM])), other)
    assert ways(plan) == []


def test_oa_r61_a_refusal_of_everything_fails(w: World) -> None:
    plan = planned(w, opened("finance", to("EDITOR", JANE, groups=[EMPTY])))
    w.omni.faults.add(Fault("status", "POST|PATCH", status=400, times=10))

    report = w.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["failed"] * 4
    w.omni.faults.clear()
    assert carried_out(w, opened("finance", to("EDITOR", JANE, groups=[EMPTY]))).sent == ("POST EDITOR 1u 1g",)


# Groups that the API never shows


def hide(w: World) -> None:
    w.omni.knobs.set("group-grants-hidden", "adversarial")


def test_oa_a29_hidden_grants_of_groups_are_sent_once(w: World) -> None:
    hide(w)
    step = carried_out(w, opened("finance", to("EDITOR", JANE, groups=[TEAM])))

    assert step.sent == ("POST EDITOR 1u 1g",)
    again = planned(w, opened("finance", to("EDITOR", JANE, groups=[TEAM])))
    assert len(looks(again.reads)) == 1
    assert "not verifiable: permissions of Team" in notes(again, "finance")


def test_oa_a29_one_that_was_there_before_is_taken_over(w: World, strict: bool) -> None:
    hide(w)
    by_hand(w, "VIEWER", TEAM)

    step = carried_out(w, opened("finance", to("EDITOR", groups=[TEAM])))

    assert second_way(step) == ["done" if strict else "unneeded"]
    assert live(w) == {TEAM: ("EDITOR", False)}


def test_oa_a29_grants_that_vanish_from_sight_are_not_sent_again(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", groups=[TEAM])))
    hide(w)

    assert planned(w, opened("finance", to("EDITOR", groups=[TEAM]))).calls == ()
    assert carried_out(w, opened("finance")).sent == ("DELETE 0u 1g",)
    assert live(w) == {}


# People who cannot be asked about


def test_oa_a35_another_member_is_asked_for_a_group(w: World) -> None:
    by_hand(w, "EDITOR", TEAM)
    w.omni.faults.add(Fault("status", "GET", "/permissions", status=400))

    w.documents = [opened("finance", to("EDITOR", groups=[TEAM]))]
    plan = w.plan()

    assert [line.rpartition("=")[2] for line in looks(plan.reads)] == [people(w)[JANE], people(w)[BOB]]
    assert plan.calls == ()


def test_oa_a35_a_person_who_cannot_be_asked_about_is_unknown(w: World) -> None:
    w.omni.faults.add(Fault("status", "GET", "/permissions", status=400, times=3))
    w.documents = [opened("finance", to("EDITOR", CHEN))]
    plan = w.plan()

    report = w.apply(plan)

    assert ways(plan) == ["PATCH for 1"]
    assert {str(o.end) for o in report.outcomes} == {"done", "unneeded"}
    w.omni.faults.clear()
    assert planned(w, opened("finance", to("EDITOR", CHEN))).calls == ()


def test_oa_a34_permissions_that_may_not_be_read_are_left_alone(w: World) -> None:
    carried_out(w, opened("finance", to("EDITOR", JANE)))
    w.omni.faults.add(Fault("status", "GET", "/permissions", status=403, times=None))

    w.documents = [opened("finance", to("EDITOR", JANE, CHEN)), opened("legal", path="Legal")]
    plan = w.plan()
    w.checked_apply(plan)

    assert rules(plan) == {"forbidden"}
    assert [c.method for c in plan.calls] == ["POST"]
    w.omni.faults.clear()
    assert bond(w).entries["permissions"] == (people(w)[JANE],)
    assert carried_out(w, opened("finance")).sent == ("DELETE 1u 0g",)


# In doubt


@pytest.mark.parametrize("happened", [True, False])
def test_oa_r64_a_lost_answer_is_looked_up(w: World, happened: bool) -> None:
    by_hand(w, "VIEWER", MARIA)
    plan = planned(w, opened("finance", to("EDITOR", JANE, MARIA, groups=[TEAM])))
    w.omni.faults.add(Fault("drop", "POST", "/permissions", effect=happened))
    w.omni.faults.add(Fault("drop", "PATCH", "/permissions", effect=happened))

    report = w.apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert live(w) == dict.fromkeys((JANE, MARIA, TEAM), ("EDITOR", False))
    assert planned(w, *w.documents).calls == ()
    assert len(report.requests["settle"]) <= 2 * 2 * 2


@pytest.mark.parametrize("happened", [True, False])
def test_oa_r64_a_lost_answer_about_what_nobody_sees_is_sent_again(w: World, happened: bool) -> None:
    plan = planned(w, opened("finance", to("EDITOR", groups=[EMPTY])))
    w.omni.faults.add(Fault("drop", "POST", "/permissions", effect=happened))

    report = w.apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert live(w) == {EMPTY: ("EDITOR", False)}
    assert planned(w, *w.documents).calls == ()


def test_oa_r64_what_a_lost_answer_has_granted_is_ours_though_the_second_try_is_refused(
    w: World, strict: bool
) -> None:
    """Nobody can be asked about an empty group: the call that grants both is sent again, and refused for him."""
    plan = planned(w, opened("legal", to("EDITOR", JANE, groups=[EMPTY]), path="Legal"))
    w.omni.faults.add(Fault("drop", "POST", "/permissions", effect=True))

    report = w.apply(plan)
    found = next(b for a, b in w.recorded.bonds.items() if a.name == "legal")

    assert ("failed" in {str(o.end) for o in report.outcomes}) is strict
    assert set(found.entries["permissions"]) == {people(w)[JANE], "grp00001"}


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("who", [([JANE, CHEN], [TEAM]), ([], [EMPTY])])
def test_oa_r64_a_lost_revoke(w: World, who: tuple[list[str], list[str]], happened: bool) -> None:
    carried_out(w, opened("finance", to("EDITOR", *who[0], groups=who[1])))
    plan = planned(w, opened("finance"))
    w.omni.faults.add(Fault("drop", "DELETE", "/permissions", effect=happened))

    report = w.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert live(w) == {}
    assert planned(w, opened("finance")).calls == ()


def test_oa_p6_a_new_folder_that_the_list_hides_at_first(w: World) -> None:
    """Its grants are verified by its id, without any list."""
    plan = planned(w, opened("legal", to("EDITOR", JANE), path="Legal"))
    w.omni.log.clear()
    report = w.apply(plan)

    check_log(w, plan, report)
    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert FINANCE not in str(report.requests["verify"])


def test_oa_r54_a_member_of_an_unasked_group_who_left_is_not_asked(w: World) -> None:
    w.omni.add_user(ANN)
    teams.by_hand(w, "Annes", ANN)
    carried_out(w, opened("finance", to("EDITOR", groups=["Annes"])))
    annes = next(i for n, i in ((g, i) for g, i in _groups(w).items()) if n == "Annes")
    assert w.omni.edit("PUT", f"/scim/v2/groups/{annes}", {"displayName": "Annes", "members": []}).ok

    again = planned(w, opened("finance", to("EDITOR", groups=["Annes"])))

    assert (looks(again.reads), again.calls) == ([], ())


def _groups(w: World) -> dict[str, str]:
    from tests.contract.grants import group_ids

    return group_ids(w)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("after", range(1, 12))
def test_a_run_that_is_killed_is_settled_and_ends_where_it_would_have(w: World, after: int) -> None:
    """After the n-th thing the journal was told: intents and ends of a create, grants, changes and a revoke."""
    by_hand(w, "VIEWER", EMPTY, MARIA)
    carried_out(w, opened("finance", to("VIEWER", CHEN)))
    w.documents = [
        opened("finance", to("EDITOR", JANE, MARIA, groups=[EMPTY, TEAM])),
        opened("legal", to("EDITOR", JANE, groups=[TEAM]), path="Legal"),
    ]
    plan = w.plan()
    ledger = w.ledger
    assert ledger is not None
    intend, conclude = ledger.intend, ledger.conclude
    left = [after]

    def counted(tell: Callable[..., None]) -> Callable[..., None]:
        def told(*words: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            tell(*words)

        return told

    ledger.intend, ledger.conclude = counted(intend), counted(conclude)  # type: ignore[method-assign]
    with suppress(Killed):
        w.apply(plan)
    ledger.intend, ledger.conclude = intend, conclude  # type: ignore[method-assign]
    w.settle()
    w.omni.lag.show_all()
    w.apply(w.plan())

    w.omni.lag.show_all()
    assert [c.line for c in w.plan().writes] == []
    assert live(w) == dict.fromkeys((JANE, MARIA, EMPTY, TEAM), ("EDITOR", False))
    legal = [i for i, f in state(w, "folders").items() if f["name"] == "Legal"]
    assert [live(w, i) for i in legal] == [dict.fromkeys((JANE, TEAM), ("EDITOR", False))]
