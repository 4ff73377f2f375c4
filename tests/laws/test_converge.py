"""From any live world and for any documents: apply, then plan, has nothing to do; and nothing else was touched."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.change import Verb
from reconciler.model.document import Document
from tests.laws.generated import as_live
from tests.laws.lives import LiveWorld, Stage, disturb, edits, forget, live_ids, odd_answers, worlds
from tests.laws.manifests import documents, memoryless, pinned_to
from tests.laws.oracle import reconcile

MORE = settings(max_examples=settings().max_examples * 2)
FEWER = settings(max_examples=settings().max_examples // 2)


@MORE
@given(data=st.data(), live=worlds, odd=odd_answers)
def test_one_round(stage: Stage, live: LiveWorld, odd: frozenset[str], data: st.DataObject) -> None:
    here = stage.begin(live, odd=odd)
    found = data.draw(documents(recased=not stage.hard))
    reconcile(here, pinned_to(found, live_ids(here)))


@given(data=st.data(), live=worlds, ledger=st.booleans())
def test_three_rounds_with_others_at_work(
    stage: Stage, live: LiveWorld, ledger: bool, data: st.DataObject
) -> None:
    """With a ledger and without, and with what others do between the rounds."""
    here = stage.begin(live, ledger=ledger)
    before: list[Document] = []
    for _ in range(3):
        before = data.draw(documents(before, recased=not stage.hard))
        before = pinned_to(before if ledger else memoryless(before), live_ids(here))
        reconcile(here, before, ledger=ledger)
        disturb(here, data.draw(edits))
        if not ledger:
            forget(here)


@FEWER
@given(live=worlds)
def test_what_is_live_differs_in_nothing_from_itself(stage: Stage, live: LiveWorld) -> None:
    here = stage.begin(live)
    here.documents = as_live(here)

    plan = here.plan()

    assert [c.line for c in plan.calls] == []
    assert {a.verb for a in plan.actions} <= {Verb.ADOPT}
    assert not [f for a in plan.actions for f in a.fields]
    assert not [h for a in plan.actions for h in a.holds]
    assert plan.bound == 0


@FEWER
@given(data=st.data(), live=worlds)
def test_what_has_been_adopted_is_at_rest(stage: Stage, live: LiveWorld, data: st.DataObject) -> None:
    """And stays so for any part of the documents: what leaves git is let go, since we did not make it."""
    here = stage.begin(live)
    found = as_live(here)
    reconcile(here, found)
    kept = data.draw(st.lists(st.sampled_from(found), unique_by=lambda d: d.address)) if found else []

    plan = reconcile(here, kept)

    assert plan.calls == ()
    assert {a.verb for a in plan.actions} <= {Verb.NONE, Verb.RELEASE}
