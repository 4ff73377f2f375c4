"""What a plan of OMN Core writes, reckoned from the numbers of changes alone, against the twin's log (OC-C2 to
OC-C57). What it reads: `test_core_read_counts`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import pytest

from reconciler.ledger import ephemeral, whoami
from reconciler.model.outcome import Report
from tests.contract.core_mixes import PARTS, REQUESTS, documents, ground, listed, preconditions, writes
from tests.contract.nests import written
from tests.world import CORE, World, lasting, world

UNABLE = {"peo rename": "OC-P26", "entry untranslate": "OC-P36"}
"""What the adversarial profile answers with SUCCESS, or not, and does not do."""
CREATES = [deed for deed in PARTS if deed.endswith(" create")]


def carried_out(k: World, mix: Mapping[str, int], batch: int) -> Report:
    """The writes are the formula; nothing is left to do."""
    ground(k, max(mix.values()))
    k.settings = {CORE: {"batchSize": batch}}
    before, after = documents(mix)
    if before:
        k.converge(*before)

    k.documents = list(after)
    plan = k.plan()
    report = k.checked_apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done"}, [o.message for o in report.outcomes if o.message]
    assert len(plan.writes) == plan.bound == writes(mix, batch)
    assert len([e for e in k.core.log if e.write]) == len(plan.writes)
    assert k.plan().writes == (), "in sync: 0"
    return report


def able(k: World, deed: str) -> bool:
    return deed not in UNABLE or not k.core.knobs.hard(UNABLE[deed])


@pytest.mark.parametrize(("many", "batch"), [(3, 3), (4, 3)])
@pytest.mark.parametrize("deed", PARTS)
def test_each_deed_at_the_borders_of_batches(k: World, deed: str, many: int, batch: int) -> None:
    if not able(k, deed):
        return
    report = carried_out(k, {deed: many}, batch)

    guarded(report, {deed: many})
    peos = Counter(call.rpartition("/")[2] for call in report.requests["preconditions"] if "/peo/" in call)
    new, known = deed == "peo create", deed.startswith("peo ") and deed != "peo create"
    assert peos == Counter(query=new, retrieve=known), "OC-C52"


@pytest.mark.parametrize("many", [200, 201])
@pytest.mark.parametrize("deed", CREATES)
def test_two_hundred_go_in_one_request_unless_the_target_says_otherwise(deed: str, many: int) -> None:
    with world("plain", twins=[CORE], seed=False) as k:
        ground(k, many)
        k.documents = [*documents({deed: many})[1]]

        plan = k.plan()

        assert len(plan.writes) == plan.bound == ceil(many / 200)
        assert k.checked_apply(plan).requests["calls"] == tuple(f"core: {call.line}" for call in plan.writes)


def guarded(report: Report, mix: Mapping[str, int]) -> None:
    """Each list is asked for once before the first write, whatever kinds it shows; and after the last one once, or
    twice where the first lags."""
    before = preconditions(mix)
    assert listed(report.requests["preconditions"]) == before
    after = listed(report.requests.get("verify", ()))
    assert all(many <= 2 * before[path] for path, many in after.items())


MIXES: Mapping[str, Mapping[str, int]] = {
    "one of each": dict.fromkeys(PARTS, 1),
    "several": {deed: 1 + n * 7 % 5 for n, deed in enumerate(PARTS)},
    "many": {deed: 3 + n * 5 % 4 for n, deed in enumerate(PARTS)},
}


@pytest.mark.parametrize(
    ("name", "batch"), [("one of each", 1), ("several", 1), ("several", 3), ("many", 3), ("many", 200)]
)
def test_a_mixed_plan_costs_the_sum_of_the_formulas(k: World, name: str, batch: int) -> None:
    mix = {deed: many for deed, many in MIXES[name].items() if able(k, deed)}

    report = carried_out(k, mix, batch)

    guarded(report, mix)


def test_every_deed_is_in_the_formula_and_each_request_names_deeds() -> None:
    named = Counter(deed for deeds in REQUESTS for deed in deeds)
    assert named.keys() == PARTS.keys()
    assert {deed for deed, n in named.items() if n > 1} == {deed for deed in PARTS if deed.endswith(" replace")}


NESTED: Mapping[str, tuple[tuple[str, Any], list[tuple[str, Any]]]] = {
    "nodes": (
        ("Classification", {"identifier": "S", "nodes": [{"path": "a", "nodes": [{"path": "b"}]}, {"path": "c"}]}),
        [
            ("Classification", {"identifier": "S"}),
            *(("ClassificationNode", {"path": path}) for path in ("S/a", "S/a/b", "S/c")),
        ],
    ),
    "attributes": (
        (
            "Classification",
            {
                "identifier": "S",
                "attributes": [{"definition": "base"}],
                "nodes": [{"path": "a", "attributes": [{"definition": "base"}, {"definition": "other"}]}],
            },
        ),
        [
            ("Classification", {"identifier": "S"}),
            ("ClassificationNode", {"path": "S/a"}),
            ("NodeAttribute", {"node": "S", "definition": "base"}),
            *(("NodeAttribute", {"node": "S/a", "definition": key}) for key in ("base", "other")),
        ],
    ),
    "keywords": (
        ("Keyword", {"path": "A", "keywords": [{"path": "B", "keywords": [{"path": "C"}]}, {"path": "D"}]}),
        [("Keyword", {"path": path}) for path in ("A", "A/B", "A/B/C", "A/D")],
    ),
    "entries": (
        (
            "Glossary",
            {"name": "G", "entries": [{"locale": "de_DE", "type": "term", "text": text} for text in "xyz"]},
        ),
        [
            ("Glossary", {"name": "G"}),
            *(
                ("GlossaryEntry", {"glossary": "G", "locale": "de_DE", "type": "term", "text": text})
                for text in "xyz"
            ),
        ],
    ),
    "directories": (
        (
            "Directory",
            {
                "rnc": "MAM",
                "path": "A",
                "directories": [{"path": "B", "attributes": {"V": "x"}, "directories": [{"path": "C"}]}],
            },
        ),
        [
            ("Directory", {"rnc": "MAM", "path": "A"}),
            ("Directory", {"rnc": "MAM", "path": "A/B", "attributes": {"V": "x"}}),
            ("Directory", {"rnc": "MAM", "path": "A/B/C"}),
        ],
    ),
}


@pytest.mark.parametrize("batch", [1, 2, 200])
@pytest.mark.parametrize("family", NESTED)
def test_nested_documents_cost_the_same_calls_as_separate_ones(k: World, family: str, batch: int) -> None:
    around, alone = NESTED[family]

    assert calls_of(k, [around], batch) == calls_of(k, alone, batch)


def calls_of(k: World, specs: Sequence[tuple[str, Any]], batch: int) -> list[tuple[str, Any]]:
    """All that is asked and written for these documents, out of files, in a world as at first."""
    k.core.reset()
    k.ledger = lasting(ephemeral(whoami(), k.clock))
    k.settings = {CORE: {"batchSize": batch}}
    ground(k, 1)
    head = {"apiVersion": "omn-core/v1"}
    texts = [
        json.dumps({**head, "kind": kind, "metadata": {"name": f"n{n}"}, "spec": spec})
        for n, (kind, spec) in enumerate(specs)
    ]
    k.core.log.clear()
    k.documents = written(*texts)
    plan = k.plan()
    report = k.apply(plan)
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert len(plan.writes) == plan.bound
    return [(e.call, e.body) for e in k.core.log]
