"""Many grants in many folders: per folder a call for each role and boost added, for each changed to, and one
(OA-C14)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.model.json import Json
from reconciler.model.plan import Plan
from tests.world import World, doc, world

GROUPED = ("VIEWER", "VIEWER", "EDITOR", "EDITOR", "MANAGER")


def grants(first: int, roles: Sequence[str]) -> list[Json]:
    """One person for each role."""
    return [{"role": role, "users": [f"p{first + n:02}@example.com"]} for n, role in enumerate(roles)]


def opened(w: World, folders: int, *granted: Json) -> None:
    """So many folders, each with these grants."""
    spec: dict[str, Json] = {"permissionsMode": "additive", "permissions": [*granted]}
    w.documents = [doc("Folder", f"f{n:02}", {"path": f"Folder {n:02}", **spec}) for n in range(folders)]


def applied(w: World, plan: Plan) -> list[tuple[str, str]]:
    """The writes of a plan that does all it was to do, as (method, path)."""
    report = w.checked_apply(plan)
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    return [(entry.method, entry.path) for entry in w.omni.log.writes()]


def people(w: World, count: int) -> list[str]:
    return [w.omni.add_user(f"p{n:02}@example.com") for n in range(count)]


def test_oa_c14_five_hundred_changes_in_fifty_folders() -> None:
    with world(twins=["analytics"]) as w:
        ids = people(w, 10)
        for n in range(50):
            made = w.omni.edit("POST", "/v1/folders", {"name": f"Folder {n:02}"}).body
            assert isinstance(made, dict)
            body: dict[str, Json] = {"role": "VIEWER", "accessBoost": False, "userIds": [*ids[:5]]}
            w.omni.edit("POST", f"/v1/folders/{made['id']}/permissions", body)
        opened(w, 50, *grants(0, ["EDITOR", "EDITOR", "EDITOR", "MANAGER", "MANAGER"]), *grants(5, GROUPED))

        plan = w.plan()
        assert sum(len(a.fields) for a in plan.actions) == 500
        writes = applied(w, plan)

        added, changed = len(set(GROUPED)), 2
        assert len(writes) == len(plan.writes) == plan.bound
        for path in {path for _, path in writes}:
            assert sum(path == one for _, one in writes) <= added + changed + 1


@pytest.mark.parametrize("profile", ["plain", "adversarial"])
def test_oa_c14_what_is_revoked_is_one_call_more(profile: str) -> None:
    with world(profile, twins=["analytics"]) as w:
        people(w, 15)
        opened(w, 4, *grants(0, GROUPED), *grants(5, GROUPED))
        w.apply(w.plan())
        opened(w, 4, *grants(0, ["EXPLORER"] * 5), *grants(10, GROUPED))

        plan = w.plan()
        writes = applied(w, plan)

        assert sum(method == "DELETE" for method, _ in writes) == 4
        for path in {path for _, path in writes}:
            assert sum(path == one for _, one in writes) <= len(set(GROUPED)) + 1 + 1
        assert w.plan().writes == ()
