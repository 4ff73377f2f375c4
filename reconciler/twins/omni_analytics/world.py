"""A small believable world: people, content and models that were there before anyone wrote a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.twins.core.values import Json

if TYPE_CHECKING:
    from reconciler.twins.omni_analytics.twin import OmniTwin

PEOPLE = (
    ("jane@example.com", "Jane Smith"),
    ("bob@example.com", "Bob Stone"),
    ("Maria.Lopez@example.com", "María López"),
    ("chen@example.com", "Chen Wei"),
)
LABELS: tuple[dict[str, Json], ...] = (
    {"name": "Draft"},
    {"name": "In Review", "verified": True},
    {"name": "Homepage pick", "homepage": True},
    {"name": "Q1 2024"},
)


def seed(twin: OmniTwin) -> None:
    """Fill the world by the API's own rules, so that it could have come about."""
    people = [twin.add_user(address, name) for address, name in PEOPLE]
    for label in LABELS:
        twin.edit("POST", "/v1/labels", label)
    finance = _folder(twin, {"name": "Finance"})
    reports = _folder(twin, {"name": "Reports", "parentFolderId": finance})
    _folder(twin, {"name": "Marketing", "userId": people[1]})
    _folder(twin, {"name": "Jane's drafts", "scope": "restricted", "userId": people[0]})
    twin.add_document("Monthly close", folder_id=reports, labels=("Draft",), owner_id=people[0])
    twin.add_document("Sales by region", labels=("In Review",), owner_id=people[1])
    twin.label_folder(finance, "Q1 2024")
    _warehouse(twin, people)


def _warehouse(twin: OmniTwin, people: list[str]) -> None:
    """Connections with what hangs on them, and people who have no account."""
    base = twin.add_connection("Warehouse", base_role="VIEWER", attribute="environment", default_values=["prod"])
    staging = twin.add_connection("Warehouse Staging", base_role="NO_ACCESS")
    twin.define_attribute("environment")
    twin.define_attribute("region", multiple=True)
    twin.define_attribute("level", "number")
    twin.add_environment(base, staging, "staging")
    twin.add_refresh(base, "0 5 * * ? *", "Europe/London")
    schema = twin.add_model(base, "SCHEMA")
    orders = twin.add_model(base, "SHARED", "Orders", base_id=schema)
    twin.add_model(base, "BRANCH", "new-margins", base_id=orders)
    twin.add_file(orders, "model", "name: Orders\n")
    twin.edit("POST", f"/v1/models/{orders}/git", {"sshUrl": "git@github.com:example/orders.git"})
    twin.define_role("Analyst", "QUERIER")
    twin.add_role(people[1], "MODELER", base, orders)
    twin.add_embed_user("partner-102", "Partner 102")
    twin.add_email_only("ext@partner.example.com", {"region": ["EMEA"]})


def _folder(twin: OmniTwin, body: dict[str, Json]) -> str:
    answer = twin.edit("POST", "/v1/folders", body)
    if not isinstance(answer.body, dict) or not answer.ok:
        raise RuntimeError(f"the seed of the world was refused: {answer}")
    return str(answer.body["id"])
