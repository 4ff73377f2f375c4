"""How often, and after how long."""

from __future__ import annotations

import random
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.faults import AnswerLost, ProviderFailed, ProviderRefused, ProviderUnreachable
from reconciler.model.record import replace
from reconciler.wire.limits import USUAL
from reconciler.wire.retry import Failure, asked, pause
from tests.unit.wire.far_end import answer
from tests.unit.wire.world import POST, USED, read, send

WALL = 1_700_000_000.0


def throttled(retry_after: str | None = None, status: int = 429, date: str = "") -> bytes:
    named = {} if retry_after is None else {"Retry-After": retry_after}
    return answer({"error": "slow down"}, status, headers={**named, **({"Date": date} if date else {})})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_read_is_tried_five_times(status: int) -> None:
    good = read(*[answer(status=status)] * 4, answer([1]))
    bad = read(answer({"error": "no"}, status))

    assert (good.body, good.attempts) == ([1], 5)
    assert bad.raised is (ProviderRefused if status == 429 else ProviderFailed)
    assert bad.fault is not None
    assert bad.fault.status == status
    assert len(bad.far.seen) == 5


@pytest.mark.parametrize("status", [501, 505, 400, 404, 408, 409])
def test_a_read_that_would_fail_again_is_not_repeated(status: int) -> None:
    assert len(read(answer(status=status)).far.seen) == 1


def test_a_write_is_repeated_after_429_alone_and_eight_times_at_most() -> None:
    good = send(*[throttled()] * 7, answer({}, 201))
    bad = send(throttled())

    assert (good.status, good.attempts) == (201, 8)
    assert bad.raised is ProviderRefused
    assert len(bad.far.seen) == 8


def test_pauses_double_with_jitter_up_to_a_cap() -> None:
    result = send(throttled())

    for nap, full in zip(result.hands.naps, (0.5, 1, 2, 4, 8, 16, 20), strict=True):
        assert full / 2 <= nap <= full + 1e-6


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "slept"),
    [("7", 7), (" 7 ", 7), ("1.5", 1.5), ("120", 120), ("121", 120), ("300", 120), (formatdate(WALL + 30), 30)],
)
def test_retry_after_is_obeyed_up_to_a_cap(status: int, said: str, slept: float) -> None:
    result = read(throttled(said, status), answer([]))

    assert result.body == []
    assert result.hands.naps == [pytest.approx(slept)]


@pytest.mark.parametrize("said", ["0", "-5", "-1e9", formatdate(WALL - 99), "soon", "", "1e9", "0x10", "٣", "NaN"])
def test_a_retry_after_that_names_no_time_leaves_it_to_us(said: str) -> None:
    result = read(throttled(said.encode().decode("latin-1")), answer([]))

    assert result.body == []
    assert len(result.hands.naps) == 1
    assert 0.25 <= result.hands.naps[0] <= 0.5


@pytest.mark.parametrize("said", ["301", "3600", "1000000000", "9" * 5_000, "9" * 13, formatdate(WALL + 999)])
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_too_long_is_given_up(said: str, status: int) -> None:
    result = read(throttled(said, status))

    assert result.fault is not None
    assert result.fault.status == status
    assert "it asks to wait" in result.fault.reason
    assert "more than the 300 s we wait" in result.fault.reason
    assert len(result.far.seen) == 1
    assert result.hands.naps == []
    assert len(send(throttled(said)).far.seen) == 1


def test_a_date_is_measured_by_the_servers_own_clock() -> None:
    wrong = WALL + 86_400  # a day off, either way
    date = formatdate(wrong, usegmt=True)

    assert read(throttled(formatdate(wrong + 9, usegmt=True), date=date), answer([])).hands.naps == [
        pytest.approx(9)
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_is_too_strange(retry_after: str, date: str) -> None:
    seconds = asked({"retry-after": retry_after, "date": date}, WALL)

    assert seconds is None or seconds >= 0


@given(st.floats(0, 1e12), st.integers(1, 10_000), st.integers())
def test_no_pause_is_longer_than_its_cap(seconds: float, attempt: int, seed: int) -> None:
    fault = AnswerLost("x", target="t", request="r")

    assert 0 < pause(Failure(fault, asked=seconds), attempt, USUAL, random.Random(seed)) <= USUAL.wait_cap
    assert 0 < pause(Failure(fault), attempt, USUAL, random.Random(seed)) <= USUAL.backoff_cap


def test_mixed_failures_share_one_count() -> None:
    result = read(throttled(), answer(status=500), answer(b"{", 200), answer([]))

    assert len(result.far.seen) == 3  # JSON without its end is worth a second try, and this was the third
    assert read(answer(status=500), limits=replace(USED, tries=1)).hands.naps == []


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_whether_a_write_may_still_leave_is_asked_before_each_try(allowed: int) -> None:
    """However long it has waited, for its turn or after a refusal for haste."""
    asked_for: list[str] = []

    def barred() -> str:
        asked_for.append("")
        return "" if len(asked_for) <= allowed else "the lease is lost"

    found = send(throttled("0"), request=replace(POST, barred=barred))

    assert found.raised is ProviderUnreachable
    assert "not sent: the lease is lost" in found.text
    assert len(found.far.seen) == allowed
