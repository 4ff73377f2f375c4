"""Steps of a story about components: plan, count by CM-C1 to CM-C7, apply, and find nothing left to do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.model.change import Hold
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, canonical
from reconciler.model.outcome import Report
from reconciler.model.plan import Action, Call, Phase, Plan
from reconciler.twins import LogEntry
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.world import CMS, World, check_log, doc

DELETABLE: Mapping[str, object] = {"on_remove": "delete", "allow": ["delete"]}
METADATA = {"previous_key", "previous_name", "pinned_id", "on_remove", "protect", "ignore", "allow", "manage"}
Record = Mapping[str, Any]


def component(key: str, parent: str | None = None, /, **words: object) -> Document:
    """A component's document, called like its key unless `as_` says otherwise; `words` are fields of its spec, or
    metadata. It is a page of the space `Site` unless they say otherwise."""
    spec: dict[str, object] = {"space": "Site", "key": key, "type": "page"}
    spec |= {"parent": parent} if parent else {}
    spec |= {k: v for k, v in words.items() if k not in METADATA and k != "as_"}
    metadata = {k: v for k, v in words.items() if k in METADATA}
    return doc("Component", str(words.get("as_", key)), spec, **metadata)  # type: ignore[arg-type]


def at(name: str) -> Address:
    return Address(CMS, "Component", name)


def records(c: World) -> dict[int, Record]:
    """Every component by its id, as the twin keeps it."""
    state: Any = c.cms.dump()["state"]
    return {int(i): one for i, one in state["components"].items()}


def by_key(c: World, key: str) -> Record:
    [found] = [one for one in records(c).values() if one["key"] == key]
    return found


def tree(c: World) -> dict[str, str]:
    """Key -> the key of what it lies in, of all components but the roots."""
    every = records(c)
    return {str(o["key"]): str(every[o["parent_id"]]["key"]) for o in every.values() if o["parent_id"]}


@dataclass(frozen=True, slots=True)
class Deed:
    """A plan and what became of it. `sent`: every write as the twin saw it, with keys for ids."""

    plan: Plan
    report: Report
    sent: list[str]

    def action(self, name: str) -> Action:
        return next(a for a in self.plan.actions if a.address.name == name)


def holds(plan: Plan) -> dict[str, list[str]]:
    """Name of a document -> the rules that hold it."""
    return {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds}


def planned(c: World, *documents: Document) -> Plan:
    """A plan, and what it cost to make: the reads of CM-C1, and not one write."""
    c.documents = list(documents)
    expected = reads_needed(c)
    c.cms.log.clear()
    plan = c.plan()
    seen = list(c.cms.log)
    assert [e.call for e in seen if e.write] == []
    assert len(plan.reads) == len(seen) == expected
    assert seen == [] or seen[0].call == "GET /space/all"
    assert len(plan.writes) == plan.bound
    return plan


def applied(c: World, plan: Plan, *overrides: Override) -> Deed:
    """Apply a plan: the log is the plan, and its counts are those of CM-C4 to CM-C7."""
    before, least = records(c), pages_of(c) + silent_spaces(c)
    c.cms.log.clear()
    report = c.apply(plan, *overrides)
    going = released(plan, overrides)
    check_log(c, going, report)
    writes = [e for e in c.cms.log if e.write]
    asked = {g: len(report.requests.get(g, ())) for g in ("preconditions", "calls", "verify")}
    free = [call for call in going.calls if not call.contingent and not call.held]
    assert asked["preconditions"] == _preconditions(free, least)
    written = {call.address for call in free if call.verify}
    assert asked["verify"] == (len(written) if len(written) <= least else pages_of(c) + silent_spaces(c))
    return Deed(plan, report, told(writes, {**before, **records(c)}, before))


def _preconditions(free: Sequence[Call], least: int) -> int:
    """CM-C7: the list of spaces; the components themselves, or the search where it is less or shows more."""
    own = {c.address: c for c in free if c.address.name[0] != "("}
    if not own:
        return 0
    if any(c.live_id is None or c.phase is Phase.DELETE for c in free if c.address in own):
        return 1 + least
    return 1 + min(len(own), least)


def told(writes: Iterable[LogEntry], every: Mapping[int, Record], before: Mapping[int, Record]) -> list[str]:
    """The writes with keys for ids: the keys that things had before, or those they were created with."""
    keys = {i: str(before.get(i, one)["key"]) for i, one in every.items()}
    return [_told(e, keys) for e in writes]


def _told(entry: LogEntry, keys: Mapping[int, str]) -> str:
    path, body = entry.call.split(" ")[1], entry.body
    own = int(path.rsplit("/", 1)[1]) if path[-1].isdigit() else 0
    if path == "/component/sequence":
        items: Any = body["sequences"] if isinstance(body, dict) else []
        return f"order {canonical({keys[i['id']]: i['sequence'] for i in items})}"
    if "/file/" in path:
        return f"{'upload' if entry.method == 'POST' else 'no file'} {keys[own]}"
    if not isinstance(body, dict):
        return f"delete {keys[own]}"
    fields: dict[str, Json] = {k: v for k, v in body.items() if k not in ("id", "spaceId")}
    if "parentId" in fields:
        assert isinstance(fields["parentId"], int)
        fields["parentId"] = keys[fields["parentId"]]
    if entry.method == "POST":
        assert isinstance(body["spaceId"], int)
        return f"create {canonical(fields)}"
    assert body["id"] == own or (body["id"] == str(own))
    return f"put {keys[own]} {canonical(fields)}"


def carried_out(c: World, *documents: Document, lift: Iterable[str] = ()) -> Deed:
    """Plan and apply, all of it done; a second plan has no call, and no hold that the first had not."""
    plan = planned(c, *documents)
    deed = applied(c, plan, *lifting(plan, *lift))
    assert {str(o.end) for o in deed.report.outcomes} <= {"done", "held", "unneeded"}
    left = planned(c, *documents)
    assert [call.line for call in left.writes] == []
    assert _holds(left) <= _holds(plan)
    return deed


def _holds(plan: Plan) -> set[tuple[Address, Hold]]:
    return {(a.address, h) for a in plan.actions for h in a.holds}


def lifting(plan: Plan, *rules: str) -> list[Override]:
    return [Override(h.rule, a.address, "the test") for a in plan.actions for h in a.holds if h.rule in rules]


# CM-C1.


def spaces(c: World) -> dict[str, int]:
    """Name -> id, where a space has its name for itself."""
    state: Any = c.cms.dump()["state"]
    named = [(str(s["name"]), int(i)) for i, s in state["spaces"].items()]
    return {name: i for name, i in named if [n for n, _ in named].count(name) == 1}


def managed(c: World) -> set[int]:
    """The live spaces that documents name, or in which something recorded is to be deleted or is declared."""
    live = spaces(c)
    found = {live[str(d.spec["space"])] for d in c.documents if d.spec["space"] in live}
    return found | {int(b.by["space"]) for b in bonds(c) if int(b.by["space"]) in live.values()}


def bonds(c: World) -> list[Any]:
    """What the ledger makes necessary: the declared, and what may be deleted."""
    declared = {d.address for d in c.documents}
    return [b for a, b in c.recorded.bonds.items() if a in declared or b.on_remove != "release"]


def shown(c: World) -> dict[int, Record]:
    """What the search selects."""
    own = managed(c)
    hidden = c.cms.knobs.hard("CM-P2")
    every = records(c).items()
    if len(own) == 1:
        every = [(i, r) for i, r in every if r["space_id"] in own]  # type: ignore[assignment]
    return {i: r for i, r in every if r["parent_id"] is not None or not hidden}


def pages_of(c: World) -> int:
    """The pages of the search."""
    return max(1, math.ceil(len(shown(c)) / (50 if c.cms.knobs.hard("CM-P1") else 1000)))


def silent_spaces(c: World) -> int:
    """Managed spaces of which the search shows nothing."""
    return len(managed(c) - {int(r["space_id"]) for r in shown(c).values()})


def reads_needed(c: World) -> int:
    """`R = 1 + [components] · max(1, ⌈T/s⌉) + r + m + f`."""
    if not c.documents and not bonds(c):
        return 0
    if not managed(c):
        return 1
    gone = {int(b.id) for b in bonds(c)} - records(c).keys()
    return 1 + pages_of(c) + silent_spaces(c) + len(gone) + _files(c)


def _files(c: World) -> int:
    """Live components that declare a file."""
    known = {b.address: b.id for b in bonds(c)}
    live = spaces(c)
    return sum(_is_live(c, d, known.get(d.address), live) for d in c.documents if "file" in d.spec)


def _is_live(c: World, document: Document, recorded: str | None, live: Mapping[str, int]) -> bool:
    every = records(c)
    if recorded is not None and int(recorded) in every:
        return True
    keys = {document.spec["key"], document.previous_key}
    return any(r["key"] in keys and r["space_id"] == live.get(str(document.spec["space"])) for r in every.values())
