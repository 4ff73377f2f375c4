"""The values that an attribute may have, of a definition or of its use at a node (OC-R43 to OC-R46). Pure.

A domain is `{allowNewValue: bool, sortDirection: text, values: [{id: text, labels: {locale: text}}]}`, in
manifests and in live fields alike; a live one is complete but for what would be empty (`values`, the `labels` of a
value), or None where there is none. In a record and in a body it is `{"domainVals": {allowNewValue, sortDirection,
mode, entries: [{tid, itm: [{loc, value}]}]}}`.

How a kind uses it: `fields["domain"] = parsed(record)` in `parse`; `same` in its verb of that name, where the
field is `domain`; and in `calls` one value for the body and for the effect, since live must show all of what was
sent: `whole = overlaid(live, desired)` where the domain is to change, else the live one; `body["domainVals"] =
wire(whole, full=True)` (definitions: `mode="FULL"`; attributes without mode), left out where that is None;
`Effect(fields={"domain": whole})` where it is to change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reconciler.model.json import Json, JsonObject
from reconciler.model.json import same as same_json
from reconciler.providers.omn_core.notation import localized

MANUAL: Final = "MANUAL"
"""The only sort direction that any sample has; others go through as they are (OC-R44)."""


def parsed(record: Json) -> JsonObject | None:
    """The domain of a definition or an attribute as it is live, complete; None where the record has none."""
    held = record.get("domainVals") if isinstance(record, dict) else None
    if not isinstance(held, dict):
        return None
    entries = held.get("entries")
    values = [
        (tid, localized(one))
        for one in (entries if isinstance(entries, list) else [])
        if isinstance(one, dict) and isinstance(tid := one.get("tid"), str)
    ]
    direction = held.get("sortDirection")
    return {
        "allowNewValue": held.get("allowNewValue") == "true",
        "sortDirection": direction if isinstance(direction, str) and direction else MANUAL,
        **_valued(values),
    }


def _valued(values: Iterable[tuple[str, Mapping[str, Json]]]) -> JsonObject:
    """The values as a domain holds them, nothing empty among them."""
    found: list[Json] = [{"id": i, **({"labels": dict(texts)} if texts else {})} for i, texts in values]
    return {"values": found} if found else {}


def same(before: Json, after: Json) -> bool:
    """Whether the live domain `before` is what `after` declares: its flags as far as they are declared, and if
    values are, exactly these in their order, each with its declared labels; other locales do not count."""
    if not isinstance(after, dict):
        return same_json(before, after)
    live = before if isinstance(before, dict) else EMPTY
    flags = all(live.get(n) == v for n, v in after.items() if n != "values")
    if "values" not in after:
        return flags
    there, asked = [*_values(live)], [*_values(after)]
    return flags and [i for i, _ in there] == [i for i, _ in asked] and all(map(_labelled, there, asked))


EMPTY: Final[Mapping[str, Json]] = {"allowNewValue": False, "sortDirection": MANUAL}
"""What there is where there is no domain, as far as anybody can tell."""


def _labelled(there: tuple[str, Mapping[str, Json]], asked: tuple[str, Mapping[str, Json]]) -> bool:
    return all(there[1].get(locale) == text for locale, text in asked[1].items())


def overlaid(live: Json, desired: Json) -> JsonObject | None:
    """The whole domain as it is to be sent: what `desired` declares, and of what it does not declare what is live
    (flags, values where none are declared, labels in other locales), else `false` and `MANUAL`. None where there
    is neither."""
    if not isinstance(desired, dict):
        return {**EMPTY, **live} if isinstance(live, dict) else None
    known = live if isinstance(live, dict) else {}
    labels = dict(_values(known))
    whole = {**EMPTY, **known, **desired}
    values = [(i, {**labels.get(i, {}), **declared}) for i, declared in _values(whole)]
    return {**{n: v for n, v in whole.items() if n != "values"}, **_valued(values)}


def wire(whole: Json, *, full: bool) -> JsonObject | None:
    """The element `domainVals` of a body, None where there is nothing to be said; every flag and value, since what
    is left out might be taken away. `full`: with `mode="FULL"`, which says that this is all (OC-R45)."""
    if not isinstance(whole, dict):
        return None
    entries: list[Json] = []
    for i, labels in _values(whole):
        items: list[Json] = [{"loc": locale, "value": text} for locale, text in labels.items()]
        entries.append({"tid": i, **({"itm": items} if items else {})})
    flags: JsonObject = {
        "allowNewValue": "true" if whole.get("allowNewValue") is True else "false",
        "sortDirection": str(whole.get("sortDirection", MANUAL)),
    }
    return {**flags, **({"mode": "FULL"} if full else {}), "entries": entries}


def ids(whole: Json) -> list[str]:
    """The values' ids, in their order."""
    return [i for i, _ in _values(whole)]


def _values(whole: Json | Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    found = whole.get("values") if isinstance(whole, Mapping) else None
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict):
            labels = one.get("labels")
            yield str(one.get("id")), labels if isinstance(labels, dict) else {}
