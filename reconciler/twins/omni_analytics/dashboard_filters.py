"""Filters and controls of a dashboard: their values, labels and order; which there are is content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import given_flag
from reconciler.twins.omni_analytics.documents import find_document, store
from reconciler.twins.omni_analytics.rights import check_may
from reconciler.twins.omni_analytics.things import Document

PATH = "/v1/dashboards/{dashboardId}/filters"
TEXTS = ("left_side", "right_side", "label", "description")
FLAGS = ("required", "hidden")
OF_FILTERS = ("values", *TEXTS, *FLAGS)
OF_CONTROLS = ("label", "description", "hidden")
NOTHING = "Request must include at least one filter, control, or filterOrder to update"
DRAFT = "A draft already exists for this document. Set clearExistingDraft to true to discard and proceed."

_route = partial(OmniRoute, path=PATH, on_behalf=True)


def read(call: Call) -> Answer:
    document = asked_dashboard(call)
    check_may(call, document, "VIEWER", "Insufficient permissions to view the specified dashboard")
    return Answer(200, _shown(document))


def change(call: Call) -> Answer:
    """Merged key by key, and published at once."""
    asked = _asked(call)
    document = asked_dashboard(call)
    check_may(call, document, "EDITOR", "Insufficient permissions to edit the specified dashboard")
    _check_known(document, asked)
    updates = [("filter", asked.filters, OF_FILTERS), ("control", asked.controls, OF_CONTROLS)]
    for word, given, known in updates:
        for key, update in given.items():
            if (wrong := _wrong(call, update, known)) is not None:
                raise Refused(400, f"Invalid {word} update for {key}: {wrong}")
    check_draft(document, clear=asked.clears_draft)
    changed = replace(
        document,
        has_draft=False,
        filters={
            key: {**one, **_known_part(asked.filters.get(key, {}), OF_FILTERS)}
            for key, one in document.filters.items()
        },
        controls=tuple(
            {**one, **_known_part(asked.controls.get(str(one["id"]), {}), OF_CONTROLS)}
            for one in document.controls
        ),
        filter_order=asked.order or document.filter_order,
    )
    store(call, changed, call.moment())
    return Answer(200, _shown(changed))


def asked_dashboard(call: Call) -> Document:
    """The document that the path names, if it has a dashboard. Raises Refused."""
    document = find_document(call, call.ids["dashboardId"])
    if document is None or not document.is_dashboard:
        raise Refused(404, "Dashboard not found")
    return document


def check_draft(document: Document, *, clear: bool) -> None:
    """Raises Refused where a change would go over somebody's draft of what is published."""
    if document.published and document.has_draft and not clear:
        raise Refused(409, DRAFT)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a body asks for. The updates, by id, are not looked into yet."""

    filters: Mapping[str, JsonObject]
    controls: Mapping[str, JsonObject]
    order: tuple[str, ...]
    clears_draft: bool


def _asked(call: Call) -> _Asked:
    order = call.body.get("filterOrder", [])
    if not isinstance(order, list) or not all(isinstance(one, str) for one in order):
        raise call.bad("filterOrder: Invalid value")
    asked = _Asked(
        _asked_updates(call, "filters", "filter"),
        _asked_updates(call, "controls", "control"),
        tuple(str(one) for one in order),
        given_flag(call, "clearExistingDraft") or False,
    )
    if not asked.filters and not asked.controls and not asked.order:
        raise call.bad(NOTHING)
    return asked


def _asked_updates(call: Call, name: str, word: str) -> dict[str, JsonObject]:
    given = call.body.get(name, {})
    if not isinstance(given, Mapping):
        raise call.bad(f"{name}: Invalid value")
    found: dict[str, JsonObject] = {}
    for key, update in given.items():
        if not isinstance(update, Mapping):
            raise call.bad(f"Invalid {word} update for {key}: Expected object")
        found[key] = update
    return found


def _check_known(document: Document, asked: _Asked) -> None:
    """Which there are is said in the order in which they are shown."""
    filters, controls = list(document.filters), [str(one["id"]) for one in document.controls]
    checks = [
        ("filter IDs", "filter IDs", asked.filters, filters),
        ("control IDs", "control IDs", asked.controls, controls),
        ("IDs in filterOrder", "IDs", asked.order, [*filters, *controls]),
    ]
    for wrong, word, given, known in checks:
        unknown = [key for key in given if key not in known]
        if unknown:
            there = ", ".join(_in_order(document, known))
            raise Refused(400, f"Invalid {wrong}: {', '.join(unknown)}. Available {word}: {there}")


def _in_order(document: Document, ids: Iterable[str]) -> list[str]:
    known = list(ids)
    placed = [key for key in document.filter_order if key in known]
    return placed + [key for key in known if key not in placed]


def _wrong(call: Call, update: JsonObject, known: tuple[str, ...]) -> str | None:
    """What is wrong with an update, if anything is."""
    for name, value in update.items():
        if name not in known:
            if call.hard("OA-P7"):
                return f"Unrecognized key(s) in object: '{name}'"
        elif name == "values" and not _are_texts(value):
            return "values: Expected array of strings"
        elif name in TEXTS and not isinstance(value, str):
            return f"{name}: Expected string"
        elif name in FLAGS and not isinstance(value, bool):
            return f"{name}: Expected boolean"
    return None


def _are_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _known_part(update: JsonObject, known: tuple[str, ...]) -> JsonObject:
    return {name: value for name, value in update.items() if name in known}


def _shown(document: Document) -> Json:
    return {
        "identifier": document.identifier,
        "filters": document.filters,
        "controls": list(document.controls),
        "filterOrder": list(document.filter_order),
    }


KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", answer=read),
        _route(
            method="PATCH",
            answer=change,
            fields=("clearExistingDraft", "filters", "controls", "filterOrder"),
        ),
    )
)
