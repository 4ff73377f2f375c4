"""Connections, environments, refreshes and filters: the pure functions (OA-R130 to OA-R159)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.change import Change, Delta, Entry, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Demand, Resource
from reconciler.model.normalise import unordered
from reconciler.model.place import Place
from reconciler.model.recorded import Bond
from reconciler.model.values import resolved
from reconciler.providers.omni_analytics import (
    connection,
    connection_environments,
    dashboard_filters,
    schema_refresh,
)
from reconciler.providers.omni_analytics.connection_check import check as connection_check
from reconciler.providers.omni_analytics.environments_calls import in_order
from tests.world import catalog

OMNI = "analytics"


def kind(name: str) -> Any:
    return catalog().kind("omni-analytics", name)


def document(name: str, spec: Mapping[str, Json], **words: Any) -> Document:
    return Document(Address(OMNI, name, "one"), "omni-analytics", dict(spec), Place("m.yaml"), **words)


# Connection


@pytest.mark.parametrize(
    ("values", "found"),
    [("a, b ,c", ["a", "b", "c"]), (["a", "b"], ["a", "b"]), ("", []), (None, []), ([], []), (3, [])],
)
def test_oa_r132_values_are_texts_with_commas_or_lists(values: Json, found: list[str]) -> None:
    assert connection.listed(values) == found


@pytest.mark.parametrize("spelling", ["ForConnectionEnvironments", "ForConnectionsEnvironments"])
@pytest.mark.parametrize("values", ["p,q", ["p", "q"]])
def test_oa_r132_an_attribute_is_read_in_both_spellings(spelling: str, values: Json) -> None:
    record: JsonObject = {
        "id": "c",
        "name": "C",
        f"userAttributeName{spelling}": "env",
        "userAttributeValuesForDefaultEnvironment": values,
        "deletedAt": None,
    }
    assert one_of(record).fields["environmentUserAttribute"] == {"attribute": "env", "defaultValues": ["p", "q"]}


def one_of(record: JsonObject) -> Resource:
    k = kind("Connection")
    demand = Demand(OMNI, "Connection")
    [request] = catalog().verbs["omni-analytics", "Connection"].reads(k, demand, ())
    [found] = connection.parse(k, demand, ((request, {"connections": [record]}),)).resources
    return found


def test_oa_r132_no_attribute_is_null_and_an_unknown_one_is_not_read() -> None:
    bare: JsonObject = {"id": "c", "name": "C", "deletedAt": None}
    none = {"userAttributeNameForConnectionEnvironments": None, "userAttributeValuesForDefaultEnvironment": None}
    assert one_of({**bare, **none}).fields["environmentUserAttribute"] is None
    assert "environmentUserAttribute" not in one_of(bare).fields


def test_oa_r132_a_role_in_the_words_of_model_roles_is_the_same() -> None:
    record: JsonObject = {"id": "c", "name": "C", "baseRole": "QUERY_TOPICS"}
    assert one_of(record).fields["baseRole"] == "RESTRICTED_QUERIER"


@pytest.mark.parametrize(
    ("spec", "problems"),
    [
        ({"dialect": "postgres"}, 1),
        ({"dialect": "postgres", "password": {}}, 0),
        ({"dialect": "snowflake", "privateKey": {}}, 1),
        ({"dialect": "snowflake", "privateKey": {}, "warehouse": "w"}, 0),
        ({"dialect": "databricks", "password": {}}, 1),
        ({"dialect": "athena", "password": {}}, 1),
        ({"dialect": "bigquery", "password": {}, "region": "us"}, 0),
        ({"dialect": "bigquery", "password": {}, "region": "us", "username": "u", "host": "h"}, 2),
        ({"dialect": "motherduck", "password": {}, "host": "h"}, 1),
        ({"dialect": "mssql", "password": {}}, 1),
        ({"dialect": "mssql", "password": {}, "defaultSchema": "dbo", "trustServerCertificate": True}, 0),
        ({"dialect": "mysql", "password": {}, "includeOtherCatalogs": [], "maxBillingBytes": "1"}, 2),
    ],
)
def test_oa_r135_what_each_dialect_needs(spec: Mapping[str, Json], problems: int) -> None:
    found = connection_check(kind("Connection"), [document("Connection", {"name": "C", **spec})])
    assert len(found) == problems
    assert {p.rule for p in found} <= {"OA-R135"}


def test_unordered_reaches_into_objects() -> None:
    assert unordered({"a": ["z", "b", "b"], "c": 1}) == {"a": ["b", "z"], "c": 1}


# Environments


def entry(name: str, *values: str) -> Entry:
    return Entry(name, f"id-{name}", {"connection": f"id-{name}", "values": list[Json](values)})


def change(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> Change:
    address = Address(OMNI, "ConnectionEnvironments", "one")
    told: dict[str, JsonObject] = {
        f"environments/id-{n}": {"id": f"link-{n}", "values": list[Json](v)} for n, v in before.items()
    }
    changed = [entry(n, *v) for n, v in after.items() if set(before.get(n, [])) != set(v)]
    return Change(
        Verb.UPDATE,
        address,
        live=Resource("base", "Base", {}),
        bond=Bond(address, "base", told=told),
        wire={"base": "base"},
        label="Base",
        deltas={"environments": Delta(change=tuple(changed))},
    )


sides = st.lists(st.sampled_from(["A", "B", "C", "D", ""]), min_size=6, max_size=6)


def split(where: list[str]) -> dict[str, list[str]]:
    return {n: [f"v{i}" for i, to in enumerate(where) if to == n] for n in "ABCD"}


@given(before=sides, after=sides)
def test_oa_r144_no_value_ever_belongs_to_two(before: list[str], after: list[str]) -> None:
    one = change(split(before), split(after))
    now = {n: set(v) for n, v in split(before).items()}
    steps = in_order(one, one.deltas["environments"].change)
    for step in steps:
        others = {v for n, values in now.items() if n != step.entry.shown for v in values}
        assert not others & set(step.values), "the server answers 400"
        now[step.entry.shown] = set(step.values)
    assert now == {n: set(v) for n, v in split(after).items()}
    parked = sum(s.parked for s in steps)
    assert len(steps) == len(one.deltas["environments"].change) + parked
    k = kind("ConnectionEnvironments")
    assert connection_environments.bound(k, [one]) <= len(steps) == len(connection_environments.calls(k, [one]))


@given(before=sides, after=sides)
def test_oa_r144_the_edges_alone_keep_values_apart(before: list[str], after: list[str]) -> None:
    """Whatever order the edges leave open, no PUT meets a value that another one still has."""
    one = change(split(before), split(after))
    calls = connection_environments.calls(kind("ConnectionEnvironments"), [one])
    left, done = list(reversed(calls)), set[str]()
    now = {n: set(v) for n, v in split(before).items()}
    while left:
        call = next(c for c in left if c.after <= done)
        left.remove(call)
        done.add(call.id)
        name = str(call.effect.present[0][0]).removeprefix("id-")
        body: Any = call.body
        values = set(filter(None, body["userAttributeValues"].split(",")))
        assert not values & {v for n, had in now.items() if n != name for v in had}
        now[name] = values


@pytest.mark.parametrize(
    "body",
    [
        {
            "success": True,
            "data": [{"id": "l2", "environmentConnectionId": "b"}, {"id": "l1", "environmentConnectionId": "a"}],
        },
        {
            "connectionEnvironments": [
                {"id": "l2", "connectionId": "b"},
                {"id": "l1", "connectionId": "a", "baseConnectionId": "x"},
            ]
        },
    ],
    ids=["older", "newer"],
)
def test_oa_r140_ids_are_told_apart_by_the_connection_not_by_their_place(body: Json) -> None:
    new = Delta(add=(Entry("A", "a", {"values": ["x"]}), Entry("B", "b", {"values": []})))
    address = Address(OMNI, "ConnectionEnvironments", "one")
    one = Change(Verb.CREATE, address, wire={"base": {"$id": "z"}}, label="Base", deltas={"environments": new})
    post = connection_environments.calls(kind("ConnectionEnvironments"), [one])[0]

    told = connection_environments.told(kind("ConnectionEnvironments"), post, body)

    assert told == {"a": {"id": "l1", "values": []}, "b": {"id": "l2", "values": []}}


def test_join_is_one_text_once_the_ids_are_known() -> None:
    late: Json = {"$join": ["a", {"$from": {"call": "1", "path": "/data"}}]}
    assert resolved(late, {"1": {"/data": "b"}}) == "a,b"
    with pytest.raises(KeyError):
        resolved(late, {})


# Refreshes


def meant(cron: str, remote_id: str | None = None, connection_id: str | None = "c") -> JsonObject:
    return {"cron": cron, "timezone": "UTC", "connection": connection_id, "id": remote_id}


def row(remote_id: str, cron: str) -> JsonObject:
    return {"scheduleId": remote_id, "connectionId": "c", "schedule": cron, "timezone": "UTC", "disabledAt": None}


@pytest.mark.parametrize(
    ("details", "rows", "owned"),
    [
        ([meant("0 9 * * ? *")], [row("a", "00 09 * * ? *")], {"a": "0 9 * * ? *"}),
        ([meant("0 9 * * ? *", "b")], [row("a", "0 9 * * ? *"), row("b", "0 8 * * ? *")], {"b": "0 9 * * ? *"}),
        ([meant("0 9 * * ? *")], [row("b", "0 9 * * ? *"), row("a", "0 9 * * ? *")], {"a": "0 9 * * ? *"}),
        ([meant("0 9 * * ? *")], [row("a", "0 8 * * ? *")], {}),
        ([meant("0 9 * * ? *"), {"left": "a", "on": "c"}], [row("a", "0 8 * * ? *")], {"a": "0 9 * * ? *"}),
        ([meant("0 9 * * ? *", None, "d"), {"left": "a", "on": "c"}], [row("a", "0 8 * * ? *")], {}),
        (
            [meant("0 9 * * ? *"), {"left": "b", "on": "c"}],
            [row("a", "0 9 * * ? *"), row("b", "0 9 * * ? *")],
            {"b": "0 9 * * ? *"},
        ),
    ],
    ids=["by times", "by id first", "one of two alike", "nobody's", "left over", "elsewhere", "ours first"],
)
def test_oa_r149_which_schedule_a_document_means(
    details: list[JsonObject], rows: list[Json], owned: dict[str, str]
) -> None:
    k = kind("SchemaRefresh")
    demand = Demand(OMNI, "SchemaRefresh", by=({"connection": "c"},), details=tuple(details))
    [request] = schema_refresh.reads(k, demand, ())
    found = schema_refresh.parse(k, demand, ((request, {"schedules": rows}),))
    cron = details[0]["cron"]
    assert {r.id: r.key for r in found.resources if r.key == cron and r.scope[1] == "UTC"} == owned


# Filters


def test_oa_r155_what_an_answer_leaves_out_is_off_and_what_nobody_declares_is_not_compared() -> None:
    k = kind("DashboardFilters")
    spec: JsonObject = {
        "document": "d",
        "filters": {"f": {"hidden": False, "label": "F"}, "gone": {"hidden": True}},
    }
    [detail] = dashboard_filters.details(k, [document("DashboardFilters", spec)], (), {})
    demand = Demand(OMNI, "DashboardFilters", details=(detail,))
    [request] = dashboard_filters.reads(k, demand, ())
    body: JsonObject = {
        "filters": {"f": {"type": "string", "values": ["x"]}},
        "controls": [],
        "filterOrder": ["f"],
    }
    [found] = dashboard_filters.parse(k, demand, ((request, body),)).resources
    assert found.fields["filters"] == {"f": {"hidden": False, "label": None}}
    assert (found.fields["filterIds"], found.fields["order"]) == (["f"], ["f"])


def test_oa_r155_a_shape_that_is_none_is_refused() -> None:
    k = kind("DashboardFilters")
    demand = Demand(OMNI, "DashboardFilters", by=({"document": "d"},))
    [request] = dashboard_filters.reads(k, demand, ())
    with pytest.raises(ValueError, match="no filters"):
        dashboard_filters.parse(k, demand, ((request, {"filters": [], "controls": {}}),))
