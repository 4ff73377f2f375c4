"""Who can do what on which object, as values: what a listing shows, and what a plan changes of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from reconciler.model.json import JsonObject
from reconciler.model.record import Record, aside

EVERYTHING: Final = "*"
"""The kind, and the name, of everything in a target: what accounts are for, and roles bound to no object."""


class Sort(StrEnum):
    """Who or what stands at one step of a path. `group`: whose members are not known, where it is a principal."""

    PERSON = "person"
    GROUP = "group"
    EVERYBODY = "everybody"
    PLACE = "place"
    OBJECT = "object"


@aside("title")
class Step(Record, frozen=True):
    """One of those, as people call it. `kind`: of groups and objects. `title`: what people call an object whose
    name is a bare identifier, as far as anything tells it. Names and titles are foreign text."""

    sort: Sort
    name: str
    kind: str = ""
    title: str = ""

    def to_json(self) -> JsonObject:
        kind: JsonObject = {"kind": self.kind} if self.kind else {}
        return {"sort": str(self.sort), **kind, "name": self.name}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Step:
        return cls(Sort(value["sort"]), value["name"], value.get("kind", ""))


class Row(Record, frozen=True):
    """One role of one principal on one object, by one grant. `path`: the groups and then the objects in between.
    `assumed`: ids of the assumptions that the path rests on. `because`, `declared_at`: of the grant and the
    memberships. `declared`, `live`: None where that side was not asked. `highest`: None where the role stands in
    no order, or beside one that does not. `gives` False: the grant is there, and gives nothing."""

    target: str
    principal: Step
    role: str
    object: Step
    flags: tuple[str, ...] = ()
    path: tuple[Step, ...] = ()
    assumed: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    declared_at: tuple[str, ...] = ()
    declared: bool | None = None
    live: bool | None = None
    highest: bool | None = None
    gives: bool = True

    def to_json(self) -> JsonObject:
        return {
            "target": self.target,
            "principal": self.principal.to_json(),
            "role": self.role,
            "flags": list(self.flags),
            "object": {"kind": self.object.kind, "name": self.object.name, "title": self.object.title},
            "path": [step.to_json() for step in self.path],
            "assumed": list(self.assumed),
            "because": list(self.because),
            "declaredAt": list(self.declared_at),
            "declared": self.declared,
            "live": self.live,
            "highest": self.highest,
            "gives": self.gives,
        }


class Unseen(Record, frozen=True):
    """What nobody could read, in a sentence. `kind` empty: of the target as a whole."""

    target: str
    kind: str
    says: str


class Listing(Record, frozen=True):
    """All rows that were asked for, by principal and object, and what could not be read. `asked`: manifests, live
    or both. `who`: the person or group that was asked about, as it was written; `nowhere`: the targets in which
    nothing of theirs was found, nor could be."""

    asked: str
    rows: tuple[Row, ...]
    unseen: tuple[Unseen, ...] = ()
    who: str = ""
    nowhere: tuple[str, ...] = ()


class AccessChange(Record, frozen=True):
    """What a plan changes for some people in the same way. `gains` False: they lose it. `who`: their names, in
    order; `sort`: what they are. `path`: as of a row, and the same for all. `within`: how many objects in this one
    are concerned too. `unknown`: no read shows whether it was so before. `held`: only if a hold is lifted."""

    target: str
    gains: bool
    who: tuple[str, ...]
    role: str
    object: Step
    sort: Sort = Sort.PERSON
    flags: tuple[str, ...] = ()
    path: tuple[Step, ...] = ()
    within: int = 0
    unknown: bool = False
    held: bool = False

    def to_json(self) -> JsonObject:
        return {
            "target": self.target,
            "gains": self.gains,
            "sort": str(self.sort),
            "who": list(self.who),
            "role": self.role,
            "flags": list(self.flags),
            "object": {"kind": self.object.kind, "name": self.object.name, "title": self.object.title},
            "path": [step.to_json() for step in self.path],
            "within": self.within,
            "unknown": self.unknown,
            "held": self.held,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> AccessChange:
        """The inverse of `to_json`. Raises KeyError, TypeError or ValueError on another shape."""
        return cls(
            target=value["target"],
            gains=value["gains"],
            who=tuple(value["who"]),
            role=value["role"],
            object=Step(
                Sort.OBJECT, value["object"]["name"], value["object"]["kind"], value["object"].get("title", "")
            ),
            sort=Sort(value["sort"]),
            flags=tuple(value["flags"]),
            path=tuple(Step.from_json(step) for step in value["path"]),
            within=value["within"],
            unknown=value["unknown"],
            held=value["held"],
        )
