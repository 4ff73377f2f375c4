"""What a reading will cost: its demands as they would be if what is declared were live; nothing is asked yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from reconciler.model.answers import folded
from reconciler.model.call import Request
from reconciler.model.catalog import Catalog
from reconciler.model.document import Document
from reconciler.model.forecast import Forecast, Pages, Sizes, listing, told_pages
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field, Kind, Page
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.normalise import normal
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Bond
from reconciler.read.wanted import Wanted

At = tuple[str, str]
"""(target, kind)."""


class Reading(Record, frozen=True):
    """How far the reading of a target is. `requests`: how many it will take, those already made included; `least`:
    or more than that. `made`: so many have been asked."""

    target: str
    requests: int
    least: bool
    made: int = 0


Telling = Callable[[Reading], None]


def unheard(reading: Reading) -> None:
    """Nobody listens."""


class Forecasts(Record):
    """The forecasts of all collections of a reading, each replaced as more is known of it. `sizes`: target -> how
    long its lists were when they were last read whole."""

    wanted: Sequence[Wanted]
    providers: Mapping[str, str]
    catalog: Catalog
    sizes: Mapping[str, Pages] = field(default_factory=dict)
    telling: Telling = unheard
    found: dict[At, Forecast] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    pages: dict[str, dict[str, int]] = field(default_factory=dict)

    def begin(self) -> dict[str, Forecast]:
        """What is expected of each target, and said, before anything is read."""
        invented: dict[At, Collection] = {}
        needed = named(self.wanted)
        for one in _in_order([one for one in self.wanted if not one.idle]):
            before = one.kind.rest.list.after if one.kind.rest.list else ()
            others = {k: invented[one.target, k] for k in before if (one.target, k) in invented}
            verbs = self.catalog.verbs[self.providers[one.target], one.kind.name]
            bonds = [replace(b, digests={}, entries={}) for b in one.bonds]  # they speak of ids not known yet
            details = one.details(verbs.details, bonds, others)
            self._expect(one, replace(one.demand(others), details=details))
            if one.kind.name in needed:
                invented[one.target, one.kind.name] = as_declared(one, invented)
        targets = sorted({one.target for one in self.wanted})
        for target in targets:
            self._tell(target)
        return {target: self.of(target) for target in targets}

    def of(self, target: str) -> Forecast:
        return sum((f for (at, _), f in self.found.items() if at == target), Forecast())

    def demanded(self, one: Wanted, demand: Demand) -> None:
        """What it takes now that the names are known, and whom the details are about."""
        self._expect(one, demand)
        self._tell(one.target)

    def answered(self, one: Wanted, demand: Demand, replies: Replies) -> None:
        """What it takes now that some answers are in: they may tell how long a list is."""
        told = self.pages.setdefault(one.target, {})
        news = {at: n for at, n in long_lists(one.kind, replies).items() if told.get(at) != n}
        if news:
            told |= news
            self._expect(one, demand)
            self._tell(one.target)

    def ended(self, one: Wanted, replies: Replies) -> None:
        """What it took."""
        lists, every = came(one.kind, replies), Counter(listing(r) for r, _ in replies)
        taken = {at: every[at] for at in lists}
        self.found[one.target, one.kind.name] = Forecast(taken, len(replies) - sum(taken.values()))
        self._tell(one.target)

    def asked(self, target: str) -> None:
        """One more request was made."""
        self.made[target] = self.made.get(target, 0) + 1

    def _expect(self, one: Wanted, demand: Demand) -> None:
        verbs = self.catalog.verbs[self.providers[one.target], one.kind.name]
        pages = {**self.sizes.get(one.target, {}), **self.pages.get(one.target, {})}
        sizes = Sizes(pages, max(len(one.documents), len(one.bonds)), past=bool(one.bonds))
        found = verbs.expected(one.kind, demand, sizes) if verbs.expected else Forecast(least=True)
        self.found[one.target, one.kind.name] = found

    def _tell(self, target: str) -> None:
        if self.telling is unheard:
            return
        found, made = self.of(target), self.made.get(target, 0)
        self.telling(Reading(target, max(found.requests, made), found.least, made))


def _in_order(wanted: Sequence[Wanted]) -> Iterator[Wanted]:
    """Each behind those that it is read after."""
    left = list(wanted)
    while left:
        waiting = {(one.target, one.kind.name) for one in left}
        one = next((o for o in left if not any((o.target, k) in waiting for k in _after(o))), left[0])
        yield one
        left.remove(one)


def _after(one: Wanted) -> tuple[str, ...]:
    listing_ = one.kind.rest.list
    return tuple(k for k in listing_.after if k != one.kind.name) if listing_ else ()


# What is declared, as if it were live


def named(wanted: Sequence[Wanted]) -> set[str]:
    """The kinds that others are read after, and those that the things of these refer to: nobody looks at what is
    declared of any other."""
    kinds = {one.kind.name: one.kind for one in wanted}
    left = [name for one in wanted for name in _after(one)]
    found: set[str] = set()
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [f.ref for f in kinds[name].fields.values() if f.ref] if name in kinds else []
    return found


def as_declared(one: Wanted, others: Mapping[At, Collection]) -> Collection:
    """The documents, and whoever is named besides, as live things; with their recorded ids where there are some,
    else with ids that nobody else has."""
    bonds = {b.address: b for b in one.bonds}
    refs = {f.ref for f in one.kind.fields.values() if f.ref}
    known = one.known({k: others[one.target, k] for k in refs if (one.target, k) in others})
    found = [_invented(one.kind, d, bonds.get(d.address), known) for d in one.documents]
    keys = {canonical(normal(one.kind.key_field, r.key)) for r in found}
    names = (n for n in one.names.values() if canonical(normal(one.kind.key_field, n)) not in keys)
    return Collection(one.kind.name, (*found, *(Resource(n, n, {}) for n in names)), Proof(True, "declared"))


def _invented(kind: Kind, document: Document, bond: Bond | None, known: Mapping[str, Collection]) -> Resource:
    key = document.spec.get(kind.key)
    fields = {n: _with_ids(kind.fields[n], v, known) for n, v in document.spec.items() if n in kind.fields}
    scope = tuple(fields.get(name) for name in kind.scope)
    remote_id = document.pinned_id or (bond.id if bond else str(document.address))
    return Resource(remote_id, key, fields, scope=scope)


def _with_ids(field_: Field, value: Json, known: Mapping[str, Collection]) -> Json:
    """A field whose names lead to other things, with their ids as far as these are known."""
    if field_.ref is None or field_.ref not in known:
        return value
    names = known[field_.ref].names
    if isinstance(value, list):
        return [names.get(v, v) if isinstance(v, str) else v for v in value]
    return names.get(value, value) if isinstance(value, str) else value


# What answers tell


def long_lists(kind: Kind, replies: Replies) -> Pages:
    """The lists of which an answer tells how many pages they have."""

    def add(found: dict[str, int], request: Request, body: Json) -> None:
        at, pages = _listing(kind, request), told_pages(body)
        if at is not None and pages is not None:
            found[at] = min(pages, found.get(at, pages))  # the last page may give the number of its own records

    return folded(replies, ("long", kind.name), dict[str, int], add)


def whole_lists(kind: Kind, replies: Replies) -> dict[str, int]:
    """How long the lists turned out to be that were read: as they tell, else as many pages as came."""
    return came(kind, replies) | dict(long_lists(kind, replies))


def came(kind: Kind, replies: Replies) -> dict[str, int]:
    """How many answers each listing has given."""
    return dict(Counter(at for request, _ in replies if (at := _listing(kind, request)) is not None))


def _listing(kind: Kind, request: Request) -> str | None:
    """The listing that a request is of: the kind's own list, or what narrows that; a search is none."""
    own = kind.rest.list
    method, _, path = own.call.partition(" ") if own else ("", "", "")
    if (request.method, request.path) != (method, path):
        return None
    alike = own is not None and own.query.keys() <= dict(request.query).keys()
    return listing(request) if alike or own is None or own.page is Page.NONE else None
