"""What the ledger is told about each address once its calls have ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from reconciler.apply.book import Book
from reconciler.apply.kept_back import still_ours
from reconciler.apply.look import Kinds
from reconciler.model.change import REMOVALS, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject, canonical, digest
from reconciler.model.outcome import End, Fact, Journal
from reconciler.model.plan import Action, Call, Phase, Plan, Role
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.model.values import found_at, resolved


def bind(journal: Journal, run: str, book: Book, action: Action, known: Mapping[Address, Bond]) -> None:
    """Record an address whose calls have all worked, or needed none; leave the ledger alone otherwise. A call that
    the server took, and made something else of, has worked as far as it ever will (CM-R37)."""
    if not _worked(book, action):
        return
    if action.verb is Verb.RELEASE:
        journal.release(run, action.address, "; ".join(action.notes))
    elif action.verb in REMOVALS:
        journal.release(run, action.address, f"{action.verb}d")
    elif action.bond is not None:
        bond = _bond(book, action, action.bond, known)
        # Its calls, also those an earlier run has done, have told the ledger things of their own.
        if bond.id and (action.calls or known.get(action.address) != bond or action.previous is not None):
            journal.bind(run, bond, action.previous)


def bind_interrupted(
    journal: Journal, run: str, book: Book, action: Action, known: Mapping[Address, Bond]
) -> bool:
    """Record an address whose calls had all worked when the run was cut short: what only its end would have told
    (entries of ours in sets sent whole, values that no read shows) would be forgotten. Every call has an outcome
    in the book. In how many applies in a row its fields were sent is left to a run that comes to its end. Returns
    whether all had worked."""
    if action.bond is None or action.verb is Verb.RELEASE or action.verb in REMOVALS:
        return False
    if not any(book.worked(i) for i in action.calls) or not _worked(book, action):
        return False
    was = known.get(action.address) or Bond(action.address, "")
    bond = _bond(book, action, action.bond, known)
    bond = replace(bond, sent={f: n for f, n in was.sent.items() if was.digests.get(f) == bond.digests.get(f)})
    if bond.id and bond != was:
        journal.bind(run, bond, action.previous)
    return True


def _worked(book: Book, action: Action) -> bool:
    """Whether all of an address that is not held has worked."""
    own = [book.calls[i] for i in action.calls]
    needed = [c for c in own if c.role is Role.WRITE and c.trigger is None]
    if _stopped(action) or any(c.held and c.phase is not Phase.REMOVE for c in needed):
        return False
    return all(book.worked(c.id) or _taken(book, c) for c in needed if not c.held) and not _forgotten(book, own)


def _bond(book: Book, action: Action, planned: Bond, known: Mapping[Address, Bond]) -> Bond:
    """What the ledger is to remember, now that all its calls have ended."""
    own = [book.calls[i] for i in action.calls]
    before = known.get(action.address) or (known.get(action.previous) if action.previous else None)
    bond = _remembering(replace(planned, id=_live_id(book, own, planned)), before, book, own, _left_alone(action))
    return _with_known_entries(still_ours(_still_held(bond, before, action), before, own), book, own)


def newcomers(plan: Plan, known: Mapping[Address, Bond]) -> dict[Address, tuple[Bond, Address | None]]:
    """The live things that are new to their address, as they are before their first call, and the address each
    leaves. Recorded just before that call: after a crash half-way nobody could tell any more which thing it was,
    and what the calls before did to it would be forgotten."""
    seen = {c.address: c for p in plan.preconditions for c in p.checks if c.id is not None and not c.absent}
    found = {}
    for action in plan.actions:
        check = seen.get(action.address)
        if action.bond is not None and check is not None and action.address not in known:
            bond = Bond(action.address, str(check.id), key=check.key, label=action.label)
            was = known.get(action.previous) if action.previous else None
            found[action.address] = (replace(was, address=action.address) if was else bond, action.previous)
    return found


def _stopped(action: Action) -> bool:
    """A final hold means nobody knows what this address will be; a fixed field alone does not."""
    return any(h.final and not h.only and h.rule != "immutable" for h in action.holds)


def _taken(book: Book, call: Call) -> bool:
    return book.outcomes[call.id].end is End.FAILED and Fact.DIFFERS in book.outcomes[call.id].result


def _live_id(book: Book, calls: Sequence[Call], bond: Bond) -> str:
    """The id after all calls: the created one, the one a rename led to, else the one it had unless it is gone."""
    found = bond.id
    for call in calls:
        told = book.outcomes[call.id].result
        found = "" if told.get(Fact.GONE) is True else found
        for fact in (Fact.ID, Fact.BECOMES):
            if fact in told:
                found = str(told[fact])
    return found


def _left_alone(action: Action) -> set[str]:
    """The fields that a hold alone keeps from being sent."""
    return {h.only for h in action.holds if h.only}


def _remembering(
    bond: Bond, before: Bond | None, book: Book, calls: Sequence[Call], left: AbstractSet[str]
) -> Bond:
    """The bond with what its calls have done to the rest that the ledger remembers: tokens that have acted, values
    that got lost, fields sent again and again, and what the server makes of them (of fields that are `left` alone
    for it: one that has been as declared since is sent again, CM-R37)."""
    was = before or Bond(bond.address, bond.id)
    ended = [(c, book.outcomes[c.id]) for c in calls]
    once = {**(was.once if was.id == bond.id else {}), **bond.once}  # a token acts once on each thing
    lost = set(was.lost) | set(bond.lost)
    same = {f for f in left if was.digests.get(f) == bond.digests.get(f)}
    differs = {f: d for f, d in was.differs.items() if f in same}
    told = {**(was.told if was.id == bond.id else {}), **bond.told}
    sent, again = set[str](), set[str]()
    for call, outcome in ended:
        if outcome.end is End.DONE or Fact.DIFFERS in outcome.result:
            sent |= sent_whole(call)
            again |= sent_whole(call) if call.phase is Phase.UPDATE else set()
        if outcome.result.get(Fact.ID, was.id) != was.id:  # what was lost of another thing is nobody's any more
            lost, differs = set(), {}
        if Fact.ONCE in outcome.result:
            once |= _texts(outcome.result[Fact.ONCE])
            lost = set()
        if Fact.TOLD in outcome.result:
            told |= _told(outcome.result[Fact.TOLD], told)
        if Fact.LOST in outcome.result:
            lost |= {str(outcome.result[Fact.LOST])}
            if Fact.ONCE not in outcome.result:  # its tokens have not acted
                once = {k: v for k, v in once.items() if k not in call.once}
                once |= {k: v for k, v in was.once.items() if k in call.once}
    differs = {f: d for f, d in differs.items() if f not in sent}
    for _, outcome in ended:
        differs |= _texts(outcome.result.get(Fact.DIFFERS))
    times = {f: _times(f, was, bond) for f in sorted(again)}
    return replace(bond, once=once, lost=tuple(sorted(lost)), differs=differs, sent=times, told=told)


def _told(fact: Json, known: Mapping[str, JsonObject]) -> dict[str, JsonObject]:
    """What an answer said of entries, with what was known of them before."""
    match fact:
        case [str(field), dict(entries)]:
            found = {f"{field}/{i}": one for i, one in entries.items() if isinstance(one, dict)}
            return {at: {**known.get(at, {}), **one} for at, one in found.items()}
    return {}


def _still_held(bond: Bond, before: Bond | None, action: Action) -> Bond:
    """The bond with the counts of the fields that were left alone for them: else the next would be sent anew."""
    left = _left_alone(action) & bond.digests.keys()
    was = before or bond
    kept = {f: n for f, n in was.sent.items() if f in left and was.digests.get(f) == bond.digests[f]}
    return replace(bond, sent={**kept, **bond.sent})


def _now_known(book: Book, calls: Sequence[Call]) -> Iterator[tuple[str, Json]]:
    """The fields whose values the plan could not know, with the ids that they were sent with, as far as these are
    known still."""
    for name, value in _late(book, calls):
        try:
            yield name, resolved(value, book.results)
        except KeyError:
            continue


def _forgotten(book: Book, calls: Sequence[Call]) -> set[str]:
    """The fields sent with an id that is not known any more: of the call that told it no reading could show the
    effect, so it is in doubt again. They are recorded when that has been looked up."""
    return {name for name, _ in _late(book, calls)} - {name for name, _ in _now_known(book, calls)}


def _late(book: Book, calls: Sequence[Call]) -> Iterator[tuple[str, Json]]:
    """What calls that worked have sent of fields whose values the plan could not know, as it names them."""
    for call in calls:
        for name, value in call.effect.fields.items() if book.worked(call.id) else ():
            if isinstance(value, dict) and {*value} in ({"$from"}, {"$find"}):
                yield name, value


def _with_known_entries(bond: Bond, book: Book, calls: Sequence[Call]) -> Bond:
    """The bond with fields and entries of sets under the ids that the plan did not know yet; an entry that has got
    none is not in its set."""

    def told(word: str, value: Json) -> Json:
        if word == "$made" and isinstance(value, dict):
            return book.looked_up(found_at(value["key"]))
        return book.made(str(value))

    def known(text: str) -> str | None:
        for word in ("$made", "$id"):
            if (at := text.find(f'{{"{word}":')) >= 0:
                late, end = json.JSONDecoder().raw_decode(text, at)
                one = told(word, late[word])
                inner = end < len(text)  # one of several parts, of which others may be late too
                told_part = canonical(one) if inner else str(one)
                return None if one is None else known(text[:at] + told_part + text[end:])
        return text

    digests = {k: d for name, d in bond.digests.items() if (k := known(name)) is not None}
    digests |= {name: digest(value) for name, value in _now_known(book, calls) if name in digests}
    entries = {f: tuple(k for i in ids if (k := known(i)) is not None) for f, ids in bond.entries.items()}
    by = {name: k for name, one in bond.by.items() if (k := known(one)) is not None}
    names = {name: k for name, one in bond.names.items() if (k := known(one)) is not None}
    return replace(bond, digests=digests, entries=entries, by=by, names=names)


def sent_whole(call: Call) -> set[str]:
    """The fields that a call sends whole."""
    return (
        set(call.effect.fields) if call.phase in (Phase.CREATE, Phase.UPDATE) and not call.effect.gone else set()
    )


def hidden_digests(kinds: Kinds, book: Book, action: Action) -> dict[str, str]:
    """Field -> digest of the values that calls which worked have sent, and that no reading will show."""
    found: dict[str, str] = {}
    for call in (book.calls[i] for i in action.calls if book.worked(i)):
        fields, sent = kinds.of(call).fields, sent_whole(call)
        unseen = {n for n in sent if n in fields and (fields[n].write_only or fields[n].unreadable)}
        known = action.bond.digests if action.bond else {}
        found |= {n: d for n, d in known.items() if n in unseen or n.partition(".")[0] in unseen}
    own = [book.calls[i] for i in action.calls]
    known_now = {name: digest(value) for name, value in _now_known(book, own) if name in found}
    return {n: d for n, d in found.items() if n not in _forgotten(book, own)} | known_now


def _times(field: str, was: Bond, bond: Bond) -> int:
    """In how many applies in a row this value has been sent, this one included."""
    again = field in bond.digests and was.digests.get(field) == bond.digests[field]
    return was.sent.get(field, 0) + 1 if again else 1


def _texts(value: Json) -> dict[str, str]:
    return {k: str(v) for k, v in value.items()} if isinstance(value, dict) else {}
