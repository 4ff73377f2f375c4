"""Connections of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omni_analytics.warehouse import BASE, NOWHERE, PAT, refused, warehouse
from tests.unit.twins.served import Omni

ALL = "/v1/connections"
FULL: dict[str, Any] = {"dialect": "postgres", "name": "Warehouse", "passwordUnencrypted": "s3cret"}


def names(omni: Omni, query: str = "") -> list[str]:
    status, answer = omni.ask("GET", f"{ALL}{query}")
    assert status == 200
    return [one["name"] for one in answer["connections"]]


def test_a_create_answers_the_id_and_shows_eleven_keys(each_omni: Omni) -> None:
    body = {**FULL, "host": "db", "database": "wh", "defaultSchema": "public", "baseRole": "QUERIER"}
    assert each_omni.ask("POST", ALL, body) == (201, {"success": True, "data": BASE})
    each_omni.ask("GET", "/v1/labels")
    shown = each_omni.ask("GET", ALL)[1]["connections"][0]

    assert len(shown) == 11
    assert {shown[key] for key in ("name", "database", "baseRole")} == {"Warehouse", "wh", "QUERIER"}
    assert "s3cret" not in str(each_omni.ask("GET", ALL))


def test_names_may_repeat(omni: Omni) -> None:
    assert [omni.ask("POST", ALL, FULL)[0] for _ in range(2)] == [201, 201]
    assert names(omni) == ["Warehouse", "Warehouse"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"dialect": None}, "dialect: Required"),
        ({"dialect": "oracle"}, "dialect: Invalid value"),
        ({"name": ""}, "name: Required"),
        ({"passwordUnencrypted": None}, "passwordUnencrypted: Required"),
        ({"queryTimeoutSeconds": 3601}, "queryTimeoutSeconds: Invalid value"),
        ({"port": "5432"}, "port: Invalid value"),
        ({"trustServerCertificate": "yes"}, "trustServerCertificate: Invalid value"),
        ({"baseRole": "QUERY_TOPICS"}, "baseRole: Invalid value"),
        ({"includeSchemas": ["a"]}, "includeSchemas: Invalid value"),
        ({"dialect": "snowflake"}, "warehouse: Required"),
        ({"dialect": "databricks"}, "warehouse: Required"),
        ({"dialect": "bigquery"}, "region: Required"),
        ({"dialect": "athena"}, "region: Required"),
        ({"dialect": "mssql"}, "defaultSchema: Required"),
    ],
)
def test_creates_that_are_refused(omni: Omni, change: dict[str, Any], text: str) -> None:
    body = {key: value for key, value in {**FULL, **change}.items() if value is not None}
    assert refused(omni, "POST", ALL, body) == (400, text)


def test_a_snowflake_key_stands_for_a_password(omni: Omni) -> None:
    body = {"dialect": "snowflake", "name": "S", "warehouse": "W", "privateKey": "key"}
    assert omni.ask("POST", ALL, body)[0] == 201
    assert refused(omni, "POST", ALL, {**body, "dialect": "databricks"})[1] == "passwordUnencrypted: Required"


def test_the_list_is_filtered_and_sorted(omni: Omni) -> None:
    warehouse(omni)
    omni.twin.add_connection("analytics", "mysql", database="abc")
    gone = omni.twin.add_connection("Gone")
    omni.twin.delete_connection(gone)

    assert names(omni) == ["Warehouse", "Staging", "analytics"]
    assert names(omni, "?name=WARE") == ["Warehouse"]
    assert names(omni, "?database=B") == ["analytics"]
    assert names(omni, "?dialect=mysql,athena") == ["analytics"]
    assert names(omni, "?sortField=name&sortDirection=asc") == ["analytics", "Staging", "Warehouse"]
    assert names(omni, "?sortField=name&sortDirection=desc") == ["Warehouse", "Staging", "analytics"]
    assert names(omni, "?sortField=database&sortDirection=desc") == ["Warehouse", "analytics", "Staging"]
    assert names(omni, "?includeDeleted=true")[-1] == "Gone"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("colour=red", "formErrors: Unrecognized key(s) in object: 'colour'"),
        ("dialect=oracle", "Invalid dialect(s): oracle"),
        (
            "sortField=host",
            "sortField: Invalid enum value. Expected 'database' | 'dialect' | 'name', received 'host'",
        ),
    ],
)
def test_lists_that_are_refused(each_omni: Omni, query: str, text: str) -> None:
    assert refused(each_omni, "GET", f"{ALL}?{query}") == (400, text)


def test_a_change(omni: Omni) -> None:
    warehouse(omni)
    attribute = {"attributeName": "environment", "defaultValues": ["prod", "main"]}
    changed = (200, {"success": True, "message": "Connection updated"})
    assert omni.ask("PATCH", f"{ALL}/{BASE}", {"environmentUserAttribute": attribute}) == changed
    assert omni.ask("PATCH", f"{ALL}/{BASE}", {"baseRole": "VIEWER"}) == changed
    shown = omni.ask("GET", ALL)[1]["connections"][0]

    assert shown["baseRole"] == "VIEWER"
    assert shown["userAttributeNameForConnectionEnvironments"] == "environment"
    assert shown["userAttributeValuesForDefaultEnvironment"] == "prod,main"
    omni.ask("PATCH", f"{ALL}/{BASE}", {"environmentUserAttribute": None})
    assert omni.ask("GET", ALL)[1]["connections"][0]["userAttributeNameForConnectionEnvironments"] is None


def test_the_environment_attribute_as_read(hard_omni: Omni) -> None:
    hard_omni.twin.add_connection("W", attribute="environment", default_values=["prod", "main"])
    shown = hard_omni.ask("GET", ALL)[1]["connections"][0]

    assert shown["userAttributeNameForConnectionsEnvironments"] == "environment"
    assert shown["userAttributeValuesForDefaultEnvironment"] == ["prod", "main"]
    assert len(shown) == 11


@pytest.mark.parametrize(
    ("connection_id", "body", "status", "text"),
    [
        ("x", {"baseRole": "VIEWER"}, 400, "connectionId: Invalid uuid"),
        (BASE, {}, 400, "At least one field must be provided"),
        (BASE, {"baseRole": None}, 400, "baseRole: Invalid value"),
        (
            BASE,
            {"environmentUserAttribute": {"attributeName": "a"}},
            400,
            "environmentUserAttribute: Invalid value",
        ),
        (NOWHERE, {"baseRole": "VIEWER"}, 404, f"Connection with id {NOWHERE} does not exist"),
    ],
)
def test_changes_that_are_refused(
    omni: Omni, connection_id: str, body: dict[str, Any], status: int, text: str
) -> None:
    warehouse(omni)
    assert refused(omni, "PATCH", f"{ALL}/{connection_id}", body) == (status, text)


def test_writes_are_for_administrators(omni: Omni) -> None:
    warehouse(omni)
    assert refused(omni, "POST", ALL, FULL, **PAT)[0] == 403
    assert refused(omni, "PATCH", f"{ALL}/{BASE}", {"baseRole": "VIEWER"}, **PAT)[0] == 403
    assert omni.ask("GET", ALL, **PAT)[0] == 200


def test_a_deleted_connection_among_the_others(hard_omni: Omni) -> None:
    """One of the name of a live one, until one is deleted in earnest; it takes no change."""
    warehouse(hard_omni)
    shown = hard_omni.ask("GET", ALL)[1]["connections"]
    assert [(one["name"], one["deletedAt"] is None) for one in shown] == [
        ("Warehouse", True),
        ("Staging", True),
        ("Warehouse", False),
    ]

    hard_omni.twin.delete_connection(BASE)
    shown = hard_omni.ask("GET", ALL)[1]["connections"]
    assert [one["deletedAt"] is None for one in shown] == [False, True]
    assert refused(hard_omni, "PATCH", f"{ALL}/{BASE}", {"baseRole": "VIEWER"})[0] == 404


def test_a_list_right_after_a_create(hard_omni: Omni) -> None:
    hard_omni.ask("POST", ALL, FULL)
    assert [names(hard_omni) for _ in range(2)] == [[], ["Warehouse", "Warehouse"]]
