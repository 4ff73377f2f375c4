"""Creating and updating keywords of the OMN Core twin."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import PERSIST, Omn, created, document, failed, kwd, refusal, saved

UNKNOWN = "Entity class com.meylemueller.obj.isy.KeywordEntity with identity={} not found"
DENIED = "The keyword is not available by access rights"


def taken(value: str, loc: str) -> str:
    return (
        f"Keyword value '{value}' for language '{loc}' is duplicated. "
        "Unique keyword values under one parent should be provided"
    )


def test_roots_and_children_in_one_call(omn: Omn) -> None:
    answers = omn.persist(
        kwd("A", {"en_GB": "a"}),
        kwd("B", parentPath="/"),
        kwd("C", {"de_DE": "c"}, parentPath="/B"),
        kwd("Spring", parentId=omn.id_of("/Seasons")),
    )

    assert answers == [
        created("/A", "100007"),
        created("/B", "100008"),
        created("/B/C", "100009"),
        created("/Seasons/Spring", "100010"),
    ]
    assert omn.paths("/B") == ["/B", "/B/C"]
    assert omn.labels("/B/C") == {"": "C", "de_DE": "c"}


def test_a_failing_object_leaves_its_neighbours_saved(omn: Omn) -> None:
    answers = omn.persist(kwd("A"), kwd("nope", path="/nope"), kwd("A"), kwd("B"))

    assert [answer["status"] for answer in answers] == ["SUCCESS", "ERROR", "ERROR", "SUCCESS"]
    assert answers[1] == failed("update", "No keyword by path '/nope'", path="/nope")
    assert answers[2] == failed("create", taken("A", "default"))
    assert omn.paths()[-2:] == ["/A", "/B"]


def test_errors_may_come_first(omn_with: With) -> None:
    answers = omn_with("OC-P8").persist(kwd("A"), kwd("x", id="1"), kwd("B"), kwd("y", id="2"))

    assert [answer.get("id") or answer["path"] for answer in answers] == ["1", "2", "100007", "100008"]


def test_the_answer_to_a_create_may_lack_the_id(omn_with: With) -> None:
    assert omn_with("OC-P7").persist(kwd("A")) == [created("/A")]


def test_an_update_by_id_or_by_path_merges(omn: Omn) -> None:
    summer = omn.id_of("/Seasons/Summer")
    answers = omn.persist(
        kwd("Summer", {"fr_FR": "Été", "de_DE": ""}, id=summer, parentPath="/"),
        kwd("Winter", {"en_GB": "Cold"}, path="/Seasons/Winter"),
    )

    assert answers == [saved("/Seasons/Summer", summer), saved("/Seasons/Winter", omn.id_of("/Seasons/Winter"))]
    assert omn.labels("/Seasons/Summer") == {"": "Summer", "en_GB": "Summer", "de_DE": "Sommer", "fr_FR": "Été"}
    assert omn.labels("/Seasons/Winter") == {"": "Winter", "en_GB": "Cold"}


def test_the_adversarial_update_replaces(omn_with: With) -> None:
    omn = omn_with("OC-P5")
    omn.persist(kwd("Summer", {"fr_FR": "Été"}, path="/Seasons/Summer"))

    assert omn.labels("/Seasons/Summer") == {"": "Summer", "fr_FR": "Été"}


def test_an_id_wins_over_a_path(omn: Omn) -> None:
    answers = omn.persist(kwd("Hue", id=omn.id_of("/Colours"), path="/Seasons"))

    assert answers == [saved("/Hue", omn.id_of("/Hue"))]


def test_a_rename_moves_the_paths_below_and_keeps_ids_and_links(omn: Omn) -> None:
    winter, assets = omn.id_of("/Seasons/Winter"), omn.twin.keyword("/Seasons/Winter").assets
    omn.persist(kwd("Times", id=omn.id_of("/Seasons")), kwd("Cold", path="/Times/Winter"))

    assert omn.paths("/Times") == ["/Times", "/Times/Summer", "/Times/Cold"]
    assert omn.twin.keyword("/Times/Cold").id == winter
    assert omn.twin.keyword(winter).assets == assets


def test_the_adversarial_path_of_an_update_ends_in_a_label(omn_with: With) -> None:
    omn = omn_with("OC-P6")
    summer, red = omn.id_of("/Seasons/Summer"), omn.id_of("/Colours/Red")
    answers = omn.persist(kwd("Summer", {"en_GB": "Hot"}, id=summer), kwd("Red", id=red))

    assert answers == [saved("/Seasons/Hot", summer), saved("/Colours/Red", red)]


def test_a_name_may_be_freed_and_taken_in_one_call(omn: Omn) -> None:
    summer, winter = omn.id_of("/Seasons/Summer"), omn.id_of("/Seasons/Winter")
    swap = [kwd("tmp", id=summer), kwd("Summer", {"en_GB": "x"}, id=winter), kwd("Winter", id=summer)]

    assert {answer["status"] for answer in omn.persist(*swap)} == {"SUCCESS"}
    assert omn.twin.keyword(winter).value == "Summer"


@pytest.mark.parametrize(
    ("labels", "loc"),
    [({}, "default"), ({"de_DE": "Sommer"}, "de_DE"), ({"fr_FR": "x", "en_GB": "Winter"}, "en_GB")],
)
def test_values_are_unique_among_siblings(omn: Omn, labels: dict[str, str], loc: str) -> None:
    value = "Other" if labels else "Summer"
    taken_one = list(labels.values())[-1] if labels else value

    assert omn.persist(kwd(value, labels, parentPath="/Seasons")) == [failed("create", taken(taken_one, loc))]
    assert omn.persist(kwd(value, labels, parentPath="/Colours"))[0]["status"] == "SUCCESS"


def test_the_same_text_in_another_locale_or_case_is_another_value(omn: Omn) -> None:
    answers = omn.persist(
        kwd("summer", {"en_GB": "Sommer", "de_DE": "Summer"}, parentPath="/Seasons"),
        kwd(" Summer", {"en_EN": "Summer"}, parentPath="/Seasons"),
    )

    assert {answer["status"] for answer in answers} == {"SUCCESS"}


def test_an_update_may_not_take_a_sibling_s_value(omn: Omn) -> None:
    winter = omn.id_of("/Seasons/Winter")
    echo = {"id": winter, "path": "/Seasons/Winter"}

    assert omn.persist(
        kwd("Summer", id=winter), kwd("Winter", {"de_DE": "Sommer"}, id=winter), kwd("Winter", id=winter)
    ) == [
        failed("update", taken("Summer", "default"), **echo),
        failed("update", taken("Sommer", "de_DE"), **echo),
        saved("/Seasons/Winter", winter),
    ]


def test_two_of_one_value_may_be_accepted(omn_with: With) -> None:
    omn = omn_with("OC-P10")
    answers = omn.persist(kwd("Seasons"), kwd("Sea", {"en_GB": "Seasons"}))

    assert [answer["status"] for answer in answers] == ["SUCCESS", "ERROR"]
    assert omn.paths().count("/Seasons") == 2


@pytest.mark.parametrize("value", ["", "a/b", "/"])
def test_names_that_are_none(each_omn: Omn, value: str) -> None:
    text = "Keyword name is missing or invalid"
    red = each_omn.id_of("/Colours/Red")
    answers = each_omn.persist(
        kwd(value, {"en_GB": "x"}), kwd(value, id=red), "<kwd/>", "<kwd><name/></kwd>", "<kwd><name>x</name></kwd>"
    )

    assert {answer["description"] for answer in answers} == {text}
    assert sum("id" in answer for answer in answers) == 1


def test_unknown_locales(omn: Omn, omn_with: With) -> None:
    text = "Cannot find language id with code 'e_DE'."
    sent = [
        kwd("A", {"en_GB": "a", "e_DE": "b"}),
        kwd("Red", {"e_DE": "b", "xx": "c"}, path="/Colours/Red"),
    ]
    odd = omn_with("OC-P11")
    answers = odd.persist(*sent)
    red = {"id": omn.id_of("/Colours/Red"), "path": "/Colours/Red"}

    assert omn.persist(*sent) == [failed("create", text), failed("update", text, **red)]
    assert [(answer["status"], answer["description"]) for answer in answers] == [
        ("WARNING", "The keyword has been saved with warnings|" + text),
        ("WARNING", f"The keyword has been saved with warnings|{text}|Cannot find language id with code 'xx'."),
    ]
    assert odd.labels("/A") == {"": "A", "en_GB": "a"}
    assert "/A" not in omn.paths()


def test_a_new_locale_may_be_used(omn: Omn) -> None:
    omn.twin.add_locale("it_IT", "Italian")

    assert omn.persist(kwd("A", {"it_IT": "a"}))[0]["status"] == "SUCCESS"


def test_unknown_keywords_and_parents(omn: Omn) -> None:
    assert omn.persist(
        kwd("a", id="7"), kwd("a", path="/x"), kwd("a", parentId="7"), kwd("a", parentPath="/x"), kwd("a", id="")
    ) == [
        failed("update", UNKNOWN.format("7"), id="7"),
        failed("update", "No keyword by path '/x'", path="/x"),
        failed("create", UNKNOWN.format("7")),
        failed("create", "No keyword by path '/x'", path="/x"),
        failed("update", UNKNOWN.format(""), id=""),
    ]


def test_a_parent_made_in_the_same_call_may_not_be_found(omn_with: With) -> None:
    omn = omn_with("OC-P9")
    child = kwd("B", parentPath="/A")

    assert omn.persist(kwd("A"), child)[1] == failed("create", "No keyword by path '/A'", path="/A")
    assert omn.persist(child) == [created("/A/B", "100008")]


def test_denied_keywords_and_parents(each_omn: Omn) -> None:
    each_omn.twin.deny("/Colours")
    echo = {"id": each_omn.id_of("/Colours"), "path": "/Colours"}

    answers = each_omn.persist(
        kwd("Hue", path="/Colours"), kwd("Blue", parentId=echo["id"]), kwd("Red", path="/Colours/Red")
    )
    assert failed("update", DENIED, **echo) in answers
    assert failed("create", "Parent keyword is not available by access rights", path="/Colours") in answers
    assert [answer["status"] for answer in answers].count("SUCCESS") == 1


def test_the_first_wrong_thing_is_told(omn: Omn) -> None:
    wrong = {"de_DE": "Sommer", "xx": "x"}
    steps = [
        (kwd("", wrong, parentId="7"), UNKNOWN.format("7")),
        (kwd("", wrong, parentPath="/Seasons"), "Keyword name is missing or invalid"),
        (kwd("Summer", wrong, parentPath="/Seasons"), "Cannot find language id with code 'xx'."),
        (kwd("Summer", {"de_DE": "Sommer"}, parentPath="/Seasons"), taken("Summer", "default")),
    ]

    assert [answer["description"] for answer in omn.persist(*(one for one, _ in steps))] == [t for _, t in steps]


def test_a_refused_object_takes_no_id_and_no_time(omn: Omn) -> None:
    before = omn.twin.dump()
    omn.persist(kwd("Seasons"), kwd("", id="7"))
    changed = omn.twin.log[-1].changed
    omn.persist(kwd("A"), kwd("Seasons"))

    assert (changed, omn.twin.log[-1].changed) == (False, True)
    assert omn.id_of("/A") == "100007"
    omn.twin.remove_keyword("/A")
    assert omn.twin.dump()["state"] == before["state"]


def test_nothing_at_all_is_a_success(omn: Omn) -> None:
    assert omn.persist() == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<pim",
        "<pim/>",
        document("actions"),
        document("classes"),
        document("kwds").replace("omn", "other"),
        document("kwds").replace("pim", "pam"),
        '<!DOCTYPE pim SYSTEM "http://127.0.0.1:9/x">' + document("kwds").partition("?>")[2],
        '<!DOCTYPE pim [<!ENTITY a "b">]>' + document("kwds", kwd("A")).partition("?>")[2],
        document("kwds", "<kwd><name><itm>&unknown;</itm></name></kwd>"),
        document("kwds", "<a>" * 300 + "</a>" * 300),
        b"\xff\xfe",
        document("kwds", "<kwd><name><itm>\x01</itm></name></kwd>"),
    ],
)
def test_what_is_no_document_is_refused(each_omn: Omn, content: str | bytes) -> None:
    before = each_omn.twin.dump()
    refused = (400, "1001", "Invalid input provided", "Malformed request body")

    assert refusal(each_omn.post(PERSIST, content)) == refused
    assert each_omn.twin.dump() == before


def test_what_is_unknown_in_a_document_is_ignored(omn: Omn) -> None:
    odd = (
        '<!-- a --><kwd parentPath="/" colour="red" xmlns:x="urn:x" x:id="7"><!-- b --><x:name/><size>3</size>'
        "<name><itm><![CDATA[A <]]>&amp;<!-- c --> b</itm><x:itm>B</x:itm></name></kwd><thing/>"
    )

    assert omn.persist(odd) == [created("/A <& b", "100007")]


def test_a_prefix_is_as_good(omn: Omn) -> None:
    sent = (
        '<o:pim xmlns:o="http://www.apollon.de/omn"><o:kwds><o:kwd><o:name><o:itm>A</o:itm>'
        "</o:name></o:kwd></o:kwds></o:pim>"
    )

    assert omn.each(omn.post(PERSIST, sent)) == [created("/A", "100007")]
