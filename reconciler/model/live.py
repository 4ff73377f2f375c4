"""What the APIs say is true now, and how sure we are that they said all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from reconciler.model.call import Request
from reconciler.model.forecast import Forecast, Pages
from reconciler.model.json import NOTHING, Json, JsonObject
from reconciler.model.packed import Packed
from reconciler.model.record import Record, aside, field, force_setattr, worked_out


class Resource(Record, frozen=True):
    """One live thing. `fields` hold what could be read, under the schema's names; a field that could not be
    read is not in it. References are ids. Sets of objects are lists of entry objects.

    `scope`: the values of the kind's scope fields, in their order: together with the key they single it out.
    `contents`: what it contains or what uses it, as counts; None where a count could not be read. `placed` False:
    where in its tree it stands could not be read, so its key matches nothing. `unknown`: set field -> ids of
    entries of which nobody can tell whether they are in it; of all others it is known. `names`: what this reading
    calls things of other kinds, by their ids.
    """

    id: str
    key: Json
    fields: Mapping[str, Json]
    label: str = ""
    parent: str | None = None
    contents: Mapping[str, int | None] = NOTHING
    placed: bool = True
    scope: tuple[Json, ...] = ()
    unknown: Mapping[str, tuple[str, ...]] = NOTHING
    names: Mapping[str, str] = NOTHING


class Proof(Record, frozen=True):
    """Whether a listing is complete, and by what: `end of cursor`, `count equals total`, `recorded ids seen`."""

    complete: bool
    by: str


@aside("_filed")
class Collection(Record, frozen=True):
    """All live things of one kind in one target, as far as they were read. `seen`: what else the kind's own
    `review` wants to know of the answers. `details`: those of the demand, with what the reading added to them (an
    id that was not known …); None: they are as they were. `names`: the names by which documents of the kind
    that is read after this one call its things, with the ids; only for verb `details`. `read_at`: seconds since
    the epoch, when a plan's reading was begun; 0 where nobody said. `unmanaged`: live things of the kind that no
    document can mean, and are in no resource: what people call each, and why; an import tells of them. `amiss`:
    call -> why it may not be sent, whatever its own thing looks like; of a reading that verb `guarding` asked for.
    """

    kind: str
    resources: tuple[Resource, ...] = ()
    proof: Proof = field(default_factory=lambda: Proof(False, "not read"))
    seen: Mapping[str, Json] = NOTHING
    details: tuple[JsonObject, ...] | None = None
    names: Mapping[str, str] = NOTHING
    read_at: float = 0.0
    unmanaged: tuple[tuple[str, str], ...] = ()
    amiss: Mapping[str, str] = NOTHING
    _filed: dict[object, dict[str, list[Resource]]] = worked_out()

    def __post_init__(self) -> None:
        force_setattr(self, "_filed", {})

    def filed(self, by: object, name: Callable[[Resource], str]) -> Mapping[str, Sequence[Resource]]:
        """The things under the names that this gives them, each list in their order. `by`: what tells this way of
        naming from others; the things are gone through once for each."""
        if by not in self._filed:
            found = self._filed.setdefault(by, {})
            for one in self.resources:
                found.setdefault(name(one), []).append(one)
        return self._filed[by]


class Demand(Record, frozen=True):
    """What has to be read of one kind in one target, as data that survives in a saved plan.

    `by`: distinct values of the fields that decide which lists are read (references already ids).
    `wanted`: names that others refer to. `ids`: recorded remote ids. `removing`: a delete may follow.
    `details`: what has to be asked object by object, in the kind's own words (verb `details`). `fresh`: ids that
    are read one by one besides the list; `singly`: those alone, no list. `moving`: ids of things that this kind
    refers to and the same plan changes: what was read of them may not hold any more.
    """

    target: str
    kind: str
    by: tuple[Mapping[str, str], ...] = ()
    wanted: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    removing: bool = False
    details: tuple[JsonObject, ...] = ()
    fresh: tuple[str, ...] = ()
    singly: bool = False
    moving: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        return {
            "target": self.target,
            "kind": self.kind,
            "by": [dict(b) for b in self.by],
            "wanted": list(self.wanted),
            "ids": list(self.ids),
            "removing": self.removing,
            "details": [*self.details],
            "fresh": list(self.fresh),
            "singly": self.singly,
            "moving": list(self.moving),
        }


Replies: TypeAlias = "tuple[tuple[Request, Json], ...]"
"""Requests already answered, with the bodies; the order is the order of asking. A 404 on a single read: None."""


class Live(Record, frozen=True):
    """Everything that was read, and by which requests. `replies`: of the collections with details, so that a
    plan can tell what reading them again will take. `foretold`: target -> what was expected of its reading before
    it began; `pages`: target -> how long its lists turned out to be."""

    collections: Mapping[tuple[str, str], Collection]
    requests: tuple[Request, ...] = ()
    demands: Mapping[tuple[str, str], Demand] = NOTHING
    replies: Mapping[tuple[str, str], Packed] = NOTHING
    foretold: Mapping[str, Forecast] = NOTHING
    pages: Mapping[str, Pages] = NOTHING

    def of(self, target: str, kind: str) -> Collection:
        return self.collections.get((target, kind), Collection(kind))
