"""What deliveries need of the comparison: sets of plain values in any spelling, and things that are made anew in
another list (OA-R69, OA-R81)."""

from __future__ import annotations

from typing import Any

from reconciler.model.change import Change, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.live import Resource
from tests.unit.diff.samples import BOB, JANE, bond, compared
from tests.world import doc

SPEC: dict[str, Json] = {"name": "Weekly", "cron": "0 9 ? * MON *", "timezone": "UTC", "format": "pdf"}


def delivery(**words: Any) -> Document:
    spec = {**SPEC, "document": "d1", "destination": "email", **words}
    return doc("Schedule", "a", spec, allow=["replace", "first-removals"])


def against(document: Document, **live: Json) -> Change:
    held: dict[str, Json] = {**SPEC, "document": "d1", "destination": "email", **live}
    there = Resource("s1", "Weekly", held, "Weekly", scope=("d1",))
    known = bond("Schedule", "a", "s1", "Weekly", made=True, by={"document": "d1"})
    return compared([document], [("Schedule", there)], [known])["a"]


def test_plain_entries_compare_in_normal_form_and_are_shown_as_written() -> None:
    found = against(delivery(recipients=["Jane@Example.com"]), recipients=[JANE, BOB]).deltas["recipients"]

    assert [(e.id, e.shown) for e in found.kept] == [(JANE, "Jane@Example.com")]
    assert [e.id for e in found.remove] == [BOB]
    assert not found.add


def test_two_spellings_of_one_entry_are_one_and_the_same() -> None:
    found = against(delivery(recipients=[JANE, "JANE@example.com"]), recipients=[JANE])

    assert [h.rule for h in found.holds] == ["unresolved"]


def test_what_is_made_anew_elsewhere_is_found_there_from_then_on() -> None:
    moved, stays = against(delivery(document="d2")), against(delivery(timezone="UTC"))

    assert (moved.verb, moved.by) == (Verb.REPLACE, {"document": "d2"})
    assert (stays.verb, stays.by) == (Verb.NONE, {"document": "d1"})


def test_another_spelling_of_a_cron_text_is_no_difference() -> None:
    assert against(delivery(cron="00 09  ? * mon *")).fields == ()


def placed(remote_id: str, name: str, document: str = "d1") -> tuple[str, Resource]:
    held: dict[str, Json] = {**SPEC, "name": name, "document": document, "destination": "email"}
    return "Schedule", Resource(remote_id, name, held, name, scope=(document,))


def named(own: str, name: str, document: str = "d1", **metadata: Any) -> Document:
    return doc("Schedule", own, {**SPEC, "name": name, "document": document, "destination": "email"}, **metadata)


KNOWN = bond("Schedule", "a", "s1", "Weekly", made=True, by={"document": "d1"})


def test_what_is_made_anew_elsewhere_leaves_its_name_to_others() -> None:
    found = compared([named("a", "Weekly", "d2"), named("b", "Weekly")], [placed("s1", "Weekly")], [KNOWN])

    assert (found["a"].verb, found["b"].verb) == (Verb.REPLACE, Verb.CREATE)
    assert found["b"].holds == ()


def test_but_not_where_its_own_document_leaves_it_there() -> None:
    stays = named("a", "Weekly", "d2", ignore=["spec.document"])

    found = compared([stays, named("b", "Weekly")], [placed("s1", "Weekly")], [KNOWN])

    assert [h.rule for h in found["b"].holds] == ["taken"]


def test_of_several_of_a_former_name_those_count_that_stay() -> None:
    live = [placed("s1", "Weekly"), placed("s2", "Weekly")]
    renamed = named("b", "Daily", previous_key="Weekly")

    found = compared([named("a", "Weekly", "d2"), renamed], live, [KNOWN])["b"]
    both_stay = compared([named("a", "Weekly"), renamed], live, [KNOWN])["b"]

    assert (found.verb, found.live and found.live.id, found.holds) == (Verb.RENAME, "s2", ())
    assert [h.rule for h in both_stay.holds] == ["ambiguous"]
