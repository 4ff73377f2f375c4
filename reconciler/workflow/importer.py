"""One import: what is live, what of that is declared, and what there is to be written of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reconciler.importing import (
    Found,
    Names,
    called_by_address,
    declarable,
    inquiries,
    key_of,
    named,
    observed_only,
    unasked,
)
from reconciler.importing.invert import importable
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.normalise import spoken
from reconciler.model.record import Record, field, replace
from reconciler.workflow.asking import opened
from reconciler.workflow.costs import costs
from reconciler.workflow.ground import Ground, Hearing, Thing
from reconciler.workflow.memory import Memory
from reconciler.workflow.sheets import Files
from reconciler.workflow.trial import Trial

Telling = Callable[[str], None]
FILE: Final = "file"
"""The field of what is downloaded; it has an option of its own."""


def mute(sentence: str) -> None:
    """Nobody listens."""


class LeftOut(Record, frozen=True):
    """What was not imported: a kind as a whole (`thing` empty), a thing, or one field of a thing that was; and
    why."""

    kind: str
    thing: str
    why: str
    field: str = ""


class Importer(Record):
    """An import on its way. `by`, `asked`, `without`: see `Wish`."""

    ground: Ground
    kinds: Sequence[Kind]
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    telling: Telling = mute
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    declared: int = 0
    requests: int = 0
    _said: float | None = None  # how long a reading was said to take

    async def run(self) -> Files:
        """Everything, from the first request to files that are ready to be written."""
        async with opened(self.ground.setup) as asked:
            memory = Memory(asked)
            hear = costs(self.ground.setup, asked, self._worth)
            await self._list(memory, hear)
            await self._who_declares(memory)
            found = self._found()
            names = self._names(found)
            able = self._able(found, names)
            found = await self._looked_into(memory, found, names, able, hear)
            trial = Trial(self.ground, found, self._names, self.without)
            files = await trial.run(memory)
            self.requests, self.warnings = memory.requests, trial.warnings
        self._explain(trial, files)
        return files

    # What is live, and what is declared.

    async def _list(self, memory: Memory, hear: Hearing) -> None:
        """All that is live of the kinds, and of those they refer to."""
        from reconciler import read
        from reconciler.wire.readonly import ReadOnly

        ground, kinds = self.ground, self._concerned()
        self.telling(f"reading {ground.target}: {', '.join(k.name for k in kinds)}")
        reader, known, pages = ReadOnly(memory), ground.setup.catalog, ground.pages
        ground.listed, refused = await read.everything(ground.target, kinds, known, reader, self.by, hear, pages)
        self.left_out += [LeftOut(name, "", why) for name, why in sorted(refused.items())]
        for kind in self.kinds:
            one = ground.listed.get(kind.name)
            if one is not None and not one.proof.complete:
                why = f"the list is not proven complete ({one.proof.by}); import again for the rest"
                self.left_out.append(LeftOut(kind.name, "", why))
            unmanaged = one.unmanaged if one is not None else ()
            self.left_out += [LeftOut(kind.name, title, why) for title, why in unmanaged]

    def _worth(self, event: Mapping[str, Json]) -> None:
        """Tells what a reading takes, if that is worth a word."""
        from reconciler.report.reading_text import reading_text

        seconds = event["seconds"]
        if (text := reading_text(event, self._said)) and isinstance(seconds, float):
            self._said = seconds
            self.telling(text)

    def _concerned(self) -> list[Kind]:
        """The kinds, and everything that these refer to or are listed by."""
        found = {kind.name: kind for kind in self.kinds}
        for kind in self.kinds:
            fields = (f for one in kind.fields.values() if importable(one) for f in (one, *one.entries.values()))
            for ref in sorted({f.ref for f in fields if f.ref}):
                found.setdefault(ref, self.ground.kind(ref))
        return [found[name] for name in sorted(found) if found[name].findable]

    async def _who_declares(self, memory: Memory) -> None:
        """Which live things have documents, by the ordinary comparison."""
        documents, owners = self.ground.declared(), self.ground.owners
        changes = (await self.ground.compared(memory, documents)).changes if documents else ()
        for change in changes:
            if change.live is not None and change.document is not None:
                owners[change.address.kind, change.live.id] = change.address.name
        mine = {k.name for k in self.kinds}
        self.declared = sum(kind in mine for kind, _ in owners)

    # What is to be imported, and what it is called.

    def _found(self) -> list[Found]:
        """Everything that no document declares, with those that have the same key."""
        found = []
        for kind in self.kinds:
            there = self.ground.listed[kind.name].resources if kind.name in self.ground.listed else ()
            keys: dict[str, list[str]] = {}
            for one in there:
                keys.setdefault(key_of(kind, one.key, one.scope), []).append(one.id)
            for one in there:
                same = tuple(i for i in keys[key_of(kind, one.key, one.scope)] if i != one.id)
                if (kind.name, one.id) not in self.ground.owners:
                    found.append(Found(kind, one, same))
        return found

    def _able(self, found: Sequence[Found], names: Names) -> list[Found]:
        """Those of them that a manifest could mean; of the others the report tells why not."""
        ground = self.ground
        able = [
            one
            for one in found
            if declarable(ground.target, one, ground.verbs(one.kind), names, ground.listed[one.kind.name])
        ]
        if able:
            things = "1 thing is" if len(able) == 1 else f"{len(able)} things are"
            self.telling(f"{things} declared nowhere; looking at what the lists leave out")
        return able

    def _names(self, importing: Sequence[Found]) -> Names:
        """What everything live is called: as it is declared, as it was, or by a new name of its own; by its key
        where it gets no document."""
        names, given = Names(), {one.at for one in importing} | self.ground.owners.keys()
        documents = self.ground.setup.desired.documents
        for kind in sorted(map(self.ground.kind, self.ground.listed), key=lambda k: (len(k.scope), k.name)):
            there = self.ground.listed[kind.name].resources
            names.natural(kind, there)
            if observed_only(kind) or called_by_address(kind):
                names.people.add(kind.name)
            if not kind.source:
                taken = {d.address.name for d in documents if d.kind == kind.name}
                refs = {kind.fields[name].ref for name in kind.scope}
                scopes = {i: n for (k, i), n in names.documents.items() if k in refs}
                called = named(kind, there, self._known(kind), taken, scopes)
                ours = {(kind.name, i): n for i, n in called.items()}
                names.documents |= {at: n for at, n in ours.items() if at in given}
        return names

    def _known(self, kind: Kind) -> dict[str, str]:
        """The names that things have; and those they had whose documents left git."""
        ground, known = self.ground, {i: n for (k, i), n in self.ground.owners.items() if k == kind.name}
        declared = {d.address for d in ground.setup.desired.documents}
        for bond in ground.setup.recorded.of(ground.target, kind.name):
            if bond.address not in declared:
                known.setdefault(bond.id, bond.address.name)
        return known

    async def _looked_into(
        self, memory: Memory, found: Sequence[Found], names: Names, able: Sequence[Found], hear: Hearing
    ) -> list[Found]:
        """The same things, with what the lists leave out."""
        documents: list[Document] = []
        for kind in self.kinds:
            mine = [one.resource for one in found if one.kind == kind and one.resource.placed]
            verbs, listed = self.ground.verbs(kind), self.ground.listed
            documents += inquiries(kind, verbs, self.ground.target, mine, names, listed, self.asked, self.without)
            some = any(one.kind == kind and one.resource.placed for one in able)
            dear = unasked(kind, verbs, listed, self.asked | self.without) if some else []
            self.left_out += [LeftOut(kind.name, "", _dear(name), name) for name in dear]
        if not documents:
            return list(found)
        own = {k.name for k in self.kinds}
        above = [d for d in self.ground.declared() if d.kind not in own]
        live = await self.ground.live(memory, [*documents, *above], hear)
        self._learn({name: collection for (_, name), collection in live.collections.items()})
        seen: dict[Thing, Resource] = {}
        for (_, name), collection in live.collections.items():
            seen |= {(name, r.id): r for r in collection.resources}
        return [replace(one, resource=seen.get(one.at, one.resource)) for one in found]

    def _learn(self, read: Mapping[str, Collection]) -> None:
        """Of kinds that only the things of others tell of: what these tell now that they were read whole. Nothing
        is asked for it."""
        listed = self.ground.listed
        for kind in map(self.ground.kind, [*listed]):
            verbs, after = self.ground.verbs(kind), kind.rest.list.after if kind.rest.list else ()
            if not kind.source or not read.keys() & {*after}:
                continue
            details = verbs.details(kind, (), (), {**listed, **read})
            demand = Demand(self.ground.target, kind.name, details=details)
            if details and not verbs.reads(kind, demand, ()):
                before = listed[kind.name]
                more = verbs.parse(kind, demand, ()).resources
                told = {(r.id, str(r.key)): r for r in (*before.resources, *more)}
                listed[kind.name] = replace(before, resources=tuple(told.values()))

    # What is said in the end.

    def _explain(self, trial: Trial, files: Files) -> None:
        """Every thing and every field that was left out, with the reason."""
        for one in trial.found:
            if one.at in trial.refused:
                title = one.resource.label or spoken(one.resource.key)
                self.left_out.append(LeftOut(one.kind.name, title, trial.refused[one.at]))
        for drafts in files.added.values():
            for draft in drafts:
                lost = {n: w for n, w in draft.drafted.lost.items() if n not in self.without}
                self.left_out += [
                    LeftOut(draft.address.kind, draft.title, why, name) for name, why in lost.items()
                ]


def _dear(name: str) -> str:
    """Why a field was not read, and the option that has it read."""
    option = "--with-files" if name == FILE else f"--with {name}"
    return f"not read, since it takes requests for every thing; {option} asks for it"
