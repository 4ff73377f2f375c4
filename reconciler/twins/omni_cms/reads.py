"""Reading one component, with as many levels of children below it as are asked for (CM-R13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omni_cms.call import Call, CmsRoute
from reconciler.twins.omni_cms.showing import in_full, in_order, in_short
from reconciler.twins.omni_cms.things import Component
from reconciler.twins.omni_cms.tree import asked_component, by_parent, may_see

DEEPEST = 7
CAP = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """What the query asks for. `limit` cuts each parent's list, `length` each content; None: nothing."""

    with_content: bool
    levels: int
    limit: int | None
    length: int | None
    order: str
    direction: str


def read(call: Call) -> Answer:
    component = asked_component(call)
    query = dict(reversed(call.request.parameters()))
    wish = _wish(call, query)
    children = None
    if wish.levels:
        visible = [one for one in call.table(Component).values() if may_see(call, one)]
        children = _children(call, wish, by_parent(visible), component, wish.levels)
    shown = in_full(call, component, all_parents=query.get("parents") == "all", children=children)
    shown["content"] = component.content[: wish.length]
    return Answer(200, shown)


def _wish(call: Call, query: Mapping[str, str]) -> Wish:
    """The query's options; those that make no sense count as left out."""
    children = query.get("children")
    levels = min(_number(query.get("levels")) or 0, DEEPEST)
    limit = _number(query.get("limit"))
    return Wish(
        with_content=children == "content",
        levels=levels if children in {"summary", "content"} else 0,
        limit=CAP if limit is None and call.hard("CM-P9") else limit,
        length=_number(query.get("contentLength")),
        order=query.get("order", ""),
        direction=query.get("direction", ""),
    )


def _number(text: str | None) -> int | None:
    # More digits than any real number has would only be slow to read.
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 20 else None


def _children(
    call: Call, wish: Wish, tree: Mapping[int, list[Component]], parent: Component, levels: int
) -> list[Json]:
    shown: list[Json] = []
    for child in in_order(call, tree.get(parent.id, ()), wish.order, wish.direction)[: wish.limit]:
        one = in_short(call, child)
        if wish.with_content:
            one["content"] = child.content[: wish.length]
        if levels > 1:
            one["children"] = _children(call, wish, tree, child, levels - 1)
        shown.append(one)
    return shown


KIND: Kind[CmsRoute] = Kind(
    routes=(
        CmsRoute(method="GET", path="/component/{id}", public=True, answer=read),
        CmsRoute(method="GET", path="/component/{space_id}/{key}", public=True, answer=read),
    ),
    questions=(Knob("CM-P9", "children without a limit", "all", f"{CAP} for each parent, no sign of more"),),
)
