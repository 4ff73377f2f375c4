"""How components look in answers, and in which order they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Json
from reconciler.twins.omni_cms.call import Call, CmsRoute
from reconciler.twins.omni_cms.things import Component
from reconciler.twins.omni_cms.tree import ancestors


def in_short(call: Call, component: Component) -> dict[str, Json]:
    """A component as a child is shown: without its space, its content and its parents."""
    return {
        "id": component.id,
        "key": component.key,
        "name": component.name,
        "metadata": component.metadata,
        **_state(call, component),
        "tags": _tags(call, component),
        **_unknown(call, component),
    }


def in_full(
    call: Call, component: Component, *, all_parents: bool = False, children: Sequence[Json] | None = None
) -> dict[str, Json]:
    """A component with all it has; of its parents the closest only, unless all are asked for.

    `children` as they are to be shown, None for no mention of any.
    """
    above = ancestors(call.table(Component), component)
    if not all_parents:
        above = above[:1]
    elif call.hard("CM-P11"):
        above.reverse()
    return {
        "id": component.id,
        "key": component.key,
        "name": component.name,
        "spaceId": component.space_id,
        "content": component.content,
        "metadata": component.metadata,
        "parents": [{"id": one.id, "key": one.key, "name": one.name} for one in above],
        **_state(call, component),
        **({} if children is None else {"children": children}),
        "tags": _tags(call, component),
        **_unknown(call, component),
    }


def in_order(call: Call, components: Iterable[Component], order: Json, direction: Json) -> list[Component]:
    """Sorted by `id`, `date` or `sequence` (any other word means that); `desc` turns round all but ties."""
    rows = sorted(components, key=lambda component: component.id)
    if call.hard("CM-P3"):
        call.dice.shuffle(rows)
    descending = direction == "desc"
    if order == "date":
        return sorted(rows, key=lambda component: component.date, reverse=descending)
    if order == "id":
        return sorted(rows, key=lambda component: component.id, reverse=descending)
    return sorted(rows, key=lambda component: component.sequence, reverse=descending)


def _state(call: Call, component: Component) -> dict[str, Json]:
    """What is said of a component by single words, in the order of all answers."""
    return {
        "componentType": component.component_type,
        "published": component.published,
        "visible": component.visible,
        "sequence": component.sequence,
        "date": _date(call, component),
    }


def _tags(call: Call, component: Component) -> list[str]:
    return sorted(component.tags) if call.hard("CM-P13") else list(component.tags)


def _date(call: Call, component: Component) -> str:
    return component.date.replace("Z", "+00:00") if call.hard("CM-P12") else component.date


def _unknown(call: Call, component: Component) -> dict[str, Json]:
    if not call.hard("CM-P17"):
        return {}
    return {"createdBy": 1, "url": f"/{component.space_id}/{component.key}"}


KIND: Kind[CmsRoute] = Kind(
    questions=(
        Knob("CM-P3", "ties in an order", "by id", "shuffled on every request"),
        Knob("CM-P11", "parents=all", "nearest first", "root first"),
        Knob("CM-P12", "date as read", "with milliseconds and Z", "with +00:00 instead of Z"),
        Knob("CM-P13", "order of spaces, and of tags", "by id; as sent", "by name, descending; sorted"),
        Knob("CM-P17", "undocumented keys of a component", "none", "createdBy, url"),
    )
)
