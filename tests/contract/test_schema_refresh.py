"""Schema refreshes: known by what was recorded, else by their times (OA-R147 to OA-R153, OA-C27, OA-C28)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.model.change import Verb
from reconciler.model.outcome import End
from reconciler.twins import Fault
from tests.contract.warehouses import (
    carried_out,
    connection,
    live,
    reads_of,
    refresh,
    refreshes,
    with_secret,
)
from tests.world import OMNI, World, world

NINE, TEN, NOON = "0 9 * * ? *", "0 10 * * ? *", "0 12 ? * MON-FRI *"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Two connections besides those of the seed, with no refreshes."""
    with world(str(request.param), twins=[OMNI]) as found:
        for name in ("Wh", "Other"):
            found.omni.add_connection(name)
        yield with_secret(found, tmp_path)


def on(w: World, name: str) -> dict[str, tuple[str, str]]:
    """The refreshes of a connection: id -> cron text and zone."""
    state = w.omni.dump()["state"]
    assert isinstance(state, dict)
    own, rows = live(w)[name]["id"], state["refresh_schedules"]
    assert isinstance(rows, dict)
    return {i: times for i, times in refreshes(w).items() if rows[i]["connection_id"] == own}


def verbs(sent: tuple[str, ...]) -> list[str]:
    return [line.split()[0] for line in sent]


def test_oa_r151_a_create_is_one_post_in_normal_form(w: World) -> None:
    step = carried_out(w, refresh("Wh", "00 09 * * ? *", "nightly", "America/New_York"))

    assert verbs(step.sent) == ["POST"]
    assert step.plan.actions[0].label == "Wh 00 09 * * ? *", "the times alone do not tell whose they are"
    assert [*on(w, "Wh").values()] == [(NINE, "America/New_York")]


@pytest.mark.parametrize(("cron", "zone"), [(TEN, "UTC"), (NINE, "Europe/London"), (TEN, "Europe/London")])
def test_oa_r151_other_times_or_another_zone_are_one_put_and_the_id_stays(w: World, cron: str, zone: str) -> None:
    carried_out(w, refresh("Wh", NINE))
    before = on(w, "Wh")

    step = carried_out(w, refresh("Wh", cron, "nightly", zone))

    assert verbs(step.sent) == ["PUT"]
    assert on(w, "Wh") == {next(iter(before)): (cron, zone)}


def test_oa_r148_drift_is_repaired_by_the_recorded_id(w: World) -> None:
    carried_out(w, refresh("Wh", NINE))
    [own] = on(w, "Wh")
    path = f"/v1/connections/{live(w)['Wh']['id']}/schedules/{own}"
    assert w.omni.edit("PUT", path, {"schedule": TEN, "timezone": "UTC"}).status == 200

    step = carried_out(w)

    assert (verbs(step.sent), on(w, "Wh")) == (["PUT"], {own: (NINE, "UTC")})
    assert [str(f.reason) for f in step.plan.actions[0].fields] == ["drift"]


def test_oa_r149_one_with_the_same_times_is_adopted_and_of_two_alike_one(w: World) -> None:
    connection_id = live(w)["Wh"]["id"]
    w.omni.add_refresh(connection_id, "00 09 * * ? *")
    w.omni.add_refresh(connection_id, "0 9 * * ? *")

    step = carried_out(w, refresh("Wh", NINE))

    assert (step.sent, step.plan.actions[0].verb, len(on(w, "Wh"))) == ((), Verb.ADOPT, 2)


def test_oa_r149_two_documents_swap_their_times_by_two_puts(w: World) -> None:
    carried_out(w, refresh("Wh", NINE, "a"), refresh("Wh", TEN, "b"))
    before = on(w, "Wh")

    step = carried_out(w, refresh("Wh", TEN, "a"), refresh("Wh", NINE, "b"))

    assert verbs(step.sent) == ["PUT", "PUT"]
    assert on(w, "Wh").keys() == before.keys()


def test_oa_r149_what_is_left_over_of_ours_is_paired_and_keeps_its_id(w: World) -> None:
    carried_out(w, refresh("Wh", NINE, "nightly"))
    before = on(w, "Wh")

    step = carried_out(w, refresh("Wh", TEN, "evening"))

    assert (verbs(step.sent), on(w, "Wh").keys()) == (["PUT"], before.keys())


def test_oa_r149_one_that_somebody_else_made_is_never_paired_or_touched(w: World) -> None:
    theirs = w.omni.add_refresh(live(w)["Wh"]["id"], NOON)

    carried_out(w, refresh("Wh", NINE))
    step = carried_out(w, refresh("Other", NINE, "another"))

    assert verbs(step.sent) == ["POST", "DELETE"]
    assert on(w, "Wh") == {theirs: (NOON, "UTC")}


def test_oa_r153_leaving_git_deletes_what_we_made_and_releases_what_we_adopted(w: World) -> None:
    theirs = w.omni.add_refresh(live(w)["Wh"]["id"], NOON)
    carried_out(w, refresh("Wh", NINE, "a"), refresh("Wh", NOON, "b"))
    assert len(on(w, "Wh")) == 2

    step = carried_out(w, refresh("Other", TEN, "c"))

    assert sorted(verbs(step.sent)) == ["DELETE", "POST"]
    assert [*on(w, "Wh")] == [theirs]


def test_oa_r153_release_leaves_what_we_made(w: World) -> None:
    carried_out(w, refresh("Wh", NINE, on_remove="release"))

    assert verbs(carried_out(w, refresh("Other", TEN, "c")).sent) == ["POST"]
    assert len(on(w, "Wh")) == 1


def test_oa_r152_one_that_the_server_disabled_is_held_and_told(w: World) -> None:
    carried_out(w, refresh("Wh", NINE))
    w.omni.disable_refresh(next(iter(on(w, "Wh"))))

    plan = w.plan(refresh("Wh", TEN))

    [hold] = plan.actions[0].holds
    assert (hold.rule, plan.writes) == ("disabled", ())
    assert "this API cannot enable it" in hold.reason


def test_oa_r152_recreate_if_disabled_deletes_and_makes_it_anew(w: World) -> None:
    carried_out(w, refresh("Wh", NINE))
    [before] = on(w, "Wh")
    w.omni.disable_refresh(before)

    step = carried_out(w, refresh("Wh", NINE, anew=True))

    assert verbs(step.sent) == ["DELETE", "POST"]
    assert [*on(w, "Wh").values()] == [(NINE, "UTC")]
    assert before not in on(w, "Wh")


def test_oa_r150_another_connection_needs_consent_and_is_another_schedule(w: World) -> None:
    carried_out(w, refresh("Wh", NINE))

    assert {h.rule for a in w.plan(refresh("Other", NINE)).actions for h in a.holds} == {"replace"}
    step = carried_out(w, refresh("Other", NINE, allow=["replace"]))

    assert verbs(step.sent) == ["DELETE", "POST"]
    assert (len(on(w, "Wh")), len(on(w, "Other"))) == (0, 1)


def test_oa_c27_one_read_per_connection_and_one_per_recorded_one_that_is_missing(w: World) -> None:
    plan = w.plan(refresh("Wh", NINE, "a"), refresh("Wh", TEN, "b"), refresh("Other", NINE, "c"))
    assert len(reads_of(plan, "/schedules")) == 2
    w.checked_apply(plan)
    [a, _] = on(w, "Wh")
    assert w.omni.edit("DELETE", f"/v1/connections/{live(w)['Wh']['id']}/schedules/{a}").status == 200

    again = w.plan()
    assert len(reads_of(again, "/schedules")) == 3
    assert len(again.writes) == 1


def test_oa_r148_a_connection_that_is_gone_takes_its_refreshes_along(w: World) -> None:
    carried_out(w, connection("Temp"), refresh("Temp", NINE))
    w.omni.delete_connection(live(w)["Temp"]["id"])

    plan = w.plan(connection("Temp"), refresh("temp", NINE))

    assert [c.line.split()[0] for c in plan.writes] == ["POST", "POST"]


@pytest.mark.parametrize("effect", [True, False])
def test_oa_r151_a_create_whose_answer_is_lost_is_found_and_never_doubled(w: World, effect: bool) -> None:
    plan = w.plan(refresh("Wh", NINE))
    w.omni.faults.add(Fault("drop", method="POST", effect=effect))

    assert [o.end for o in w.apply(plan).outcomes] == [End.DONE]
    assert [*on(w, "Wh").values()] == [(NINE, "UTC")]
    assert w.plan().writes == ()


@pytest.mark.parametrize("effect", [True, False])
def test_oa_r151_what_is_made_anew_on_another_connection_is_found_there(w: World, effect: bool) -> None:
    """The reading knows the schedule that was recorded, which is on the connection it leaves."""
    carried_out(w, refresh("Wh", NINE))
    plan = w.plan(refresh("Other", NINE, allow=["replace"]))
    w.omni.faults.add(Fault("drop", method="POST", effect=effect))

    assert {o.end for o in w.apply(plan).outcomes} == {End.DONE}
    assert (on(w, "Wh"), [*on(w, "Other").values()]) == ({}, [(NINE, "UTC")])
    assert [b.made for b in w.recorded.bonds.values()] == [True]
    assert w.plan().writes == ()


@pytest.mark.parametrize("effect", [True, False])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_oa_r151_a_put_or_delete_whose_answer_is_lost_is_looked_up(w: World, method: str, effect: bool) -> None:
    carried_out(w, refresh("Wh", NINE))
    plan = w.plan(refresh("Wh", TEN) if method == "PUT" else refresh("Other", TEN, "o"))
    w.omni.faults.add(Fault("drop", method=method, effect=effect))

    assert {o.end for o in w.apply(plan).outcomes} == {End.DONE}
    assert w.plan().writes == ()


def test_oa_r148_a_refusal_to_show_the_schedules_stops_the_kind(w: World) -> None:
    from reconciler.model.faults import ProviderRefused

    path = f"/v1/connections/{live(w)['Wh']['id']}/schedules"
    w.omni.faults.add(Fault("status", method="GET", path=path, status=403, times=None))
    w.documents = [refresh("Wh", NINE)]
    with pytest.raises(ProviderRefused):
        w.plan()


def test_answers_of_a_newer_edition_are_read_all_the_same(w: World) -> None:
    w.omni.knobs.set("newer-answers", "adversarial")
    carried_out(w, refresh("Wh", NINE))
    assert verbs(carried_out(w, refresh("Wh", TEN)).sent) == ["PUT"]
