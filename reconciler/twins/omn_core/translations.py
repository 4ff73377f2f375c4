"""Entries and the links to their translations, which are entries too (OC-P37)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reconciler.twins.omn_core.answers import NotDone
from reconciler.twins.omn_core.call import Call
from reconciler.twins.omn_core.entry_texts import Sent
from reconciler.twins.omn_core.glossary_things import Entry, EntryLink, Glossary
from reconciler.twins.omn_core.guids import new_guid


@dataclass(slots=True)
class Translations:
    """A view of the tables of entries and links, which it changes. `targets` are ids by the source's id."""

    call: Call
    entries: dict[str, Entry]
    links: dict[str, EntryLink]
    targets: dict[str, list[str]]

    @classmethod
    def of(cls, call: Call) -> Translations:
        links, targets = call.table(EntryLink), dict[str, list[str]]()
        for link in links.values():
            targets.setdefault(link.source_id, []).append(link.target_id)
        return cls(call, call.table(Entry), links, targets)

    def made(self, glossary_id: str, sent: Sent, moment: str) -> Entry:
        """A new entry, in the table."""
        user = sent.editor or self.call.caller.user
        guid = new_guid(self.call.twin, self.call.traffic)
        made = Entry(
            self.call.new_id(),
            guid,
            glossary_id,
            sent.loc,
            sent.type,
            sent.value or "",
            user,
            sent.edited or moment,
            sent.forbidden is True,
        )
        self.entries[made.id] = made
        self.call.made(made.id)
        return made

    def changed(self, old: Entry, sent: Sent, moment: str) -> Entry:
        """The entry as it is now, in the table; what was not sent stays."""
        changed = replace(
            old,
            value=sent.value or old.value,
            forbidden=old.forbidden if sent.forbidden is None else sent.forbidden,
            editor=sent.editor or self.call.caller.user,
            edited=sent.edited or moment,
        )
        self.entries[changed.id] = changed
        return changed

    def check(self, source: Entry | None, links: Sequence[Sent], **echo: str | None) -> None:
        """Can all these be translations of the entry, which is None if it is new? Raises NotDone."""
        known = self.targets.get(source.id, []) if source is not None else []
        for one in links:
            if one.id is not None and one.id not in known:
                raise NotDone(f"{one.type.capitalize()} with identity '{one.id}' not found.", **echo)
            if one.id is None and not one.value:
                raise NotDone("Glossary entry value is missing", **echo)

    def put(self, source: Entry, glossary: Glossary, links: Sequence[Sent]) -> None:
        """Let an entry have these translations besides those it has. They passed `check`."""
        for one in links:
            target = self._target(source, glossary, one)
            moment = source.edited if one.edited is None else one.edited
            if target is None:
                target = self.made(glossary.id, one, moment)
                self.link(EntryLink(source.id, target.id, one.similarity or "100"))
            else:
                self.changed(target, one, moment)
                old = self.links[EntryLink(source.id, target.id).key]
                self.links[old.key] = replace(old, similarity=one.similarity or old.similarity)

    def link(self, link: EntryLink) -> None:
        self.links[link.key] = link
        self.targets.setdefault(link.source_id, []).append(link.target_id)

    def unlink(self, source_id: str, target_id: str) -> None:
        del self.links[EntryLink(source_id, target_id).key]
        self.targets[source_id].remove(target_id)

    def of_source(self, source_id: str) -> list[tuple[EntryLink, Entry]]:
        """The translations of one entry."""
        keys = self.targets.get(source_id, [])
        return [(self.links[EntryLink(source_id, key).key], self.entries[key]) for key in keys]

    def _target(self, source: Entry, glossary: Glossary, sent: Sent) -> Entry | None:
        """The translation that is meant, if it is there."""
        if sent.id is not None:
            return self.entries[sent.id]
        alike = [one for _, one in self.of_source(source.id) if (one.loc, one.type) == (sent.loc, sent.type)]
        same = next((one for one in alike if one.value == sent.value), None)
        if same is not None:
            return None if self.call.hard("OC-P37") else same
        return None if glossary.multiple else next(iter(alike), None)
