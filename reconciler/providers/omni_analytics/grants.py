"""The calls that grant, change and revoke, in folders and documents alike: one role, one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from reconciler.model.change import Change, Delta, Entry, Value
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field
from reconciler.model.live import Collection
from reconciler.model.plan import Call, Effect, Phase, Role, Trigger
from reconciler.model.record import Record, field, replace
from reconciler.model.shows import by_id, entries_by_id
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS
from reconciler.providers.omni_analytics.folder_whom import remembered
from reconciler.providers.rest.sets import own_id

BODY: Final = {"users": "userIds", "groups": "userGroupIds"}
BOOST: Final = "accessBoost"


class Container(Record, frozen=True):
    """What grants are given in: the path of its three calls, and what its id is called there."""

    path: str
    id: str


class Grant(Record, frozen=True):
    """One principal and what he is to have. `key`: users or groups."""

    entry: Entry
    key: str
    role: str
    boost: bool

    @property
    def together(self) -> tuple[str, bool]:
        """Grants that agree in this go in one call."""
        return self.role, self.boost

    @property
    def present(self) -> tuple[Value, Mapping[str, Value]]:
        return self.entry.id, {self.key: self.entry.id, "role": self.role, BOOST: self.boost}


Doubtful: TypeAlias = "Callable[[Grant], bool]"
"""Whether a grant may be there all the same, though nothing shows it."""


class Work(Record, frozen=True):
    """What is to be done in one container."""

    grants: tuple[Grant, ...] = ()
    changes: tuple[Grant, ...] = ()
    revokes: tuple[Grant, ...] = ()


class Chains(Record, frozen=True):
    """The same as calls: what goes together, each with what is done if it is refused."""

    grants: list[list[Call]] = field(default_factory=list)
    changes: list[Call] = field(default_factory=list)
    revokes: list[Call] = field(default_factory=list)


def work(one: Field, change: Change, live: Mapping[str, Json]) -> Work:
    """Grants for who is absent or unknown, changes for who is shown (OA-R57, OA-R58). `live`: the grants that are
    there, by principal, as far as anybody can tell."""
    delta = change.deltas.get(PERMISSIONS, Delta())
    wanted = [_grant(one, change, e, live) for e in (*delta.add, *delta.change)]
    return Work(
        tuple(g for g in wanted if text(g.entry.id) not in live),
        tuple(g for g in wanted if text(g.entry.id) in live),
        tuple(_grant(one, change, e, live) for e in delta.remove),
    )


def shown(one: Field, change: Change) -> dict[str, Json]:
    """The grants that the reading showed, by principal."""
    return entries_by_id(one, change.live.fields.get(PERMISSIONS)) if change.live else {}


def _grant(one: Field, change: Change, entry: Entry, live: Mapping[str, Json]) -> Grant:
    """What is not declared of a grant stays as it is live; a boost that is nowhere is none (OA-R53)."""
    now = live.get(text(entry.id))
    there = now if isinstance(now, dict) else {}
    key = one.key_in(entry.wire) or one.key_in(there) or remembered(one, change.bond, text(entry.id))[0]
    role, boost = entry.wire.get("role", there.get("role")), entry.wire.get(BOOST, there.get(BOOST))
    return Grant(entry, key or _guess(entry), str(role), boost is True)


def _guess(entry: Entry) -> str:
    return "users" if text(entry.id).count("-") == 4 else "groups"


def text(value: Value) -> str:
    """An id, or what stands for one to come, as one text."""
    return value if isinstance(value, str) else canonical(value)


def unknown(change: Change, grant: Grant) -> bool:
    """Whether nobody can tell if its principal has a grant."""
    untold = change.live.unknown.get(PERMISSIONS, ()) if change.live else ()
    return text(grant.entry.id) in untold


def chains(at: Container, change: Change, needed: Work, doubtful: Doubtful) -> Chains:
    """One call for each role and boost to grant and to change to, one for all revoked (OA-R57 to OA-R61)."""
    return Chains(
        [_with_second_way(at, change, same, doubtful) for same in alike(needed.grants)],
        [_call(at, change, "PATCH", Phase.CHANGE, same) for same in alike(needed.changes)],
        [*_revoke(at, change, needed.revokes)],
    )


def alike(grants: Sequence[Grant]) -> list[tuple[Grant, ...]]:
    """Grants of one role and boost together, in a fixed order."""
    found: dict[tuple[str, bool], list[Grant]] = {}
    for grant in grants:
        found.setdefault(grant.together, []).append(grant)
    return [tuple(sorted(found[at], key=lambda g: (g.key, text(g.entry.id)))) for at in sorted(found)]


def one_by_one(calls: Sequence[Call]) -> list[Call]:
    """Each call after the end of the one before it, whatever that is."""
    befores = [None, *calls]
    return [replace(c, follows=frozenset({b.id} if b else ())) for b, c in zip(befores, calls, strict=False)]


def _with_second_way(at: Container, change: Change, grants: Sequence[Grant], doubtful: Doubtful) -> list[Call]:
    """One POST; where some of the grants are doubtful, what is done if it is refused: each of them by itself,
    first as new and then as a change, and the others together (OA-R61)."""
    post = _call(at, change, "POST", Phase.ADD, grants)
    unsure = [g for g in grants if doubtful(g)]
    sure = [g for g in grants if g not in unsure]
    if not unsure:
        return [post]
    if len(grants) == 1:
        return [post, _instead(_call(at, change, "PATCH", Phase.ADD, grants), post)]
    steps = [_instead(_call(at, change, "POST", Phase.ADD, sure), post)] if sure else []
    for grant in unsure:
        again = _instead(_call(at, change, "POST", Phase.ADD, [grant]), post)
        steps += [again, _instead(_call(at, change, "PATCH", Phase.ADD, [grant]), again)]
    return [post, *steps]


def _instead(step: Call, refused: Call) -> Call:
    """A call for when another one is refused."""
    return replace(
        step,
        id=f"{refused.id}:else:{step.id.partition('#')[2]}",
        role=Role.CONTINGENT,
        trigger=Trigger(refused.id),
        summary=f"if refused: {step.summary}",
    )


def _revoke(at: Container, change: Change, grants: Sequence[Grant]) -> Iterator[Call]:
    """All that are shown in one call; each that nobody can tell by itself, a refusal of which spoils no other
    (OA-R59)."""
    sure = [g for g in grants if not unknown(change, g)]
    if sure:
        yield _call(at, change, "DELETE", Phase.REMOVE, sure)
    yield from (_call(at, change, "DELETE", Phase.REMOVE, [g]) for g in grants if g not in sure)


def _call(at: Container, change: Change, method: str, phase: Phase, grants: Sequence[Grant]) -> Call:
    """One call for several principals, all with one role and boost."""
    removing, first = phase is Phase.REMOVE, grants[0]
    body: dict[str, Value] = {} if removing else {"role": first.role, BOOST: first.boost}
    for key, wire in BODY.items():
        ids = [g.entry.id for g in grants if g.key == key]
        body |= {wire: ids} if ids else {}
    names = ", ".join(g.entry.shown for g in grants)
    ids_ = ",".join(text(g.entry.id) for g in grants)
    return Call(
        id=f"{change.address}#{PERMISSIONS}:{method}:{ids_}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=at.path,
        args={at.id: own_id(change)},
        phase=phase,
        body=body,
        summary=_said(change, method, first, names),
        effect=Effect(
            set_field=PERMISSIONS,
            present=() if removing else tuple(g.present for g in grants),
            absent=tuple(g.entry.id for g in grants) if removing else (),
        ),
        verify=True,
        live_id=change.live.id if change.live else None,
        set_field=PERMISSIONS,
    )


def _said(change: Change, method: str, first: Grant, names: str) -> str:
    if method == "DELETE":
        return f"revoke the grant of {names} in {change.label}"
    boosted = " with boost" if first.boost else ""
    verb = "grant" if method == "POST" else "change to"
    return f"{verb} {first.role}{boosted} in {change.label}: {names}"


def price(change: Change, live: Mapping[str, Json]) -> int:
    """How many writes the permissions of one container take (OA-C14), counted apart from the calls."""
    delta = change.deltas.get(PERMISSIONS, Delta())
    untold = set(change.live.unknown.get(PERMISSIONS, ())) if change.live else set()
    sent: dict[bool, set[tuple[Json, bool]]] = {True: set(), False: set()}
    for entry in (*delta.add, *delta.change):
        now = live.get(text(entry.id))
        boost = entry.wire.get(BOOST, now.get(BOOST) if isinstance(now, dict) else None)
        sent[now is None].add((entry.wire["role"], boost is True))
    hidden = sum(text(e.id) in untold for e in delta.remove)
    return len(sent[True]) + len(sent[False]) + hidden + (len(delta.remove) > hidden)


def hidden(call: Call, live: Collection) -> bool:
    """Whether the reading may not ask about the very set that a call writes to: then nobody can tell what has
    become of it, and a repeated grant could be refused for having worked (OA-R64)."""
    found = by_id(live, call.live_id)
    return found is not None and call.set_field is not None and call.set_field not in found.fields
