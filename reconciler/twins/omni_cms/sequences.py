"""The sequence of many components, in one call (CM-R27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omni_cms.call import Call, CmsRoute, done
from reconciler.twins.omni_cms.checks import Type, is_integer, read_body
from reconciler.twins.omni_cms.errors import no_component
from reconciler.twins.omni_cms.things import Component


def set_all(call: Call) -> Answer:
    wanted = list(_wanted(read_body(call.request, {"sequences": PAIRS}, ["sequences"])))
    table = call.table(Component)
    missing = [component_id for component_id, _ in wanted if component_id not in table]
    if missing and not call.hard("CM-P8"):
        raise no_component(missing[0])
    call.moment()
    for component_id, sequence in wanted:
        if component_id not in table:
            raise no_component(component_id)
        table[component_id] = replace(table[component_id], sequence=sequence)
    return Answer(200, done())


def _wanted(body: JsonObject) -> Iterator[tuple[str, int]]:
    sequences = body["sequences"]
    for item in sequences if isinstance(sequences, list) else ():
        yield str(item["id"]), item["sequence"]


def _is_pairs(value: Json) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, Mapping) and is_integer(item.get("id")) and is_integer(item.get("sequence"))
        for item in value
    )


PAIRS = Type("array", _is_pairs)
KIND: Kind[CmsRoute] = Kind(
    routes=(CmsRoute(method="PUT", path="/component/sequence", answer=set_all),),
    questions=(
        Knob("CM-P8", "a sequence for an unknown id", "nothing is applied", "what came before it stays applied"),
    ),
)
