"""The calls that bring projects about, which way each goes, and how many are needed at least (ST-R45, ST-C8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal, spoken
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import Record, replace
from reconciler.providers.rest.bodies import body
from reconciler.providers.rest.bound import circles
from reconciler.providers.rest.calls import create, delete, update
from reconciler.providers.rest.renames import order_renames
from reconciler.providers.studio_tracker.project_rows import (
    NAME,
    OUTPUTS,
    TEAM,
    books,
    by_address,
    creates,
    expressible,
    left_over,
    riding,
    row,
)
from reconciler.providers.studio_tracker.workbook import MEDIA

IMPORT: Final = "/api/projects/bulk-import"
PATCH: Final = "/api/projects/{id}"
ARCHIVED: Final = "ARCHIVED"


class Book(Record, frozen=True):
    """The rows of one workbook. `number`: its place among all of the plan, from 1."""

    number: int
    rows: tuple[Change, ...]

    @property
    def address(self) -> Address:
        word = "(batch)" if self.number == 1 else f"(batch {self.number})"
        return self.rows[0].address._replace(name=word)

    @property
    def id(self) -> str:
        return f"{self.address}#commit"


def ways(changes: Sequence[Change]) -> list[list[Book]]:
    """The workbooks, in groups that have nothing to do with each other (ST-R45). What a guard holds goes alone, so
    that nothing changes for the others when the hold is lifted."""
    writing = by_address(c for c in changes if c.writes)
    free = [c for c in writing if all(h.only for h in c.holds)]
    creating, updating = [c for c in free if creates(c)], [c for c in free if expressible(c)]
    going = [*creating, *updating] if riding(creating, updating) else creating
    groups = [books(by_address(going)), *([[c]] for c in writing if creates(c) and c not in free)]
    found: list[list[Book]] = []
    for group in groups:
        before = sum(map(len, found))
        found.append([Book(before + n, tuple(rows)) for n, rows in enumerate(group, 1)])
    return [group for group in found if group]


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Rows of workbooks where that is cheaper, the rest one by one."""
    groups = ways(changes)
    carriers = {row.address: book.id for group in groups for book in group for row in book.rows}
    own = [c for change in changes if change.writes for c in _own(kind, change, carriers.get(change.address))]
    found = order_renames(kind, changes, own)
    earlier: frozenset[str] = frozenset()
    for group in groups:
        for book in group:
            found += [_preview(book, earlier), _commit(book, earlier)]
            earlier = frozenset({book.id})
        found += _afterwards(kind, group)
    return found


def _own(kind: Kind, change: Change, carrier: str | None) -> Iterator[Call]:
    """The one call that a change needs, but for what a row leaves over."""
    endpoints = kind.rest
    if carrier is not None:
        yield _rider(kind, change, carrier)
    elif change.verb is Verb.CREATE and endpoints.create:
        sent = {n: v for n, v in change.wire.items() if v is not None}
        content = body(kind, endpoints.create, replace(change, wire=sent))
        yield replace(
            create(kind, change, endpoints.create, content),
            expect=_expected(kind, change.wire),
            effect=Effect(key=change.key, fields=change.wire),
        )
    elif change.verb is Verb.DELETE and endpoints.delete:
        yield delete(change, endpoints.delete)
    elif change.verb is Verb.ARCHIVE:
        yield _patch(kind, change, {"status": ARCHIVED}, change.live.id if change.live else None, "archive")
    elif change.changed and endpoints.update:
        fields = {n: change.wire[n] for n in sorted(change.changed)}
        yield replace(update(kind, change, endpoints.update), expect=_expected(kind, fields))


def _expected(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """What an answer that shows the project must show: dates as the instants they stand for (ST-R35)."""
    named = {"/clientTeam/id" if n == TEAM else kind.fields[n].wire: (n, v) for n, v in fields.items()}
    return {at: normal(kind.fields[n], v) for at, (n, v) in named.items() if n != OUTPUTS}


def _patch(kind: Kind, change: Change, fields: Mapping[str, Value], own: Value, word: str = "update") -> Call:
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method="PATCH",
        path=PATCH,
        args={"id": own},
        phase=Phase.UPDATE,
        body={kind.fields[n].wire_name: v for n, v in fields.items()},
        summary=f"{word} {kind.name} {spoken(change.live.key if change.live else change.key)}",
        expect=_expected(kind, fields),
        effect=Effect(fields=fields),
        live_id=change.live.id if change.live else None,
    )


def _rider(kind: Kind, change: Change, carrier: str) -> Call:
    """A row. Its answer tells nothing of it, so the list has to show it; an update writes the name as it is again
    (ST-R46, ST-R49)."""
    making = change.live is None
    said = change.wire.keys() - left_over(change).keys() if making else change.changed
    own = {} if change.live is None else {"id": change.live.id}
    team = {TEAM: change.wire[TEAM]} if isinstance(change.wire.get(TEAM), dict) else {}
    return Call(
        id=f"{change.address}#row",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method="POST",
        path=IMPORT,
        phase=Phase.CREATE if making else Phase.UPDATE,
        args={**own, **team},
        body=row(change),
        summary=f"{'create' if making else 'update'} {kind.name} {spoken(change.key)}",
        effect=Effect(key=change.key if making else None, fields={n: change.wire[n] for n in sorted(said)}),
        verify=True,
        live_id=change.live.id if change.live else None,
        media=MEDIA,
        carrier=carrier,
        clobbers=() if making or NAME in said else (NAME,),
    )


def _preview(book: Book, earlier: frozenset[str]) -> Call:
    """The very bytes to be committed, judged by the server and written nowhere (ST-R48)."""
    count: Value = {"$count": book.id}
    return replace(
        _commit(book, earlier),
        id=f"{book.address}#preview",
        query={"commit": "false"},
        role=Role.GATE,
        whole=False,
        after=frozenset(),
        summary=f"preview a workbook of {_projects(book)}",
        expect={"/preview": True, "/totalRows": count, "/validRows": count, "/errors": []},
    )


def _commit(book: Book, earlier: frozenset[str]) -> Call:
    """Workbooks follow one another (ST-R51)."""
    first = book.rows[0].address
    return Call(
        id=book.id,
        target=first.target,
        kind=first.kind,
        address=book.address,
        method="POST",
        path=IMPORT,
        query={"commit": "true"},
        phase=Phase.UPDATE,
        body={"rows": [{"$riders": book.id}]},
        summary=f"commit a workbook of {_projects(book)}",
        after=frozenset({f"{book.address}#preview"}),
        waits=earlier,
        media=MEDIA,
        whole=True,
    )


def _projects(book: Book) -> str:
    return f"{len(book.rows)} projects" if len(book.rows) > 1 else "1 project"


def _afterwards(kind: Kind, group: Sequence[Book]) -> list[Call]:
    """What rows could not say of the projects they made: one list tells the ids, then a PATCH each (ST-R37)."""
    incomplete = [(book, c, rest) for book in group for c in book.rows if creates(c) and (rest := left_over(c))]
    if not incomplete:
        return []
    carriers = frozenset(book.id for book, _, _ in incomplete)
    listing = replace(
        _commit(group[0], frozenset()),
        id=f"{group[0].address}#find",
        method="GET",
        path="/api/projects",
        query={},
        body=None,
        media="json",
        role=Role.FIND,
        whole=False,
        after=carriers,
        summary="list the projects, to know the ids of those made",
    )
    found = [listing]
    for _, change, fields in incomplete:
        own: Value = {"$find": {"read": listing.id, "key": change.key, "scope": []}}
        call = _patch(kind, change, fields, own)
        found.append(replace(call, after=frozenset({f"{change.address}#row", listing.id})))
    return found


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """ST-C8: workbooks count twice, for preview and commit; updates ride in them or go alone, whichever takes
    fewer calls; a list and a PATCH each for what rows of new projects leave over; one call for everything else,
    and one more per circle of numbers."""
    writing = by_address(c for c in changes if c.writes)
    making = [c for c in writing if creates(c)]
    telling = [c for c in writing if expressible(c)]
    together, apart = 2 * len(books(by_address([*making, *telling]))), 2 * len(books(making)) + len(telling)
    incomplete = sum(bool(left_over(c)) for c in making)
    others = len(writing) - len(making) - len(telling)
    return min(together, apart) + (incomplete > 0) + incomplete + others + circles(kind, writing)
