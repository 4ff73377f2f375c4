"""Drafts tried out: what the ordinary loader would not take, and what a plan would change, is given up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from reconciler.importing import Draft, Found, Names, draft_of
from reconciler.importing.invert import required
from reconciler.model.change import Change
from reconciler.model.document import Desired
from reconciler.model.faults import GuardRefused, ManifestInvalid
from reconciler.model.json import Json
from reconciler.model.place import Place, Problem, Severity
from reconciler.model.record import Record, field, replace
from reconciler.workflow.ground import Ground, Thing
from reconciler.workflow.memory import Memory
from reconciler.workflow.sheets import Desk, Files

MOST_ATTEMPTS: Final = 200
"""Each gives up something, so few are needed."""
UNEQUAL: Final = "what a read returns of it cannot be declared so that nothing is sent"
_OTHER: Final = re.compile(r"at ([^ ]+\.ya?ml):([0-9]+):([0-9]+)")
_PLACE: Final = re.compile(r"^[^ ]+\.yaml:[0-9]+:[0-9]+: ")

Objection = tuple[Thing, str | None, str]
"""What about, which field of it (None: all of it), and why."""


class Trial(Record):
    """`names`: what everything is called while these things get no document. `lost`, `refused`: what the attempts
    so far have shown; `objected`: the refused ones in whose drafts something was wrong; `warnings`: what the
    loader says of what stood the test."""

    ground: Ground
    found: Sequence[Found]
    names: Callable[[Sequence[Found]], Names]
    without: frozenset[str]
    lost: dict[Thing, dict[str, str]] = field(default_factory=dict)
    refused: dict[Thing, str] = field(default_factory=dict)
    objected: set[Thing] = field(default_factory=set)
    warnings: tuple[str, ...] = ()

    async def run(self, memory: Memory) -> Files:
        """The files of all drafts that load, and that a plan would leave as they are. Raises ManifestInvalid where
        the files that are there are wrong, and GuardRefused where the attempts come to no end."""
        desk, again = self._desk(), True
        for _ in range(MOST_ATTEMPTS):
            drafts = self._drafts()
            wrong = _unwritable(drafts)
            files = Files() if wrong else desk.files(drafts)
            wrong = wrong or self._unloadable(files) or await self._unequal(memory, files, drafts)
            for (at, name), why in {(at, name): why for at, name, why in reversed(wrong)}.items():
                self._give_up(at, name, why)
            if not wrong and not (again and self.objected):
                return files
            if not wrong:
                again = False  # what stood in its way may be given up by now, as it would be at the next import
                self.refused.clear()
                self.objected.clear()
        raise GuardRefused("the drafts do not settle: each attempt finds something else wrong")

    def _desk(self) -> Desk:
        ground = self.ground
        serving = [t for t in ground.project.targets.values() if t.provider == ground.provider]
        return Desk(ground.project.root, ground.folder, ground.target, len(serving) > 1, ground.downloads)

    def _drafts(self) -> list[Draft]:
        """A draft of everything that there can be one of; what refers to the others calls them by their keys."""
        while True:
            left = [one for one in self.found if one.at not in self.refused]
            names = self.names(left)
            drafts = [self._draft(one, names) for one in left]
            refused = {d.found.at: d.drafted.refusal for d in drafts if d.drafted.refusal}
            if not refused:
                return drafts
            self.refused |= refused

    def _draft(self, one: Found, names: Names) -> Draft:
        lost = dict.fromkeys(self.without & one.kind.fields.keys(), "left out by --without")
        known = replace(one, lost={**lost, **self.lost.get(one.at, {})})
        ground = self.ground
        return draft_of(ground.target, known, ground.verbs(one.kind), names, ground.listed[one.kind.name])

    def _give_up(self, at: Thing, name: str | None, why: str) -> None:
        """A field, or where a manifest cannot be without it, or is wrong without it too, the whole thing, is left
        out."""
        kind, before = self.ground.kind(at[0]), self.lost.get(at, {})
        if name is None or name in required(kind) or name in before or name not in kind.fields:
            self.refused[at] = f"`{name}`: {why}" if name else why
            self.objected.add(at)
        else:
            self.lost[at] = {**before, name: why}

    def _unloadable(self, files: Files) -> list[Objection]:
        """What the ordinary loader says against the new documents. Raises ManifestInvalid where it is about
        others."""
        try:
            self._loaded(files)
        except ManifestInvalid as invalid:
            errors = [p for p in invalid.problems if p.severity is Severity.ERROR]
            found = _blamed(files, errors) or _blamed(files, _others(errors))
            if not found:
                raise
            return found
        return []

    def _loaded(self, files: Files) -> Desired:
        from reconciler.load.desired import desired

        ground = self.ground
        return desired(
            ground.project.root,
            ground.setup.catalog,
            environment=ground.options.environment,
            variables=ground.options.variables,
            proposed=files.whole or None,
        )

    async def _unequal(self, memory: Memory, files: Files, drafts: Sequence[Draft]) -> list[Objection]:
        """What the ordinary comparison would change of the new documents, or hold."""
        loaded = self._loaded(files)
        own = {d.address: d for d in drafts}
        documents = [d for d in loaded.documents if d.address in own]
        said = (str(p) for p in loaded.warnings if p not in self.ground.setup.desired.warnings)
        self.warnings = tuple(dict.fromkeys(said)) if documents else ()
        if not documents:
            return []
        changes = await self.ground.compared(memory, [*documents, *self.ground.declared()])
        return [w for c in changes.changes if c.address in own for w in _wrong(own[c.address], c)]


def _blamed(files: Files, errors: Sequence[Problem]) -> list[Objection]:
    """The problems that are about the new documents."""
    from reconciler.load.blame import blame

    found: list[Objection] = []
    for path, drafts in files.added.items():
        blamed = blame(files.whole[path], path, errors, len(drafts))
        found += [(drafts[one.document].found.at, one.field, _said(one.problem)) for one in blamed]
    return found


def _others(errors: Sequence[Problem]) -> list[Problem]:
    """The problems between two documents, at the place of the other one: what people wrote goes before it."""
    found = []
    for error in errors:
        said = f"{error.message.partition(': ')[0]} says the same, at {error.place}"
        places = (Place(f[1], int(f[2]), int(f[3])) for f in _OTHER.finditer(error.message))
        found += [Problem(place, said) for place in places]
    return found


def _unwritable(drafts: Iterable[Draft]) -> list[Objection]:
    """What no file can hold. A text that goes into a file of its own may be anything that UTF-8 can write."""
    from reconciler.load.write import unwritable

    found: list[Objection] = []
    for draft in drafts:
        beside = {one.file for one in draft.found.kind.fields.values() if one.file}
        for name, value in draft.drafted.spec.items():
            why = "" if _is_file(value) else unwritable(value)
            if why and not (name in beside and isinstance(value, str) and _encodes(value)):
                found.append((draft.found.at, name, why))
    return found


def _is_file(value: Json) -> bool:
    return isinstance(value, dict) and set(value) == {"$file"}


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _said(problem: Problem) -> str:
    """A problem without the address and the field, which are said before it."""
    text = problem.message
    while True:
        first = text.partition(": ")[0]
        addressed = first.count("/") >= 2 or first.startswith(("spec.", "metadata."))
        if first == text or not addressed or " " in first:
            return text
        text = text.removeprefix(f"{first}: ")


def _placeless(reason: str) -> str:
    """A reason without the place in a file that may never be written."""
    return _PLACE.sub("", reason)


def _wrong(draft: Draft, change: Change) -> list[Objection]:
    """Why a document is not exactly what is live."""
    at = draft.found.at
    if change.live is None or change.live.id != draft.found.resource.id:
        return [
            (at, None, _placeless(change.holds[0].reason) if change.holds else "its key leads to another thing")
        ]
    deltas = (name for name, delta in change.deltas.items() if delta)
    differing = sorted({*change.changed, *deltas, *(f.path[0] for f in change.fields)})
    found: list[Objection] = [(at, name, UNEQUAL) for name in differing]
    holds = (hold for hold in change.holds if hold.only not in differing)
    found += [(at, h.only if h.only in change.wire else None, _placeless(h.reason)) for h in holds]
    return found or ([(at, None, "a plan would still send something")] if change.writes else [])
