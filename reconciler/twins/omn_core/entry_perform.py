"""Deleting entries of glossaries, copying and moving them to others (OC-P36, OC-P41)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer
from reconciler.twins.omn_core.answers import NotDone, accident, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.entry_persist import NO_GLOSSARY
from reconciler.twins.omn_core.glossary_things import Entry, EntryLink, Glossary
from reconciler.twins.omn_core.guids import new_guid
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.replies import Reply, told
from reconciler.twins.omn_core.translations import Translations

PATH = "/common/glossaryEntries/perform"
NO_ENTRY = "There is no glossary entry with the given tid/identity"
DELETED = "The glossary entry has been deleted successfully"
COPIED = "Glossary entry has been copied"
MOVED = "Glossary entry has been moved"


def perform(call: Call) -> Answer:
    doing = _Perform.of(call)
    does = {"delete": doing.delete, "copyToGlossary": doing.copy, "moveToGlossary": doing.move}
    return perform_each(call, "glossaryEntry", does)


@dataclass(slots=True)
class _Perform:
    """One call. `tids` tell which id a tid has, `sources` which entries an entry is a translation of."""

    call: Call
    translations: Translations
    tids: dict[str, str]
    sources: dict[str, list[str]]

    @classmethod
    def of(cls, call: Call) -> _Perform:
        sources: dict[str, list[str]] = {}
        for link in call.table(EntryLink).values():
            sources.setdefault(link.target_id, []).append(link.source_id)
        tids = {one.tid: one.id for one in call.table(Entry).values()}
        return cls(call, Translations.of(call), tids, sources)

    def delete(self, action: Action) -> Reply:
        entry = self._addressed(action)
        sources = self.sources.pop(entry.id, [])
        if sources and self.call.hard("OC-P36"):
            self.sources[entry.id] = sources
            raise NotDone(NO_ENTRY, **action.echo)
        mishap = accident(self.call, entry.value, **action.echo)
        self.call.moment()
        for source in sources:
            self.translations.unlink(source, entry.id)
        for target in list(self.translations.targets.get(entry.id, [])):
            self.translations.unlink(entry.id, target)
            self.sources[target].remove(entry.id)
        del self.translations.entries[entry.id]
        return marred(told("glossaryEntry", DELETED, "delete", **action.echo), mishap)

    def copy(self, action: Action) -> Reply:
        entry = self._addressed(action)
        glossary = self._destination(action)
        mishap = accident(self.call, entry.value, **action.echo)
        self.call.moment()
        made = self._twin_of(entry, glossary)
        for link, target in self.translations.of_source(entry.id):
            copied = self._twin_of(target, glossary)
            self.translations.link(EntryLink(made.id, copied.id, link.similarity))
            self.sources.setdefault(copied.id, []).append(made.id)
        return marred(told("glossaryEntry", COPIED, action.type, **action.echo), mishap)

    def move(self, action: Action) -> Reply:
        entry = self._addressed(action)
        glossary = self._destination(action)
        mishap = accident(self.call, entry.value, **action.echo)
        self.call.moment()
        for one in (entry, *(target for _, target in self.translations.of_source(entry.id))):
            self.translations.entries[one.id] = replace(one, glossary_id=glossary.id)
        return marred(told("glossaryEntry", MOVED, action.type, **action.echo), mishap)

    def _addressed(self, action: Action) -> Entry:
        key = self.tids.get(action.tid or "", "") if action.id is None else action.id
        found = self.translations.entries.get(key)
        if found is None:
            raise NotDone(NO_ENTRY, **action.echo)
        return found

    def _destination(self, action: Action) -> Glossary:
        key = action.parameter("glossaryId")
        found = self.call.table(Glossary).get(key or "")
        if found is None:
            raise NotDone(NO_GLOSSARY, **({"id": key} if self.call.hard("OC-P41") else action.echo))
        return found

    def _twin_of(self, entry: Entry, glossary: Glossary) -> Entry:
        guid = new_guid(self.call.twin, self.call.traffic)
        made = replace(entry, id=self.call.new_id(), tid=guid, glossary_id=glossary.id)
        self.translations.entries[made.id] = made
        self.tids[made.tid] = made.id
        return made


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=perform, takes=Takes.DOCUMENT),),
    questions=(Knob("OC-P36", "deleting a translation of another entry", "the link goes too", "not found"),),
)
