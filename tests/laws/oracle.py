"""What any plan and any run must keep to, said without looking at how the engine decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.diff.shelf import key_text
from reconciler.model.change import Verb
from reconciler.model.document import Address, Document, Manage
from reconciler.model.json import Json
from reconciler.model.normalise import normal
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.recorded import Bond
from reconciler.model.values import sources
from tests.laws.lives import NOBODY, State, state_of
from tests.laws.manifests import kind_named
from tests.world import World

SAME_RULE = {"unlike-parent": "unresolved"}
"""What is wrong with a parent shows only while some other document makes its list worth reading."""


@dataclass(frozen=True, slots=True)
class Before:
    """Both systems and the ledger as they were before a run."""

    omni: State
    tracker: State
    bonds: Mapping[Address, Bond]


def seen(world: World) -> Before:
    assert world.ledger is not None
    return Before(state_of(world.omni), state_of(world.tracker), dict(world.ledger.recorded().bonds))


def reconcile(world: World, documents: Sequence[Document], *, ledger: bool = True) -> Plan:
    """Plan and apply, with every promise about it checked; the plan."""
    from tests.laws.lives import forget

    world.documents = list(documents)
    before = seen(world)
    plan = world.plan()
    in_order(plan, {i: f["parent_id"] for i, f in before.omni["folders"].items()})
    assert len(plan.writes) == plan.bound, [c.line for c in plan.writes]
    named_only(plan, documents, before)
    additive_stays(plan, documents, before)
    report = world.checked_apply(plan)
    refused = cannot_be_known(before)
    everything_done(plan, report, refused)
    untouched(plan, before, seen(world))
    as_declared(plan, documents, before, seen(world))
    if not ledger:
        forget(world)
    nothing_left(plan, world.plan(), refused)
    return plan


def cannot_be_known(before: Before) -> set[str | None]:
    """Restricted folders in which somebody else has a folder: no list that is read shows that (OA-A2)."""
    folders = before.omni["folders"]
    return {
        f["parent_id"]
        for f in folders.values()
        if f["scope"] == "restricted" and f["parent_id"] and folders[f["parent_id"]]["owner_id"] != f["owner_id"]
    }


def everything_done(plan: Plan, report: Report, refused: set[str | None]) -> None:
    ends = {o.call: o for o in report.outcomes}
    for call in plan.calls:
        allowed = {End.HELD} if call.held else {End.DONE, End.UNNEEDED} if call.contingent else {End.DONE}
        if call.phase is Phase.DELETE and call.live_id in refused and not call.held:
            allowed = {End.DONE, End.FAILED}
        assert ends[call.id].end in allowed, (call.line, ends[call.id])


def nothing_left(first: Plan, second: Plan, refused: set[str | None]) -> None:
    """No unheld call; and whatever is held was held by the same rules before."""
    left = [c.line for c in second.writes if c.live_id not in refused]
    assert left == [], "a second plan still has calls"
    rules = {a.address: {SAME_RULE.get(h.rule, h.rule) for h in a.holds} for a in first.actions}
    for action in second.actions:
        held = {SAME_RULE.get(h.rule, h.rule) for h in action.holds}
        assert held <= rules.get(action.address, set()), (action.address, held, rules.get(action.address))


# Whose things a plan touches.


def named_only(plan: Plan, documents: Sequence[Document], before: Before) -> None:
    """Every call to a live thing serves a document that names it, or a bond whose document is gone."""
    declared = {d.address: d for d in documents}
    things = live_keys(before)
    for call in plan.calls:
        if call.live_id is None or call.live_id not in things.get(call.kind, {}):
            continue
        key = things[call.kind][call.live_id]
        document = declared.get(call.address)
        if document is None:
            assert _is(call.kind, before.bonds[call.address].id, call.live_id), (
                call.line,
                "is not what is recorded",
            )
            assert call.phase is Phase.DELETE
        else:
            assert _names(document, call.live_id, key, before), (call.line, document, "is not what it names")


def additive_stays(plan: Plan, documents: Sequence[Document], before: Before) -> None:
    """From a set that is only added to, nobody is removed but those we added ourselves."""
    additive = {d.address for d in documents if d.spec.get("membersMode") == "additive"}
    added = {(b.id, i) for b in before.bonds.values() for i in b.entries.get("members", ())}
    for call in plan.calls:
        if call.phase is Phase.REMOVE and call.address in additive:
            assert (call.live_id, call.query["userId"]) in added, (call.line, "was there before us")


def live_keys(before: Before) -> dict[str, dict[str, Json]]:
    """Kind -> remote id -> key."""
    folders = before.omni["folders"]
    return {
        "Label": {one["name"]: one["name"] for one in before.omni["labels"].values()},
        "Folder": {i: chain_of(folders, i) for i in folders},
        "ClientTeam": {i: one["slug"] for i, one in before.tracker["clientTeams"].items()},
    }


def chain_of(folders: Mapping[str, Mapping[str, Any]], folder_id: str) -> list[Json]:
    one = folders[folder_id]
    above = chain_of(folders, one["parent_id"]) if one["parent_id"] else []
    return [*above, one["name"]]


def _names(document: Document, remote_id: str, key: Json, before: Before) -> bool:
    kind = kind_named(document.kind)
    keys = {key_text(kind, k) for k in (document.spec[kind.key], document.previous_key) if k is not None}
    former = [document.address.name, document.previous_name]
    bonds = [b for a, b in before.bonds.items() if (a.kind, a.name) in {(document.kind, n) for n in former}]
    recorded = any(_is(document.kind, b.id, remote_id) for b in bonds)
    return key_text(kind, key) in keys or recorded or document.pinned_id == remote_id


def _is(kind: str, recorded: str, remote_id: str) -> bool:
    return recorded == remote_id or (kind == "Label" and recorded.casefold() == remote_id.casefold())


def untouched(plan: Plan, before: Before, after: Before) -> None:
    """What no call of the plan names is as it was."""
    sent = [c for c in plan.calls if not c.held]
    _same_labels(sent, before.omni["labels"], after.omni["labels"])
    _same_folders(sent, before.omni["folders"], after.omni["folders"])
    _same_teams(sent, before.tracker["clientTeams"], after.tracker["clientTeams"])
    for name in ("org", "keys", "users"):
        assert before.omni[name] == after.omni[name]
    for name in before.tracker.keys() - {"clientTeams"}:
        assert before.tracker[name] == after.tracker[name]
    assert _bare(before.omni["documents"]) == _bare(after.omni["documents"])


def _bare(records: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without the labels, which follow a rename."""
    return {i: {k: v for k, v in r.items() if k != "labels"} for i, r in records.items()}


def _same_labels(sent: Sequence[Call], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    own = [c for c in sent if c.kind == "Label"]
    named = {str(k).casefold() for c in own for k in (c.live_id, c.effect.key) if k is not None}
    for key in before.keys() | after.keys():
        assert key in named or before.get(key) == after.get(key), key


def _same_folders(sent: Sequence[Call], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    own = [c for c in sent if c.kind == "Folder"]
    gone = {c.live_id for c in own if c.phase is Phase.DELETE}
    assert before.keys() - after.keys() <= gone
    assert len(after.keys() - before.keys()) == sum(c.phase is Phase.CREATE for c in own)
    kept = before.keys() & after.keys()
    assert _bare({i: before[i] for i in kept}) == _bare({i: after[i] for i in kept})


def _same_teams(sent: Sequence[Call], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """A flag set to true may clear the person's flags in other teams (ST-P8)."""
    own = [c for c in sent if c.kind == "ClientTeam"]
    named = {c.live_id for c in own}
    raised = {str(c.body["userId"]) for c in own if isinstance(c.body, dict) and c.body.get("isPrimary") is True}
    assert len(after.keys() - before.keys()) == sum(c.phase is Phase.CREATE for c in own)
    for i in before:
        if i not in named:
            assert _lowered(before[i], raised) == _lowered(after[i], raised), i


def _lowered(team: Mapping[str, Any], people: set[str]) -> dict[str, Any]:
    return {**team, "members": {u: flag and u not in people for u, flag in team["members"].items()}}


# What is true after a run.


def as_declared(plan: Plan, documents: Sequence[Document], before: Before, after: Before) -> None:
    """Every document without a hold is live as it says, in the systems' own state."""
    actions = {a.address: a for a in plan.actions}
    for document in documents:
        action = actions[document.address]
        if any(not h.only for h in action.holds) or any(
            c.held and not c.set_field for c in plan.calls_for(action)
        ):
            continue
        fresh = action.verb is Verb.CREATE
        if document.lifecycle.manage is not Manage.FULL and not fresh:
            continue
        held = any(h.only for h in action.holds)
        CHECKS[document.kind](document, after, fresh=fresh, held=held)
    for action in plan.actions:
        tried = {c.live_id for c in plan.calls_for(action)} & cannot_be_known(before)
        held_back = any(c.held for c in plan.calls_for(action))
        if action.verb is Verb.DELETE and not action.holds and not tried and not held_back:
            assert before.bonds[action.address].made
            assert action.address not in after.bonds


def _declared(document: Document, *, fresh: bool) -> dict[str, Json]:
    """The fields that are ours to set."""
    ignored = set() if fresh else {name.removeprefix("spec.") for name in document.lifecycle.ignore}
    return {k: v for k, v in document.spec.items() if k not in ignored}


def _label(document: Document, after: Before, *, fresh: bool, held: bool) -> None:
    one = after.omni["labels"][str(document.spec["name"]).casefold()]
    spec = _declared(document, fresh=fresh)
    for name in ("verified", "homepage"):
        if name in spec:
            assert one[name] is spec[name], document


def _folder(document: Document, after: Before, *, fresh: bool, held: bool) -> None:
    """A folder of this chain of names in the scope that is meant; others may have their own beside it."""
    folders = after.omni["folders"]
    chain = normal(kind_named("Folder").key_field, document.spec["path"])
    found = [folders[i] for i in folders if chain_of(folders, i) == chain]
    ids = {u["user_name"].casefold(): i for i, u in after.omni["users"].items()}
    spec = _declared(document, fresh=fresh)
    scopes = {spec["scope"]} if "scope" in spec else {"organization", "restricted"}
    owner = ids[str(document.spec["owner"]).casefold()] if "owner" in spec else None
    matching = [f for f in found if f["scope"] in scopes and owner in (None, f["owner_id"])]
    assert matching, (document, found)


def _team(document: Document, after: Before, *, fresh: bool, held: bool) -> None:
    spec = _declared(document, fresh=fresh)
    ours = after.tracker["users"]
    found = [t for t in after.tracker["clientTeams"].values() if t["slug"] == spec["slug"]]
    assert found, document
    if len(found) > 1:  # known by its id, beside another one of this slug that somebody else made (ST-P3)
        found = [t for i, t in after.tracker["clientTeams"].items() if after.bonds[document.address].id == i]
    (team,) = found
    assert "name" not in spec or team["name"] == spec["name"]
    if "members" not in spec:
        return
    people = {ours[i]["email"].casefold(): flag for i, flag in team["members"].items()}
    members: Any = spec["members"]
    wanted = {str(m["user"]).casefold(): m.get("isPrimary") for m in members if m["user"] != NOBODY}
    for person, flag in wanted.items():
        assert person in people, (document, person)
        assert flag is None or people[person] is flag, (document, person)
    if spec.get("membersMode", "exact") == "exact" and not held:
        assert people.keys() == wanted.keys(), document


CHECKS = {"Label": _label, "Folder": _folder, "ClientTeam": _team}


# The order of calls.


def in_order(plan: Plan, parents: Mapping[str, str | None] | None = None) -> None:
    """Everything a call needs stands before it, and the rules of order hold as such. `parents`: live folder ->
    what it lies in."""
    place = {c.id: n for n, c in enumerate(plan.calls)}
    calls = {c.id: c for c in plan.calls}
    assert [c.id for c in plan.calls] == [str(n) for n in range(1, len(plan.calls) + 1)]
    for call in plan.calls:
        first = {*call.after, *call.waits, *sources([dict(call.args), dict(call.query), call.body])}
        first |= (
            {call.trigger.refused, *([call.trigger.chain] if call.trigger.chain else [])}
            if call.trigger
            else set()
        )
        assert all(place[i] < place[call.id] for i in first), call.line
        assert sources([dict(call.args), call.body]) <= call.after
    sent = [c for c in plan.calls if not c.held and not c.contingent]
    needs = closure(calls)
    _deletes_last(sent, needs, [c for c in plan.calls if c.phase is not Phase.DELETE])
    _children_after_parents(sent, parents or {})
    _nobody_in_between(sent, needs)


def closure(calls: Mapping[str, Call]) -> dict[str, set[str]]:
    """Call -> every call that has to end before it; the calls stand in order."""
    found: dict[str, set[str]] = {}
    for i, call in calls.items():
        direct = {*call.after, *call.waits} & calls.keys()
        found[i] = direct | {n for d in direct for n in found[d]}
    return found


def _deletes_last(sent: Sequence[Call], needs: Mapping[str, set[str]], takers: Sequence[Call]) -> None:
    """A delete comes after every other write of its kind, unless a call (held or not) needs the name it frees."""
    for gone in sent:
        for other in sent if gone.phase is Phase.DELETE else ():
            if (other.target, other.kind) == (gone.target, gone.kind) and other.phase is not Phase.DELETE:
                frees = any(gone.id in needs[c.id] for c in takers)
                assert frees or other.id in needs[gone.id], (gone.line, other.line)


def _children_after_parents(sent: Sequence[Call], parents: Mapping[str, str | None]) -> None:
    made = {str(c.effect.key): c.id for c in sent if c.kind == "Folder" and c.phase is Phase.CREATE}
    for call in sent:
        if call.kind == "Folder" and call.phase is Phase.CREATE and isinstance(call.effect.key, list):
            parent = made.get(str(call.effect.key[:-1]))
            there = isinstance(call.body, dict) and isinstance(call.body.get("parentFolderId"), str)
            assert parent is None or there or parent in call.after, call.line
    gone = {c.live_id: c for c in sent if c.kind == "Folder" and c.phase is Phase.DELETE}
    for folder_id, call in gone.items():
        parent_id = parents[str(folder_id)]
        assert parent_id not in gone or call.id in gone[parent_id].after, call.line


def _nobody_in_between(sent: Sequence[Call], needs: Mapping[str, set[str]]) -> None:
    """Nobody leaves a team before all joins of that person; a flag falls before the person's other one rises."""
    for call in sent:
        for other in sent:
            if call.phase is Phase.REMOVE and other.phase is Phase.ADD and _person(call) == _person(other):
                assert other.id in needs[call.id], (call.line, other.line)
            rises = isinstance(call.body, dict) and call.body.get("isPrimary") is True
            falls = isinstance(other.body, dict) and other.body.get("isPrimary") is False
            if rises and falls and other.phase is Phase.CHANGE and _person(call) == _person(other):
                assert other.id in needs[call.id], (call.line, other.line)


def _person(call: Call) -> str:
    body = call.body if isinstance(call.body, dict) else {}
    return str(body.get("userId", call.query.get("userId")))
