"""Embed users of the Omni Analytics twin, over a socket; and people as the newer edition shows them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.unit.twins.omni_analytics.warehouse import PAT, refused
from tests.unit.twins.served import Omni

ALL = "/scim/v2/embed/users"
FIRST = "00000001-0000-4000-8000-000000000003"


def ids(omni: Omni, wanted: str) -> list[str]:
    return [one["id"] for one in omni.ask("GET", f"{ALL}?filter={quote(wanted)}")[1]["Resources"]]


def test_the_record_of_one(omni: Omni) -> None:
    assert omni.twin.add_embed_user("102", "Partner", entity="acme", email="p@example.com") == FIRST
    omni.ask("POST", "/scim/v2/groups", {"displayName": "All Embed Users", "members": [{"value": FIRST}]})
    status, shown = omni.ask("GET", f"{ALL}/{FIRST}")

    assert (status, shown["displayName"], shown["groups"][0]["value"]) == (200, "Partner", "grp00001")
    assert [shown[key] for key in ("embedEmail", "embedEntity", "embedExternalId")] == [
        "p@example.com",
        "acme",
        "102",
    ]
    assert not any(key.startswith("urn:") for key in shown)
    assert omni.ask("GET", f"/scim/v2/users/{FIRST}")[0] == 404
    listed = omni.ask("GET", ALL)[1]
    assert (listed["totalResults"], listed["Resources"]) == (1, [shown])


def test_filters(each_omni: Omni) -> None:
    first, second = each_omni.twin.add_embed_user("a"), each_omni.twin.add_embed_user("A")
    assert ids(each_omni, 'embedExternalId eq "A"') == [second]
    assert ids(each_omni, 'embedExternalId eq "b"') == []
    assert ids(each_omni, 'userName eq "EMBED-USER-A@acme.embed.example.com"') == [first, second]
    assert refused(each_omni, "GET", f"{ALL}?filter={quote('displayName eq x')}") == (400, "Invalid filter")


def test_one_is_deleted_with_all_that_is_his(omni: Omni) -> None:
    omni.twin.add_embed_user("102")
    omni.ask("POST", "/scim/v2/groups", {"displayName": "All", "members": [{"value": FIRST}]})
    assert refused(omni, "DELETE", f"/scim/v2/users/{FIRST}") == (404, f"Resource {FIRST} not found")
    assert omni.ask("DELETE", f"{ALL}/{FIRST}") == (204, None)
    assert omni.ask("GET", "/scim/v2/groups/grp00001")[1]["members"] == []
    for method in ("GET", "DELETE"):
        assert refused(omni, method, f"{ALL}/{FIRST}") == (404, f"Resource {FIRST} not found")


def test_they_need_an_organisation_key(omni: Omni) -> None:
    text = "Forbidden: Organization API key required"
    assert refused(omni, "GET", ALL, **PAT) == (403, text)


@pytest.mark.parametrize("path", ["/scim/v2/users", ALL])
def test_the_newer_edition_shows_less(each_omni: Omni, path: str) -> None:
    each_omni.twin.add_embed_user("102")
    each_omni.twin.knobs.set("newer-answers", "adversarial")
    shown = each_omni.ask("GET", path)[1]["Resources"][0]
    assert {"id", "userName", "displayName", "active", "schemas"} <= set(shown)
    assert not {"emails", "groups", "meta"} & set(shown)


def test_the_newer_edition_of_groups_and_schedules(each_omni: Omni) -> None:
    """A switch that is set singly changes answers, whatever the profile."""
    each_omni.twin.add_document("Sales")
    mail = {"identifier": "d0c00001", "schedule": "0 9 ? * MON *", "timezone": "UTC", "format": "pdf"}
    mail |= {"destinationType": "email", "subject": "W"}
    alert = {"conditionType": "RESULTS_PRESENT", "conditionQueryMapKey": "1"}
    made = [
        each_omni.ask("POST", "/v1/schedules", {**mail, **more, "recipients": ["x@example.com"]})[1]["id"]
        for more in ({"name": "A"}, {"name": "B", **alert})
    ]
    one = f"/v1/schedules/{made[1]}"
    assert refused(each_omni, "GET", one)[0] == 405
    each_omni.twin.knobs.set("newer-answers", "adversarial")

    assert "meta" not in each_omni.ask("POST", "/scim/v2/groups", {"displayName": "G"})[1]
    first, second = each_omni.ask("GET", "/v1/schedules?sortDirection=asc")[1]["records"]
    assert (first["ownerId"], first["format"], "alert" in first) == (
        "00000001-0000-4000-8000-000000000001",
        "pdf",
        False,
    )
    assert second["alert"] == {"conditionType": "RESULTS_PRESENT", "conditionQueryName": "1"}
    shown = each_omni.ask("GET", f"{one}/recipients")[1]
    assert (shown["userGroupRecipients"], "emailOnly" in shown["recipients"][0]) == ([], False)
    added = each_omni.ask("PUT", f"{one}/add-recipients", {"emails": ["y@example.com"]})[1]
    assert added == {"addedRecipientsCount": 1, "addedGroupRecipientsCount": 0, "success": True}
    status, whole = each_omni.ask("GET", one)
    assert (status, whole["conditionType"], whole["entityId"]) == (200, "RESULTS_PRESENT", "d0c00001")
    assert [one["membership"]["user"]["email"] for one in whole["destinations"][0]["recipients"]] == [
        "x@example.com",
        "y@example.com",
    ]
