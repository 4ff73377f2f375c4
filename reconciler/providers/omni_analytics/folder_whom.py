"""Whom to ask about the grants in a folder: worked out from manifests, ledger and groups, before it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Final

from reconciler.model.document import Document
from reconciler.model.entries import entry_digest, spread
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.normalise import normal
from reconciler.model.plan import Call
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.folder_permissions import NO_ACCESS, PERMISSIONS

ROLES: Final = (NO_ACCESS, "VIEWER", "EXPLORER", "EDITOR", "MANAGER")
SPARES: Final = 3
"""Members of a group that are kept in mind for when another one cannot be asked about."""


class Principals(Record):
    """Who is declared or recorded in one folder. `granted`: whom we gave a grant ourselves -> its role, "" where
    nobody remembers which."""

    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    granted: dict[str, str] = field(default_factory=dict)


def details(
    kind: Kind, documents: Sequence[Document], bonds: Sequence[Bond], others: Mapping[str, Collection]
) -> tuple[JsonObject, ...]:
    """One entry per document that declares permissions and does not ignore them: which folder it means, and whom
    to ask about (OA-R54)."""
    recorded = {b.address: b for b in bonds}
    members = _members(others)
    return tuple(
        _detail(kind, document, recorded.get(document.address), others, members)
        for document in documents
        if PERMISSIONS in document.spec and not {PERMISSIONS, f"spec.{PERMISSIONS}"} & document.lifecycle.ignore
    )


def _members(others: Mapping[str, Collection]) -> dict[str, tuple[str, ...]]:
    """Group -> its members, by id."""
    groups = others.get("UserGroup", Collection("UserGroup")).resources
    listed = {g.id: g.fields.get("members") for g in groups}
    return {g: tuple(sorted(map(str, m))) if isinstance(m, list) else () for g, m in listed.items()}


def _detail(
    kind: Kind,
    document: Document,
    bond: Bond | None,
    others: Mapping[str, Collection],
    members: Mapping[str, tuple[str, ...]],
) -> JsonObject:
    names = {key: others[ref].names for key, ref in (("users", "User"), ("groups", "UserGroup")) if ref in others}
    who = _declared(kind.fields[PERMISSIONS], document, names)
    whole = "UserGroup" in others and others["UserGroup"].proof.complete
    _add_recorded(kind.fields[PERMISSIONS], bond, who, members, whole=whole)
    people, shows = whom(who.users, {g: members.get(g, ()) for g in who.groups})
    owner = document.spec.get("owner")
    return {
        "address": str(document.address),
        "id": document.pinned_id or (bond.id if bond else None),
        "key": normal(kind.key_field, document.spec.get(kind.key)),
        "scope": document.spec.get("scope", kind.default("scope")),
        "owner": names.get("users", {}).get(str(owner)) if owner is not None else None,
        "ask": list[Json](people),
        "users": list[Json](sorted(who.users)),
        "groups": {g: list[Json](m) for g, m in sorted(shows.items())},
        "granted": dict[str, Json](sorted(who.granted.items())),
        "seen": False,
    }


def _declared(one: Field, document: Document, names: Mapping[str, Mapping[str, str]]) -> Principals:
    """The principals that are live already."""
    who = Principals()
    for _, item in spread(one, document.spec.get(PERMISSIONS)):
        key = one.key_in(item) if isinstance(item, dict) else None
        found = names.get(key or "", {}).get(str(item[key])) if key and isinstance(item, dict) else None
        if found is not None:
            (who.users if key == "users" else who.groups).add(found)
    return who


def _add_recorded(
    one: Field, bond: Bond | None, who: Principals, members: Mapping[str, tuple[str, ...]], *, whole: bool
) -> None:
    """What the ledger knows besides. A group that is live no more took its grants along (OA-A28); `whole`: the
    list of groups is proven complete."""
    ours = bond.entries.get(PERMISSIONS, ()) if bond else ()
    for principal in sorted({*ours, *recorded(bond)}):
        key, role = remembered(one, bond, principal)
        if not key:
            key = "groups" if principal in members or not _person(principal) else "users"
        if key == "groups" and whole and principal not in members:
            continue
        (who.users if key == "users" else who.groups).add(principal)
        if principal in ours or role == NO_ACCESS:
            who.granted[principal] = role


def recorded(bond: Bond | None) -> list[str]:
    """The principals that the ledger has seen declared in the last apply."""
    names = bond.digests if bond else ()
    return [n.removeprefix(f"{PERMISSIONS}/") for n in names if n.startswith(f"{PERMISSIONS}/")]


def remembered(one: Field, bond: Bond | None, principal: str) -> tuple[str, str]:
    """(users or groups, role) of a recorded grant: the one that has the digest which the ledger keeps; two empty
    texts where it keeps none."""
    wanted = bond.digests.get(f"{PERMISSIONS}/{principal}") if bond else None
    return _every_grant(one.keys).get(wanted or "", ("", ""))


@cache
def _every_grant(keys: tuple[str, ...]) -> Mapping[str, tuple[str, str]]:
    """Every grant there can be, by its digest: a few dozen."""
    one = Field(PERMISSIONS, entry_keys=keys)
    found = {}
    for key, role, boost in product(keys, ROLES, (None, False, True)):
        wire: JsonObject = {key: None, "role": role, **({} if boost is None else {"accessBoost": boost})}
        found[entry_digest(one, wire)] = key, role
    return found


def _person(principal: str) -> bool:
    """A user's id is a UUID, a group's is a short text (OA-R9)."""
    return len(principal) == 36 and principal.count("-") == 4


def whom(
    users: Iterable[str], groups: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Whom to ask, and for each group whose answers show it: every user himself, then, while there are groups
    to which nobody asked belongs, the member who belongs to most of them (OA-R54)."""
    asked = set(users)
    while open_ := [set(m) for m in groups.values() if m and not asked.intersection(m)]:
        asked.add(min({p for m in open_ for p in m}, key=lambda p: (-sum(p in m for m in open_), p)))
    shows = {}
    for group, members in groups.items():
        spares = [m for m in members if m not in asked][:SPARES]
        shows[group] = (*(m for m in members if m in asked), *spares)
    return tuple(sorted(asked)), shows


def showing(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Of the folders that these calls write to, the people whose answers can show a changed grant (OA-R63). What
    was sent counts as granted by us: where it does not show, nobody can tell (OA-R56)."""
    changed: dict[str, dict[str, str]] = {}
    places: dict[str, str] = {}
    for call in calls:
        if call.live_id is not None:
            roles = {str(i): str(wire.get("role", "")) for i, wire in call.effect.present}
            gone = {str(i): "" for i in call.effect.absent}
            changed.setdefault(call.live_id, {}).update({**roles, **gone})
            places[str(call.address)] = call.live_id
    moving = frozenset(demand.moving)
    found = [_about(d, i, changed[i], moving) for d in demand.details if (i := _folder(d, places)) in changed]
    return replace(demand, details=tuple(found), fresh=tuple(sorted(changed)), singly=True, ids=())


def _folder(detail: JsonObject, places: Mapping[str, str]) -> str:
    return places.get(str(detail["address"]), str(detail["id"]))


def _about(detail: JsonObject, folder: str, changed: Mapping[str, str], moving: frozenset[str]) -> JsonObject:
    """The detail as far as it concerns what was changed. Of a group that was made since, or whose members the same
    plan changes, nobody can be asked; a person who was made since can (OA-R195)."""
    known = detail["groups"] if isinstance(detail["groups"], dict) else {}
    made = [p for p in sorted(changed) if _person(p) and p not in known and p not in _list(detail["users"])]
    users = [u for u in _list(detail["users"]) if u in changed] + made
    groups = {g: [] if g in moving else known.get(g, []) for g in sorted(changed) if g not in users}
    able = {*users, *(m for members in groups.values() for m in _list(members))}
    granted = detail["granted"] if isinstance(detail["granted"], dict) else {}
    return {
        **detail,
        "id": folder,
        "ask": [*(p for p in _list(detail["ask"]) if p in able), *made],
        "users": list[Json](users),
        "groups": dict[str, Json](groups),
        "granted": {**granted, **changed},
    }


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
