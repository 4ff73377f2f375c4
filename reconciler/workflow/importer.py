"""One import: what is declared, what is live, what would have to be written, and what of that stands the test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from reconciler.importing import Draft, Found, Names, draft_of, inquiries, key_of, named, observed_only, unasked
from reconciler.importing.invert import importable, required
from reconciler.model.change import Change, Changes
from reconciler.model.document import Desired, Document
from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Live, Resource
from reconciler.model.normalise import spoken
from reconciler.model.place import Problem, Severity
from reconciler.model.recorded import Recorded
from reconciler.workflow.memory import Downloads, Memory
from reconciler.workflow.setup import Options, Setup
from reconciler.workflow.sheets import Desk, Files
from reconciler.workflow.steps import opened

if TYPE_CHECKING:
    from reconciler.load.project import Project

MOST_ATTEMPTS: Final = 20
Telling = Callable[[str], None]
_PLACE: Final = re.compile(r"^[^ ]+\.yaml:[0-9]+:[0-9]+: ")


def mute(sentence: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not imported: a kind as a whole (`thing` empty), a thing, or one field of a thing that was; and why."""

    kind: str
    thing: str
    why: str
    field: str = ""


@dataclass(slots=True)
class Importer:
    """An import on its way. `listed`: kind -> all that is live of it; `owners`: (kind, id) -> the document that
    declares it already; `lost`, `refused`: what the attempts so far have shown of (kind, id)."""

    options: Options
    project: Project
    setup: Setup
    target: str
    kinds: Sequence[Kind]
    folder: str
    downloads: Downloads
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    telling: Telling = mute
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    declared: int = 0
    requests: int = 0
    listed: dict[str, Collection] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    lost: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)

    async def run(self) -> Files:
        """Everything, from the first request to files that are ready to be written."""
        async with opened(self.setup) as asked:
            memory = Memory(asked)
            await self._list(memory)
            await self._who_declares(memory)
            found = self._found()
            names = self._names(found)
            self.telling(f"{len(found)} things are declared nowhere; looking at what the lists leave out")
            found = await self._looked_into(memory, found, names)
            files = await self._tried(memory, found)
            self.requests = memory.requests
        self._explain(found, files)
        return files

    # What is live.

    async def _list(self, memory: Memory) -> None:
        """All that is live of the kinds, and of those they refer to."""
        from reconciler import read
        from reconciler.wire.readonly import ReadOnly

        kinds = self._concerned()
        self.telling(f"reading {self.target}: {', '.join(k.name for k in kinds)}")
        found = await read.everything(self.target, kinds, self.setup.catalog, ReadOnly(memory), self.by)
        self.listed, refused = found
        self.left_out += [LeftOut(name, "", why) for name, why in sorted(refused.items())]
        for name, one in self.listed.items():
            if not one.proof.complete and name in {k.name for k in self.kinds}:
                why = f"the list is not proven complete ({one.proof.by}); import again for the rest"
                self.left_out.append(LeftOut(name, "", why))

    def _concerned(self) -> list[Kind]:
        """The kinds, and everything that these refer to or are listed by."""
        found: dict[str, Kind] = {}
        waiting = list(self.kinds)
        while waiting:
            kind = waiting.pop(0)
            found[kind.name] = kind
            refs = {f.ref for one in kind.fields.values() for f in _with_entries(one) if importable(one)}
            others = (self.setup.catalog.kind(kind.provider, ref) for ref in sorted(refs - {None}, key=str) if ref)
            own = kind in self.kinds
            waiting += [k for k in others if own and k.name not in found and k.findable and k not in waiting]
        return [found[name] for name in sorted(found)]

    # What is declared already.

    async def _who_declares(self, memory: Memory) -> None:
        """Which live things have documents, by the ordinary comparison."""
        documents = self._declared()
        if documents:
            memory.begin()
            changes = await self._compared(memory, documents)
            for change in changes.changes:
                if change.live is not None and change.document is not None:
                    self.owners[change.address.kind, change.live.id] = change.address.name
        mine = {k.name for k in self.kinds}
        self.declared = sum(kind in mine for kind, _ in self.owners)

    def _declared(self) -> list[Document]:
        """The documents of the kinds concerned, as far as they say which thing they mean."""
        known = {name: self.setup.catalog.kind(self.provider, name) for name in self.listed}
        found = [d for d in self.setup.desired.documents if d.kind in known]
        return [replace(d, spec=_identity(known[d.kind], d)) for d in found]

    @property
    def provider(self) -> str:
        return self.project.targets[self.target].provider

    async def _compared(self, memory: Memory, documents: Sequence[Document]) -> Changes:
        """These documents against what is live, in the light of what the ledger says of them."""
        from reconciler import diff

        desired, recorded = self._desired(documents), self._recorded(documents)
        live = await self._live(memory, desired, recorded)
        return diff.compare(desired, live, recorded, self.setup.catalog)

    def _desired(self, documents: Sequence[Document]) -> Desired:
        ordered = tuple(sorted(documents, key=lambda d: d.address))
        return replace(self.setup.desired, documents=ordered, left_out=())

    def _recorded(self, documents: Sequence[Document]) -> Recorded:
        """What the ledger says of these addresses; what left git is nobody's here."""
        recorded = self.setup.recorded
        own = {d.address for d in documents}
        own |= {replace(d.address, name=d.previous_name) for d in documents if d.previous_name}
        return replace(recorded, bonds={a: b for a, b in recorded.bonds.items() if a in own})

    async def _live(self, memory: Memory, desired: Desired, recorded: Recorded) -> Live:
        from reconciler import read
        from reconciler.wire.readonly import ReadOnly

        memory.begin()
        wanted = read.demands(desired, recorded, self.setup.catalog)
        now = self.setup.clock.wall()
        gone = frozenset(f"{self.target}/{one.kind.name}" for one in wanted)
        return await read.live(wanted, self.setup.providers, self.setup.catalog, ReadOnly(memory), gone, now)

    # What is to be imported.

    def _found(self) -> list[Found]:
        """Everything that no document declares, with those that have the same key."""
        found = []
        for kind in self.kinds:
            there = self.listed[kind.name].resources if kind.name in self.listed else ()
            keys: dict[str, list[str]] = {}
            for one in there:
                keys.setdefault(key_of(kind, one.key, one.scope), []).append(one.id)
            for one in there:
                same = tuple(i for i in keys[key_of(kind, one.key, one.scope)] if i != one.id)
                if (kind.name, one.id) not in self.owners:
                    found.append(Found(kind, one, same))
        return found

    def _names(self, found: Sequence[Found]) -> Names:
        """What everything live is called: as it is declared, as it was, or by a new name of its own."""
        names = Names()
        importing = {one.at for one in found if one.at not in self.refused}
        for name, collection in sorted(self.listed.items(), key=lambda at: self._rank(at[0])):
            kind = self.setup.catalog.kind(self.provider, name)
            names.natural(kind, collection.resources)
            if kind.source:
                continue
            known = {i: n for (k, i), n in self.owners.items() if k == name} | self._remembered(kind)
            taken = {d.address.name for d in self.setup.desired.documents if d.kind == name}
            scopes = {
                i: n for (k, i), n in names.documents.items() if k in {kind.fields[s].ref for s in kind.scope}
            }
            called = named(kind, collection.resources, known, taken, scopes)
            given = {i for k, i in importing if k == name}
            names.documents |= {(name, i): n for i, n in called.items() if i in given or (name, i) in self.owners}
            if observed_only(kind):
                names.people.add(name)
        return names

    def _rank(self, name: str) -> tuple[int, str]:
        """What a scope refers to is named before what lies in it."""
        kind = self.setup.catalog.kind(self.provider, name)
        return len(kind.scope), name

    def _remembered(self, kind: Kind) -> dict[str, str]:
        """The names that things had whose documents left git."""
        declared = {d.address for d in self.setup.desired.documents}
        bonds = self.setup.recorded.of(self.target, kind.name)
        free = {b.id: b.address.name for b in bonds if b.address not in declared}
        return {i: n for i, n in free.items() if (kind.name, i) not in self.owners}

    async def _looked_into(self, memory: Memory, found: Sequence[Found], names: Names) -> list[Found]:
        """The same things, with what the lists leave out."""
        documents: list[Document] = []
        for kind in self.kinds:
            mine = [one.resource for one in found if one.kind == kind and one.resource.placed]
            verbs = self.setup.catalog.verbs[kind.provider, kind.name]
            documents += inquiries(kind, verbs, self.target, mine, names, self.listed, self.asked, self.without)
            dear = unasked(kind, verbs, self.listed, self.asked | self.without) if mine else []
            why = "not read, since it takes requests for every thing; --with {} asks for it"
            self.left_out += [LeftOut(kind.name, "", why.format(name), name) for name in dear]
        if not documents:
            return list(found)
        above = [d for d in self._declared() if d.kind not in {k.name for k in self.kinds}]
        live = await self._live(memory, self._desired([*documents, *above]), Recorded(exists=True))
        seen: dict[tuple[str, str], Resource] = {}
        for (_, name), collection in live.collections.items():
            seen |= {(name, r.id): r for r in collection.resources}
        return [replace(one, resource=seen.get(one.at, one.resource)) for one in found]

    # Whether it stands the test.

    async def _tried(self, memory: Memory, found: Sequence[Found]) -> Files:
        """The files of all drafts that load, and that a plan would leave as they are."""
        desk = self._desk()
        for _ in range(MOST_ATTEMPTS):
            fine = self._drafts(found)
            wrong = self._unwritable(fine)
            files = Files() if wrong else desk.files(fine)
            wrong = wrong or self._unloadable(files) or await self._unequal(memory, files, fine)
            if not wrong:
                return files
            for at, name, why in wrong:
                self._give_up(at, name, why)
        return desk.files([])

    def _desk(self) -> Desk:
        serving = [t for t in self.project.targets.values() if t.provider == self.provider]
        return Desk(self.project.root, self.folder, self.target, len(serving) > 1, self.downloads)

    def _drafts(self, found: Sequence[Found]) -> list[Draft]:
        """A draft of everything that there can be one of; what refers to the others calls them by their keys."""
        while True:
            names = self._names(found)
            drafts = [self._draft(one, names) for one in found if one.at not in self.refused]
            refused = {d.found.at: d.drafted.refusal for d in drafts if d.drafted.refusal}
            if not refused:
                return drafts
            self.refused |= refused

    def _draft(self, one: Found, names: Names) -> Draft:
        verbs = self.setup.catalog.verbs[one.kind.provider, one.kind.name]
        lost = {name: "not read (--without)" for name in self.without & one.kind.fields.keys()}
        known = replace(one, lost={**lost, **self.lost.get(one.at, {})})
        return draft_of(self.target, known, verbs, names, self.listed[one.kind.name])

    def _give_up(self, at: tuple[str, str], name: str | None, why: str) -> None:
        """A field, or where a manifest cannot be without it the whole thing, is left out."""
        kind = self.setup.catalog.kind(self.provider, at[0])
        before = self.lost.get(at, {})
        if name is None or name in required(kind) or name in before or name not in kind.fields:
            self.refused[at] = f"`{name}`: {why}" if name else why
        else:
            self.lost[at] = {**before, name: why}

    def _unwritable(self, drafts: Iterable[Draft]) -> list[tuple[tuple[str, str], str | None, str]]:
        """What no YAML file can hold."""
        from reconciler.load.write import unwritable

        beside = {f.file for d in drafts for f in d.found.kind.fields.values() if f.file}
        texts = ((d, n, v) for d in drafts for n, v in d.drafted.spec.items() if not _is_file(v))
        return [
            (d.found.at, n, why)
            for d, n, v in texts
            if (why := unwritable(v)) and not (n in beside and isinstance(v, str) and _encodes(v))
        ]

    def _unloadable(self, files: Files) -> list[tuple[tuple[str, str], str | None, str]]:
        """What the ordinary loader says against the new documents. Raises ManifestInvalid where it is about others."""
        from reconciler.load.blame import blame

        try:
            self._loaded(files)
        except ManifestInvalid as invalid:
            found = []
            errors = [p for p in invalid.problems if p.severity is Severity.ERROR]
            for path, drafts in files.added.items():
                for one in blame(files.whole[path], path, errors, len(drafts)):
                    found.append((drafts[one.document].found.at, one.field, _said(one.problem)))
            if not found:
                raise
            return found
        return []

    def _loaded(self, files: Files) -> Desired:
        from reconciler.load.desired import desired

        words = {"environment": self.options.environment, "variables": self.options.variables}
        proposed = files.whole or None
        return desired(self.project.root, self.setup.catalog, proposed=proposed, **words)  # type: ignore[arg-type]

    async def _unequal(
        self, memory: Memory, files: Files, drafts: Sequence[Draft]
    ) -> list[tuple[tuple[str, str], str | None, str]]:
        """What the ordinary comparison would change of the new documents, or hold."""
        loaded = self._loaded(files)
        own = {d.address: d for d in drafts}
        documents = [d for d in loaded.documents if d.address in own]
        if not documents:
            return []
        changes = await self._compared(memory, [*documents, *self._declared()])
        self.warnings = tuple(
            dict.fromkeys(str(p) for p in loaded.warnings if p not in self.setup.desired.warnings)
        )
        return [w for c in changes.changes if c.address in own for w in _wrong(own[c.address], c)]

    # What is said in the end.

    def _explain(self, found: Sequence[Found], files: Files) -> None:
        """Everything that was left out, with the reason."""
        for one in found:
            title = one.resource.label or spoken(one.resource.key)
            if one.at in self.refused:
                self.left_out.append(LeftOut(one.kind.name, title, self.refused[one.at]))
        for drafts in files.added.values():
            for draft in drafts:
                lost = {n: w for n, w in draft.drafted.lost.items() if n not in self.without}
                self.left_out += [
                    LeftOut(draft.address.kind, draft.title, why, name) for name, why in lost.items()
                ]
        for kind in self.kinds:
            unmanaged = self.listed[kind.name].unmanaged if kind.name in self.listed else ()
            self.left_out += [LeftOut(kind.name, title, why) for title, why in unmanaged]


def _with_entries(one: Field) -> tuple[Field, ...]:
    return (one, *one.entries.values())


def _identity(kind: Kind, document: Document) -> JsonObject:
    """The part of a spec that says which thing is meant."""
    names = {kind.key, *kind.scope, *(kind.rest.list.by if kind.rest.list else ())}
    return {n: v for n, v in document.spec.items() if n in names}


def _is_file(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"$file"}


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _said(problem: Problem) -> str:
    """A problem without the address and the field, which are said before it."""
    text, first = problem.message, problem.message.partition(": ")[0]
    addressed = first.count("/") >= 2 or first.startswith("spec.")
    return text.removeprefix(f"{first}: ") if addressed and " " not in first else text


def _placeless(reason: str) -> str:
    """A reason without the place in a file that may never be written."""
    return _PLACE.sub("", reason)


def _wrong(draft: Draft, change: Change) -> list[tuple[tuple[str, str], str | None, str]]:
    """Why a document is not exactly what is live."""
    at = draft.found.at
    if change.live is None or change.live.id != draft.found.resource.id:
        why = _placeless(change.holds[0].reason) if change.holds else "its key leads to another thing"
        return [(at, None, why)]
    found: list[tuple[tuple[str, str], str | None, str]] = []
    for name in sorted(
        {*change.changed, *(n for n, d in change.deltas.items() if d), *(f.path[0] for f in change.fields)}
    ):
        found.append((at, name, "what a read returns of it cannot be declared so that nothing is sent"))
    holds = [h for h in change.holds if h.only not in {n for _, n, _ in found}]
    found += [(at, h.only if h.only in change.wire else None, _placeless(h.reason)) for h in holds]
    return found or ([(at, None, "a plan would still send something")] if change.writes else [])
