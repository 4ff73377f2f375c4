"""Where what is asked or answered is knowingly not what the published description of the API says.

Each has a reason that its own text, its examples or another rule of it gives, and a scene in which it still
occurs: one that does not any more is to be taken out (`test_described.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from reconciler.providers.omni_analytics.endpoints import NEWER
from reconciler.twins import OmniTwin
from tests.contract.described import Difference

Ask: TypeAlias = Callable[..., Any]
"""`ask(method, path, body)`: sends one request, as ours would look; the decoded answer."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """`operation` (`*` for any) and `where` as in `Difference`; `text` is a pattern of its text. `rule`: the row
    of docs/apis/omni-analytics.md that it follows from. `scene`: makes it happen, on a fresh twin of `profile`."""

    operation: str
    where: str
    text: str
    why: str
    rule: str
    scene: Callable[[OmniTwin, Ask], None]
    profile: str = "plain"

    def explains(self, difference: Difference) -> bool:
        at = difference.operation if self.operation == "*" else self.operation, self.where
        meant = at == (difference.operation, difference.where)
        return meant and re.fullmatch(self.text, difference.text) is not None


def _alert(twin: OmniTwin, ask: Ask) -> None:
    identifier = twin.add_document("Sales", tiles=["1"])
    body = {
        "identifier": identifier,
        "name": "Watch",
        "schedule": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
        "destinationType": "webhook",
        "url": "https://hooks.example.com/in",
        "conditionType": "RESULTS_PRESENT",
        "conditionQueryMapKey": "1",
    }
    ask("POST", "/v1/schedules", body)
    for _ in range(2):  # the first list after a create may lack it
        ask("GET", "/v1/schedules")


def _document(twin: OmniTwin, ask: Ask) -> None:
    ask("GET", f"/v1/documents/{twin.add_document('Sales')}")


def _labels(twin: OmniTwin, ask: Ask) -> None:
    ask("PATCH", f"/v1/documents/{twin.add_document('Sales')}/labels", {"add": []})


def _access(twin: OmniTwin, ask: Ask) -> None:
    identifier = twin.add_document("Sales")
    for role in ("EXPLORER", "NO_ACCESS"):
        body = {"role": role, "accessBoost": False, "userIds": [twin.add_user(f"{role}@example.com")]}
        ask("POST", f"/v1/documents/{identifier}/permissions", body)
    ask("GET", f"/v1/documents/{identifier}/access-list?accessSource=direct")


def _connections(twin: OmniTwin, ask: Ask) -> None:
    twin.add_connection("Warehouse")
    twin.add_connection("Other", attribute="env", default_values=["prod"])
    ask("GET", "/v1/connections")


def _key_pair(twin: OmniTwin, ask: Ask) -> None:
    body = {"dialect": "snowflake", "name": "Lake", "host": "lake.example.com", "warehouse": "WH"}
    ask("POST", "/v1/connections", {**body, "username": "svc", "privateKey": "key"})


def _extension(twin: OmniTwin, ask: Ask) -> None:
    connection = twin.add_connection("Warehouse")
    base = twin.add_model(connection, name="Core")
    body = {"connectionId": connection, "modelKind": "SHARED_EXTENSION", "modelName": "More"}
    ask("POST", "/v1/models", {**body, "baseModelId": base})


def _whole_connection(twin: OmniTwin, ask: Ask) -> None:
    connection, user = twin.add_connection("Warehouse"), twin.add_user("jane@example.com")
    group = ask("POST", "/scim/v2/groups", {"displayName": "Finance", "members": []})["id"]
    for at in (f"/v1/users/{user}/model-roles", f"/v1/user-groups/{group}/model-roles"):
        ask("POST", at, {"connectionId": connection, "roleName": "CONNECTION_ADMIN"})
        ask("GET", at)


def _email_only(twin: OmniTwin, ask: Ask) -> None:
    twin.add_email_only("bob@example.com", {"level": 3, "region": ["EU"]})
    ask("GET", "/v1/users/email-only?pageSize=20&sortDirection=asc")


def _embedded(twin: OmniTwin, ask: Ask) -> None:
    twin.add_user("embed@example.com", kind="embed")
    ask("GET", "/scim/v2/embed/users")


def _no_key(twin: OmniTwin, ask: Ask) -> None:
    ask("GET", "/v1/labels", authorization="Bearer nobody")


def _user_refused(twin: OmniTwin, ask: Ask) -> None:
    attributes = {"urn:omni:params:1.0:UserAttribute": {"nobody-defined": "x"}}
    ask("POST", "/scim/v2/users", {"userName": "jane@example.com", "displayName": "Jane", **attributes})


def _group_refused(twin: OmniTwin, ask: Ask) -> None:
    ask("POST", "/scim/v2/groups", {"displayName": "Team", "members": [{"value": "nobody"}]})


def _newer_list(twin: OmniTwin, ask: Ask) -> None:
    ask("GET", "/v1/connection-environments")


NEWER_CALLS: Final = frozenset(NEWER.values())
"""Operations of a newer edition that we may ask for all the same: an older server answers 404 or 405 (OA-R141)."""

DEVIATIONS: Final = (
    Deviation(
        "GET /v1/connection-environments",
        "path",
        "no such operation",
        "a newer edition lists links; nobody else tells the id of one that was made by hand",
        "OA-R141",
        _newer_list,
    ),
    Deviation(
        "*",
        "status",
        "401 is not listed",
        "a key that is revoked is refused by every call, though few list it",
        "OA-R5",
        _no_key,
    ),
    *(
        Deviation(
            operation,
            "status",
            "400 is not listed",
            "what is wrong has to be said, and the SCIM calls list no refusal at all",
            "OA-R5",
            scene,
        )
        for operation, scene in (("createUser", _user_refused), ("createUserGroup", _group_refused))
    ),
    Deviation(
        "getDocument",
        "answer",
        r"200: /(refreshInterval|modelId|queryPresentations/\*/query/modelId): null is not of type .*",
        "what a dashboard has not; the body of its PUT takes null for the interval",
        "OA-R35",
        _document,
    ),
    Deviation(
        "bulkUpdateDocumentLabels",
        "path",
        r'documentId: /: ".*" is not a "uuid"',
        "no list returns the id that is meant; the calls beside it take the identifier",
        "OA-P43",
        _labels,
    ),
    Deviation(
        "listDocumentAccessList",
        "answer",
        r'200: /principals/\*/role: "(NO_ACCESS|EXPLORER)" is not one of .*',
        "the roles that can be granted are not those that the list has names for",
        "OA-P35",
        _access,
        "adversarial",
    ),
    Deviation(
        "listConnections",
        "answer",
        r"200: /connections/\*/\w+: null is not of type .*",
        "no text is required, and what a connection has not, as `deletedAt`, has no value",
        "OA-R131",
        _connections,
    ),
    Deviation(
        "listConnections",
        "answer",
        r"200: /connections/\*/userAttributeValuesForDefaultEnvironment: \[.*\] is not of type .*",
        "a newer edition gives a list",
        "OA-P37",
        _connections,
        "adversarial",
    ),
    Deviation(
        "createConnection",
        "body",
        '/: "passwordUnencrypted" is a required property',
        "it can be omitted for Snowflake with a key pair, says the description of `privateKey`",
        "OA-R135",
        _key_pair,
    ),
    Deviation(
        "createModel",
        "body",
        r"/: Unevaluated properties are not allowed \('baseModelId' was unexpected\)",
        "there is no other way to name what an extension builds upon",
        "OA-R163",
        _extension,
    ),
    *(
        Deviation(
            operation,
            "answer",
            r"200: /(results/\*/)?modelId: null is not of type .*",
            "a role may be given on a whole connection, and has no model then",
            "OA-R178",
            _whole_connection,
        )
        for operation in (
            "assignUserModelRole",
            "assignUserGroupModelRole",
            "getUserModelRoles",
            "getUserGroupModelRoles",
        )
    ),
    Deviation(
        "listEmailOnlyUsers",
        "answer",
        r"200: /records/\*/user_attributes/\w+: (-?\d+(\.\d+)?|\[.*\]) is not of type .*",
        "the body of the write takes numbers, booleans and lists, which come back as they were sent",
        "OA-R203",
        _email_only,
    ),
    Deviation(
        "listEmbeddedUsers",
        "answer",
        r"200: /Resources/\*/embed(ExternalId|Entity): null is not of type .*",
        "somebody who was not made by an embedding application has neither; `embedEmail` may be null",
        "OA-R196",
        _embedded,
    ),
    Deviation(
        "listSchedules",
        "answer",
        r"200: /records/\*/alert: .* is not of types .*",
        "the schema says text or null, the reference's own example shows an object",
        "OA-P22",
        _alert,
        "adversarial",
    ),
)


def unexplained(differences: Iterable[Difference]) -> list[str]:
    """Those that no deviation explains."""
    return [str(d) for d in differences if not any(one.explains(d) for one in DEVIATIONS)]
