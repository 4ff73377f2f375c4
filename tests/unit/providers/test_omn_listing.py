"""Which requests read the keyword tree, and what comes out of the answers."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.live import Demand, Replies
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core import keyword, locale
from tests.unit.providers.omn import KEYWORD, LOCALE, T, document


def kwd(remote_id: str, value: str | None, parent: str | None = None, **labels: str) -> Json:
    items: list[Json] = [] if value is None else [value]
    items.extend({"loc": k, "value": v} for k, v in labels.items())
    record: dict[str, Json] = {"id": remote_id, "path": f"/{value}", "name": {"itm": items}}
    return record if parent is None else {**record, "parentId": parent, "parentPath": "/x"}


def answer(*records: Json) -> Json:
    return {"kwds": {"entries": list(records)}}


def bond(name: str, remote_id: str, key: str, on_remove: str = "release") -> Bond:
    return Bond(Address(T, "Keyword", name), remote_id, list(key.split("/")), on_remove=on_remove)


def asked(demand: Demand, answers: dict[str, Json]) -> tuple[list[Json], Replies]:
    """Read to the end; the bodies asked for, and the replies."""
    replies: Replies = ()
    while batch := keyword.reads(KEYWORD, demand, replies):
        replies += tuple((r, answers.get(str(r.body["path"]))) for r in batch)  # type: ignore[index,call-overload]
    return [r.body for r, _ in replies], replies


def demand(*documents: tuple[str, str], bonds: tuple[Bond, ...] = (), previous: str | None = None) -> Demand:
    declared = [document(n, p, previous_key=previous) for n, p in documents]
    details = keyword.details(KEYWORD, declared, bonds, {})
    return Demand(T, "Keyword", ids=tuple(b.id for b in bonds), details=details)


FOREST: dict[str, Json] = {"path": "/", "level": -1}


def test_oc_r12_one_call_reads_the_forest() -> None:
    [first] = keyword.reads(KEYWORD, demand(("a", "A/B")), ())

    assert (str(first), first.body, first.safe) == ("POST /common/keywords/retrieve", FOREST, True)
    bodies, _ = asked(demand(("a", "A/B")), {"/": answer(kwd("1", "A"), kwd("2", "B", "1"))})
    assert bodies == [FOREST]


def test_oc_r13_a_list_of_roots_alone_is_not_believed_of_what_is_below_them() -> None:
    roots = answer(kwd("1", "A"), kwd("2", "C"))

    bodies, replies = asked(demand(("a", "A/B")), {"/": roots, "/A": answer(kwd("1", "A"), kwd("3", "B", "1"))})

    assert bodies == [FOREST, {"path": "/A", "level": -1}]
    found = keyword.parse(KEYWORD, demand(("a", "A/B")), replies)
    assert [r.key for r in found.resources] == [["A"], ["C"], ["A", "B"]]
    assert found.proof.complete


def test_oc_r13_where_nothing_below_a_root_is_concerned_the_roots_are_enough() -> None:
    bodies, _ = asked(demand(("a", "A")), {"/": answer(kwd("1", "A"))})

    assert bodies == [FOREST]


def test_oc_r13_roots_that_a_previous_key_or_a_delete_concerns_are_read() -> None:
    roots = answer(kwd("1", "A"), kwd("2", "B"), kwd("3", "C"))
    gone = bond("old", "3", "C", "delete")

    wanted = demand(("x", "New"), previous="A/X", bonds=(gone,))
    bodies, _ = asked(wanted, {"/": roots, "/A": roots, "/C": roots})

    links = {"retrieveLinks": True}
    assert bodies == [FOREST | links, {"path": "/A", "level": -1} | links, {"path": "/C", "level": -1} | links]


def test_oc_r13_a_renamed_root_is_read_for_what_is_declared_below_its_new_name() -> None:
    declared = [document("r", "New", previous_key="Old"), document("c", "New/C")]
    details = keyword.details(KEYWORD, declared, (), {})
    wanted = Demand(T, "Keyword", details=details)

    bodies, _ = asked(wanted, {"/": answer(kwd("1", "Old")), "/Old": answer(kwd("1", "Old"), kwd("2", "C", "1"))})

    assert bodies == [FOREST, {"path": "/Old", "level": -1}]


def test_oc_r14_a_missing_one_is_looked_for_in_its_root_and_else_by_its_path() -> None:
    known = (bond("a", "7", "A/B"), bond("b", "8", "Gone/B"))
    shown = answer(kwd("1", "A"), kwd("2", "C", "1"))

    bodies, replies = asked(demand(("a", "A/B"), ("b", "Gone/B"), bonds=known), {"/": shown, "/A": shown})

    assert bodies == [FOREST, {"path": "/A", "level": -1}, {"path": "/Gone/B", "level": 1}]
    assert [r.may_be_gone for r, _ in replies] == [False, False, True]
    assert keyword.parse(KEYWORD, demand(bonds=known), replies).proof.complete


def test_oc_r15_the_tree_is_rebuilt_from_parent_ids() -> None:
    records = answer(kwd("3", "C", "2", en_GB="sea"), kwd("2", "B", "1"), kwd("1", "A/A"))

    found = keyword.parse(KEYWORD, demand(), ((Request(T, "POST", "/x", body=FOREST), records),))

    deepest = found.resources[0]
    assert (deepest.key, deepest.parent, deepest.placed) == (["A/A", "B", "C"], "2", True)
    assert deepest.fields["labels"] == [{"locale": "en_GB", "text": "sea"}]
    assert [r.contents["children"] for r in found.resources] == [0, 1, 1]


def test_oc_r15_what_has_no_place_is_unplaced() -> None:
    lost, nameless, below = kwd("1", "A", "99"), kwd("2", None), kwd("3", "C", "2")
    turning = (kwd("4", "D", "5"), kwd("5", "E", "4"))
    by_path: Json = {"id": "6", "parentPath": "/x", "name": {"itm": ["F"]}}
    twice: Json = {"id": "7", "name": {"itm": ["G", "H"]}}
    records = answer(lost, nameless, below, *turning, by_path, twice)

    found = keyword.parse(KEYWORD, demand(), ((Request(T, "POST", "/x", body=FOREST), records),))

    assert [r.placed for r in found.resources] == [False] * 7


def test_oc_r29_linked_assets_are_counted_where_a_delete_may_follow() -> None:
    linked: Json = {**kwd("1", "A"), "links": {"itms": [{"type": "asset", "itm": ["X", "Y"]}, {"type": "node"}]}}  # type: ignore[dict-item]
    wanted = demand(bonds=(bond("a", "1", "A", "delete"),))

    _, replies = asked(wanted, {"/": answer(linked, kwd("2", "B"), kwd("3", "C", "2"))})

    found = {r.id: r.contents for r in keyword.parse(KEYWORD, wanted, replies).resources}
    assert found["1"] == {"children": 0, "linked assets": 2}
    assert found["2"] == {"children": 1, "linked assets": 0}


def test_oc_r17_locales_are_read_once_and_known_by_their_tid() -> None:
    [request] = locale.reads(LOCALE, Demand(T, "Locale"), ())
    body: Json = {
        "locales": {"entries": [{"id": "6000", "tid": "en_EN", "name": "English"}, {"id": "1", "tid": "en_GB"}]}
    }

    found = locale.parse(LOCALE, Demand(T, "Locale"), ((request, body),))

    assert (request.body, request.safe) == ({"mode": "ALL"}, True)
    assert [(r.id, r.key) for r in found.resources] == [("en_EN", "en_EN"), ("en_GB", "en_GB")]
    assert locale.reads(LOCALE, Demand(T, "Locale"), ((request, body),)) == []
