"""What a document is made of: read, renamed, replaced, its draft, its queries, its favorites. No settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import check_name, given_flag, given_uuid
from reconciler.twins.omni_analytics.dashboard_filters import check_draft
from reconciler.twins.omni_analytics.document_moves import MAY_NOT_EDIT
from reconciler.twins.omni_analytics.documents import asked_document, check_user, store
from reconciler.twins.omni_analytics.rights import check_may
from reconciler.twins.omni_analytics.things import Document

ONE = "/v1/documents/{documentId}"
NO_DASHBOARD = "Analysis documents are not supported"
REPLACED = (
    "modelId",
    "name",
    "facetFilters",
    "refreshInterval",
    "filterConfig",
    "filterOrder",
    "queryPresentations",
)
SHORTEST_INTERVAL = 60

_route = partial(OmniRoute, path=ONE)


def read(call: Call) -> Answer:
    """A dashboard in the form in which a PUT takes it."""
    document = asked_document(call)
    check_may(call, document, "VIEWER", "User does not have permission to view this document")
    if not document.is_dashboard:
        raise Refused(400, NO_DASHBOARD)
    tabs: Json = [
        {
            "name": name,
            "query": query,
            "chartType": "table",
            "visualization": {"visType": "basic", "config": {}, "fields": []},
            "prefersChart": False,
            "id": query_id,
            "queryIdentifierMapKey": name,
            "aiConfig": {},
            "resultConfig": {},
        }
        for query_id, name, query in _queries(document)
    ]
    shown: Json = {
        "name": document.name,
        "modelId": document.model_id,
        "facetFilters": False,
        "refreshInterval": None,
        "filterConfig": document.filters,
        "filterOrder": list(document.filter_order),
        "queryPresentations": tabs,
    }
    return Answer(200, shown)


def rename(call: Call) -> Answer:
    """What is published is renamed by way of a draft."""
    name = check_name(call, 255)
    clear = given_flag(call, "clearExistingDraft") or False
    document = asked_document(call)
    check_may(call, document, "EDITOR", MAY_NOT_EDIT)
    return _changed(call, document, replace(document, name=name), clear=clear)


def overwrite(call: Call) -> Answer:
    """Name, model, filters and their order; the queries are looked at, not kept."""
    name = check_name(call, 254)
    missing = [field for field in REPLACED if field not in call.body]
    if missing:
        raise call.bad(f"{missing[0]}: Required")
    _check_replacement(call)
    clear = given_flag(call, "clearExistingDraft") or False
    document = asked_document(call)
    check_may(call, document, "EDITOR", MAY_NOT_EDIT)
    if not document.is_dashboard:
        raise Refused(400, NO_DASHBOARD)
    filters, order = call.body["filterConfig"], call.body["filterOrder"]
    changed = replace(
        document,
        name=name,
        model_id=str(call.body["modelId"]),
        filters={key: one for key, one in _object(filters).items() if isinstance(one, Mapping)},
        filter_order=tuple(str(one) for one in order) if isinstance(order, list) else (),
    )
    return _changed(call, document, changed, clear=clear)


def _check_replacement(call: Call) -> None:
    interval, tabs = call.body["refreshInterval"], call.body["queryPresentations"]
    good = {
        "modelId": isinstance(call.body["modelId"], str),
        "facetFilters": isinstance(call.body["facetFilters"], bool),
        "refreshInterval": interval is None or (type(interval) is int and interval >= SHORTEST_INTERVAL),
        "filterConfig": isinstance(call.body["filterConfig"], Mapping),
        "filterOrder": isinstance(call.body["filterOrder"], list),
        "queryPresentations": isinstance(tabs, list) and len(tabs) > 0,
    }
    wrong = [field for field, fine in good.items() if not fine]
    if wrong:
        raise call.bad(f"{wrong[0]}: Invalid value")


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _changed(call: Call, document: Document, changed: Document, *, clear: bool) -> Answer:
    check_draft(document, clear=clear)
    store(call, replace(changed, has_draft=False if document.published else document.has_draft), call.moment())
    return Answer(200, {"identifier": document.identifier, "name": changed.name})


def delete(call: Call) -> Answer:
    """Into the trash."""
    document = asked_document(call)
    check_may(call, document, "MANAGER", "User does not have permission to delete this document")
    store(call, replace(document, deleted=True), call.moment())
    return Answer(200, {"success": True})


def drop_draft(call: Call) -> Answer:
    given_uuid(call, "branchId")
    document = asked_document(call, "Document with identifier {} not found")
    check_may(call, document, "EDITOR", MAY_NOT_EDIT)
    if not document.has_draft:
        raise Refused(404, f"Draft with id {call.ids['documentId']} does not exist")
    store(call, replace(document, has_draft=False), call.moment())
    return Answer(200, {"message": "Draft deleted successfully"})


def queries(call: Call) -> Answer:
    document = asked_document(call, "Document with id {} does not exist")
    check_may(call, document, "VIEWER", "User cannot view document")
    shown: Json = [{"id": key, "name": name, "query": query} for key, name, query in _queries(document)]
    return Answer(200, {"queries": shown})


def favorite(call: Call) -> Answer:
    """The same answer whether or not it was one."""
    return _favored(call, wanted=True)


def unfavorite(call: Call) -> Answer:
    """The same answer whether or not it was one."""
    return _favored(call, wanted=False)


def _favored(call: Call, *, wanted: bool) -> Answer:
    document = asked_document(call)
    if not document.published:
        raise Refused(404, f'Published document with id "{call.ids["documentId"]}" does not exist')
    check_user(call, "userId")
    user_id = call.query.get("userId", call.caller.user_id).lower()
    others = tuple(one for one in document.favorites if one != user_id)
    call.moment()
    favorites = (*others, user_id) if wanted else others
    call.table(Document)[document.identifier] = replace(document, favorites=favorites)
    return Answer(204)


def _queries(document: Document) -> list[tuple[str, str, JsonObject]]:
    """The id, key and query of each tile; one that stands for all where none are known."""
    model_id, number = document.model_id, int(document.uuid.rpartition("-")[2], 16)
    query: JsonObject = {"fields": [], "table": "orders", "limit": 1000, "filters": {}, "sorts": []}
    return [
        (f"0000000b-0000-4000-8000-{number:08x}{place:04x}", tile, {**query, "modelId": model_id})
        for place, tile in enumerate(document.tiles or ("1",), 1)
    ]


KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", answer=read),
        _route(method="PATCH", answer=rename, fields=("name", "clearExistingDraft")),
        _route(
            method="PUT",
            answer=overwrite,
            fields=(*REPLACED, "documentMetadata", "clearExistingDraft"),
        ),
        _route(method="DELETE", answer=delete),
        OmniRoute(
            method="DELETE",
            path=f"{ONE}/draft",
            answer=drop_draft,
            fields=("branchId",),
            body_optional=True,
        ),
        OmniRoute(method="GET", path=f"{ONE}/queries", answer=queries),
        OmniRoute(method="PUT", path=f"{ONE}/favorite", answer=favorite, on_behalf=True),
        OmniRoute(method="DELETE", path=f"{ONE}/favorite", answer=unfavorite, on_behalf=True),
    )
)
