"""An organisation that is declared whole: something of every kind that Omni Analytics has."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.load.desired import desired
from reconciler.load.kinds import load_kinds
from reconciler.model.document import Document
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from tests.contract.accounts_omni import ACCOUNT, person, recipient
from tests.contract.dashboards import paper
from tests.contract.deliveries import FILES
from tests.contract.grants import opened, to
from tests.contract.groups import group, people
from tests.contract.models import file, git, model
from tests.contract.warehouses import connection, environments, refresh, with_secret
from tests.world import OMNI, World, catalog, doc

JANE, BOB, EXT = "jane@example.com", "bob@example.com", "ext@example.com"
MONDAYS = "0 9 ? * MON *"
WEEKLY = {"cron": MONDAYS, "timezone": "UTC", "format": "pdf", "destination": "email", "subject": "Sales"}

SFTP: dict[str, Json] = {n: v for n, v in FILES.items() if isinstance(v, str | int)}


def managed() -> set[str]:
    """The kinds of Omni Analytics that documents may be of."""
    return {k.name for k in load_kinds().values() if k.provider == "omni-analytics" and k.rest.list is not None}


def ready(w: World, root: Path) -> World:
    """With the secrets that connections are made with, the account that the key is of, and attributes."""
    w.settings[OMNI] = {"account": ACCOUNT}
    w.omni.define_attribute("region", multiple=True)
    w.omni.define_attribute("environment")
    return with_secret(w, root)


def dashboard(w: World, name: str = "Sales", owner: str = "") -> str:
    """A dashboard with two filters and a control; its identifier."""
    control: dict[str, Json] = {"id": "metric", "type": "FIELD_SELECTION", "label": "Metric", "hidden": False}
    ids = people(w)
    return w.omni.add_document(
        name,
        filter_keys=["region", "period"],
        controls=[control],
        tiles=["1"],
        owner_id=ids[owner or ACCOUNT],
    )


def delivery(sales: str, name: str = "Weekly", as_: str = "weekly", /, **words: Any) -> Document:
    """An e-mail of a dashboard; words are its fields, or metadata."""
    metadata = {k: words.pop(k) for k in ("allow", "on_remove", "previous_key") if k in words}
    spec = {"document": sales, "name": name, **WEEKLY, "recipients": [EXT], **words}
    return doc("Schedule", as_, spec, **metadata)


def whole(sales: str) -> list[Document]:
    """Documents of every kind, each new but for the dashboard, and each with a part in some other."""
    return [
        person(JANE, "Jane", attributes={"region": ["US"]}),
        person(BOB, "Bob"),
        recipient(EXT, {"region": ["EU"]}),
        group("Finance Team", JANE, BOB, as_="fin"),
        connection(
            "Warehouse",
            host="db.example.com",
            baseRole="QUERIER",
            environmentUserAttribute={"attribute": "environment", "defaultValues": ["prod"]},
        ),
        connection("Warehouse Dev"),
        connection("Warehouse Staging"),
        environments("warehouse", ("warehouse-dev", ["dev", "qa"]), ("warehouse-staging", ["staging"])),
        refresh("warehouse", "0 9 * * ? *", "nightly", "America/New_York"),
        model("schema", "SCHEMA", as_="schema", of="warehouse", refreshOnCreate=True),
        model("Orders", as_="orders", of="warehouse", accessGrants=[{"name": "finance"}]),
        model("Partners", "SHARED_EXTENSION", as_="partners", of="warehouse", extends="orders"),
        git("orders", of="warehouse"),
        file("orders.view", "sql_table_name: orders\n", of="warehouse", to="partners"),
        doc(
            "ModelRoles",
            "roles",
            {
                "subject": {"group": "fin"},
                "roles": [
                    {"connection": "warehouse", "model": "orders", "role": "QUERY_TOPICS"},
                    {"connection": "warehouse", "role": "CONNECTION_ADMIN"},
                ],
            },
        ),
        doc("Label", "production", {"name": "Production", "verified": True}),
        doc("Label", "finance-label", {"name": "Finance"}),
        opened("finance", to("EDITOR", BOB, groups=["fin"])),
        doc("Folder", "reports", {"path": "Finance/Reports"}),
        doc("Folder", "private", {"path": "Jane", "scope": "restricted", "owner": JANE}),
        paper(
            sales,
            name="Sales 2026",
            folder="reports",
            owner=JANE,
            permissionsMode="exact",
            permissions=[to("VIEWER", BOB), to("EXPLORER", groups=["fin"])],
            settings={"organizationRole": "VIEWER", "canDownload": False},
            labels=["production", "finance-label"],
            connection="warehouse",
            model="orders",
        ),
        doc(
            "DashboardFilters",
            "filters",
            {
                "document": sales,
                "filters": {"region": {"values": ["US"], "hidden": True}},
                "controls": {"metric": {"label": "Which"}},
                "order": ["metric", "region", "period"],
            },
        ),
        delivery(sales, recipientUsers=[BOB], paused=True, owner=JANE, allow=["effects"]),
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """A plan carried out. `sent`: `METHOD path` of every write that the twin saw."""

    plan: Plan
    report: Report
    sent: list[str]

    @property
    def ends(self) -> dict[str, str]:
        """Name of each document -> how its calls ended, the worst first."""
        order = ("failed", "in doubt", "blocked", "stale", "not sent", "held", "done", "unneeded")
        call_of = {c.id: c.address.name for c in self.plan.calls}
        found: dict[str, str] = {}
        for o in self.report.outcomes:
            name = call_of[o.call]
            found[name] = min(found.get(name, "unneeded"), str(o.end), key=order.index)
        return found


def carried_out(w: World, *documents: Document) -> Step:
    """Plan and apply with the log as the oracle."""
    plan = w.plan(*documents)
    assert len(plan.writes) == plan.bound
    report = w.checked_apply(plan)
    return Step(plan, report, [e.call for e in w.omni.log if e.write])


def holds(plan: Plan) -> dict[str, list[str]]:
    """Name of a document -> the rules that hold it."""
    return {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds}


def notes(plan: Plan, name: str) -> str:
    return "; ".join(n for a in plan.actions if a.address.name == name for n in (*a.notes, *a.effects))


def mistakes(*documents: Document) -> list[str]:
    """What the loader says of these where they stand in files, without a server."""
    project = "apiVersion: reconciler/v1\nkind: Project\ntargets:\n  analytics: {provider: omni-analytics}\n"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reconciler.yaml").write_text(project)
        (root / "manifests").mkdir()
        for i, one in enumerate(documents):
            whole_ = {"apiVersion": "omni-analytics/v1", "kind": one.kind, "metadata": {"name": one.address.name}}
            (root / f"manifests/{i}.yaml").write_text(json.dumps({**whole_, "spec": dict(one.spec)}))
        try:
            desired(root, catalog())
        except ManifestInvalid as invalid:
            return [str(p) for p in invalid.problems]
    return []
