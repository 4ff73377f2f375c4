"""Changes, calls and plans as short expressions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reconciler.model.change import Change, Changes, Delta, Entry, Hold, Verb
from reconciler.model.document import Address, DeleteLimit, Desired, Target
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Live, Proof, Resource
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.recorded import Bond, Recorded
from reconciler.plan import build
from tests.kept import keep_in_test, plan_text
from tests.world import OMNI, PROVIDERS, TRACKER, catalog, doc

TARGETS = {name: Target(name, provider) for name, provider in PROVIDERS.items()}
BASES = {target: f"https://{target}.example.com" for target in PROVIDERS}
WHOLE = Proof(complete=True, by="a sample")
FINAL = Hold("stop", "a reason", "a way out", final=True)
WAIT = Hold("ask", "a reason", "a way out")


def address(kind: str, name: str) -> Address:
    return Address(TRACKER if kind == "ClientTeam" else OMNI, kind, name)


def kind_of(change: Change) -> Kind:
    return catalog().kind(PROVIDERS[change.address.target], change.address.kind)


def thing(remote_id: str, key: Json, *, parent: str | None = None, **contents: Any) -> Resource:
    return Resource(remote_id, key, {}, str(key), parent, contents)


def create(kind: str, name: str, key: Json, **words: Any) -> Change:
    field = {"Label": "name", "Folder": "path", "ClientTeam": "slug"}[kind]
    wire = {field: key, **({"name": "Title"} if kind == "ClientTeam" else {})}
    document = doc(kind, name, wire)
    return Change(Verb.CREATE, address(kind, name), document, key=key, label=str(key), wire=wire, **words)


def delete(kind: str, name: str, live: Resource, *, made: bool = True, **words: Any) -> Change:
    at = address(kind, name)
    return Change(Verb.DELETE, at, live=live, key=live.key, was_made=made, parent=live.parent, **words)


def rename(kind: str, name: str, live: Resource, key: Json, **words: Any) -> Change:
    field = {"Label": "name", "ClientTeam": "slug"}[kind]
    document = doc(kind, name, {field: key})
    return Change(
        Verb.RENAME,
        address(kind, name),
        document,
        live,
        key,
        str(key),
        wire={field: key},
        changed=frozenset({field}),
        **words,
    )


def members(name: str, live: Resource, **words: tuple[str, ...]) -> Change:
    """A team whose members differ: `add`, `change`, `remove` name people."""
    entries = {
        verb: tuple(Entry(p, f"id of {p}", {"user": f"id of {p}"}) for p in who) for verb, who in words.items()
    }
    delta = Delta(**entries)
    document = doc("ClientTeam", name, {"slug": live.key, "members": []})
    return Change(
        Verb.UPDATE, address("ClientTeam", name), document, live, live.key, name, deltas={"members": delta}
    )


def live_of(*things: tuple[str, Resource], proof: Proof = WHOLE) -> Live:
    found, demands = {}, {}
    for target in (OMNI, TRACKER):
        for kind in catalog().of(PROVIDERS[target]):
            own = tuple(r for k, r in things if k == kind.name)
            found[target, kind.name] = Collection(kind.name, own, proof)
            demands[target, kind.name] = Demand(target, kind.name)
    return Live(found, (), demands)


def plan_of(
    changes: Iterable[Change],
    live: Live | None = None,
    bonds: Iterable[Bond] = (),
    limit: DeleteLimit | None = None,
) -> Plan:
    """The plan of these changes; live things that they speak of need not be said again. It is kept in full."""
    found = sorted(changes, key=lambda c: c.address)
    seen = live or live_of(*((c.address.kind, c.live) for c in found if c.live))
    desired = Desired((), TARGETS, "sha256:0", limit or DeleteLimit(100, 100))
    recorded = Recorded({b.address: b for b in bonds}, exists=True)
    made_at = "2026-06-01T00:00:00+00:00"
    plan = build(Changes(tuple(found)), desired, seen, recorded, catalog(), BASES, "0", made_at)
    keep_in_test(Path(__file__).with_name("plans.txt"), plan_text(plan))
    return plan


def lines(plan: Plan) -> list[str]:
    """What each call is for, in order."""
    return [c.summary for c in plan.calls if not c.contingent]


def held(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Document name -> the rules that hold its calls; nothing for those that go."""
    return {c.address.name: c.held for c in plan.calls if c.held and not c.contingent}


def rules(plan: Plan) -> dict[str, list[str]]:
    return {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds}


def call(call_id: str, phase: Phase = Phase.UPDATE, name: str = "a", **words: Any) -> Call:
    at = address("Label", name)
    words.setdefault("summary", f"call {call_id}")
    return Call(call_id, OMNI, "Label", at, "PUT", "/v1/labels/{id}", phase, **words)
