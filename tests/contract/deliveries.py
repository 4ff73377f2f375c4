"""Schedules as stories tell them: what is declared, what is live, and one step of a story with every count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.model.document import Document
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Plan
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.world import World, check_log, doc

PATH: Final = "/v1/schedules"
ADMIN, JANE, BOB = "admin@example.com", "jane@example.com", "bob@example.com"
PARTNER: Final = "reports@partner.example.com"
ORDINARY: Final = "sortField=scheduleName&sortDirection=asc&pageSize=100"
METADATA: Final = frozenset(
    {"allow", "previous_key", "previous_name", "ignore", "pinned_id", "on_remove", "protect", "manage"}
)

WHEN: Final = {"cron": "0 9 ? * MON *", "timezone": "America/New_York", "format": "pdf"}
MAIL: Final = {**WHEN, "destination": "email", "recipients": [JANE, PARTNER], "subject": "Weekly sales"}
HOOK: Final = {**WHEN, "destination": "webhook", "url": "https://hooks.example.com/sales"}
FILES: Final = {
    **WHEN,
    "destination": "sftp",
    "address": "sftp.example.com",
    "port": 22,
    "username": "reports",
    "path": "/in/sales.pdf",
}
WIRE: Final = {
    "document": "identifier",
    "cron": "schedule",
    "destination": "destinationType",
    "body": "textBody",
    "tile": "queryIdentifierMapKey",
    "filters": "filterConfig",
}


@dataclass(slots=True)
class Office:
    """A world with two dashboards and people who may see both. `ids`: address -> membership id."""

    w: World
    sales: str
    stock: str
    ids: Mapping[str, str]

    def records(self) -> list[dict[str, Any]]:
        """Every schedule, as the list shows it."""
        body: Any = self.w.omni.edit("GET", f"{PATH}?pageSize=100").body
        return list(body["records"])

    def live(self) -> dict[str, dict[str, Any]]:
        return {r["name"]: r for r in self.records()}

    def id_of(self, name: str) -> str:
        return str(self.live()[name]["id"])

    def mailed(self, name: str) -> list[str]:
        """Who gets it, in order."""
        body: Any = self.w.omni.edit("GET", f"{PATH}/{self.id_of(name)}/recipients").body
        return [r["email"].casefold() for r in body["recipients"]]

    def owned(self, address: str) -> set[str]:
        """The names of what somebody owns."""
        body: Any = self.w.omni.edit("GET", f"{PATH}?pageSize=100&ownerId={self.ids[address]}").body
        return {r["name"] for r in body["records"]}

    def by_hand(self, name: str, spec: Mapping[str, Any], place: str = "", **more: object) -> str:
        """A schedule that somebody makes in the product; its id."""
        body = wire({**spec, "document": place or self.sales, "name": name, **more})
        answer: Any = self.w.omni.edit("POST", PATH, body)
        assert answer.ok, answer
        return str(answer.body["id"])

    def edit(self, name: str, verb: str, body: Any = None) -> None:
        """Change one behind our back."""
        path = f"{PATH}/{self.id_of(name)}" + (f"/{verb}" if verb else "")
        answer = self.w.omni.edit("PUT", path, body)
        assert answer.ok, answer


def office(w: World) -> Office:
    users: Any = w.omni.edit("GET", "/scim/v2/users?count=100").body
    ids = {str(u["userName"]).casefold(): str(u["id"]) for u in users["Resources"]}
    for address in (JANE, BOB):
        ids.setdefault(address, "")
        ids[address] = ids[address] or w.omni.add_user(address)
    seen = [ids[address] for address in (ADMIN, JANE, BOB)]
    sales, stock = (
        w.omni.add_document(name, tiles=["1", "2"], filter_keys=["region"], viewers=seen)
        for name in ("Sales", "Stock")
    )
    return Office(w, sales, stock, ids)


def weekly(here: Office, base: Mapping[str, Any] = MAIL, as_: str = "weekly", /, **words: object) -> Document:
    """A schedule's document on the sales dashboard; `words` go over `base`, None takes a field out; what is no
    field is metadata."""
    spec = {"document": here.sales, "name": "Weekly", **base}
    spec |= {k: v for k, v in words.items() if k not in METADATA}
    metadata = {k: v for k, v in words.items() if k in METADATA}
    return doc("Schedule", as_, {k: v for k, v in spec.items() if v is not None}, **metadata)


def wire(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A spec as the API has it."""
    body = {WIRE.get(n, n): v for n, v in spec.items() if n not in ("alert", "options") and v is not None}
    if "alert" in spec:
        body |= {"conditionType": spec["alert"]["when"], "conditionQueryMapKey": spec["alert"]["query"]}
    return body | dict(spec.get("options", {}))


@dataclass(frozen=True, slots=True)
class Step:
    """A plan and what became of it. `sent`: its calls as they went, without the path that all share, ids of
    schedules as `1`, `2` …; `bodies`: of the writes, as the twin saw them."""

    plan: Plan
    report: Report
    sent: list[str]
    bodies: list[Any]

    @property
    def ends(self) -> list[str]:
        return [str(o.end) for o in self.report.outcomes]

    def action(self, name: str = "weekly") -> Action:
        return next(a for a in self.plan.actions if a.address.name == name)

    def asked(self, group: str) -> tuple[int, int, int]:
        """Listings by document, reads of recipients, listings by owner."""
        return counted(self.report.requests.get(group, ()))


def counted(lines: Iterable[str]) -> tuple[int, int, int]:
    found = [line for line in lines if PATH in line]
    owners = sum("ownerId=" in line for line in found)
    recipients = sum(line.endswith("/recipients") for line in found)
    return len(found) - owners - recipients, recipients, owners


def short(text: str) -> str:
    return text.replace("00000007-0000-4000-8000-00000000000", "").replace(PATH, "")


def planned(here: Office, *documents: Document) -> Plan:
    """A plan, after looking at what it cost to make (OA-C15), and that it needs what OA-C16 says."""
    w = here.w
    w.documents = list(documents)
    expected = reads_needed(here, documents)
    w.omni.lag.show_all()
    w.omni.log.clear()
    plan = w.plan()
    lines = [entry.call for entry in w.omni.log]
    assert not [entry.call for entry in w.omni.log if entry.write]
    assert len(plan.reads) == len(lines)
    assert counted(lines) == expected
    assert len(plan.writes) == plan.bound
    return plan


def reads_needed(here: Office, documents: Iterable[Document]) -> tuple[int, int, int]:
    """OA-C15 for a world in which every list has one page, and nothing recorded is missing."""
    declared = list(documents)
    bonds = here.w.recorded.bonds if here.w.ledger else {}
    known = {d.address for d in declared}
    kept = [b for a, b in bonds.items() if a in known or b.on_remove != "release"]
    places = {str(d.spec["document"]) for d in declared} | {b.by["document"] for b in kept}
    live = [(r["identifier"], r["name"]) for r in here.records()]
    ids = {r["id"] for r in here.records()}
    bound = {b.address: b.id for b in kept} | {d.address: d.pinned_id for d in declared if d.pinned_id}
    there = [
        d
        for d in declared
        if bound.get(d.address) in ids
        or any(live.count((str(d.spec["document"]), name)) == 1 for name in (d.spec["name"], d.previous_key))
    ]
    owners = {d.spec["owner"] for d in there if "owner" in d.spec}
    told = [d for d in there if d.spec["destination"] in ("email", "webhook", "sftp")]  # OA-R86
    return int(bool(places)), len(told), len(owners)


def carried_out(here: Office, *documents: Document, overrides: Iterable[Override] = ()) -> Step:
    """Plan, apply with the request log as the oracle, plan again: nothing is left, and nothing new is held."""
    step = applied(here, planned(here, *documents), overrides)
    assert set(step.ends) <= {"done", "held", "unneeded"}, step.report.outcomes
    left = planned(here, *documents)
    assert [c.line for c in left.writes] == []
    before = {(a.address, h.rule) for a in step.plan.actions for h in a.holds}
    assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= before
    return step


def applied(here: Office, plan: Plan, overrides: Iterable[Override] = ()) -> Step:
    lifted = tuple(overrides)
    here.w.omni.log.clear()
    report = here.w.apply(plan, *lifted)
    check_log(here.w, released(plan, lifted), report)
    sent = [short(line.split(" ", 1)[1]) for line in report.requests.get("calls", ())]
    bodies = [e.body for e in here.w.omni.log if e.write]
    return Step(plan, report, sent, bodies)
