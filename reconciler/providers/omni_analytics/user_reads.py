"""How people are read: one by address, several by the list; embed users only where nobody else has an address
(OA-R16, OA-R52, OA-R196)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.answers import folded
from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Phase
from reconciler.model.record import Record, field, replace
from reconciler.providers import rest
from reconciler.providers.omni_analytics.asked_people import ATTRIBUTES, about, about_everybody, marked
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.providers.rest.listed import is_page, listed, sifted
from reconciler.providers.rest.parse import proof, resource, unique
from reconciler.providers.rest.reads import (
    first_page,
    further,
    get,
    is_single,
    one,
    records,
    unasked,
)
from reconciler.providers.rest.shape import Shape, looking

EMBEDDED: Final = ENDPOINTS["listEmbeddedUsers"]
EMBED_KEYS: Final = ("userName", "embedExternalId")
"""By what an embed user is found, one after the other."""


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """Nobody named: nothing; everybody: the list. One address: one filter. Several: the first page, then
    the other pages or one filter per address still open, whichever is less (OA-C3); then the attributes that
    these did not show (OA-C11), and embed users for references that lead to nobody yet (OA-C36)."""
    if about_everybody(demand):
        return rest.reads(kind, replace(demand, details=()), replies)
    if demand.singly:
        return unasked([one(kind, demand, i) for i in demand.fresh], replies)
    wanted = _wanted(demand)
    found = _people(kind, demand, wanted, replies) if wanted else []
    found = found or unasked(list(_attributes(kind, demand, replies)), replies)
    return found or unasked(list(_embedded(kind, demand, replies)), replies)


def surely(kind: Kind, target: str, documents: Sequence[Document], replies: Replies) -> list[Request]:
    """The first page for two people or more, and the others once more are open than there are of these: whoever
    else is declared makes that no less true. `replies`: pages of the list."""
    wanted = {str(d.spec.get(kind.key)).casefold() for d in documents}
    if len(wanted) < 2 or not replies:
        return [first_page(kind, target)] if len(wanted) > 1 else []
    pages = further(kind, replies)
    open_ = len(wanted - _showed(kind, replies).shown) if pages else 0
    return pages if open_ >= len(pages) else []


def _wanted(demand: Demand) -> Mapping[str, str]:
    """The addresses asked for, by what tells one from another."""
    declared = about(demand).addresses
    return {w.casefold(): w for w in demand.wanted} | declared if demand.wanted else declared


def _people(kind: Kind, demand: Demand, wanted: Mapping[str, str], replies: Replies) -> list[Request]:
    if len(wanted) == 1:
        return unasked([_by_address(demand, address) for address in wanted.values()], replies)
    pages = unasked([first_page(kind, demand.target), *further(kind, replies)], replies)
    listed = [r for r, _ in replies if is_page(kind, r)]
    if not listed:
        return pages
    shown = _showed(kind, replies).shown
    open_ = sorted(wanted.keys() - shown)
    lies = not pages and not _whole(kind, demand, replies, _unfiltered)  # it counts more people than it shows
    if lies or any(map(_filtered, listed)) or len(open_) < len(pages):
        return unasked([_by_address(demand, wanted[text]) for text in open_], replies)
    return pages if open_ else []


def _filtered(request: Request) -> bool:
    return "filter" in dict(request.query)


def _unfiltered(request: Request) -> bool:
    """Whether it is a page of the list itself."""
    return not _filtered(request)


def _whole(kind: Kind, demand: Demand, replies: Replies, of: Callable[[Request], bool]) -> bool:
    """Whether as many came as each of these listings counts."""
    pages = any(is_page(kind, r) and of(r) for r, _ in replies)
    return not pages or proof(kind, replace(demand, details=(), singly=False), replies, of).complete


def _proof(kind: Kind, demand: Demand, replies: Replies) -> Proof:
    """Each address was shown, or its filter told truly that there is nobody, or a whole list did."""
    if not _whole(kind, demand, replies, _filtered):
        return Proof(complete=False, by="a filter counts others than it shows")
    asked = {_asked_for(r) for r, _ in replies if is_page(kind, r) and _filtered(r)}
    shown = _showed(kind, replies).shown
    left = (w for text, w in _wanted(demand).items() if text not in shown)
    open_ = [w for w in left if _asked_for(_by_address(demand, w)) not in asked]
    if (open_ or about_everybody(demand)) and not demand.singly and not _whole(kind, demand, replies, _unfiltered):
        return Proof(complete=False, by="the list counts others than it shows")
    return Proof(complete=True, by="every address asked for")


def sift(kind: Kind, demand: Demand, replies: Replies) -> Sequence[Resource] | None:
    """The people whom the pages so far show. Raises ValueError on an answer of another shape."""
    _showed(kind, replies)
    return None if demand.singly else sifted(kind, replies)


class _Showed(Record):
    """Whom the list and filters showed, by address, and with what. `silent`: address and id of each record that
    does not show attributes."""

    shown: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    silent: list[tuple[str, str]] = field(default_factory=list)


def _showed(kind: Kind, replies: Replies) -> _Showed:
    its_id, its_key = looking(kind.rest.id), looking(kind.key_field.wire)
    attributes = looking(kind.fields[ATTRIBUTES].wire)

    def add(people: _Showed, request: Request, body: Json) -> None:
        for record in records(kind, ((request, body),)):
            address = str(its_key(record)).casefold()
            people.shown.add(address)
            if not isinstance(attributes(record), Missing):
                people.told.add(address)
            elif isinstance(remote_id := its_id(record), str):
                people.silent.append((address, remote_id))

    return folded(replies, ("people", kind.name), _Showed, add)


def _attributes(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """A look at each declared person whose declared attributes the list did not show."""
    silent, people = _showed(kind, replies).silent, about(demand)
    asking = {t for t, d in zip(people.texts, people, strict=True) if d.get(ATTRIBUTES)} if silent else set()
    yield from (one(kind, demand, remote_id) for address, remote_id in silent if address in asking)


# Embed users.


def _embedded(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """For each reference to nobody that was found and nobody who is declared: one filter by user name, and where
    that finds nobody one by external id."""
    if not demand.wanted:
        return
    found = _showed(kind, replies).shown | about(demand).addresses.keys()
    answers = {_asked_for(r): _resources(r, body) for r, body in replies if _is_embedded(r)}
    for name in sorted({*demand.wanted}):
        if name.casefold() not in found:
            for key in EMBED_KEYS:
                request = get(demand.target, EMBEDDED, {"filter": f'{key} eq "{name}"'}, may_be_gone=True)
                yield request
                if _asked_for(request) not in answers or answers[_asked_for(request)]:
                    break


def _is_embedded(request: Request) -> bool:
    return f"{request.method} {request.path}" == EMBEDDED


def _asked_for(request: Request) -> str:
    return dict(request.query).get("filter", "")


def _resources(request: Request, body: Json) -> list[Json]:
    """The embed users of an answer; none where the instance knows of none at all (404)."""
    items = [] if body is None else pick(body, "/Resources")
    if not isinstance(items, list):
        raise ValueError(f"{request}: the answer holds no list at '/Resources'")  # noqa: TRY004
    return items


def _strangers(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Resource]:
    """The embed users who were found, each under the name that a manifest calls him by. An answer counts only if
    it shows what was asked for."""
    answers: dict[str, list[tuple[str, list[Json]]]] = {}
    for request, body in replies:
        if _is_embedded(request):
            key, _, value = _asked_for(request).partition(" eq ")
            answers.setdefault(value, []).append((key, _resources(request, body)))
    for name in sorted({*demand.wanted}) if answers else ():
        for key, found in answers.get(f'"{name}"', ()):
            for record in found:
                one_ = resource(kind, record)
                if str(pick(record, f"/{key}")).casefold() == name.casefold():
                    yield replace(one_, key=name, fields={})


# The whole.


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """Whoever came. Only the people asked for are looked up, so absence is proven for them and nobody else. What
    was read singly goes before the list. Raises ValueError on answers of another shape."""
    singles = {r.path: body for r, body in replies if is_single(kind, r)}
    people = (_listed(p) for p in listed(kind, replies))
    if singles:
        shape = Shape(kind)
        alone = [_alone(shape.resource(body), body) for body in singles.values() if body is not None]
        there = [p for p in people if singles.get(one(kind, demand, p.id).path, True) is not None]
        people = (p for p in (*alone, *there))
    found = unique(people)
    strangers = list(_strangers(kind, demand, replies))
    return Collection(
        kind.name,
        unique((*found, *strangers)) if strangers else found,
        _proof(kind, demand, replies),
        details=None if demand.singly else marked(demand, _showed(kind, replies).told),
    )


def _alone(found: Resource, record: Json) -> Resource:
    """Somebody who was read singly: whose attributes that does not show has none (OA-A46), but for an answer of
    the newer edition, which shows nobody's (OA-R197)."""
    newer = isinstance(pick(record, "/meta"), Missing) and isinstance(pick(record, "/emails"), Missing)
    return found if newer else _listed(found)


def _listed(found: Resource) -> Resource:
    """Whose attributes a record does not show has none."""
    return found if ATTRIBUTES in found.fields else replace(found, fields={ATTRIBUTES: {}, **found.fields})


# Again.


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """These people singly, unless the whole reading takes less."""
    wanted = tuple(sorted(set(ids)))
    if not wanted or len(wanted) > pages:
        return demand
    return replace(demand, fresh=wanted, singly=True, ids=())


def guarding(kind: Kind, demand: Demand, calls: Sequence[Call]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Just those who are written, and their attributes where these are: each singly where nothing else shows them,
    or where it is one alone; else as they were read for the plan (OA-C37)."""
    written: dict[str, list[Call]] = {}
    for call in calls:
        written.setdefault(str(call.address), []).append(call)
    people = tuple(
        {**d, ATTRIBUTES: any(ATTRIBUTES in c.effect.fields for c in written[str(d["address"])])}
        for d in demand.details
        if d.get("address") in written
    )
    ids = tuple(sorted({c.live_id for c in calls if c.live_id is not None}))
    alone = sum(bool(d[ATTRIBUTES] and d.get("alone")) for d in people)
    singly = len(people) - alone <= 1 and not any(c.phase is Phase.CREATE for c in calls)
    known = () if singly else tuple(i for i in demand.ids if i in ids)
    return replace(demand, details=people, wanted=(), ids=known, fresh=ids if singly else (), singly=singly)


def _by_address(demand: Demand, address: str) -> Request:
    return get(demand.target, ENDPOINTS["listUsers"], {"filter": f'userName eq "{address}"'})
