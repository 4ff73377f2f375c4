"""A connection with its models, and how a refusal of the API is looked at."""

from __future__ import annotations

from tests.unit.twins.served import Omni

ADMIN = "00000001-0000-4000-8000-000000000001"
PAT_USER = "00000001-0000-4000-8000-000000000002"
BASE, OTHER = (f"00000003-0000-4000-8000-00000000000{n}" for n in (1, 2))
SCHEMA, ORDERS = (f"00000006-0000-4000-8000-00000000000{n}" for n in (1, 2))
NOBODY = "00000001-0000-4000-8000-0000000000ff"
NOWHERE = "00000003-0000-4000-8000-0000000000ff"
NOTHING = "00000006-0000-4000-8000-0000000000ff"
PAT = {"Authorization": "Bearer omni_pat_test"}
OK = (200, {"success": True})


def warehouse(omni: Omni) -> Omni:
    """Two connections, `BASE` with a schema model and the shared model `ORDERS`."""
    omni.twin.add_connection("Warehouse", database="wh")
    omni.twin.add_connection("Staging")
    omni.twin.add_model(BASE, "SCHEMA")
    omni.twin.add_model(BASE, "SHARED", "Orders", base_id=SCHEMA)
    return omni


def refused(omni: Omni, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
    """Status and text of a refusal, which changed nothing and let no time pass."""
    before, now = omni.twin.digest(), omni.twin.clock.now()
    status, answer = omni.ask(method, path, body, **headers)
    assert (omni.twin.digest(), omni.twin.clock.now()) == (before, now)
    text = answer.get("detail") or answer.get("message") or answer["error"]
    return status, text
