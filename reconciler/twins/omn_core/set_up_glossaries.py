"""What a test does to glossaries without asking the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import Traffic
from reconciler.twins.omn_core.custom_values import written
from reconciler.twins.omn_core.glossary_things import Entry, EntryLink, Glossary
from reconciler.twins.omn_core.guids import new_guid, new_id

EDITOR = "system"


class GlossarySetUp(Twin):
    """The twin, as far as its glossaries are moved by hand. They go by their names, entries by ids."""

    traffic: Traffic

    def add_glossary(self, name: str, *, vals: Mapping[str, Json] | None = None, multiple: bool = False) -> str:
        """Add a glossary; its id. `vals` are custom values: texts, lists, or either by locale."""
        with self.lock:
            moment, guid = self.clock.tick(), new_guid(self, self.traffic)
            shown = written(vals)
            made = Glossary(new_id(self), guid, name, moment, moment, EDITOR, EDITOR, multiple, shown)
            self.state.of(Glossary)[made.id] = made
            return made.id

    def add_entry(
        self,
        glossary: str,
        text: str,
        loc: str = "en_EN",
        type: str = "term",  # noqa: A002 - the API's word
        *,
        forbidden: bool = False,
        translations: Mapping[str, str] | None = None,
    ) -> str:
        """Add a text to a glossary, with translations by locale; its id. Raises KeyError."""
        with self.lock:
            key = self._text(self.glossary(glossary).id, text, loc, type, forbidden=forbidden)
            for other, translation in (translations or {}).items():
                self.add_translation(key, translation, other)
            return key

    def add_translation(self, entry: str, text: str, loc: str, *, similarity: int = 100) -> str:
        """Add a translation of an entry; the id of the entry that it is. Raises KeyError."""
        with self.lock:
            source = self.entry(entry)
            key = self._text(source.glossary_id, text, loc, source.type)
            link = EntryLink(entry, key, str(similarity))
            self.state.of(EntryLink)[link.key] = link
            return key

    def change_glossary(
        self, glossary: str, *, name: str | None = None, vals: Mapping[str, Json] | None = None
    ) -> None:
        """Somebody renames a glossary, or replaces all its custom values. Raises KeyError."""
        with self.lock:
            old = self.glossary(glossary)
            shown = old.vals if vals is None else written(vals)
            changed = replace(old, name=name or old.name, vals=shown, modified=self.clock.tick())
            self.state.of(Glossary)[old.id] = changed

    def change_entry(self, entry: str, text: str, *, forbidden: bool | None = None) -> None:
        """Somebody writes another text. Raises KeyError."""
        with self.lock:
            old = self.entry(entry)
            flag = old.forbidden if forbidden is None else forbidden
            self.state.of(Entry)[entry] = replace(old, value=text, forbidden=flag, edited=self.clock.tick())

    def remove_glossary(self, glossary: str) -> None:
        """Somebody deletes a glossary with all its entries. Raises KeyError."""
        with self.lock:
            found = self.glossary(glossary)
            for key in [key for key, one in self.state.of(Entry).items() if one.glossary_id == found.id]:
                self.remove_entry(key)
            del self.state.of(Glossary)[found.id]

    def remove_entry(self, entry: str) -> None:
        """Somebody deletes an entry; what it is a translation of stays, and so do its translations."""
        with self.lock:
            self.clock.tick()
            del self.state.of(Entry)[entry]
            links = self.state.of(EntryLink)
            for link in [one for one in links.values() if entry in (one.source_id, one.target_id)]:
                del links[link.key]

    def glossary(self, glossary: str) -> Glossary:
        """The glossary of a name or id. Raises KeyError."""
        with self.lock:
            table = self.state.of(Glossary)
            found = next((one for one in table.values() if one.name == glossary), None)
            return table[glossary] if found is None else found

    def entry(self, entry: str) -> Entry:
        """The entry of an id. Raises KeyError."""
        with self.lock:
            return self.state.of(Entry)[entry]

    def glossaries_without_ids(self) -> list[Json]:
        """All glossaries by name, with their texts, without ids, times and people: equal for equal worlds."""
        with self.lock:
            texts: dict[str, list[tuple[str, str, str, bool, list[Json]]]] = {}
            targets = self._targets()
            for one in self.state.of(Entry).values():
                links = sorted(targets.get(one.id, []), key=str)
                text = (one.type, one.loc, one.value, one.forbidden, links)
                texts.setdefault(one.glossary_id, []).append(text)
            return [_plain(one, texts.get(one.id, [])) for one in self._by_name()]

    def _by_name(self) -> list[Glossary]:
        return sorted(self.state.of(Glossary).values(), key=lambda one: (one.name, one.id))

    def _targets(self) -> dict[str, list[Json]]:
        entries, found = self.state.of(Entry), dict[str, list[Json]]()
        for link in self.state.of(EntryLink).values():
            target = entries[link.target_id]
            shown: Json = [target.loc, target.value, link.similarity, target.forbidden]
            found.setdefault(link.source_id, []).append(shown)
        return found

    def _text(self, glossary_id: str, text: str, loc: str, type_: str, *, forbidden: bool = False) -> str:
        moment, guid = self.clock.tick(), new_guid(self, self.traffic)
        made = Entry(new_id(self), guid, glossary_id, loc, type_, text, EDITOR, moment, forbidden)
        self.state.of(Entry)[made.id] = made
        return made.id


def _plain(glossary: Glossary, texts: list[tuple[str, str, str, bool, list[Json]]]) -> Json:
    return {
        "name": glossary.name,
        "multiple": glossary.multiple,
        "vals": dict(glossary.vals or {}),
        "entries": [list(text) for text in sorted(texts, key=str)],
    }
