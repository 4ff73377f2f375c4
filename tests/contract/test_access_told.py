"""How access is told: nothing gained that was there, nobody by an id, no rank where there is none, titles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.report.access_markdown import access_markdown
from reconciler.report.access_text import access_text
from reconciler.report.style import Style
from tests.contract import dashboards
from tests.contract.access import both, manifests
from tests.contract.grants import BOB, JANE, opened, to
from tests.contract.groups import group
from tests.world import CMS, OMNI, PLATFORM, World, doc, world

EXT = "ext@partner.example.com"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(str(request.param), twins=[OMNI]) as found:
        yield found


def told(w: World, *documents: Document) -> set[tuple[bool, str, str, bool, bool]]:
    plan = w.plan(*documents)
    return {(c.gains, who, c.role, c.unknown, c.held) for c in plan.access for who in c.who}


def test_a_role_that_no_read_returns_is_not_gained_again_when_what_was_sent_with_it_changes(w: World) -> None:
    sales = w.omni.add_document("Sales")

    def paper(**settings: Json) -> Document:
        return doc("Document", "sales", {"identifier": sales, "settings": settings})

    w.converge(paper(organizationRole="VIEWER", canDownload=True))
    plan = w.plan(paper(organizationRole="VIEWER", canDownload=False))
    assert plan.writes
    assert plan.access == ()
    assert told(w, paper(organizationRole="EDITOR", canDownload=True)) == {
        (True, "everybody", "EDITOR", True, False)
    }


def test_what_nobody_knows_to_have_been_sent_is_told_as_unknown(w: World) -> None:
    sales = w.omni.add_document("Sales")
    paper = doc("Document", "sales", {"identifier": sales, "settings": {"organizationRole": "VIEWER"}})
    assert told(w, paper) == {(True, "everybody", "VIEWER", True, False)}


def test_the_last_manager_who_would_go_is_told_as_held(w: World) -> None:
    sales = w.omni.add_document("Sales")
    dashboards.by_hand(w, sales, "MANAGER", BOB)
    grants: list[Json] = [to("EDITOR", BOB)]
    paper = doc("Document", "sales", {"identifier": sales, "permissions": grants})
    assert told(w, paper) == {(False, BOB, "MANAGER", False, True), (True, BOB, "EDITOR", False, True)}
    assert w.plan().writes == ()


def weekly(**spec: Json) -> Document:
    own: dict[str, Json] = {
        "document": "d0c00001",
        "name": "Weekly",
        "cron": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
        "destination": "email",
        "subject": "S",
    }
    return doc("Schedule", "weekly", own | spec, allow=["first-removals"])


def test_who_keeps_receiving_under_another_field_loses_nothing_and_nobody_is_an_id(w: World) -> None:
    w.converge(weekly(recipients=[JANE, BOB, EXT]))
    plan = w.plan(weekly(recipientUsers=[JANE]))
    assert {(c.gains, c.who) for c in plan.access} == {(False, (BOB, EXT))}
    w.apply(plan)
    assert {(c.gains, c.who) for c in w.plan(weekly(recipients=[JANE, EXT])).access} == {(True, (EXT,))}


def test_a_new_owner_who_waits_for_consent_is_told_as_held(w: World) -> None:
    w.converge(weekly(recipients=[JANE]))
    given = weekly(recipients=[JANE], owner=BOB)
    assert (True, BOB, "OWNER") in {one[:3] for one in told(w, given) if one[4]}


def test_no_role_is_the_highest_beside_one_in_no_order(w: World) -> None:
    folder = opened("f", to("VIEWER", JANE), to("EDITOR", BOB), to("VIEWER", BOB, groups=["g"]), path="Planned")
    owned = doc("Folder", "f", {**folder.spec, "scope": "restricted", "owner": JANE})
    w.documents = [group("Team", BOB, as_="g"), owned]
    found = {(r.principal.name, r.role): r.highest for r in manifests(w, what="Planned").rows}
    assert (found[JANE, "OWNER"], found[JANE, "VIEWER"]) == (None, None)
    assert (found[BOB, "EDITOR"], found[BOB, "VIEWER"]) == (True, False)


def test_a_document_has_its_title_as_live_as_declared_or_as_described(w: World) -> None:
    sales = w.omni.add_document("Sales overview")
    grants: list[Json] = [to("EDITOR", BOB)]

    def paper(own: str = sales, **more: Json) -> Document:
        return doc("Document", "paper", {"identifier": own, "permissions": grants, **more})

    w.documents = [paper(name="Renamed")]
    assert {r.object.title for r in manifests(w, what=sales).rows} == {"Renamed"}
    assert {r.object.title for r in both(w, what=sales).rows} == {"Sales overview"}
    assert f'EDITOR on Document {sales} ("Sales overview")' in access_text(both(w, who=BOB), Style(200))
    [gain] = w.plan(paper(name="Renamed")).access
    assert gain.object.title == "Sales overview"
    w.documents = [paper("d0c99999")]
    assert {r.object.title for r in manifests(w, what="d0c99999").rows} == {"paper"}
    w.documents = [opened("f", to("VIEWER", JANE), path="Finance")]
    assert {r.object.title for r in manifests(w, what="Finance").rows} == {""}, "a path tells enough"


def test_where_somebody_was_not_found_is_one_line_and_nothing_else_is_said_of_it() -> None:
    with world("plain", twins=[OMNI, PLATFORM, CMS]) as w:
        w.documents = [
            group("Team", BOB, as_="g"),
            opened("f", to("VIEWER", groups=["g"]), path="Finance"),
            doc("cms/User", "new", {"email": "new@example.com"}),
            doc("platform/User", "jane", {"email": JANE}),
        ]
        listing = both(w, who="Team")
        assert {u.target for u in listing.unseen} == {OMNI}
        assert listing.nowhere == (CMS, PLATFORM)
        text = access_text(listing, Style(2000))
        assert f"\n  Team was not found in what was read of {CMS}, {PLATFORM}\n" in text
        assert text.count("analytics/Folder: ") == 1
        assert f"- `Team` was not found in what was read of `{CMS}`, `{PLATFORM}`" in access_markdown(listing)
        assert {u.target for u in both(w, who="new@example.com").unseen} == {CMS}
        assert {u.target for u in both(w).unseen} == {OMNI, PLATFORM, CMS}
        assert both(w).nowhere == ()
        only = access_text(manifests(w, who="Team"), Style(2000))
        assert f"\n  Team was not named in the manifests of {CMS}, {PLATFORM}\n" in only
