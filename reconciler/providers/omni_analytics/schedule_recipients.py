"""Who gets a schedule's mail: by calls of their own, and as repairs after a PUT (OA-R77, OA-R78)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Delta, Entry, Value, Verb
from reconciler.model.json import Json, canonical
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.endpoints import of_one
from reconciler.providers.omni_analytics.schedule_asked import RECIPIENTS, USERS
from reconciler.providers.rest.bodies import delta_of
from reconciler.providers.rest.sets import own_id

SETS: Final = (RECIPIENTS, USERS)
EVERYBODY: Final = "everybody"


def call_for(change: Change, name: str, line: str, phase: Phase, summary: str) -> Call:
    method, path = line.split(" ", 1)
    stays = change.live is not None and change.verb is not Verb.REPLACE
    return Call(
        id=f"{change.address}#{name}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=path,
        args={"id": own_id(change)} if "{id}" in path else {},
        phase=phase,
        summary=f"{summary} {change.address.kind} {change.label or change.key}",
        verify=phase is not Phase.DELETE,
        live_id=change.live.id if change.live and stays else None,
    )


def repair(change: Change, put: Call) -> Iterator[Call]:
    """One look; whoever is missing is added, whoever is too many removed, each by one call if need be."""
    look = call_for(change, "look", of_one("listScheduleRecipients"), Phase.UPDATE, "look at the recipients of")
    look = replace(look, role=Role.FIND, verify=False, after=frozenset({put.id}))
    yield look
    there = [e for d in change.deltas.values() for e in d.whole]
    gone = [e for d in change.deltas.values() for e in d.remove]
    for verb, entries in (("add", there), ("remove", gone)):
        call = _recipients(change, verb, entries, f"repair:{verb}")
        trigger = Trigger(look.id, on=On.UNLIKE)
        yield replace(call, role=Role.CONTINGENT, trigger=trigger, summary=f"if need be: {call.summary}")


def _people(change: Change) -> Mapping[str, Json]:
    held = change.live.fields.get("people") if change.live else None
    return held if isinstance(held, dict) else {}


def _address(change: Change, entry: Entry) -> str:
    """Where an entry is mailed to: as written, else as it is live."""
    known = _people(change).get(entry.id) if isinstance(entry.id, str) else None
    email = known.get("email") if isinstance(known, dict) else None
    return entry.shown if "@" in entry.shown or not isinstance(email, str) else email


def addresses(change: Change) -> list[Value]:
    """Everybody who is to get the mail: as declared, and the live ones of what is not managed (OA-R77)."""
    entries = [e for n in SETS if n in change.deltas for e in delta_of(change, n).whole]
    if change.live is not None and change.verb is not Verb.REPLACE:
        alone = (change.live.fields.get(n) for n in SETS if n not in change.deltas)
        entries += [Entry(str(i), i) for ids in alone if isinstance(ids, list) for i in ids]
    found: dict[str, Value] = {}
    for entry in entries:
        address = _address(change, entry)
        found.setdefault(address.casefold(), address)
    return list(found.values())


def recipients_alone(change: Change) -> Iterator[Call]:
    """First who is added, then who is removed: never an empty list in between (OA-R78)."""
    deltas: Sequence[Delta] = [change.deltas[n] for n in SETS if n in change.deltas]
    added, removed = [e for d in deltas for e in d.add], [e for d in deltas for e in d.remove]
    if added:
        yield _recipients(change, "add", added, "add")
    if removed:
        yield _recipients(change, "remove", removed, "remove")


def _recipients(change: Change, verb: str, entries: Sequence[Entry], name: str) -> Call:
    """Users by their ids, all others by address."""
    line, phase = of_one(f"{verb}ScheduleRecipients"), Phase.ADD if verb == "add" else Phase.REMOVE
    word = "to" if verb == "add" else "from"
    call = call_for(change, name, line, phase, f"{verb} {', '.join(e.shown for e in entries)} {word}")
    users: list[Value] = [e.id for e in entries if _is_user(change, e)]
    emails: list[Value] = [_address(change, e) for e in entries if not _is_user(change, e)]
    body: dict[str, Value] = {**({"emails": emails} if emails else {}), **({"userIds": users} if users else {})}
    ids = tuple(e.id for e in entries)
    one = next((n for n in SETS if set(map(_text, ids)) <= _known(change, n)), EVERYBODY)
    effect = Effect(set_field=EVERYBODY, absent=ids)
    if verb == "add":
        effect = Effect(set_field=EVERYBODY, present=tuple((i, dict[str, Value]()) for i in ids))
    return replace(call, body=body, effect=effect, set_field=one)


def _is_user(change: Change, entry: Entry) -> bool:
    known = _people(change).get(entry.id) if isinstance(entry.id, str) else None
    mail_only = isinstance(known, dict) and known.get("emailOnly") is True
    return _text(entry.id) in _known(change, USERS) and not mail_only


def _known(change: Change, name: str) -> set[str]:
    """The ids of all entries that a set's change speaks of."""
    delta = change.deltas.get(name, Delta())
    return {_text(e.id) for e in (*delta.whole, *delta.remove)}


def _text(value: Value) -> str:
    return value if isinstance(value, str) else canonical(value)
