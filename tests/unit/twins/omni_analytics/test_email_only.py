"""E-mail-only users and user attributes of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omni_analytics.warehouse import ADMIN, PAT, refused
from tests.unit.twins.served import Omni

ALL = "/v1/users/email-only"
BULK = f"{ALL}/bulk"
USERS = "/scim/v2/users"
ATTRIBUTES = "urn:omni:params:1.0:UserAttribute"
NO_ARRAY = (
    "User Attribute region has multiple values enabled, but the passed-in value is not an array. "
    "If passing a single value for a user attribute with multiple values enabled, "
    "please wrap the value in an array [x]."
)
NO_ZONE = (
    "The timezone EST is not supported. Please see the connection page or user profile page for the list of "
    'valid timezones. Use e.g. "America/New_York" instead of "EST"'
)
UNKNOWN = "The provided user attributes: {} do not match the names of existing user attributes."
FIRST = "00000001-0000-4000-8000-000000000003"


def defined(omni: Omni) -> Omni:
    omni.twin.define_attribute("region", multiple=True)
    omni.twin.define_attribute("level", "number")
    omni.twin.define_attribute("levels", "number", multiple=True)
    omni.twin.define_attribute("team")
    return omni


def custom(omni: Omni, address: str = "") -> Any:
    records = omni.ask("GET", f"{ALL}?email={address}")[1]["records"]
    return {key: value for key, value in records[0]["user_attributes"].items() if not key.startswith("omni_user_")}


def addresses(omni: Omni, query: str = "") -> list[str]:
    return [one["email"] for one in omni.ask("GET", f"{ALL}?{query}")[1]["records"]]


def test_a_user_is_made_once_and_changed(each_omni: Omni) -> None:
    defined(each_omni)
    given = {"region": ["US", "EU"], "level": 3, "team": "A", "omni_user_timezone": "America/New_York"}
    status, made = each_omni.ask("POST", ALL, {"email": "Ext@partner.com", "userAttributes": given})
    hard = each_omni.twin.knobs.profile == "adversarial"
    shown = "ext@partner.com" if hard else "Ext@partner.com"
    assert (status, made) == (200, {"email": shown, "userId": FIRST})
    each_omni.ask("GET", "/v1/labels")

    assert each_omni.ask("GET", ALL)[1]["records"] == [
        {
            "email": shown,
            "user_id": FIRST,
            "user_attributes": {
                "omni_user_email": shown,
                "omni_user_name": shown,
                "omni_user_id": "0000000c-0000-4000-8000-000000000003",
                "omni_is_org_admin": "false",
                "omni_user_timezone": "America/New_York",
                "region": ["US", "EU"],
                "level": "3" if hard else 3,
                "team": "A",
            },
        }
    ]
    change: dict[str, Any] = {"team": "", "region": [], "level": None}
    again = each_omni.ask("POST", ALL, {"email": "ext@PARTNER.com", "userAttributes": change})
    assert again == (200, {"email": shown, "userId": FIRST})
    assert custom(each_omni) == {"omni_is_org_admin": "false"}


def test_others_are_kept(omni: Omni) -> None:
    defined(omni).twin.add_email_only("a@example.com", {"team": "A", "level": 1})
    omni.ask("POST", ALL, {"email": "a@example.com", "userAttributes": {"level": 2}})
    assert custom(omni) == {"omni_is_org_admin": "false", "team": "A", "level": 2}


def test_he_is_nobody_elses_namesake(omni: Omni) -> None:
    """A standard user of the same address is another person."""
    assert omni.ask("POST", ALL, {"email": "admin@example.com"})[1]["userId"] == FIRST
    assert omni.ask("GET", f"{USERS}/{FIRST}")[0] == 404
    assert len(omni.ask("GET", USERS)[1]["Resources"]) == 2


@pytest.mark.parametrize("call", ["one", "bulk", "scim", "scim change"])
@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"colour": "red", "team": "A", "size": None}, UNKNOWN.format('"colour", "size"')),
        ({"omni_is_org_admin": "true"}, UNKNOWN.format('"omni_is_org_admin"')),
        ({"level": "3"}, "User Attribute level is type number, but passed-in value 3 is not a number."),
        ({"level": True}, "User Attribute level is type number, but passed-in value true is not a number."),
        ({"levels": [1, "x"]}, "User Attribute levels is type number, but passed-in value x is not a number."),
        ({"region": "US"}, NO_ARRAY),
        ({"omni_user_timezone": "EST"}, NO_ZONE),
        ({"team": ["A"]}, "team: Invalid value"),
    ],
)
def test_attributes_that_are_refused(omni: Omni, call: str, given: dict[str, Any], text: str) -> None:
    defined(omni)
    person = {"displayName": "X", "userName": "x@example.com", ATTRIBUTES: given}
    match call:
        case "one":
            sent: tuple[str, str, Any] = ("POST", ALL, {"email": "x@example.com", "userAttributes": given})
        case "bulk":
            users = [{"email": "y@example.com"}, {"email": "x@example.com", "userAttributes": given}]
            sent = ("POST", BULK, {"users": users})
        case "scim":
            sent = ("POST", USERS, person)
        case _:
            sent = ("PUT", f"{USERS}/{ADMIN}", {**person, "userName": "admin@example.com"})
    assert refused(omni, *sent) == (400, text)


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("", {}, "email: email is required"),
        ("", {"email": "x"}, "email: Invalid email address"),
        ("", {"email": "x@example.com", "userAttributes": []}, "userAttributes: Invalid value"),
        ("", None, "Invalid JSON"),
        ("/bulk", {}, "users: users is required"),
        ("/bulk", {"users": [{"email": "a@example.com"}, {}]}, "email: email is required"),
        (
            "/bulk",
            {"users": [{"email": f"p{n}@example.com"} for n in range(21)]},
            "users: Maximum of 20 users can be processed in a single request",
        ),
    ],
)
def test_writes_that_are_refused(omni: Omni, path: str, body: object, text: str) -> None:
    assert refused(omni, "POST", f"{ALL}{path}", body) == (400, text)


def test_one_bad_user_in_a_bulk(omni: Omni, hard_omni: Omni) -> None:
    users = [{"email": "a@example.com"}, {"email": "b"}, {"email": "c@example.com"}]
    for world, done in ((omni, []), (hard_omni, ["a@example.com"])):
        assert world.ask("POST", BULK, {"users": users})[0] == 400
        world.ask("GET", "/v1/labels")
        assert addresses(world) == done


def test_pages_go_by_the_last_address(each_omni: Omni) -> None:
    each_omni.twin.add_email_only("Zed@example.com")
    for number in range(44):
        each_omni.twin.add_email_only(f"p{number:02}@example.com")
    found: list[str] = []
    query, calls = "sortDirection=asc", 0
    while True:
        answer = each_omni.ask("GET", f"{ALL}?{query}")[1]
        found += [one["email"] for one in answer["records"]]
        calls += 1
        if not answer["pageInfo"]["hasNextPage"]:
            break
        assert answer["pageInfo"]["nextCursor"] == found[-1]
        query = f"sortDirection=asc&cursor={found[-1]}"

    assert (calls, len(found), answer["pageInfo"]["totalRecords"]) == (3, 45, 45)
    assert found[-1].lower() == "zed@example.com"
    assert [one.lower() for one in addresses(each_omni, "pageSize=2")] == ["zed@example.com", "p43@example.com"]
    assert addresses(each_omni, "email=P0&pageSize=2&cursor=p08@example.com") == [
        "p07@example.com",
        "p06@example.com",
    ]


@pytest.mark.parametrize("query", ["pageSize=0", "pageSize=21", "sortDirection=up"])
def test_lists_that_are_refused(omni: Omni, query: str) -> None:
    assert refused(omni, "GET", f"{ALL}?{query}")[0] == 400


def test_writes_need_an_organisation_key(omni: Omni) -> None:
    text = "Forbidden: Organization API key required"
    assert refused(omni, "POST", ALL, {"email": "a@example.com"}, **PAT) == (403, text)
    assert refused(omni, "POST", BULK, {"users": []}, **PAT) == (403, text)
    assert omni.ask("GET", ALL, **PAT)[0] == 200
    assert omni.ask("PUT", ALL)[0] == 405


def test_attributes_of_a_person_with_an_account(omni: Omni, hard_omni: Omni) -> None:
    """OA-P45: what a PUT unsets is gone, or is shown as it was sent."""
    shown: dict[str, Any] = {"team": None, "region": []}
    for world, left in ((omni, {}), (hard_omni, shown)):
        given = {"team": "A", "region": ["US"], "level": 3}
        body = {"displayName": "J", "userName": "j@example.com", ATTRIBUTES: given}
        made = defined(world).ask("POST", USERS, body)[1]
        change = {"userName": "j@example.com", ATTRIBUTES: {"team": None, "region": []}}
        level = 3 if world is omni else "3"
        assert world.ask("PUT", f"{USERS}/{made['id']}", change)[1][ATTRIBUTES] == {"level": level, **left}


def test_newer_answers(omni: Omni) -> None:
    omni.twin.knobs.set("newer-answers", "adversarial")
    assert omni.ask("POST", BULK, {"users": [{"email": "a@example.com"}]})[0] == 201
    assert omni.ask("POST", ALL, {"email": "a@example.com"})[0] == 200
