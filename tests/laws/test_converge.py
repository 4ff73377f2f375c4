"""From any live world and for any documents: apply, then plan, has nothing to do; and nothing else was touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.document import Document
from tests.laws.lives import Stage, disturb, edits, forget, live_ids, staged, worlds
from tests.laws.manifests import documents, memoryless, pinned_to
from tests.laws.oracle import reconcile
from tests.world import world


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with world(request.param, seed=False) as one:
        yield staged(one)


@given(data=st.data(), live=worlds)
def test_one_round(stage: Stage, live: object, data: st.DataObject) -> None:
    here = stage.begin(live)
    found = data.draw(documents(recased=not stage.hard))
    reconcile(here, pinned_to(found, live_ids(here)))


@settings(max_examples=settings.default.max_examples // 2)
@given(data=st.data(), live=worlds, ledger=st.booleans())
def test_three_rounds_with_others_at_work(stage: Stage, live: object, ledger: bool, data: st.DataObject) -> None:
    here = stage.begin(live, ledger=ledger)
    before: list[Document] = []
    for _ in range(3):
        before = data.draw(documents(before, recased=not stage.hard))
        before = pinned_to(before if ledger else memoryless(before), live_ids(here))
        reconcile(here, before, ledger=ledger)
        disturb(here, data.draw(edits))
        if not ledger:
            forget(here)
