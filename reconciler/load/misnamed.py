"""Keys of other things that are sent as they stand (`x-mentions`): the name of a document is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.load.draft import Draft
from reconciler.load.explain import Where
from reconciler.load.references import Reference, Register
from reconciler.load.sentences import shown
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.model.place import Problem


def misnamed(drafts: Sequence[Draft], filed: Register) -> Iterator[Problem]:
    """The name of a document where only a key can stand, and no document has such a key."""
    for draft in drafts:
        if (
            draft.document is not None
            and draft.kind is not None
            and draft.facts is not None
            and draft.facts.mentions
        ):
            for one in _mentions(draft.kind, draft.spec):
                if one.path[1] not in draft.given:  # what it has from the document around it is told there
                    yield from _wrong(draft, draft.kind, one, filed)


def _wrong(draft: Draft, own: Kind, one: Reference, filed: Register) -> Iterator[Problem]:
    target, kind = draft.address.target if draft.address else "", filed.kinds[own.provider, one.kind]
    named, keyed = filed.declared(target, kind, one.name)
    key = named.spec.get(kind.key) if named else None
    roots = filed.kinds[own.provider, kind.roots] if kind.roots else None
    if named is None or key is None or keyed or (roots and filed.declared(target, roots, one.name)[1]):
        return
    text = f"{shown(one.name)} is the name of a document; here only its `{kind.key}` can stand"
    hint = f"write {spoken(key)}, as {named.address} says"
    yield Where(draft.positions, (), str(draft.address)).problem(one.path, text, hint, rule="reference")


def _mentions(kind: Kind, spec: Mapping[str, Json]) -> Iterator[Reference]:
    """Every such key; where it is a reference as well, the name of a document would do."""
    for name, value in spec.items():
        one = kind.fields.get(name)
        if one is not None and one.mentions and not one.ref and isinstance(value, str):
            yield Reference(("spec", name), one.mentions, value)
        for i, entry in enumerate(value if one is not None and isinstance(value, list) else []):
            given = entry if isinstance(entry, dict) else {}
            for sub, there in one.entries.items() if one is not None else ():
                if there.mentions and not there.ref and isinstance(said := given.get(sub), str):
                    yield Reference(("spec", name, i, sub), there.mentions, said)
