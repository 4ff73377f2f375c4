"""What the ledger is told about an address that has not come all the way."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.apply.bind import hidden_digests
from reconciler.apply.book import Book
from reconciler.apply.look import Kinds
from reconciler.model.entries import entry_text
from reconciler.model.json import Json
from reconciler.model.outcome import Fact
from reconciler.model.plan import Action
from reconciler.model.record import replace
from reconciler.model.recorded import Bond


def grown_by(bond: Bond, kinds: Kinds, book: Book, action: Action) -> Bond:
    """The bond of an address that has not come all the way, with what its calls have done all the same: what an
    addition has added that did so in part, and values that were sent and that no reading shows."""
    digests = {**bond.digests, **hidden_digests(kinds, book, action)}
    return replace(_with_entries(bond, _added_in_part(book, action)), digests=digests)


def only_begun(kinds: Kinds, book: Book, action: Action) -> bool:
    """Whether its calls have done anything that only this run can tell, without having come all the way."""
    return bool(_added_in_part(book, action) or hidden_digests(kinds, book, action))


def _added_in_part(book: Book, action: Action) -> list[Json]:
    """What is `ACCEPTED` and shown by no reading is looked up once more: then it is ours, or is not there."""
    ended = (book.outcomes[i].result for i in action.calls if not book.worked(i))
    return [told[Fact.ADDED] for told in ended if Fact.ADDED in told and Fact.ACCEPTED not in told]


def _with_entries(bond: Bond, added: Sequence[Json]) -> Bond:
    """The bond with entries of `[set field, [entry ids]]` besides its own."""
    entries = dict(bond.entries)
    for one in added:
        match one:
            case [str(field), [*ids]]:
                entries[field] = tuple(dict.fromkeys((*entries.get(field, ()), *map(entry_text, ids))))
    return replace(bond, entries=entries)
