"""An attribute as it is sent: complete, the live one overlaid with what is declared (OC-R68)."""

from __future__ import annotations

from typing import Final

from reconciler.model.change import Change, Value, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.providers.omn_core import domain
from reconciler.providers.omn_core.class_list import FLAGS, path_of
from reconciler.providers.omn_core.class_pieces import ATTRIBUTE, at, creates, live_at

AT_FIRST: Final[JsonObject] = {
    "level": "p",
    "inheritance": "visible",
    "restriction": "optional",
    "localized": False,
}
"""What a new attribute is where nothing is declared (OC-R66)."""


def attribute_body(change: Change) -> JsonObject:
    """`{"attribute": "gender", "node": "/Standard/Shoes", …}`."""
    whole = _whole(change)
    flags: JsonObject = {name: _text(whole[name]) for name in FLAGS if name in whole}
    held = domain.wire(whole.get("domain"), full=False)
    default = whole.get("default")
    return {
        "attribute": change.key,
        "node": path_of(at(change)),
        **flags,
        **({"domainVals": held} if held else {}),
        **({"defaultVal": {"tid": default}} if default is not None else {}),
    }


def comes_back(change: Change) -> bool:
    """Whether what is made anew is the same attribute of the same node: it is known by the same id, and keeps what
    nobody declares."""
    if change.live is None or change.verb is not Verb.REPLACE or change.address.kind != ATTRIBUTE:
        return False
    return live_at(change) == at(change) and change.live.key == change.key


def attribute_fields(change: Change) -> dict[str, Value]:
    """What live must show of it: of a new one everything, else what is changed."""
    whole = _whole(change)
    if not creates(change):
        return {name: whole[name] for name in sorted(change.changed) if name in whole}
    sent = {name: value for name, value in whole.items() if value is not None}
    return {"node": list[Json](at(change)), "definition": change.key, **sent}


def _whole(change: Change) -> JsonObject:
    stays = change.live is not None and (change.verb is not Verb.REPLACE or comes_back(change))
    live = dict(change.live.fields) if change.live is not None and stays else AT_FIRST
    names = (*FLAGS, "default")
    found = {n: change.wire.get(n, live.get(n)) for n in names if n in change.wire or n in live}
    wanted = change.wire.get("domain") if "domain" in change.changed or creates(change) else None
    return {**found, "domain": domain.overlaid(live.get("domain"), wanted)}


def _text(value: Json) -> Json:
    return ("true" if value else "false") if isinstance(value, bool) else value
