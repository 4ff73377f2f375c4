"""The twin of OMN Core on a socket: plain, adversarial, or as a test wants it; with its seeded world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from reconciler.twins import PROFILES, OmnCoreTwin
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.served import served

With = Callable[..., Omn]
# Statuses, casing and dates are another in every answer: they have tests of their own.
EVERYWHERE = ("OC-P32", "OC-P40", "OC-P49")


def _seeded(twin: OmnCoreTwin) -> OmnCoreTwin:
    """Without the seeded classification: tests of classifications begin with none."""
    twin.seed_world()
    now = twin.clock.now()
    twin.remove_class("Suppliers")
    for tid in ("supplier_number", "supplier_rating", "supplier_regions"):
        twin.remove_definition(tid)
    twin.clock.set(now)
    return twin


@pytest.fixture
def omn() -> Iterator[Omn]:
    with served(_seeded(OmnCoreTwin())) as it:
        yield Omn(it)


@pytest.fixture(params=PROFILES)
def each_omn(request: pytest.FixtureRequest) -> Iterator[Omn]:
    twin = OmnCoreTwin(request.param, knobs=dict.fromkeys(EVERYWHERE, "plain"))
    with served(_seeded(twin)) as it:
        yield Omn(it)


@pytest.fixture
def omn_with() -> Iterator[With]:
    """A plain twin but for these questions: `omn_with("OC-P1")`."""
    with ExitStack() as stack:

        def made(*questions: str) -> Omn:
            twin = OmnCoreTwin(knobs=dict.fromkeys(questions, "adversarial"))
            return Omn(stack.enter_context(served(_seeded(twin))))

        yield made
