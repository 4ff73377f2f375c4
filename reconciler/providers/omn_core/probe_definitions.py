"""What safe calls can tell of our assumptions about attribute definitions and sources (OC-A21 to OC-A27).

At most 5 calls: all definitions, one of them, a channel that cannot be there, the RNCs, the components.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.doctor import Finding, Heard, Known, Probe, confirmed, refuted, untold
from reconciler.model.json import Json, JsonObject
from reconciler.providers.omn_core import channel, component, definition_list, domain, labels, rnc
from reconciler.providers.probing import rows, settled, some, text

NOWHERE: Final = "no-channel-has-this-name"


def _definitions(known: Known, body: JsonObject) -> Request:
    return Request(known.target, "POST", definition_list.PATH, body=body, safe=True)


def _all(known: Known) -> Request:
    return _definitions(known, {"all": True})


def _one(known: Known, heard: Heard) -> Request | None:
    """The definition with the most to show."""
    found = [r for r in rows(heard, _all(known), "/attrDefs/entries") or [] if text(r, "/tid")]
    fullest = max(found, key=lambda r: (len(_looks(r)), text(r, "/tid")), default=None)
    return _definitions(known, {"tids": [text(fullest, "/tid")]}) if fullest else None


def _looks(record: Json) -> set[str]:
    """Every label, and every domain value with its labels."""
    found = domain.parsed(record) or {}
    values = found.get("values")
    return {str(one) for one in (*labels.parsed(record), *(values if isinstance(values, list) else []))}


def _asks(known: Known, heard: Heard) -> Sequence[Request]:
    one = _one(known, heard)
    return [_all(known), *([one] if one else [])]


def _whole(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _all(known))) is not None:
        return finding
    one = _one(known, heard)
    if one is None:
        return untold("there is no definition to ask for")
    if (finding := settled(heard, one)) is not None:
        return finding
    alone = rows(heard, one, "/attrDefs/entries") or []
    listed = rows(heard, _all(known), "/attrDefs/entries") or []
    found = [(a, b) for a in alone for b in listed if text(a, "/tid") == text(b, "/tid")]
    if not found:
        return refuted("a definition asked for by its name is not what the list shows")
    missing = sum(len(_looks(a) - _looks(b)) for a, b in found)
    seen = f"{some(len(listed), 'definition')}, {missing or 'none'} of the labels and values of one are missing"
    return refuted(seen) if missing else confirmed(seen)


def _channel(known: Known) -> Request:
    return Request(known.target, "POST", channel.RETRIEVE, body={"tids": [NOWHERE]}, safe=True)


def _channel_asks(known: Known, heard: Heard) -> Sequence[Request]:  # noqa: ARG001 - always the same
    return [_channel(known)]


def _unknown_channel(known: Known, heard: Heard) -> Finding:
    answer = heard.of(_channel(known))
    if answer is not None and answer.status == 404:
        return refuted("a channel that is not there fails the call")
    if (finding := settled(heard, _channel(known))) is not None:
        return finding
    found = rows(heard, _channel(known), "/projects/entries")
    if found is None:
        return refuted("the answer holds no list of channels")
    return refuted("it shows channels that were not asked for") if found else confirmed("it is left out")


def _lists(known: Known) -> tuple[Request, Request]:
    return (
        Request(known.target, "POST", rnc.PATH, safe=True),
        Request(known.target, "POST", component.PATH, safe=True),
    )


def _list_asks(known: Known, heard: Heard) -> Sequence[Request]:  # noqa: ARG001 - always the same
    return _lists(known)


def _without_body(known: Known, heard: Heard) -> Finding:
    rncs, components = _lists(known)
    for request in (rncs, components):
        if (finding := settled(heard, request)) is not None:
            return finding
    found, answer = rows(heard, rncs, "/rncs/entries"), heard.of(components)
    if found is None or answer is None or not isinstance(answer.body, dict):
        return refuted("an answer is not of the form that the reference shows")
    return confirmed(f"{some(len(found), 'RNC')} and {some(len(answer.body), 'component')}")


PROBES: Final = (
    Probe(
        "OC-A24",
        "`all: true` shows every definition, with all its labels and values",
        "one that is missing is sent as a create, and updated; a locale that is missing could lose its label",
        _asks,
        _whole,
    ),
    Probe(
        "OC-A26",
        "`channels/retrieve` leaves out what does not exist",
        "a 404 fails the reading of channels; nothing that names one is planned",
        _channel_asks,
        _unknown_channel,
    ),
    Probe(
        "OC-A27",
        "without a body, RNCs and components are shown",
        "a manifest is refused too early, never too late",
        _list_asks,
        _without_body,
    ),
)
LEFT: Final = ("OC-A21", "OC-A22", "OC-A23")
"""What shows only after a write."""
