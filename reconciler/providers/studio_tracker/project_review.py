"""What only projects know of their changes: what a create needs, what is never asked for again, and which way each
goes (ST-R36 to ST-R42, ST-R48)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.json import same
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import spoken
from reconciler.model.record import replace
from reconciler.providers.studio_tracker.project_calls import ARCHIVED, Book, ways
from reconciler.providers.studio_tracker.project_rows import NAME, NUMBER, OUTPUTS, creates, fits, left_over

NEEDED: Final = (NAME, "projectCode", "team")
"""Besides the number, for a create by POST; which fields the API requires is not documented."""


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Holds for what cannot be created as declared, notes on what is done otherwise than one might think."""
    seeded = live.seen.get("seeded") is not False
    found = [_reviewed(change, seeded=seeded) for change in changes]
    books = {c.address: book for group in ways(found) for book in group for c in book.rows}
    return [_with_way(c, books[c.address]) if c.address in books else c for c in found]


def _reviewed(change: Change, *, seeded: bool) -> Change:
    if change.verb is Verb.ARCHIVE and change.live is not None and change.live.fields.get("status") == ARCHIVED:
        why = "left git; it is archived already"
        return replace(change, verb=Verb.RELEASE, live=None, notes=(*change.notes, why))
    if change.verb is Verb.CREATE:
        return replace(change, holds=(*change.holds, *_lacking(change, seeded=seeded)))
    notes = (*change.notes, *_outputs(change))
    return replace(change, notes=notes, effects=(*change.effects, *_renumbered(change)))


def _lacking(change: Change, *, seeded: bool) -> Iterator[Hold]:
    """Why a project cannot be created from this document."""
    if creates(change):
        unfit = [name for name in (NUMBER, NAME) if not fits(change.wire.get(name))]
        if unfit:
            way_out = "write it in 1 to 32000 characters without blanks around it and without control characters"
            yield Hold("incomplete", f"a workbook needs `{unfit[0]}` as plain text", way_out, final=True)
        if not seeded:
            reason = "the server is not seeded (GET /api/health?strict=1): deliverables would have no stages"
            yield Hold("not-seeded", reason, "give it an organisation and a pipeline template", final=True)
        return
    missing = [name for name in NEEDED if change.wire.get(name) is None]
    held = any(h.rule == "unresolved" for h in change.holds)
    if missing and not (held and missing == ["team"]):
        words = ", ".join(f"`{name}`" for name in missing)
        way_out = f"declare {words}; or declare `outputs`, and it is created through a workbook"
        yield Hold("incomplete", f"it is not live, and creating it needs {words}", way_out, final=True)


def _outputs(change: Change) -> Iterator[str]:
    """A declared number that is not the live one is said, and nothing is done about it."""
    declared = change.document.spec.get(OUTPUTS) if change.document else None
    live = change.live.fields.get(OUTPUTS) if change.live else None
    if declared is not None and live is not None and not same(declared, live):
        yield f"outputs: {declared} declared, {live} live; only a create makes them"


def _renumbered(change: Change) -> Iterator[str]:
    if change.live is not None and NUMBER in change.changed:
        old = spoken(change.live.key)
        yield f"the next workbook or job feed that still says {old} creates that project again"


def _with_way(change: Change, book: Book) -> Change:
    others = len(book.rows) - 1
    word = f"with {others} other project{'s' if others > 1 else ''}" if others else "of its own"
    notes = [f"goes by workbook {word}: a preview and a commit for all"]
    rest = left_over(change) if creates(change) else {}
    if rest:
        notes.append(f"a row cannot say {', '.join(sorted(rest))}: that follows by PATCH")
    return replace(change, notes=(*change.notes, *notes))
