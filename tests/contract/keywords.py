"""Steps of a story about keywords: plan, count by OC-C1 to OC-C5, apply, and find nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Plan
from reconciler.twins.core.log import LogEntry
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.world import CORE, World, check_log, doc

RETRIEVE, PERSIST, PERFORM = (f"/common/keywords/{word}" for word in ("retrieve", "persist", "perform"))
LOCALES = "/common/locales/retrieve"
DELETABLE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}


def kw(path: str, /, *, name: str = "", was: str | None = None, **words: object) -> Document:
    """A keyword's document. `was`: its previous key; locales are words of five letters, all else is metadata."""
    labels = [{"locale": k, "text": v} for k, v in words.items() if len(k) == 5 and k[2] == "_"]
    metadata = {k: v for k, v in words.items() if not (len(k) == 5 and k[2] == "_")}
    spec: dict[str, Json] = {"path": path}
    if labels:
        spec["labels"] = labels  # type: ignore[assignment]
    if was is not None:
        metadata["previous_key"] = was
    return doc("Keyword", name or path.replace("/", "-").lower(), spec, **metadata)


def at(name: str) -> Address:
    return Address(CORE, "Keyword", name)


@dataclass(frozen=True, slots=True)
class Deed:
    """A plan and what became of it. `sent`: every write as the twin saw it, the XML body after its head."""

    plan: Plan
    report: Report
    sent: list[str]

    @property
    def ends(self) -> list[str]:
        return [str(o.end) for o in self.report.outcomes]

    def asked(self, group: str) -> int:
        return len(self.report.requests.get(group, ()))


def planned(k: World, *documents: Document) -> Plan:
    """A plan, and what it cost to make: no write, and as many reads as it says (OC-C1)."""
    k.documents = list(documents)
    k.core.log.clear()
    plan = k.plan()
    assert [e.call for e in k.core.log if e.write] == []
    assert len(plan.reads) == len(k.core.log)
    assert len(plan.writes) == plan.bound
    return plan


def applied(k: World, plan: Plan, *, overrides: Iterable[Override] = ()) -> Deed:
    lifted = tuple(overrides)
    k.core.log.clear()
    report = k.apply(plan, *lifted)
    check_log(k, released(plan, lifted), report)
    return Deed(plan, report, [_written(e) for e in k.core.log if e.write])


def carried_out(k: World, *documents: Document, calls: int | None = None) -> Deed:
    """Plan and apply: OC-C2 calls, and what of OC-C3 the adversarial profile makes necessary; then nothing is
    left."""
    plan = planned(k, *documents)
    assert calls is None or len(plan.writes) == calls
    deed = applied(k, plan)
    assert set(deed.ends) <= {"done", "held", "unneeded"}
    assert deed.asked("calls") == len(plan.writes) or plan.contingent
    left = planned(k, *documents)
    assert left.writes == ()
    return deed


def _written(entry: LogEntry) -> str:
    return str(entry.body).partition('schemaVersion="5.6.0">')[2].removesuffix("</pim>")


def action(plan: Plan, name: str) -> Action:
    [found] = [a for a in plan.actions if a.address.name == name]
    return found


def rules(plan: Plan, name: str) -> list[str]:
    return [h.rule for h in action(plan, name).holds]


def forest(k: World) -> dict[str, dict[str, str]]:
    """Every keyword by its path, with its labels."""
    return {path.strip("/"): dict(k.core.keyword(path).labels) for path in k.core.paths()}


def requests(k: World, path: str) -> list[object]:
    """The bodies of all requests of one path that the twin saw since its log was cleared."""
    return [e.body for e in k.core.log if e.call == f"POST {path}"]
