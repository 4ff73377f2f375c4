"""Who can do what, for a comment or a page: every row, none cut, each foreign name as a code span. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reconciler.model.access import EVERYTHING, Listing, Row
from reconciler.report.access_changes import entitled
from reconciler.report.access_text import (
    SORTS,
    UNSEEN,
    by_principal,
    marks_of,
    nowhere,
    path,
    summary,
    unseen_by_kind,
)
from reconciler.report.escape import md, prose


def access_markdown(listing: Listing) -> str:
    """The listing as Markdown: a heading and a list for each principal, then what is unknown."""
    parts = [f"### {summary(listing)}"]
    for (principal, place), rows in by_principal(listing):
        besides = f" ({SORTS[principal.sort]})" if principal.sort in SORTS else ""
        told = f"{md(principal.name)} of {md(place)}" if place else f"{md(principal.name)}{besides}"
        parts += [f"#### {told}", "\n".join(_lines(listing, rows))]
    unknown = [f"- {md(at)}: {prose('; '.join(sentences))}" for at, sentences in unseen_by_kind(listing)]
    unknown += [f"- {words}" for words in (nowhere(listing, md),) if words]
    parts += [f"#### {UNSEEN}", "\n".join(unknown)] if unknown else []
    return "\n\n".join(parts) + "\n"


def _lines(listing: Listing, rows: Sequence[Row]) -> list[str]:
    roles = Counter((row.target, row.object) for row in rows)
    return [_line(listing, row, several=roles[row.target, row.object] > 1) for row in rows]


def _line(listing: Listing, row: Row, *, several: bool) -> str:
    role = " ".join([md(row.role), *(f"+{md(flag)}" for flag in row.flags)])
    everything = row.object.kind == EVERYTHING
    on = "everything" if everything else f"{md(row.object.kind)} {entitled(row.object, md)}"
    said = f"- {md(row.target)}: {role} on {on}"
    said += f", through {path(row.path, md)}" if row.path else ""
    marks = ", ".join(marks_of(row, listing, several=several))
    said += f" ({marks})" if marks else ""
    why = [*(prose(because) for because in row.because), *map(md, row.declared_at)]
    return f"{said}: {', '.join(why)}" if why else said
