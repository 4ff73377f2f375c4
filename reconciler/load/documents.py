"""A parsed YAML document -> a `Document`, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from reconciler.load.attached import Attached
from reconciler.load.envelope import Identity, identify
from reconciler.load.events import Parsed
from reconciler.load.explain import Where, check
from reconciler.load.lifecycle import Metadata, life_problems
from reconciler.load.positions import Positions
from reconciler.load.validators import Validators
from reconciler.load.variables import Variables
from reconciler.model.document import Address, Document, Target
from reconciler.model.json import Json, JsonObject, our_word
from reconciler.model.kind import Kind
from reconciler.model.place import Place, Problem


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be made of one parsed document: its address where that can be known, and the document only if
    nothing is wrong with it. `spec` is what stands there, right or wrong."""

    positions: Positions
    kind: Kind | None = None
    address: Address | None = None
    spec: Mapping[str, Json] = field(default_factory=dict)
    document: Document | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        return self.positions.start


@dataclass(slots=True)
class Desk:
    """All one needs to judge documents: the targets, the kinds, the variables, the files they attach."""

    targets: Mapping[str, Target]
    validators: Validators
    variables: Variables
    attached: Attached

    def draft(self, parsed: Parsed) -> Draft:
        """Judge one document."""
        where = Where(parsed.positions)
        if not isinstance(parsed.value, dict):
            hint = "it begins with `apiVersion:`, `kind:`, `metadata:` and `spec:`"
            problem = Problem(parsed.positions.start, "a document is a mapping", hint, rule="document")
            return Draft(parsed.positions, problems=(problem,) if parsed.sound else ())
        problems: list[Problem] = []
        value = self._substituted(parsed.value, where, problems)
        known = identify(value, where, self.validators.kinds, self.targets)
        where = replace(where, said=str(known.address or ""))
        spec = value.get("spec")
        draft = Draft(parsed.positions, known.kind, known.address, spec if isinstance(spec, dict) else {})
        if not parsed.sound:
            return draft  # what made it unsound is reported already; the rest would be guesses
        problems += [*known.problems, *self._wrong(value, known, where)]
        if known.kind is not None and not problems:
            whole = self.attached.spec(known.kind, dict(draft.spec), self.validators, where, problems)
            draft, value = replace(draft, spec=whole), {**value, "spec": whole}
        if problems or known.address is None or known.kind is None:
            return replace(draft, problems=tuple(sorted(problems)))
        return replace(draft, document=_document(value, known.address, known.kind, parsed.positions))

    def _substituted(self, value: JsonObject, where: Where, problems: list[Problem]) -> JsonObject:
        """`apiVersion` and `kind` are not substituted: they decide how the rest is read."""
        parts = ("metadata", "spec")
        return {
            name: self.variables.substituted(part, (name,), where, problems) if name in parts else part
            for name, part in value.items()
        }

    def _wrong(self, value: JsonObject, known: Identity, where: Where) -> list[Problem]:
        problems = check(self.validators.envelope(known.kind), value, where)
        envelope_right = not problems
        kind, spec, metadata = known.kind, value.get("spec"), value.get("metadata")
        if kind is None or kind.source or not isinstance(spec, dict):
            return problems
        problems += check(self.validators.spec(kind), spec, replace(where, base=("spec",)))
        problems += _reserved(spec, where)
        if envelope_right and isinstance(metadata, dict):
            problems += life_problems(Metadata(metadata), spec, kind, self.validators, where)
        return problems


def _reserved(spec: JsonObject, where: Where) -> Iterator[Problem]:
    """Free-form values that would be taken for a secret, a file or an id of ours."""
    for name, value in spec.items():
        if word := our_word(value) if isinstance(value, dict | list) else None:
            text = f"an object with {word} alone in it is a word of our own, and no value"
            yield where.problem(("spec", name), text, rule="reserved")


def _document(value: JsonObject, address: Address, kind: Kind, positions: Positions) -> Document:
    node, spec = value["metadata"], value["spec"]
    metadata = Metadata(node if isinstance(node, dict) else {})
    before = metadata.below("previously")
    previous = before.get("name")
    return Document(
        address=address,
        provider=kind.provider,
        spec=spec if isinstance(spec, dict) else {},
        place=positions.start,
        places=positions,
        previous_name=previous if isinstance(previous, str) else None,
        previous_key=before.get("key"),
        pinned_id=metadata.text("id"),
        lifecycle=metadata.lifecycle,
        once=metadata.texts("once"),
        labels=metadata.texts("labels"),
        description=metadata.text("description") or "",
    )
