"""Connections of Omni Analytics in the table of every kind."""

from __future__ import annotations

from typing import Any

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.every_omni_words import DELETE, did, kept, moves, secret, with_secret
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.warehouses import live
from tests.world import World

MAKE, PATCH = "POST /v1/connections", "PATCH /v1/connections/*"
ENV = "environmentUserAttribute"
PROD = {"attribute": "environment", "defaultValues": ["prod"]}
LIVE = {"attribute": "environment", "defaultValues": ["prod", "live"]}


def _theirs(w: World) -> None:
    with_secret(w)
    w.omni.define_attribute("environment")
    w.omni.add_connection("Theirs", base_role="VIEWER", database="db")


def _wh(w: World, body: JsonObject) -> None:
    did("PATCH", f"/v1/connections/{live(w)['Wh']['id']}", body)(w)


def _hidden(field: str, one: Json, two: Json, **more: Any) -> Row:
    """A field that nothing reads back, sent at creation alone: taken as declared once, then refused."""
    return Row(
        field,
        "OA-R133",
        (
            never(one, note="not verifiable"),
            never(two, "immutable", note="change it in the product"),
            never(one),
            *(() if more.get("needed") else (left_out(),)),
        ),
        **more,
    )


def _shown(field: str, one: Json, two: Json) -> Row:
    """A field that is read, and sent at creation alone."""
    return Row(field, "OA-R133", (never(one), never(two, "immutable"), never(one), left_out()), begins=one)


CONNECTION = Table(
    "omni-analytics",
    "Connection",
    "wh",
    {"name": "Wh", "dialect": "postgres", "password": secret(1)},
    kept("connections"),
    edit=_wh,
    set_up=_theirs,
    rows=(
        Row("dialect", "OA-R133", (never("postgres"), never("mysql", "immutable"), never("postgres"))),
        _hidden("host", "db", "db2"),
        _hidden("port", 5432, 5433),
        _shown("database", "wh", "other"),
        _hidden("username", "svc", "other"),
        Row(
            "password",
            "OA-R136",
            (never(secret(1)), never(secret(2), "immutable", note="at creation alone"), never(secret(1))),
            needed=True,
        ),
        Row(
            "privateKey",
            "OA-R136",
            (never(secret(1)), never(secret(2), "immutable", note="at creation alone"), left_out()),
            more={"dialect": "snowflake", "warehouse": "W"},
            begins=secret(1),
        ),
        Row("baseRole", "OA-C26", (Step("VIEWER"), Step("QUERIER"), drifted("QUERIER", "NO_ACCESS"), left_out())),
        _hidden("warehouse", "A", "B", more={"dialect": "snowflake", "warehouse": "A"}, needed=True),
        _hidden("includeSchemas", ["a", "b"], []),
        _hidden("includeOtherCatalogs", ["a"], [], more={"dialect": "trino"}),
        _shown("defaultSchema", "public", "other"),
        _hidden("queryTimeoutSeconds", 900, 60),
        _hidden("region", "us", "eu", more={"dialect": "athena", "region": "us"}, needed=True),
        _hidden("maxBillingBytes", "1000", "2000", more={"dialect": "bigquery", "region": "us"}),
        _hidden("scratchSchema", "a", "b"),
        _hidden("systemTimezone", "UTC", "Europe/Berlin"),
        _hidden("queryTimezone", "NONE", "UTC"),
        _hidden("allowsUserSpecificTimezones", True, False),
        _hidden("trustServerCertificate", True, False, more={"dialect": "mssql", "defaultSchema": "dbo"}),
        Row(
            ENV,
            "OA-R132",
            (
                Step(PROD),
                Step(LIVE),
                never({**LIVE, "defaultValues": ["live", "prod"]}),
                drifted(LIVE, {"attributeName": "environment", "defaultValues": ["theirs"]}),
                Step(None),
                left_out(),
            ),
        ),
        Row(
            f"{ENV}/attribute",
            "OA-R132",
            (never("environment"), Step("region"), drifted("region", None)),
            more={ENV: PROD},
        ),
        Row(
            f"{ENV}/defaultValues",
            "OA-R132",
            (
                never(["prod"]),
                Step([]),
                drifted([], {"attributeName": "environment", "defaultValues": ["theirs"]}),
            ),
            more={ENV: PROD},
        ),
    ),
    deeds=(
        Deed("create", "OA-R136", calls=(MAKE,), verb="create", there="Wh"),
        Deed(
            "create whole",
            "OA-C26",
            say(host="db", port=5432, database="wh", includeSchemas=["a"], baseRole="QUERIER", **{ENV: PROD}),
            calls=(MAKE, PATCH),
            verb="create",
            there="Wh",
        ),
        Deed("create without a password", "OA-R135", say(password=ABSENT), mistake="password"),
        Deed("adopt", "OA-R133", say(name="Theirs", database="db"), verb="adopt", note="not verifiable"),
        Deed(
            "adopt changed",
            "OA-C26",
            say(name="Theirs", baseRole="QUERIER", **{ENV: PROD}),
            calls=(PATCH,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OA-R131",
            Sheet({"name": "New"}, metadata={"previously": {"key": "Wh"}}),
            Sheet(),
            mistake="rename the connection in the product",
        ),
        Deed(
            "rename unsaid",
            "OA-R131",
            say(name="New"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="Wh",
            gone="New",
        ),
        moves("OA-R131", "wh"),
        Deed(
            "drift",
            "OA-R132",
            say(baseRole="QUERIER", **{ENV: PROD}),
            say(baseRole="QUERIER", **{ENV: PROD}),
            lambda w: _wh(w, {"baseRole": "VIEWER", ENV: None}),
            calls=(PATCH,),
            verb="update",
        ),
        Deed(
            "once adopt",
            "OA-R134",
            Sheet({"host": "db2", "password": secret(2)}, metadata={"once": {"adopt": "1"}}),
            say(host="db"),
            verb="update",
        ),
        Deed("release", "OA-R137", GONE, Sheet(), verb="release", there="Wh"),
        Deed("delete", "OA-R137", Sheet(life=DELETE), mistake="onRemove"),
    ),
)
