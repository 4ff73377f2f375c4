"""Product: its identifier is its id, so that making one twice would only repeat it; of its values just the
declared ones count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.catalog import Verdict
from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import unlike_names
from reconciler.model.place import Problem
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core import answers
from reconciler.providers.omn_core.custom_values import texts
from reconciler.providers.omn_core.product_reading import details, narrow, parse, reads
from reconciler.providers.omn_core.product_values import overlaid, shapes
from reconciler.providers.omn_core.product_writing import bound, calls
from reconciler.providers.omn_core.texts import amiss, uncarried

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "narrow",
    "parse",
    "reads",
    "review",
    "settled",
    "verdicts",
]


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Names and values that the server could not keep as they are (OC-R20)."""
    return [p for document in documents for p in _unfit(kind, document)]


def _unfit(kind: Kind, document: Document) -> Iterator[Problem]:
    for name in (kind.key, "name"):
        value = document.spec.get(name)
        if isinstance(value, str) and (why := amiss(value)):
            yield Problem(document.at("spec", name), f"{document.address}: {name} {value!r} {why}", rule="OC-R20")
    values = document.spec.get("values")
    for name, one in values.items() if isinstance(values, dict) else ():
        if len(shapes(one)) > 1:
            at, why = document.at("spec", "values", name), "is of several shapes; write it alike in all locales"
            yield Problem(at, f"{document.address}: values.{name} {why}", rule="OC-R141")
        for text in texts(one):
            if why := amiss(name) or uncarried(text):
                at = document.at("spec", "values", name)
                yield Problem(at, f"{document.address}: values.{name} {why}", rule="OC-R20")


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What a new product lacks; and values in locales that nobody declares, which stay."""
    return [_nameless(_with_locales(kind, change)) for change in changes]


def _nameless(change: Change) -> Change:
    if change.verb is not Verb.CREATE or "name" in change.wire:
        return change
    hold = Hold("name", "a product is made with a name, and this one has none", "add `name`", final=True)
    return replace(change, holds=(*change.holds, hold))


def _with_locales(kind: Kind, change: Change) -> Change:
    """A value by locale is compared, and sent, with what is live in other locales (OC-R142)."""
    live, values = change.live, change.wire.get("values")
    there = live.fields.get("values") if live else None
    if not isinstance(values, dict) or not isinstance(there, dict) or "values" not in change.changed:
        return change
    whole: dict[str, Json] = overlaid(there, values)
    unlike = {*unlike_names(kind.fields["values"], there, whole)}
    fields = tuple(f for f in change.fields if f.path[0] != "values" or f.path[1] in unlike)
    found = replace(
        change,
        wire={**change.wire, "values": whole},
        fields=fields,
        changed=change.changed if unlike else change.changed - {"values"},
    )
    idle = change.verb is Verb.UPDATE and not fields and not found.writes
    return replace(found, verb=Verb.NONE) if idle else found


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:
    """As everywhere; but no answer says which of several links could not be taken away, and no reading may tell:
    they count as being there, and the next plan tries again (OC-R146)."""
    found = answers.verdicts(kind, carrier, riders, body)
    unsure = [r.id for r in riders if r.phase is Phase.REMOVE and found[r.id].done is None]
    return {**found, **{i: replace(found[i], done=False) for i in unsure}}


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """As everywhere; a link of which no reading tells is taken as not made, or not taken away: both may be done
    again (OC-R146)."""
    found = answers.settled(kind, call, live)
    return False if found is None and call.set_field is not None else found
