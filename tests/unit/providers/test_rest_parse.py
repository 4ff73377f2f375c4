"""Records into live things, and what proves that these are all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.live import Proof, Replies
from reconciler.providers.rest.parse import parse
from reconciler.providers.rest.reads import get, with_query
from reconciler.providers.rest.shape import looking
from tests.unit.providers.samples import CURSOR, LABEL, SCIM, TEAM, WHOLE, T, demand

FIRST = get(T, "GET /things", {"count": "3"})
SECOND = with_query(FIRST, "cursor", "two")
OTHER = get(T, "GET /things", {"count": "3", "owner": "ann"})


def record(number: int, **more: Json) -> JsonObject:
    return {"id": f"t{number}", "name": f"Thing {number}", **more}


def page(*numbers: int, total: Json, more: bool = False) -> Json:
    return {"records": [record(n) for n in numbers], "pageInfo": {"hasNextPage": more, "totalRecords": total}}


def scim(*numbers: int, total: Json) -> Json:
    return {"Resources": [record(n) for n in numbers], "totalResults": total}


def cursor_proof(*replies: tuple[object, Json]) -> Proof:
    return parse(CURSOR, demand(CURSOR), replies).proof  # type: ignore[arg-type]


def test_a_record_under_the_names_of_the_schema() -> None:
    replies: Replies = ((FIRST, [record(1, size=0, other=True, uses=2), record(2, size=None)]),)

    one, two = parse(WHOLE, demand(WHOLE), replies).resources

    assert (one.id, one.key, one.label, one.fields) == ("t1", "Thing 1", "Thing 1", {"name": "Thing 1", "size": 0})
    assert two.fields["size"] is None, "null is a value"
    assert (one.contents, two.contents) == ({"uses": 2}, {"uses": None})


def test_what_a_record_does_not_hold_is_left_out() -> None:
    (one,) = parse(WHOLE, demand(WHOLE), ((FIRST, [record(1)]),)).resources

    assert "size" not in one.fields


@pytest.mark.parametrize("count", [True, "3", None, 1.5])
def test_a_count_that_is_no_whole_number_cannot_be_told(count: Json) -> None:
    (one,) = parse(WHOLE, demand(WHOLE), ((FIRST, [record(1, uses=count)]),)).resources

    assert one.contents == {"uses": None}


def test_entries_of_a_set_under_the_names_of_the_schema() -> None:
    team: Json = {
        "id": "t",
        "slug": "crew",
        "name": "Crew",
        "members": [{"userId": "u", "isPrimary": False, "x": 1}],
    }

    (one,) = parse(TEAM, demand(TEAM), ((get(T, "GET /api/client-teams"), [team]),)).resources

    assert one.fields["members"] == [{"user": "u", "isPrimary": False}]


def test_a_set_that_is_not_shown_is_left_out() -> None:
    team: Json = {"id": "t", "slug": "crew", "name": "Crew"}

    (one,) = parse(TEAM, demand(TEAM), ((get(T, "GET /api/client-teams"), [team]),)).resources

    assert "members" not in one.fields


def test_each_id_once_the_first_counts() -> None:
    replies: Replies = ((FIRST, [record(1, size=1), record(2), record(1, size=9)]),)

    found = parse(WHOLE, demand(WHOLE), replies).resources

    assert [(r.id, r.fields.get("size")) for r in found] == [("t1", 1), ("t2", None)]


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "n"},
        {"id": "", "name": "n"},
        {"id": 7, "name": "n"},
        {"id": "t"},
        {"id": "t", "name": None},
        7,
        None,
    ],
)
def test_a_record_without_id_and_key_is_no_answer(bad: Json) -> None:
    with pytest.raises(ValueError, match="a Thing record has no usable id and name"):
        parse(WHOLE, demand(WHOLE), ((FIRST, [record(1), bad]),))


@pytest.mark.parametrize("body", [None, {}, "text", {"records": None}, {"records": {}}])
def test_an_answer_without_the_list_is_no_answer(body: Json) -> None:
    with pytest.raises(ValueError, match="holds no list at '/records'"):
        parse(CURSOR, demand(CURSOR), ((FIRST, body),))


def test_things_read_singly_count_and_those_gone_do_not() -> None:
    there = get(T, "GET /v1/labels/There", may_be_gone=True)
    gone = get(T, "GET /v1/labels/Gone", may_be_gone=True)
    listed: Json = {"labels": [{"name": "Live"}]}

    found = parse(
        LABEL,
        demand(LABEL, ids=("Gone", "There")),
        ((get(T, "GET /v1/labels"), listed), (there, {"name": "There"}), (gone, None)),
    )

    assert [r.id for r in found.resources] == ["Live", "There"]
    assert found.proof == Proof(True, "recorded ids asked for")


def test_nothing_read_proves_nothing() -> None:
    assert parse(WHOLE, demand(WHOLE), ()).proof == Proof(False, "not read")


def test_a_list_without_pages_is_complete_by_a_valid_answer() -> None:
    assert parse(WHOLE, demand(WHOLE), ((FIRST, []),)).proof == Proof(True, "whole list in one answer")


def test_a_cursor_that_ends_with_its_total_is_complete() -> None:
    whole = cursor_proof((FIRST, page(1, 2, total=3, more=True)), (SECOND, page(3, total=3)))

    assert whole == Proof(True, "count equals total")


@pytest.mark.parametrize("total", [2, 4, None, "3"])
def test_a_total_that_did_not_come_proves_nothing(total: Json) -> None:
    assert not cursor_proof((FIRST, page(1, 2, 3, total=total))).complete


def test_a_cursor_without_end_proves_nothing_though_the_count_is_right() -> None:
    proof = cursor_proof((FIRST, page(1, 2, total=2, more=True)))

    assert proof == Proof(False, "the list does not come to its end")


def test_a_record_twice_stands_for_nobody_else() -> None:
    """OA-R14: two pages of a list that moved hold as many records as the total, but one thing came twice."""
    proof = cursor_proof((FIRST, page(1, 2, total=3, more=True)), (SECOND, page(2, total=3)))

    assert proof == Proof(False, "2 distinct records came, the API counts 3")


def test_a_list_that_grew_is_complete_by_its_last_total() -> None:
    assert cursor_proof((FIRST, page(1, total=1, more=True)), (SECOND, page(2, total=2))).complete


def test_a_list_that_shrank_proves_nothing() -> None:
    """One that came is gone, and another was skipped: as many came as the last page counts."""
    assert not cursor_proof((FIRST, page(1, total=3, more=True)), (SECOND, page(2, total=2))).complete


def test_every_listing_has_its_own_end() -> None:
    assert cursor_proof((FIRST, page(1, total=1)), (OTHER, page(2, total=1))).complete
    assert not cursor_proof((FIRST, page(1, total=1)), (OTHER, page(2, total=1, more=True))).complete


def test_one_listing_does_not_make_up_for_another() -> None:
    assert not cursor_proof((FIRST, page(1, total=2)), (OTHER, page(2, 3, total=1))).complete


def test_scim_pages_are_counted_together() -> None:
    first, second = with_query(FIRST, "startIndex", "1"), with_query(FIRST, "startIndex", "3")

    def complete(*last: int) -> bool:
        replies: Replies = ((first, scim(1, 2, total=3)), (second, scim(*last, total=3)))
        return parse(SCIM, demand(SCIM), replies).proof.complete

    assert complete(3)
    assert not complete(2), "OA-R15: distinct ids"
    assert not complete()


@given(
    record=st.dictionaries(
        st.sampled_from(["id", "name", "size", "a/b", "nest", "uses"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["x", "0", "a/b"]), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    ),
    pointer=st.sampled_from(["", "/", "/id", "/size", "/a~1b", "/nest/x", "/nest/0", "/nest/a~1b", "/no", "name"]),
)
def test_a_look_prepared_beforehand_shows_what_a_look_shows(record: JsonObject, pointer: str) -> None:
    assert looking(pointer)(record) == pick(record, pointer)
    for value in record.values():
        assert looking(pointer)(value) == pick(value, pointer)
