"""What the API refuses reaches people as a sentence about their thing: which one and where it is declared, by
which call, in which words, and what to do next. Of every kind a refusal that no plan can foresee."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.report.call_words import deed
from reconciler.report.report_json import report_json
from reconciler.report.report_markdown import report_markdown
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from reconciler.twins import Fault
from reconciler.twins.core.rules import Rule
from tests.contract.accounts_omni import ACCOUNT, person, recipient
from tests.contract.dashboards import paper
from tests.contract.every_row import masked
from tests.contract.grants import opened, to
from tests.contract.groups import group, people
from tests.contract.models import file, git, model
from tests.contract.organisation import dashboard, delivery, managed, ready
from tests.contract.pages import code, rows, section
from tests.contract.warehouses import connection, environments, refresh
from tests.world import OMNI, World, doc, world

PROFILES = ["plain", "adversarial"]
JANE = "jane@example.com"
MENDED = "once what was refused is mended"
TOKEN = "omni_pat_test"
"""The key of somebody who is no administrator."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`declared`: the world and what git says in it. `call`: what is sent, `*` stands for an id; `status`,
    `text`: the answer. `meanwhile`: what others do just before it takes effect. `key`: other than usual."""

    kind: str
    declared: Callable[[World], list[Document]]
    call: str
    status: int
    text: str
    meanwhile: Callable[[World], object] | None = None
    key: str = ""


def a_label(w: World) -> list[Document]:
    w.omni.seed_world()
    return [doc("Label", "gold", {"name": "Gold", "verified": True})]


def too_deep(_: World) -> list[Document]:
    return [doc("Folder", f"level-{n}", {"path": "/".join("abcdefgh"[:n])}) for n in range(1, 9)]


def opened_to_jane(w: World) -> list[Document]:
    w.omni.add_user(JANE)
    return [opened("finance", to("VIEWER", JANE))]


def jane_goes(w: World) -> None:
    assert w.omni.edit("DELETE", f"/scim/v2/users/{people(w)[JANE]}").ok


def a_group(w: World) -> list[Document]:
    w.omni.add_user(JANE)
    return [group("Team", JANE, as_="team")]


def drafted(w: World) -> str:
    sales = dashboard(w)
    w.omni.set_draft(sales)
    return sales


def lake(w: World) -> list[str]:
    """A connection with a schema model and a shared one; the models' ids."""
    own = w.omni.add_connection("Lake")
    return [w.omni.add_model(own, "SCHEMA"), w.omni.add_model(own, "SHARED", "Orders")]


def a_model(w: World) -> list[Document]:
    lake(w)
    return [model("Partners", of="Lake")]


def models(w: World, kind: str) -> list[str]:
    """The ids of the models of a kind, but for those that are deleted (OA-P49)."""
    body = w.omni.edit("GET", f"/v1/models?modelKind={kind}").body
    listed = body["records"] if isinstance(body, dict) else None
    assert isinstance(listed, list)
    return [str(one["id"]) for one in listed if isinstance(one, dict) and one["deletedAt"] is None]


def schema_goes(w: World) -> None:
    for one in models(w, "SCHEMA"):
        w.omni.delete_model(one)


def in_the_lake(*documents: Document) -> Callable[[World], list[Document]]:
    def declared(w: World) -> list[Document]:
        lake(w)
        return [*documents]

    return declared


def linked_by_hand(w: World) -> list[Document]:
    base, dev = w.omni.add_connection("Base"), w.omni.add_connection("Dev")
    w.omni.add_environment(base, dev, "theirs")
    return [environments("Base", ("Dev", ["dev"]))]


def with_connection(*documents: Document) -> Callable[[World], list[Document]]:
    def declared(w: World) -> list[Document]:
        w.omni.add_connection("Lake")
        return [*documents]

    return declared


def edited_by_others(w: World) -> None:
    for one in models(w, "SHARED"):
        w.omni.add_file(one, "orders.view", "sql_table_name: theirs\n")


def a_file(w: World) -> list[Document]:
    _, orders = lake(w)
    w.omni.add_file(orders, "orders.view", "sql_table_name: orders\n")
    return [file("orders.view", "sql_table_name: ours\n")]


def filtered(w: World) -> list[Document]:
    filters: Json = {"region": {"values": ["US"]}}
    return [doc("DashboardFilters", "sales", {"document": drafted(w), "filters": filters})]


DRAFT = "A draft already exists for this document. Set clearExistingDraft to true to discard and proceed."
KEYS = "filter keys found in schedule configuration: Region. Available dashboard filter keys are: region, period."
CHANGED = "File has been modified since it was fetched"
ROLE: dict[str, Json] = {"connection": "Lake", "model": "Orders", "role": "NOBODY_KNOWS"}
REFUSALS = [
    Refusal("Label", a_label, "POST /v1/labels", 403,
            "You do not have permission to manage Verified or Homepage labels", key=TOKEN),
    Refusal("Folder", too_deep, "POST /v1/folders", 400, "Maximum folder nesting depth reached"),
    Refusal("Folder", opened_to_jane, "POST /v1/folders/*/permissions", 400, "userIds.0: Invalid uuid", jane_goes),
    Refusal("Document", lambda w: [paper(drafted(w), name="Other")], "PATCH /v1/documents/*", 409, DRAFT),
    Refusal("DashboardFilters", filtered, "PATCH /v1/dashboards/*/filters", 409, DRAFT),
    Refusal("Schedule", lambda w: [delivery(dashboard(w), filters={"Region": {"values": ["US"]}})],
            "POST /v1/schedules", 400, KEYS),
    Refusal("User", lambda _: [person(JANE, "Jane", attributes={"shoe": ["9"]})], "POST /scim/v2/users", 400,
            'The provided user attributes: "shoe" do not match the names of existing user attributes.'),
    Refusal("EmailOnlyUser", lambda _: [recipient(JANE, {"shoe": ["9"]})], "POST /v1/users/email-only/bulk", 400,
            'The provided user attributes: "shoe" do not match the names of existing user attributes.'),
    Refusal("UserGroup", a_group, "POST /scim/v2/groups", 400, "members.0: Invalid value", jane_goes),
    Refusal("Connection", lambda _: [connection("Lake", port=99_999_999)], "POST /v1/connections", 400,
            "port: Invalid value"),
    Refusal("ConnectionEnvironments", linked_by_hand, "POST /v1/connection-environments", 400,
            "The following environment connection IDs are not valid for this connection: "),
    Refusal("SchemaRefresh", with_connection(refresh("Lake", "0 9 * * ? *", "nightly", "Mars/Base")),
            "POST /v1/connections/*/schedules", 400, "Invalid timezone"),
    Refusal("Model", a_model, "POST /v1/models", 400,
            "Schema model does not exist when creating a non-schema model", schema_goes),
    Refusal("ModelGit", in_the_lake(git(url="nowhere")), "POST /v1/models/*/git", 400, "Invalid sshUrl format"),
    Refusal("ModelRoles", in_the_lake(doc("ModelRoles", "boss", {"subject": {"user": ACCOUNT}, "roles": [ROLE]})),
            "POST /v1/users/*/model-roles", 422, "Invalid role"),
    Refusal("ModelFile", a_file, "POST /unstable/models/*/yaml", 400, CHANGED, edited_by_others),
]  # fmt: skip


def carried_out(w: World, one: Refusal) -> tuple[Plan, Report]:
    documents = one.declared(w)
    w.keys[OMNI] = one.key or w.keys[OMNI]
    plan = w.plan(*documents)
    if one.meanwhile is not None:
        method, _, path = one.call.partition(" ")
        deed = one.meanwhile
        w.omni.hooks.add(Rule(method, path.rpartition("*")[2], 1, 1, False), "before-effect", lambda _: deed(w))
    return plan, w.apply(plan)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("one", REFUSALS, ids=lambda r: f"{r.kind}-{r.call.split(' ')[0]}")
def test_a_refusal_names_thing_place_call_words_and_what_to_do(one: Refusal, profile: str, tmp_path: Path) -> None:
    with world(profile, seed=False, twins=[OMNI]) as w:
        plan, report = carried_out(ready(w, tmp_path), one)
        said = report_text(report, plan, Style(width=400))
        told = [report_markdown(report, plan), str(report_json(report, plan, 6))]

    failed = next(o for o in report.outcomes if o.end is End.FAILED)
    call = next(c for c in plan.calls if c.id == failed.call)
    request = next((c for c in plan.calls if c.id == call.carrier), call)
    assert call.address.kind == one.kind
    assert f"{call.address}" in said
    assert f"manifests/{call.address.name}.yaml:1" in said
    assert masked(request.line) == one.call
    assert (f"{request.id}  {deed(request)}" if request is call else f"(in call {request.id})") in said
    assert request is not call or request.line in said
    assert f"{one.status}" in said
    assert one.text in said, said
    assert f"next: reconciler apply   ({MENDED}: " in said
    assert all(part in text for text in told for part in (str(call.address), one.text[:20]))


def test_every_kind_is_refused_once() -> None:
    assert {one.kind for one in REFUSALS} == managed()


def texts() -> list[tuple[int, str]]:
    """Every refusal in the page's table of errors that says no by itself, and its status, once."""
    found: dict[tuple[int, str], None] = {}
    for cells in rows(section("omni-analytics", "Errors")):
        said, statuses = code(cells[2]), re.findall(r"\b(4\d\d)\b", cells[1])
        for n, text in enumerate(said if cells[0] != "Call" else ()):
            status = int(statuses[n % len(statuses)]) if statuses else 0
            if status in (400, 403, 404, 409, 422):
                found[status, text] = None
    return [*found]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_text_of_the_page_reaches_people_whole_beside_its_own_thing_and_call(profile: str) -> None:
    assert len(texts()) > 100
    with world(profile, seed=False, twins=[OMNI]) as w:
        for n, (status, text) in enumerate(texts()):
            assert w.omni.edit("POST", "/v1/labels", {"name": f"L{n:03}"}).ok
            w.omni.faults.add(Fault("status", "PUT", f"/v1/labels/L{n:03}", status=status, text=text))
        names = [f"L{n:03}" for n in range(len(texts()))]
        plan = w.plan(*(doc("Label", name.lower(), {"name": name, "verified": True}) for name in names))
        report = w.apply(plan)
        said = " ".join(report_text(report, plan, Style(width=1000), calls=True).split())

    for n, (status, text) in enumerate(texts()):
        own = f'analytics/Label/l{n:03} ("L{n:03}") manifests/l{n:03}.yaml:1 PUT /v1/labels/L{n:03} '
        bare = re.sub("^(Bad Request|Not Found): ", "", text)  # the status in words, which stands there anyway
        assert f"{own}answered {status}: {' '.join(bare.split())} " in said
    assert f"next: reconciler apply ({MENDED}: " in said
