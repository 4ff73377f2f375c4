"""What each event does to what is recorded."""

from __future__ import annotations

import pytest

from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.recorded import Bond
from tests.unit.ledger.samples import FINANCE, REPORTS, TEAM, Place, begun, bond, done, forgetful, made, reopened


def test_a_bond_comes_back_as_it_was_bound(place: Place) -> None:
    told = bond(
        key=["Finance", "Reports \u202e \x00 \ud800"],
        made=True,
        label="Finance",
        onRemove="delete",
        protect=True,
        allow=["delete", "rename"],
        digests={"description": "sha256:00"},
        entries={"permissions": ["g-2", "g-1"]},
    )

    with made(place) as ledger:
        ledger.bind(begun(ledger), told)
    with reopened(place) as ledger:
        assert ledger.recorded().bonds == {FINANCE: told}


def test_a_moved_thing_leaves_its_old_address() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond(FINANCE))

    ledger.bind(begun(ledger), bond(REPORTS, "another id after the move"), previous=FINANCE)

    assert set(ledger.recorded().bonds) == {REPORTS}


def test_a_thing_can_move_twice_in_one_run() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond(FINANCE, "f-1"))

    ledger.bind(run, bond(REPORTS, "f-1"), previous=FINANCE)

    assert set(ledger.recorded().bonds) == {REPORTS}


def test_a_bond_that_stays_where_it_is_survives_being_its_own_previous() -> None:
    ledger = forgetful()

    ledger.bind(begun(ledger), bond(), previous=FINANCE)

    assert ledger.recorded().bonds == {FINANCE: bond()}


def test_two_things_can_swap_their_addresses() -> None:
    ledger = forgetful()
    first = begun(ledger)
    ledger.bind(first, bond(FINANCE, "f-1"))
    ledger.bind(first, bond(REPORTS, "f-2"))
    ledger.finish(first, "done")

    second = begun(ledger)
    ledger.bind(second, bond(FINANCE, "f-2"), previous=REPORTS)
    ledger.bind(second, bond(REPORTS, "f-1"), previous=FINANCE)

    assert {a: b.id for a, b in ledger.recorded().bonds.items()} == {FINANCE: "f-2", REPORTS: "f-1"}


def test_a_new_thing_at_the_address_another_one_leaves_keeps_it() -> None:
    ledger = forgetful()
    ledger.bind(begun(ledger), bond(FINANCE, "f-1"))

    run = begun(ledger)
    ledger.conclude(run, FINANCE, done(id="f-9"))
    ledger.bind(run, bond(REPORTS, "f-1"), previous=FINANCE)

    assert {a: b.id for a, b in ledger.recorded().bonds.items()} == {FINANCE: "f-9", REPORTS: "f-1"}


def test_a_released_address_is_ours_no_more() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond())

    ledger.release(run, FINANCE, "left git")
    ledger.release(run, FINANCE, "and again, after a crash")

    assert ledger.recorded().bonds == {}


def test_a_created_thing_is_ours_before_its_final_bind() -> None:
    ledger = forgetful()

    ledger.conclude(begun(ledger), FINANCE, done(id="f-1", key=["Finance"], label="Finance"))

    assert ledger.recorded().bonds == {FINANCE: Bond(FINANCE, "f-1", key=["Finance"], made=True, label="Finance")}


def test_what_an_unfinished_create_has_made_is_ours() -> None:
    ledger = forgetful()
    told: Json = {Fact.ID: "f-1", Fact.KEY: ["Finance"], Fact.LABEL: "Finance"}

    ledger.conclude(begun(ledger), FINANCE, Outcome("1", End.FAILED, result={Fact.BEGUN: told}))

    assert ledger.recorded().bonds == {FINANCE: Bond(FINANCE, "f-1", key=["Finance"], made=True, label="Finance")}


def test_a_recreated_thing_keeps_its_protection_and_forgets_its_contents() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(
        run, bond(protect=True, onRemove="delete", allow=["delete"], digests={"a": "1"}, entries={"m": ["u"]})
    )

    ledger.conclude(run, FINANCE, done(id="f-2", key="Finance", label="Finance"))

    assert ledger.recorded().bonds[FINANCE] == bond(
        remote_id="f-2",
        key="Finance",
        label="Finance",
        made=True,
        protect=True,
        onRemove="delete",
        allow=["delete"],
    )


def test_a_create_that_is_told_twice_changes_nothing_the_second_time() -> None:
    ledger = forgetful()
    run = begun(ledger)
    full = bond(made=True, key="Finance", label="Finance", digests={"a": "1"}, entries={"m": ["u"]})
    ledger.bind(run, full)

    ledger.conclude(run, FINANCE, done(id="f-1"))

    assert ledger.recorded().bonds == {FINANCE: full}


def test_a_thing_whose_id_changes_is_known_by_the_new_one() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond(protect=True))

    ledger.conclude(run, FINANCE, done(becomes="f-2"))

    assert ledger.recorded().bonds == {FINANCE: bond(remote_id="f-2", protect=True)}


def test_a_deleted_thing_has_no_bond() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond())

    ledger.conclude(run, FINANCE, done(gone=True))

    assert ledger.recorded().bonds == {}


def test_entries_follow_what_was_added_and_removed() -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond(TEAM, entries={"members": ["u-1"]}))

    ledger.conclude(run, TEAM, done("1", added=["members", ["u-2", "u-1", "u-2"]]))
    assert ledger.recorded().bonds[TEAM].entries == {"members": ("u-1", "u-2")}

    ledger.conclude(run, TEAM, done("2", added=["labels", ["l-1"]]))
    ledger.conclude(run, TEAM, done("3", removed=["members", ["u-1", "never there"]]))
    assert ledger.recorded().bonds[TEAM].entries == {"members": ("u-2",), "labels": ("l-1",)}

    ledger.conclude(run, TEAM, done("4", removed=["members", ["u-2"]]))
    assert ledger.recorded().bonds[TEAM].entries == {"members": (), "labels": ("l-1",)}


def test_entries_of_a_thing_created_by_the_same_call_are_ours() -> None:
    ledger = forgetful()

    ledger.conclude(begun(ledger), TEAM, done(id="t-1", added=["members", ["u-1"]]))

    assert ledger.recorded().bonds[TEAM].entries == {"members": ("u-1",)}


@pytest.mark.parametrize("end", [e for e in End if e is not End.DONE])
def test_only_what_is_done_counts(end: End) -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond())
    facts: dict[str, Json] = {Fact.ID: "f-2", Fact.BECOMES: "f-3", Fact.GONE: True, Fact.ADDED: ["m", ["u"]]}

    ledger.conclude(run, FINANCE, Outcome("1", end, result=facts))

    assert ledger.recorded().bonds == {FINANCE: bond()}


def test_facts_about_a_thing_without_a_bond_make_none() -> None:
    ledger = forgetful()
    run = begun(ledger)

    ledger.conclude(run, FINANCE, done(becomes="f-2", added=["m", ["u"]], gone=True))

    assert ledger.recorded().bonds == {}


@pytest.mark.parametrize("wrong", ["members", ["members"], ["members", "u-1"], [1, []], {}])
def test_facts_of_a_wrong_shape_never_reach_the_ledger(wrong: Json) -> None:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, bond())
    head = ledger.head

    with pytest.raises(TypeError):
        ledger.conclude(run, FINANCE, done(added=wrong))

    assert ledger.head == ledger.verify() == head
    assert ledger.recorded().bonds == {FINANCE: bond()}


def test_a_record_is_cut_to_the_targets_asked_for() -> None:
    ledger = forgetful()
    run = begun(ledger, "p1", "analytics", "studio")
    ledger.bind(run, bond(FINANCE))
    ledger.bind(run, bond(TEAM))
    ledger.finish(run, "done")

    only = ledger.recorded(["studio"])

    assert set(only.bonds) == {TEAM}
    assert only.completed == {"studio"}
    assert ledger.recorded().completed == {"analytics", "studio"}


def test_an_ephemeral_ledger_has_no_past() -> None:
    assert not forgetful().recorded().exists


def test_what_is_kept_of_an_entry_lasts_until_it_is_there_again() -> None:
    ledger = forgetful()
    run = begun(ledger)
    text = '["u1","b"]'
    ledger.bind(run, bond(entries={"shifts": [text]}))

    gone: dict[str, Json] = {Fact.REMOVED: ["shifts", [["u1", "b"]]], Fact.KEPT: ["shifts", {text: {"note": "x"}}]}
    ledger.conclude(run, FINANCE, Outcome("1", End.DONE, result=gone))
    (known,) = ledger.recorded().bonds.values()
    assert (known.entries, known.kept) == ({"shifts": ()}, {f"shifts/{text}": {"note": "x"}})

    ledger.conclude(run, FINANCE, Outcome("2", End.DONE, result={Fact.ADDED: ["shifts", [["u1", "b"]]]}))
    (known,) = ledger.recorded().bonds.values()
    assert (known.entries, known.kept) == ({"shifts": (text,)}, {})
