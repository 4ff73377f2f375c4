"""Many targets behind one Writer."""

from __future__ import annotations

import asyncio
import random

import pytest

from reconciler.model.call import Reader, Writer
from reconciler.model.document import Target
from reconciler.model.faults import UsageWrong
from reconciler.model.operator import Access, Operator
from reconciler.model.record import replace
from reconciler.wire.budget import SPAN
from reconciler.wire.readonly import ReadOnly
from reconciler.wire.wires import Wires
from tests.unit.wire.far_end import FarEnd, answer
from tests.unit.wire.world import GET, POST, SECRET, Hands, provider, run


def wires(hands: Hands, urls: dict[str, str], rates: dict[str, int] | None = None) -> Wires:
    targets = {name: Target(name, "example", per_minute=(rates or {}).get(name)) for name in urls}
    access = {name: Access(url, lambda: SECRET, "env KEY") for name, url in urls.items()}
    operator = Operator(access, origin="/etc/reconciler/operator.yaml")
    return Wires(targets, {"example": provider()}, operator, hands.clock, random.Random(3))


def test_requests_go_to_their_target_and_are_counted_together() -> None:
    async def main() -> None:
        async with (
            FarEnd((answer("a"),)) as a,
            FarEnd((answer("b"),)) as b,
            wires(Hands(), {"a": a.url, "b": b.url, "never": "https://unused.example.com"}) as all_of_them,
        ):
            assert a.connections == b.connections == 0
            assert (await all_of_them.read(replace(GET, target="a"))).body == "a"
            assert (await all_of_them.send(replace(POST, target="b"))).body == "b"
            assert all_of_them.requests == [("a", "GET /v1/things", 1), ("b", "POST /v1/things", 1)]

    run(main())


def test_a_target_the_operator_did_not_open_is_refused() -> None:
    async def main() -> None:
        async with wires(Hands(), {}) as none:
            with pytest.raises(UsageWrong, match="configured for the target shop") as caught:
                await none.read(GET)
        assert "/etc/reconciler/operator.yaml" in caught.value.hint

    run(main())


def test_targets_on_one_server_share_the_smaller_budget() -> None:
    async def main() -> None:
        hands = Hands()
        async with FarEnd((answer({}),)) as far, FarEnd((answer({}),)) as other:
            urls = {"a": far.url, "b": far.url + "/b", "c": other.url}
            async with wires(hands, urls, {"a": 4, "b": 3}) as line:
                for name in ("a", "b", "a", "c", "c", "c"):
                    await line.read(replace(GET, target=name))
                assert hands.naps == []
                assert line.expected_seconds("a", 1) == SPAN
                assert line.expected_seconds("c", 9) == 0
                await line.read(replace(GET, target="a"))
                assert hands.naps == [pytest.approx(SPAN)]

    run(main())


def test_the_expected_time_needs_no_open_wire() -> None:
    line = wires(Hands(), {"a": "https://api.example.com"}, {"a": 10})

    assert line.expected_seconds("a", 11) == SPAN


def test_all_are_closed_at_the_end() -> None:
    async def main() -> None:
        async with FarEnd((answer({}),)) as far:
            line = wires(Hands(), {"a": far.url, "b": far.url})
            with pytest.raises(RuntimeError, match="not open"):
                await line.read(replace(GET, target="a"))
            async with line:
                await asyncio.gather(*(line.read(replace(GET, target=t)) for t in "abab"))
            await asyncio.sleep(0.02)
            assert not far._tasks
            with pytest.raises(RuntimeError, match="not open"):
                await line.read(replace(GET, target="a"))

    run(main())


def test_the_view_for_planning_can_only_look() -> None:
    async def main() -> None:
        async with FarEnd((answer({"a": 1}),)) as far, wires(Hands(), {"shop": far.url}) as line:
            writer: Writer = line
            view: Reader = ReadOnly(writer)
            assert (await view.read(GET)).body == {"a": 1}
            with pytest.raises(ValueError, match="not declared safe"):
                await view.read(POST)
            assert not hasattr(view, "send")
            assert len(far.seen) == 1

    run(main())
