"""Who can do what, for people to read: by person, each role with its path and its reason, then what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from reconciler.model.access import EVERYTHING, Listing, Row, Sort, Step
from reconciler.model.record import Record
from reconciler.report.access_changes import entitled
from reconciler.report.escape import safe
from reconciler.report.style import Look, Part, Piece, Sheet, Style

UNSEEN = "What no read shows"
WITHIN = 3
"""So many objects are named that one grant reaches in another; of more it is told how many."""
SORTS = {Sort.GROUP: "group without known members", Sort.PLACE: "outside"}


def access_text(listing: Listing, style: Style) -> str:
    """The listing as text."""
    sheet = Sheet(style)
    sheet.line(Piece(summary(listing), Look.HEAD))
    sheet.gap()
    for (principal, place), rows in by_principal(listing):
        told = f"{principal.name} of {place}" if place else principal.name
        besides = f"   {SORTS[principal.sort]}" if principal.sort in SORTS else ""
        sheet.line(Piece(safe(told), Look.HEAD), Piece(besides, Look.QUIET))
        _tell_rows(sheet, listing, rows)
    _tell_unseen(sheet, listing)
    return sheet.text()


def by_principal(listing: Listing) -> Iterator[tuple[tuple[Step, str], list[Row]]]:
    """The rows of each principal; of everybody with the system. People are the same in all."""

    def whose(row: Row) -> tuple[Step, str]:
        return row.principal, row.target if row.principal.sort is Sort.EVERYBODY else ""

    return ((at, list(rows)) for at, rows in groupby(listing.rows, key=whose))


def summary(listing: Listing) -> str:
    asked = {"both": "from manifests and live", "live": "from live"}.get(listing.asked, "from manifests")
    people = len({r.principal for r in listing.rows if r.principal.sort is Sort.PERSON})
    things = len({(r.target, r.object) for r in listing.rows})
    words = [f"{people} {'person' if people == 1 else 'people'}", f"{things} object{'' if things == 1 else 's'}"]
    return f"Access {asked}: {', '.join(words)}, {len(listing.rows)} line{'' if len(listing.rows) == 1 else 's'}"


class _Inner(Record, frozen=True):
    """What the rows have in common that one grant gives inside an object."""

    groups: tuple[Step, ...]
    target: str
    role: str
    flags: tuple[str, ...]
    within: Step


def _tell_rows(sheet: Sheet, listing: Listing, rows: Sequence[Row]) -> None:
    roles = Counter((row.target, row.object) for row in rows)
    told: Counter[_Inner] = Counter()
    for row in rows:
        inner = _inner(row)
        told.update([inner] if inner else [])
        if inner is None or told[inner] <= WITHIN:
            _tell(sheet, row, listing, several=roles[row.target, row.object] > 1)
    for inner, count in told.items():
        if count > WITHIN:
            words = f"{inner.target}  {inner.role} on {count - WITHIN} more in {inner.within.name}"
            sheet.line(Piece(safe(words), Look.QUIET), indent=2)


def _inner(row: Row) -> _Inner | None:
    """None for a row on the granted object itself."""
    groups = tuple(s for s in row.path if s.sort is Sort.GROUP)
    first = next((s for s in row.path if s.sort is Sort.OBJECT), None)
    return _Inner(groups, row.target, row.role, row.flags, first) if first else None


def _tell(sheet: Sheet, row: Row, listing: Listing, *, several: bool) -> None:
    look = Look.QUIET if not row.gives else Look.CHANGE
    role = " ".join([row.role, *(f"+{flag}" for flag in row.flags)])
    parts: list[Part] = [Piece(f"{safe(row.target)}  ", Look.QUIET), Piece(safe(role), look)]
    everything = row.object.kind == EVERYTHING
    parts.append(" on everything" if everything else f" on {safe(row.object.kind)} {entitled(row.object, safe)}")
    if row.path:
        parts.append(f", through {path(row.path, safe)}")
    marks = [*marks_of(row, listing, several=several)]
    if marks:
        parts.append(Piece(f"  ({', '.join(marks)})", Look.QUIET))
    sheet.line(*parts, indent=2, hang=4)
    why = [*(safe(because) for because in row.because), *(safe(place) for place in row.declared_at)]
    if why:
        sheet.line(Piece("   ".join(why), Look.QUIET), indent=6)


def path(steps: Sequence[Step], say: Callable[[str], str]) -> str:
    """`Finance Team, Finance -> Finance/Reports`. `say`: how a foreign name is written."""
    groups = [say(s.name) for s in steps if s.sort is Sort.GROUP]
    objects = [entitled(s, say) for s in steps if s.sort is Sort.OBJECT]
    return ", ".join([*groups, *([" -> ".join(objects)] if objects else [])])


def marks_of(row: Row, listing: Listing, *, several: bool) -> Iterator[str]:
    if not row.gives:
        yield "gives nothing"
    if several and row.highest:
        yield "highest"
    yield from (f"assumed: {one}" for one in row.assumed)
    if listing.asked == "both" and row.declared != row.live:
        yield "manifests only" if row.declared else "live only"


def _tell_unseen(sheet: Sheet, listing: Listing) -> None:
    if listing.unseen or listing.nowhere:
        sheet.title(UNSEEN)
    for at, sentences in unseen_by_kind(listing):
        sheet.line(Piece(f"{safe(at)}: ", Look.QUIET), safe("; ".join(sentences)), indent=2, hang=4)
    if words := nowhere(listing, safe):
        sheet.line(words, indent=2, hang=4)


def unseen_by_kind(listing: Listing) -> list[tuple[str, list[str]]]:
    """`target/Kind`, or a target as a whole, with all that is not seen of it."""
    found: dict[str, list[str]] = {}
    for one in listing.unseen:
        found.setdefault(f"{one.target}/{one.kind}" if one.kind else one.target, []).append(one.says)
    return [*found.items()]


def nowhere(listing: Listing, say: Callable[[str], str]) -> str:
    """Where nothing of whoever was asked about was found; empty where that is nowhere."""
    said = {"manifests": "not named in the manifests of"}.get(listing.asked, "not found in what was read of")
    places = ", ".join(say(target) for target in listing.nowhere)
    return f"{say(listing.who)} was {said} {places}" if places else ""
