"""
The straight way for a document that is right and in which nothing is out of the ordinary: one look at each thing.

What it returns is what the thorough way in `documents` returns for the same document; whatever it is not sure of,
it leaves to that one. It says nothing of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from reconciler.load.draft import Draft
from reconciler.load.envelope import LONGEST_NAME, identify
from reconciler.load.events import Parsed
from reconciler.load.explain import Where
from reconciler.load.facts import Facts
from reconciler.load.shape import Form
from reconciler.load.validators import Validators
from reconciler.model.document import Address, Document, Lifecycle, Target
from reconciler.model.json import JsonObject, digest
from reconciler.model.record import Record, field

_ORDINARY: Final = frozenset({"name", "target", "description", "labels"})
"""What can be said in `metadata` without another look at the kind or the spec."""
_USUAL: Final = Lifecycle()
_NOTHING: Final[Mapping[str, str]] = {}


class _Meant(NamedTuple):
    """What a kind and a target, as documents write them, lead to."""

    facts: Facts
    target: str
    envelope: Form
    spec: Form
    judge: str


class Straight(Record):
    """For the documents of a run. `meant`: by `apiVersion`, `kind` and `metadata.target`, as `identify` said.
    `sealed`: whether what accepts a document gets a name, under which that can be remembered; `judged`: the names
    of what accepted any since `all_of` was asked; `left`: whether any document was left to the thorough way."""

    targets: Mapping[str, Target]
    validators: Validators
    meant: dict[tuple[str, str, str | None], _Meant] = field(default_factory=dict)
    sealed: bool = False
    judged: set[str] = field(default_factory=set)
    left: bool = False

    def all_of(self) -> frozenset[str]:
        """What accepted all documents since this was last asked; nothing where it cannot be said of all."""
        found = frozenset() if self.left or not self.sealed else frozenset(self.judged)
        self.judged, self.left = set(), False
        return found

    def draft(self, parsed: Parsed) -> Draft | None:
        """The one document that stands there; None where it takes more than this to tell."""
        found = self._draft(parsed)
        self.left |= found is None
        return found

    def _draft(self, parsed: Parsed) -> Draft | None:
        value = parsed.value
        # A `$` may be a variable, or one of our words in a value of no form.
        if parsed.dollars or not parsed.sound or not isinstance(value, dict):
            return None
        metadata, spec = value.get("metadata"), value.get("spec")
        if not isinstance(metadata, dict) or not isinstance(spec, dict) or not _ORDINARY.issuperset(metadata):
            return None
        meant = self._meant(parsed, value, metadata)
        if meant is None or not meant.facts.peculiar.isdisjoint(spec) or not meant.facts.needed.issubset(spec):
            return None
        name = metadata.get("name")
        if not isinstance(name, str) or len(name) > LONGEST_NAME:
            return None
        if meant.judge not in parsed.accepted and not (meant.envelope.accepts(value) and meant.spec.accepts(spec)):
            return None
        self.judged.add(meant.judge)
        kind, positions = meant.facts.kind, parsed.positions
        address = Address(meant.target, kind.name, name)
        labels, description = metadata.get("labels"), metadata.get("description")
        document = Document(
            address=address,
            provider=kind.provider,
            spec=spec,
            place=positions.start,
            places=positions,
            lifecycle=_USUAL,
            once=_NOTHING,
            labels={name: str(text) for name, text in labels.items()} if isinstance(labels, dict) else _NOTHING,
            description=description if isinstance(description, str) else "",
        )
        return Draft(positions, kind, address, spec, document, facts=meant.facts)

    def _meant(self, parsed: Parsed, value: JsonObject, metadata: JsonObject) -> _Meant | None:
        version, name, target = value.get("apiVersion"), value.get("kind"), metadata.get("target")
        if not isinstance(version, str) or not isinstance(name, str) or not isinstance(target, str | None):
            return None
        at = (version, name, target)
        if at not in self.meant:
            kinds = self.validators
            known = identify(value, Where(parsed.positions), kinds.kinds, self.targets, kinds.refused)
            if known.problems or known.refused or known.kind is None or known.address is None or known.kind.source:
                return None
            kind = known.kind
            envelope, spec = kinds.envelope(kind), kinds.spec(kind)
            judge = digest([envelope.schema, spec.schema]) if self.sealed else ""
            self.meant[at] = _Meant(kinds.facts(kind), known.address.target, envelope, spec, judge)
        return self.meant[at]
