"""Random connections, environments and refreshes, live and declared, and people at work in between: apply, then
plan: 0 calls; what is not declared is left alone (OA-R130 to OA-R153)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.warehouses import connection, environments, refresh, with_secret
from tests.world import OMNI, World, hasty_clock, lasting, world

BASES = ["Base", "Wh"]
OTHERS = ["Dev", "Stage", "Test"]
VALUES = ["a", "b", "c", "d", "e"]
CRONS = ["0 9 * * ? *", "00 09 * * ? *", "0 10 ? * mon *", "0/30 * * * ? *"]
ZONES = ["UTC", "Europe/London"]
KINDS = ("Connection", "ConnectionEnvironments", "SchemaRefresh")

roles = st.sampled_from([None, "VIEWER", "QUERIER"])
attributes = st.sampled_from([..., None, ("env", ["p"]), ("env", ["p", "q"]), ("stage", [])])
declared = st.dictionaries(st.sampled_from(BASES), st.tuples(roles, attributes), max_size=2)
splits = st.lists(st.sampled_from([*OTHERS, None]), min_size=5, max_size=5)
times = st.tuples(st.sampled_from(CRONS), st.sampled_from(ZONES))
refreshes = st.dictionaries(st.sampled_from(["x", "y", "z"]), times, max_size=3)
people = st.lists(st.sampled_from(["role", "retime", "add", "delete"]), max_size=2)
rounds = st.lists(st.tuples(declared, splits, refreshes, people), min_size=1, max_size=4)
live_refreshes = st.lists(times, max_size=3)


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def c(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(request.param, seed=False, twins=[OMNI]) as one:
        one.expect_missing = frozenset(f"{OMNI}/{kind}" for kind in KINDS)
        yield with_secret(one, Path(tmp_path_factory.mktemp("kept")))


def begin(c: World, live: Sequence[tuple[str, str]]) -> dict[str, str]:
    """A base that is there already, three connections to stand in for it, and refreshes of other people."""
    c.omni.reset()
    c.clock, c.documents = hasty_clock(), []
    c.ledger = lasting(ephemeral(whoami(), c.clock))
    ids = {name: c.omni.add_connection(name) for name in ("Base", *OTHERS)}
    for cron, zone in live:
        c.omni.add_refresh(ids["Base"], cron, zone)
    return ids


def documents(
    wanted: Mapping[str, tuple[str | None, Any]], split: Sequence[str | None], at: Mapping[str, tuple[str, str]]
) -> list[Document]:
    found = []
    for name, (role, attribute) in sorted(wanted.items()):
        spec: dict[str, Json] = {"baseRole": role} if role else {}
        if attribute is None or isinstance(attribute, tuple):
            own: Json = {"attribute": attribute[0], "defaultValues": attribute[1]} if attribute else None
            spec["environmentUserAttribute"] = own
        found.append(connection(name, "", 1, **spec))
    values = {one: [v for v, to in zip(VALUES, split, strict=True) if to == one] for one in OTHERS}
    if chosen := [(one, mine) for one, mine in values.items() if mine]:
        found.append(environments("Base", *chosen))
    alike = set()
    for name, (cron, zone) in sorted(at.items()):
        same = (cron.replace("00 09", "0 9"), zone)
        if same not in alike:
            found.append(refresh("Base", cron, name, zone))
        alike.add(same)
    return found


def at_work(c: World, deeds: Sequence[str], base: str) -> None:
    rows: Any = c.omni.dump()["state"]
    own = [i for i, r in rows["refresh_schedules"].items() if r["connection_id"] == base]
    path = f"/v1/connections/{base}/schedules"
    for deed in deeds:
        if deed == "role":
            assert c.omni.edit("PATCH", f"/v1/connections/{base}", {"baseRole": "MODELER"}).ok
        if deed == "retime" and own:
            c.omni.edit("PUT", f"{path}/{own[0]}", {"schedule": "7 7 * * ? *", "timezone": "UTC"})
        if deed == "add":
            c.omni.add_refresh(base, "0 9 * * ? *")
        if deed == "delete" and own:
            c.omni.edit("DELETE", f"{path}/{own[-1]}")


@given(live=live_refreshes, steps=rounds)
def test_apply_then_plan_has_no_calls(
    c: World,
    live: Sequence[tuple[str, str]],
    steps: Sequence[tuple[Mapping[str, Any], Sequence[str | None], Mapping[str, tuple[str, str]], Sequence[str]]],
) -> None:
    base = begin(c, live)["Base"]
    rows: Any = c.omni.dump()["state"]
    theirs = set(rows["refresh_schedules"])
    for wanted, split, at, deeds in steps:
        plan = c.plan(*documents(wanted, split, at)) if documents(wanted, split, at) else None
        if plan is None:
            continue
        assert len(plan.writes) >= plan.bound
        report = c.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}, report.outcomes
        left = c.plan()
        assert [one.line for one in left.writes] == []
        held = {(a.address, h.rule) for a in plan.actions for h in a.holds}
        assert {(a.address, h.rule) for a in left.actions for h in a.holds} <= held
        rows = c.omni.dump()["state"]
        assert theirs <= set(rows["refresh_schedules"]), "a refresh that somebody else made is gone"
        if not held:
            names = {i: r["name"] for i, r in rows["connections"].items()}
            links = {names[e["connection_id"]]: set(e["values"]) for e in rows["environments"].values()}
            mine = {one: {v for v, to in zip(VALUES, split, strict=True) if to == one} for one in OTHERS}
            assert all(links[one] == values for one, values in mine.items() if values)
        at_work(c, deeds, base)
        rows = c.omni.dump()["state"]
        theirs &= set(rows["refresh_schedules"])
