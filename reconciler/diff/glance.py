"""A first look at the things of a page, as it comes, beside the documents that have their keys.

What is live just as it is declared is one value from then on: the copy that came over the wire is let go of while
the other pages are still on their way, and is found equal at once when everything is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.diff.shelf import key_text
from reconciler.model.document import Address, Desired
from reconciler.model.json import Json, identical
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.record import Record, field


class Glance(Record):
    """Asked for one page after another. `specs`: (target, kind) -> what is declared, by the text of its key;
    `places`: where each of these documents is looked up, as an `Index` has it."""

    desired: Desired
    places: dict[Address, tuple[str, str, str]] = field(default_factory=dict)
    specs: dict[tuple[str, str], dict[str, Mapping[str, Json]]] = field(default_factory=dict)

    def __call__(self, target: str, kind: Kind, found: Sequence[Resource]) -> None:
        """Let these live things share the values that are declared just so."""
        if not kind.findable or kind.scope:  # a key alone does not tell them apart
            return
        at = (target, kind.name)
        if at not in self.specs:
            self.specs[at] = self._declared(target, kind)
        specs = self.specs[at]
        for one in found:
            spec = specs.get(key_text(kind, one.key))
            if spec is not None and isinstance(one.fields, dict):
                share(one.fields, spec)

    def _declared(self, target: str, kind: Kind) -> dict[str, Mapping[str, Json]]:
        found: dict[str, Mapping[str, Json]] = {}
        name, key = kind.name, kind.key
        for document in self.desired.documents:
            address = document.address
            if address.kind == name and address.target == target:
                text = key_text(kind, document.spec.get(key))
                self.places[address] = (target, name, text)
                found[text] = document.spec
        return found


def share(live: dict[str, Json], declared: Mapping[str, Json]) -> None:
    """Put the declared value in the place of a live one that is identical; in an object that holds more, name by
    name."""
    for name, value in declared.items():
        there = live.get(name)
        if there is None:
            continue
        if type(value) is str:
            if there == value and type(there) is str:
                live[name] = value
        elif identical(there, value):
            live[name] = value
        elif isinstance(there, dict) and isinstance(value, dict):
            share(there, value)
