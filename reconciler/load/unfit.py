"""Keys that no name can hold: what their own kind says of them, before anybody gives them documents of their
own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.load.characters import visible
from reconciler.load.draft import Draft
from reconciler.load.nested import NAMELESS
from reconciler.model.catalog import Catalog
from reconciler.model.document import Address, Document
from reconciler.model.place import Problem
from reconciler.model.record import replace


def unfit(problems: Sequence[Problem], drafts: Sequence[Draft], catalog: Catalog) -> list[Problem]:
    """The problems; where the kind would not take such a key in any document, the hint says why."""
    if not problems:
        return []
    hints = {p: hint for draft in drafts for p, hint in _refused(draft, catalog)}
    return [replace(p, hint=hints.get(p, p.hint)) for p in problems]


def _refused(draft: Draft, catalog: Catalog) -> Iterator[tuple[Problem, str]]:
    """Only where nothing else is wrong: no kind judges what its schema does not take."""
    if draft.kind is None or [p.rule for p in draft.problems] != [NAMELESS]:
        return
    kind, [problem] = draft.kind, draft.problems
    required = kind.schema.get("required")
    if not draft.spec.keys() >= {*(required if isinstance(required, list) else [])}:
        return  # what it would have from the document around it is missing there
    apart = Document(
        Address("-", kind.name, "-"),
        kind.provider,
        draft.spec,
        place=draft.place,
        places=draft.positions,
    )
    for said in catalog.verbs[kind.provider, kind.name].check(kind, [apart]):
        if said.place == problem.place:
            yield problem, visible(said.message.removeprefix(f"{apart.address}: "))
            return
