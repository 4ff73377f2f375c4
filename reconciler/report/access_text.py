"""Who can do what, for people to read: by person, each role with its path and its reason, then what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reconciler.model.access import EVERYTHING, Listing, Row, Sort, Step
from reconciler.report.escape import safe
from reconciler.report.style import Look, Part, Piece, Sheet, Style

WITHIN = 3
"""So many objects are named that one grant reaches in another; of more it is told how many."""
_SORTS = {Sort.GROUP: "group without known members", Sort.PLACE: "outside", Sort.EVERYBODY: "of the organisation"}


def access_text(listing: Listing, style: Style) -> str:
    """The listing as text."""
    sheet = Sheet(style)
    sheet.line(Piece(_summary(listing), Look.HEAD))
    sheet.gap()
    for (principal, place), rows in groupby(listing.rows, key=lambda r: (r.principal, _place(r))):
        told = f"{principal.name} of {place}" if principal.sort is Sort.EVERYBODY else principal.name
        besides = f"   {_SORTS[principal.sort]}" if principal.sort in (Sort.GROUP, Sort.PLACE) else ""
        sheet.line(Piece(safe(told), Look.HEAD), Piece(besides, Look.QUIET))
        _tell_rows(sheet, listing, list(rows))
    _tell_unseen(sheet, listing)
    return sheet.text()


def _place(row: Row) -> str:
    """The system that everybody is everybody of; people are the same in all."""
    return row.target if row.principal.sort is Sort.EVERYBODY else ""


def _summary(listing: Listing) -> str:
    asked = {"both": "from manifests and live", "live": "from live"}.get(listing.asked, "from manifests")
    people = len({r.principal for r in listing.rows if r.principal.sort is Sort.PERSON})
    things = len({(r.target, r.object) for r in listing.rows})
    words = [f"{people} {'person' if people == 1 else 'people'}", f"{things} object{'' if things == 1 else 's'}"]
    return f"Access {asked}: {', '.join(words)}, {len(listing.rows)} line{'' if len(listing.rows) == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class _Inner:
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
    parts.append(
        " on everything" if row.object.kind == EVERYTHING else f" on {row.object.kind} {safe(row.object.name)}"
    )
    if row.path:
        parts.append(f", through {_path(row.path)}")
    marks = [*_marks(row, listing, several=several)]
    if marks:
        parts.append(Piece(f"  ({', '.join(marks)})", Look.QUIET))
    sheet.line(*parts, indent=2, hang=4)
    why = [*(safe(because) for because in row.because), *(safe(place) for place in row.declared_at)]
    if why:
        sheet.line(Piece("   ".join(why), Look.QUIET), indent=6)


def _path(path: Iterable[Step]) -> str:
    """`Finance Team, Finance -> Finance/Reports`."""
    groups = [safe(s.name) for s in path if s.sort is Sort.GROUP]
    objects = [safe(s.name) for s in path if s.sort is Sort.OBJECT]
    return ", ".join([*groups, *([" -> ".join(objects)] if objects else [])])


def _marks(row: Row, listing: Listing, *, several: bool) -> Iterator[str]:
    if not row.gives:
        yield "gives nothing"
    if several and row.highest:
        yield "highest"
    yield from (f"assumed: {one}" for one in row.assumed)
    if listing.asked == "both" and row.declared != row.live:
        yield "manifests only" if row.declared else "live only"


def _tell_unseen(sheet: Sheet, listing: Listing) -> None:
    if listing.unseen:
        sheet.title("What no read shows")
    for one in listing.unseen:
        at = f"{one.target}/{one.kind}" if one.kind else one.target
        sheet.line(Piece(f"{safe(at)}: ", Look.QUIET), safe(one.says), indent=2, hang=4)
