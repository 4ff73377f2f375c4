"""Schedules: which calls bring about what, how many at least, and which have happened (OA-R71 to OA-R82)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Delta, Entry, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.live import Collection, Proof, Resource
from reconciler.model.plan import Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omni_analytics import schedule
from reconciler.providers.omni_analytics.schedule_parse import A_TILE
from tests.unit.providers.test_schedules import BOB, JANE, KIND, MAIL, bond, call, written
from tests.world import OMNI

# Deciding (OA-R71, OA-R76 to OA-R82)


def live(**fields: Json) -> Resource:
    seen = {**MAIL, "recipients": [JANE], "people": {"u1": {"email": JANE, "emailOnly": False}}, **fields}
    return Resource("s1", "Weekly", seen, "Weekly", scope=("d1",))


def change(verb: Verb = Verb.UPDATE, **words: Any) -> Change:
    plain = {k: v for k, v in MAIL.items() if k != "recipients"}
    found = Change(
        verb,
        Address(OMNI, "Schedule", "weekly"),
        written(),
        live=None if verb is Verb.CREATE else live(),
        key="Weekly",
        label="Weekly",
        wire=plain,
        scope=("d1",),
        deltas={"recipients": Delta(kept=(Entry(JANE, JANE),))},
    )
    return replace(found, **words)


DROPS = {"recipients": Delta(kept=(Entry(JANE, JANE),), remove=(Entry(BOB, BOB),))}
ADDS = {"recipients": Delta(add=(Entry(BOB, BOB),), kept=(Entry(JANE, JANE),))}
BOTH = {"recipients": Delta(add=(Entry("c", "c"),), remove=(Entry(BOB, BOB),))}


@pytest.mark.parametrize(
    ("one", "count"),
    [
        (change(Verb.CREATE), 1),
        (change(Verb.CREATE, wire={**MAIL, "paused": True, "owner": "u1"}), 3),
        (change(Verb.CREATE, wire={**MAIL, "paused": False}), 1),
        (change(Verb.REPLACE, changed=frozenset({"document"}), wire={**MAIL, "owner": "u1"}), 3),
        (change(Verb.DELETE), 1),
        (change(), 0),
        (change(changed=frozenset({"cron", "timezone", "subject"})), 1),
        (change(changed=frozenset({"cron"}), deltas=ADDS), 1),
        (change(changed=frozenset({"cron"}), deltas=DROPS), 2),
        (change(deltas=ADDS), 1),
        (change(deltas=BOTH), 2),
        (change(changed=frozenset({"paused", "owner"}), wire={**MAIL, "paused": True, "owner": "u1"}), 2),
    ],
)
def test_oa_c16_the_least_there_can_be_and_no_more(one: Change, count: int) -> None:
    assert schedule.bound(KIND, [one]) == count
    assert sum(not c.contingent for c in schedule.calls(KIND, [one])) == count


def test_oa_r77_at_most_two_repairs_wait_for_the_look() -> None:
    found = schedule.calls(KIND, [change(changed=frozenset({"cron"}), deltas=DROPS)])

    repairs = [c for c in found if c.contingent]
    assert [c.body for c in repairs] == [{"emails": [JANE]}, {"emails": [BOB]}]
    assert {c.trigger.refused for c in repairs if c.trigger} == {found[1].id}


def test_oa_r71_half_of_an_alert_is_known_from_the_ledger_alone() -> None:
    before: Json = {"when": "RESULTS_PRESENT"}
    after: Json = {"when": "RESULTS_PRESENT", "query": "2"}

    assert schedule.same(KIND.fields["alert"], before, after)
    assert not schedule.same(KIND.fields["alert"], {"when": "RESULTS_MISSING"}, after)
    assert not schedule.same(KIND.fields["alert"], None, after)
    assert schedule.same(KIND.fields["tile"], A_TILE, "1")
    assert not schedule.same(KIND.fields["tile"], None, "1")


@pytest.mark.parametrize(("recorded", "sent"), [("same", False), ("other", True), (None, True)])
def test_oa_r71_what_was_not_sent_as_declared_is_sent(recorded: str | None, *, sent: bool) -> None:
    alert: Json = {"when": "RESULTS_PRESENT", "query": "2"}
    one = change(
        Verb.NONE,
        wire={**MAIL, "alert": alert},
        live=live(alert={"when": "RESULTS_PRESENT"}),
        digests={"alert": "same"},
        bond=bond(digests={"alert": recorded}) if recorded else None,
    )
    [found] = schedule.review(KIND, [one], Collection("Schedule"))

    assert found.changed == (frozenset({"alert"}) if sent else frozenset())
    assert found.verb is (Verb.UPDATE if sent else Verb.NONE)


def complete(*resources: Resource) -> Collection:
    return Collection("Schedule", resources, Proof(True, "count equals total"))


def test_oa_r82_a_put_that_no_read_can_show_is_sent_again() -> None:
    subject = call(effect=Effect(fields={"subject": "Sales"}))

    assert schedule.settled(KIND, subject, complete(live())) is False
    assert schedule.settled(KIND, call(effect=Effect(fields={"timezone": "UTC"})), complete(live())) is True
    assert schedule.settled(KIND, call(effect=Effect(fields={"owner": "u1"})), complete(live())) is False


def test_oa_r82_a_create_is_ours_where_one_of_our_name_is_there_now() -> None:
    create = call(phase=Phase.CREATE, live_id=None, effect=Effect(key="Weekly", scope=("d1",)))
    twice = complete(live(), replace(live(), id="s2"))

    assert schedule.settled(KIND, create, complete(live())) is True
    assert schedule.settled(KIND, create, complete()) is False
    assert schedule.settled(KIND, create, twice) is None
    assert schedule.settled(KIND, create, complete(replace(live(), scope=("d2",)))) is False


def test_a_chain_of_names_is_left_before_it_is_taken() -> None:
    def renamed(name: str, old: str, new: str) -> Change:
        address = Address(OMNI, "Schedule", name)
        thing = replace(live(), id=name, key=old)
        one = change(Verb.RENAME, live=thing, changed=frozenset({"name"}), wire={**MAIL, "name": new})
        return replace(one, address=address, key=new)

    first, second = schedule.calls(KIND, [renamed("a", "A", "B"), renamed("b", "B", "C")])
    one, other = schedule.calls(KIND, [renamed("a", "A", "B"), renamed("b", "B", "A")])

    assert second.id in first.after
    assert not (one.id in other.after and other.id in one.after)
