"""The traps of Omni Analytics: each world punishes whoever falls into one (OA-T1 to OA-T35)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.plan_json import to_json
from reconciler.twins import Fault
from reconciler.twins.core.rules import Rule
from tests.contract.accounts_omni import person
from tests.contract.dashboards import folder_of, holders, labels_of, paper
from tests.contract.grants import opened, to
from tests.contract.groups import group
from tests.contract.models import git, model
from tests.contract.organisation import (
    BOB,
    EXT,
    JANE,
    SFTP,
    carried_out,
    dashboard,
    delivery,
    holds,
    mistakes,
    ready,
)
from tests.contract.warehouses import FILE, SECRET, connection, environments, state
from tests.world import OMNI, World, doc, world

TOKEN = "omni_pat_test"


@pytest.fixture(params=["plain", "adversarial"])
def o(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An organisation in which nobody has made anything yet."""
    with world(str(request.param), seed=False, twins=[OMNI]) as found:
        yield ready(found, tmp_path)


def label(name: str, **words: Json) -> Document:
    return doc("Label", name.lower().replace(" ", "-"), {"name": name, **words})


# Labels and folders.


def test_trap_a_personal_token_may_not_change_the_labels_of_others(o: World) -> None:
    """Whose label it is shows nowhere: a 403 fails that label, and the rest goes on."""
    carried_out(o, label("Theirs"))
    assert o.ledger is not None
    o.keys[OMNI] = TOKEN
    assert o.omni.edit("POST", "/v1/labels", {"name": "Mine"}, {"Authorization": f"Bearer {TOKEN}"}).ok
    renamed = [doc("Label", n.lower(), {"name": f"{n} too"}, previous_key=n) for n in ("Theirs", "Mine")]

    plan = o.plan(*renamed, label("New"))
    report = o.checked_apply(plan)

    ends = {c.address.name: o_.end for c, o_ in zip(plan.calls, report.outcomes, strict=True)}
    assert ends == {"theirs": "failed", "mine": "done", "new": "done"}
    assert {v["name"] for v in state(o)["labels"].values()} == {"Theirs", "Mine too", "New"}


def test_trap_folders_are_listed_without_filters_by_a_field_that_every_text_allows(o: World) -> None:
    """The text about `sortField` leaves one word out, and `labels` is called an array and described as a text."""
    o.omni.log.clear()

    plan = o.plan(doc("Folder", "finance", {"path": "Finance"}))

    (asked,) = [line for line in plan.reads if "/v1/folders" in line]
    assert "sortField=path" in asked
    assert "labels=" not in asked
    assert "&path=" not in asked


def test_trap_no_access_is_a_grant_and_no_way_to_remove_one(o: World) -> None:
    for address in (JANE, BOB):
        o.omni.add_user(address)
    sales = dashboard(o)
    first = [opened("finance", to("NO_ACCESS", JANE), to("VIEWER", BOB))]
    first += [paper(sales, permissionsMode="additive", permissions=[to("NO_ACCESS", JANE), to("VIEWER", BOB)])]
    carried_out(o, *first)
    assert holders(o, sales) == {JANE: ("NO_ACCESS", False), BOB: ("VIEWER", False)}

    step = carried_out(
        o,
        opened("finance", to("NO_ACCESS", JANE)),
        paper(sales, permissionsMode="additive", permissions=[to("NO_ACCESS", JANE)]),
    )

    assert [line.partition(" ")[0] for line in step.sent] == ["DELETE", "DELETE"]
    assert holders(o, sales) == {JANE: ("NO_ACCESS", False)}


def test_trap_a_change_of_role_says_the_boost_too(o: World) -> None:
    """What a PATCH leaves out is false."""
    o.omni.add_user(JANE)
    sales = dashboard(o)
    both = [
        [opened("finance", to(role, JANE)), paper(sales, permissionsMode="additive", permissions=[to(role, JANE)])]
        for role in ("VIEWER", "EDITOR")
    ]
    carried_out(o, *both[0])
    for path in (f"/v1/documents/{sales}", f"/v1/folders/{next(iter(state(o)['folders']))}"):
        body: Json = {"role": "VIEWER", "accessBoost": True, "userIds": [_id(o, JANE)]}
        assert o.omni.edit("PATCH", f"{path}/permissions", body).ok

    step = carried_out(o, *both[1])

    assert [line.partition(" ")[0] for line in step.sent] == ["PATCH", "PATCH"]
    held = {(p["role"], p["access_boost"]) for p in state(o)["permits"].values()}
    assert held == {("EDITOR", True)}


def _id(w: World, address: str) -> str:
    return next(str(i) for i, u in state(w)["users"].items() if u["user_name"] == address)


def test_trap_the_texts_of_a_404_about_a_folder_decide_nothing(o: World) -> None:
    """A grant in a folder that has gone fails, a delete of one is done; their texts differ."""
    o.omni.add_user(JANE)
    gone: dict[str, object] = {"on_remove": "delete", "allow": ["delete"]}
    carried_out(o, doc("Folder", "a", {"path": "A"}, **gone), doc("Folder", "b", {"path": "B"}))
    ids = {f["name"]: i for i, f in state(o)["folders"].items()}
    ends = []
    for name, method, documents in (
        ("A", "DELETE", [doc("Folder", "b", {"path": "B"})]),
        ("B", "POST", [opened("b", to("VIEWER", JANE), path="B")]),
    ):
        path = f"/v1/folders/{ids[name]}"
        rule = Rule(method, path, 1, 1, False)
        o.omni.hooks.add(rule, "before-effect", lambda _, path=path: o.omni.edit("DELETE", path))  # type: ignore[misc]
        report = o.apply(o.plan(*documents))
        ends.append([(str(x.end), x.status) for x in report.outcomes])

    assert ends == [[("done", 404)], [("failed", 404)]]


# Documents.


def test_trap_a_folder_is_deleted_only_after_its_documents_are_moved(o: World) -> None:
    gone: dict[str, object] = {"on_remove": "delete", "allow": ["delete"]}
    old, new = doc("Folder", "old", {"path": "Old"}, **gone), doc("Folder", "new", {"path": "New"})
    sales = dashboard(o)
    carried_out(o, old, new, paper(sales, folder="old"))

    first = carried_out(o, new, paper(sales, folder="new"))
    second = carried_out(o, new, paper(sales, folder="new"))

    assert [line.partition(" ")[0] for line in (*first.sent, *second.sent)] == ["PUT", "DELETE"]
    assert folder_of(o, sales) == "New"
    assert {f["name"] for f in state(o)["folders"].values()} == {"New"}


def test_trap_owners_of_one_name_are_told_apart_by_their_ids(o: World) -> None:
    for address in (JANE, BOB):
        o.omni.add_user(address, "Jane Smith")
    sales = dashboard(o, owner=BOB)
    carried_out(o, delivery(sales, owner=BOB, allow=["effects"]))

    same = carried_out(o, paper(sales, owner=BOB), delivery(sales, owner=BOB, allow=["effects"]))
    other = carried_out(o, paper(sales, owner=JANE), delivery(sales, owner=JANE, allow=["effects"]))

    assert same.sent == []
    assert sum("transfer-ownership" in line for line in other.sent) == 2
    assert o.plan().calls == ()


def test_trap_two_spellings_of_a_label_are_never_added_and_removed_together(o: World) -> None:
    for name in ("Finance", "Draft"):
        assert o.omni.edit("POST", "/v1/labels", {"name": name}).ok
    sales = dashboard(o)
    carried_out(o, paper(sales, labels=["Finance", "Draft"]))

    step = carried_out(o, paper(sales, labels=["FINANCE"]))

    assert {x.status for x in step.report.outcomes} <= {200, 204, 400, 0}
    bodies = [e.body for e in o.omni.log if e.method == "PATCH"]
    assert bodies == [{"remove": ["Draft"]}]
    assert labels_of(o, sales) == {"Finance"}


def test_trap_a_label_that_only_admins_may_assign_is_not_tried_by_halves(o: World) -> None:
    carried_out(o, label("Good", verified=True), label("Plain"))
    sales, stock = dashboard(o), dashboard(o, "Stock")
    o.omni.faults.add(Fault("status", "PATCH", f"/v1/documents/{sales}", status=403))

    plan = o.plan(
        o.documents[0], o.documents[1], paper(sales, labels=["good"]), paper(stock, "stock", labels=["plain"])
    )
    report = o.checked_apply(plan)

    call_of = {c.id: c for c in plan.calls}
    ends = {(call_of[x.call].address.name, call_of[x.call].method): str(x.end) for x in report.outcomes}
    assert ends["sales", "PATCH"] == "failed"
    assert ends["sales", "PUT"] == "unneeded"
    assert labels_of(o, sales) == set()
    assert labels_of(o, stock) == {"Plain"}


@pytest.mark.parametrize("name", ["x", "y" * 26])
def test_trap_labels_that_no_label_can_be_called_are_never_sent(o: World, name: str) -> None:
    assert len(mistakes(label(name))) == 1
    sales = dashboard(o)

    step = carried_out(o, paper(sales, labels=[name]))

    assert step.sent == []
    assert holds(step.plan) == {"sales": ["unresolved"]}


# Connections and models.


def test_trap_values_of_environments_read_as_text_or_as_a_list_and_in_any_order(o: World) -> None:
    wanted = {"attribute": "environment", "defaultValues": ["prod", "live"]}
    carried_out(o, connection("Warehouse", environmentUserAttribute=wanted))
    own = next(iter(state(o)["connections"]))
    body: Json = {"environmentUserAttribute": {"attributeName": "environment", "defaultValues": ["live", "prod"]}}
    assert o.omni.edit("PATCH", f"/v1/connections/{own}", body).ok

    assert o.plan().calls == ()
    other = carried_out(o, connection("Warehouse", environmentUserAttribute={**wanted, "defaultValues": ["prod"]}))
    assert other.sent == [f"PATCH /v1/connections/{own}"]


def test_trap_one_role_has_a_name_for_connections_and_one_for_models(o: World) -> None:
    documents = [
        connection("Warehouse", baseRole="RESTRICTED_QUERIER"),
        model("schema", "SCHEMA", as_="schema", of="warehouse"),
        model("Orders", as_="orders", of="warehouse"),
        person(JANE),
        doc(
            "ModelRoles",
            "roles",
            {
                "subject": {"user": JANE},
                "roles": [{"connection": "warehouse", "model": "orders", "role": "RESTRICTED_QUERIER"}],
            },
        ),
    ]

    carried_out(o, *documents)

    assert {c["base_role"] for c in state(o)["connections"].values()} == {"RESTRICTED_QUERIER"}
    assert {r["role"] for r in state(o)["model_roles"].values()} == {"QUERY_TOPICS"}
    assert o.plan().calls == ()


def test_trap_a_comma_in_a_value_of_an_environment_is_a_mistake() -> None:
    (told,) = mistakes(environments("Lake", ("Dev", ["dev,qa"])))

    assert "values[0]" in told
    assert mistakes(environments("Lake", ("Dev", ["dev", "qa"]))) == []


def test_trap_a_model_that_the_connection_does_not_allow_is_reported_and_the_rest_goes_on(o: World) -> None:
    lake = o.omni.add_connection("Lake", branch_refresh=True)
    o.omni.add_model(lake, "SCHEMA")

    plan = o.plan(model("Orders", of="Lake"), label("Finance"))
    report = o.checked_apply(plan)

    ends = {c.address.name: str(x.end) for c, x in zip(plan.calls, report.outcomes, strict=True)}
    assert ends == {"orders": "failed", "finance": "done"}
    assert any("branch schema refresh" in x.message for x in report.outcomes)


def test_trap_models_are_sorted_by_what_does_not_move(o: World) -> None:
    lake = o.omni.add_connection("Lake")
    base = o.omni.add_model(lake, "SCHEMA")
    for n in range(120):
        o.omni.add_model(lake, "SHARED", f"M{n:03}", base_id=base)

    plan = o.plan(model("M119", of="Lake"))

    asked = [line for line in plan.reads if "/v1/models" in line]
    assert asked
    assert all("sortField=name&sortDirection=asc" in line for line in asked)
    assert plan.calls == ()


def test_trap_a_model_that_follows_git_or_demands_requests_is_not_written(o: World) -> None:
    lake = o.omni.add_connection("Lake")
    base = o.omni.add_model(lake, "SCHEMA")
    for name in ("Follower", "Guarded"):
        o.omni.add_model(lake, "SHARED", name, base_id=base)
    carried_out(o, git("Follower", as_="one", of="Lake", gitFollower=True))
    carried_out(
        o,
        git("Follower", as_="one", of="Lake", gitFollower=True),
        git("Guarded", as_="two", of="Lake", requirePullRequest="always"),
    )
    texts = [
        doc(
            "ModelFile",
            n.lower(),
            {"connection": "Lake", "model": n, "file": "a.view", "text": "a: b\n", "commitMessage": "Tidy"},
        )
        for n in ("Follower", "Guarded")
    ]

    step = carried_out(o, *o.documents, *texts)

    assert step.sent == []
    assert holds(step.plan) == {"follower": ["git-follower"], "guarded": ["pull-request"]}


# Schedules.


def test_trap_a_format_is_written_in_lower_case_however_it_reads(o: World) -> None:
    sales = dashboard(o)
    step = carried_out(o, delivery(sales, format="csv", tile="1"))

    sent = [e.body for e in o.omni.log if e.method == "POST"]
    assert [b["format"] for b in sent if isinstance(b, dict)] == ["csv"]
    assert step.sent == ["POST /v1/schedules"]
    shown = o.omni.edit("GET", "/v1/schedules").body
    assert isinstance(shown, dict)
    assert o.plan().calls == ()


def test_trap_recipients_are_texts_and_a_webhook_has_a_url(o: World) -> None:
    sales = dashboard(o)
    hook = doc(
        "Schedule",
        "hook",
        {
            "document": sales,
            "name": "Hook",
            "cron": "0 9 ? * MON *",
            "timezone": "UTC",
            "format": "json",
            "destination": "webhook",
            "url": "https://hooks.example.com/x",
        },
    )

    carried_out(o, delivery(sales), hook)

    mail, post = sorted((e.body for e in o.omni.log if e.method == "POST"), key=lambda b: "url" in b)  # type: ignore[operator]
    assert isinstance(mail, dict)
    assert isinstance(post, dict)
    assert mail["recipients"] == [EXT]
    assert post["url"] == "https://hooks.example.com/x"
    assert "webhookUrl" not in post


@pytest.mark.parametrize("cron", ["0 9 * * MON", "0 9 ? * ? *", "0 9 * * * *"])
def test_trap_times_have_six_fields_and_one_question_mark(cron: str) -> None:
    (told,) = mistakes(delivery("12db1a0a", cron=cron))

    assert "cron" in told
    assert mistakes(delivery("12db1a0a", cron="0 9 ? * MON *")) == []


def test_trap_options_follow_the_rule_where_the_examples_do_not(o: World) -> None:
    """Tables expand on legal paper; an SFTP delivery always says its path."""
    sales = dashboard(o)
    wide = delivery(sales, options={"paperFormat": "legal", "expandTablesToShowAllRows": True})
    files = doc("Schedule", "files", {"document": sales, "name": "Files", **SFTP})

    carried_out(o, wide, files)

    bodies = [e.body for e in o.omni.log if e.method == "POST"]
    assert [b["path"] for b in bodies if isinstance(b, dict) and "path" in b] == [SFTP["path"]]
    bare = {n: v for n, v in SFTP.items() if n != "path"}
    assert mistakes(doc("Schedule", "files", {"document": sales, "name": "Files", **bare}))


def test_trap_deliveries_come_after_filters_and_after_access_to_their_dashboard(o: World) -> None:
    """Whoever is to own one must be let in first, here by a group that is made too."""
    sales = o.omni.add_document("Sales", filter_keys=["region"], organization_role="NO_ACCESS")
    filters = doc("DashboardFilters", "filters", {"document": sales, "filters": {"region": {"values": ["US"]}}})
    documents = [
        person(JANE),
        group("Team", JANE),
        paper(sales, permissionsMode="additive", permissions=[to("VIEWER", groups=["team"])]),
        filters,
        delivery(sales, owner=JANE, allow=["effects"], filters={"region": {"kind": "EQUALS", "values": ["US"]}}),
    ]

    step = carried_out(o, *documents)

    assert set(step.ends.values()) == {"done"}
    assert [line.rpartition("/")[2] for line in step.sent][-4:] == [
        "permissions",
        "filters",
        "schedules",
        "transfer-ownership",
    ]


def test_trap_filter_keys_are_told_apart_by_case_and_a_refusal_concerns_its_own_schedule(o: World) -> None:
    sales = o.omni.add_document("Sales", filter_keys=["region"])
    odd = delivery(sales, "Odd", "odd", filters={"Region": {"kind": "EQUALS", "values": ["US"]}})

    plan = o.plan(odd, delivery(sales))
    report = o.checked_apply(plan)

    ends = {c.address.name: str(x.end) for c, x in zip(plan.calls, report.outcomes, strict=True)}
    assert ends == {"odd": "failed", "weekly": "done"}


def test_trap_an_alert_is_a_query_and_a_condition_or_neither(o: World) -> None:
    sales = dashboard(o)
    carried_out(o, delivery(sales, alert={"when": "RESULTS_PRESENT", "query": "1"}))

    (sent,) = [e.body for e in o.omni.log if e.method == "POST"]
    assert isinstance(sent, dict)
    assert (sent["conditionType"], sent["conditionQueryMapKey"]) == ("RESULTS_PRESENT", "1")
    for half in ({"when": "RESULTS_PRESENT"}, {"query": "1"}):
        assert len(mistakes(delivery(sales, alert=half))) == 1


# Everything together.


def test_trap_the_password_of_a_connection_is_neither_printed_nor_hashed(o: World, tmp_path: Path) -> None:
    """Another text under the same version is no difference: nothing was made of the first but the call."""
    plan = o.plan(connection("Warehouse"))
    o.checked_apply(plan)
    (tmp_path / FILE).write_text("canary-Other-8922")

    again = o.plan()

    kept = [json.dumps(to_json(p)) for p in (plan, again)] + [
        json.dumps(b.to_json()) for b in o.recorded.bonds.values()
    ]
    for secret in (SECRET, "canary-Other-8922"):
        hashes = [hashlib.sha256(text.encode()).hexdigest() for text in (secret, json.dumps(secret))]
        assert not [one for text in kept for one in (secret, *hashes) if one in text]
    assert again.calls == ()
    assert SECRET in json.dumps(state(o)), "the server has it"
