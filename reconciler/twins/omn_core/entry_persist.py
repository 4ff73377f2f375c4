"""Creating and updating the entries of glossaries, with their translations (OC-P37, OC-P41, OC-P54)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone, accident, answer_each, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.entry_texts import Sent, sent_text
from reconciler.twins.omn_core.glossary_things import TYPES, Entry, Glossary
from reconciler.twins.omn_core.replies import Reply, refused, told
from reconciler.twins.omn_core.things import Locale
from reconciler.twins.omn_core.translations import Translations

PATH = "/common/glossaryEntries/persist"
CREATED = "The glossary entry has been created successfully"
UPDATED = "The glossary entry has been updated successfully"
NO_GLOSSARY = "There is no glossary with the given identity"


def persist(call: Call) -> Answer:
    return answer_each(call, call.entries("glossaryEntries"), _Persist.of(call).one, "OC-P30")


@dataclass(slots=True)
class _Persist:
    """One call. The dictionaries tell which id a tid has."""

    call: Call
    entries: dict[str, Entry]
    tids: dict[str, str]
    glossary_tids: dict[str, str]
    translations: Translations

    @classmethod
    def of(cls, call: Call) -> _Persist:
        entries = call.table(Entry)
        glossaries = {one.tid: one.id for one in call.table(Glossary).values()}
        return cls(call, entries, {one.tid: one.id for one in entries.values()}, glossaries, Translations.of(call))

    def one(self, given: JsonObject) -> Json:
        echo = {"id": text(given, "id"), "tid": text(given, "tid")}
        try:
            glossary, sent = self._checked(given, echo)
            if echo["id"] is None and echo["tid"] is None:
                return self._create(glossary, sent)
            return self._update(glossary, sent, echo)
        except NotDone as why:
            return refused("glossaryEntry", why)

    def _checked(self, given: JsonObject, echo: Mapping[str, str | None]) -> tuple[Glossary, Sent]:
        """The glossary, and what it is to hold. Raises NotDone."""
        sent = sent_text(given)
        if sent.type not in TYPES:
            raise NotDone(f"Unknown translation entry type '{sent.type}'", **echo)
        glossary = self._glossary(given, echo)
        for one in (sent, *sent.links):
            if one.loc not in self.call.table(Locale):
                raise NotDone(f"Cannot find language id with code '{one.loc}'.", **echo)
            if one.type not in TYPES:
                raise NotDone(f"Unknown translation entry type '{one.type}'", **echo)
        return glossary, sent

    def _glossary(self, given: JsonObject, echo: Mapping[str, str | None]) -> Glossary:
        key, tid = text(given, "parentId"), text(given, "parentTid")
        if key is None and tid is None:
            own = echo["tid"] or echo["id"] or ""
            raise NotDone(f"Glossary entry '{own}' does not contain a link to glossary.", **echo)
        found = self.call.table(Glossary).get(self.glossary_tids.get(tid or "", "") if key is None else key)
        if found is None:
            raise NotDone(NO_GLOSSARY, **({"id": key or tid} if self.call.hard("OC-P41") else echo))
        return found

    def _create(self, glossary: Glossary, sent: Sent) -> Reply:
        if not sent.value:
            raise NotDone("Glossary entry value is missing")
        self.translations.check(None, sent.links)
        mishap = accident(self.call, sent.value)
        made = self.translations.made(glossary.id, sent, self.call.moment())
        self.tids[made.tid] = made.id
        self.translations.put(made, glossary, sent.links)
        guid = None if self.call.hard("OC-P54") else made.tid
        return marred(told("glossaryEntry", CREATED, "create", tid=guid), mishap)

    def _update(self, glossary: Glossary, sent: Sent, echo: Mapping[str, str | None]) -> Reply:
        key, tid = echo["id"], echo["tid"]
        old = self.entries.get(self.tids.get(tid or "", "") if key is None else key)
        if old is None or old.glossary_id != glossary.id or old.type != sent.type:
            raise NotDone(f"{sent.type.capitalize()} with identity '{key or tid or ''}' not found.", **echo)
        self.translations.check(old, sent.links, **echo)
        mishap = accident(self.call, sent.value or old.value, **echo)
        changed = self.translations.changed(replace(old, loc=sent.loc), sent, self.call.moment())
        self.translations.put(changed, glossary, sent.links)
        return marred(told("glossaryEntry", UPDATED, "update", id=old.id), mishap)


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=persist, takes=Takes.DOCUMENT),),
    questions=(
        Knob(
            "OC-P37", "a link without id, to a text that is there", "that one is updated", "a second comes to be"
        ),
        Knob("OC-P41", "what a missing glossary echoes of an entry", "its identity", "that of the glossary"),
    ),
)
