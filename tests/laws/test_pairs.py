"""Apply, then plan: nothing is left. A fixed set of random pairs of every kind, in both forms.

`python -m tests.laws.pairs` goes on for as long as it is told to.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.json import Json, same
from reconciler.model.live import Demand
from reconciler.model.normalise import normal, unordered
from tests.contract.every_git import written
from tests.contract.every_row import Sheet
from tests.laws.normalising import FORMS as FORMS_OF
from tests.laws.normalising import NORMALISATIONS, normalising
from tests.laws.pair_grounds import FORMS, Grounds, grounds
from tests.laws.pair_trials import Trial, Wrong, nothing_left, tried
from tests.laws.pair_values import drawn_kinds, table_of
from tests.laws.pairs import campaign, trials
from tests.world import catalog

SEED = 7
TRIALS = {"process": 12, "http": 4}
"""Trials of each kind; a trial is up to four pairs."""


@pytest.fixture(scope="module", params=FORMS)
def stand(request: pytest.FixtureRequest) -> Iterator[Grounds]:
    with grounds(request.param) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of these tests lie in no repository: nobody asks git for their commit."""
    monkeypatch.setattr("reconciler.load.git.commit", lambda *_: None)


@pytest.mark.parametrize("at", sorted(drawn_kinds()), ids="/".join)
def test_apply_then_plan_is_nothing(at: tuple[str, str], stand: Grounds) -> None:
    tally = campaign(trials(SEED, [at], 0, TRIALS[stand.form]), stand)

    assert [(pair.wrong, pair.trial.again) for pair in tally.wrong] == []
    assert tally.pairs >= TRIALS[stand.form] / 2


def test_of_every_kind_pairs_can_be_drawn_and_of_one_without_a_table_nobody_is_silent() -> None:
    assert {table_of(at).at for at in drawn_kinds()} == drawn_kinds().keys()
    with pytest.raises(LookupError, match="acme/New has no table"):
        table_of(("acme", "New"))


def test_a_trial_is_the_same_whenever_it_is_made() -> None:
    told: list[list[str]] = []
    with grounds("process") as stand:
        for _ in range(2):
            told.append([])
            list(tried(Trial(SEED, "omni-analytics", "UserGroup", 3), stand, told[-1].append))

    assert told[0] == told[1] != []


def test_what_is_left_to_do_is_not_overlooked() -> None:
    """A second plan that is like the first, though nothing was done, is wrong."""
    with grounds("process") as stand:
        table = table_of(("omni-analytics", "Label"))
        w = stand.of(table, "plain").begin(catalog())
        w.documents = written(w, table, Sheet(table.spec))
        plan = w.plan()

        with pytest.raises(Wrong, match="still has calls"):
            nothing_left(plan, plan, {})


@pytest.mark.parametrize("word", NORMALISATIONS)
def test_each_normalisation_changes_something_and_means_the_same(word: str) -> None:
    values: dict[str, Json] = {
        "casefold": "Red", "instant": "2026-05-01T10:00:00+02:00", "segments": ["A", "B"], "cron": "0 9 * * ? *",
        "texts": {"a": 3, "b": ""}, "unordered": ["b", "a"],
    }  # fmt: skip
    fields = [f for k in drawn_kinds().values() for f in k.fields.values() if not f.write_only]
    known = [(f, values[n]) for f in fields for n in f.normalise if n in values]
    known += [(f, 3) for f in fields if "integer" in f.type] + [(f, ["b", "a"]) for f in fields if f.is_set]
    known += [(f, {"a": 1, "b": 2}) for f in fields if f.type == ("object",) and not f.normalise]
    shown = [(f, v, FORMS_OF[word](f, v)) for f, v in known]

    assert word == "defaults" or any(repr(v) != repr(s) for _, v, s in shown)
    for field, value, other in shown:
        alike = unordered if field.is_set else (lambda one: one)
        assert same(alike(normal(field, value)), alike(normal(field, other))), (field.name, value, other)


def test_a_default_stands_where_the_answer_says_null() -> None:
    at = ("omni-analytics", "Label")
    kind, verbs = catalog().kinds[at], normalising(catalog(), at, ("defaults",)).verbs[at]
    demand = Demand("analytics", "Label")
    request = verbs.reads(kind, demand, ())[0]

    (found,) = verbs.parse(kind, demand, ((request, {"labels": [{"name": "Hot", "verified": None}]}),)).resources

    assert found.fields["verified"] is False
