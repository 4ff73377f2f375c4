"""Entries made, changed, moved and deleted, with their translations (OC-R95 to OC-R102)."""

from __future__ import annotations

from reconciler.model.json import Json
from tests.contract.glossaries import (
    DELETABLE,
    RETRIEVE,
    action,
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
    targets,
)
from tests.world import CORE, World, doc


def fr(text: str, **more: Json) -> dict[str, Json]:
    return {"locale": "fr_FR", "text": text, **more}


def texts(k: World, at: str = "Shoes") -> dict[str, dict[str, str]]:
    return shown(k)[at]


def test_oc_r95_new_entries_of_several_glossaries_go_in_one_request(k: World) -> None:
    shoes, hats = k.core.add_glossary("Shoes"), k.core.add_glossary("Hats")

    deed = carried_out(
        k,
        entry("Shoes", "Schuh", en("shoe", similarity=90, forbidden=True), forbidden=False),
        entry("Hats", "Der Hut passt.", type="sentence", called="hut"),
        calls=1,
    )

    assert deed.sent[0].count("<glossaryEntry ") == 2
    assert f'parentId="{hats}" loc="de_DE" type="sentence"' in deed.sent[0]
    assert f'parentId="{shoes}" loc="de_DE" type="term"' in deed.sent[0]
    assert texts(k) == {"de_DE Schuh": {"en_EN": "shoe"}, "en_EN shoe": {}}
    assert texts(k, "Hats") == {"de_DE Der Hut passt.": {}}
    assert made(k, "GlossaryEntry", "schuh")


def test_oc_r96_a_new_glossary_its_list_and_its_entries_are_three_calls(k: World) -> None:
    deed = carried_out(k, glossary("Shoes"), entry("Shoes", "Schuh", en("shoe")), glossary("Hats"), calls=3)

    assert len(deed.sent) == 2
    assert deed.asked("calls") == 3
    assert deed.asked("verify") == (3 if hard(k) else 1)  # each list lags behind its persist (OC-P44)
    assert texts(k) == {"de_DE Schuh": {"en_EN": "shoe"}, "en_EN shoe": {}}


def test_oc_c32_without_entries_in_a_new_glossary_there_is_no_list(k: World) -> None:
    k.core.add_glossary("Shoes")

    carried_out(k, glossary("Hats"), glossary("Shoes"), entry("Shoes", "Schuh"), calls=2)


def test_oc_c34_one_list_serves_both_kinds_before_and_after(k: World) -> None:
    k.core.add_glossary("Shoes")

    deed = carried_out(k, glossary("Shoes", attributes={"A": "x"}), entry("Shoes", "Schuh"), calls=2)

    assert deed.asked("preconditions") == 1
    assert deed.asked("verify") == (2 if hard(k) else 1)
    planned(k, glossary("Shoes", attributes={"A": "x"}), entry("Shoes", "Schuh"))
    assert len(requests(k, RETRIEVE)) == (2 if hard(k) else 1)


def test_oc_r88_a_live_one_is_adopted(k: World) -> None:
    k.core.add_entry(k.core.add_glossary("Shoes"), "Schuh", "de_DE", translations={"en_EN": "shoe"})

    deed = carried_out(k, entry("Shoes", "Schuh", en("shoe")), calls=0)

    assert action(deed.plan, "schuh").verb == "adopt"
    assert not made(k, "GlossaryEntry", "schuh")


def test_oc_r88_a_mere_translation_leaves_its_key_to_an_entry_by_itself(k: World) -> None:
    at = k.core.add_glossary("Shoes")
    k.core.add_entry(at, "Schuh", "de_DE", translations={"en_EN": "shoe"})
    own = k.core.add_entry(at, "shoe", "en_EN", translations={"fr_FR": "soulier"})

    deed = carried_out(k, entry("Shoes", "shoe", fr("soulier"), locale="en_EN"), calls=0)

    assert action(deed.plan, "shoe").verb == "adopt"
    assert [b.id for b in k.recorded.bonds.values()] == [own]


def test_oc_r88_two_of_one_key_are_refused_with_their_ids_and_a_pin_says_which(k: World) -> None:
    at = k.core.add_glossary("Shoes")
    one, other = (k.core.add_entry(at, "Schuh", "de_DE") for _ in range(2))

    plan = planned(k, entry("Shoes", "Schuh"))
    assert rules(plan, "schuh") == ["ambiguous"]
    assert one in action(plan, "schuh").holds[0].reason
    assert other in action(plan, "schuh").holds[0].reason

    carried_out(k, entry("Shoes", "Schuh", pinned_id=other), calls=0)


def test_oc_r98_another_text_is_an_update_by_id_and_takes_the_links_along(k: World) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, entry("Shoes", "Schuh", en("shoe"), called="s"))

    assert rules(planned(k, entry("Shoes", "Halbschuh", en("shoe"), called="s")), "s") == ["rename-unconfirmed"]
    deed = carried_out(k, entry("Shoes", "Halbschuh", en("shoe"), called="s", was="Schuh"), calls=1)

    assert '<itms id="' in deed.sent[0]
    assert texts(k) == {"de_DE Halbschuh": {"en_EN": "shoe"}, "en_EN shoe": {}}


def test_oc_r98_a_changed_translation_goes_with_the_id_of_its_link(k: World) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, entry("Shoes", "Schuh", en("shoe", similarity=80), fr("soulier")))

    carried_out(k, entry("Shoes", "Schuh", en("boot", similarity=100), fr("soulier")), calls=1)

    assert texts(k) == {
        "de_DE Schuh": {"en_EN": "boot", "fr_FR": "soulier"},
        "en_EN boot": {},
        "fr_FR soulier": {},
    }


def test_oc_r97_drift_of_a_translation_is_repaired(k: World) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, entry("Shoes", "Schuh", en("shoe")))
    k.core.change_entry(targets(k)["shoe"], "somebody's")

    deed = carried_out(k, entry("Shoes", "Schuh", en("shoe")), calls=1)

    assert [(f.before, f.after, str(f.reason)) for f in action(deed.plan, "schuh").fields] == [
        ("somebody's", "shoe", "drift")
    ]


def test_oc_r97_forbidden_is_sent_when_declared_and_never_verifiable(k: World) -> None:
    at = k.core.add_glossary("Shoes")
    own = k.core.add_entry(at, "Schuh", "de_DE")

    carried_out(k, entry("Shoes", "Schuh", forbidden=True), calls=1)
    assert k.core.entry(own).forbidden

    plan = planned(k, entry("Shoes", "Schuh", forbidden=True))
    assert "not verifiable: forbidden (last sent as declared)" in action(plan, "schuh").notes


def test_oc_r99_a_translation_that_leaves_the_list_is_deleted_or_kept_and_told_once(
    k: World,
) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, entry("Shoes", "Schuh", en("shoe"), fr("soulier")))
    after = entry("Shoes", "Schuh", fr("soulier"))

    plan = planned(k, after)
    assert len(plan.writes) == 1
    deed = applied(k, plan, looked=hard(k))

    if not hard(k):
        assert deed.ends == ["done", "done"]
        assert texts(k) == {"de_DE Schuh": {"fr_FR": "soulier"}, "fr_FR soulier": {}}
        assert planned(k, after).writes == ()
        return
    messages = [o.message for o in deed.report.outcomes if o.message]
    assert "There is no glossary entry with the given tid/identity" in messages
    assert texts(k)["de_DE Schuh"] == {"en_EN": "shoe", "fr_FR": "soulier"}
    again = planned(k, after)
    assert (again.writes, rules(again, "schuh")) == ((), ["changed-by-server"])
    assert "the server kept it" in action(again, "schuh").holds[0].reason
    more = entry("Shoes", "Schuh", fr("botte"))  # and other changes go on, without trying that one again
    assert len(planned(k, more).writes) == 1
    applied(k, planned(k, more))
    assert (planned(k, more).writes, rules(planned(k, more), "schuh")) == ((), ["changed-by-server"])


def test_oc_r99_removals_of_what_others_added_need_a_word_and_additive_leaves_them(k: World) -> None:
    k.core.add_entry(k.core.add_glossary("Shoes"), "Schuh", "de_DE", translations={"en_EN": "shoe"})
    own = entry("Shoes", "Schuh", fr("soulier"))

    assert rules(planned(k, own), "schuh") == ["first-removals"]

    carried_out(k, entry("Shoes", "Schuh", fr("soulier"), translationsMode="additive"), calls=1)
    assert texts(k)["de_DE Schuh"] == {"en_EN": "shoe", "fr_FR": "soulier"}


def test_oc_r100_what_others_have_a_use_for_is_not_deleted(k: World) -> None:
    at = k.core.add_glossary("Shoes")
    one = k.core.add_entry(at, "Schuh", "de_DE")
    target = k.core.add_translation(one, "shoe", "en_EN")
    documents = [
        entry("Shoes", "Schuh", {}, **DELETABLE),
        entry("Shoes", "shoe", locale="en_EN", pinned_id=target),
    ]

    plan = planned(k, *documents)

    assert "in-use" in rules(plan, "schuh")
    assert "a document declares it" in next(h.reason for h in action(plan, "schuh").holds if h.rule == "in-use")
    assert plan.writes == ()

    carried_out(k, documents[1], calls=0)  # a pin may name what only translates
    other = planned(k, entry("Shoes", "Schuh", en("boot")), documents[1])
    assert (rules(other, "schuh"), other.writes) == (["in-use"], ())


def test_oc_r102_another_glossary_is_a_move_and_the_translations_go_along(k: World) -> None:
    k.core.add_glossary("Shoes")
    k.core.add_glossary("Hats")
    carried_out(k, entry("Shoes", "Schuh", en("shoe"), called="s"))
    own = next(iter(k.recorded.bonds.values())).id

    deed = carried_out(k, entry("Hats", "Schuh", en("shoe"), called="s"), calls=1)

    assert 'type="moveToGlossary"' in deed.sent[0]
    assert next(iter(k.recorded.bonds.values())).id == own
    assert "de_DE Schuh" in texts(k, "Hats")
    assert "de_DE Schuh" not in texts(k)


def test_oc_r102_moved_into_a_new_glossary_with_another_text(k: World) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, entry("Shoes", "Schuh", called="s"))

    moved = entry("boots", "Stiefel", called="s", was="Schuh")
    deed = carried_out(k, moved, glossary("Boots"), calls=4)

    heads = [s[:30].partition(" ")[0] for s in deed.sent]
    assert heads == ["<glossaries><glossary><name>Bo", "<glossaryEntries><glossaryEntr", "<actions><action"]
    assert texts(k, "Boots") == {"de_DE Stiefel": {}}


def test_oc_r88_no_move_and_no_rename_makes_two_of_one_key(k: World) -> None:
    shoes, hats = k.core.add_glossary("Shoes"), k.core.add_glossary("Hats")
    k.core.add_entry(hats, "Schuh", "de_DE")
    k.core.add_entry(shoes, "Hut", "de_DE")
    carried_out(k, entry("Shoes", "Schuh", called="s"))

    assert rules(planned(k, entry("Hats", "Schuh", called="s")), "s") == ["name-taken"]
    assert rules(planned(k, entry("Shoes", "Hut", called="s", was="Schuh")), "s") == ["name-taken"]


def test_oc_r101_an_entry_goes_with_the_translations_that_we_made(k: World) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, entry("Shoes", "Schuh", en("shoe"), **DELETABLE))
    k.core.add_translation(next(iter(k.recorded.bonds.values())).id, "soulier", "fr_FR")

    deed = carried_out(k, calls=1)

    assert deed.sent[0].count('type="delete"') == 2
    assert texts(k) == {"fr_FR soulier": {}}
    assert "its translation 'soulier' (fr_FR) stays: it was not added by us" in action(deed.plan, "schuh").notes


def test_oc_r101_what_is_gone_already_is_gone(k: World) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, entry("Shoes", "Schuh", **DELETABLE))
    plan = planned(k)
    own = next(iter(k.recorded.bonds.values())).id
    k.core.on_request(1, "before-effect", lambda *_: k.core.remove_entry(own), writes=True)

    deed = applied(k, plan, looked=True)

    assert deed.ends == ["done", "done"]
    assert shown(k) == {"Shoes": {}}


def test_oc_r101_released_it_stays_and_what_was_adopted_is_not_ours(k: World) -> None:
    at = k.core.add_glossary("Shoes")
    k.core.add_entry(at, "Hut", "de_DE")
    carried_out(k, entry("Shoes", "Schuh"), entry("Shoes", "Hut", **DELETABLE))

    plan = planned(k)

    assert (action(plan, "schuh").verb, rules(plan, "hut")) == ("release", ["not-ours"])
    assert plan.writes == ()


def test_oc_r95_a_glossary_that_is_held_keeps_its_entries_waiting(k: World) -> None:
    k.core.add_glossary("Shoes")

    plan = planned(k, glossary("SHOES", called="s"), entry("s", "Schuh"))

    assert (rules(plan, "s"), rules(plan, "schuh")) == (["name-taken"], ["depends-on"])


def test_oc_r17_locales_are_read_once_and_an_unknown_one_is_refused_with_the_nearest(k: World) -> None:
    k.core.add_glossary("Shoes")

    plan = planned(
        k, entry("Shoes", "Schuh", {"locale": "en_UK", "text": "shoe"}), entry("Shoes", "Hut", locale="de_AT")
    )

    assert (rules(plan, "schuh"), rules(plan, "hut")) == (["unresolved"], ["unresolved"])
    assert "did you mean en_" in action(plan, "schuh").holds[0].reason
    assert requests(k, "/common/locales/retrieve") == [{"mode": "ALL"}]


def test_oc_r95_nested_entries_are_the_same_calls(k: World) -> None:
    own = {"locale": "de_DE", "type": "term", "text": "Schuh"}
    nested = doc(f"{CORE}/GlossaryEntry", "shoes/Schuh", {"glossary": "shoes", **own})

    apart = planned(k, glossary("Shoes"), entry("Shoes", "Schuh", called="x"))
    inside = planned(k, glossary("Shoes"), nested)

    assert [c.line for c in apart.writes] == [c.line for c in inside.writes]
    assert [c.body for c in apart.calls if not c.sent] == [c.body for c in inside.calls if not c.sent]


def test_oc_c31_two_hundred_entries_are_one_request_and_more_are_two(k: World) -> None:
    k.core.add_glossary("Shoes")
    many = [entry("Shoes", f"Wort {n}", en(f"word {n}")) for n in range(201)]

    carried_out(k, *many[:200], calls=1)
    carried_out(k, *many, calls=1)

    assert len(texts(k)) == 402
