"""What a safe call can tell of our assumptions about glossaries and their entries (OC-A40, OC-A41).

At most 1 call: the list of both, as entries alone are asked for, which no server refuses (OC-R85).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.doctor import Finding, Heard, Known, Probe, confirmed, refuted, untold
from reconciler.model.json import Json, pick
from reconciler.providers.omn_core import glossary_records
from reconciler.providers.omn_core.notation import items
from reconciler.providers.probing import rows, settled, some, text


def _list(known: Known) -> Request:
    return Request(known.target, "POST", glossary_records.PATH, body=glossary_records.ENTRIES, safe=True)


def _asks(known: Known, heard: Heard) -> Sequence[Request]:  # noqa: ARG001 - always the same
    return [_list(known)]


def _counts(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _list(known))) is not None:
        return finding
    glossaries = rows(heard, _list(known), "/glossaries/entries") or []
    shown = {text(r, "/parentId") for r in rows(heard, _list(known), "/glossaryEntries/entries") or []}
    counting = [g for g in glossaries if items(g.get("meta")).get("numberOfAllEntries", "0") != "0"]
    if not counting:
        return untold("no glossary says that it holds an entry")
    silent = sum(text(g, "/id") not in shown for g in counting)
    words = f"{silent or 'none'} of {len(counting)} that count entries show no entry"
    return refuted(words) if silent else confirmed(words)


def _targets(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _list(known))) is not None:
        return finding
    entries = rows(heard, _list(known), "/glossaryEntries/entries") or []
    links = [link for entry in entries for link in _links(entry)]
    if not links:
        return untold("no entry shows a translation")
    known_ones = {(text(e, "/id"), text(e, "/loc"), items(e.get("meta")).get("value", "")) for e in entries}
    good = sum((text(li, "/id"), text(li, "/loc"), items(li).get("value", "")) in known_ones for li in links)
    words = f"{good} of {some(len(links), 'translation')} with the id of an entry of that text"
    return confirmed(words) if good == len(links) else refuted(words)


def _links(entry: Json) -> list[Json]:
    found = pick(entry, "/links/itms")
    return found if isinstance(found, list) else []


PROBES: Final = (
    Probe(
        "OC-A40",
        "the list shows every entry of every glossary with its translations",
        "an entry that is not shown would be created a second time",
        _asks,
        _counts,
    ),
    Probe(
        "OC-A41",
        "the id of a translation is that of the entry that it is",
        "no translation is deleted (OC-R99)",
        _asks,
        _targets,
    ),
)
LEFT: Final = ("OC-A45",)
