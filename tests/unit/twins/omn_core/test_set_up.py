"""What tests do to the OMN Core twin: deeds of others, accidents, faults; and that nothing breaks it."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.twins import PROFILES, Fault, OmnCoreTwin
from reconciler.twins.core.values import Json, Request
from reconciler.twins.omn_core.forest import Forest
from reconciler.twins.omn_core.things import Keyword
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import (
    LOCALES,
    PERFORM,
    PERSIST,
    RETRIEVE,
    Omn,
    action,
    document,
    failed,
    kwd,
    refusal,
    root,
)

LIST: Json = {"path": "/", "level": -1}


def test_what_the_api_would_refuse_can_be_set_up(omn: Omn) -> None:
    first, second = omn.twin.add_keyword("Red", "/Colours"), omn.twin.add_keyword("", labels={"de_DE": "x"})
    omn.twin.add_keyword("Deep", second)

    assert omn.paths()[-2:] == ["/", "//Deep"]
    assert omn.paths().count("/Colours/Red") == 2
    assert omn.labels("/") == {"de_DE": "x"}
    assert omn.id_of("/Colours/Red") != first


def test_deeds_of_others(omn: Omn) -> None:
    omn.twin.change_keyword("/Colours/Red", value="Rot", labels={"de_DE": "Rot"})
    omn.twin.move_keyword("/Seasons/Summer", "/")
    omn.twin.move_keyword("/Colours", "/Archive")
    omn.twin.remove_keyword("/Seasons")

    assert omn.paths() == ["/Summer", "/Archive", "/Archive/Colours", "/Archive/Colours/Rot", "/Archive/2019"]
    assert omn.labels("/Archive/Colours/Rot") == {"": "Rot", "de_DE": "Rot"}
    assert omn.twin.log.writes() == []
    with pytest.raises(KeyError, match="/Seasons"):
        omn.twin.keyword("/Seasons")


def test_edits_are_neither_logged_nor_counted(omn: Omn) -> None:
    by_xml = omn.twin.edit("POST", PERSIST, document("kwds", kwd("A")))
    by_json = omn.twin.edit("POST", PERFORM, {"actions": {"entries": [
        {"dataType": "keyword", "type": "delete", "path": "/Colours"}]}})  # fmt: skip
    listed = omn.twin.edit("POST", RETRIEVE, LIST)
    refused = omn.twin.edit("POST", RETRIEVE, LIST, {"Authorization": ""})

    assert (by_xml.ok, by_json.ok, listed.ok, refused.status) == (True, True, True, 401)
    assert len(listed.body["kwds"]["entries"]) == 6  # type: ignore[index,call-overload,arg-type]
    assert len(omn.twin.log) == 0


def test_equal_worlds_look_equal_whatever_their_ids(omn: Omn, omn_with: With) -> None:
    other = omn_with()
    omn.persist(kwd("A"), kwd("B"))
    other.persist(kwd("B"), kwd("X"), kwd("A"))
    other.perform(action("delete", path="/X"))

    assert omn.twin.without_ids() == other.twin.without_ids()
    assert omn.twin.digest() != other.twin.digest()
    omn.persist(kwd("A", {"de_DE": "a"}, path="/A"))
    assert omn.twin.without_ids() != other.twin.without_ids()


def test_an_object_may_meet_with_an_accident(each_omn: Omn) -> None:
    each_omn.twin.mar("A")
    each_omn.twin.mar("B", "WARNING", "The keyword has been saved|but not all of it")
    each_omn.twin.mar("C", "SUCCESS", "The keyword has been created successfully", "It could not be linked")
    each_omn.twin.mar("Red", description="No")
    red = {"id": each_omn.id_of("/Colours/Red"), "path": "/Colours/Red"}
    answers = {answer["description"]: answer for answer in each_omn.persist(kwd("A"), kwd("B"), kwd("C"))}

    assert answers["The keyword could not be saved"] == failed("create", "The keyword could not be saved")
    assert answers["The keyword has been saved|but not all of it"]["status"] == "WARNING"
    assert answers["The keyword has been created successfully"]["issues"] == "It could not be linked"
    assert {"/B", "/C"} < set(each_omn.twin.paths())
    assert "/A" not in each_omn.twin.paths()
    assert each_omn.perform(action("delete", path="/Colours/Red")) == [failed("delete", "No", **red)]
    assert each_omn.persist(kwd("A"))[0]["status"] == "SUCCESS"


@pytest.mark.parametrize(("after", "made"), [(0, []), (1, ["/A"]), (2, ["/A", "/B"])])
def test_a_call_may_break_in_between(each_omn: Omn, after: int, made: list[str]) -> None:
    each_omn.twin.break_after(after)
    reply = each_omn.post(PERSIST, document("kwds", kwd("A"), kwd("B")))

    assert refusal(reply) == (500, "1000", "An unknown internal error occurred", "Unexpected error")
    assert each_omn.twin.paths()[7:] == made
    assert each_omn.twin.log[-1].changed is bool(made)
    assert each_omn.post(PERSIST, document("kwds")).status_code == 200


def test_faults_speak_xml(each_omn: Omn) -> None:
    faults = [Fault("status", status=503), Fault("status", status=500), Fault("throttle", retry_after="2")]
    each_omn.twin.faults.add(*faults, Fault("short_page", omit=3), Fault("deep", depth=3), Fault("huge", size=200))
    replies = [each_omn.ask(RETRIEVE, LIST) for _ in range(6)]

    assert [refusal(reply)[:2] for reply in replies[:3]] == [(503, None), (500, "1000"), (429, None)]
    assert replies[2].headers["retry-after"] == "2"
    assert len(root(replies[4])[0][0]) == 1
    assert (len(replies[5].content), set(root(replies[5])[0].text or "")) == (200, {"x"})


def test_a_short_page(omn: Omn) -> None:
    omn.twin.faults.add(Fault("short_page", omit=2))

    assert omn.paths()[-1] == "/Colours/Red"
    assert len(omn.paths()) == 7


def test_a_page_that_is_cut_or_mislabelled(omn: Omn) -> None:
    whole = omn.ask(RETRIEVE, LIST).content
    omn.twin.faults.add(Fault("truncated"), Fault("wrong_type"), Fault("cut"))
    cut, wrong = omn.ask(RETRIEVE, LIST), omn.ask(RETRIEVE, LIST)

    assert cut.content == whole[: len(whole) // 2]
    assert (wrong.content, wrong.headers["content-type"]) == (whole, "text/plain; charset=utf-8")
    with pytest.raises(httpx.TransportError):
        omn.ask(RETRIEVE, LIST)


def test_a_lost_answer_took_effect(omn: Omn) -> None:
    omn.twin.faults.add(Fault("drop", path="persist", effect=True))
    with pytest.raises(httpx.TransportError):
        omn.persist(kwd("A"))

    assert omn.twin.log[-1].changed
    assert "/A" in omn.paths()


def test_a_body_too_large(omn: Omn) -> None:
    assert omn.post(PERSIST, b" " * (16 * 1024 * 1024 + 1)).status_code == 413


def test_a_large_tree_is_served_in_a_moment(omn: Omn) -> None:
    for start in range(0, 1000, 200):
        answers = omn.persist(
            *(kwd(f"k{n}", {"en_GB": f"k{n}"}, parentPath="/Archive") for n in range(start, start + 200))
        )
        assert {answer["status"] for answer in answers} == {"SUCCESS"}

    assert len(omn.paths("/Archive")) == 1002


def test_the_clock_moves_once_per_object(omn: Omn) -> None:
    before = omn.twin.clock.now()
    omn.ask(LOCALES, {"mode": "ALL"})
    assert omn.twin.clock.now() == before
    omn.persist(kwd("A"), kwd("Seasons"), kwd("B"))

    made = [omn.twin.keyword(path).created for path in ("/A", "/B")]
    assert made == ["2022-11-29T21:55:59.197Z", "2022-11-29T21:56:00.197Z"]


NAMES = st.sampled_from(["Seasons", "Summer", "A", "", "a/b", "é", "\ud800", "\x00", "<&>"])
IDS = (
    st.sampled_from(["100000", "100001", "100003", "7", "", "/", "/Seasons", "/Seasons/Summer", "/A"])
    | st.integers()
)
ITEMS = st.lists(
    NAMES | st.builds(lambda loc, value: {"loc": loc, "value": value}, st.sampled_from(["en_GB", "xx"]), NAMES),
    max_size=3,
)
KEYS = st.sampled_from(["id", "path", "parentId", "parentPath", "dataType", "type", "destinationKwdPath"])
OBJECTS = st.builds(
    lambda members, items, kind, meta: {**members, "name": {"itm": items}, **kind, "meta": meta},
    st.dictionaries(KEYS, IDS | st.none() | st.lists(IDS, max_size=1), max_size=3),
    ITEMS,
    st.sampled_from([{"dataType": "keyword", "type": word} for word in ("move", "delete", "fly")] + [{}]),
    st.dictionaries(st.sampled_from(["destinationKwdPath", "destinationKwdId"]), IDS, max_size=2) | NAMES,
)
QUESTIONS = st.dictionaries(
    st.sampled_from(["path", "level", "mode", "ids", "tids", "retrieveLinks"]),
    IDS | st.integers(-2, 3) | st.booleans() | st.sampled_from(["ALL", "ID"]) | st.lists(IDS, max_size=2),
)


@pytest.mark.parametrize("profile", PROFILES)
@given(calls=st.lists(
    st.tuples(st.sampled_from([PERSIST, PERFORM]), st.lists(OBJECTS, max_size=3))
    | st.tuples(st.sampled_from([RETRIEVE, LOCALES]), QUESTIONS), max_size=4))  # fmt: skip
def test_no_call_breaks_the_twin(profile: str, calls: list[tuple[str, object]]) -> None:
    twin = OmnCoreTwin(profile)
    twin.seed_world()
    for path, what in calls:
        reads = isinstance(what, dict)
        body = what if reads else {"kwds": {"entries": what}, "actions": {"entries": what}}
        media = "application/json" if reads else "application/json+compact"
        headers = {"authorization": "Bearer omn_token_test", "content-type": media}
        answer = twin.perform(Request("POST", twin.base_path + path, "", headers, json.dumps(body).encode()))

        assert answer.status in {200, 400, 404, 422}
        assert twin.rendered(answer).content
        assert _whole(twin)


def _whole(twin: OmnCoreTwin) -> bool:
    """Every keyword stands somewhere below a root, once."""
    table = twin.state.of(Keyword)
    forest = Forest(table)
    found = [keyword.id for one in forest.children(None) for keyword in forest.branch(one)]
    return sorted(found) == sorted(table)
