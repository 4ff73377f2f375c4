"""What is only read, so that other kinds can name it: RNCs, channels, components (OC-R50 to OC-R54)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable

import pytest

from reconciler import providers, read
from reconciler.model.document import Document, Target
from reconciler.model.live import Collection
from reconciler.twins import Fault
from reconciler.wire.readonly import ReadOnly
from reconciler.wire.wire import Wire
from tests.contract.keywords import action, planned, requests, rules
from tests.world import CORE, World, catalog, doc

RNCS, CHANNELS, ALL = "/dam/rncs/retrieve", "/cm/channels/retrieve", "/cm/channels/query"


def all_of(k: World, kind: str) -> Collection:
    """Everything of a kind that a listing of the target shows."""
    known = providers.for_import(catalog(), "omn-core")

    async def asked() -> Collection:
        setup = k.setup()
        provider = known.providers["omn-core"]
        async with Wire(
            Target(CORE, "omn-core"), provider, setup.operator.access[CORE], k.clock, random.Random(1)
        ) as w:
            found, refused = await read.everything(CORE, [known.kind("omn-core", kind)], known, ReadOnly(w), {})
        assert refused == {}
        return found[kind]

    return asyncio.run(asked())


def peo(name: str, channels: Iterable[str]) -> Document:
    spec = {"product": "p", "template": "T", "templateId": "1", "name": name, "projects": [*channels]}
    return doc("core/Peo", name, spec)  # type: ignore[arg-type]


def test_oc_r50_an_rnc_that_is_not_there_is_refused_with_the_nearest(k: World) -> None:
    k.core.add_rnc("MAM")

    plan = planned(k, doc("core/Directory", "d", {"rnc": "MOM", "path": "a"}))

    assert rules(plan, "d") == ["unresolved"]
    assert "MAM" in action(plan, "d").holds[0].reason
    assert len(requests(k, RNCS)) == 1


def test_oc_r52_just_the_channels_that_are_named_are_asked_for(k: World) -> None:
    k.core.add_channel("AWS", "Amazon")
    k.core.add_channel("Print")
    k.core.add_product("p")

    plan = planned(k, peo("one", ["AWS"]), peo("two", ["AWS", "NOPE"]))

    assert requests(k, CHANNELS) == [{"tids": ["AWS", "NOPE"]}]
    assert requests(k, ALL) == []
    assert rules(plan, "two") == ["unresolved"]
    assert "unresolved" not in rules(plan, "one")


def test_oc_r53_all_channels_as_far_as_the_server_lists_them(k: World) -> None:
    k.core.add_channel("AWS", "Amazon")
    k.core.add_channel("Print", parent="AWS")

    found = all_of(k, "Channel")

    assert requests(k, ALL)[0] == {}
    if k.core.knobs.profile == "adversarial":
        assert (found.resources, found.proof.complete) == ((), False)
        return
    assert {r.id: r.fields["name"] for r in found.resources if r.id == "AWS"} == {"AWS": "Amazon"}
    assert {"AWS", "Print"} <= {r.id for r in found.resources}
    assert found.proof.complete


@pytest.mark.parametrize("status", [404, 500])
def test_oc_r53_where_they_cannot_be_listed_nothing_fails(k: World, status: int) -> None:
    k.core.add_channel("AWS")
    k.core.faults.add(Fault("status", method="POST", path=ALL, status=status, times=10))

    assert all_of(k, "Channel").resources == ()


def test_oc_r51_components_and_whether_they_run(k: World) -> None:
    k.core.set_component("omn-search", "inactive")

    found = {r.id: r.fields["status"] for r in all_of(k, "Component").resources}

    assert found["omn-search"] == "inactive"


def test_oc_r50_all_rncs(k: World) -> None:
    k.core.add_rnc("MAM")
    k.core.add_rnc("DATA")

    assert {"MAM", "DATA"} <= {r.id for r in all_of(k, "Rnc").resources}
