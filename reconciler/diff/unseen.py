"""Things that no list and no search shows: nobody can look whether one is there already."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from reconciler.diff.index import Index
from reconciler.diff.match import Match
from reconciler.model.change import UNKNOWN_PAST, Hold
from reconciler.model.document import Document


def unseen(index: Index, document: Document, match: Match) -> Iterator[Hold]:
    """Why a document of such a kind that leads to no live thing is not simply created (OP-R12, OP-R13, OP-R20)."""
    address = document.address
    if doubts := in_doubt(index, document):
        yield from doubts
    elif match.bond is not None and not document.pinned_id:
        reason = (
            f"the {address.kind} recorded under id {match.bond.id} answers as not there: deleted, or not visible"
        )
        made, forgotten = quote(f"{address}=ID"), quote(str(address))
        way_out = (
            f"if that id was mistyped: `reconciler resume --adopt {made}` again, or metadata.id; if it is gone: "
        )
        way_out += f"`reconciler resume --forget {forgotten}`, or override to make another one"
        yield Hold("gone", reason, way_out)
    elif not match.holds and address.target not in index.recorded.completed:
        reason = (
            f"a {address.kind} cannot be searched for, and this ledger has completed no run in {address.target}"
        )
        yield Hold(UNKNOWN_PAST, reason, "pin it with metadata.id if it exists; if not, override this rule once")


def in_doubt(index: Index, document: Document) -> list[Hold]:
    """Why a thing is not made while nobody knows whether it was made before."""
    address = document.address
    if address not in index.recorded.doubts:
        return []
    reason = f"nobody knows whether {index.recorded.doubts[address]} made it"
    made, forgotten = quote(f"{address}=ID"), quote(str(address))
    way_out = f"look in the product, then `reconciler resume --adopt {made}` or `--forget {forgotten}`"
    return [Hold("in-doubt", reason, way_out, final=True)]
