"""What manifests say of access, kind by kind, by the words of the schemas alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.access import NobodyMeant, Question, listing
from reconciler.model.access import Listing, Row
from reconciler.model.document import Desired, Document, Target
from reconciler.model.json import Json
from reconciler.model.place import Place, SpecPath
from reconciler.model.recorded import Recorded
from tests.world import PROVIDERS, catalog, doc


def asked(*documents: Document, **words: str) -> Listing:
    targets = {name: Target(name, provider) for name, provider in PROVIDERS.items()}
    desired = Desired(tuple(documents), targets, "sha256:0")
    return listing(Question(asked="manifests", **words), desired, None, Recorded(), catalog())


def told(*documents: Document, **words: str) -> set[tuple[str, str, str, str]]:
    return {line(row) for row in asked(*documents, **words).rows}


def line(row: Row) -> tuple[str, str, str, str]:
    return row.principal.name, " ".join((row.role, *row.flags)), row.object.kind, row.object.name


GROUP = doc("UserGroup", "finance", {"name": "Finance Team", "members": ["Jane@example.com"]})


def folder(path: Json, name: str = "f", **more: Json) -> Document:
    return doc("Folder", name, {"path": path, **more})


def opened(path: Json, *permissions: Mapping[str, Json], name: str = "f") -> Document:
    return folder(path, name, permissionsMode="additive", permissions=[dict(p) for p in permissions])


def test_a_group_by_its_document_or_its_key() -> None:
    for word in ("finance", "Finance Team"):
        found = told(GROUP, opened("A", {"role": "EDITOR", "groups": [word], "accessBoost": True}))
        assert ("jane@example.com", "EDITOR accessBoost", "Folder", "A") in found
        assert ("jane@example.com", "MEMBER", "UserGroup", "Finance Team") in found


def test_a_group_that_nobody_declares_stands_for_itself() -> None:
    assert ("Marketing", "VIEWER", "Folder", "A") in told(opened("A", {"role": "VIEWER", "groups": ["Marketing"]}))


def test_scope_is_what_the_api_assumes_or_what_stands_above() -> None:
    everybody = ("everybody", "SEES", "Folder", "A")
    assert everybody in told(folder("A"))
    assert everybody not in told(folder("A", scope="restricted", owner="jane@example.com"))
    under = told(folder("A", scope="restricted", owner="jane@example.com"), folder("A/B", "g"), folder("X/Y", "h"))
    assert not [row for row in under if row[0] == "everybody"], "X is declared nowhere, so nobody knows of X/Y"
    assert ("jane@example.com", "OWNER", "Folder", "A") in under


def test_folders_reach_folders_as_an_assumption_and_documents_as_documented() -> None:
    grant = opened("A", {"role": "EDITOR", "users": ["jane@example.com"]})
    rows = asked(grant, folder(["A", "B/C"], "g"), doc("Document", "d", {"identifier": "x1", "folder": "A"})).rows
    found = {(r.object.kind, r.object.name): r for r in rows if r.role == "EDITOR"}
    assert found["Folder", "A/B/C"].assumed == ("OA-A90",)
    assert found["Document", "x1"].assumed == ()
    assert [s.name for s in found["Document", "x1"].path] == ["A"]


def test_what_gives_nothing_is_told_and_the_highest_is_marked() -> None:
    grants: list[dict[str, Json]] = [{"role": r, "users": ["jane@example.com"]} for r in ("VIEWER", "NO_ACCESS")]
    rows = asked(GROUP, opened("A", *grants, {"role": "MANAGER", "groups": ["finance"]})).rows
    marks = {r.role: (r.gives, r.highest) for r in rows if r.object.name == "A" and r.role != "SEES"}
    assert marks == {"VIEWER": (True, False), "NO_ACCESS": (False, False), "MANAGER": (True, True)}


def test_the_reason_and_the_places_of_grant_and_membership() -> None:
    grant = opened("A", {"role": "EDITOR", "groups": ["finance"], "because": "FIN-12"})
    places: dict[SpecPath, Place] = {("spec", "permissions", 0, "groups", 0): Place("a.yaml", 7, 3)}
    grant = Document(grant.address, grant.provider, grant.spec, grant.place, places)
    [row] = [r for r in asked(GROUP, grant).rows if r.role == "EDITOR"]
    assert (row.because, row.declared_at) == (("FIN-12",), ("a.yaml:7", "manifests/finance.yaml:1"))
    assert (row.declared, row.live) == (True, None)


def test_teams_projects_pods_and_invitations() -> None:
    members: list[Json] = [{"user": "jane@example.com", "isPrimary": True}, {"user": "bob@example.com"}]
    found = told(
        doc("ClientTeam", "brand", {"slug": "brand-x", "name": "Brand", "members": members}),
        doc("Project", "p", {"omgJobNumber": "77", "team": "brand"}),
        doc("Pod", "a", {"slug": "a", "name": "A", "lead": "eve@example.com", "members": ["bob@example.com"]}),
        doc("Invitation", "n", {"email": "New@example.com", "role": "PRODUCER", "isExternal": True}),
    )
    assert found == {
        ("jane@example.com", "MEMBER isPrimary", "ClientTeam", "brand-x"),
        ("jane@example.com", "MEMBER isPrimary", "Project", "77"),
        ("bob@example.com", "MEMBER", "ClientTeam", "brand-x"),
        ("bob@example.com", "MEMBER", "Project", "77"),
        ("eve@example.com", "LEAD", "Pod", "a"),
        ("bob@example.com", "MEMBER", "Pod", "a"),
        ("new@example.com", "PRODUCER isExternal", "*", "*"),
    }


def test_an_inactive_account_has_nothing_in_the_cms() -> None:
    def account(**spec: Json) -> set[tuple[str, str, str, str]]:
        return told(doc("cms/User", "shop", {"email": "shop@example.com", **spec}))

    assert {row[1] for row in account()} == {"ACCOUNT"}
    assert {row[1] for row in account(apiKey="present")} == {"ACCOUNT", "API_KEY"}
    assert account(apiKey="present", active=False) == set()


def test_roles_on_models_and_connections() -> None:
    roles: list[Json] = [
        {"connection": "wh", "model": "Orders", "role": "RESTRICTED_QUERIER"},
        {"connection": "Warehouse", "role": "CONNECTION_ADMIN"},
    ]
    found = told(
        GROUP,
        doc("Connection", "wh", {"name": "Warehouse", "dialect": "postgres", "baseRole": "NO_ACCESS"}),
        doc("Model", "orders", {"connection": "wh", "modelKind": "SHARED", "name": "Orders"}),
        doc("ModelRoles", "r", {"subject": {"group": "finance"}, "roles": roles}),
    )
    assert {row for row in found if row[0] == "jane@example.com" and row[2] != "UserGroup"} == {
        ("jane@example.com", "QUERY_TOPICS", "Model", "Warehouse/Orders"),
        ("jane@example.com", "CONNECTION_ADMIN", "Connection", "Warehouse"),
        ("jane@example.com", "CONNECTION_ADMIN", "Model", "Warehouse/Orders"),
    }


@pytest.mark.parametrize(
    "word", ["finance", "FINANCE TEAM", "analytics/UserGroup/finance", "fin*", "kind:UserGroup"]
)
def test_an_object_by_every_name_it_has(word: str) -> None:
    found = told(GROUP, folder("A"), what=word)
    assert {row[3] for row in found} == {"Finance Team"}


def test_a_word_that_means_nothing_says_what_would() -> None:
    with pytest.raises(NobodyMeant) as error:
        told(GROUP, who="jnae@example.com")
    assert "jane@example.com" in {choice.casefold() for choice in error.value.choices}
    with pytest.raises(NobodyMeant):
        told(GROUP, what="[x]")


def test_what_nobody_can_read_is_told_of_the_systems_in_question() -> None:
    said = {(u.target, u.kind) for u in asked(GROUP, doc("Keyword", "k", {"path": "a"})).unseen}
    assert ("analytics", "Folder") in said
    assert ("core", "") in said
    assert not [at for at in said if at[0] in ("studio", "cms")]
