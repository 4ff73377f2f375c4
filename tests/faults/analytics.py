"""Omni Analytics before and after a change: who has an account or gets mail, where the data comes from, how it is
modelled, and the dashboards that people see of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.record import replace
from reconciler.twins import OmniTwin
from tests.contract.accounts_omni import ACCOUNT, CONSENTS, person, recipient
from tests.contract.dashboards import paper
from tests.contract.grants import opened, to
from tests.contract.groups import group
from tests.contract.models import file, git, model
from tests.contract.warehouses import FILE, SECRET, connection, refresh
from tests.world import doc

__all__ = ["ACCOUNT", "BOARD", "FILES", "PLAN", "after", "before", "linked", "links", "noted", "seed"]

JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria.lopez", "chen"))
NEW, SECOND, LEAVER = (f"{name}@example.com" for name in ("new.one", "second.one", "leaver"))
ONE, TWO, THREE = (f"{name}@partner.example.com" for name in ("one", "two", "three"))
FILES: Mapping[str, bytes] = {FILE: SECRET.encode()}
"""What lies in the project's folder."""
SINKS = "secrets"
BOARD, PLAN = "board-id", "plan-id"
"""Dashboards that somebody has made."""
OLD: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
WHERE: Mapping[str, Json] = {"attribute": "environment", "defaultValues": ["prod"]}


def seed(twin: OmniTwin) -> None:
    """What only the product can make, besides the seeded world: two dashboards of Bob's."""
    control: JsonObject = {"id": "metric", "type": "FIELD_SELECTION", "label": "Metric", "hidden": False}
    bob = next(str(u["id"]) for u in _rows(twin, "users") if u["user_name"] == BOB)
    for identifier, name in ((BOARD, "Board"), (PLAN, "Plan")):
        keys, tiles = ["region", "period"], ["1"]
        twin.add_document(
            name, identifier=identifier, filter_keys=keys, controls=[control], tiles=tiles, owner_id=bob
        )


def _rows(twin: OmniTwin, table: str) -> list[Mapping[str, Any]]:
    state: Any = twin.dump()["state"]
    return list(state[table].values())


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what was seeded."""
    return [
        person(JANE, "Jane", attributes={"region": ["US"], "level": 2}),
        person(LEAVER, "Leaver", **CONSENTS),
        recipient(ONE, {"region": ["EU"]}),
        group("Finance", JANE, LEAVER, as_="fin"),
        connection("Lake", baseRole="QUERIER"),
        connection("Lake Dev"),
        connection("Lake Test"),
        linked("lake", ("lake-dev", ["dev", "qa"]), ("lake-test", ["test"])),
        refresh("lake", "0 9 * * ? *", "nightly"),
        refresh("lake", "0 10 * * ? *", "old", **OLD),
        refresh("lake", "0 11 * * ? *", "moving", allow=["replace"]),
        model("schema", "SCHEMA", as_="lake-schema", of="lake"),
        model("Lakes", as_="lakes", of="lake"),
        model("Shores", as_="shores", of="lake"),
        git("lakes", of="lake", baseBranch="main"),
        git("shores", of="lake", as_="old-git", **OLD),
        file("lakes.view", "sql_table_name: lakes\n", of="lake", to="lakes", commitMessage="New"),
        file("old.view", "sql_table_name: old\n", of="lake", to="lakes", commitMessage="Old", **OLD),
        roles("bob", {"user": BOB}, ("lake", "lakes", "QUERIER")),
        opened("vault", to("EDITOR", JANE), path="Vault"),
        paper(
            BOARD,
            "board",
            name="Boards",
            folder="vault",
            permissions=[to("EDITOR", JANE), to("VIEWER", MARIA)],
            settings={"canDownload": True},
            labels=["Draft"],
        ),
        shown("board", BOARD, {"region": {"values": ["US"]}}),
    ]


def after() -> list[Document]:
    """Creates, changes, moves, a replacement, removals and deletes, with references among them."""
    return [*_people(), *_connections(), *_models(), *_dashboards()]


def _people() -> list[Document]:
    return [
        person(JANE, "Jane Lee", attributes={"region": ["US", "EU"], "level": None}),
        person(NEW, "New", attributes={"region": ["EU"]}),
        person(SECOND, "Second"),
        recipient(ONE, {"region": ["EU", "US"]}),
        recipient(TWO, {"region": ["US"]}),
        recipient(THREE),
        group("Finance", JANE, NEW, as_="fin"),
        group("Partners", SECOND, as_="partners"),
    ]


def _connections() -> list[Document]:
    """Dev and Test of the lake change places, which takes a value set aside; the pond is all new."""
    return [
        connection("Lake", baseRole="VIEWER", environmentUserAttribute=WHERE),
        connection("Lake Dev"),
        connection("Lake Test"),
        connection("Lake Staging"),
        linked("lake", ("lake-dev", ["test"]), ("lake-test", ["dev", "qa"]), ("lake-staging", ["staging"])),
        connection("Pond", environmentUserAttribute=WHERE),
        connection("Pond Dev"),
        linked("pond", ("pond-dev", ["d"])),
        refresh("lake", "0 8 * * ? *", "nightly", "Europe/London"),
        refresh("pond", "0 11 * * ? *", "moving", allow=["replace"]),
        refresh("pond", "0 12 * * ? *", "fresh"),
    ]


def _models() -> list[Document]:
    hook: Json = {"toFile": f"{SINKS}/lakes.hook"}
    return [
        model("schema", "SCHEMA", as_="lake-schema", of="lake"),
        model("Lakes", as_="lakes", of="lake"),
        model("Shores", as_="shores", of="lake"),
        model("schema", "SCHEMA", as_="pond-schema", of="pond", refreshOnCreate=True),
        model("Ponds", as_="ponds", of="pond", validate=True),
        model("Frogs", "SHARED_EXTENSION", as_="frogs", of="pond", extends="ponds"),
        git("lakes", of="lake", baseBranch="trunk", webhookSecret=hook, once={"fetchSecret": "1"}),
        git("ponds", of="pond", as_="pond-git", webhookSecret={"toFile": f"{SINKS}/ponds.hook"}),
        file("lakes.view", "sql_table_name: the_lakes\n", of="lake", to="lakes", commitMessage="More"),
        file("frogs.view", "sql_table_name: frogs\n", of="pond", to="frogs", validate=True),
        file("more.view", "sql_table_name: more\n", of="pond", to="frogs"),
        roles("bob", {"user": BOB}, ("lake", "lakes", "MODELER"), ("pond", "ponds", "VIEWER")),
        roles("fin", {"group": "fin"}, ("pond", "ponds", "QUERY_TOPICS"), ("lake", None, "CONNECTION_ADMIN")),
        roles("new-one", {"user": NEW}, ("pond", "frogs", "MODELER")),
    ]


def _dashboards() -> list[Document]:
    return [
        opened("vault", to("EDITOR", JANE), path="Vault"),
        opened("shelf", to("VIEWER", NEW, groups=["fin"]), path="Vault/Shelf"),
        doc("Label", "fresh", {"name": "Fresh"}),
        paper(
            BOARD,
            "board",
            name="The board",
            folder="shelf",
            owner=JANE,
            permissions=[to("VIEWER", CHEN), to("MANAGER", NEW), to("EXPLORER", groups=["fin"])],
            settings={"canDownload": False, "organizationRole": "NO_ACCESS"},
            labels=["fresh"],
            allow=["first-removals"],
        ),
        paper(PLAN, "plan", name="Plans", connection="pond", model="ponds", labels=["fresh", "Draft"]),
        shown(
            "board",
            BOARD,
            {"region": {"values": ["US", "EU"], "hidden": True}, "period": {"label": "When"}},
            controls={"metric": {"label": "Which"}},
            order=["metric", "region", "period"],
        ),
        shown("plan", PLAN, {"region": {"values": ["EU"]}}),
        doc("Schedule", "weekly", {"document": BOARD, **_WEEKLY, "recipients": [TWO], "recipientUsers": [NEW]}),
    ]


_WEEKLY: Mapping[str, Json] = {
    "name": "Weekly",
    "cron": "0 9 ? * MON *",
    "timezone": "UTC",
    "format": "pdf",
    "destination": "email",
    "subject": "Board",
}


def linked(base: str, *entries: tuple[str, list[Json]]) -> Document:
    """What stands in for a base."""
    listed: list[Json] = [{"connection": c, "values": v} for c, v in entries]
    return doc("ConnectionEnvironments", base, {"base": base, "environments": listed})


def links(twin: OmniTwin) -> dict[str, dict[str, str]]:
    """Base -> connection that stands in for it -> the id of the link, as the product shows it; each is called as
    its document is."""
    named = {str(c["id"]): str(c["name"]).casefold().replace(" ", "-") for c in _rows(twin, "connections")}
    found: dict[str, dict[str, str]] = {}
    for link in _rows(twin, "environments"):
        found.setdefault(named[link["base_id"]], {})[named[link["connection_id"]]] = str(link["id"])
    return found


def noted(document: Document, ids: Mapping[str, str]) -> Document:
    """With the ids that a person has written beside its environments, by what these name."""
    if not ids or document.address.kind != "ConnectionEnvironments":
        return document
    listed: Any = document.spec["environments"]
    entries = [e | ({"id": ids[e["connection"]]} if e["connection"] in ids else {}) for e in listed]
    return replace(document, spec={**document.spec, "environments": entries})


def roles(name: str, subject: JsonObject, *given: tuple[str, str | None, str]) -> Document:
    listed: list[Json] = [
        {"connection": c, "role": role, **({"model": m} if m is not None else {})} for c, m, role in given
    ]
    return doc("ModelRoles", name, {"subject": subject, "roles": listed})


def shown(name: str, identifier: str, filters: JsonObject, **more: Json) -> Document:
    """What people see of a dashboard before they choose."""
    return doc("DashboardFilters", name, {"document": identifier, "filters": filters, **more})
