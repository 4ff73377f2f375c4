"""Keys of other things that a document sends as they stand: what comes first, is left out, or is nowhere."""

from __future__ import annotations

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Proof
from tests.unit.diff.hard import AT, bound, declared, there, told

RED = declared("Box", "red", {"name": "Red"})
BOX = Address(AT, "Box", "red")
LIVE = there("Box", "b1", "Red")


def rota(*, allow: tuple[str, ...] = (), **spec: Json) -> Document:
    return declared("Rota", "r", {"name": "R", **spec}, allow=allow)


def only(found: dict[str, Change]) -> Change:
    return found["r"]


def test_what_is_made_comes_after_what_it_mentions_and_is_not_live() -> None:
    new = rota(box="Red")

    assert only(told([RED, new])).needs == {BOX}
    assert only(told([RED, new], [LIVE])).needs == frozenset()
    assert only(told([new])).needs == frozenset()
    assert only(told([RED, rota(best="Red")])).needs == {BOX}
    assert only(told([RED, rota(box="Blue")])).needs == frozenset()


def test_what_is_live_and_not_changed_needs_nothing() -> None:
    same, other = there("Rota", "1", "R", box="Red"), there("Rota", "1", "R", box="Blue")

    assert only(told([RED, rota(box="Red")], [same])).needs == frozenset()
    assert only(told([RED, rota(box="Red")], [other])).needs == {BOX}
    assert only(told([RED, rota(box="Red")], [other, LIVE])).needs == frozenset()


def test_what_is_made_anew_needs_all_that_it_mentions() -> None:
    live = there("Rota", "1", "R", box="Red", best="Old")
    known = [bound("Rota", "r", "1", key="R")]

    found = only(told([RED, rota(box="Red", best="Red", allow=("replace",))], [live], known))

    assert (found.verb, found.needs) == (Verb.REPLACE, frozenset({BOX}))


def test_entries_need_what_they_mention() -> None:
    day: Json = [{"day": "mon", "box": "Red"}]
    live = there("Rota", "1", "R", shifts=[{"day": "mon", "box": "Blue"}])
    kept = there("Rota", "1", "R", shifts=day)

    assert only(told([RED, rota(shifts=day)])).needs == {BOX}
    assert only(told([RED, rota(shifts=day)], [live])).needs == {BOX}
    assert only(told([RED, rota(shifts=day)], [kept])).needs == frozenset()
    assert only(told([RED, rota(shifts=day)], [live, LIVE])).needs == frozenset()


def test_what_the_selection_left_out_is_told() -> None:
    new = rota(box="Red", best="Red")

    assert only(told([new], aside=[RED])).aside == {"box": BOX, "best": BOX}
    assert only(told([new], [LIVE], aside=[RED])).aside == {}
    assert only(told([new, RED])).aside == {}
    assert only(told([rota(box="Blue")], aside=[RED])).aside == {}


def test_what_could_not_be_made_again_is_not_deleted() -> None:
    """Where all was read: of what is neither live nor declared nobody could make it anew."""
    live = there("Rota", "1", "R", best="Old")
    known, new = [bound("Rota", "r", "1", key="R")], rota(best="Red", allow=("replace",))

    lost = only(told([new], [live], known))

    assert lost.holds == (
        Hold("unresolved", "manifests/r.yaml:1:1: no Box 'Red' is declared or live",
             "correct the name, or declare what it refers to", final=True),
    )  # fmt: skip
    assert only(told([new], [live, LIVE], known)).holds == ()
    assert only(told([new, RED], [live], known)).holds == ()
    part = Proof(False, "half")
    assert "unresolved" not in [h.rule for h in only(told([new], [live], known, proof=part)).holds]
    assert only(told([rota(best="Red")])).holds == ()
