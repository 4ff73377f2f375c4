"""What a ledger remembers of a reference is told by what it leads to, whichever id that got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.model.document import Address
from reconciler.model.json import Json, digest
from reconciler.model.recorded import Bond, Recorded
from reconciler.twins import Twin
from tests.faults.seen import facts
from tests.world import CMS, TRACKER, TWINS

PROJECT = Address(TRACKER, "Project", "one")
PAGE = Address(CMS, "Component", "site/us")
TEAMS = ("cmo7team4", "cmo7team5")


def world(target: str, table: str, rows: Mapping[str, Mapping[str, Any]]) -> Twin:
    """A seeded system with these records more."""
    twin = TWINS[target]()
    twin.seed_world()
    saved: Any = twin.dump()
    saved["state"][table] |= rows
    twin.load(saved)
    return twin


def teams(first: str, second: str) -> Twin:
    """Two teams, made in this order."""
    named = zip(TEAMS, (first, second), strict=True)
    more = {"org_id": "cmo7org1", "members": {}}
    return world(TRACKER, "clientTeams", {i: {"id": i, "slug": n, "name": n, **more} for i, n in named})


def remembered(twin: Twin, address: Address, digests: Mapping[str, Json]) -> Any:
    bond = Bond(address, "cmo7proj4", digests={n: digest(v) for n, v in digests.items()})
    return facts(Recorded({address: bond}), {address.target: twin})[str(address)]["digests"]


def test_two_orders_in_which_things_are_made_look_alike() -> None:
    one = remembered(teams("crew", "spark"), PROJECT, {"team": TEAMS[0], "priority": "HIGH"})
    other = remembered(teams("spark", "crew"), PROJECT, {"team": TEAMS[1], "priority": "HIGH"})

    assert one == other == {"team": "crew", "priority": digest("HIGH")}


def test_another_thing_under_the_reference_looks_otherwise() -> None:
    there = teams("crew", "spark")

    assert remembered(there, PROJECT, {"team": TEAMS[0]}) != remembered(there, PROJECT, {"team": TEAMS[1]})


@pytest.mark.parametrize("value", ["cmo7team9", None])
def test_what_leads_to_nothing_stays_a_digest(value: Json) -> None:
    assert remembered(teams("crew", "spark"), PROJECT, {"team": value}) == {"team": digest(value)}


@pytest.mark.parametrize("parent", [1, "1"])
def test_only_a_reference_is_read_as_an_id(parent: Json) -> None:
    told = remembered(world(CMS, "components", {}), PAGE, {"parent": parent, "sequence": 1})

    assert told == {"parent": "Website>root", "sequence": digest(1)}
