"""Glossaries and entries when something goes wrong: every documented refusal as an outcome that says what to
do, lost answers, answers that name nobody (OC-R6 to OC-R9, OC-R32, OC-R103)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reconciler.twins import Fault
from tests.contract.glossaries import (
    DELETABLE,
    PERFORM,
    PERFORM_ENTRIES,
    PERSIST,
    PERSIST_ENTRIES,
    Deed,
    applied,
    carried_out,
    en,
    entry,
    glossary,
    hard,
    made,
    planned,
    requests,
    rules,
    shown,
)
from tests.world import World


def meanwhile(k: World, path: str, deed: Callable[[], object]) -> None:
    """Somebody does this just before the next request to that path takes effect."""
    k.core.on_request(1, "before-effect", lambda *_: deed(), path=path)


def told(deed: Deed, name: str) -> list[tuple[str, str]]:
    """How the calls of an address ended, and what is said of it."""
    own = next(a for a in deed.plan.actions if a.address.name == name)
    outcomes = {o.call: o for o in deed.report.outcomes}
    return [(str(outcomes[i].end), outcomes[i].message) for i in own.calls]


def test_oc_r89_a_name_that_appears_meanwhile_fails_the_call_and_live_tells_of_each(k: World) -> None:
    documents = [glossary("Boots"), glossary("Hats"), glossary("Shoes")]
    plan = planned(k, *documents)
    meanwhile(k, PERSIST, lambda: k.core.add_glossary("Hats"))

    deed = applied(k, plan, looked=True)

    assert told(deed, "hats")[0][0] == "done"  # it is there, whoever made it: nobody can tell
    text = "Unable to create the glossary: glossary with name 'Hats' already exists."
    assert any(text in o.message for o in deed.report.outcomes)
    carried_out(k, *documents)
    assert set(shown(k)) == {"Boots", "Hats", "Shoes"}


def test_oc_r89_a_name_that_no_list_shows_is_told_with_the_servers_words(k: World) -> None:
    carried_out(k, glossary("Shoes", called="s"))
    documents = [glossary("Boots", called="s", was="Shoes"), glossary("Hats")]
    plan = planned(k, *documents)
    meanwhile(k, PERSIST, lambda: k.core.add_glossary("Boots"))

    deed = applied(k, plan, looked=True)

    text = "Unable to create the glossary: glossary with name 'Boots' already exists."
    assert told(deed, "s")[0][0] == "failed"
    assert text in told(deed, "s")[0][1]
    assert len(requests(k, PERSIST)) == 2  # what has not happened is sent once more, and refused once more
    assert "name-taken" in rules(planned(k, *documents), "s")


def test_oc_r103_an_update_of_a_glossary_that_is_gone(k: World) -> None:
    carried_out(k, glossary("Shoes", attributes={"A": "x"}), glossary("Hats"))
    one = k.core.glossary("Shoes").id
    plan = planned(k, glossary("Shoes", attributes={"A": "y"}), glossary("Hats", attributes={"A": "y"}))
    meanwhile(k, PERSIST, lambda: k.core.remove_glossary(one))

    deed = applied(k, plan)

    assert told(deed, "shoes") == [("failed", f'The glossary with id "{one}" does not exist.')]
    assert told(deed, "hats")[0][0] == "done"


def test_oc_r103_a_delete_of_a_glossary_that_is_gone_is_done(k: World) -> None:
    carried_out(k, glossary("Shoes", **DELETABLE))
    one = k.core.glossary("Shoes").id
    plan = planned(k)
    meanwhile(k, PERFORM, lambda: k.core.remove_glossary(one))

    assert applied(k, plan, looked=True).ends == ["done", "done"]


def test_oc_r93_an_entry_that_appears_meanwhile_keeps_the_glossary_where_the_server_does(k: World) -> None:
    carried_out(k, glossary("Shoes", **DELETABLE))
    one = k.core.glossary("Shoes").id
    plan = planned(k)
    meanwhile(k, PERFORM, lambda: k.core.add_entry(one, "somebody's"))

    deed = applied(k, plan, looked=True)

    if hard(k):
        assert told(deed, "shoes")[0][0] == "failed"
        assert f'The glossary with id "{one}" could not be deleted.' in told(deed, "shoes")[0][1]
        assert rules(planned(k), "shoes") == ["in-use"]


def test_oc_r93_what_was_put_into_it_since_the_plan_makes_the_delete_stale(k: World) -> None:
    carried_out(k, glossary("Shoes", **DELETABLE))
    plan = planned(k)
    k.core.add_entry(k.core.glossary("Shoes").id, "somebody's")

    deed = applied(k, plan)

    assert told(deed, "shoes")[0][0] == "stale"
    assert shown(k) == {"Shoes": {"en_EN somebody's": {}}}


def test_oc_r103_an_unknown_type_is_that_entrys_own_error_and_the_others_are_done(k: World) -> None:
    k.core.add_glossary("Shoes")
    documents = [
        entry("Shoes", "eins"),
        entry("Shoes", "mitte", type="sentenc"),
        entry("Shoes", "zwei", en("two")),
    ]
    plan = planned(k, *documents)

    deed = applied(k, plan, looked=True)

    assert [told(deed, n)[0][0] for n in ("eins", "mitte", "zwei")] == ["done", "failed", "done"]
    assert "Unknown translation entry type 'sentenc'" in told(deed, "mitte")[0][1]
    assert made(k, "GlossaryEntry", "eins")
    assert shown(k)["Shoes"] == {"de_DE eins": {}, "de_DE zwei": {"en_EN": "two"}, "en_EN two": {}}


def test_oc_r103_an_update_of_an_entry_that_is_gone(k: World) -> None:
    k.core.add_glossary("Shoes")
    kinds = {"t": "term", "s": "sentence"}
    carried_out(k, *(entry("Shoes", n, type=kind, called=n) for n, kind in kinds.items()), entry("Shoes", "u"))
    ids = {a.name: b.id for a, b in k.recorded.bonds.items()}

    def gone(*entries: str) -> None:
        for one in entries:
            k.core.remove_entry(one)

    plan = planned(
        k, *(entry("Shoes", n, en("x"), type=t) for n, t in kinds.items()), entry("Shoes", "u", en("y"))
    )
    meanwhile(k, PERSIST_ENTRIES, lambda: gone(ids["t"], ids["s"]))

    deed = applied(k, plan)

    assert told(deed, "t") == [("failed", f"Term with identity '{ids['t']}' not found.")]
    assert told(deed, "s") == [("failed", f"Sentence with identity '{ids['s']}' not found.")]
    assert told(deed, "u")[0][0] == "done"


def test_oc_r103_an_entry_without_a_link_to_its_glossary(k: World) -> None:
    k.core.add_glossary("Shoes")
    plan = planned(k, entry("Shoes", "Schuh"), entry("Shoes", "Hut"))
    text = "Glossary entry 'Schuh' does not contain a link to glossary."
    k.core.mar("Schuh", description=text)

    deed = applied(k, plan, looked=True)

    assert told(deed, "hut")[0][0] == "done"
    assert text in told(deed, "schuh")[0][1]


def test_oc_r103_a_glossary_that_is_gone_meanwhile(k: World) -> None:
    one = k.core.add_glossary("Shoes")
    plan = planned(k, entry("Shoes", "Schuh"))
    meanwhile(k, PERSIST_ENTRIES, lambda: k.core.remove_glossary(one))

    deed = applied(k, plan)

    assert told(deed, "schuh") == [("failed", "There is no glossary with the given identity")]


def test_oc_r103_a_move_of_what_is_gone_and_a_move_to_what_is_gone(k: World) -> None:
    k.core.add_glossary("Shoes")
    hats = k.core.add_glossary("Hats")
    deeds: list[tuple[Callable[[str], object], str]] = [
        (k.core.remove_entry, "There is no glossary entry with the given tid/identity"),
        (lambda _: k.core.remove_glossary(hats), "There is no glossary with the given identity"),
    ]
    for gone, text in deeds:
        carried_out(k, entry("Shoes", "Schuh", called="s"))
        plan = planned(k, entry("Hats", "Schuh", called="s"))
        meanwhile(k, PERFORM_ENTRIES, partial(gone, _own(k, "s")))

        assert told(applied(k, plan), "s") == [("failed", text)]


def test_oc_r6_a_warning_is_not_done(k: World) -> None:
    carried_out(k, glossary("Shoes"), entry("Shoes", "Schuh"))
    plan = planned(k, glossary("Shoes", attributes={"A": "x"}), entry("Shoes", "Schuh", en("shoe")))
    k.core.mar("Shoes", "WARNING", "dropped a value")
    k.core.mar("Schuh", "SUCCESS", "saved", issue="a translation could not be linked")

    deed = applied(k, plan)

    assert told(deed, "shoes") == [("failed", "dropped a value")]
    assert told(deed, "schuh")[0][0] == "failed"
    assert "a translation could not be linked" in told(deed, "schuh")[0][1]


def test_oc_r96_a_glossary_that_failed_blocks_its_own_entries_alone(k: World) -> None:
    documents = [glossary("Shoes"), entry("shoes", "Schuh"), glossary("Hats"), entry("hats", "Hut")]
    plan = planned(k, *documents)
    k.core.mar("Shoes", description="not today")

    deed = applied(k, plan, looked=True)

    assert told(deed, "shoes")[0][0] == "failed"
    assert "not today" in told(deed, "shoes")[0][1]
    assert (told(deed, "schuh")[0][0], told(deed, "hut")[0][0]) == ("blocked", "done")
    carried_out(k, *documents, calls=3)


def test_oc_r93_an_entry_that_stays_blocks_its_glossary(k: World) -> None:
    carried_out(k, glossary("Shoes", **DELETABLE), entry("Shoes", "Schuh", **DELETABLE))
    plan = planned(k)
    k.core.faults.add(Fault("status", method="POST", path=PERFORM_ENTRIES, status=400))

    deed = applied(k, plan)

    assert (told(deed, "schuh")[0][0], told(deed, "shoes")[0][0]) == ("failed", "blocked")
    assert "Shoes" in shown(k)
    carried_out(k, calls=2)


def test_oc_r32_lost_answers_are_looked_up_and_nothing_is_made_twice(k: World) -> None:
    documents = [glossary("Shoes"), entry("shoes", "Schuh", en("shoe")), entry("shoes", "Hut")]
    plan = planned(k, *documents)
    for path in (PERSIST, PERSIST_ENTRIES):
        k.core.faults.add(Fault("drop", method="POST", path=path, effect=True))

    deed = applied(k, plan, looked=True)

    assert set(deed.ends) == {"done"}
    assert len(requests(k, PERSIST)) == len(requests(k, PERSIST_ENTRIES)) == 1
    assert shown(k)["Shoes"] == {"de_DE Schuh": {"en_EN": "shoe"}, "en_EN shoe": {}, "de_DE Hut": {}}
    assert planned(k, *documents).writes == ()


def test_oc_r9_a_fault_in_the_middle_is_settled_object_by_object(k: World) -> None:
    k.core.add_glossary("Shoes")
    documents = [entry("Shoes", n) for n in ("a", "b", "c")]
    plan = planned(k, *documents)
    k.core.break_after(1)

    deed = applied(k, plan, looked=True)

    assert set(deed.ends) == {"done"}
    assert [str(b).count("<glossaryEntry ") for b in requests(k, PERSIST_ENTRIES)] == [3, 2]
    assert len(shown(k)["Shoes"]) == 3


def test_oc_r11_what_moved_since_the_plan_is_refused(k: World) -> None:
    carried_out(k, glossary("Shoes", attributes={"A": "x"}), entry("Shoes", "Schuh", en("shoe")))
    documents = [glossary("Shoes", attributes={"A": "y"}), entry("Shoes", "Schuh", en("boot"))]
    plan = planned(k, *documents)
    k.core.change_glossary("Shoes", vals={"A": "x", "B": "somebody's"})
    k.core.add_translation(_own(k, "schuh"), "soulier", "fr_FR")

    deed = applied(k, plan)

    assert (told(deed, "shoes")[0][0], told(deed, "schuh")[0][0]) == ("stale", "stale")
    assert (k.core.glossary("Shoes").vals or {})["B"] == {"itm": ["somebody's"]}


def _own(k: World, name: str) -> str:
    return next(b.id for a, b in k.recorded.bonds.items() if a.name == name)


def test_oc_r100_a_translation_that_is_gone_meanwhile_is_gone(k: World) -> None:
    carried_out(k, glossary("Shoes"), entry("Shoes", "Schuh", en("shoe")))
    plan = planned(k, glossary("Shoes"), entry("Shoes", "Schuh", {}, **DELETABLE))
    target = str(int(_own(k, "schuh")) + 1)
    meanwhile(k, PERFORM_ENTRIES, lambda: k.core.remove_entry(target))

    deed = applied(k, plan, looked=True)

    assert told(deed, "schuh") == [("done", told(deed, "schuh")[0][1])]
    assert shown(k) == {"Shoes": {"de_DE Schuh": {}}}
