"""How many writes the changes of glossaries and entries need at least: OC-C31, from what differs alone, never from
the calls."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.kind import Kind
from reconciler.providers.omn_core.batch import batch_size, requests
from reconciler.providers.omn_core.translations import ALONG, FIELD


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """`[freeing] + [persisted] + [waiting] + [list] + [entries] + [moved] + [deleted]`, each per batch (OC-C31):
    what gives a name up goes early, or is called something else meanwhile, whichever takes less."""
    every = [c for c in changes if c.writes and (c.live is not None or c.verb is Verb.CREATE)]
    glossaries = [c for c in every if c.address.kind == kind.name]
    entries = [c for c in every if c.address.kind != kind.name]
    most = batch_size(changes)
    new = {str(c.address) for c in glossaries if c.live is None}
    into = {i["$id"] for c in entries if isinstance(i := next(iter(c.scope), None), dict) and "$id" in i}
    written = [c for c in entries if c.verb is not Verb.DELETE and _persisted(c)]
    moved = [c for c in entries if c.verb is not Verb.DELETE and c.live is not None and "glossary" in c.changed]
    same = bool(into & new) + requests(len(written), most) + requests(len(moved), most)
    apart = bool(into & new)
    ways = (_with_names(glossaries, entries, moved, most, early=early, apart=apart) for early in (True, False))
    return same + min(ways)


def _persisted(change: Change) -> bool:
    delta = change.deltas.get(FIELD)
    differs = change.live is None or "text" in change.changed or "forbidden" in change.changed
    return differs or bool(delta and (delta.add or delta.change))


def _with_names(
    glossaries: Sequence[Change],
    entries: Sequence[Change],
    moved: Sequence[Change],
    most: int,
    *,
    early: bool,
    apart: bool,
) -> int:
    """The requests that depend on who gives a name up, and how. `apart`: entries that go may have to wait for
    others, which wait for a glossary."""
    doomed = [c for c in glossaries if c.verb is Verb.DELETE and c.live]
    had = {c.address: str(c.live.key).casefold() for c in glossaries if c.live}
    gets = {c.address: str(c.key).casefold() for c in glossaries if c.verb is not Verb.DELETE}
    taken = {name for at, name in gets.items() if had.get(at) != name}
    left = {c.live.scope[0] for c in moved if c.live}
    first = {
        c.address: c.live.id
        for c in doomed
        if early and c.live and had[c.address] in taken and c.live.id not in left
    }
    given = {n for at, n in had.items() if at not in first and gets.get(at) != n}
    waiting = {at for at, name in gets.items() if had.get(at) != name and name in given}
    aside = [at for at in had if had[at] in taken and at not in first and (at in waiting or at not in gets)]
    goes = [(c.live.scope[0], _things(c)) for c in entries if c.verb is Verb.DELETE and c.live]
    with_first = sum(n for at, n in goes if at in first.values())
    removed = sum(len(d.remove) for c in entries if c.verb is not Verb.DELETE and (d := c.deltas.get(FIELD)))
    going = sum(n for _, n in goes) + removed
    sizes = (
        *((with_first, going - with_first) if apart else (going,)),
        len(first),
        len(gets) - len(waiting) + len(aside),
        len(waiting),
        len(doomed) - len(first),
    )
    return sum(requests(n, most) for n in sizes)


def _things(change: Change) -> int:
    """An entry, and the translations that go along."""
    along = change.live.fields.get(ALONG) if change.live else None
    return 1 + (len(along) if isinstance(along, list) else 0)
