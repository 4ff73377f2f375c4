"""An entry moved to another glossary, and another one made where it was (OC-R97)."""

from __future__ import annotations

from reconciler.twins.core.faults import Fault
from tests.contract.glossaries import (
    PERSIST_ENTRIES,
    action,
    carried_out,
    en,
    entry,
    glossary,
    planned,
    rules,
    shown,
)
from tests.world import World


def test_a_new_entry_takes_the_place_of_one_that_is_moved_away(k: World) -> None:
    both = (glossary("Shoes"), glossary("Hats"))
    carried_out(k, *both, entry("Shoes", "Schuh", en("shoe"), called="old"))

    deed = carried_out(
        k, *both, entry("Hats", "Schuh", en("shoe"), called="old"), entry("Shoes", "Schuh", called="new")
    )

    assert [h for a in deed.plan.actions for h in a.holds] == []
    assert str(action(deed.plan, "new").verb) == "create"
    assert shown(k) == {
        "Hats": {"de_DE Schuh": {"en_EN": "shoe"}, "en_EN shoe": {}},
        "Shoes": {"de_DE Schuh": {}},
    }


def test_where_the_one_that_was_to_move_stays_no_other_is_made(k: World) -> None:
    shoes = glossary("Shoes")
    carried_out(k, shoes, entry("Shoes", "Schuh", called="old"))

    plan = planned(k, shoes, entry("Hast", "Schuh", called="old"), entry("Shoes", "Schuh", called="new"))

    assert (rules(plan, "old"), rules(plan, "new")) == (["unresolved"], ["taken"])
    assert plan.writes == ()


def test_where_the_one_that_was_to_move_is_held_no_other_is_made(k: World) -> None:
    both = (glossary("Shoes"), glossary("Hats"))
    carried_out(k, *both, entry("Shoes", "Schuh", called="old"))

    other = entry("Hats", "Schuh", type="sentence", called="old")
    plan = planned(k, *both, other, entry("Shoes", "Schuh", called="new"))

    assert (rules(plan, "old"), rules(plan, "new")) == (["immutable"], ["depends-on"])
    assert plan.writes == ()


def test_a_lost_answer_doubles_neither_of_the_two(k: World) -> None:
    both = (glossary("Shoes"), glossary("Hats"))
    carried_out(k, *both, entry("Shoes", "Schuh", called="old"))
    wanted = (*both, entry("Hats", "Schuh", called="old"), entry("Shoes", "Schuh", called="new"))
    k.core.faults.add(Fault("drop", method="POST", path=PERSIST_ENTRIES))

    k.apply(planned(k, *wanted))

    carried_out(k, *wanted)
    assert shown(k) == {"Hats": {"de_DE Schuh": {}}, "Shoes": {"de_DE Schuh": {}}}
    assert sum(len(texts) for texts in shown(k).values()) == 2


def test_where_a_rename_waits_for_a_word_no_other_takes_the_old_text(k: World) -> None:
    shoes = glossary("Shoes")
    carried_out(k, shoes, entry("Shoes", "Stiefel", called="old"))
    wanted = (shoes, entry("Shoes", "Schuh", called="old"), entry("Shoes", "Stiefel", called="new"))

    plan = planned(k, *wanted)

    assert (rules(plan, "old"), rules(plan, "new")) == (["rename-unconfirmed"], ["depends-on"])
    k.apply(plan)
    assert planned(k, *wanted).writes == ()
    said = entry("Shoes", "Schuh", called="old", was="Stiefel")
    carried_out(k, shoes, said, wanted[2])
    assert shown(k) == {"Shoes": {"de_DE Schuh": {}, "de_DE Stiefel": {}}}
