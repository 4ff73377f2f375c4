"""Omni Analytics: its URL, headers and error words, and what is odd about labels, folders and people."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address, Target
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Replies, Resource
from reconciler.providers import omni_analytics as omni
from reconciler.providers.omni_analytics import folder, label, user
from reconciler.providers.rest.reads import get
from tests.unit.providers.samples import FOLDER, LABEL, PERSON, T, asked, change, demand, document

API = "https://acme.example.com/api"


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/", "/api/v1", "/api/v1/", "/api/unstable"])
def test_a_base_url_in_any_of_its_forms(tail: str) -> None:
    assert omni.base(f" https://acme.example.com{tail} ") == API


def test_a_path_before_the_api_stays() -> None:
    assert omni.base("https://gate.example.com/omni/api") == "https://gate.example.com/omni/api"
    assert omni.base("https://gate.example.com/apiary") == "https://gate.example.com/apiary/api"


@pytest.mark.parametrize(
    "url", ["", "acme.example.com", "ftp://a.example.com", "https://", "https://a.example.com?x=1"]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        omni.base(url)


def test_a_bearer_key_and_nothing_else() -> None:
    assert omni.headers(Target(T, "omni-analytics"), "s3cret") == {"Authorization": "Bearer s3cret"}


def test_oa_r194_settings_name_people_by_address() -> None:
    assert [*omni.PROVIDER.settings] == ["account", "protectedUsers"]
    assert omni.check(Target(T, "omni-analytics")) == []
    right: dict[str, Json] = {"account": "bot@example.com", "protectedUsers": ["boss@example.com"]}
    assert omni.check(Target(T, "omni-analytics", right)) == []
    wrong: dict[str, Json] = {"account": "bot", "protectedUsers": "boss@example.com"}
    assert len(omni.check(Target(T, "omni-analytics", wrong))) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"detail": "one", "message": "two"}, "one"),
        ({"detail": " ", "message": "two"}, "two"),
        ({"detail": 3, "error": "three", "title": "four"}, "three"),
        ({"error": "404", "title": "four"}, "four"),
        ({"message": "404"}, "404"),
        ({"detail": "Bad Request: no such folder"}, "no such folder"),
        ({"message": "Not Found: gone"}, "gone"),
        ({"message": "It was Not Found: gone"}, "It was Not Found: gone"),
        ({}, ""),
        ([], ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_the_words_of_an_error(body: Json, said: str) -> None:
    assert omni.message(body) == said


# Label


@pytest.mark.parametrize("name", ["..", "a/..", "../b", "a\\..", "./a", "..;x/a", " a", "a ", "a\n"])
def test_a_name_that_no_path_carries_is_refused(name: str) -> None:
    (problem,) = label.check(LABEL, [document(LABEL, "bad", name=name)])

    assert problem.rule == "OA-R20"
    assert repr(name) in problem.message


@pytest.mark.parametrize("name", ["...", "a..b", "..a", "a/b", "a b", "1.0/2.0", "%2e%2e", "Ωμέγα"])
def test_dots_and_slashes_alone_are_no_mistake(name: str) -> None:
    assert label.check(LABEL, [document(LABEL, "good", name=name)]) == []


# Folder: checks


def paths(*specs: JsonObject) -> list[str]:
    return [p.message for p in folder.check(FOLDER, [document(FOLDER, f"f{i}", **s) for i, s in enumerate(specs)])]


def test_seven_levels_and_no_more() -> None:
    assert paths({"path": "1/2/3/4/5/6/7"}) == []
    assert paths({"path": "1/2/3/4/5/6/7/8"}) == ["here/Folder/f0: 8 levels, at most 7 are allowed"]
    assert paths({"path": [*"12345678"]}) == ["here/Folder/f0: 8 levels, at most 7 are allowed"]
    assert paths({"path": ["1/2/3/4", "5/6/7/8"]}) == [], "a list has as many levels as names"


def test_a_branch_has_one_scope() -> None:
    top: JsonObject = {"path": "A", "scope": "organization"}

    assert paths(top, {"path": "A/B/C", "scope": "organization"}, {"path": "B", "scope": "organization"}) == []
    (message,) = paths(top, {"path": "A/B/C", "scope": "restricted", "owner": "ann@example.com"})
    assert message == "here/Folder/f1: its parent's scope is organization; a child has the same"


def test_what_is_restricted_says_so_and_whose_it_is() -> None:
    top: JsonObject = {"path": "A", "scope": "restricted", "owner": "ann@example.com"}

    assert paths({"path": "A", "scope": "restricted"}) == [
        "here/Folder/f0: a restricted folder is listed by owner only"
    ]
    assert paths(top, {"path": "A/B"}) == [
        "here/Folder/f1: the folder above it is restricted",
        "here/Folder/f1: a restricted folder is listed by owner only",
    ]
    assert paths(top, {"path": "A/B", "scope": "restricted", "owner": "ann@example.com"}) == []


# Folder: reading

ORG = {"scope": "organization"}


def owned(by: str) -> dict[str, str]:
    return {"scope": "restricted", "owner": by}


@pytest.mark.parametrize(
    ("by", "listings"),
    [
        ((), ["scope=organization"]),
        (({},), ["scope=organization"]),
        ((ORG, {**ORG, "owner": "u1"}), ["scope=organization"]),
        ((owned("u2"), owned("u1"), owned("u2")), ["ownerId=u1", "ownerId=u2"]),
        ((ORG, owned("u1")), ["scope=organization", "ownerId=u1"]),
    ],
)
def test_one_listing_of_the_organisation_and_one_per_owner(
    by: tuple[dict[str, str], ...], listings: list[str]
) -> None:
    requests = folder.reads(FOLDER, demand(FOLDER, by=by), ())

    assert [asked(r).rsplit("&", 1)[-1] for r in requests] == listings
    assert all(dict(r.query)["include"] == "_count" for r in requests)
    assert {dict(r.query)["scope"] for r in requests if "ownerId" in dict(r.query)} <= {"restricted"}


LIST = get(T, "GET /v1/folders", {"scope": "organization"})


def record(path: str, name: str = "", **more: Json) -> JsonObject:
    return {"id": f"id:{path}", "name": name or path.rsplit("/", 1)[-1].upper(), "path": path, **more}


def listed(*records: Json) -> Replies:
    return ((LIST, {"records": [*records], "pageInfo": {"hasNextPage": False, "totalRecords": len(records)}}),)


def tree(*records: Json) -> dict[str, Resource]:
    return {r.id: r for r in folder.parse(FOLDER, demand(FOLDER), listed(*records)).resources}


def test_the_tree_from_the_servers_own_paths() -> None:
    """A missing slash in front makes no difference, the order of records neither."""
    found = tree(record("a/b/c"), record("/a", "Finance"), record("/a/b", "In/Out"))

    assert found["id:a/b/c"].key == ["Finance", "In/Out", "C"]
    assert found["id:a/b/c"].label == "Finance/In/Out/C"
    assert (found["id:a/b/c"].parent, found["id:/a/b"].parent, found["id:/a"].parent) == ("id:/a/b", "id:/a", None)
    assert [found[i].contents["children"] for i in ("id:/a", "id:/a/b", "id:a/b/c")] == [1, 1, 0]
    assert all(f.placed for f in found.values())


def test_what_stands_under_an_unread_folder_matches_nothing() -> None:
    found = tree(record("/gone/b", "B"), record("/gone/b/c", "C"))

    assert [f.placed for f in found.values()] == [False, False]
    assert found["id:/gone/b"].key == ["(unplaced) /gone/b", "B"]
    assert found["id:/gone/b/c"].key == ["(unplaced) /gone/b/c", "B", "C"]
    assert found["id:/gone/b/c"].parent == "id:/gone/b"


def test_under_two_folders_of_one_path_nobody_knows_the_parent() -> None:
    """The two themselves are siblings whose names are compared; a child of either has no place."""
    twins = (record("/a", "One"), {**record("/a", "Two"), "id": "other"})

    found = tree(*twins, record("/a/b"))

    assert (found["id:/a"].placed, found["other"].placed, found["id:/a/b"].placed) == (True, True, False)
    assert found["id:/a/b"].parent is None


def test_siblings_of_one_name_stay_two() -> None:
    found = tree(record("/a", "Same"), record("/a-1", "Same"))

    assert [f.key for f in found.values()] == [["Same"], ["Same"]]


def test_a_folder_in_two_listings_is_one() -> None:
    mine = get(T, "GET /v1/folders", {"scope": "restricted", "ownerId": "u"})
    replies = (*listed(record("/a")), (mine, listed(record("/a"))[0][1]))

    found = folder.parse(FOLDER, demand(FOLDER), replies)

    assert len(found.resources) == 1
    assert found.proof.complete


def test_owner_and_contents_as_far_as_they_are_shown() -> None:
    found = tree(record("/a", owner={"id": "u1"}, _count={"documents": 3}, scope="organization"), record("/b"))

    assert (found["id:/a"].fields["owner"], found["id:/a"].fields["scope"]) == ("u1", "organization")
    assert found["id:/a"].contents == {"documents": 3, "children": 0}
    assert found["id:/b"].contents == {"documents": None, "children": 0}
    assert "owner" not in found["id:/b"].fields


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "A", "path": "/a"},
        {"id": "", "name": "A", "path": "/a"},
        {"id": "1", "path": "/a"},
        {"id": "1", "name": "A"},
    ],
)
def test_a_folder_without_id_name_or_path_is_no_answer(bad: Json) -> None:
    with pytest.raises(ValueError, match="a folder record has no"):
        tree(record("/ok"), bad)


# Folder: calls


def made(path: list[Json], parent: Json = None, **wire: Json) -> Change:
    return Change(
        Verb.CREATE, Address(T, "Folder", "f"), key=path, label="f", parent=parent, wire={"path": path, **wire}
    )


def test_a_root_sends_its_scope_and_a_child_its_parent() -> None:
    (root,) = folder.calls(FOLDER, [made(["A"], scope="organization", owner="u1")])
    (child,) = folder.calls(FOLDER, [made(["A", "B"], parent="id-a", scope="organization")])

    assert root.body == {"name": "A", "scope": "organization", "userId": "u1"}
    assert root.expect == {"/name": "A", "/owner/id|/ownerId": "u1", "/scope": "organization"}
    assert child.body == {"name": "B", "parentFolderId": "id-a"}
    assert child.expect == {"/name": "B", "/scope": "organization"}


def test_what_is_not_declared_is_not_sent() -> None:
    (root,) = folder.calls(FOLDER, [made(["A"])])

    assert (root.body, root.expect) == ({"name": "A"}, {"/name": "A"})


def test_a_folder_is_created_or_deleted_and_nothing_else() -> None:
    gone = change(FOLDER, "g", was="G", delete=True)
    other = change(FOLDER, "o", was="O", changed={"scope"}, scope="restricted")

    assert [c.method for c in folder.calls(FOLDER, [gone, other])] == ["DELETE"]


# People

ANN, BOB, CYD, DAN = (f"{n}@example.com" for n in ("ann", "bob", "cyd", "dan"))
FIRST = get(T, "GET /scim/v2/users", {"count": "100", "startIndex": "1"})


def users(*addresses: str, total: int, step: int = 1) -> Json:
    people: list[Json] = [{"id": f"id-{a}", "userName": a} for a in addresses]
    return {"Resources": people, "totalResults": total, "itemsPerPage": step}


def next_for(*wanted: str, replies: Replies = ()) -> list[str]:
    return [asked(r).split("?")[1] for r in user.reads(PERSON, demand(PERSON, wanted=wanted), replies)]


def by_filter(address: str, key: str = "userName") -> str:
    return f"filter={key}%20eq%20%22{address.replace('@', '%40')}%22"


def test_where_nobody_is_named_nobody_is_read() -> None:
    assert next_for() == []


def test_one_person_is_asked_for_by_address() -> None:
    assert next_for(ANN) == [by_filter(ANN)]
    (only,) = user.reads(PERSON, demand(PERSON, wanted=(ANN,)), ())
    replies: Replies = ((only, users(total=0)),)
    assert next_for(ANN, replies=replies) == [by_filter(ANN)]
    (by_name,) = user.reads(PERSON, demand(PERSON, wanted=(ANN,)), replies)
    replies = (*replies, (by_name, users(total=0)))
    assert (by_name.path, next_for(ANN, replies=replies)) == (
        "/scim/v2/embed/users",
        [by_filter(ANN, "embedExternalId")],
    )
    (by_id,) = user.reads(PERSON, demand(PERSON, wanted=(ANN,)), replies)
    assert next_for(ANN, replies=(*replies, (by_id, users(total=0)))) == []


def test_oa_r196_an_embed_user_answers_to_the_name_that_was_asked_for() -> None:
    wanted = demand(PERSON, wanted=(ANN,))
    replies: Replies = ()
    while batch := user.reads(PERSON, wanted, replies):
        shop: JsonObject = {"id": "e-1", "userName": "x@example.net", "embedExternalId": ANN}
        by_id = "embedExternalId" in str(batch[0])
        replies += ((batch[0], {"Resources": [shop] if by_id else [], "totalResults": int(by_id)}),)

    assert [(r.id, r.key) for r in user.parse(PERSON, wanted, replies).resources] == [("e-1", ANN)]


def test_oa_r196_who_is_declared_is_not_sought_among_embed_users() -> None:
    declared: JsonObject = {"email": ANN, "attributes": False, "address": f"{T}/User/ann"}
    wanted = demand(PERSON, wanted=(ANN,), details=(declared,))
    (only,) = user.reads(PERSON, wanted, ())

    assert user.reads(PERSON, wanted, ((only, users(total=0)),)) == []


def test_several_begin_with_the_first_page() -> None:
    assert next_for(ANN, BOB) == ["count=100&startIndex=1"]


def test_the_first_page_may_be_enough_whatever_the_case() -> None:
    page = users(ANN.upper(), BOB, total=9)

    assert next_for(ANN, BOB, replies=((FIRST, page),)) == []


def test_the_rest_of_the_pages_or_one_filter_each_whichever_is_less() -> None:
    def after(total: int) -> list[str]:
        return next_for(ANN, BOB, CYD, replies=((FIRST, users(ANN, total=total)),))

    assert after(2) == ["count=100&startIndex=2"]
    assert after(3) == ["count=100&startIndex=2", "count=100&startIndex=3"], "as many: pages"
    assert after(4) == [by_filter(BOB), by_filter(CYD)]


def test_filters_once_begun_are_finished_and_asked_once() -> None:
    replies: Replies = ((FIRST, users(ANN, total=50)),)
    one, two = user.reads(PERSON, demand(PERSON, wanted=(ANN, BOB, CYD)), replies)

    assert next_for(ANN, BOB, CYD, replies=(*replies, (one, users(total=0)))) == [by_filter(CYD)]
    embedded = next_for(ANN, BOB, CYD, replies=(*replies, (one, users(total=0)), (two, users(total=0))))
    assert embedded == [by_filter(BOB), by_filter(CYD)]


def test_pages_without_the_person_end_too() -> None:
    replies: Replies = ((FIRST, users(ANN, total=2)),)
    (page,) = user.reads(PERSON, demand(PERSON, wanted=(ANN, BOB)), replies)

    assert next_for(ANN, BOB, replies=(*replies, (page, users(DAN, total=2)))) == [by_filter(BOB)]


def test_each_person_once_and_absence_is_proven() -> None:
    found = user.parse(PERSON, demand(PERSON, wanted=(ANN,)), ((FIRST, users(ANN, ANN, total=2)),))

    assert [(r.id, r.key) for r in found.resources] == [(f"id-{ANN}", ANN)]
    assert found.proof.complete


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ({"detail": "Not Found", "status": 404}, True),
        ({"detail": "taken", "status": 409, "title": "Conflict"}, True),
        ({"error": "New owner must have explicit document permission"}, True),
        ({"error": "400", "message": "no"}, True),
        ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "no such user"}, True),
        ({"success": True, "message": "Connection updated"}, False),
        ({"message": "archived"}, False),
        ({"status": "FAILED", "error": "broken", "jobId": "7"}, False),
        ({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "7"}, False),
        ([], False),
        (None, False),
    ],
)
def test_oa_r4_the_body_of_an_error(body: Json, is_one: bool) -> None:
    assert omni.errs(body) is is_one
