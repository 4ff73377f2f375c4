"""What is foretold before a reading begins, by kind, and how that is mended on the way (OA-C40, OA-C41)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.call import Request
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Replies
from reconciler.read.forecast import Forecasts, Reading, as_declared, long_lists, whole_lists
from tests.unit.read.test_demands import bond, wanted
from tests.world import OMNI, PROVIDERS, catalog, doc

FOLDERS = "GET /v1/folders?include=_count&sortField=path&sortDirection=asc&pageSize=100&scope=organization"
USERS, GROUPS = "GET /scim/v2/users?count=100", "GET /scim/v2/groups?count=100"
SCHEDULES = "GET /v1/schedules?sortField=scheduleName&sortDirection=asc&pageSize=100"


def foretold(*documents: object, bonds: object = (), pages: Mapping[str, int] | None = None) -> tuple[int, bool]:
    found = [*wanted(*documents, bonds=bonds).values()]  # type: ignore[arg-type]
    forecasts = Forecasts(found, PROVIDERS, catalog(), {OMNI: pages or {}})
    one = forecasts.begin()[OMNI]
    return one.requests, one.least


def opened(name: str, *who: Json, groups: tuple[str, ...] = ()) -> object:
    granted: list[Json] = [{"role": "VIEWER", "users": [*who]}]
    granted += [{"role": "EDITOR", "groups": [*groups]}] if groups else []
    spec: dict[str, Json] = {"path": name, "permissionsMode": "additive", "permissions": granted}
    return doc("Folder", name, spec)


def test_nothing_is_nothing() -> None:
    assert Forecasts([], {}, catalog()).begin() == {}


def test_oa_c1_a_list_without_pages_is_known_beforehand() -> None:
    assert foretold(doc("Label", "a", {"name": "Aa"})) == (1, False)


def test_oa_c2_a_list_is_as_long_as_it_was_or_at_least_as_what_is_declared() -> None:
    many = [doc("Folder", f"f{n}", {"path": f"F{n}"}) for n in range(201)]

    assert foretold(*many) == (3, True)
    assert foretold(*many, pages={FOLDERS: 5}) == (5, False)


def test_oa_c3_people_are_looked_for_by_the_shorter_way() -> None:
    people = [doc("User", f"u{n}", {"email": f"u{n}@example.com"}, manage="observe") for n in range(3)]

    assert foretold(people[0]) == (1, False)
    assert foretold(*people) == (1, True)
    assert foretold(*people, pages={USERS: 3}) == (3, False)
    assert foretold(*people, pages={USERS: 9}) == (4, False), "a question for each, after the first page"


def test_oa_c13_a_look_at_each_person_and_at_one_member_of_each_group() -> None:
    group = doc("UserGroup", "g", {"name": "G", "members": ["x@example.com", "y@example.com"]})
    folder = opened("f", "a@example.com", "b@example.com", groups=("g",))
    pages = {FOLDERS: 1, USERS: 1, GROUPS: 1}
    known = [bond("Folder", "f"), bond("UserGroup", "g")]

    assert foretold(group, folder, bonds=known, pages=pages) == (3 + 3, False)
    assert foretold(group, folder, pages=pages) == (3 + 3, True), "whether it is live nobody knows"
    other = opened("f", "a@example.com", "x@example.com", groups=("g",))
    assert foretold(group, other, bonds=known, pages=pages) == (3 + 2, False), "a member is asked anyway"


def test_oa_c13_a_folder_that_is_yet_to_be_made_is_not_asked_about() -> None:
    pages = {FOLDERS: 1, USERS: 1}
    both = (opened("f", "a@example.com"), opened("new", "b@example.com"))

    assert foretold(*both, bonds=[bond("Folder", "f")], pages=pages) == (2 + 1, False)


def test_oa_c13_whom_the_ledger_knows_by_id_is_who_is_declared_by_name() -> None:
    last = bond("Folder", "f")
    given = {"permissions/00000001-0000-4000-8000-000000000001": "sha256:0"}
    known = type(last)(last.address, last.id, digests=given)

    assert foretold(opened("f", "a@example.com"), bonds=[known], pages={FOLDERS: 1}) == (1 + 1 + 1, False)


def test_oa_c15_schedules_by_document_or_all_and_their_recipients() -> None:
    def delivery(n: int) -> object:
        spec: JsonObject = {"document": f"d{n}", "name": f"S{n}", "recipients": ["a@example.com"]}
        return doc("Schedule", f"s{n}", spec)

    known = [bond("Schedule", f"s{n}", document=f"d{n}") for n in range(3)]
    three = [delivery(n) for n in range(3)]
    assert foretold(*three, bonds=known, pages={SCHEDULES: 2}) == (2 + 3, False)
    assert foretold(*three, bonds=known, pages={SCHEDULES: 9}) == (1 + 3 + 3, False)
    assert foretold(*three, pages={SCHEDULES: 1}) == (1 + 3, True)


def test_what_is_declared_stands_for_what_is_live() -> None:
    group = doc("UserGroup", "g", {"name": "G", "members": ["x@example.com"]})
    found = wanted(group, bonds=[bond("UserGroup", "g")])
    people = as_declared(found["analytics/User"], {})

    groups = as_declared(found["analytics/UserGroup"], {(OMNI, "User"): people})

    assert [(r.id, r.key) for r in people.resources] == [("x@example.com", "x@example.com")]
    assert [(r.id, r.key, r.fields["members"]) for r in groups.resources] == [("id-g", "G", ["x@example.com"])]


def test_the_forecast_is_mended_as_answers_come() -> None:
    said: list[Reading] = []
    [one] = wanted(*(doc("Folder", f"f{n}", {"path": f"F{n}"}) for n in range(3))).values()
    forecasts = Forecasts([one], PROVIDERS, catalog(), telling=said.append)
    forecasts.begin()
    demand = one.demand({})
    first = next(iter(catalog().verbs["omni-analytics", "Folder"].reads(one.kind, demand, ())))
    forecasts.asked(OMNI)
    body: Json = {"records": [], "pageInfo": {"totalRecords": 450, "pageSize": 100, "hasNextPage": True}}

    forecasts.answered(one, demand, ((first, body),))

    assert said == [Reading(OMNI, 1, True), Reading(OMNI, 5, False, made=1)]


def test_how_long_lists_turned_out_to_be() -> None:
    [one] = wanted(*(doc("User", f"u{n}", {"email": f"u{n}@example.com"}) for n in range(2))).values()

    def page(start: int, step: int) -> tuple[Request, Json]:
        query = (("count", "100"), ("startIndex", str(start)))
        return Request(OMNI, "GET", "/scim/v2/users", query), {"totalResults": 122, "itemsPerPage": step}

    by_name = Request(OMNI, "GET", "/scim/v2/users", (("filter", 'userName eq "u0@example.com"'),))
    found: Json = {"totalResults": 1, "itemsPerPage": 1}
    replies: Replies = (page(1, 100), (by_name, found))

    assert dict(long_lists(one.kind, replies)) == whole_lists(one.kind, replies) == {USERS: 2}
    assert whole_lists(one.kind, (page(1, 100), page(101, 22))) == {USERS: 2}
