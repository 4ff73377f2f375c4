"""What could be made of one document, before it is known whether it fits to the others."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.load.facts import Facts
from reconciler.load.positions import Positions
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.place import Place, Problem
from reconciler.model.record import Record, field


class Draft(Record, frozen=True):
    """What could be made of one document: its address where that can be known, and the document only if nothing is
    wrong with it. `spec` is what stands there, right or wrong. `given`: the fields that a nested one has from the
    document around it; `nested`: whether it is one. `facts`: those of its kind."""

    positions: Positions
    kind: Kind | None = None
    address: Address | None = None
    spec: Mapping[str, Json] = field(default_factory=dict)
    document: Document | None = None
    problems: tuple[Problem, ...] = ()
    given: frozenset[str] = frozenset()
    nested: bool = False
    facts: Facts | None = None

    @property
    def place(self) -> Place:
        return self.positions.start
