"""Deleting glossaries (OC-P22)."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer
from reconciler.twins.omn_core.answers import NotDone, accident, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.glossary_things import DEFAULT_GLOSSARY, Entry, EntryLink, Glossary
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.replies import Reply, told

PATH = "/common/glossaries/perform"


def perform(call: Call) -> Answer:
    return perform_each(call, "glossary", {"delete": _Delete(call, _within(call)).one})


def _within(call: Call) -> dict[str, list[str]]:
    """The ids of the entries of each glossary."""
    within: dict[str, list[str]] = {}
    for entry in call.table(Entry).values():
        within.setdefault(entry.glossary_id, []).append(entry.id)
    return within


@dataclass(slots=True)
class _Delete:
    """One call."""

    call: Call
    within: dict[str, list[str]]

    def one(self, action: Action) -> Reply:
        table, key = self.call.table(Glossary), action.id or ""
        if (found := table.get(key)) is None:
            raise NotDone(f'The glossary with id "{key}" does not exist.', id=action.id)
        if key == DEFAULT_GLOSSARY or (self.within.get(key) and self.call.hard("OC-P22")):
            raise NotDone(f'The glossary with id "{key}" could not be deleted.', id=key)
        mishap = accident(self.call, found.name, id=key)
        self.call.moment()
        del table[key]
        drop_entries(self.call, self.within.pop(key, []))
        return marred(told("glossary", "Glossary has been deleted.", "delete", id=key), mishap)


def drop_entries(call: Call, keys: list[str]) -> None:
    """Take entries away, with the links from them and to them."""
    if not keys:
        return
    entries, links, gone = call.table(Entry), call.table(EntryLink), set(keys)
    for key in keys:
        del entries[key]
    for link in list(links.values()):
        if link.source_id in gone or link.target_id in gone:
            del links[link.key]


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=perform, takes=Takes.DOCUMENT),),
    questions=(Knob("OC-P22", "deleting a glossary with entries", "they go too", "refused"),),
)
