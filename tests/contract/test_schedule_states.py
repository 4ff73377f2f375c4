"""Which schedule is which, its state, its owner, and how it goes: OA-R66, OA-R70 to OA-R73, OA-R79 to OA-R81."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.workflow import Override
from tests.contract.deliveries import (
    ADMIN,
    HOOK,
    JANE,
    MAIL,
    Office,
    applied,
    carried_out,
    office,
    planned,
    weekly,
    wire,
)
from tests.world import World


@pytest.fixture
def here(w: World) -> Office:
    return office(w)


def body_of(here: Office, base: Any, **words: Any) -> dict[str, Any]:
    return wire({"document": here.sales, "name": "Weekly", **base, **words})


# Its state


def test_oa_r79_pause_and_resume_only_on_a_difference(here: Office) -> None:
    carried_out(here, weekly(here, paused=False))

    paused = carried_out(here, weekly(here, paused=True))
    again = carried_out(here, weekly(here, paused=True))
    resumed = carried_out(here, weekly(here, paused=False))

    assert (paused.sent, again.sent, resumed.sent) == (["PUT /1/pause"], [], ["PUT /1/resume"])
    assert paused.asked("preconditions") == (1, 0, 0)
    assert paused.asked("verify") == (1, 0, 0)


def test_oa_r79_with_a_change_it_follows_that(here: Office) -> None:
    carried_out(here, weekly(here))

    assert carried_out(here, weekly(here, subject="Sales", paused=True)).sent == ["PUT /1", "PUT /1/pause"]


def test_oa_r79_what_the_system_disabled_is_held_with_its_reason(here: Office) -> None:
    carried_out(here, weekly(here, paused=False))
    here.w.omni.system_disable(here.id_of("Weekly"), "The connection is gone")

    paused = here.live()["Weekly"]["disabledAt"] is not None
    step = carried_out(here, weekly(here, paused=not paused, subject="Sales"))

    assert [(h.rule, h.only) for h in step.action().holds] == [("system-disabled", "paused")]
    assert "The connection is gone" in step.action().holds[0].reason
    assert step.sent == ["PUT /1"]
    assert any(
        "The connection is gone" in n for n in carried_out(here, weekly(here, subject="Sales")).action().notes
    )


# Its owner


def test_oa_r80_a_transfer_needs_consent(here: Office) -> None:
    carried_out(here, weekly(here))

    held = carried_out(here, weekly(here, owner=JANE))
    done = carried_out(here, weekly(here, owner=JANE, allow=["effects"]))

    assert ([h.rule for h in held.action().holds], held.sent) == (["effects"], [])
    assert done.sent == ["PUT /1/transfer-ownership"]
    assert done.asked("preconditions") == (1, 0, 0)
    assert done.asked("verify") == (0, 0, 1)
    assert carried_out(here, weekly(here, owner=JANE)).action().verb is Verb.NONE


def test_oa_r80_a_400_is_looked_up(here: Office) -> None:
    """The key acts for him: a new schedule is his already."""
    step = carried_out(here, weekly(here, owner=ADMIN, allow=["effects"]))

    assert step.ends == ["done", "done"]
    assert step.asked("settle") == (0, 0, 1)
    assert here.owned(ADMIN) >= {"Weekly"}


def test_oa_r80_who_may_not_see_the_dashboard_cannot_own_it(here: Office) -> None:
    here.w.omni.add_user("new@example.com")
    place = here.w.omni.add_document("Secret", tiles=["1"], organization_role="NO_ACCESS", viewers=[])
    documents = [weekly(here, document=place, owner="new@example.com", allow=["effects"])]

    step = applied(here, planned(here, *documents))

    assert step.ends == ["done", "failed"]
    assert "does not have permission to view" in step.report.outcomes[1].message


def test_oa_r70_an_owner_is_told_by_his_listing_not_by_his_name(here: Office) -> None:
    twin = here.w.omni.add_user("jane2@example.com", "Admin")
    here.by_hand("Weekly", MAIL)

    step = planned(here, weekly(here, owner="jane2@example.com", allow=["effects", "first-removals"]))

    assert [c.body for c in step.writes][-1] == {"userId": twin}
    assert ("owner",) in [f.path for f in step.actions[0].fields]


# Identity


def test_oa_r66_two_of_one_name_are_both_refused(here: Office) -> None:
    ids = [here.by_hand("Weekly", MAIL), here.by_hand("Weekly", MAIL)]

    step = carried_out(here, weekly(here))

    assert [h.rule for h in step.action().holds] == ["ambiguous"]
    assert all(i in step.action().holds[0].reason for i in ids)
    pinned = carried_out(here, weekly(here, pinned_id=ids[1], allow=["first-removals"]))
    assert {c.live_id for c in pinned.plan.calls} == {ids[1]}


def test_oa_r66_one_name_on_two_dashboards_is_two_schedules(here: Office) -> None:
    step = carried_out(here, weekly(here), weekly(here, HOOK, "other", document=here.stock))

    assert sorted(step.sent) == ["POST ", "POST "]
    assert step.asked("preconditions") == (2, 0, 0)


def test_oa_r81_names_are_swapped_without_a_third(here: Office) -> None:
    carried_out(here, weekly(here, name="A"), weekly(here, HOOK, "other", name="B"))

    step = carried_out(
        here,
        weekly(here, name="B", previous_key="A"),
        weekly(here, HOOK, "other", name="A", previous_key="B"),
    )

    assert sorted(step.sent) == ["PUT /1", "PUT /2"]
    assert here.live()["B"]["destinationType"] == "email"


@pytest.mark.parametrize("ledger", [True, False])
def test_oa_r71_an_adopted_one_is_sent_what_no_read_shows_once(here: Office, ledger: bool) -> None:
    here.by_hand("Weekly", MAIL, subject="Other")
    document = weekly(here, allow=["first-removals"])

    step = carried_out(here, document)

    assert step.action().verb is Verb.ADOPT
    assert step.sent == ["PUT /1"]
    if not ledger:  # lost: it is sent once more, and nothing is made or deleted
        from reconciler.ledger import ephemeral, whoami
        from tests.world import lasting

        here.w.ledger = lasting(ephemeral(whoami(), here.w.clock))
        assert carried_out(here, document).sent == ["PUT /1"]


# Replace and delete


@pytest.mark.parametrize("what", ["document", "destination"])
def test_oa_r81_what_is_fixed_needs_another_schedule(here: Office, what: str, hard: bool) -> None:
    carried_out(here, weekly(here))
    words: dict[str, Any] = {"document": here.stock} if what == "document" else {}
    base = MAIL if what == "document" else HOOK

    held = carried_out(here, weekly(here, base, **words))
    step = carried_out(here, weekly(here, base, **words, allow=["replace"]))

    assert ([h.rule for h in held.action().holds], held.sent) == (["replace"], [])
    assert step.sent == ["DELETE /1", "POST "]
    assert step.action().verb is Verb.REPLACE
    assert len(here.live()) == 1
    lists = 2 if what == "document" else 1
    assert step.asked("preconditions") == (lists, 1, 0)
    late = hard and lists == 1  # the very next list lacks what was just made, and only that
    assert step.asked("verify") == ((2, 2, 0) if late else (lists, 1, 0))
    assert here.w.recorded.bonds[step.action().address].by == {"document": words.get("document", here.sales)}


def test_oa_r81_a_replace_is_refused_where_its_place_is_taken(here: Office) -> None:
    carried_out(here, weekly(here))
    here.by_hand("Weekly", HOOK, here.stock)

    step = carried_out(here, weekly(here, document=here.stock, allow=["replace"]))

    assert [h.rule for h in step.action().holds] == ["name-taken", "taken"]
    assert step.sent == []


def test_oa_r81_a_held_replace_can_be_released(here: Office) -> None:
    carried_out(here, weekly(here))
    document = weekly(here, document=here.stock)
    plan = planned(here, document)
    address = plan.actions[0].address

    step = carried_out(here, document, overrides=[Override("replace", address, "moved")])

    assert step.sent == ["DELETE /1", "POST "]


def test_oa_r81_leaving_git_lets_go(here: Office) -> None:
    carried_out(here, weekly(here))

    assert carried_out(here).action().verb is Verb.RELEASE
    assert here.live().keys() == {"Weekly"}


def test_oa_r81_only_what_we_made_is_deleted(here: Office) -> None:
    here.by_hand("Theirs", HOOK)
    going: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
    carried_out(here, weekly(here, **going), weekly(here, HOOK, "theirs", name="Theirs", **going))

    step = carried_out(here)

    assert step.sent == ["DELETE /1"] or step.sent == ["DELETE /2"]
    assert [h.rule for h in step.action("theirs").holds] == ["not-ours"]
    assert here.live().keys() == {"Theirs"}


def test_oa_r81_an_undeclared_one_stays_though_its_document_is_mentioned(here: Office) -> None:
    here.by_hand("Theirs", HOOK)

    assert carried_out(here, weekly(here)).sent == ["POST "]
    assert here.live().keys() == {"Theirs", "Weekly"}


def test_oa_r73_slack_is_left_alone(here: Office) -> None:
    here.w.omni.add_slack_schedule(here.sales, "Weekly")

    step = carried_out(here, weekly(here, allow=["replace"]))

    assert [h.rule for h in step.action().holds] == ["destination"]
    assert step.sent == []


SLACK = {"destination": "slack"}


def test_oa_r86_slack_is_paused_given_away_and_put_right_again(here: Office) -> None:
    here.w.omni.add_slack_schedule(here.sales, "Weekly")

    step = carried_out(here, weekly(here, SLACK, paused=True, owner=JANE, allow=["effects"]))
    assert step.sent == ["PUT /1/pause", "PUT /1/transfer-ownership"]
    assert step.action().verb is Verb.ADOPT

    here.edit("Weekly", "resume")
    assert carried_out(here, weekly(here, SLACK, paused=True)).sent == ["PUT /1/pause"]
    assert here.owned(JANE) == {"Weekly"}


def test_oa_r86_slack_cannot_be_made_or_renamed(here: Office) -> None:
    step = carried_out(here, weekly(here, SLACK))
    assert [(h.rule, h.final) for h in step.action().holds] == [("destination", True)]
    assert step.sent == []

    here.w.omni.add_slack_schedule(here.sales, "Weekly")
    assert carried_out(here, weekly(here, SLACK)).sent == []
    step = carried_out(here, weekly(here, SLACK, name="Daily", previous_key="Weekly"))
    assert [h.rule for h in step.action().holds] == ["destination"]
    assert here.live().keys() == {"Weekly"}


def test_oa_r86_mail_does_not_become_slack(here: Office) -> None:
    carried_out(here, weekly(here))

    step = carried_out(here, weekly(here, SLACK, allow=["replace"]))
    assert [h.rule for h in step.action().holds] == ["destination"]
    assert here.live()["Weekly"]["destinationType"] == "email"


def test_oa_r72_another_spelling_of_a_cron_text_is_no_difference(here: Office) -> None:
    carried_out(here, weekly(here, cron="00 09  ? * mon *"))

    assert carried_out(here, weekly(here, cron="0 9 ? * MON *")).sent == []


def test_oa_r51_an_observed_one_is_only_compared(here: Office) -> None:
    here.by_hand("Weekly", MAIL)

    step = carried_out(here, weekly(here, timezone="UTC", manage="observe"))

    assert step.sent == []
    assert ("timezone",) in [f.path for f in step.action().fields]
