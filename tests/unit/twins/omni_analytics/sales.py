"""The document that the examples of the reference are about, and a few people around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.twins import OmniTwin
from tests.unit.twins.served import Omni

ADMIN = "00000001-0000-4000-8000-000000000001"
PAT_USER = "00000001-0000-4000-8000-000000000002"
NOBODY = "00000001-0000-4000-8000-0000000000ff"
CONNECTION = "00000003-0000-4000-8000-000000000001"
MODEL = "00000006-0000-4000-8000-000000000002"
SALES = "d0c00001"
ONE = f"/v1/documents/{SALES}"
PAT = {"Authorization": "Bearer omni_pat_test"}
OK = (200, {"success": True})
FILTERS: Mapping[str, Any] = {
    "region": {
        "type": "string",
        "kind": "EQUALS",
        "values": [],
        "label": "Region",
        "required": False,
        "hidden": False,
    }
}
CONTROL: Mapping[str, Any] = {
    "id": "field_selector",
    "type": "FIELD_SELECTION",
    "kind": "FIELD",
    "label": "Metric",
    "field": "orders.revenue",
    "options": [],
}


def add_sales(twin: OmniTwin, **more: Any) -> str:
    """Its identifier, `d0c00001` in a new world."""
    return twin.add_document(
        "Sales",
        model_id=MODEL,
        connection_id=CONNECTION,
        filters=dict(FILTERS),
        controls=[dict(CONTROL)],
        **more,
    )


def prepare(world: Omni) -> str:
    """The document, the folder `/blob-sales`, Jane and her group `grp00001`; Jane's id."""
    jane = world.twin.add_user("jane@example.com", "Jane Smith")
    world.twin.edit("POST", "/v1/folders", {"name": "Blob Sales"})
    world.twin.edit("POST", "/scim/v2/groups", {"displayName": "Finance Team", "members": [{"value": jane}]})
    add_sales(world.twin)
    return jane


def detail(text: str, status: int = 400, **more: object) -> tuple[int, Any]:
    """A refusal as the reference's examples show it."""
    return status, {"detail": text, "status": status, **more}


def listed(world: Omni, query: str = "", **headers: str) -> list[Any]:
    """The records of the document list."""
    status, body = world.ask("GET", f"/v1/documents?sortDirection=asc&{query}", **headers)
    assert status == 200, body
    records: list[Any] = body["records"]
    return records


def principals(world: Omni, query: str = "accessSource=direct", place: str = ONE) -> list[tuple[str, str]]:
    """(name, role) of the access list, the owner's role as `OWNER`."""
    status, body = world.ask("GET", f"{place}/access-list?{query}")
    assert status == 200, body
    return [(one["name"], "OWNER" if one.get("isOwner") else one["role"]) for one in body["principals"]]
