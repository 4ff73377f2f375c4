"""What the API tells of the grants in a folder: nothing lists them all, so people are asked about, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.forecast import Forecast, Sizes
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies, Resource
from reconciler.model.normalise import normal
from reconciler.model.record import Record, replace
from reconciler.providers.omni_analytics.endpoints import to
from reconciler.providers.rest.reads import by_path, get, unasked

PERMISSIONS: Final = "permissions"
SEEN: Final = "groupGrantsSeen"
NO_ACCESS: Final = "NO_ACCESS"
TYPES: Final = {"user": "users", "userGroup": "groups"}
NEWER: Final = (("users", "userId"), ("groups", "userGroupId"))
FORBIDDEN: Final = 403
UNTOLD: Final = frozenset({400, FORBIDDEN, 404})
"""Refusals that are an answer: nobody may be asked about, not this one (400), or the folder is gone."""


class Asked(Record, frozen=True):
    """Whom a detail asks about. `groups`: group -> those of its members whose answers show it. `granted`:
    principals that we gave a grant ourselves -> its role. `seen`: an answer of the run showed a group's grant."""

    folder: str | None
    people: tuple[str, ...]
    users: frozenset[str]
    groups: Mapping[str, tuple[str, ...]]
    granted: Mapping[str, str]
    seen: bool

    @classmethod
    def of(cls, detail: JsonObject) -> Asked:
        groups, granted, folder = detail["groups"], detail["granted"], detail["id"]
        return cls(
            folder if isinstance(folder, str) else None,
            _texts(detail["ask"]),
            frozenset(_texts(detail["users"])),
            {g: _texts(m) for g, m in groups.items()} if isinstance(groups, dict) else {},
            {p: str(r) for p, r in granted.items()} if isinstance(granted, dict) else {},
            detail["seen"] is True,
        )

    def showing(self, group: str) -> Iterator[str]:
        """Whose answers can show a group's grant."""
        yield from self.groups.get(group, ())


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def reads(demand: Demand, replies: Replies, details: Sequence[JsonObject]) -> list[Request]:
    """One look per person to be asked; where he cannot be asked about, another member of the group (OA-A35)."""
    wanted = [r for d in details for r in _looks(demand.target, Asked.of(d), replies)]
    return unasked(wanted, replies)


def expected(demand: Demand, sizes: Sizes) -> Forecast:
    """One look per person to be asked. Nobody knows without a ledger which folders are live: then all are."""
    live = [d for d in demand.details if d["id"] is not None or not sizes.past]
    return Forecast(singly=sum(len(_texts(d["ask"])) for d in live), least=bool(live) and not sizes.past)


def _looks(target: str, asked: Asked, replies: Replies) -> Iterator[Request]:
    if asked.folder is None:
        return
    yield from (_look(target, asked.folder, person) for person in asked.people)
    answers = _answers(asked.folder, replies)
    if FORBIDDEN in map(refused, answers.values()):
        return
    for group in sorted(asked.groups):
        people = [*asked.showing(group)]
        told = [p for p in people if p in answers and not refused(answers[p])]
        waiting = [p for p in people if p in asked.people and p not in answers]
        spare = next((p for p in people if p not in answers and p not in asked.people), None)
        if not told and not waiting and spare is not None:
            yield _look(target, asked.folder, spare)


def _look(target: str, folder: str, person: str) -> Request:
    request = get(target, to("getFolderPermissions", folder), {"userId": person})
    return replace(request, refusals=UNTOLD)


def refused(body: Json) -> int:
    """The status of a refusal that is an answer; 0 where there was none."""
    status = pick(body, "/$refused")
    return status if isinstance(status, int) else 0


def _answers(folder: str, replies: Replies) -> dict[str, Json]:
    """Person -> what was answered about him in this folder."""
    path = to("getFolderPermissions", folder).partition(" ")[2]
    return {dict(r.query).get("userId", ""): body for r, body in by_path(replies).get(path, ())}


def meant(kind: Kind, detail: JsonObject, folders: Sequence[Resource]) -> str | None:
    """The id of the live folder that a detail is about: the one known by its id, else the only one with its key in
    the listing that its document makes necessary; None where there is none yet."""
    if any(f.id == detail["id"] for f in folders):
        return str(detail["id"])
    found = [f.id for f in folders if f.placed and _alike(kind, detail, f)]
    return found[0] if len(found) == 1 else None


def _alike(kind: Kind, detail: JsonObject, folder: Resource) -> bool:
    scope, owner = folder.fields.get("scope"), folder.fields.get("owner")
    own = scope == detail["scope"] and (scope == kind.default("scope") or owner == detail["owner"])
    return own and normal(kind.key_field, folder.key) == detail["key"]


def known(details: Sequence[JsonObject], ids: Sequence[str | None], replies: Replies) -> tuple[JsonObject, ...]:
    """The details with the ids that a reading has found, and with whether it showed any group's grant."""
    seen = any(d["seen"] is True for d in details) or _groups_shown(replies)
    return tuple({**d, "id": i, "seen": seen} for d, i in zip(details, ids, strict=True))


def _groups_shown(replies: Replies) -> bool:
    bodies = (body for r, body in replies if r.path.endswith("/permissions"))
    return any(key == "groups" for body in bodies for key, _, _ in _permits(body))


def with_permissions(folder: Resource, detail: JsonObject, replies: Replies) -> Resource:
    """The folder with the grants of whom the detail asks about: those shown, and those nobody can tell (OA-R56).
    Without permissions at all where the key may not ask. Raises ValueError on an answer of another shape."""
    asked = Asked.of(detail)
    answers = _answers(folder.id, replies)
    if FORBIDDEN in map(refused, answers.values()):
        return folder
    told = {person: body for person, body in answers.items() if not refused(body)}
    shown: dict[str, JsonObject] = {}
    owners = {str(folder.fields.get("owner"))}
    for body in told.values():
        for key, principal, direct in _permits(body):
            if direct.get("isOwner") is True or principal in owners:
                owners.add(principal)
            elif principal in (asked.users if key == "users" else asked.groups):
                shown[principal] = _entry(key, principal, direct)
    hidden = [p for p in sorted({*asked.users, *asked.groups}) if p not in shown]
    unknown = tuple(p for p in hidden if p in owners or _untold(asked, p, told))
    held: dict[str, Json] = {PERMISSIONS: [shown[p] for p in sorted(shown)], SEEN: asked.seen}
    names = {p: n for body in told.values() for p, n in _names(body)}
    return replace(folder, fields={**folder.fields, **held}, unknown={PERMISSIONS: unknown}, names=names)


def _permits(body: Json) -> Iterator[tuple[str, str, JsonObject]]:
    """(users or groups, id, direct grant) of every entry that counts, in the newer edition's form too (OA-R35,
    OA-R55)."""
    if body is None or refused(body):
        return
    permits = pick(body, "/permits")
    if not isinstance(permits, list):
        raise ValueError("the answer about permissions holds no list of permits")  # noqa: TRY004 - the API's mistake
    for permit in permits:
        key, principal, direct = (pick(permit, at) for at in ("/type", "/id", "/direct"))
        if isinstance(direct, dict) and isinstance(principal, str) and key in TYPES:
            yield TYPES[str(key)], principal, direct
        for key, at in NEWER:
            if isinstance(permit, dict) and isinstance(principal := permit.get(at), str):
                yield key, principal, permit


def _names(body: Json) -> Iterator[tuple[str, str]]:
    """Id and name of everybody with an entry, for people to read."""
    permits = pick(body, "/permits")
    for permit in permits if isinstance(permits, list) else []:
        principal, name = pick(permit, "/id"), pick(permit, "/name")
        if isinstance(principal, str) and isinstance(name, str) and name:
            yield principal, name


def _entry(key: str, principal: str, direct: JsonObject) -> JsonObject:
    role = direct.get("role")
    if not isinstance(role, str):
        raise ValueError(f"a grant of {principal} has no role")  # noqa: TRY004 - the API's mistake
    return {
        key: principal,
        "role": "EXPLORER" if role == "INTERACTOR" else role,
        "accessBoost": direct.get("accessBoost") is True,
    }


def _untold(asked: Asked, principal: str, told: Mapping[str, Json]) -> bool:
    """Whether silence about a principal means nothing: nobody could be asked, or what we granted does not show."""
    group = principal in asked.groups
    who = asked.showing(principal) if group else (principal,)
    if not any(person in told for person in who):
        return True
    role = asked.granted.get(principal)
    return role == NO_ACCESS or (group and role is not None and not asked.seen)


def least(demand: Demand, ids: Sequence[str], pages: int) -> Demand:
    """Of these folders' permissions alone, without any listing, where nothing but them is asked for; folders yet
    to be made are kept in mind."""
    wanted = tuple(sorted(set(ids)))
    details = tuple(d for d in demand.details if d["id"] is None or d["id"] in wanted)
    singly = pages > 0 and bool(wanted) and set(wanted) <= {d["id"] for d in details}
    fresh = wanted if singly else ()
    return replace(demand, details=details, fresh=fresh, singly=singly)


def alone(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Resource]:
    """The folders that are read without a listing, as far as that tells anything of them; none of what is gone."""
    for detail in demand.details:
        folder, key = detail["id"], detail["key"]
        if isinstance(folder, str) and folder in demand.fresh:
            gone = any(refused(body) == 404 for body in _answers(folder, replies).values())
            if not gone:
                held = {kind.key: key, **({"owner": o} if isinstance(o := detail["owner"], str) else {})}
                yield with_permissions(Resource(folder, key, held), detail, replies)
