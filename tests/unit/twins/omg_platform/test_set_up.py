"""What is done to the OMG Platform twin by hand."""

from __future__ import annotations

import pytest

from reconciler.twins import PROFILES, TWINS, OmgTwin
from tests.unit.twins.omg_platform.omg import BRIEF


def test_the_registry_knows_it() -> None:
    twin = TWINS["omg-platform"]()

    assert isinstance(twin, OmgTwin)
    assert (twin.base_path, twin.default_key) == ("/acme/v2", "omg_key_test")
    assert twin.default_headers == {"X-Api-Key": "omg_key_test"}


def test_switches_belong_to_no_profile() -> None:
    settings = OmgTwin("adversarial").knobs.settings()

    assert {name for name, reading in settings.items() if reading == "plain"} == {"locked", "status-hidden"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_seeded_world(profile: str) -> None:
    twin = OmgTwin(profile)
    twin.seed_world()

    assert [(brief.fields["brief_title"], brief.status) for brief in twin.briefs()] == [
        ("Spring launch", "draft"),
        ("Shop windows", "change_request"),
    ]
    assert [brief.fields["brief_title"] for brief in twin.briefs(tenant="globex")] == ["Another house's brief"]
    assert [user.email for user in twin.users()][:2] == ["jane@example.com", "bob@example.com"]
    assert twin.users(tenant="globex") == []


def test_people_write_behind_our_back() -> None:
    twin = OmgTwin()
    brief = twin.add_brief("Q3", status="approved", brief_summary="Old")

    assert twin.edit("PATCH", f"/briefs/{brief}", {"brief_summary": "New"}).ok
    assert dict(twin.briefs()[0].fields) == {"brief_title": "Q3", "brief_summary": "New"}
    twin.set_status(brief, "closed")
    assert twin.briefs()[0].status == "closed"
    twin.remove_brief(brief)
    assert twin.edit("GET", f"/briefs/{brief}").status == 404
    assert len(twin.log) == 0


def test_things_of_another_tenant() -> None:
    twin = OmgTwin()
    twin.add_tenant("initech", "omg_key_third")
    agency, role = twin.add_agency("A", tenant="initech"), twin.add_job_role("R", tenant="initech")
    user = twin.add_user("x@example.com", "X", "Y", agency_id=agency, job_role=role, tenant="initech")
    brief = twin.add_brief("Q3", tenant="initech")

    assert twin.edit_in("initech", "POST", "/briefs", BRIEF).status == 201
    assert twin.edit_in("initech", "GET", f"/user/{user}").ok
    assert twin.edit("GET", f"/briefs/{brief}").status == 404
    twin.set_active(user, active=False, tenant="initech")
    twin.set_status(brief, "closed", tenant="initech")
    assert twin.transitions(brief, tenant="initech") == 0
    twin.remove_brief(brief, tenant="initech")
    assert [brief.id for brief in twin.briefs(tenant="initech")] == [2]


def test_what_is_not_there() -> None:
    twin = OmgTwin()

    with pytest.raises(KeyError):
        twin.set_status("1", "closed")
    with pytest.raises(KeyError):
        twin.edit_in("nobody", "GET", "/users")
    with pytest.raises(KeyError):
        twin.revoke_key("nothing")


def test_a_seed_moves_the_ids() -> None:
    assert OmgTwin(seed=811).add_brief("Q3") == "812"
