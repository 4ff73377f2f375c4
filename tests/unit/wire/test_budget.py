"""Never more requests in a minute than the budget says, and not much fewer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.clock import Clock
from reconciler.model.faults import Unauthorised
from reconciler.wire.budget import SPAN, Budget, expected_seconds
from tests.unit.wire.far_end import FarEnd, answer
from tests.unit.wire.world import GET, POST, Hands, run, warped, wire


def most_in_a_minute(arrivals: Sequence[float]) -> int:
    """The fullest window of 60 s, both ends included."""
    times = sorted(arrivals)
    return max((sum(t <= u <= t + 60 for u in times) for t in times), default=0)


class Server:
    """Counts in a sliding window, as the far end does: when a request *arrives*, refused ones too if `strict`."""

    def __init__(self, limit: int, clock: Clock, rng: random.Random, *, strict: bool, named: bool) -> None:
        self.limit, self.clock, self.rng, self.strict, self.named = limit, clock, rng, strict, named
        self.counted: list[float] = []
        self.arrivals: list[float] = []
        self.refusals = 0

    async def take(self) -> float | None:
        """None if served; else the Retry-After it names, 0 if it names none."""
        await self.clock.sleep(self.rng.uniform(0, 2))
        now = self.clock.now()
        self.arrivals.append(now)
        recent = [t for t in self.counted if now - t < 60]
        refused = len(recent) >= self.limit
        if not refused or self.strict:
            self.counted.append(now)
        await self.clock.sleep(self.rng.uniform(0, 2))
        if not refused:
            return None
        self.refusals += 1
        return recent[0] + 60 - now if self.named else 0.0


async def client(budget: Budget, server: Server, tries: int) -> bool:
    for _ in range(tries):
        async with budget.place():
            wait = await server.take()
        if wait is None:
            return True
        budget.refused(wait or 0.5, asked=wait > 0)
    return False


@settings(max_examples=150, deadline=None)
@given(
    limit=st.integers(1, 12),
    requests=st.integers(0, 40),
    seats=st.integers(1, 8),
    seed=st.integers(0, 2**32),
)
def test_no_window_of_a_minute_ever_holds_more(limit: int, requests: int, seats: int, seed: int) -> None:
    async def main(clock: Clock) -> tuple[Server, float]:
        rng, budget, seat = random.Random(seed), Budget(limit, clock), asyncio.Semaphore(seats)
        server = Server(limit, clock, rng, strict=True, named=False)

        async def one() -> None:
            await clock.sleep(rng.uniform(0, 100) if rng.random() < 0.3 else 0)
            async with seat:
                assert await client(budget, server, 1)

        await asyncio.gather(*(one() for _ in range(requests)))
        return server, clock.now()

    server, took = warped(main)
    assert server.refusals == 0
    assert most_in_a_minute(server.arrivals) <= limit
    least = expected_seconds(requests, limit)
    slowest_answers = 4 * (requests / min(seats, limit) + 2)
    assert least <= took + 4 <= least * 1.07 + slowest_answers + 104 + SPAN


@settings(max_examples=100, deadline=None)
@given(
    limit=st.integers(1, 20),
    others=st.lists(st.floats(-60, 0), max_size=20),
    requests=st.integers(1, 30),
    strict=st.booleans(),
    named=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_a_window_that_somebody_else_filled_is_waited_out(
    limit: int, others: list[float], requests: int, strict: bool, named: bool, seed: int
) -> None:
    """The run before this one used the same key: we learn of it by a 429, and nobody is refused for good."""

    async def main(clock: Clock) -> Server:
        budget, seat = Budget(limit, clock), asyncio.Semaphore(8)
        server = Server(limit, clock, random.Random(seed), strict=strict, named=named)
        server.counted = sorted(others)[-limit:]

        async def one() -> bool:
            async with seat:
                return await client(budget, server, 5)

        assert all(await asyncio.gather(*(one() for _ in range(requests))))
        return server

    server = warped(main)
    assert most_in_a_minute(server.counted) <= limit + (server.refusals if strict else 0)
    assert server.refusals <= 2 * 8 + len(others)


def test_first_come_first_served() -> None:
    async def main(clock: Clock) -> list[int]:
        budget, order = Budget(2, clock), list[int]()

        async def one(n: int) -> None:
            async with budget.place():
                order.append(n)

        await asyncio.gather(*(one(n) for n in range(9)))
        assert clock.now() == pytest.approx(4 * SPAN)
        return order

    assert warped(main) == list(range(9))


def test_without_a_limit_nobody_waits() -> None:
    async def main(clock: Clock) -> float:
        budget = Budget(None, clock)
        for _ in range(1_000):
            async with budget.place():
                pass
        return clock.now()

    assert warped(main) == 0.0


def test_one_who_gives_up_waiting_takes_no_place() -> None:
    async def main(clock: Clock) -> None:
        budget = Budget(1, clock)
        async with budget.place():
            pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10), budget.place():
                raise AssertionError
        async with budget.place():
            assert clock.now() == pytest.approx(SPAN)

    warped(main)


@given(st.integers(1, 200), st.integers(1, 70), st.lists(st.floats(0, 70), max_size=100))
def test_the_expected_time_is_what_it_takes_if_answers_are_instant(
    requests: int, limit: int, ages: list[float]
) -> None:
    async def main(clock: Clock) -> tuple[float, float]:
        budget = Budget(limit, clock)
        budget._ended.extend(sorted(-age for age in ages))
        told = budget.expected_seconds(requests)
        for _ in range(requests):
            async with budget.place():
                pass
        return told, clock.now()

    told, took = warped(main)
    assert told == pytest.approx(took, abs=0.002, rel=1e-4)  # a thousandth of a second per round of waiting
    assert told == pytest.approx(expected_seconds(requests, limit, ages), abs=1e-6)


def test_expected_time_in_round_numbers() -> None:
    assert expected_seconds(60, 60) == 0
    assert expected_seconds(61, 60) == SPAN
    assert expected_seconds(121, 60) == 2 * SPAN
    assert expected_seconds(1, 60, [50] * 60) == pytest.approx(SPAN - 50)
    assert expected_seconds(0, 1, [0]) == 0
    assert expected_seconds(1_000, None) == 0


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no rate"):
        Budget(0, Hands().clock)


@pytest.mark.parametrize(("target", "api", "rate"), [(3, None, 3), (None, 4, 4), (3, 4, 3), (5, 4, 5)])
def test_the_targets_own_rate_goes_before_the_providers(target: int | None, api: int | None, rate: int) -> None:
    async def main() -> None:
        hands = Hands()
        async with FarEnd((answer({}),)) as far:
            line = wire(far.url, hands, per_minute=target, provider_per_minute=api)
            async with line:
                assert line.expected_seconds(rate) == 0
                assert line.expected_seconds(rate + 1) == SPAN
                for _ in range(rate):
                    await line.read(GET)
                assert hands.naps == []
                await line.send(POST)
                assert hands.naps == [pytest.approx(SPAN)]

    run(main())


def test_a_retry_takes_a_place_too() -> None:
    async def main() -> None:
        hands = Hands()
        async with FarEnd((answer(status=500), answer({}))) as far, wire(far.url, hands, per_minute=2) as line:
            await line.read(GET)
            await line.read(GET)
            assert hands.time == pytest.approx(1_000 + SPAN)

    run(main())


def test_after_a_429_without_a_word_the_window_counts_as_full() -> None:
    async def main() -> None:
        hands = Hands()
        async with FarEnd((answer({}), answer(status=429), answer({}))) as far:
            async with wire(far.url, hands, per_minute=60) as line:
                await line.read(GET)
                hands.time += 20
                await line.read(GET)
            assert hands.naps == [pytest.approx(SPAN - 20)]  # until our own first request leaves the window

    run(main())


def test_a_429_stops_everybody_until_the_time_it_names() -> None:
    async def main() -> None:
        hands = Hands()
        throttled = answer(status=429, headers={"Retry-After": "30"})
        async with FarEnd((throttled, answer({}))) as far, wire(far.url, hands, concurrency=1) as line:
            await asyncio.gather(*(line.read(GET) for _ in range(5)))
            assert hands.naps == [30]
            assert len(far.seen) == 6

    run(main())


def test_after_a_429_requests_go_one_at_a_time_for_a_minute() -> None:
    async def main() -> None:
        hands = Hands()
        throttled = answer(status=429, headers={"Retry-After": "1"})
        async with FarEnd((throttled, (0.01, answer({})))) as far, wire(far.url, hands) as line:
            await line.read(GET)
            await asyncio.gather(*(line.read(GET) for _ in range(8)))
            assert far.most_at_once == 1
            hands.time += SPAN
            await asyncio.gather(*(line.read(GET) for _ in range(8)))
            assert far.most_at_once > 1

    run(main())


def test_a_wrong_credential_is_sent_once_however_many_wait() -> None:
    async def main() -> None:
        async with FarEnd((answer({"error": "who?"}, 401),)) as far, wire(far.url, Hands(), concurrency=4) as line:
            found = await asyncio.gather(*(line.read(GET) for _ in range(9)), return_exceptions=True)
            found += await asyncio.gather(line.send(POST), return_exceptions=True)
            assert len(far.seen) == 1
        assert {type(one) for one in found} == {Unauthorised}

    run(main())


@pytest.mark.parametrize("status", [200, 403, 404])
def test_once_the_credential_is_taken_requests_go_side_by_side(status: int) -> None:
    async def main() -> None:
        async with FarEnd((answer({}, status), answer({}))) as far, wire(far.url, Hands(), concurrency=4) as line:
            await asyncio.gather(*(line.read(GET) for _ in range(9)), return_exceptions=True)
            assert len(far.seen) == 9

    run(main())
