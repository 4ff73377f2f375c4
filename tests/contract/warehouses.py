"""Connections, their environments and refreshes as stories tell them: what is declared, what is live, one step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from tests.world import World, check_log, doc

SECRET = "canary-Pass-4711"
FILE = "kept/password"
"""Where it is kept, in the project's folder."""


@dataclass(frozen=True, slots=True)
class Step:
    """One plan carried out. `sent`: the calls as the twin saw them."""

    plan: Plan
    report: Report
    sent: tuple[str, ...]

    @property
    def rules(self) -> set[str]:
        return {h.rule for a in self.plan.actions for h in a.holds}

    @property
    def ends(self) -> list[str]:
        return [str(o.end) for o in self.report.outcomes]


def with_secret(w: World, root: Path) -> World:
    """The world with a project folder that holds the password."""
    w.root = root
    (root / "kept").mkdir()
    (root / FILE).write_text(SECRET)
    (root / FILE).chmod(0o600)
    return w


def secret(version: int = 1) -> dict[str, Json]:
    return {"fromFile": FILE, "version": version}


def connection(name: str, as_: str = "", version: int = 1, /, **words: Any) -> Document:
    """A postgres connection; words are its fields, or those of `doc`."""
    meta = {k: words.pop(k) for k in ("pinned_id", "previous_key", "once", "manage") if k in words}
    spec: dict[str, Json] = {"name": name, "dialect": "postgres", "password": secret(version), **words}
    return doc("Connection", as_ or name.lower().replace(" ", "-"), spec, **meta)


def environments(base: str, *entries: tuple[str, list[str]], ids: dict[str, str] | None = None) -> Document:
    known = ids or {}
    listed: list[Json] = [
        {"connection": c, "values": list[Json](v), **({"id": known[c]} if c in known else {})} for c, v in entries
    ]
    return doc("ConnectionEnvironments", "envs", {"base": base, "environments": listed})


def refresh(connection: str, cron: str, name: str = "nightly", zone: str = "UTC", /, **words: Any) -> Document:
    more = {"recreateIfDisabled": words.pop("anew")} if "anew" in words else {}
    return doc("SchemaRefresh", name, {"connection": connection, "cron": cron, "timezone": zone, **more}, **words)


def carried_out(w: World, *documents: Document, left: bool = True) -> Step:
    """Plan, apply with the log as the oracle, and nothing left to do. `left` False: something may be."""
    plan = w.plan(*documents)
    assert len(plan.writes) == plan.bound
    for twin in w.twins.values():
        twin.log.clear()
    report = w.apply(plan)
    check_log(w, plan, report)
    sent = tuple(c for c in report.requests.get("calls", ()))
    if left:
        assert [c.line for c in w.plan().writes] == []
    return Step(plan, report, tuple(c.split(": ", 1)[1] for c in sent))


def reads_of(plan: Plan, path: str) -> list[str]:
    return [r for r in plan.reads if path in r]


def state(w: World) -> Any:
    return w.omni.dump()["state"]


def live(w: World) -> dict[str, dict[str, Any]]:
    """Name -> the connection as the twin keeps it, of those that are not deleted."""
    return {c["name"]: c for c in state(w)["connections"].values() if not c["deleted_at"]}


def linked(w: World) -> dict[str, set[str]]:
    """Name of the connection that stands in -> its values."""
    names = {c["id"]: c["name"] for c in live(w).values()}
    return {names[e["connection_id"]]: set(e["values"]) for e in state(w)["environments"].values()}


def refreshes(w: World) -> dict[str, tuple[str, str]]:
    """Id -> cron text and zone."""
    return {i: (r["schedule"], r["timezone"]) for i, r in state(w)["refresh_schedules"].items()}
