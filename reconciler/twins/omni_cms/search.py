"""The search: all components that match, flat, in pages (CM-R10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omni_cms.call import Call, CmsRoute
from reconciler.twins.omni_cms.checks import INTEGER, STRING, TEXTS, Type, read_body
from reconciler.twins.omni_cms.showing import in_full, in_order
from reconciler.twins.omni_cms.things import Component
from reconciler.twins.omni_cms.tree import may_see

USUAL_LIMIT = 50
TYPES: Mapping[str, Type] = {
    "terms": STRING,
    "tags": TEXTS,
    "spaceId": INTEGER,
    "componentType": STRING,
    "limit": INTEGER,
    "order": STRING,
    "direction": STRING,
    "offset": INTEGER,
}


def search(call: Call) -> Answer:
    body = read_body(call.request, TYPES)
    found = [one for one in call.table(Component).values() if _shows(call, one) and _matches(one, body)]
    if not body.get("terms") and call.hard("search-needs-terms"):
        found = []
    ordered = in_order(call, found, body.get("order"), body.get("direction"))
    start = max(0, _number(body, "offset", 0))
    page = ordered[start : start + _limit(call, body)]
    shown: list[Json] = [in_full(call, one) for one in page]
    more = start + len(page) < len(ordered)
    return Answer(200, {"components": shown, "total": len(ordered), "more": more})


def _limit(call: Call, body: JsonObject) -> int:
    """A limit below 1 counts as none given."""
    limit = _number(body, "limit", USUAL_LIMIT)
    if limit < 1:
        limit = USUAL_LIMIT
    return min(limit, USUAL_LIMIT) if call.hard("CM-P1") else limit


def _number(body: JsonObject, name: str, usual: int) -> int:
    value = body.get(name)
    return value if isinstance(value, int) else usual


def _shows(call: Call, component: Component) -> bool:
    return may_see(call, component) and not (component.is_root and call.hard("CM-P2"))


def _matches(component: Component, body: JsonObject) -> bool:
    """Do all given filters select this component? No terms, and no tags, select everything."""
    terms, tags = body.get("terms"), body.get("tags")
    if isinstance(terms, str) and not _contains(component, terms.casefold()):
        return False
    if isinstance(tags, Collection) and tags and not any(tag in component.tags for tag in tags):
        return False
    if body.get("spaceId", component.space_id) != component.space_id:
        return False
    return body.get("componentType", component.component_type) == component.component_type


def _contains(component: Component, folded: str) -> bool:
    return folded in component.key.casefold() or folded in component.name.casefold()


KIND: Kind[CmsRoute] = Kind(
    routes=(CmsRoute(method="POST", path="/component/search", public=True, safe=True, answer=search),),
    questions=(
        Knob("CM-P1", "limit of the search", f"honoured, {USUAL_LIMIT} by default", f"capped at {USUAL_LIMIT}"),
        Knob("CM-P2", "the search and roots", "shows and counts them", "leaves them out"),
        Knob("search-needs-terms", "a search without terms", "finds all", "finds nothing", switch=True),
    ),
)
