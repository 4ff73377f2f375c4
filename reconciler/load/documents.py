"""A parsed YAML document -> its `Document`, and those nested in it, or everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.load.attached import Attached
from reconciler.load.draft import Draft
from reconciler.load.envelope import identify
from reconciler.load.events import Parsed
from reconciler.load.explain import Where, check
from reconciler.load.lifecycle import Metadata, life_problems
from reconciler.load.nested import NAMELESS, Written, inner
from reconciler.load.positions import Positions
from reconciler.load.straight import Straight
from reconciler.load.validators import Validators
from reconciler.load.variables import Variables
from reconciler.model.document import Address, Document, Target
from reconciler.model.json import Json, JsonObject, our_word, same
from reconciler.model.kind import Kind
from reconciler.model.place import Problem
from reconciler.model.record import Record, replace, worked_out


class Desk(Record):
    """All one needs to judge documents: the targets, the kinds, the variables, the files they attach."""

    targets: Mapping[str, Target]
    validators: Validators
    variables: Variables
    attached: Attached
    straight: Straight = worked_out()

    def __post_init__(self) -> None:
        self.straight = Straight(self.targets, self.validators)

    def drafts(self, parsed: Parsed) -> Iterable[Draft]:
        """Judge one document, and every one that is nested in it."""
        draft = self.straight.draft(parsed)
        return (draft,) if draft is not None else self.thorough(parsed)

    def thorough(self, parsed: Parsed) -> Iterator[Draft]:
        """The same, of whatever stands there."""
        if not isinstance(parsed.value, dict):
            hint = "it begins with `apiVersion:`, `kind:`, `metadata:` and `spec:`"
            problem = Problem(parsed.positions.start, "a document is a mapping", hint, rule="document")
            yield Draft(parsed.positions, problems=(problem,) if parsed.sound else ())
            return
        waiting = [self._written(parsed, parsed.value)]
        while waiting:
            one = waiting.pop()
            yield self._draft(one)
            waiting += reversed(list(inner(one, self.validators.kinds)))

    def _written(self, parsed: Parsed, raw: JsonObject) -> Written:
        problems: list[Problem] = []
        where = Where(parsed.positions)
        value = self._substituted(raw, where, problems)
        known = identify(value, where, self.validators.kinds, self.targets, self.validators.refused)
        # What made it unsound is reported already; the rest would be guesses.
        told = tuple(problems) if parsed.sound else ()
        return Written(value, value, parsed.positions, known, parsed.sound, problems=told)

    def _draft(self, written: Written) -> Draft:
        known, where, positions = written.known, written.where, written.places
        draft = Draft(positions, known.kind, known.address, written.spec, problems=written.problems)
        facts = self.validators.facts(known.kind) if known.kind else None
        draft = replace(draft, given=written.given, nested=written.level > 0, facts=facts)
        if not written.sound:
            return draft
        if known.refused:
            return replace(draft, problems=known.problems)
        wrong = self._wrong(written, where)
        places = {p.place for p in wrong}  # a key that is wrong anyhow makes no name either
        problems = [*written.problems, *wrong]
        problems += [p for p in known.problems if p.rule != NAMELESS or p.place not in places]
        if known.kind is not None and not problems:
            spec = self.attached.spec(known.kind, dict(draft.spec), self.validators, where, problems)
            draft = replace(draft, spec=_with_key(known.kind, spec))
        if problems or known.address is None or known.kind is None:
            return replace(draft, problems=tuple(sorted(problems)))
        value: JsonObject = {**written.value, "spec": dict(draft.spec)}
        document = _document(value, known.address, known.kind, positions)
        return replace(draft, document=replace(document, nest=written.nest, exact=written.exact))

    def _substituted(self, value: JsonObject, where: Where, problems: list[Problem]) -> JsonObject:
        """`apiVersion` and `kind` are not substituted: they decide how the rest is read."""
        parts = ("metadata", "spec")
        return {
            name: self.variables.substituted(part, (name,), where, problems) if name in parts else part
            for name, part in value.items()
        }

    def _wrong(self, written: Written, where: Where) -> list[Problem]:
        """What was written against the schemas, and the whole against what its kind allows."""
        kind, own = written.known.kind, written.own
        if written.level and kind:
            problems = check(self.validators.item(kind, written.given), own, where)
        else:
            problems = check(self.validators.envelope(kind), own, where)
        envelope_right = not problems
        spec, metadata = own.get("spec"), written.value.get("metadata")
        if kind is None or kind.source or not isinstance(spec, dict):
            return problems
        problems += check(self.validators.spec(kind, written.given), spec, replace(where, base=("spec",)))
        problems += self._joined(written, spec, where)
        problems += _reserved(written.spec, where)
        if envelope_right and isinstance(metadata, dict):
            problems += life_problems(Metadata(metadata), written.spec, kind, self.validators, where)
        return problems

    def _joined(self, written: Written, own: JsonObject, where: Where) -> Iterator[Problem]:
        """A key that was written from the document around it on, as it is in full."""
        kind = written.known.kind
        for name in sorted(written.given & own.keys()) if kind else ():
            whole = written.spec.get(name)
            if kind is None or same(whole, own[name]):
                continue
            field = self.validators.field(kind, name)
            if field.is_valid(own[name]):  # what is wrong as written is told of that
                yield from check(field, whole, Where(where.positions, ("spec", name), where.said))


def _reserved(spec: Mapping[str, Json], where: Where) -> Iterator[Problem]:
    """Free-form values that would be taken for a secret, a file or an id of ours."""
    for name, value in spec.items():
        if word := our_word(value) if isinstance(value, dict | list) else None:
            text = f"an object with {word} alone in it is a word of our own, and no value"
            yield where.problem(("spec", name), text, rule="reserved")


def _with_key(kind: Kind, spec: Mapping[str, Json]) -> Mapping[str, Json]:
    """A key that may be left out, since it has a default, is that."""
    default = None if kind.lookups else kind.default(kind.key)
    return spec if default is None or kind.key in spec else {**spec, kind.key: default}


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
