"""What a call waits for: the ids of things that are yet to be made, and which calls make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.model.change import Value
from reconciler.model.json import Json
from reconciler.model.plan import Call, Effect
from reconciler.model.record import replace
from reconciler.model.values import sources
from reconciler.plan.look_ups import looked_up


def fill_ids(calls: Sequence[Call]) -> list[Call]:
    """Every `{"$id": address}` becomes `{"$from": …}` of the call that creates it, and an edge to that call."""
    creators = {str(c.address): c for c in calls if c.new_id is not None and not c.contingent}

    def fill(value: Value) -> Value:
        if isinstance(value, dict):
            if set(value) == {"$id"}:
                creator = creators.get(str(value["$id"]))
                return {"$from": {"call": creator.id, "path": creator.new_id}} if creator else value
            made = value.get("$made")
            if set(value) == {"$made"} and isinstance(made, dict):
                creator = creators.get(str(made["by"]))
                return looked_up(creator, made) if creator else value
            return {k: fill(v) for k, v in value.items()}
        return [fill(v) for v in value] if isinstance(value, list) else value

    return [_with_sources(mapped(call, fill) if _open(call) else call) for call in calls]


def _open(call: Call) -> bool:
    """Whether anything of a call waits for a thing that is yet to be made."""
    effect = call.effect
    told: list[Value] = [call.body, dict(call.args), dict(call.query), dict(call.expect), dict(effect.fields)]
    told += [*effect.absent, *effect.scope]
    return any(map(promises, told)) or any(promises(i) or promises(dict(w)) for i, w in effect.present)


def promises(value: Value) -> set[str]:
    """The addresses whose ids a value still waits for, with no call in sight that would create them."""
    if isinstance(value, dict):
        if set(value) == {"$id"}:
            return {str(value["$id"])}
        if set(value) == {"$made"} and isinstance(made := value["$made"], dict):
            return {str(made["by"])}
        return {p for v in value.values() for p in promises(v)}
    return {p for v in value for p in promises(v)} if isinstance(value, list) else set()


def mapped(call: Call, fill: Callable[[Value], Value]) -> Call:
    effect = call.effect

    def each(values: Mapping[str, Json]) -> dict[str, Json]:
        return {k: fill(v) for k, v in values.items()}

    return replace(
        call,
        args=each(call.args),
        query=each(call.query),
        body=fill(call.body),
        expect=each(call.expect),
        effect=Effect(
            effect.key,
            effect.gone,
            each(effect.fields),
            effect.set_field,
            tuple((fill(i), each(w)) for i, w in effect.present),
            tuple(fill(i) for i in effect.absent),
            tuple(fill(v) for v in effect.scope),
        ),
    )


def _with_sources(call: Call) -> Call:
    """A call comes after those whose answers it needs; also one that names a thing by its key where its effect has
    the id: the thing has to be there (a fall-back comes after what it stands in for, which is enough)."""
    effect = {} if call.contingent else dict(call.effect.fields)
    needed = sources([dict(call.args), dict(call.query), call.body, effect]) - {call.id}
    return call if needed <= call.after else replace(call, after=call.after | needed)
