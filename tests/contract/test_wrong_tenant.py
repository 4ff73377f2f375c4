"""All that we know of a kind has vanished: another tenant or key, more often than the truth (OA-R11, ST-R8)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.model.document import Document
from reconciler.model.faults import GuardRefused
from reconciler.twins.omni_analytics.things import Folder, Label
from reconciler.twins.studio_tracker.things import Team
from tests.contract.deeds import carried_out, planned
from tests.world import World, doc

KINDS: Mapping[str, tuple[list[Document], str]] = {
    "Label": ([doc("Label", f"n{n}", {"name": f"Name {n}"}) for n in range(3)], "analytics/Label"),
    "Folder": ([doc("Folder", f"n{n}", {"path": f"Name {n}"}) for n in range(3)], "analytics/Folder"),
    "ClientTeam": (
        [doc("ClientTeam", f"n{n}", {"slug": f"name-{n}", "name": f"Name {n}"}) for n in range(3)],
        "studio/ClientTeam",
    ),
}


def vanish(w: World, count: int) -> None:
    """So many of the things called `Name n` are gone, without a trace."""
    gone = {f"Name {n}" for n in range(count)}
    for twin, kind in ((w.omni, Label), (w.omni, Folder), (w.tracker, Team)):
        with twin.lock:
            table = twin.state.of(kind)
            for key in [key for key, one in table.items() if one.name in gone]:  # type: ignore[attr-defined]
                del table[key]


@pytest.mark.parametrize("kind", KINDS)
def test_everything_recorded_missing_stops_the_run(w: World, kind: str) -> None:
    documents, at = KINDS[kind]
    carried_out(w, *documents)
    vanish(w, 3)
    for twin in (w.omni, w.tracker):
        twin.log.clear()

    with pytest.raises(GuardRefused, match=f"{at}: none of the 3 things recorded here is live") as refused:
        w.plan(*documents)

    assert f"--expect-missing {at}" in refused.value.hint
    assert refused.value.exit_code == 4
    assert not w.omni.log.writes()
    assert not w.tracker.log.writes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_out_makes_them_again(w: World, kind: str) -> None:
    documents, at = KINDS[kind]
    carried_out(w, *documents)
    vanish(w, 3)
    w.expect_missing = frozenset({at})

    assert len(carried_out(w, *documents).sent) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_out_of_one_kind_is_none_for_another(w: World, kind: str) -> None:
    documents, _ = KINDS[kind]
    carried_out(w, *documents)
    vanish(w, 3)
    w.expect_missing = frozenset({"analytics/User"})

    with pytest.raises(GuardRefused):
        w.plan(*documents)


@pytest.mark.parametrize("kind", KINDS)
def test_some_of_several_missing_is_no_reason_to_stop(w: World, kind: str) -> None:
    documents, _ = KINDS[kind]
    carried_out(w, *documents)
    vanish(w, 2)

    assert len(carried_out(w, *documents).sent) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_recorded_thing_missing_is_no_reason_to_stop(w: World, kind: str) -> None:
    documents, _ = KINDS[kind]
    carried_out(w, documents[0])
    vanish(w, 1)

    assert len(carried_out(w, documents[0]).sent) == 1


def test_things_to_be_deleted_count_too(w: World) -> None:
    """Nothing is declared any more, and nothing of it is live: that may be somebody else's house."""
    documents, at = KINDS["Label"]
    keep = doc("Folder", "finance", {"path": "Finance"})
    carried_out(w, *documents, keep)
    vanish(w, 3)

    with pytest.raises(GuardRefused, match=at):
        w.plan(keep)


def test_another_organisation_of_the_same_key_is_found_out(w: World) -> None:
    documents, at = KINDS["ClientTeam"]
    carried_out(w, *documents)
    w.settings["studio"] = {"organisation": (other := w.tracker.add_org("Third Party"))}

    here = rf"studio is http://127\.0\.0\.1:[0-9]+/.* \({other}\) now; what the ledger holds"
    with pytest.raises(GuardRefused, match=here):
        w.plan(*documents)

    w.expect_moved = frozenset({"studio"})
    with pytest.raises(GuardRefused, match=at):
        w.plan(*documents)


def test_the_same_between_plan_and_apply_refuses_every_object(w: World) -> None:
    documents, _ = KINDS["ClientTeam"]
    carried_out(w, *documents)
    changed = [doc("ClientTeam", f"n{n}", {"slug": f"name-{n}", "name": f"New {n}"}) for n in range(3)]
    plan = planned(w, *changed)
    w.settings["studio"] = {"organisation": w.tracker.add_org("Third Party")}
    w.tracker.log.clear()

    with pytest.raises(GuardRefused, match="what the ledger holds of it was made"):
        w.apply(plan)

    assert len(w.tracker.log) == 0
    w.expect_moved = frozenset({"studio"})
    report = w.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"stale"}
    assert not [e for e in w.tracker.log.writes() if e.status == 200 and "New" in str(e.body)]
