"""Things that belong to a model and have no id of their own: which model a document means, what is asked again.

A model is named by its own document or by its live name, and is then one of the connection beside it (OA-R170).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Hold
from reconciler.model.json import Json, JsonObject, canonical
from reconciler.model.live import Collection, Demand
from reconciler.model.plan import Call
from reconciler.model.record import replace

MODEL: Final = "Model"
CONNECTION: Final = "Connection"


def model_of(values: Mapping[str, Json], others: Mapping[str, Collection]) -> tuple[str | None, str | None]:
    """(connection, model) that a document or an entry names, as ids; None for what is not live, or not known."""
    connection = names_of(others, CONNECTION).get(str(values.get("connection")))
    name = values.get("model")
    there = others.get(MODEL, Collection(MODEL)).resources
    named = names_of(others, MODEL).get(str(name))
    if any(r.id == named and r.scope == (connection,) for r in there):
        return connection, named
    found = [r.id for r in there if r.key == name and r.scope == (connection,)]
    return connection, found[0] if len(found) == 1 else None


def names_of(others: Mapping[str, Collection], kind: str) -> Mapping[str, str]:
    return others[kind].names if kind in others else {}


def same_address(demand: Demand, calls: Sequence[Call]) -> Demand:
    """Of the details, those that are about what these calls write; with the ids that are known by now."""
    known = {str(c.address): c for c in calls}
    found = [d for d in demand.details if str(d.get("address")) in known]
    return replace(demand, details=tuple(_known_by_now(d, known[str(d["address"])]) for d in found), ids=())


def _known_by_now(detail: JsonObject, call: Call) -> JsonObject:
    """With the ids of what the same plan has made."""
    connection = next(iter(call.effect.scope), None)
    made = {"id": call.live_id, "scope": connection if isinstance(connection, str) else None}
    return {**detail, **{n: v for n, v in made.items() if v and n in detail and detail[n] is None}}


def of_path(demand: Demand, calls: Sequence[Call], *names: str) -> Demand:
    """The same; a model, or what else the details are about, is known from the path if it was made meanwhile."""
    places = ((c, c.args.get(name)) for c in calls for name in names or ("modelId",))
    known = {str(c.address): at for c, at in places if isinstance(at, str)}
    found = same_address(demand, [replace(c, live_id=None) for c in calls])
    kept = ({**d, "id": d["id"] or known.get(str(d["address"]))} for d in found.details)
    return replace(found, details=tuple(kept))


def misled(wire: Json, live: Sequence[str], own: str | None) -> Iterator[Hold]:
    """Why a change must not go on: what it names is not what was looked at. `wire`: the id as the comparison has
    it, `own`: that of the thing which was found, `live`: what was looked at."""
    known = isinstance(wire, str)
    if known and own is None and wire not in live:
        yield Hold("unread", f"{wire} was not looked at", "plan again", final=True)
    if known and own is not None and own != wire:
        text = f"what it names is {wire} now, and this document stands for what {own} has"
        yield Hold("another", text, "declare the other one's in a document of its own", final=True)


def twice(changes: Sequence[Change], names: Sequence[str]) -> set[str]:
    """The addresses that stand for one and the same thing as another one. `names`: the fields that say which."""
    seen: dict[str, list[str]] = {}
    for change in changes:
        if change.document is not None and all(n in change.wire for n in names):
            at = canonical([change.wire[n] for n in names])
            seen.setdefault(at, []).append(str(change.address))
    return {address for several in seen.values() if len(several) > 1 for address in several}


def held_twice(change: Change) -> Change:
    hold = Hold("twice", "another document stands for the same", "take one of the two out of git", final=True)
    return replace(change, holds=(*change.holds, hold))
