"""Live things out of list answers, and the proof that these are all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reconciler.model.call import Request, listing_of
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.providers.rest.listed import Tally, is_page, listed, tallies
from reconciler.providers.rest.reads import is_single
from reconciler.providers.rest.reads import one as single
from reconciler.providers.rest.shape import Shape


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """All records as resources, each id once; what was read singly goes before what the list said of it. Raises
    ValueError on an answer of another shape."""
    singles = {(r.method, r.path): body for r, body in replies if is_single(kind, r)}
    found = unique(listed(kind, replies))
    if singles:
        shape = Shape(kind)
        full = (completed(kind, demand, r, singles) for r in found)
        others = (shape.resource(body) for body in singles.values() if body is not None)
        found = unique(r for r in (*full, *others) if r)
    return Collection(kind.name, found, proof(kind, demand, replies))


def is_any(request: Request) -> bool:  # noqa: ARG001 - the shape of a choice
    """Every page."""
    return True


def completed(
    kind: Kind, demand: Demand, listed: Resource, singles: Mapping[tuple[str, str], Json]
) -> Resource | None:
    """A listed thing with what its own read says besides; None where that says it is gone by now."""
    request = single(kind, demand, listed.id) if kind.rest.read else None
    at = (request.method, request.path) if request else ("", "")
    if at not in singles:
        return listed
    if singles[at] is None:
        return None
    alone = resource(kind, singles[at])
    held = {n: v for n, v in alone.contents.items() if v is not None}
    return replace(alone, fields={**listed.fields, **alone.fields}, contents={**listed.contents, **held})


def unique(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """The first of each id: an offset list that moves under us may show a record twice."""
    seen: dict[str, Resource] = {}
    for one in resources:
        seen.setdefault(one.id, one)
    return tuple(seen.values())


def resource(kind: Kind, record: Json) -> Resource:
    """One record of a list, or the answer of a single read; of many, ask a `Shape`. Raises ValueError where it has
    no id or no key."""
    return Shape(kind).resource(record)


def fields(kind: Kind, record: Json) -> JsonObject:
    """The record under the schema's names; what the record does not hold is left out."""
    return Shape(kind).fields(record)


def contents(kind: Kind, record: Json) -> Mapping[str, int | None]:
    """What the thing contains or is used by, as counts; None where the record does not say."""
    return Shape(kind).contents(record)


def proof(kind: Kind, demand: Demand, replies: Replies, of: Callable[[Request], bool] = is_any) -> Proof:
    """Complete where the pages end and each listing's total equals the distinct ids that came; one without pages
    is complete by a valid answer, recorded things that it does not show having been asked for singly. Where no
    list is read, complete for the things that were asked for. `of`: just these pages count."""
    listing = kind.rest.list
    if demand.singly or not kind.findable:
        return Proof(True, "each asked for by its id")
    own = {listing_of(r) for r, _ in replies if is_page(kind, r) and of(r)}
    if listing is None or not own:
        return Proof(False, "not read")
    if listing.page is Page.NONE:
        return Proof(
            True, "recorded ids asked for" if demand.ids and kind.rest.read else "whole list in one answer"
        )
    known = tallies(kind, replies)
    counted = [known[at] for at in own]
    if listing.page is Page.CURSOR and not all(tally.ended for tally in counted):
        return Proof(False, "the list does not come to its end")
    return _by_total(counted)


def _by_total(counted: Iterable[Tally]) -> Proof:
    """Every page repeats its listing's total; the last one counts. A record shown twice, as by a list that moves
    under us, stands for nothing that was not shown; and where the total has shrunk, one that came is gone, and
    counts for one that was skipped (OA-R14, OA-R15)."""
    for one in counted:
        if one.total is not None and one.most > one.total:
            return Proof(False, "the list shrank while it was read")
        if len(one.ids) != one.total:
            counts = "none" if one.total is None else one.total
            return Proof(False, f"{len(one.ids)} distinct records came, the API counts {counts}")
    return Proof(True, "count equals total")
