"""UserGroup: one PUT carries the name and the whole list of members, whatever of them changes (OA-R45)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.change import Change, FieldChange, Hold, Value
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omni_analytics.own import BY_HAND, account_of
from reconciler.providers.rest.calls import object_calls
from reconciler.providers.rest.renames import order_renames

sift = rest.sift  # `parse` looks at the things that this finds, and at no record

MEMBERS = "members"
EVERYBODY = "/members/*/value"
EMPTIES = "empties the group"
OWN_GROUP = Hold("own-account", "the account whose key the reconciler uses is in this group", BY_HAND, final=True)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Groups whose members are ids, and how the API shows each of them (OA-R43). Raises ValueError where a member
    has no id."""
    found = rest.parse(kind, demand, replies)
    return replace(found, resources=tuple(_with_members(group) for group in found.resources))


def _with_members(group: Resource) -> Resource:
    listed = group.fields.get(MEMBERS)
    if not isinstance(listed, list):
        return group
    shown: JsonObject = {}
    for member in listed:
        remote_id = pick(member, "/value")
        if not isinstance(remote_id, str) or not remote_id:
            raise ValueError("a member of a group has no usable value")
        display = pick(member, "/display")
        shown[remote_id] = display if isinstance(display, str) and display else remote_id
    fields = {**group.fields, MEMBERS: list[Json](shown), "shown": shown}
    return replace(group, fields=fields, names={i: str(display) for i, display in shown.items()})


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Says where nobody would be left in a group that has members, calls whom no address names as the API shows
    them (OA-R46), and leaves the acting user in his groups (OA-R198)."""
    named = (replace(c, fields=tuple(_shown(c, f) for f in c.fields)) for c in changes)
    found = (replace(c, effects=(*c.effects, EMPTIES)) if _emptied(c) else c for c in named)
    return [replace(c, holds=(*c.holds, OWN_GROUP)) if _loses_us(c) else c for c in found]


def _loses_us(change: Change) -> bool:
    """Whether the acting user would be outside a group that he is in, as far as the group shows him."""
    own, delta = account_of(change.settings), change.deltas.get(MEMBERS)
    shown = change.live.fields.get("shown") if change.live else None
    known = shown if isinstance(shown, dict) else {}
    leaving = [(i, d) for i, d in known.items() if change.removes] if delta is None else []
    leaving += [(str(e.id), e.shown) for e in delta.remove] if delta else []
    names = {str(name).casefold() for i, display in leaving for name in (display, known.get(i))}
    return bool(own) and own in names


def _shown(change: Change, field: FieldChange) -> FieldChange:
    shown = change.live.fields.get("shown") if change.live else None
    if field.path[0] != MEMBERS or len(field.path) < 2 or not isinstance(shown, dict):
        return field
    return replace(field, path=(MEMBERS, str(shown.get(field.path[1], field.path[1]))))


def _emptied(change: Change) -> bool:
    delta = change.deltas.get(MEMBERS)
    return delta is not None and bool(delta.remove) and not delta.whole


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One create, PUT or delete per group; a ring of names takes one PUT more (OA-R44, OA-R45, OA-R48)."""
    ordinary = [c for change in changes if change.writes for c in object_calls(kind, change)]
    by_address = {change.address: change for change in changes}
    return order_renames(kind, changes, [_with_body(call, by_address[call.address]) for call in ordinary])


def _with_body(call: Call, change: Change) -> Call:
    """The call with name and members as the API wants them; its answer must show exactly these members."""
    if call.phase is Phase.DELETE:
        return call
    name = change.wire["name"]
    if call.phase is Phase.CREATE:
        body: JsonObject = {"displayName": name}
        if MEMBERS in change.deltas:
            body[MEMBERS] = [{"value": i} for i, _ in _members(change)]
    else:
        body = {"displayName": name, MEMBERS: [{"value": i, "display": d} for i, d in _members(change)]}
    expect: dict[str, Value] = {"/displayName": name}
    if MEMBERS in body:
        expect[EVERYBODY] = {"$set": [i for i, _ in _members(change)]}
    fields = {**call.effect.fields}
    if MEMBERS in change.deltas:
        fields[MEMBERS] = [i for i, _ in _members(change)]
    clobbers = (MEMBERS,) if call.phase is Phase.UPDATE else ()
    effect = replace(call.effect, fields=fields)
    return replace(call, body=body, expect=expect, effect=effect, clobbers=clobbers, verify=False)


def _members(change: Change) -> list[tuple[Value, Json]]:
    """(id, what the API shows) of everybody the group is to have: as declared, with the live ones that an additive
    set leaves; the live ones where members are not declared (OA-R46)."""
    shown = change.live.fields.get("shown") if change.live else None
    known: Mapping[str, Json] = shown if isinstance(shown, dict) else {}
    if MEMBERS not in change.deltas:
        return [(i, display) for i, display in known.items()]
    entries = change.deltas[MEMBERS].whole
    return [(e.id, known.get(e.id, e.shown) if isinstance(e.id, str) else e.shown) for e in entries]
