"""The acceptance checks of Omni Analytics, one by one, with their numbers (OA-K1 to OA-K13)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler import workflow
from reconciler.ledger import open_ledger, whoami
from reconciler.model.change import Verb
from reconciler.model.document import Document
from reconciler.model.faults import Unauthorised
from reconciler.model.json import Json
from reconciler.model.plan_json import to_json
from reconciler.model.record import replace
from reconciler.twins import Fault
from reconciler.twins.core.rules import Rule
from tests.contract.accounts_omni import recipient, recipients
from tests.contract.dashboards import holders, labels_of, owner_of, paper
from tests.contract.grants import opened, to
from tests.contract.groups import group
from tests.contract.groups import live as members_of
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
    managed,
    notes,
    ready,
    whole,
)
from tests.contract.warehouses import SECRET, connection, environments, linked, refresh, secret, state
from tests.world import OMNI, World, doc, world

DELETABLE: dict[str, object] = {"on_remove": "delete", "allow": ["delete"]}


@pytest.fixture(params=["plain", "adversarial"])
def o(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An organisation in which nobody has made anything yet."""
    with world(str(request.param), seed=False, twins=[OMNI]) as found:
        yield ready(found, tmp_path)


def test_check_a_the_second_apply_of_an_estate_of_every_kind_makes_no_write(o: World) -> None:
    o.omni.add_user("chen@example.com")
    documents = whole(dashboard(o, owner="chen@example.com"))
    assert {d.kind for d in documents} == managed()

    first = carried_out(o, *documents)
    second = carried_out(o, *documents)

    assert set(first.ends.values()) == {"done"}
    assert len(first.sent) == 39 + (2 if o.omni.knobs.hard("OA-P43") else 0), "labels one by one where need be"
    assert (second.sent, second.plan.writes) == ([], ())
    assert {a.verb for a in second.plan.actions} == {Verb.NONE}


def test_check_b_12_changes_of_labels_on_one_document_are_1_patch(o: World) -> None:
    names = [f"Label {n:02}" for n in range(12)]
    for name in names:
        assert o.omni.edit("POST", "/v1/labels", {"name": name}).ok
    sales = o.omni.add_document("Sales")
    carried_out(o, paper(sales, labels=names[:6]))

    step = carried_out(o, paper(sales, labels=names[6:]))

    assert [c.line for c in step.plan.writes] == [f"PATCH /v1/documents/{sales}/labels"]
    assert labels_of(o, sales) == set(names[6:])
    if not o.omni.knobs.hard("OA-P43"):
        assert step.sent == [f"PATCH /v1/documents/{sales}/labels"]
    else:
        single = f"/v1/documents/{sales}/labels/Label%20"
        assert step.sent[1:] == [
            *(f"PUT {single}{n:02}" for n in range(6, 12)),
            *(f"DELETE {single}{n:02}" for n in range(6)),
        ]


def test_check_b_30_members_of_one_group_are_1_put(o: World) -> None:
    crowd = [f"p{n:02}@example.com" for n in range(60)]
    for address in crowd:
        o.omni.add_user(address)
    carried_out(o, group("Team", *crowd[:30]))

    step = carried_out(o, group("Team", *crowd[15:45]))

    assert [line.partition(" ")[0] for line in step.sent] == ["PUT"]
    assert members_of(o) == {"Team": set(crowd[15:45])}


def test_check_b_45_people_without_an_account_are_3_posts(o: World) -> None:
    step = carried_out(o, *(recipient(f"r{n:02}@example.com") for n in range(45)))

    assert step.sent == ["POST /v1/users/email-only/bulk"] * 3
    assert len(recipients(o)) == 45


def test_check_b_7_users_with_one_role_on_a_folder_are_1_post(o: World) -> None:
    crowd = [f"p{n}@example.com" for n in range(7)]
    for address in crowd:
        o.omni.add_user(address)
    carried_out(o, doc("Folder", "finance", {"path": "Finance"}))

    step = carried_out(o, opened("finance", to("EDITOR", *crowd)))

    assert [line.rpartition("/")[2] for line in step.sent] == ["permissions"]
    assert step.sent[0].startswith("POST ")


# (c) What an answer that is lost may have made.


def a_folder(w: World) -> list[Document]:
    return [doc("Folder", "finance", {"path": "Finance"})]


def a_schedule(w: World) -> list[Document]:
    return [delivery(dashboard(w))]


def a_connection(w: World) -> list[Document]:
    return [connection("Warehouse")]


def a_model(w: World) -> list[Document]:
    w.omni.add_model(w.omni.add_connection("Lake"), "SCHEMA")
    return [model("Orders", of="Lake")]


def a_refresh(w: World) -> list[Document]:
    w.omni.add_connection("Lake")
    return [refresh("Lake", "0 5 * * ? *")]


CREATES = pytest.mark.parametrize(
    ("make", "table", "path"),
    [
        (a_folder, "folders", "/v1/folders"),
        (a_schedule, "schedules", "/v1/schedules"),
        (a_connection, "connections", "/v1/connections"),
        (a_model, "models", "/v1/models"),
        (a_refresh, "refresh_schedules", "/v1/connections/"),
    ],
    ids=["folder", "schedule", "connection", "model", "refresh"],
)


@CREATES
@pytest.mark.parametrize("blind", [False, True], ids=["looked up", "by the next run"])
def test_check_c_a_lost_answer_to_a_create_is_adopted_and_never_doubled(
    o: World, make: Callable[[World], list[Document]], table: str, path: str, blind: bool
) -> None:
    plan = o.plan(*make(o))
    before = len(state(o).get(table, {}))
    o.omni.faults.add(Fault("drop", "POST", path, effect=True))
    if blind:
        o.omni.hooks.add(_post(path), "after-effect", lambda _: o.omni.faults.add(_unreadable(path)))

    report = o.apply(plan)
    o.omni.faults.clear()
    o.settle()

    assert [str(x.end) for x in report.outcomes] == ["in doubt" if blind else "done"]
    next_ = o.plan()
    assert next_.calls == ()
    assert len(state(o)[table]) == before + 1
    assert o.recorded.bonds[plan.actions[-1].address].made


def _post(path: str) -> Rule:
    return Rule("POST", path, 1, 1, False)


def _unreadable(path: str) -> Fault:
    return Fault("status", "GET", path, status=503, times=None)


# Owners, drafts, names, labels.


def test_check_d_an_owner_changes_by_grant_transfer_and_the_final_access_pass(o: World) -> None:
    for address in (JANE, BOB):
        o.omni.add_user(address)
    sales = dashboard(o, owner=BOB)

    step = carried_out(o, paper(sales, owner=JANE, permissionsMode="exact", permissions=[to("VIEWER", BOB)]))

    at_ = f"/v1/documents/{sales}"
    assert step.sent == [f"POST {at_}/permissions", f"PUT {at_}/transfer-ownership", f"PATCH {at_}/permissions"]
    assert owner_of(o, sales) == JANE
    assert holders(o, sales)[BOB][0] == "VIEWER"
    assert o.plan().calls == ()


def test_check_e_where_a_draft_is_present_the_filters_are_reported_and_not_written(o: World) -> None:
    sales = dashboard(o)
    o.omni.set_draft(sales)
    before = state(o)["documents"][sales]
    wanted = doc("DashboardFilters", "filters", {"document": sales, "filters": {"region": {"hidden": True}}})

    plan = o.plan(wanted)
    report = o.checked_apply(plan)

    assert [str(x.end) for x in report.outcomes] == ["failed"]
    assert "draft" in report.outcomes[0].message
    assert state(o)["documents"][sales] == before
    assert not any("clearExistingDraft" in str(e.body) for e in o.omni.log)


def test_check_f_two_schedules_of_one_name_on_one_dashboard_are_refused(o: World) -> None:
    sales = dashboard(o)
    body: dict[str, Json] = {
        "identifier": sales,
        "name": "Weekly",
        "schedule": "0 7 ? * TUE *",
        "timezone": "UTC",
        "format": "pdf",
    }
    body |= {"destinationType": "email", "recipients": [EXT], "subject": "Mine"}
    for _ in range(2):
        assert o.omni.edit("POST", "/v1/schedules", body).ok
    ids = list(state(o)["schedules"])

    step = carried_out(o, delivery(sales), delivery(sales, "Other", "other"))

    assert step.sent == ["POST /v1/schedules"]
    assert holds(step.plan) == {"weekly": ["ambiguous"]}
    said = " ".join(h.reason for a in step.plan.actions for h in a.holds)
    assert all(i in said for i in ids)
    assert [s["name"] for s in state(o)["schedules"].values()] == ["Weekly", "Weekly", "Other"]


def test_check_g_a_label_deleted_by_hand_is_made_again_with_its_assignments(o: World) -> None:
    sales = dashboard(o)
    documents = [doc("Label", "finance", {"name": "Finance"}), paper(sales, labels=["finance"])]
    carried_out(o, *documents)
    assert o.omni.edit("DELETE", f"/v1/documents/{sales}/labels/Finance").ok
    assert o.omni.edit("DELETE", "/v1/labels/Finance").ok

    step = carried_out(o, *documents)

    patch = [f"PATCH /v1/documents/{sales}/labels"]
    single = [f"PUT /v1/documents/{sales}/labels/Finance"] if o.omni.knobs.hard("OA-P43") else []
    assert step.sent == ["POST /v1/labels", *patch, *single]
    assert labels_of(o, sales) == {"Finance"}
    assert o.plan().calls == ()


# The rate, and the key.


@pytest.mark.parametrize("bucket", [True, False], ids=["with the bucket", "without it"])
def test_check_h_70_reads_with_60_a_minute(o: World, bucket: bool) -> None:
    """The clock of both is one that leaps where it is waited for."""
    papers = [o.omni.add_document(f"D{n:02}") for n in range(69)]
    documents = [paper(p, f"d{n:02}", permissionsMode="exact", permissions=[]) for n, p in enumerate(papers)]
    o.documents = documents
    o.omni.rate.limit, o.omni.rate.now = 60, o.clock.now
    setup = o.setup()
    per_minute = 60 if bucket else 100_000
    targets = {OMNI: replace(setup.desired.targets[OMNI], per_minute=per_minute)}
    began = o.clock.now()
    o.omni.log.clear()

    plan = asyncio.run(workflow.make_plan(replace(setup, desired=replace(setup.desired, targets=targets))))

    answers = [e.status for e in o.omni.log]
    assert len(plan.reads) >= 69
    assert plan.writes == ()
    assert answers.count(200) >= 69
    assert (429 in answers) is not bucket
    assert o.clock.now() - began >= 60


def test_check_i_a_wrong_key_is_1_request_and_the_end_of_the_run(o: World) -> None:
    documents = whole(dashboard(o))
    carried_out(o, *documents)
    known = dict(o.recorded.bonds)
    o.keys[OMNI] = "wrong"
    o.omni.log.clear()

    with pytest.raises(Unauthorised):
        o.plan(*documents)

    assert [e.status for e in o.omni.log] == [401]
    assert o.recorded.bonds == known


def test_check_j_values_that_two_environments_swap_are_3_puts_and_no_400(o: World) -> None:
    links = [connection("Base"), connection("Dev"), connection("Staging")]
    carried_out(o, *links, environments("base", ("dev", ["dev"]), ("staging", ["staging"])))

    step = carried_out(o, *links, environments("base", ("dev", ["staging"]), ("staging", ["dev"])))

    assert [line.partition("/")[0] for line in step.sent] == ["PUT "] * 3
    assert [x.status for x in step.report.outcomes] == [200] * 3
    assert linked(o) == {"Dev": {"staging"}, "Staging": {"dev"}}


# What is never deleted.


def test_check_k_nothing_that_must_stay_is_touched_and_each_is_reported(o: World) -> None:
    """A folder with a document in it, a label in use, a person's schedule, a connection, an email-only user."""
    sales = dashboard(o)
    kept = delivery(sales, "Ours", "ours")
    going = [
        doc("Folder", "full", {"path": "Full"}, **DELETABLE),
        doc("Label", "used", {"name": "Used"}, **DELETABLE),
        connection("Warehouse"),
        recipient("gone@example.com"),
    ]
    theirs = {"identifier": sales, "name": "Theirs", "schedule": "0 7 ? * TUE *", "timezone": "UTC"}
    theirs |= {"format": "pdf", "destinationType": "email", "subject": "Mine"}
    made = o.omni.edit("POST", "/v1/schedules", {**theirs, "recipients": [EXT]})
    assert made.ok
    adopted = delivery(sales, "Theirs", "theirs", cron="0 7 ? * TUE *", subject="Mine", **DELETABLE)
    carried_out(o, kept, *going, adopted)
    folder = next(i for i, f in state(o)["folders"].items() if f["name"] == "Full")
    o.omni.add_document("Inside", folder_id=folder, labels=["Used"])
    before = json.dumps(state(o))

    step = carried_out(o, kept)

    assert step.sent == []
    assert json.dumps(state(o)) == before
    assert holds(step.plan) == {"full": ["in-use"], "used": ["in-use"], "theirs": ["not-ours"]}
    released = {a.address.name for a in step.plan.actions if a.verb is Verb.RELEASE}
    assert released == {"warehouse", "gone"}
    assert all("left git; it stays as it is" in notes(step.plan, name) for name in released)


# Secrets.


def test_check_l_secrets_stand_in_no_log_plan_state_or_error(
    o: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The password of a connection, a private key, the password of a delivery, and the secret of a webhook, which
    the server makes; the server repeats what it was sent in an error."""
    caplog.set_level("DEBUG")
    o.ledger = open_ledger(tmp_path / "ledger.sqlite", create=True, who=whoami(), clock=o.clock)
    sales = dashboard(o)
    snow: dict[str, Json] = {"name": "Snow", "dialect": "snowflake", "warehouse": "WH", "privateKey": secret()}
    documents = [
        connection("Warehouse"),
        doc("Connection", "snow", snow),
        model("schema", "SCHEMA", as_="schema", of="warehouse"),
        model("Orders", as_="orders", of="warehouse"),
        git("orders", of="warehouse", webhookSecret={"toFile": "kept/webhook"}),
        doc("Schedule", "files", {"document": sales, "name": "Files", **SFTP, "password": secret()}),
    ]
    echo = f"passwordUnencrypted: {SECRET} is too weak"
    o.omni.faults.add(Fault("status", "POST", "/v1/schedules", status=400, text=echo))

    plan = o.plan(*documents)
    report = o.apply(plan)
    again = o.plan()
    done = o.apply(again)

    webhook = _webhook(o)
    assert (tmp_path / "kept" / "webhook").read_text().strip() == webhook
    assert [str(x.end) for x in report.outcomes].count("failed") == 1
    assert {str(x.end) for x in done.outcomes} == {"done"}
    told = capfd.readouterr()
    texts = [
        json.dumps(to_json(plan)),
        json.dumps(to_json(again)),
        repr(report),
        repr(done),
        caplog.text,
        told.out,
        told.err,
        *(p.read_bytes().decode("latin-1") for p in tmp_path.glob("ledger*")),
    ]
    assert len(texts) > 7, "the ledger is a file"
    for text in texts:
        assert SECRET not in text
        assert webhook not in text


def _webhook(w: World) -> str:
    (of,) = {m for m, one in state(w)["models"].items() if one["name"] == "Orders"}
    body = w.omni.edit("GET", f"/v1/models/{of}/git?include=webhookSecret").body
    assert isinstance(body, dict)
    return str(body["webhookSecret"])


# Folders of others.


def test_check_m_a_restricted_folder_of_an_owner_that_nobody_names_is_not_reported_missing(o: World) -> None:
    """Its owner is named by no document: neither is the folder looked for, nor said to be gone; one of an owner
    that nobody is is not made."""
    owner = o.omni.add_user(JANE)
    made = o.omni.edit("POST", "/v1/folders", {"name": "Hers", "scope": "restricted", "userId": owner})
    assert made.ok
    mine = doc("Folder", "finance", {"path": "Finance"})
    stranger = doc("Folder", "hers", {"path": "Hers", "scope": "restricted", "owner": "nobody@example.com"})

    step = carried_out(o, mine, stranger)

    assert step.sent == ["POST /v1/folders"]
    assert holds(step.plan) == {"hers": ["unresolved"]}
    assert "nobody@example.com" in str([h.reason for a in step.plan.actions for h in a.holds])
    assert "missing" not in str(step.plan.actions)
    assert {f["name"] for f in state(o)["folders"].values()} == {"Finance", "Hers"}
    quiet = carried_out(o, mine)
    assert [a.address.name for a in quiet.plan.actions] == ["finance"]


# The newer edition's answers.


def test_check_n_newer_answers_about_everything_are_read(tmp_path: Path) -> None:
    """Requests stay those of this page; with answers of either shape the estate ends the same, and in sync."""
    found = []
    for newer in ("plain", "adversarial"):
        (tmp_path / newer).mkdir()
        with world("plain", seed=False, twins=[OMNI]) as w:
            w.omni.knobs.set("newer-answers", newer)
            ready(w, tmp_path / newer).omni.add_user("chen@example.com")
            step = carried_out(w, *whole(dashboard(w, owner="chen@example.com")))
            assert set(step.ends.values()) == {"done"}
            assert w.plan().calls == ()
            sent = sorted(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "{id}", line) for line in step.sent)
            found.append((sent, {name: len(table) for name, table in state(w).items()}))

    assert found[0] == found[1]
