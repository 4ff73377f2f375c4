"""Who can do what in the twin, as its own state tells it."""

from __future__ import annotations

from reconciler.twins import OmniTwin
from reconciler.twins.omni_analytics.model_things import Connection, ModelRole
from reconciler.twins.omni_analytics.who_can import Row, who_can
from tests.unit.twins.omni_analytics.test_document_access import add_model

ADMIN = "admin@example.com"
JANE = "jane@example.com"
CONNECTION = "00000003-0000-4000-8000-000000000001"
MODEL = "00000006-0000-4000-8000-000000000001"


def of(twin: OmniTwin, kind: str) -> set[Row]:
    return {row for row in who_can(twin) if row[2] == kind}


def folder(twin: OmniTwin, name: str, parent_id: str | None = None, scope: str = "restricted") -> str:
    body = {"name": name, "parentFolderId": parent_id} if parent_id else {"name": name, "scope": scope}
    answer = twin.edit("POST", "/v1/folders", body)
    assert isinstance(answer.body, dict)
    return str(answer.body["id"])


def test_nothing_there_nothing_granted() -> None:
    assert who_can(OmniTwin()) == set()


def test_a_grant_on_a_folder_reaches_what_is_in_it() -> None:
    twin = OmniTwin()
    jane = twin.add_user("Jane@example.com")
    twin.edit("POST", "/scim/v2/groups", {"displayName": "Finance", "members": [{"value": jane}]})
    twin.edit("POST", "/scim/v2/groups", {"displayName": "Nobody"})
    top = folder(twin, "Top")
    inner = folder(twin, "Inner", top)
    twin.add_document("Sales", folder_id=inner, organization_role="NO_ACCESS")
    grant = {"role": "EXPLORER", "userGroupIds": ["grp00001", "grp00002"]}
    twin.edit("POST", f"/v1/folders/{top}/permissions", grant)

    assert who_can(twin) == {
        (JANE, "MEMBER", "UserGroup", "Finance"),
        (JANE, "EXPLORER", "Folder", "Top"),
        (JANE, "EXPLORER", "Folder", "Top/Inner"),
        (JANE, "EXPLORER", "Document", "d0c00001"),
        (ADMIN, "OWNER", "Folder", "Top"),
        (ADMIN, "OWNER", "Folder", "Top/Inner"),
        (ADMIN, "OWNER", "Document", "d0c00001"),
    }


def test_everybody_stays_one_line_and_no_access_takes_nothing_away() -> None:
    twin = OmniTwin()
    jane = twin.add_user(JANE)
    folder(twin, "Top", scope="organization")
    twin.add_document("Sales", organization_role="EDITOR", viewers=[jane])
    twin.edit("PATCH", "/v1/documents/d0c00001/permissions", {"role": "NO_ACCESS", "userIds": [jane]})
    twin.trash(twin.add_document("Gone"))

    assert who_can(twin) == {
        ("everybody", "SEES", "Folder", "Top"),
        (ADMIN, "OWNER", "Folder", "Top"),
        ("everybody", "SEES", "Document", "d0c00001"),
        ("everybody", "EDITOR", "Document", "d0c00001"),
        (ADMIN, "OWNER", "Document", "d0c00001"),
    }


def test_an_owner_has_no_grant_beside() -> None:
    twin = OmniTwin()
    jane = twin.add_user(JANE)
    twin.add_document("Sales", organization_role="NO_ACCESS", scope="restricted", viewers=[jane])
    twin.edit("PUT", "/v1/documents/d0c00001/transfer-ownership", {"userId": jane})
    twin.edit("POST", "/v1/documents/d0c00001/permissions", {"role": "VIEWER", "userIds": [jane]})

    assert who_can(twin) == {
        (JANE, "OWNER", "Document", "d0c00001"),
        (ADMIN, "MANAGER", "Document", "d0c00001"),
    }


def test_roles_on_a_connection_reach_its_models() -> None:
    twin = OmniTwin()
    jane, bob = twin.add_user(JANE), twin.add_user("bob@example.com")
    add_model(twin, 1, "postgres")
    connection = twin.state.of(Connection)[CONNECTION]
    twin.state.of(Connection)[CONNECTION] = Connection(
        CONNECTION, connection.name, "postgres", base_role="RESTRICTED_QUERIER"
    )
    for key, subject, model in (("a", jane, None), ("b", bob, MODEL)):
        twin.state.of(ModelRole)[key] = ModelRole(subject, False, CONNECTION, model, "MODELER")

    assert who_can(twin) == {
        ("everybody", "QUERY_TOPICS", "Connection", "c1"),
        ("everybody", "QUERY_TOPICS", "Model", "c1/m1"),
        (JANE, "MODELER", "Connection", "c1"),
        (JANE, "MODELER", "Model", "c1/m1"),
        ("bob@example.com", "MODELER", "Model", "c1/m1"),
    }


def test_who_receives_a_delivery() -> None:
    twin = OmniTwin()
    twin.add_document("Sales")
    usual = {
        "identifier": "d0c00001",
        "schedule": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
    }
    for one in (
        {"name": "Mail", "destinationType": "email", "recipients": ["X@partner.com"], "subject": "Weekly"},
        {"name": "Hook", "destinationType": "webhook", "url": "https://hook.example.com/In"},
    ):
        assert twin.edit("POST", "/v1/schedules", {**usual, **one}).ok

    assert of(twin, "Schedule") == {
        (ADMIN, "OWNER", "Schedule", "d0c00001/Mail"),
        (ADMIN, "OWNER", "Schedule", "d0c00001/Hook"),
        ("x@partner.com", "RECEIVES", "Schedule", "d0c00001/Mail"),
        ("https://hook.example.com/In", "RECEIVES", "Schedule", "d0c00001/Hook"),
    }
