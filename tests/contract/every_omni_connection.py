"""Connections of Omni Analytics, what stands in for them, and when they are read again, in the table of every
kind."""

from __future__ import annotations

from typing import Any

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.every_omni_words import DELETE, did, kept, moves, secret, with_secret
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import state
from tests.contract.warehouses import linked, live
from tests.world import World

# Connection.


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
    """A field that nothing reads back, and that is sent at creation alone: taken as declared once, then refused."""
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
            holds={"no-rename", "rename-unconfirmed"},
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


# Connection environments.


LINK, VALUES = "POST /v1/connection-environments", "PUT /v1/connection-environments/*"


def _base(w: World) -> None:
    for name in ("Base", "Dev", "Stage", "Other"):
        w.omni.add_connection(name)


def to(connection: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"connection": connection, "values": [*values], **more}


def _linked(w: World) -> set[str]:
    return {f"{name} {' '.join(sorted(values))}".strip() for name, values in linked(w).items()}


def _link(w: World, name: str, *values: str) -> str:
    """Somebody links one in the product."""
    return str(w.omni.add_environment(live(w)["Base"]["id"], live(w)[name]["id"], *values))


def _link_id(w: World) -> str:
    (found,) = state(w, "environments")
    return found


ENVIRONMENTS = Table(
    "omni-analytics",
    "ConnectionEnvironments",
    "envs",
    {"base": "Base", "environments": [to("Dev", "dev")]},
    _linked,
    set_up=_base,
    entries={"environments": to("Dev", "dev")},
    along=None,
    rows=(
        Row(
            "environments",
            "OA-C26",
            (
                never([to("Dev", "dev")]),
                Step([to("Dev", "dev"), to("Stage", "stage", "qa")], 2),
                Step([to("Dev", "qa"), to("Stage", "stage", "dev")], 3),
                never([to("Stage", "dev", "stage")], "cannot-unlink"),
            ),
        ),
        Row(
            "environments/connection", "OA-R145", (never("Dev"), never("Stage", {"value-taken", "cannot-unlink"}))
        ),
        Row(
            "environments/values", "OA-R142", (never(["dev"]), Step(["dev", "qa"]), never(["qa", "dev"]), Step([]))
        ),
        Row("environments/id", "OA-R146", (never(_link_id), left_out())),
        Row(
            "environmentsMode",
            "OA-R145",
            (never("additive"), never("additive", behind=lambda w: _link(w, "Other", "o")), left_out()),
        ),
    ),
    deeds=(
        Deed("create", "OA-C26", calls=(LINK, VALUES), verb="adopt", there="Dev dev"),
        Deed(
            "create whole",
            "OA-C26",
            say(environments=[to("Dev", "dev"), to("Stage", "s", "qa"), to("Other")], environmentsMode="additive"),
            calls=(LINK, VALUES, VALUES),
            verb="adopt",
            there="Stage qa s",
        ),
        Deed(
            "adopt",
            "OA-R146",
            say(environments=[to("Dev", "dev", id=_link_id)]),
            meanwhile=lambda w: _link(w, "Dev", "dev"),
            calls=(VALUES,),
            verb="adopt",
            there="Dev dev",
        ),
        Deed(
            "adopt changed",
            "OA-R146",
            say(environments=[to("Dev", "dev", "qa", id=_link_id), to("Stage", "s")]),
            meanwhile=lambda w: _link(w, "Dev", "old"),
            calls=(LINK, VALUES, VALUES),
            verb="adopt",
            there="Dev dev qa",
        ),
        Deed(
            "adopt what nobody knows the id of",
            "OA-R146",
            Sheet(),
            meanwhile=lambda w: _link(w, "Dev", "old"),
            calls=(LINK,),
            verb="adopt",
            ends={"failed", "blocked"},
            note="write the link's `id` beside it",
            still=(LINK, VALUES),
            there="Dev old",
        ),
        Deed(
            "rename",
            "OA-R138",
            Sheet({"base": "Other"}, metadata={"previously": {"key": "Base"}}),
            Sheet(),
            mistake="another base is another set of environments",
        ),
        Deed(
            "rename unsaid",
            "OA-R138",
            say(base="Other"),
            Sheet(),
            verb="adopt",
            holds={"no-rename"},
            there="Dev dev",
        ),
        Deed(
            "drift",
            "OA-R139",
            Sheet(),
            Sheet(),
            lambda w: did("PUT", f"/v1/connection-environments/{_link_id(w)}", {"userAttributeValues": "t"})(w),
            verb="none",
            note="not verifiable",
            there="Dev t",
        ),
        Deed(
            "environments add",
            "OA-R142",
            say(environments=[to("Dev", "dev"), to("Stage")]),
            Sheet(),
            calls=(LINK,),
            verb="update",
        ),
        Deed(
            "environments change",
            "OA-R142",
            say(environments=[to("Dev", "d")]),
            Sheet(),
            calls=(VALUES,),
            verb="update",
            there="Dev d",
        ),
        Deed(
            "environments swap",
            "OA-R144",
            say(environments=[to("Dev", "s"), to("Stage", "dev")]),
            say(environments=[to("Dev", "dev"), to("Stage", "s")]),
            calls=(VALUES,) * 3,
            verb="update",
            there="Dev s",
        ),
        moves("OA-R138", "envs"),
        Deed("release", "OA-R145", GONE, Sheet(), verb="release", there="Dev dev"),
        Deed("delete", "OA-R145", Sheet(life=DELETE), mistake="onRemove"),
    ),
)


# Schema refresh.


CREATE, CHANGE, DROP = (
    "POST /v1/connections/*/schedules",
    "PUT /v1/connections/*/schedules/*",
    "DELETE /v1/connections/*/schedules/*",
)
NINE, TEN = "0 9 * * ? *", "0 10 * * ? *"


def _refreshed(w: World) -> None:
    for name in ("Wh", "Other"):
        w.omni.add_connection(name)
    w.omni.add_refresh(live(w)["Other"]["id"], "0 12 * * ? *")


def _refresh(w: World, body: JsonObject) -> None:
    own = live(w)["Wh"]["id"]
    (found,) = (i for i, r in state(w, "refresh_schedules").items() if r["connection_id"] == own)
    did("PUT", f"/v1/connections/{own}/schedules/{found}", {"schedule": NINE, "timezone": "UTC", **body})(w)


def _disabled(w: World) -> None:
    for found in state(w, "refresh_schedules"):
        w.omni.disable_refresh(found)


def _times(w: World) -> set[str]:
    names = {c["id"]: n for n, c in live(w).items()}
    return {f"{names[r['connection_id']]} {r['schedule']}" for r in state(w, "refresh_schedules").values()}


REFRESH = Table(
    "omni-analytics",
    "SchemaRefresh",
    "nightly",
    {"connection": "Wh", "cron": NINE, "timezone": "UTC"},
    _times,
    edit=_refresh,
    set_up=_refreshed,
    along=None,
    rows=(
        Row("connection", "OA-R150", (never("Wh"), never("Other", "replace"), never("Wh"))),
        Row("timezone", "OA-C28", (never("UTC"), Step("Europe/London"), drifted("Europe/London", "UTC"))),
        Row("recreateIfDisabled", "OA-R152", (never(True), never(False), left_out())),
    ),
    deeds=(
        Deed("create", "OA-C28", say(cron="00 09 * * ? *"), calls=(CREATE,), verb="create", there=f"Wh {NINE}"),
        Deed("adopt", "OA-R149", say(connection="Other", cron="0 12 * * ? *"), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-R149",
            say(connection="Other"),
            calls=(CREATE,),
            verb="create",
            there="Other 0 12 * * ? *",
        ),
        Deed(
            "rename",
            "OA-C28",
            Sheet({"cron": TEN}, metadata={"previously": {"key": NINE}}),
            Sheet(),
            calls=(CHANGE,),
            verb="update",
            there=f"Wh {TEN}",
            gone=f"Wh {NINE}",
        ),
        Deed("rename unsaid", "OA-C28", say(cron=TEN), Sheet(), calls=(CHANGE,), verb="update", there=f"Wh {TEN}"),
        moves("OA-R148", "nightly"),
        Deed(
            "drift",
            "OA-R148",
            Sheet(),
            Sheet(),
            lambda w: _refresh(w, {"schedule": TEN}),
            calls=(CHANGE,),
            verb="update",
            there=f"Wh {NINE}",
        ),
        Deed(
            "replace",
            "OA-R150",
            Sheet({"connection": "Other"}, {"allow": ["replace"]}),
            Sheet(),
            calls=(DROP, CREATE),
            verb="replace",
            there=f"Other {NINE}",
            gone=f"Wh {NINE}",
        ),
        Deed("disabled", "OA-R152", say(cron=TEN), Sheet(), _disabled, verb="update", holds={"disabled"}),
        Deed(
            "disabled and made anew",
            "OA-R152",
            say(recreateIfDisabled=True),
            Sheet(),
            _disabled,
            calls=(DROP, CREATE),
            verb="replace",
        ),
        Deed("release", "OA-R153", GONE, Sheet(life={"onRemove": "release"}), verb="release", there=f"Wh {NINE}"),
        Deed("delete", "OA-R153", GONE, Sheet(), calls=(DROP,), verb="delete", gone=f"Wh {NINE}"),
        Deed(
            "release what others made",
            "OA-R153",
            GONE,
            say(connection="Other", cron="0 12 * * ? *"),
            verb="release",
            there="Other 0 12 * * ? *",
        ),
    ),
)
TABLES = (CONNECTION, ENVIRONMENTS, REFRESH)
