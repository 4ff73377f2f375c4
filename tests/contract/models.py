"""Steps of a story about models: a connection with some, documents about them, plan, apply, nothing left to do;
and count by OA-C30 to OA-C33."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reconciler.model.document import Document
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from tests.world import OMNI, World, doc, world

LAKE = "Lake"
ORDERS = "Orders"
UNNAMED = "(schema)"
URL = "git@github.com:example/models.git"


@dataclass(frozen=True, slots=True)
class Estate:
    """A world with one connection, its schema model and one shared model. All names are live ids."""

    w: World
    connection: str
    schema: str
    orders: str

    def live(self, kind: str = "SHARED") -> dict[str, Any]:
        """Name -> record of every live model of a kind."""
        answer: Any = self.w.omni.edit("GET", f"/v1/models?modelKind={kind}&pageSize=50").body
        return {str(r["name"]): r for r in answer["records"] if not r["deletedAt"]}

    def git(self, model: str = "") -> Any:
        """The git configuration of a model as it is live; None where it has none."""
        answer = self.w.omni.edit("GET", f"/v1/models/{model or self.orders}/git")
        return answer.body if answer.ok else None

    def files(self, model: str = "") -> Any:
        path = f"/unstable/models/{model or self.orders}/yaml?mode=extension&includeChecksums=true"
        return self.w.omni.edit("GET", path).body["files"]  # type: ignore[index,call-overload]

    def step(self, *documents: Document) -> tuple[Plan, Report, list[str]]:
        """Converge on these; the requests of the calls, in their order."""
        plan, report = self.w.converge(*documents)
        assert len(plan.writes) == plan.bound
        return plan, report, sent(report)


@contextmanager
def estate(profile: str) -> Iterator[Estate]:
    with world(profile, seed=False, twins=[OMNI]) as w:
        connection = w.omni.add_connection(LAKE)
        schema = w.omni.add_model(connection, "SCHEMA")
        yield Estate(w, connection, schema, w.omni.add_model(connection, "SHARED", ORDERS, base_id=schema))


def sent(report: Report, group: str = "calls") -> list[str]:
    """`METHOD /path` of the requests of one group."""
    return [line.removeprefix(f"{OMNI}: ") for line in report.requests.get(group, ())]


def verbs(report: Report) -> list[str]:
    return [line.split(" ")[0] for line in sent(report)]


def model(name: str = ORDERS, kind: str = "SHARED", /, *, as_: str = "", of: str = LAKE, **more: Any) -> Document:
    """A model's document; that of a schema model has the name that the loader gives it."""
    metadata = {k: more.pop(k) for k in ("pinned_id", "previous_key", "manage") if k in more}
    spec = {"connection": of, "modelKind": kind, "name": UNNAMED if kind == "SCHEMA" else name, **more}
    return doc("Model", as_ or name.casefold(), spec, **metadata)


def git(name: str = ORDERS, /, *, as_: str = "git", of: str = LAKE, url: str = URL, **more: Any) -> Document:
    words = ("on_remove", "allow", "once", "manage", "previous_key", "ignore")
    metadata = {k: more.pop(k) for k in words if k in more}
    return doc("ModelGit", as_, {"connection": of, "model": name, "sshUrl": url, **more}, **metadata)


def file(name: str, text: str, /, *, as_: str = "", of: str = LAKE, to: str = ORDERS, **more: Any) -> Document:
    metadata = {k: more.pop(k) for k in ("on_remove", "allow") if k in more}
    spec = {"connection": of, "model": to, "file": name, "text": text, **more}
    return doc("ModelFile", as_ or name.replace(".", "-"), spec, **metadata)


def rules(plan: Plan) -> dict[str, set[str]]:
    """Name of a document -> the rules that hold it."""
    return {a.address.name: {h.rule for h in a.holds} for a in plan.actions if a.holds}


def notes(plan: Plan, name: str) -> tuple[str, ...]:
    return next(a.notes for a in plan.actions if a.address.name == name)
