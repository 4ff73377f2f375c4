"""User: an account with its password and its one API key. One list shows them all; a PUT carries whatever differs;
the key has calls of its own, and is shown once (CM-R40 to CM-R54)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.model.call import Request, quoted
from reconciler.model.change import Change, Verb
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Effect, Phase, Sink
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omni_cms.answers import text_id
from reconciler.providers.omni_cms.objects import listed_id, with_id
from reconciler.providers.omni_cms.objects import text_id as with_text_id
from reconciler.providers.omni_cms.user_check import ABSENT_KEY, KEY, PASSWORD, PRESENT, check
from reconciler.providers.omni_cms.user_review import ACTIVE, made_active, review
from reconciler.providers.rest.bodies import sink
from reconciler.providers.rest.bound import circles
from reconciler.providers.rest.parse import unique
from reconciler.providers.rest.reads import get, unasked
from reconciler.providers.rest.sets import own_id

USERS: Final = "GET /user/all"
USERS_AT: Final = "/user/all"
NOBODYS: Final = "@example.com"
"""Where a temporary address lies: nobody reads mail there (CM-R45)."""

__all__ = ["bound", "calls", "check", "parse", "reads", "review", "settled"]


# Reading.


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The list; then each recorded account that it does not show (CM-R40)."""
    wanted = [get(demand.target, USERS)]
    if replies and kind.rest.read:
        shown = {r.id for r in _listed(replies)}
        gone = (kind.rest.read.replace("{id}", quoted(i)) for i in demand.ids if i not in shown)
        wanted += [get(demand.target, call, may_be_gone=True) for call in gone]
    return unasked(wanted, replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every account of the one answer, and recorded ones that were asked for singly. Raises ValueError."""
    singles = (_user(body) for r, body in replies if r.path != USERS_AT and body is not None)
    return Collection(
        kind.name, unique([*_listed(replies), *singles]), Proof(bool(replies), "whole list in one answer")
    )


def _listed(replies: Replies) -> list[Resource]:
    found: list[Resource] = []
    for request, body in replies:
        if request.path == USERS_AT:
            items = pick(body, "/users")
            if not isinstance(items, list):
                raise ValueError("the answer holds no list of users")
            found += map(_user, items)
    return found


def _user(record: Json) -> Resource:
    """All four fields are guaranteed (documented): one without them is no account."""
    email, active, enabled = (pick(record, at) for at in ("/email", "/active", "/apiKeyEnabled"))
    if not isinstance(email, str) or not isinstance(active, bool) or not isinstance(enabled, bool):
        raise ValueError("a user lacks email, active or apiKeyEnabled")  # noqa: TRY004
    fields: dict[str, Json] = {"email": email, ACTIVE: active, KEY: PRESENT if enabled else ABSENT_KEY}
    return Resource(text_id(pick(record, "/id")), email, fields, email)


# Writing.


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One call per account that is made, changed or goes; what makes accounts active before what makes them
    inactive; and the calls for their keys."""
    writing = [c for c in changes if c.writes]
    ids = {c.address: own_id(c) for c in writing}
    found = [with_id(_account(kind, c), ids[c.address]) for c in rest.calls(kind, [*map(_but_for_key, changes)])]
    found += [_deactivate(kind, c) for c in writing if c.verb is Verb.DEACTIVATE]
    found = _in_turn(found, changes)
    rare = [listed_id(c, USERS) for c in found if c.phase is Phase.CREATE]
    rare += [with_text_id(c) for c in found if c.method == "PUT"]
    return [*found, *rare, *(key for c in writing for key in _key(kind, c))]


def _but_for_key(change: Change) -> Change:
    """The change without what the key's own calls do."""
    wire = {name: value for name, value in change.wire.items() if name != KEY}
    return replace(change, wire=wire, changed=change.changed - {KEY}, once={})


def _account(kind: Kind, call: Call) -> Call:
    """An ordinary call of this kind: no answer of it shows a key, and a temporary address is one nobody has."""
    if not call.id.endswith("#aside") or not isinstance(call.body, dict):
        return replace(call, sink=None)
    bare = str(call.effect.key)
    address = bare + NOBODYS
    return replace(
        call,
        body={kind.key_field.wire_name: address},
        effect=Effect(key=address, fields={kind.key: address}),
        summary=call.summary.replace(bare, address),
    )


def _base(kind: Kind, change: Change, call: str, word: str) -> Call:
    method, path = call.split(" ", 1)
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        phase=Phase.UPDATE,
        args={"id": own_id(change)},
        live_id=change.live.id if change.live else None,
        follows=frozenset({f"{change.address}#update"}),
    )


def _deactivate(kind: Kind, change: Change) -> Call:
    """What `onRemove: deactivate` sends (CM-R53)."""
    call = replace(
        _base(kind, change, "PUT /user/{id}", "deactivate"),
        body={ACTIVE: False},
        summary=f"deactivate {kind.name} {change.label}",
        effect=Effect(fields={ACTIVE: False}),
        verify=True,
        follows=frozenset(),
    )
    return with_id(call, own_id(change))


def _key(kind: Kind, change: Change) -> list[Call]:
    """The key that is made, with where it goes, or taken away (CM-R49, CM-R50)."""
    if makes_key(change):
        to = sink(kind, change)
        call = _base(kind, change, "PUT /user/key/{id}", "key")
        return [
            replace(
                call,
                summary=f"make a new API key for {kind.name} {change.key}",
                expect={"/success": True},
                effect=Effect(fields={KEY: PRESENT}),
                sink=to or Sink("/key", "keyTo", {}),
                once=dict(change.once),
            )
        ]
    if revokes_key(change):
        call = _base(kind, change, "DELETE /user/key/{id}", "no-key")
        words = f"remove the API key of {kind.name} {change.key}"
        return [replace(call, summary=words, effect=Effect(fields={KEY: ABSENT_KEY}), verify=True)]
    return []


def makes_key(change: Change) -> bool:
    """A key is declared, and there is none, or a token asks for another one."""
    needed = change.live is None or KEY in change.changed or bool(change.once)
    return not change.removes and change.wire.get(KEY) == PRESENT and needed


def revokes_key(change: Change) -> bool:
    return not change.removes and change.wire.get(KEY) == ABSENT_KEY and KEY in change.changed


def _in_turn(calls: Sequence[Call], changes: Sequence[Change]) -> list[Call]:
    """Nobody is deactivated or deleted before those who are made or activated, as far as these need not follow
    (CM-R52)."""
    active = {c.address for c in changes if c.live is not None and c.live.fields.get(ACTIVE) is True}
    coming = {c.address for c in changes if made_active(c)}
    leaving = {c.id for c in calls if c.address in active and _leaves(c)}
    comers = {c.id for c in calls if c.address in coming and not c.id.endswith("#aside")}
    first = frozenset(comers - _behind(calls, leaving))
    return [replace(c, waits=c.waits | first) if c.id in leaving else c for c in calls]


def _leaves(call: Call) -> bool:
    return call.effect.gone or call.effect.fields.get(ACTIVE) is False


def _behind(calls: Sequence[Call], first: set[str]) -> set[str]:
    """The calls that come after some of these, and those after them."""
    followers: dict[str, list[str]] = {}
    for call in calls:
        for before in call.after:
            followers.setdefault(before, []).append(call.id)
    found, left = set[str](), list(first)
    while left:
        fresh = set(followers.get(left.pop(), ())) - found
        found |= fresh
        left += fresh
    return found


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """`Uc + Uu + Ud + Kg + Kd`, and one more per ring of addresses (CM-C9)."""
    writing = [c for c in changes if c.writes]
    accounts = sum(c.verb is Verb.CREATE or c.removes or bool(c.changed - {KEY}) for c in writing)
    return accounts + sum(map(_keys, writing)) + circles(kind, writing)


def _keys(change: Change) -> int:
    """How many calls the change takes for its key alone."""
    if change.removes or KEY not in change.wire:
        return 0
    if change.verb is Verb.CREATE:
        return change.wire[KEY] == PRESENT
    return KEY in change.changed or bool(change.once)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A password shows in no reading: where all else is as it was sent it is sent again, which loses nothing
    (CM-R54). A key that was to be made counts as made where there is one: what it is, nobody has seen."""
    told = rest.settled(kind, call, live)
    hidden = call.phase is Phase.UPDATE and PASSWORD in call.effect.fields
    return False if told is None and hidden and live.proof.complete else told
