"""ModelRoles: what a person or a group may do with models, given and changed one by one, never taken away (OA-R176
to OA-R182)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from reconciler.model.change import Change, Delta, Entry, Hold, Value
from reconciler.model.document import Document
from reconciler.model.entries import entry_text
from reconciler.model.json import Json, Missing, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.providers.omni_analytics.fixed import idle
from reconciler.providers.omni_analytics.of_model import held_twice, misled, of_path, twice
from reconciler.providers.omni_analytics.own import account_of
from reconciler.providers.omni_analytics.role_reads import (
    ALIAS,
    GROUP,
    ROLES,
    SENT,
    USER,
    details,
    label,
    parse,
    reads,
)

__all__ = ["bound", "calls", "check", "details", "guarding", "parse", "reads", "review", "showing"]

ALIKE: Final = 0.75
"""How near a role that nobody knows must be to a built-in one to be asked about (see `get_close_matches`)."""
NOTHING: Final = "NO_ACCESS"
KNOWN: Final = ("VIEWER", SENT, ALIAS, "QUERIER", "MODELER", NOTHING)
"""The roles of the product that are roles on a model; a custom one may build upon the administrator's."""
BUILT_IN: Final = (*KNOWN, "CONNECTION_ADMIN")
WRITE: Final = {USER: "assignUserModelRole", GROUP: "assignUserGroupModelRole"}
PATH_ID: Final = {USER: "userId", GROUP: "userGroupId"}


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A model for every role that is one on a model, one name for what has two, one document per subject."""
    found = [problem for document in documents for problem in _problems(document)]
    seen: dict[str, Document] = {}
    for one in documents:
        first = seen.setdefault(canonical(one.spec.get("subject")), one)
        if first is not one:
            text = f"{one.address}: the same subject as {first.address}"
            found.append(
                Problem(one.at("spec", "subject"), text, "put its roles into one document", rule="OA-R176")
            )
    return found


def _problems(document: Document) -> Iterator[Problem]:
    entries = document.spec.get(ROLES)
    roles = [(i, e) for i, e in enumerate(entries if isinstance(entries, list) else []) if isinstance(e, dict)]
    for i, entry in roles:
        if entry.get("model") is None and entry.get("role") in KNOWN:
            text = f"{document.address}: {entry['role']} is a role on a model, and none is named"
            yield Problem(document.at("spec", ROLES, i), text, "add `model: …`", rule="OA-R181")
    if {ALIAS, SENT} <= {str(entry.get("role")) for _, entry in roles}:
        text = f"{document.address}: {ALIAS} and {SENT} are one role under two names"
        yield Problem(document.at("spec", ROLES), text, f"write {SENT} everywhere", rule="OA-R179")


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Nobody but those whose roles are written."""
    return of_path(demand, calls, *PATH_ID.values())


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    return of_path(demand, calls, *PATH_ID.values())


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What would be taken away stays, and is said (OA-R180)."""
    asked = live.seen.get("subjects")
    subjects = [str(s) for s in asked] if isinstance(asked, list) else []
    doubled = twice(changes, ("subject",))
    called = live.seen.get("called")
    found = (held_twice(c) if str(c.address) in doubled else c for c in changes)
    kept = (_not_ones_own(c, called if isinstance(called, dict) else {}) for c in found)
    return [_reviewed(c, subjects) if c.document is not None else c for c in kept]


def _not_ones_own(change: Change, called: Mapping[str, Json]) -> Change:
    """The account that the key acts for keeps the roles it has (OA-R182)."""
    delta, own = change.deltas.get(ROLES, Delta()), change.live.id if change.live else ""
    account = account_of(change.settings)
    stay = (*delta.change, *(e for e in delta.add if e.wire.get("role") == NOTHING))
    if not stay or not account or str(called.get(own)).casefold() != account:
        return change
    shown = {e.shown for e in stay}
    reason = f"{account} is the account this runs as: its role on {', '.join(sorted(shown))} stays as it is"
    hold = Hold("own-account", reason, "change it in the product", final=True, only=ROLES)
    return replace(
        change,
        deltas={
            **change.deltas,
            ROLES: replace(delta, change=(), add=tuple(e for e in delta.add if e not in stay)),
        },
        fields=tuple(f for f in change.fields if not shown.intersection(f.path)),
        holds=(*change.holds, hold),
    )


def _reviewed(change: Change, subjects: Sequence[str]) -> Change:
    own = change.live.id if change.live else None
    holds = [*misled(_subject(change)[1], subjects, own)]
    change = replace(change, label=label(change.document.spec.get("subject")) if change.document else change.label)
    delta = change.deltas.get(ROLES, Delta())
    stay = {e.shown for e in delta.remove}
    ours = [*change.entries_ours.get(ROLES, ()), *(entry_text(e.id) for e in delta.remove if _ours(change, e))]
    return idle(
        replace(
            change,
            holds=(*(h for h in change.holds if h.rule != "first-removals"), *holds),
            deltas={**change.deltas, ROLES: replace(delta, remove=())}
            if ROLES in change.deltas
            else change.deltas,
            fields=tuple(f for f in change.fields if not (f.path[-1] in stay and isinstance(f.after, Missing))),
            entries_ours={**change.entries_ours, ROLES: tuple(sorted({*ours}))},
            notes=(*change.notes, *_misspelt((*delta.add, *delta.change)), *_stays(delta.remove)),
        )
    )


def _ours(change: Change, entry: Entry) -> bool:
    return change.bond is not None and entry_text(entry.id) in change.bond.entries.get(ROLES, ())


def _misspelt(entries: Sequence[Entry]) -> Iterator[str]:
    """A role that is nearly a built-in one may be a custom one, or a slip; nobody lists which roles there are."""
    roles = dict.fromkeys(str(e.wire.get("role")) for e in entries)
    for role in (r for r in roles if r not in BUILT_IN):
        if near := get_close_matches(role.upper(), BUILT_IN, n=1, cutoff=ALIKE):
            yield f"no built-in role is '{role}'; did you mean {near[0]}? Custom roles are taken as they are"


def _stays(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        role = entry.live.get("role")
        yield f"{role} on {entry.shown} cannot be removed by this API; still assigned"


# Writing.


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One POST per subject and model, groups before people (OA-R180, OA-R182)."""
    found = [call for change in changes if change.writes for call in _calls(kind, change)]
    groups = frozenset(c.id for c in found if PATH_ID[GROUP] in c.args)
    return [c if c.id in groups else replace(c, follows=c.follows | groups) for c in found]


def _calls(kind: Kind, change: Change) -> Iterator[Call]:
    delta = change.deltas.get(ROLES, Delta())
    for phase, entries in ((Phase.ADD, delta.add), (Phase.CHANGE, delta.change)):
        yield from (_call(kind, change, phase, entry) for entry in entries)


def _call(kind: Kind, change: Change, phase: Phase, entry: Entry) -> Call:
    """An upsert; both ids where both are known (OA-R180)."""
    word, subject = _subject(change)
    method, path = ENDPOINTS[WRITE[word]].split(" ", 1)
    role = SENT if entry.wire.get("role") == ALIAS else entry.wire.get("role")
    body: dict[str, Value] = {"connectionId": entry.wire["connection"]}
    if entry.wire.get("model") is not None:
        body["modelId"] = entry.wire["model"]
    body["roleName"] = role
    return Call(
        id=f"{change.address}#{ROLES}:{entry_text(entry.id)}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={PATH_ID[word]: subject},
        body=body,
        phase=phase,
        summary=f"give {change.label} {role} on {entry.shown}",
        expect={f"/{name}": value for name, value in body.items()},
        effect=Effect(set_field=ROLES, present=((entry.id, entry.wire),)),
        set_field=ROLES,
        live_id=change.live.id if change.live else None,
        new_id=None if change.live else f"{{{PATH_ID[word]}}}",
    )


def _subject(change: Change) -> tuple[str, Value]:
    """Whose roles they are: `user` or `group`, and the id."""
    found: Json = change.wire.get("subject")
    if isinstance(found, Mapping):
        return next(((word, value) for word, value in found.items() if word in WRITE), (USER, None))
    return USER, None


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """One per subject and model, or connection (OA-C32)."""
    deltas = [c.deltas.get(ROLES, Delta()) for c in changes if c.writes]
    return sum(len(d.add) + len(d.change) for d in deltas)
