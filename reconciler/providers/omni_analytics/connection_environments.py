"""ConnectionEnvironments: links between connections that nothing lists; one answer alone tells their ids (OA-R138
to OA-R146)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.change import Change, Delta, Entry, Hold, Verb
from reconciler.model.document import Document
from reconciler.model.entries import entry_text
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.shows import by_id, shows
from reconciler.providers.omni_analytics.environments_calls import bound, calls, told
from reconciler.providers.omni_analytics.environments_reads import (
    ENVIRONMENTS,
    declared,
    details,
    link_of,
    parse,
    reads,
    values_of,
)
from reconciler.providers.omni_analytics.stays import staying

__all__ = ["bound", "calls", "check", "details", "parse", "reads", "review", "settled", "told"]


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """The base is no environment of its own, and no value leads to two (OA-R143)."""
    return [p for d in documents for p in (*_own_base(d), *_shared(d))]


def _own_base(document: Document) -> Iterator[Problem]:
    for n, entry in enumerate(declared(document)):
        if entry.get("connection") == document.spec.get("base"):
            text = f"{document.address}: the base itself cannot be one of its environments"
            hint = "its own values are `environmentUserAttribute.defaultValues` of the Connection"
            yield Problem(document.at("spec", ENVIRONMENTS, n), text, hint, rule="OA-R143")


def _shared(document: Document) -> Iterator[Problem]:
    first: dict[str, Json] = {}
    for n, entry in enumerate(declared(document)):
        values = entry.get("values")
        for value in dict.fromkeys(map(str, values if isinstance(values, list) else [])):
            other = first.setdefault(value, entry.get("connection"))
            if other != entry.get("connection"):
                text = f"{document.address}: the value {value!r} leads to {other} already"
                place = document.at("spec", ENVIRONMENTS, n, "values")
                yield Problem(place, text, "each value leads to one environment", rule="OA-R143")


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """What the API would refuse, and what it cannot do (OA-R143, OA-R145, OA-R146)."""
    known = live.seen.get("dialects")
    dialects = known if isinstance(known, dict) else {}
    return [staying(kind, _reviewed(c, dialects), live) if _written(c) else c for c in changes]


def _written(change: Change) -> bool:
    return change.document is not None and change.verb not in (Verb.RELEASE, Verb.OBSERVE)


def _reviewed(change: Change, dialects: Mapping[str, Json]) -> Change:
    delta = change.deltas.get(ENVIRONMENTS, Delta())
    wanted = (*delta.kept, *delta.change, *delta.add)
    holds = [*_base_again(change, wanted), *_unlike(change, wanted, dialects), *_taken(change, delta, wanted)]
    holds += [_no_id(e) for e in delta.change if link_of(change, e) is None]
    holds += [_linked(e) for e in delta.remove]
    new = [e.shown for e in delta.add if link_of(change, e) is None]
    return replace(
        change,
        deltas={**change.deltas, ENVIRONMENTS: replace(delta, remove=())},
        holds=(*change.holds, *holds),
        notes=(*change.notes, *(_perhaps(change, new) if new and change.live is not None else ())),
    )


def _base_again(change: Change, wanted: Sequence[Entry]) -> Iterator[Hold]:
    for entry in wanted:
        if entry.id == change.wire.get("base"):
            reason = f"{entry.shown} is the base itself, under another name"
            yield Hold("own-base", reason, "take it out of `environments`", final=True)


def _unlike(change: Change, wanted: Sequence[Entry], dialects: Mapping[str, Json]) -> Iterator[Hold]:
    """An environment has the dialect of its base; of connections to come nobody knows here."""
    own = dialects.get(str(change.wire.get("base")))
    for entry in wanted:
        other = dialects.get(str(entry.id))
        if own and other and own != other:
            reason = f"{entry.shown} is {other}, and its base is {own}"
            yield Hold("unlike-dialect", reason, "an environment has the dialect of its base", final=True)


def _taken(change: Change, delta: Delta, wanted: Sequence[Entry]) -> Iterator[Hold]:
    """A value of an environment that is linked, and that no document names any more."""
    values = {v for e in wanted for v in values_of(e)}
    names = {entry_text(e.id) for e in wanted}
    for name, had in _strangers(change, delta):
        if name not in names and (both := sorted(values & had)):
            reason = f"{', '.join(both)} still leads to the environment {name}, which is not declared here"
            yield Hold("value-taken", reason, "declare that one too, with other values", final=True)


def _strangers(change: Change, delta: Delta) -> Iterator[tuple[str, set[str]]]:
    bond = change.bond
    recorded = bond.told if bond and change.live and bond.id == change.live.id else {}
    shown = {entry_text(e.id) for e in (*delta.others, *delta.remove)}
    yield from ((entry_text(e.id), _texts(e.live.get("values") or e.wire.get("values"))) for e in delta.others)
    for at, one in recorded.items():
        name = at.removeprefix(f"{ENVIRONMENTS}/")
        if name not in shown or any(entry_text(e.id) == name and not e.live for e in delta.remove):
            yield name, _texts(one.get("values"))


def _texts(values: Json) -> set[str]:
    return {str(v) for v in values} if isinstance(values, list) else set()


def _no_id(entry: Entry) -> Hold:
    reason = f"the id of the link of {entry.shown} is not known, and nothing tells it"
    return Hold("id-unknown", reason, "write it as `id` beside the connection", final=True)


def _linked(entry: Entry) -> Hold:
    reason = f"{entry.shown} stays linked: an environment cannot be removed by this API"
    return Hold("cannot-unlink", reason, "remove it in the product", final=True, only="remove")


def _perhaps(change: Change, new: Sequence[str]) -> Iterator[str]:
    """Said where nothing shows whether they are linked already."""
    if change.live is not None and ENVIRONMENTS not in change.live.fields:
        whom = ", ".join(new)
        yield f"if {whom} is linked already, the API refuses it as 'not valid': write the link's `id` beside it"


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A POST is told by nothing but the newer list; a PUT is absolute, so where no read tells it is sent again
    (OA-R145)."""
    resource = by_id(live, call.live_id)
    if resource is not None and ENVIRONMENTS in resource.fields:
        return shows(kind, call.effect, resource)
    return None if call.phase is Phase.ADD else False
