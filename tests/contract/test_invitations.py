"""Invitations: sent once, to nobody who is known; the link, drift, revoking, doubt, teams (ST-R53 to ST-R62)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical
from reconciler.model.outcome import End
from reconciler.model.plan_json import to_json
from reconciler.twins import Fault
from reconciler.twins.studio_tracker.things import Invitation, Team, User
from tests.contract.jobs import PENDING, TEAMS, WORKLOAD, action, applied, done, invited, planned, rules
from tests.world import TRACKER, World, doc

NEW, JANE = "New.One@example.com", "jane@example.com"
POST = "POST /api/org/invitations"
KEEP = invited(JANE)
GONE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}


def pending(w: World) -> dict[str, str]:
    """Address -> role of every pending invitation but the one that was there."""
    all_of_them = w.tracker.state.of(Invitation).values()
    return {i.email.casefold(): i.role for i in all_of_them if i.email != "new.producer@example.com"}


def link(w: World, name: str = "new.one") -> str:
    return (w.root / "secrets" / f"{name}.link").read_text("utf-8").strip()


def test_st_c12_one_call_invites_and_the_link_goes_to_its_sink_alone(studio: World) -> None:
    deed = done(studio, invited(NEW))

    assert deed.bodies == (f'{POST} {{"email":"{NEW}","role":"PRODUCER"}}',)
    assert deed.reads == deed.before == [PENDING, WORKLOAD]
    assert deed.verified == []
    assert pending(studio) == {NEW.casefold(): "PRODUCER"}
    secret = link(studio)
    assert "/reset-password/" in secret
    assert studio.ledger is not None
    said = canonical([to_json(deed.plan), [b.to_json() for b in studio.recorded.bonds.values()], str(deed.report)])
    assert secret not in said
    assert secret.rpartition("/")[2] not in said


def test_st_r56_is_external_is_sent_only_where_it_is_declared(studio: World) -> None:
    deed = done(studio, invited(NEW, isExternal=True))

    assert '"isExternal":true' in deed.bodies[0]
    assert "sets a password" in deed.action("new.one").effects[0]


def test_st_r54_nothing_is_sent_to_who_is_pending_known_or_recorded(studio: World) -> None:
    deed = done(studio, invited("new.producer@example.com"), invited(JANE), invited(NEW))
    assert len(deed.calls) == 1
    assert deed.action("jane").verb is Verb.ADOPT

    own = next(i.id for i in studio.tracker.state.of(Invitation).values() if i.email.casefold() == NEW.casefold())
    studio.tracker.accept_invitation(own)
    again = planned(studio, *studio.documents)

    assert again.calls == ()
    assert [r.split(" ", 1)[1] for r in again.reads] == [PENDING]  # recorded as invited


def test_st_r54_who_is_embedded_in_a_team_costs_no_workload(studio: World) -> None:
    team = doc("ClientTeam", "brand", {"slug": "brand", "name": "Brand"})

    plan = planned(studio, team, invited(JANE))

    assert [r.split(" ", 1)[1] for r in plan.reads] == [TEAMS, PENDING]
    assert plan.calls == ()


@pytest.mark.parametrize("answer", ["nobody", "500", "403"])
def test_st_r55_a_workload_that_names_nobody_proves_nothing(studio: World, answer: str) -> None:
    if answer == "nobody":
        studio.tracker.knobs.set("no-people", "adversarial")
    else:
        studio.tracker.faults.add(Fault("status", path="/api/workload", status=int(answer), times=None))

    plan = studio.plan(invited(NEW))

    assert rules(plan, "new.one") == {"unproven-people"}
    assert (plan.calls, pending(studio)) == ((), {})


def test_st_r55_a_workload_that_falls_silent_before_the_call_stops_it(studio: World) -> None:
    plan = planned(studio, invited(NEW))
    studio.tracker.knobs.set("no-people", "adversarial")

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.NOT_SENT]
    assert pending(studio) == {}


def test_st_r55_who_appeared_since_the_plan_is_not_invited(studio: World) -> None:
    plan = planned(studio, invited(NEW))
    studio.tracker.add_user(NEW, "New One")

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.STALE]


def test_st_r57_without_a_sink_nothing_is_sent(studio: World) -> None:
    plan = planned(studio, invited(NEW, link=""))

    assert (rules(plan, "new.one"), plan.calls) == ({"no-sink"}, ())
    assert action(plan, "new.one").holds[0].way_out == "declare `link`, as {toFile: secrets/new.one.link}"


def test_st_r57_a_sink_that_is_not_writable_is_refused_before_the_call(studio: World) -> None:
    (studio.root / "secrets").write_text("a file where a folder should be")
    plan = planned(studio, invited(NEW))
    studio.tracker.log.clear()

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.FAILED]
    assert [e.call for e in studio.tracker.log if e.write] == []


def test_st_r57_a_lost_answer_is_looked_up_and_the_link_is_asked_about(studio: World) -> None:
    plan = planned(studio, invited(NEW))
    studio.tracker.faults.add(Fault("drop", method="POST", effect=True))
    studio.tracker.log.clear()

    report = studio.apply(plan)

    (outcome,) = report.outcomes
    assert outcome.end is End.DONE
    assert "once: {reissue: …}" in outcome.question
    assert [e.call for e in studio.tracker.log].count(POST) == 1
    assert studio.recorded.bonds[Address(TRACKER, "Invitation", "new.one")].lost == ("link",)
    assert planned(studio, invited(NEW)).calls == ()
    done(studio, invited(NEW, token="again", allow=["effects"]))
    assert studio.recorded.bonds[Address(TRACKER, "Invitation", "new.one")].lost == ()


def test_st_r58_the_id_of_the_answer_is_used_for_nothing(studio: World) -> None:
    """In one profile it is the placeholder user's: the revoke takes the id that the list shows."""
    done(studio, invited(NEW, **GONE))
    (own,) = [i.id for i in studio.tracker.state.of(Invitation).values() if i.email.casefold() == NEW.casefold()]

    deed = done(studio, KEEP)

    assert deed.bodies == (f"DELETE /api/org/invitations/{own}",)
    assert deed.before == [PENDING]
    assert pending(studio) == {}


def test_st_r59_a_role_that_differs_is_said_and_not_repaired(studio: World) -> None:
    done(studio, invited(NEW))

    deed = done(studio, invited(NEW, role="ADMIN"))

    (hold,) = deed.action("new.one").holds
    assert (hold.only, deed.calls) == ("role", [])
    assert "reissue" in hold.way_out


def test_st_r59_a_new_token_permits_exactly_one_more_post(studio: World) -> None:
    done(studio, invited(NEW))
    first = link(studio)
    (studio.root / "secrets" / "new.one.link").unlink()

    held = planned(studio, invited(NEW, role="ADMIN", token="1"))
    deed = done(studio, invited(NEW, role="ADMIN", token="1", allow=["effects"]))

    assert rules(held, "new.one") == {"effects"}
    assert deed.bodies == (f'{POST} {{"email":"{NEW}","role":"ADMIN"}}',)
    assert link(studio) != first
    assert pending(studio) == {NEW.casefold(): "ADMIN"}
    assert "resets the password" in deed.action("new.one").effects[0]


def test_st_r60_leaving_git_means_release(studio: World) -> None:
    done(studio, invited(NEW))

    deed = done(studio, KEEP)

    assert (deed.action("new.one").verb, deed.calls) == (Verb.RELEASE, [])
    assert pending(studio)


def test_st_r60_what_is_not_pending_any_more_is_not_revoked(studio: World) -> None:
    done(studio, invited(NEW, **GONE))
    own = next(i.id for i in studio.tracker.state.of(Invitation).values() if i.email.casefold() == NEW.casefold())
    user = studio.tracker.accept_invitation(own)

    deed = done(studio, KEEP)

    assert (deed.action("new.one").verb, deed.calls) == (Verb.RELEASE, [])
    assert user in studio.tracker.state.of(User)


def test_st_r60_an_invitation_that_others_sent_is_not_revoked(studio: World) -> None:
    done(studio, invited("new.producer@example.com", **GONE))

    plan = planned(studio, KEEP)

    assert rules(plan, "new.producer") == {"not-ours"}
    assert plan.writes == ()


def test_st_r60_two_recorded_invitations_that_were_accepted_are_no_wrong_tenant(studio: World) -> None:
    done(studio, invited(NEW), invited("two@example.com"))
    for own in [i.id for i in studio.tracker.state.of(Invitation).values()]:
        studio.tracker.accept_invitation(own)

    assert planned(studio, *studio.documents).calls == ()


def test_st_r61_one_that_did_not_show_is_never_repeated_but_asked_about(studio: World) -> None:
    plan = planned(studio, invited(NEW))
    studio.tracker.faults.add(Fault("drop", method="POST"))
    studio.tracker.log.clear()

    report = studio.apply(plan)

    (outcome,) = report.outcomes
    assert outcome.end is End.IN_DOUBT
    assert "once: {reissue: …}" in outcome.question
    assert [e.call for e in studio.tracker.log].count(POST) == 1
    again = planned(studio, invited(NEW))
    assert (rules(again, "new.one"), again.calls) == ({"in-doubt"}, ())
    deed = done(studio, invited(NEW, token="1"))
    assert len(deed.calls) == 1
    assert pending(studio)


def test_st_r53_a_role_that_nobody_documented_is_worth_a_warning(studio: World) -> None:
    from reconciler.providers.studio_tracker.invitation import check
    from tests.world import catalog

    kind = catalog().kind("studio-tracker", "Invitation")
    (problem,) = check(kind, [invited(NEW, role="CREATIVE"), invited(JANE)])
    assert "CREATIVE" in problem.message


def test_st_r53_addresses_compare_without_case(studio: World) -> None:
    done(studio, invited(NEW))

    assert planned(studio, invited(NEW.upper())).calls == ()


def test_st_c12_a_plan_that_fails_leaves_the_others_alone(studio: World) -> None:
    plan = planned(studio, invited(NEW), invited("two@example.com", role="NOBODY"))

    deed = applied(studio, plan)

    assert sorted(str(o.end) for o in deed.report.outcomes) == ["done", "failed"]
    assert action(plan, "two").verb is Verb.CREATE


def crew(*people: str) -> Document:
    members: list[Json] = [{"user": p} for p in people]
    spec: dict[str, Json] = {"slug": "fresh", "name": "Fresh", "members": members}
    return doc("ClientTeam", "fresh", spec)


def members(w: World) -> list[str]:
    emails = {u.id: u.email.casefold() for u in w.tracker.state.of(User).values()}
    (team,) = [t for t in w.tracker.state.of(Team).values() if t.slug == "fresh"]
    return sorted(emails[i] for i in team.members)


def test_st_r62_who_is_invited_in_this_run_is_put_into_a_team_after_one_look_up(studio: World, firm: bool) -> None:
    two = "two@example.com"

    deed = done(studio, invited(NEW), invited(two), crew(JANE, NEW, two))

    look_up = PENDING if firm else WORKLOAD  # only in the plain profile do invitations tell user ids
    assert [c for c in deed.calls if c.startswith("GET")] == [look_up]
    assert len(deed.calls) == 2 + 1 + 1 + 3
    assert deed.calls.index(look_up) > max(i for i, c in enumerate(deed.calls) if c == POST)
    assert members(studio) == sorted([JANE, NEW.casefold(), two])
    ids = {u.id for u in studio.tracker.state.of(User).values()}
    bond = studio.recorded.bonds[Address(TRACKER, "ClientTeam", "fresh")]
    assert {d.removeprefix("members/") for d in bond.digests if d.startswith("members/")} <= ids
    assert len(bond.entries["members"]) == 3


def test_st_r62_who_could_not_be_invited_is_not_added(studio: World) -> None:
    plan = planned(studio, invited(NEW, role="NOBODY"), crew(JANE, NEW))

    deed = applied(studio, plan)

    ends = {c.summary: o.end for c, o in zip(plan.calls, deed.report.outcomes, strict=True)}
    assert End.FAILED in ends.values()
    assert members(studio) == [JANE]
    assert End.BLOCKED in ends.values()
