"""Briefs of the OMG Platform twin, over a socket."""

from __future__ import annotations

import pytest

from reconciler.twins import OmgTwin
from tests.unit.twins.omg_platform.omg import BRIEF, Omg, make, problem
from tests.unit.twins.served import served

WHOLE = {
    "id": 1,
    "brief_title": "Q3 Campaign Brief",
    "slipstream": None,
    "brief_summary": "Overview of Q3 requirements",
    "brief_deadline": "2026-06-30",
    "external_reference": None,
    "business_area": "UK/Marketing/Digital",
    "status": "draft",
}
TRANSITION = {"status": "change_request"}


def test_a_brief_is_created_and_read(omg: Omg) -> None:
    assert omg.ask("POST", "/briefs", BRIEF) == (201, {"data": WHOLE, "message": "Brief created"})
    assert omg.ask("GET", "/briefs/1") == (200, {"data": WHOLE, "message": "Brief retrieved"})


def test_adversarial_answers_show_the_least_and_something_unknown(hard_omg: Omg) -> None:
    assert hard_omg.ask("POST", "/briefs", BRIEF) == (201, {"data": {"id": "1"}, "message": "Brief created"})

    known = {name: value for name, value in WHOLE.items() if value is not None}
    assert hard_omg.ask("GET", "/briefs/1")[1]["data"] == {
        **known,
        "id": "1",
        "brief_deadline": "2026-06-30T00:00:00.000Z",
        "created_at": "2026-05-08T00:00:01.000Z",
        "links": {"self": "/acme/v2/briefs/1"},
    }


def test_a_title_is_enough_or_not(omg: Omg, hard_omg: Omg) -> None:
    assert omg.ask("POST", "/briefs", {"brief_title": "Q3"})[0] == 201
    assert omg.ask("POST", "/briefs", {}) == problem(400, "Field 'brief_title' is required")
    for left_out in BRIEF:
        body = {name: value for name, value in BRIEF.items() if name != left_out}
        assert hard_omg.ask("POST", "/briefs", body) == problem(400, f"Field '{left_out}' is required")


def test_two_equal_briefs_are_two(each_omg: Omg) -> None:
    assert [make(each_omg), make(each_omg)] == ["1", "2"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"brief_title": None}, "Field 'brief_title' must be a string"),
        ({"slipstream": 7}, "Field 'slipstream' must be a string"),
        ({"business_area": ["UK"]}, "Field 'business_area' must be a string"),
        ({"external_reference": True}, "Field 'external_reference' must be a string"),
        ({"brief_deadline": "30/06/2026"}, "Field 'brief_deadline' must be a date (YYYY-MM-DD)"),
        ({"brief_deadline": "2026-02-30"}, "Field 'brief_deadline' must be a date (YYYY-MM-DD)"),
        ({"brief_deadline": "2026-06-30T00:00:00Z"}, "Field 'brief_deadline' must be a date (YYYY-MM-DD)"),
        ({"brief_deadline": "٢٠٢٦-٠٦-٣٠"}, "Field 'brief_deadline' must be a date (YYYY-MM-DD)"),
        ({"brief_deadline": None}, "Field 'brief_deadline' must be a date (YYYY-MM-DD)"),
        ({"brief_deadline": 20260630}, "Field 'brief_deadline' must be a date (YYYY-MM-DD)"),
        ({"foo": 1}, "Unknown field 'foo'"),
        ({"id": 7}, "Unknown field 'id'"),
        ({"slipstream": 7, "foo": 1}, "Field 'slipstream' must be a string"),
        ({"foo": 1, "slipstream": 7}, "Unknown field 'foo'"),
    ],
)
def test_a_wrong_field_is_refused_and_changes_nothing(each_omg: Omg, body: dict[str, object], text: str) -> None:
    make(each_omg)
    before = each_omg.twin.dump()

    assert each_omg.ask("PATCH", "/briefs/1", body) == problem(400, text)
    assert each_omg.ask("POST", "/briefs", body) == problem(400, text)
    assert each_omg.twin.dump() == before


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"null", b'{"brief_title": NaN}', b"\xff"])
def test_what_is_no_object(each_omg: Omg, content: bytes) -> None:
    make(each_omg)
    for method, path in (("POST", "/briefs"), ("PATCH", "/briefs/1")):
        reply = each_omg.client.request(method, each_omg.url + path, content=content)
        assert (reply.status_code, reply.json()) == problem(400, "Request body must be a JSON object")


def test_a_status_cannot_be_given_to_a_new_brief(each_omg: Omg) -> None:
    assert each_omg.ask("POST", "/briefs", {**BRIEF, **TRANSITION}) == problem(400, "Unknown field 'status'")


def test_a_change_is_of_what_was_sent(omg: Omg) -> None:
    make(omg, slipstream="Digital")

    whole = {**WHOLE, "slipstream": "Digital", "brief_summary": ""}
    assert omg.ask("PATCH", "/briefs/1", {"brief_summary": ""}) == (
        200,
        {"data": whole, "message": "Brief updated"},
    )
    assert omg.ask("GET", "/briefs/1")[1]["data"] == whole
    assert omg.ask("PATCH", "/briefs/1", {}) == problem(400, "No fields to update")


def test_an_adversarial_change_answers_the_id(hard_omg: Omg) -> None:
    make(hard_omg)

    answer = {"data": {"id": "1"}, "message": "Brief updated"}
    assert hard_omg.ask("PATCH", "/briefs/1", {"brief_title": "New"}) == (200, answer)
    assert hard_omg.ask("GET", "/briefs/1")[1]["data"]["brief_title"] == "New"


def test_a_transition_drops_all_fields_without_a_word(each_omg: Omg, omg: Omg) -> None:
    make(each_omg)

    status, answer = each_omg.ask("PATCH", "/briefs/1", {"brief_summary": "lost", "foo": None, **TRANSITION})

    whole = {**WHOLE, **TRANSITION}
    data = whole if each_omg.twin.knobs.profile == "plain" else None
    assert (status, answer) == (200, {"data": data, "message": "Status transition applied"})
    assert each_omg.ask("GET", "/briefs/1")[1]["data"]["brief_summary"] == BRIEF["brief_summary"]
    assert each_omg.ask("GET", "/briefs/1")[1]["data"]["status"] == "change_request"


def test_a_second_transition(omg: Omg, hard_omg: Omg) -> None:
    for world in (omg, hard_omg):
        make(world)
        assert world.ask("PATCH", "/briefs/1", TRANSITION)[0] == 200
    refusal = "Brief 1 cannot transition from 'change_request' to 'change_request'"

    assert omg.ask("PATCH", "/briefs/1", TRANSITION) == problem(422, refusal)
    assert omg.twin.transitions("1") == 1
    assert hard_omg.ask("PATCH", "/briefs/1", TRANSITION)[0] == 200
    assert hard_omg.twin.transitions("1") == 2


@pytest.mark.parametrize(("value", "shown"), [("approved", "approved"), ("", ""), (None, "null"), (7, "7")])
def test_another_status_cannot_be_set(each_omg: Omg, value: object, shown: str) -> None:
    make(each_omg)

    answer = each_omg.ask("PATCH", "/briefs/1", {"status": value})
    assert answer == problem(422, f"Unsupported status '{shown}'")


def test_a_brief_that_moved_on_can_be_asked_for_changes_again(each_omg: Omg) -> None:
    make(each_omg)
    each_omg.ask("PATCH", "/briefs/1", TRANSITION)
    each_omg.twin.set_status("1", "approved")

    assert each_omg.ask("GET", "/briefs/1")[1]["data"]["status"] == "approved"
    assert each_omg.ask("PATCH", "/briefs/1", TRANSITION)[0] == 200
    assert each_omg.twin.transitions("1") == 2


def test_a_deleted_brief_is_gone_and_so_is_its_id(omg: Omg, hard_omg: Omg) -> None:
    for world, data in ((omg, {"id": 1}), (hard_omg, None)):
        make(world)
        assert world.ask("DELETE", "/briefs/1") == (200, {"data": data, "message": "Brief deleted"})
        assert world.ask("DELETE", "/briefs/1") == problem(404, "Brief 1 not found")
        assert make(world) == "2"


def test_a_brief_is_deleted_in_every_status(each_omg: Omg) -> None:
    for status in ("draft", "change_request", "approved"):
        brief = each_omg.twin.add_brief("Q3", status=status)
        assert each_omg.ask("DELETE", f"/briefs/{brief}")[0] == 200


@pytest.mark.parametrize("brief", ["2", "01", "1.0", "x", "acme%2F1", "1%20", "%7Bid%7D"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_brief_is_told_before_the_body_is_read(each_omg: Omg, method: str, brief: str) -> None:
    make(each_omg)

    status, answer = each_omg.ask(method, f"/briefs/{brief}", [])
    assert status == 404
    assert answer["detail"].startswith("Brief ")
    assert answer["detail"].endswith(" not found")


def test_a_hidden_status() -> None:
    with served(OmgTwin(knobs={"status-hidden": "adversarial"})) as omg:
        make(omg)
        shown = [omg.ask("PATCH", "/briefs/1", TRANSITION)[1], omg.ask("GET", "/briefs/1")[1]]
        assert ["status" in answer["data"] for answer in shown] == [False, False]
        assert omg.twin.briefs()[0].status == "change_request"


def test_a_locked_brief() -> None:
    with served(OmgTwin(knobs={"locked": "adversarial"})) as omg:
        make(omg)
        assert omg.ask("PATCH", "/briefs/1", {"brief_title": "A"})[0] == 200
        omg.ask("PATCH", "/briefs/1", TRANSITION)
        refusal = problem(422, "Brief 1 is locked by its change request")
        assert omg.ask("PATCH", "/briefs/1", {"brief_title": "B"}) == refusal
        assert omg.ask("PATCH", "/briefs/1", {"foo": 1}) == problem(400, "Unknown field 'foo'")
        assert omg.ask("PATCH", "/briefs/1", {}) == problem(400, "No fields to update")
        assert omg.ask("DELETE", "/briefs/1")[0] == 200
