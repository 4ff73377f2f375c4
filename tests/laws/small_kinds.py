"""Which search a kind gets: every kind that manifests can declare stands in exactly one of these tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.laws.small_scenes import At

BY_VALUE: Final[Mapping[At, str]] = {
    ("omni-analytics", "Label"): "test_fewest",
    ("omni-analytics", "UserGroup"): "test_fewest_groups",
    ("omn-core", "Keyword"): "test_fewest",
    ("omni-cms", "Component"): "test_fewest_components",
    ("omni-cms", "User"): "test_fewest_cms_users",
    ("studio-tracker", "ClientTeam"): "test_fewest",
    ("studio-tracker", "Pod"): "test_fewest_pods",
    ("studio-tracker", "Project"): "test_fewest_projects",
}
"""Searched on values of their own, with every call there is: the module that does."""
ALONE: Final[Mapping[At, str]] = {
    (
        "omni-analytics",
        "Connection",
    ): "one POST, and one PATCH for all that can change; nothing is deleted (OA-C26)",
    ("omni-analytics", "DashboardFilters"): "one PATCH per dashboard, whatever differs (OA-C29)",
    ("omni-analytics", "Model"): "one POST, and the refreshes and validations that are asked for (OA-C30)",
    ("omni-analytics", "ModelFile"): "one POST or DELETE per file; the validation is asked for (OA-C33)",
    ("omni-analytics", "ModelGit"): "one POST, PATCH or DELETE per model, and the secrets asked for (OA-C31)",
    ("omni-analytics", "SchemaRefresh"): "one POST, PUT or DELETE per refresh; a PUT takes every field (OA-C28)",
    ("omni-cms", "Space"): "one POST, PUT or DELETE per space (CM-C3)",
    ("omg-platform", "Brief"): "one POST or PUT for all fields, one call per transition that is asked for (OP-C2)",
    ("omg-platform", "Task"): "nothing but a POST (OP-C2)",
    ("omg-platform", "User"): "one PUT for all fields, one POST per picture (OP-C2)",
}
"""Plainly one call per thing, with no other way to say it: only left out and put together in any way."""
