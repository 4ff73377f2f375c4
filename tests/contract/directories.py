"""Steps of a story about directories: plan, count by OC-C40 to OC-C44, apply, and find nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.plan import Plan
from tests.contract.keywords import Deed, applied
from tests.world import CORE, World, doc

RNCS, LIST, ASSETS = "/dam/rncs/retrieve", "/dam/dirs/retrieve", "/dam/assets/query"
PERSIST, PERFORM = "/dam/dirs/persist", "/dam/dirs/perform"
DELETABLE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}


def di(
    path: str,
    values: Mapping[str, Json] | None = None,
    /,
    *,
    rnc: str = "MAM",
    name: str = "",
    was: str | None = None,
    **metadata: object,
) -> Document:
    """A directory's document. `was`: its previous key."""
    spec: dict[str, Json] = {"rnc": rnc, "path": path}
    if values is not None:
        spec["attributes"] = dict(values)
    if was is not None:
        metadata["previous_key"] = was
    return doc(f"{CORE}/Directory", name or path.replace("/", "-").lower(), spec, **metadata)


def at(name: str) -> Address:
    return Address(CORE, "Directory", name)


def planned(k: World, *documents: Document) -> Plan:
    """A plan, and what it cost to make: no write, as many reads as it says, as many writes as OC-C41 does."""
    k.documents = list(documents)
    k.core.log.clear()
    plan = k.plan()
    assert [e.call for e in k.core.log if e.write] == []
    assert len(plan.reads) == len(k.core.log)
    assert len(plan.writes) == plan.bound
    return plan


def carried_out(k: World, *documents: Document, calls: int | None = None) -> Deed:
    """Plan and apply; then nothing is left."""
    plan = planned(k, *documents)
    assert calls is None or len(plan.writes) == calls, [c.summary for c in plan.writes]
    deed = applied(k, plan)
    assert set(deed.ends) <= {"done", "held"}, [(o.call, o.message) for o in deed.report.outcomes]
    assert planned(k, *documents).writes == ()
    return deed


def troubled(k: World, plan: Plan) -> Deed:
    """An apply in which an answer may leave open whose error is whose, so that live is asked (OC-R114)."""
    k.core.log.clear()
    report = k.apply(plan)
    said = [line for group in report.requests.values() for line in group]
    assert sorted(f"{CORE}: {e.call}" for e in k.core.log) == sorted(said)
    assert set(report.requests) <= {"preconditions", "calls", "settle", "verify"}
    return Deed(plan, report, [str(e.body) for e in k.core.log if e.write])


def tree(k: World) -> dict[str, Json]:
    """Every directory by its path, with its values in the words of a manifest."""
    return {path: _values(k.core.directory(path).vals) for path in k.core.directory_paths()}


def _values(vals: object) -> Json:
    """What a twin keeps, as a manifest says it."""
    found: dict[str, Json] = {}
    for name, one in vals.items() if isinstance(vals, Mapping) else ():
        several = [(i["loc"], _texts(i["itm"])) for i in one.get("i18n", ())]
        spoken = {i["loc"]: i["value"] for i in one.get("itm", ()) if isinstance(i, Mapping) and "loc" in i}
        texts = _texts(one.get("itm", ()))
        found[name] = dict(several) or spoken or (texts if one.get("type") == "multiple" else texts[0])
    return found


def _texts(items: Iterable[Any]) -> list[Json]:
    return [i["value"] if isinstance(i, Mapping) else i for i in items]


def reads(k: World) -> dict[str, int]:
    """How often each path was asked for since the log was cleared."""
    found: dict[str, int] = {}
    for entry in k.core.log:
        found[entry.call] = found.get(entry.call, 0) + 1
    return {call.removeprefix("POST "): n for call, n in found.items()}


def messages(deed: Deed, name: str) -> list[str]:
    """What the calls of one directory ended with, and why."""
    own = {c.id for c in deed.plan.calls if c.address.name == name}
    return [f"{o.end}: {o.message}" for o in deed.report.outcomes if o.call in own]
