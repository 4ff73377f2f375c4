"""Which document of a file a problem is about, and which field of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from reconciler.load import events
from reconciler.load.events import Parsed
from reconciler.model.place import Place, Problem
from reconciler.model.record import Record


class Blame(Record, frozen=True):
    """`document`: counted from 0 among those asked about; `field`: of its spec, None where it is about all of
    it."""

    document: int
    field: str | None
    problem: Problem


def blame(data: bytes, file: str, problems: Iterable[Problem], last: int) -> Iterator[Blame]:
    """What each problem of this file is about, as far as it is about one of its last so many documents."""
    found = events.read(data, file).documents
    documents = found[len(found) - last :]
    starts = [d.positions.start for d in documents]
    for problem in problems:
        at = bisect_right(starts, problem.place) - 1
        if problem.place.file == file and at >= 0:
            yield Blame(at, _field(documents[at], problem.place), problem)


def _field(document: Parsed, place: Place) -> str | None:
    spec = document.value.get("spec") if isinstance(document.value, dict) else None
    keys = {document.positions.key(("spec", name)): name for name in (spec if isinstance(spec, dict) else {})}
    before = [at for at in keys if at <= place]
    return keys[max(before)] if before else None
