"""The list of glossaries, alone or with the texts in them (OC-P21, OC-P44)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.custom_values import shown_values
from reconciler.twins.omn_core.glossary_things import TYPES, Entry, EntryLink, Glossary
from reconciler.twins.omn_core.selectors import asked_flag, asked_list

PATH = "/common/glossaries/retrieve"


@dataclass(frozen=True, slots=True)
class _Asked:
    names: frozenset[str]
    ids: frozenset[str]
    entries: bool
    sources: frozenset[str]
    targets: frozenset[str]

    def takes(self, glossary: Glossary) -> bool:
        """No names and no ids ask for all."""
        if not self.names and not self.ids:
            return True
        return glossary.name in self.names or glossary.id in self.ids


def retrieve(call: Call) -> Answer:
    asked = _asked(call)
    hidden = call.traffic.hidden()
    entries = {key: entry for key, entry in call.table(Entry).items() if key not in hidden}
    found = [one for key, one in call.table(Glossary).items() if key not in hidden and asked.takes(one)]
    counts = _counts(entries.values())
    shown: dict[str, Json] = {"entries": [_glossary(call, one, counts.get(one.id, {})) for one in found]}
    if not asked.entries:
        return call.document({"glossaries": shown})
    within = {one.id for one in found}
    chosen = [one for one in entries.values() if one.glossary_id in within]
    texts: dict[str, Json] = {"entries": _entries(call, asked, chosen, entries)}
    return call.document({"glossaries": shown, "glossaryEntries": texts})


def _asked(call: Call) -> _Asked:
    by_entries, by_links = asked_flag(call.body, "retrieveEntries"), asked_flag(call.body, "retrieveLinks")
    if by_entries and by_links and call.hard("OC-P21"):
        raise Refused(400, "retrieveEntries and retrieveLinks exclude each other")
    return _Asked(
        _set(call, "names"),
        _set(call, "ids"),
        by_entries or by_links,
        _set(call, "sourceLocales"),
        _set(call, "targetLocales"),
    )


def _set(call: Call, name: str) -> frozenset[str]:
    return frozenset(asked_list(call.body, name) or ())


def _counts(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """How many texts of each type a glossary has, translations included."""
    counts: dict[str, dict[str, int]] = {}
    for entry in entries:
        by_type = counts.setdefault(entry.glossary_id, dict.fromkeys(TYPES, 0))
        by_type[entry.type] += 1
    return counts


def _glossary(call: Call, glossary: Glossary, counts: Mapping[str, int]) -> Json:
    terms, sentences = counts.get("term", 0), counts.get("sentence", 0)
    every = {"numberOfAllEntries": str(terms + sentences)} if terms + sentences else {}
    shown: dict[str, Json] = {
        "id": glossary.id,
        "meta": {
            "creationDate": call.date(glossary.created),
            "creationUser": glossary.creator,
            "getNumberOfTerms": str(terms),
            "modificationDate": call.date(glossary.modified),
            "modificationUser": glossary.modifier,
            **every,
            "numberOfSentences": str(sentences),
        },
        "name": glossary.name,
    }
    return {**shown, "vals": shown_values(glossary.vals)} if glossary.vals else shown


def _entries(call: Call, asked: _Asked, chosen: list[Entry], entries: Mapping[str, Entry]) -> list[Json]:
    targets: dict[str, list[tuple[EntryLink, Entry]]] = {}
    for link in call.table(EntryLink).values():
        target = entries.get(link.target_id)
        if target is not None and (not asked.targets or target.loc in asked.targets):
            targets.setdefault(link.source_id, []).append((link, target))
    shown = (one for one in chosen if not asked.sources or one.loc in asked.sources)
    return [_entry(call, one, targets.get(one.id, [])) for one in shown]


def _entry(call: Call, entry: Entry, links: list[tuple[EntryLink, Entry]]) -> Json:
    shown: dict[str, Json] = {
        "id": entry.id,
        "parentId": entry.glossary_id,
        "loc": entry.loc,
        "type": entry.type,
        "meta": _text(call, entry),
    }
    return {**shown, "links": {"itms": [_link(call, link, target) for link, target in links]}} if links else shown


def _link(call: Call, link: EntryLink, target: Entry) -> Json:
    return {
        "id": target.id,
        "loc": target.loc,
        "type": target.type,
        "similarity": link.similarity,
        "forbidden": str(target.forbidden).lower(),
        **_text(call, target),
    }


def _text(call: Call, entry: Entry) -> dict[str, Json]:
    return {
        "itm": [{"key": "value", "loc": entry.loc, "value": entry.value}],
        "lastEditedUsername": entry.editor,
        "lastEditedDate": call.date(entry.edited),
    }


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=retrieve),),
    questions=(
        Knob("OC-P21", "which flag shows the entries of glossaries", "either or both", "both are refused"),
    ),
)
