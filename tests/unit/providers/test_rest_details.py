"""Things read one by one: afresh, for what no list shows, and where there is no list."""

from __future__ import annotations

import pytest

from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind, ListCall, Page, Rest, WriteCall
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.rest.calls import calls
from reconciler.providers.rest.details import details, narrow
from reconciler.providers.rest.parse import parse
from reconciler.providers.rest.reads import get, is_single, reads, unasked
from reconciler.providers.rest.settled import settled
from tests.unit.providers.samples import T, asked, change, demand, document

FIELDS = {
    "place": Field("place", ref="Place", wire="/placeId"),
    "name": Field("name", wire="/name", normalise=("casefold",)),
    "notes": Field("notes", wire="/notes"),
}
LISTED = Kind(
    "sample",
    "Thing",
    "name",
    FIELDS,
    {},
    Rest(
        list=ListCall("GET /things", "", after=("Place",)),
        read="GET /things/{id}",
        when=("notes",),
    ),
    scope=("place",),
)
FRESH = replace(LISTED, rest=replace(LISTED.rest, when=(), fresh=True))
PAGED = replace(LISTED, rest=replace(LISTED.rest, list=ListCall("GET /things", "/records", Page.CURSOR)))
MADE = replace(LISTED, rest=replace(LISTED.rest, create=WriteCall("POST /things", "declared")))
HIDDEN = replace(LISTED, rest=Rest(read="GET /things/{id}"), scope=(), findable=False)


def record(remote_id: str, name: str, place: str = "p1", **more: Json) -> JsonObject:
    return {"id": remote_id, "name": name, "placeId": place, **more}


def wish(name: Json, place: Json = "p1", remote_id: Json = None) -> JsonObject:
    return {"key": name, "scope": [place], "id": remote_id, "fields": ["notes"]}


def lines(kind: Kind, wanted: Demand, replies: Replies = ()) -> list[str]:
    return [asked(r) for r in reads(kind, wanted, replies)]


def answered(kind: Kind, wanted: Demand, answers: dict[str, Json]) -> Replies:
    """Everything asked, with these answers by path; nothing else may be asked."""
    replies: Replies = ()
    while batch := reads(kind, wanted, replies):
        replies += tuple((r, answers[asked(r)]) for r in batch)
    return replies


# The default of `details`.


def test_a_document_that_declares_such_a_field_asks_for_it() -> None:
    known = Bond(Address(T, "Thing", "b"), "id-b")
    documents = [
        document(LISTED, "a", place="P", name="A", notes="x"),
        document(LISTED, "b", place="P", name="B", notes="y"),
        document(LISTED, "c", place="P", name="C"),
        replace(document(LISTED, "d", place="?", name="D", notes="z"), pinned_id="id-d"),
    ]
    places = Collection("Place", names={"P": "p1"})

    assert details(LISTED, documents, [known], {"Place": places}) == (
        {"key": "a", "scope": ["p1"], "id": None, "fields": ["notes"]},
        {"key": "b", "scope": ["p1"], "id": "id-b", "fields": ["notes"]},
        {"key": "d", "scope": [None], "id": "id-d", "fields": ["notes"]},
    )


def test_no_kind_asks_for_what_its_list_shows() -> None:
    assert details(FRESH, [document(FRESH, "a", name="A", notes="x")], [], {}) == ()


# Reading.


def test_things_asked_about_are_read_singly_after_the_list() -> None:
    listing: Json = [record("1", "A"), record("2", "a", "p2"), record("3", "B"), record("4", "C")]
    wanted = demand(LISTED, details=(wish("a"), wish("x", remote_id="3")))

    assert lines(LISTED, wanted) == ["/things"]
    replies = answered(LISTED, wanted, {"/things": listing, "/things/1": record("1", "A"), "/things/3": None})
    assert [asked(r) for r, _ in replies] == ["/things", "/things/1", "/things/3"]
    assert all(r.may_be_gone for r, _ in replies[1:])


def test_a_scope_that_is_not_known_tells_nothing_apart() -> None:
    first = get(T, "GET /things")
    listing: Json = [record("1", "A"), record("2", "A", "p2")]

    assert lines(LISTED, demand(LISTED, details=(wish("a", None),)), ((first, listing),)) == [
        "/things/1",
        "/things/2",
    ]


def test_what_a_single_read_says_goes_before_the_list() -> None:
    listing: Json = [record("1", "A", notes="old"), record("2", "B"), record("3", "C")]
    wanted = demand(LISTED, details=(wish("a"), wish("b")), ids=("9",))
    alone = {"/things/1": record("1", "A", notes="new"), "/things/2": None, "/things/9": record("9", "Z")}

    found = parse(LISTED, wanted, answered(LISTED, wanted, {"/things": listing, **alone}))

    assert [(r.id, r.fields.get("notes")) for r in found.resources] == [("1", "new"), ("3", None), ("9", None)]
    assert [r.scope for r in found.resources] == [("p1",)] * 3
    assert found.proof.complete


def test_a_fresh_reading_goes_beside_the_list() -> None:
    assert lines(FRESH, demand(FRESH, fresh=("1", "2"))) == ["/things", "/things/1", "/things/2"]


def test_single_reads_are_no_pages_of_a_list() -> None:
    page: Json = {"records": [record("1", "A")], "pageInfo": {"hasNextPage": False, "totalRecords": 1}}
    wanted = demand(PAGED, details=(wish("a"),), fresh=("1",))

    replies = answered(PAGED, wanted, {"/things": page, "/things/1": record("1", "A", notes="n")})
    found = parse(PAGED, wanted, replies)

    assert len(replies) == 2
    assert (found.proof.complete, found.resources[0].fields["notes"]) == (True, "n")


def test_singly_there_is_no_list() -> None:
    wanted = demand(FRESH, ids=("1", "7"), fresh=("1", "2"), singly=True)

    replies = answered(FRESH, wanted, {"/things/1": record("1", "A"), "/things/2": None})
    found = parse(FRESH, wanted, replies)

    assert [asked(r) for r, _ in replies] == ["/things/1", "/things/2"]
    assert [r.id for r in found.resources] == ["1"]
    assert found.proof.complete, "for what was asked"


def test_what_no_list_shows_is_read_by_the_ids_that_are_known() -> None:
    wanted = demand(HIDDEN, ids=("1", "2"), fresh=("2", "3"))
    answers: dict[str, Json] = {"/things/1": {"id": "1"}, "/things/2": record("2", "B"), "/things/3": None}

    found = parse(HIDDEN, wanted, answered(HIDDEN, wanted, answers))

    assert [(r.id, r.key) for r in found.resources] == [("1", None), ("2", "B")]
    assert found.proof.complete
    assert lines(HIDDEN, demand(HIDDEN)) == []


def test_a_listed_thing_without_a_key_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no usable id and name"):
        parse(LISTED, demand(LISTED), ((get(T, "GET /things"), [{"id": "1"}]),))


@pytest.mark.parametrize(
    ("path", "single"),
    [("/things/1", True), ("/things/a%2Fb", True), ("/things", False), ("/things/1/notes", False)],
)
def test_a_single_read_is_known_by_its_path(path: str, *, single: bool) -> None:
    assert is_single(LISTED, get(T, f"GET {path}")) is single
    assert not is_single(LISTED, get(T, f"POST {path}"))


def test_one_path_asked_with_two_bodies_is_two_questions() -> None:
    one, two = (get(T, "POST /search", body={"name": n}, media="lines") for n in "ab")

    assert (one.method, one.body, one.media, one.safe) == ("POST", {"name": "a"}, "lines", True)
    assert unasked([one, two, one, get(T, "GET /search")], ()) == [one, two, get(T, "GET /search")]
    assert unasked([one, two], ((one, []),)) == [two]


# The least that must be read again.


@pytest.mark.parametrize("pages", [0, 1, 5])
def test_where_the_list_shows_everything_the_list_is_read_again(pages: int) -> None:
    plain = replace(LISTED, rest=replace(LISTED.rest, when=()))

    assert narrow(plain, demand(plain, ids=("1",)), ["1"], pages) == demand(plain, ids=("1",))


@pytest.mark.parametrize(("pages", "singly"), [(0, False), (1, True), (7, True)])
def test_a_kind_that_wants_it_fresh_is_read_singly(pages: int, *, singly: bool) -> None:
    found = narrow(FRESH, demand(FRESH, ids=("1", "2", "9")), ["2", "1", "1"], pages)

    assert (found.fresh, found.singly) == (("1", "2"), singly)
    assert found.ids == (("1", "2") if singly else ("1", "2", "9"))


def test_a_list_that_is_read_anyhow_asks_only_for_the_details_that_matter() -> None:
    wanted = demand(LISTED, details=(wish("a", remote_id="1"), wish("b", remote_id="2")))

    found = narrow(LISTED, wanted, ["1", "3"], 1)

    assert (found.details, found.fresh, found.singly) == ((wanted.details[0],), ("1",), False)
    assert narrow(LISTED, wanted, ["1"], 1).singly


def test_a_detail_that_knows_no_id_may_ask_about_any_thing() -> None:
    wanted = demand(LISTED, details=(wish("a"),))

    assert narrow(LISTED, wanted, ["1", "3"], 1).fresh == ("1", "3")


@pytest.mark.parametrize("kind", [LISTED, FRESH, HIDDEN])
def test_what_was_narrowed_may_be_narrowed_again(kind: Kind) -> None:
    wanted = demand(kind, ids=("1", "2"), details=(wish("a", remote_id="1"), wish("b", remote_id="2")))
    if kind is FRESH:
        wanted = replace(wanted, details=())

    assert narrow(kind, narrow(kind, wanted, ["1", "2"], 1), ["2"], 1) == narrow(kind, wanted, ["2"], 1)


def test_what_no_list_shows_is_read_again_by_its_id() -> None:
    found = narrow(HIDDEN, demand(HIDDEN, ids=("1", "2")), ["2"], 0)

    assert lines(HIDDEN, found) == lines(HIDDEN, replace(found, ids=())) == ["/things/2"]


# Settling.


def looked(kind: Kind, *found: Resource) -> Collection:
    return parse(kind, demand(kind, singly=True), ()) if not found else Collection(kind.name, tuple(found))


def test_nobody_can_tell_whether_a_thing_was_made_that_no_list_shows() -> None:
    [created] = calls(MADE, [change(MADE, "a")])

    for there in ((), (Resource("1", "a", {}),)):
        assert settled(HIDDEN, created, looked(HIDDEN, *there)) is None


def test_a_create_is_looked_for_in_its_scope() -> None:
    [created] = calls(MADE, [replace(change(MADE, "a"), scope=("p1",))])
    elsewhere, here = Resource("2", "a", {}, scope=("p2",)), Resource("1", "A", {}, scope=("p1",))

    assert settled(LISTED, created, looked(FRESH, elsewhere, here)) is True
    assert settled(LISTED, created, parse(LISTED, demand(LISTED), ((get(T, "GET /things"), []),))) is False
