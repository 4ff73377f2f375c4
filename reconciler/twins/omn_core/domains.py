"""The values that an attribute may have: how they are sent, merged and shown (OC-P34).

A domain is kept as `{allowNewValue, sortDirection, values: [{tid, texts: {locale: text}}]}`; the order of its
values counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone
from reconciler.twins.omn_core.call import Call, OmnRoute, text
from reconciler.twins.omn_core.labels import known_texts, merged_labels, shown_labels

Domain: TypeAlias = Mapping[str, Json]
Values: TypeAlias = Mapping[str, Mapping[str, str]]
FLAGS: Mapping[str, str] = {"allowNewValue": "false", "sortDirection": "MANUAL"}
FULL = "FULL"


def domain_of(values: Values, **flags: str) -> Domain:
    """A domain of these texts by locale by tid."""
    listed: list[Json] = [{"tid": tid, "texts": dict(texts)} for tid, texts in values.items()]
    return {**FLAGS, **flags, "values": listed}


def values_of(domain: Domain | None) -> dict[str, Mapping[str, str]]:
    """Texts by locale by tid, in order."""
    listed = (domain or {}).get("values")
    found: dict[str, Mapping[str, str]] = {}
    for value in listed if isinstance(listed, list) else ():
        texts = value["texts"]
        found[str(value["tid"])] = {str(loc): str(one) for loc, one in texts.items()}
    return found


def saved_domain(call: Call, old: Domain | None, given: JsonObject, **echo: str | None) -> Domain | None:
    """The domain of an object once `given` was persisted. Raises NotDone."""
    sent = given.get("domainVals")
    if not isinstance(sent, Mapping):
        return None if call.hard("OC-P29") else old
    kept = {} if call.hard("OC-P29") else {name: str((old or {}).get(name, "")) for name in FLAGS}
    flags = {name: text(sent, name) or kept.get(name) or usual for name, usual in FLAGS.items()}
    before = values_of(old)
    wanted = {
        tid: merged_labels(call, before.get(tid, {}), texts) for tid, texts in _sent(call, sent, echo).items()
    }
    if text(sent, "mode") != FULL:
        return domain_of({**before, **wanted}, **flags)
    left = {tid: texts for tid, texts in before.items() if tid not in wanted} if call.hard("OC-P34") else {}
    return domain_of({**wanted, **left}, **flags)


def shown_domain(domain: Domain, *, full: bool) -> Json:
    """The container of a domain; `full` with its mode."""
    flags = {name: str(domain[name]) for name in FLAGS}
    entries: list[Json] = [{"tid": tid, **shown_labels(texts)} for tid, texts in values_of(domain).items()]
    return {**flags, **({"mode": FULL} if full else {}), "entries": entries}


def _sent(call: Call, sent: JsonObject, echo: Mapping[str, str | None]) -> dict[str, Mapping[str, str]]:
    """Texts by locale by tid. Raises NotDone."""
    entries = sent.get("entries")
    found: dict[str, Mapping[str, str]] = {}
    for entry in entries if isinstance(entries, list) else ():
        value = entry if isinstance(entry, Mapping) else {}
        if not (tid := text(value, "tid")):
            raise NotDone("The identifier of a domain value is missing", **echo)
        found[tid] = known_texts(call, value, **echo)
    return found


KIND: Kind[OmnRoute] = Kind(
    questions=(Knob("OC-P34", "a domain value left out of a full list", "is gone", "stays"),)
)
