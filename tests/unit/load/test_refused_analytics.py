"""What people will try to declare of Omni Analytics and nobody can (OA-R188)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.load.kinds import load_kinds
from tests.unit.load.projects import said

KINDS = load_kinds()
REFUSED = (
    "ApiKey", "Branch", "CacheReset", "CustomRole", "Dashboard", "Download", "Draft", "EmbedUser", "Favorite",
    "FindReplace", "GitSync", "OrganizationSettings", "Query", "Topic", "Trigger", "UserAttribute",
)  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_oa_r188_each_says_why_and_what_to_do_instead(tmp_path: Path, name: str) -> None:
    text = f"apiVersion: omni-analytics/v1\nkind: {name}\nmetadata: {{name: x}}\nspec: {{name: y, whatever: 1}}\n"

    [told] = said(tmp_path, text)

    why = KINDS["omni-analytics", name].refused
    assert told == f"manifests/a.yaml:2:7: omni-analytics/{name} cannot be managed: {why}"
    assert "; " in why, "the reason, and what to do instead"


def test_oa_r188_what_is_named_instead_exists() -> None:
    named = {
        "Schedule",
        "ModelGit",
        "User",
        "ModelRoles",
        "ModelFile",
        "Document",
        "DashboardFilters",
        "UserGroup",
    }
    reasons = " ".join(KINDS["omni-analytics", name].refused for name in REFUSED)

    assert all(word in reasons for word in named)
    assert all(("omni-analytics", word) in KINDS for word in named)
