"""What cannot be done to an attribute: values of its domain cannot be taken away (OC-R74)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.record import replace
from reconciler.providers.omn_core import domain

LOST: Final = "products lose the values that they have of this attribute, if the server takes them along"


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Domains with what cannot be taken away; what a delete may do to products."""
    return [_with_effect(_reduced(change)) for change in changes]


def _with_effect(change: Change) -> Change:
    goes = change.verb in (Verb.DELETE, Verb.REPLACE)
    return replace(change, effects=(*change.effects, LOST)) if goes else change


def _reduced(change: Change) -> Change:
    """Where values would have to go: made anew with consent; else these stay, and just the rest is sent, if that
    differs."""
    wanted, live = change.wire.get("domain"), change.live.fields.get("domain") if change.live else None
    if "domain" not in change.changed or change.verb is Verb.REPLACE or not isinstance(wanted, dict):
        return change
    left = [i for i in domain.ids(live) if i not in domain.ids(wanted)] if "values" in wanted else []
    if not left:
        return change
    if change.document is not None and "replace" in change.document.lifecycle.allow:
        return replace(change, verb=Verb.REPLACE)
    whole = _with_those(live, wanted, left)
    reason = f"the values {', '.join(left)} cannot be taken away from an attribute"
    way_out = "declare them, too, or add `replace` to lifecycle.allow: it is then deleted and made anew"
    hold = Hold("cannot-remove", reason, way_out, final=True, only="domain")
    idle = domain.same(live, whole)
    changed = change.changed - {"domain"} if idle else change.changed
    found = replace(
        change,
        changed=changed,
        wire={**change.wire, "domain": whole},
        withheld={**change.withheld, "domain": wanted},
        holds=(*change.holds, hold),
    )
    return replace(found, verb=Verb.NONE) if idle and change.verb is Verb.UPDATE and not found.writes else found


def _with_those(live: Json, wanted: JsonObject, left: Sequence[str]) -> JsonObject:
    """The wanted domain with the values that stay: where they are, if the others keep their order, else behind."""
    values = {i: one for i, one in _values(live) if i in left} | dict(_values(wanted))
    there, asked = domain.ids(live), domain.ids(wanted)
    in_order = [i for i in there if i in asked] == [i for i in asked if i in there]
    order = [*there, *(i for i in asked if i not in there)] if in_order else [*asked, *left]
    return {**wanted, "values": [values[i] for i in order]}


def _values(held: Json) -> list[tuple[str, Json]]:
    values = held.get("values") if isinstance(held, dict) else None
    return [(str(v.get("id")), v) for v in values if isinstance(v, dict)] if isinstance(values, list) else []
