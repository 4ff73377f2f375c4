"""People with an account: one call to make, one to change, and many a word before one is deleted (OA-R190 to
OA-R198, OA-C36, OA-C37)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins import Fault
from tests.contract.accounts_omni import (
    ACCOUNT,
    ATTRIBUTES,
    CONSENTS,
    live,
    named,
    person,
    reads_of,
    rules,
    sent,
    stepped,
)
from tests.contract.groups import group
from tests.contract.groups import live as groups
from tests.world import OMNI, World, doc, world

ANN, BEN = "ann@example.com", "ben@example.com"
USERS, EMBEDDED = "/scim/v2/users", "/scim/v2/embed/users"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI], seed=False) as found:
        for name, type_, many in (
            ("region", "string", True),
            ("level", "number", False),
            ("team", "string", False),
        ):
            found.omni.define_attribute(name, type_, multiple=many)
        yield found


def hard(w: World) -> bool:
    return w.omni.knobs.profile == "adversarial"


def by_hand(w: World, address: str, **body: Any) -> None:
    """Somebody changes a person in the product."""
    answer = w.omni.edit(
        "PUT", f"{USERS}/{live(w, address)['id']}", {"userName": live(w, address)["userName"], **body}
    )
    assert answer.ok


def test_oa_r192_a_person_is_made_by_one_call(w: World) -> None:
    plan, _ = stepped(
        w, person("Ann@example.com", "Ann", attributes={"region": ["US", "EU"], "level": 3, "team": None})
    )

    assert sent(plan) == ["POST /scim/v2/users"]
    assert live(w, ANN)["displayName"] == "Ann"
    assert set(live(w, ANN)[ATTRIBUTES]) == {"region", "level"}


def test_oa_r193_a_name_and_attributes_go_in_one_put_with_what_differs_alone(w: World) -> None:
    stepped(w, person(ANN, "Ann", attributes={"region": ["US"], "level": 3}))
    by_hand(w, ANN, **{ATTRIBUTES: {"team": "red"}})

    plan, _ = stepped(w, person(ANN, "Anna", attributes={"region": ["US"], "level": 4}))

    assert [c.body for c in plan.writes] == [
        {"userName": live(w, ANN)["userName"], "displayName": "Anna", ATTRIBUTES: {"level": 4}}
    ]
    assert str(live(w, ANN)[ATTRIBUTES]["level"]) == "4"
    assert live(w, ANN)[ATTRIBUTES]["team"] == "red"


@pytest.mark.parametrize(("field", "value"), [("name", "Annabel"), ("attributes", {"region": ["EU"]})])
def test_each_field_alone_is_one_put(w: World, field: str, value: Json) -> None:
    stepped(w, person(ANN, "Ann", attributes={"region": ["US"]}))

    words: dict[str, Any] = {"name": "Ann", "attributes": {"region": ["US"]}, field: value}
    plan, _ = stepped(w, person(ANN, str(words.pop("name")), **words))

    assert [c.method for c in plan.writes] == ["PUT"]


def test_oa_r193_null_and_an_empty_list_take_values_away(w: World) -> None:
    """One reading proves it; shown as nothing or not shown, that is the same (OA-P45)."""
    stepped(w, person(ANN, "Ann", attributes={"region": ["US"], "level": 3, "team": "red"}))

    plan, report = stepped(w, person(ANN, "Ann", attributes={"region": [], "level": None, "team": "red"}))

    assert len(plan.writes) == 1
    assert len(report.requests["verify"]) == 1
    left = {n: v for n, v in live(w, ANN)[ATTRIBUTES].items() if v not in (None, [])}
    assert left == {"team": "red"}


def test_oa_r193_what_cannot_be_taken_away_is_reported_and_not_sent_for_ever(w: World) -> None:
    stepped(w, person(ANN, "Ann", attributes={"team": "red"}))
    w.documents = [person(ANN, "Ann", attributes={"team": None})]
    remote_id = live(w, ANN)["id"]

    def again(*_: object) -> None:
        w.omni.set_attributes(remote_id, {"team": "red"})

    w.omni.on_request(0, "after-effect", again, method="PUT", path=f"{USERS}/{remote_id}")
    report = w.apply(w.plan())

    assert [o.end for o in report.outcomes] == [End.FAILED]
    left = w.plan()
    assert (rules(left), left.writes) == ({"changed-by-server"}, ())


def test_oa_r193_activity_is_shown_and_nothing_else_waits_for_it(w: World) -> None:
    stepped(w, person(ANN, "Ann", active=True))

    plan, _ = stepped(w, person(ANN, "Anna", active=False))

    assert rules(plan) == {"not-writable"}
    assert live(w, ANN)["active"] is True
    assert live(w, ANN)["displayName"] == "Anna"


def test_oa_r190_who_is_there_is_adopted_whatever_the_case(w: World) -> None:
    w.omni.add_user("Ann@Example.com", "Ann")

    plan, _ = stepped(w, person(ANN, "Ann Smith"))

    assert plan.actions[0].verb is Verb.ADOPT
    assert [c.method for c in plan.writes] == ["PUT"]


def test_oa_r192_nobody_is_made_without_a_name(w: World) -> None:
    plan = w.plan(person(ANN, ""))

    assert (rules(plan), plan.calls) == ({"no-name"}, ())


def test_oa_r191_another_address_is_neither_a_rename_nor_a_second_account(w: World) -> None:
    stepped(w, person(ANN, "Ann"))

    plan = w.plan(person("anna@example.com", "Ann", as_="ann"))

    assert "no-rename" in rules(plan)
    assert plan.calls == ()


def test_drift_is_put_right(w: World) -> None:
    stepped(w, person(ANN, "Ann", attributes={"level": 3}))
    by_hand(w, ANN, **{ATTRIBUTES: {"level": 9, "team": "x"}}, displayName="A.")

    plan, _ = stepped(w, person(ANN, "Ann", attributes={"level": 3}))

    assert {str(f.reason) for a in plan.actions for f in a.fields} == {"drift"}
    assert live(w, ANN)["displayName"] == "Ann"


def test_who_is_changed_between_plan_and_apply_is_left_alone(w: World) -> None:
    stepped(w, person(ANN, "Ann", attributes={"level": 3}))
    plan = w.plan(person(ANN, "Ann", attributes={"level": 4}))
    by_hand(w, ANN, **{ATTRIBUTES: {"level": 7}})

    assert [o.end for o in w.apply(plan).outcomes] == [End.STALE]


def test_what_nobody_declares_may_change_between_plan_and_apply(w: World) -> None:
    stepped(w, person(ANN, "Ann", attributes={"level": 3}))
    plan = w.plan(person(ANN, "Ann", attributes={"level": 4}))
    by_hand(w, ANN, **{ATTRIBUTES: {"team": "blue"}})

    assert [o.end for o in w.checked_apply(plan).outcomes] == [End.DONE]


# Leaving git.


def test_oa_r194_leaving_git_lets_go(w: World) -> None:
    stepped(w, person(ANN, "Ann"))
    w.documents = []

    assert [c.line for c in w.plan().calls] == []
    assert live(w, ANN)


def test_oa_r194_both_consents_and_the_own_account_named_delete(w: World) -> None:
    named(w)
    stepped(w, person(ANN, "Ann", **CONSENTS))

    w.documents = []
    plan, _ = stepped(w)

    assert sent(plan) == ["DELETE /scim/v2/users/{id}"]
    assert live(w, ANN) == {}


@pytest.mark.parametrize(
    ("settings", "allow", "rule"),
    [
        ({"account": ACCOUNT}, ["delete"], "delete-person"),
        ({}, ["delete", "delete-person"], "unknown-account"),
        ({"account": ANN}, ["delete", "delete-person"], "own-account"),
        (
            {"account": ACCOUNT, "protectedUsers": ["ANN@example.com"]},
            ["delete", "delete-person"],
            "protected-user",
        ),
    ],
)
def test_oa_r194_who_is_not_deleted(w: World, settings: dict[str, Json], allow: list[str], rule: str) -> None:
    stepped(w, person(ANN, "Ann", on_remove="delete", allow=allow))
    w.settings[OMNI] = settings

    w.documents = []
    plan = w.plan()

    assert (rules(plan), plan.writes) == ({rule}, ())


def test_oa_r194_who_was_there_before_is_never_deleted(w: World) -> None:
    named(w)
    w.omni.add_user(ANN, "Ann")
    stepped(w, person(ANN, "Ann", **CONSENTS))

    w.documents = []

    assert rules(w.plan()) == {"not-ours"}


def test_oa_r194_who_is_named_or_owns_something_declared_stays(w: World) -> None:
    named(w)
    finance = group("Finance", ANN)
    stepped(w, person(ANN, "Ann", **CONSENTS), finance)

    assert rules(w.plan(finance)) == {"in-use"}


def test_oa_r194_whoever_owns_something_declared_stays_though_no_document_says_so(w: World) -> None:
    named(w)
    stepped(w, person(ANN, "Ann", **CONSENTS), doc("Folder", "mine", {"path": "Mine", "owner": ANN}))

    assert rules(w.plan(doc("Folder", "mine", {"path": "Mine"}))) == {"in-use"}


def test_a_person_leaves_a_group_and_then_goes(w: World) -> None:
    named(w)
    stepped(w, person(ANN, "Ann", **CONSENTS), person(BEN, "Ben"), group("Finance", ANN, BEN))

    plan, _ = stepped(w, person(BEN, "Ben"), group("Finance", BEN))

    assert [c.method for c in plan.writes] == ["PUT", "DELETE"]
    assert groups(w) == {"Finance": {BEN}}


# Others refer to people who are made by the same plan.


def test_oa_r195_a_new_person_is_at_once_a_member_an_owner_and_has_grants(w: World) -> None:
    reports = doc(
        "Folder",
        "reports",
        {
            "path": "Reports",
            "owner": ANN,
            "permissionsMode": "additive",
            "permissions": [{"role": "EDITOR", "users": [BEN]}],
        },
    )

    plan, _ = stepped(w, person(ANN, "Ann"), person(BEN, "Ben"), group("Finance", ANN, BEN), reports)

    assert sent(plan)[:2] == ["POST /scim/v2/users"] * 2
    assert groups(w) == {"Finance": {ANN, BEN}}


def test_oa_r195_a_grant_to_somebody_new_is_proven_by_asking_about_him(w: World) -> None:
    spec: dict[str, Json] = {"path": "Reports", "permissionsMode": "additive"}
    stepped(w, doc("Folder", "reports", {"path": "Reports"}))

    mine = doc("Folder", "reports", {**spec, "permissions": [{"role": "EDITOR", "users": [ANN]}]})
    _, report = stepped(w, person(ANN, "Ann"), mine)

    assert [line.partition("?")[2] for line in report.requests["verify"]] == [f"userId={live(w, ANN)['id']}"]


def test_oa_r195_a_restricted_folder_of_somebody_new(w: World) -> None:
    mine = doc("Folder", "mine", {"path": "Mine", "owner": ANN, "scope": "restricted"})

    plan, _ = stepped(w, person(ANN, "Ann"), mine)

    assert len(plan.writes) == 2


def test_oa_r195_a_new_person_gets_mail_and_owns_a_schedule(w: World) -> None:
    dash = w.omni.add_document("Sales", organization_role="VIEWER")
    spec: dict[str, Json] = {
        "document": dash,
        "name": "Daily",
        "cron": "0 9 ? * * *",
        "timezone": "UTC",
        "format": "pdf",
        "destination": "email",
        "subject": "Daily",
        "recipientUsers": [BEN],
        "owner": ANN,
    }
    daily = doc("Schedule", "daily", spec, allow=["effects"])

    plan, _ = stepped(w, person(ANN, "Ann"), person(BEN, "Ben"), daily)

    assert [c.method for c in plan.writes] == ["POST", "POST", "POST", "PUT"]


def test_oa_r195_whoever_cannot_be_made_holds_what_names_him(w: World) -> None:
    plan = w.plan(person(ANN, ""), group("Finance", ANN))

    assert (rules(plan), plan.writes) == ({"no-name", "depends-on"}, ())


# What it costs.


def test_oa_c3_many_people_are_read_in_pages_and_changed_one_by_one(w: World) -> None:
    documents = [person(f"p{n:02}@example.com", f"P {n}", attributes={"level": n}) for n in range(12)]

    plan, report = stepped(w, *documents)
    assert len(plan.writes) == 12
    assert "verify" not in report.requests

    again, report = stepped(w, *(person(str(d.spec["email"]), "Q", attributes={"level": 77}) for d in documents))
    assert len(again.writes) == 12
    assert reads_of(again, USERS) == (13 if hard(w) else 1)
    assert len(report.requests["preconditions"]) == (12 if hard(w) else 1)


def test_oa_c37_one_change_is_read_once_before_it(w: World) -> None:
    stepped(w, person(ANN, "Ann", attributes={"level": 1}))

    _, report = stepped(w, person(ANN, "Ann", attributes={"level": 2}))

    assert len(report.requests["preconditions"]) == 1


# Embed users.


def test_oa_r196_an_embed_user_is_a_member_by_address(w: World) -> None:
    w.omni.add_embed_user("shop@example.com", "Shop")
    w.omni.add_user("portal@example.com", "Portal", kind="embed")

    plan, _ = stepped(w, group("Customers", "shop@example.com", "portal@example.com"))

    assert sent(plan) == ["POST /scim/v2/groups"]
    assert reads_of(plan, EMBEDDED) == 3


def test_oa_r196_nobody_at_all_is_refused_as_before(w: World) -> None:
    plan = w.plan(group("Customers", "nobody@example.com"))

    assert (rules(plan), reads_of(plan, EMBEDDED)) == ({"unresolved"}, 2)


def test_oa_r196_embed_users_are_never_managed(w: World) -> None:
    """A manifest of somebody who comes through another application makes an account beside."""
    w.omni.add_user("portal@example.com", "Portal", kind="embed")

    plan = w.plan(person("portal@example.com", "Portal"))

    assert plan.actions[0].verb is Verb.CREATE
    assert reads_of(plan, EMBEDDED) == 0


# Troubles.


@pytest.mark.parametrize(
    "fault", [Fault("drop", effect=True), Fault("status", effect=True), Fault("drop", effect=False)]
)
def test_oa_r192_a_create_in_doubt_is_looked_up_and_never_doubled(w: World, fault: Fault) -> None:
    plan = w.plan(person(ANN, "Ann"))
    armed = replace(fault, method="POST", path=USERS)
    w.omni.faults.add(armed)

    w.apply(plan)

    assert live(w, ANN)["displayName"] == "Ann"
    assert [c.line for c in w.plan().writes] == []


def test_oa_r197_answers_of_the_newer_edition_are_read(w: World) -> None:
    w.omni.knobs.set("newer-answers", "adversarial")
    ann = person(ANN, "Ann", attributes={"level": 3, "region": ["US"]})

    stepped(w, ann, group("Finance", ANN))
    plan, _ = stepped(w, person(ANN, "Anna", attributes={"level": 4, "region": ["US"]}), group("Finance", ANN))

    assert [c.method for c in plan.writes] == ["PUT"]
    w.omni.knobs.set("newer-answers", "plain")
    assert str(live(w, ANN)[ATTRIBUTES]["level"]) == "4"


# Groups.


def test_acceptance_b_thirty_members_changed_in_one_group_is_one_put(w: World) -> None:
    people = [f"m{n:02}@example.com" for n in range(45)]
    for one in people:
        w.omni.add_user(one)
    stepped(w, group("Finance", *people[:30]))

    plan, _ = stepped(w, group("Finance", *people[15:]))

    assert [c.method for c in plan.writes] == ["PUT"]
    assert groups(w) == {"Finance": {*people[15:]}}


def test_oa_r198_the_acting_user_stays_in_his_groups(w: World) -> None:
    named(w)
    stepped(w, group("Finance", ACCOUNT, **CONSENTS_OF_A_GROUP))

    plan = w.plan(group("Finance", **CONSENTS_OF_A_GROUP))
    assert (rules(plan), plan.writes) == ({"own-account"}, ())
    w.documents = []
    plan = w.plan()
    assert (rules(plan), plan.writes) == ({"own-account"}, ())


CONSENTS_OF_A_GROUP: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
