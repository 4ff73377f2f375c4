"""Which requests read an ordinary collection."""

from __future__ import annotations

import pytest

from reconciler.model.call import Request
from reconciler.model.json import Json
from reconciler.model.kind import Rest
from reconciler.model.live import Replies
from reconciler.providers.rest.parse import parse
from reconciler.providers.rest.reads import get, reads, unasked, with_query
from tests.unit.providers.samples import CURSOR, LABEL, SCIM, WHOLE, T, asked, demand

THINGS = Request(T, "GET", "/things", (("count", "3"),), safe=True)


def cursor_page(following: Json, *, more: bool = True) -> Json:
    return {"records": [], "pageInfo": {"hasNextPage": more, "nextCursor": following, "totalRecords": 0}}


def scim_page(total: Json, step: Json) -> Json:
    return {"Resources": [], "totalResults": total, "itemsPerPage": step}


def test_the_first_page_is_the_list_with_its_query() -> None:
    assert reads(CURSOR, demand(CURSOR), ()) == [THINGS]
    assert [asked(r) for r in reads(SCIM, demand(SCIM), ())] == ["/things?count=3&startIndex=1"]
    assert all(r.safe and not r.may_be_gone for r in reads(SCIM, demand(SCIM), ()))


def test_a_kind_without_a_list_is_not_read() -> None:
    kind = type(CURSOR)("sample", "Thing", "name", CURSOR.fields, {}, Rest())

    assert reads(kind, demand(kind), ()) == []


def test_a_cursor_is_followed_with_the_same_parameters() -> None:
    second = with_query(THINGS, "cursor", "two")

    assert reads(CURSOR, demand(CURSOR), ((THINGS, cursor_page("two")),)) == [second]
    third = reads(CURSOR, demand(CURSOR), ((THINGS, cursor_page("two")), (second, cursor_page(3))))
    assert [asked(r) for r in third] == ["/things?count=3&cursor=3"]


@pytest.mark.parametrize("following", ["two", None, [], {}])
def test_a_cursor_seen_before_or_missing_leads_nowhere_and_proves_nothing(following: Json) -> None:
    second = with_query(THINGS, "cursor", "two")
    replies: Replies = ((THINGS, cursor_page("two")), (second, cursor_page(following)))

    assert reads(CURSOR, demand(CURSOR), replies) == []
    proof = parse(CURSOR, demand(CURSOR), replies).proof
    assert (proof.complete, proof.by) == (False, "the list does not come to its end")


def test_the_last_page_is_the_end_whatever_cursor_it_names() -> None:
    assert reads(CURSOR, demand(CURSOR), ((THINGS, cursor_page("again", more=False)),)) == []


def test_all_further_scim_pages_go_side_by_side_by_the_step_the_answer_tells() -> None:
    """Three were asked for, two are given."""
    first = with_query(THINGS, "startIndex", "1")

    batch = reads(SCIM, demand(SCIM), ((first, scim_page(7, 2)),))

    assert [asked(r).rsplit("=")[-1] for r in batch] == ["3", "5", "7"]


@pytest.mark.parametrize(
    ("total", "step", "further"),
    [(2, 2, []), (3, 2, ["3"]), (0, 2, []), (9, 0, []), (9, -1, []), ("9", 2, []), (9, None, [])],
)
def test_scim_pages_end_with_the_total(total: Json, step: Json, further: list[str]) -> None:
    first = with_query(THINGS, "startIndex", "1")

    batch = reads(SCIM, demand(SCIM), ((first, scim_page(total, step)),))

    assert [dict(r.query)["startIndex"] for r in batch] == further


def test_only_the_first_scim_answer_leads_on() -> None:
    first, second = with_query(THINGS, "startIndex", "1"), with_query(THINGS, "startIndex", "3")

    assert reads(SCIM, demand(SCIM), ((first, scim_page(4, 2)), (second, scim_page(99, 2)))) == []


def labels(*names: str) -> Replies:
    return ((get(T, "GET /v1/labels"), {"labels": [{"name": n} for n in names]}),)


def test_recorded_things_that_a_list_without_total_hides_are_asked_for_singly() -> None:
    wanted = demand(LABEL, ids=("In Review", "Live", "a/b"))

    assert [asked(r) for r in reads(LABEL, wanted, ())] == ["/v1/labels"]
    singles = reads(LABEL, wanted, labels("Live"))
    assert [asked(r) for r in singles] == ["/v1/labels/In%20Review", "/v1/labels/a%2Fb"]
    assert all(r.may_be_gone and r.safe for r in singles)


def test_another_spelling_of_a_name_is_the_same_thing() -> None:
    assert reads(LABEL, demand(LABEL, ids=("Live",)), labels("LIVE")) == []


def test_singles_are_asked_once() -> None:
    wanted = demand(LABEL, ids=("Live",))
    replies = labels()
    (single,) = reads(LABEL, wanted, replies)

    assert reads(LABEL, wanted, (*replies, (single, None))) == []


def test_a_kind_that_has_no_single_read_asks_for_nobody() -> None:
    assert reads(WHOLE, demand(WHOLE, ids=("gone",)), ((THINGS, []),)) == []


def test_requests_are_told_apart_by_path_and_query() -> None:
    one, two = get(T, "GET /a", {"x": "1"}), get(T, "GET /a", {"x": "2"})

    assert unasked([one, two, one], ()) == [one, two]
    assert unasked([one, two], ((one, None),)) == [two]
