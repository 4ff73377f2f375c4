"""What a create's answer tells that people need next, as a key to enter somewhere else (`x-output`)."""

from __future__ import annotations

from reconciler.apply.judge import creates
from reconciler.model.json import Json, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.outcome import Fact
from reconciler.model.plan import Call


def of_answer(kind: Kind, call: Call, body: Json) -> dict[str, Json]:
    """The fact of it; empty where the answer tells nothing of the kind."""
    at = kind.rest.create.answer if kind.rest.create else None
    if at is None or not creates(call):
        return {}
    found = {name: pick(body, at + one.wire) for name, one in kind.fields.items() if one.output}
    return _fact({name: value for name, value in found.items() if not isinstance(value, Missing)})


def of_thing(kind: Kind, call: Call, resource: Resource) -> dict[str, Json]:
    """The same from a reading, where the answer was lost."""
    if not creates(call):
        return {}
    return _fact({n: resource.fields[n] for n, one in kind.fields.items() if one.output and n in resource.fields})


def _fact(values: dict[str, Json]) -> dict[str, Json]:
    told = {name: value for name, value in values.items() if value is not None}
    return {Fact.OUTPUT: dict[str, Json](told)} if told else {}
