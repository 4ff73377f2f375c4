"""Answers of Omni Analytics about documents, connections, models and people, and what each of them tells."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.doctor import Told
from reconciler.model.json import Json

C, R, U = Told.CONFIRMED, Told.REFUTED, Told.UNTOLD
DOCUMENTS, ACCESS = "/v1/documents", "/v1/documents/d/access-list"
LABELS, CONNECTIONS, LINKS = "/v1/labels", "/v1/connections", "/v1/connection-environments"
MODELS, GIT = "/v1/models", "/v1/models/m/git"
USERS, ROLES, EMAIL_ONLY, FOLDERS = (
    "/scim/v2/users",
    "/v1/users/u/model-roles",
    "/v1/users/email-only",
    "/v1/folders",
)
NEWER_NAME = "userAttributeNameForConnectionsEnvironments"
VALUES = "userAttributeValuesForDefaultEnvironment"
BLOCK = "urn:omni:params:1.0:UserAttribute"

DOCUMENT: dict[str, Json] = {
    "identifier": "d",
    "name": "D",
    "scope": "organization",
    "owner": {"id": "u"},
    "folder": None,
    "labels": [],
}
CONNECTION: dict[str, Json] = {"id": "c", "name": "C", "dialect": "postgres", VALUES: ""}
OLDER = {**CONNECTION, "userAttributeNameForConnectionEnvironments": None}
MODEL: dict[str, Json] = {"id": "m", "connectionId": "c", "modelKind": "SHARED"}
OWN: dict[str, Json] = {"connectionId": "c", "modelId": None, "roleName": "VIEWER", "from": {"type": "User Role"}}
RECIPIENT: dict[str, Json] = {"email": "a@example.com", "user_id": "e"}


def page(*records: Json, more: bool = False, total: int | None = None, cursor: Json = None) -> dict[str, Json]:
    info: Json = {
        "hasNextPage": more,
        "nextCursor": cursor,
        "totalRecords": len(records) if total is None else total,
    }
    return {"records": [*records], "pageInfo": info}


def access(*principals: Json, total: int | None = None) -> dict[str, Json]:
    whole = page(*principals, total=total)
    return {"principals": whole["records"], "pageInfo": whole["pageInfo"]}


def scim(*users: Json) -> dict[str, Json]:
    return {"Resources": [*users], "totalResults": len(users), "itemsPerPage": len(users)}


def a_document(**words: Json) -> dict[str, Json]:
    return {DOCUMENTS: page({**DOCUMENT, **words})}


def granted(*principals: Json, total: int | None = None) -> dict[str, Json]:
    return {**a_document(), ACCESS: access(*principals, total=total)}


def somebody(answer: Json) -> dict[str, Json]:
    return {USERS: scim({"id": "u"}), ROLES: answer}


CASES: list[tuple[str, Told, Mapping[str, Json]]] = [
    ("OA-A50", C, a_document()),
    ("OA-A50", C, a_document(folder={"id": "f"})),
    ("OA-A50", R, a_document(folder={"path": "/f"})),
    ("OA-A50", R, a_document(owner=None)),
    ("OA-A50", R, {DOCUMENTS: {"documents": []}}),
    ("OA-A50", U, {DOCUMENTS: page()}),
    ("OA-A51", C, granted()),
    ("OA-A51", R, {**a_document(), ACCESS: 404}),
    ("OA-A51", R, {**a_document(), ACCESS: 400}),
    ("OA-A51", U, {**a_document(), ACCESS: 403}),
    ("OA-A51", U, {**a_document(deleted=True), ACCESS: 404}),
    ("OA-A59", C, {**a_document(labels=["gold"]), LABELS: {"labels": [{"name": "Gold"}]}}),
    ("OA-A59", C, {**a_document(labels=[{"name": "Gold"}]), LABELS: {"labels": [{"name": "Gold"}]}}),
    ("OA-A59", R, {**a_document(labels=["Golden"]), LABELS: {"labels": [{"name": "Gold"}]}}),
    ("OA-A59", U, {**a_document(), LABELS: {"labels": []}}),
    ("OA-A95", C, granted({"id": "u", "type": "user", "role": "INTERACTOR"})),
    ("OA-A95", C, granted({"id": "g", "type": "userGroup", "role": "EXPLORER"})),
    ("OA-A95", R, granted({"id": "u", "type": "user", "role": "Owner"})),
    ("OA-A95", R, granted({"id": "u", "type": "robot", "role": "VIEWER"})),
    ("OA-A95", R, granted({"id": "u", "type": "user", "role": "VIEWER"}, total=2)),
    ("OA-A95", R, {**a_document(), ACCESS: {"access": []}}),
    ("OA-A95", U, granted()),
    ("OA-A96", C, {CONNECTIONS: {"connections": [OLDER]}}),
    ("OA-A96", C, {CONNECTIONS: {"connections": [{**CONNECTION, NEWER_NAME: "a", VALUES: ["b"]}]}}),
    ("OA-A96", R, {CONNECTIONS: {"connections": [{"id": "c", "name": "C"}]}}),
    ("OA-A96", R, {CONNECTIONS: {"records": []}}),
    ("OA-A96", U, {CONNECTIONS: {"connections": [CONNECTION]}}),
    ("OA-A96", U, {CONNECTIONS: {"connections": []}}),
    ("OA-A97", C, {MODELS: page(MODEL)}),
    ("OA-A97", R, {MODELS: page(MODEL, {**MODEL, "modelKind": "WORKBOOK"})}),
    ("OA-A97", R, {MODELS: page({"id": "m", "modelKind": "SHARED"})}),
    ("OA-A97", U, {MODELS: page()}),
    ("OA-A98", C, {MODELS: page(MODEL), GIT: 404}),
    ("OA-A98", C, {MODELS: page(MODEL), GIT: {"sshUrl": "git@example.com:a/b.git"}}),
    ("OA-A98", R, {MODELS: page(MODEL), GIT: {}}),
    ("OA-A98", U, {MODELS: page(MODEL), GIT: 403}),
    ("OA-A98", U, {MODELS: page({**MODEL, "deletedAt": "2026-01-01T00:00:00.000Z"})}),
    ("OA-A100", C, somebody({"results": [OWN, {**OWN, "modelId": "m", "from": {"type": "GROUP"}}]})),
    ("OA-A100", R, somebody({"results": [{**OWN, "from": {"type": "Team Role"}}]})),
    ("OA-A100", R, somebody({"results": [{**OWN, "roleName": None}]})),
    ("OA-A100", R, somebody({"roles": []})),
    ("OA-A100", U, somebody({"results": []})),
    ("OA-A100", U, somebody(403)),
    ("OA-A101", C, {EMAIL_ONLY: page(RECIPIENT)}),
    ("OA-A101", C, {EMAIL_ONLY: page(RECIPIENT, more=True, total=3, cursor="x")}),
    ("OA-A101", R, {EMAIL_ONLY: page(RECIPIENT, more=True, total=3)}),
    ("OA-A101", R, {EMAIL_ONLY: page(RECIPIENT, total=2)}),
    ("OA-A101", R, {EMAIL_ONLY: page({"email": "a@example.com"})}),
    ("OA-A101", R, {EMAIL_ONLY: page(*[RECIPIENT] * 21)}),
    ("OA-A101", R, {EMAIL_ONLY: 400}),
    ("OA-A101", U, {EMAIL_ONLY: 403}),
    ("OA-A102", C, {USERS: scim({"id": "u", BLOCK: {"region": "EU"}}, {"id": "v"})}),
    ("OA-A102", U, {USERS: scim({"id": "u"})}),
    ("OA-A103", C, {LINKS: 400}),
    ("OA-A103", C, {LINKS: 405, USERS: scim({"id": "u", "meta": {}})}),
    ("OA-A103", C, {LINKS: 403, FOLDERS: page({"id": "f", "owner": {"id": "u"}, "ownerId": "u"})}),
    ("OA-A103", R, {LINKS: {"connectionEnvironments": []}}),
    ("OA-A103", R, {LINKS: 403, USERS: scim({"id": "u"})}),
    ("OA-A103", R, {LINKS: 404, FOLDERS: page({"id": "f", "ownerId": "u"})}),
    ("OA-A103", U, {LINKS: 403}),
]
"""(the assumption, what is told of it, the answers by path); a number is a refusal."""
