"""What the reference of OMN Core leaves open: each world answers one question in the way that is harder for us,
and all else as usual (OC-Q1 to OC-Q35)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from reconciler.model.faults import RemoteFault
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan
from reconciler.twins.core.values import Answer
from tests.contract import classes, definitions, directories, peos
from tests.contract.altered import altered
from tests.contract.classes import at, attributes, cl, nd
from tests.contract.core_estate import told
from tests.contract.definitions import ad
from tests.contract.directories import di, tree
from tests.contract.glossaries import entry, glossary, shown
from tests.contract.keywords import PERSIST, RETRIEVE, action, carried_out, forest, kw, planned, requests
from tests.contract.keywords import rules as held
from tests.contract.pages import code, rows, section
from tests.contract.peos import QUERY, TEMPLATE, peo, shop
from tests.world import CORE, World, world


@contextmanager
def answering(*questions: str) -> Iterator[World]:
    """A plain world but for these questions."""
    with world("plain", seed=False, twins=[CORE]) as found:
        for question in questions:
            found.core.knobs.set(question, "adversarial")
        yield found


def outcome(k: World, plan: Plan, name: str) -> Outcome:
    """Apply, and how the one call of this document ended."""
    ids = {c.id for c in plan.calls if c.address.name == name and c.carrier}
    [found] = [o for o in k.apply(plan).outcomes if o.call in ids]
    return found


# Whatever one question is answered, the same story comes to the same end.

WHOLE_STORY = (
    "OC-P2", "OC-P6", "OC-P23", "OC-P24", "OC-P25", "OC-P27", "OC-P28", "OC-P29", "OC-P30", "OC-P33", "OC-P40",
    "OC-P41", "OC-P42", "OC-P43", "OC-P44", "OC-P49", "OC-P51",
)  # fmt: skip


@pytest.mark.parametrize("question", WHOLE_STORY)
def test_question_whichever_answer_an_estate_of_every_kind_lives_and_goes(question: str) -> None:
    with answering(question) as k:
        told(k)


@pytest.fixture(scope="module")
def story() -> list[Any]:
    """All requests of the story, where nothing is odd."""
    with answering() as k:
        return told(k)


def test_question_compact_json_is_never_spoken(story: list[Any]) -> None:
    said = {(e.headers["accept"], e.headers.get("content-type", "")) for e in story}

    assert {accept for accept, _ in said} == {"application/xml", "application/json"}
    assert {body.partition(";")[0] for _, body in said} <= {"", "application/xml", "application/json"}
    plain = {e.call for e in story if e.headers["accept"] == "application/json"}
    assert all(call.endswith(("/query", "/components/retrieve")) for call in plain)


def test_question_every_request_goes_to_a_path_of_the_table_with_the_prefix(story: list[Any]) -> None:
    table = {c for cells in rows(section("omn-core", "Endpoints in use")) for c in code(cells[0])}

    assert {e.call for e in story} <= table
    assert all(e.path.startswith("/api/core/v1/") for e in story)
    assert "POST /common/transform" not in {e.call for e in story}


def test_question_no_action_is_sent_that_is_not_described(story: list[Any]) -> None:
    sent = {t for e in story if e.write for t in re.findall(r'<action [^>]*type="(\w+)"', str(e.body))}

    assert sent <= {"delete", "move", "createPath", "moveToGlossary", "unlink"}
    assert {"delete", "move", "unlink"} <= sent


def test_question_a_query_of_peos_has_a_criterion(story: list[Any]) -> None:
    asked = [e.body for e in story if e.call == f"POST {QUERY}"]

    assert asked
    assert all(isinstance(body, dict) and body.get("names") for body in asked)


def test_question_elements_are_called_as_in_the_well_formed_samples(story: list[Any]) -> None:
    bodies = "".join(str(e.body) for e in story if e.call == "POST /common/glossaryEntries/persist")

    assert bodies.count("<glossaryEntry ") == bodies.count("</glossaryEntry>") > 0
    assert "<glossaryEntries>" in bodies
    assert not re.search(r"<entry\b|Entires", bodies)


def test_question_a_keyword_is_updated_by_its_id(story: list[Any]) -> None:
    bodies = [str(e.body) for e in story if e.call == f"POST {PERSIST}"]
    updates = [b for b in bodies if "<kwd id=" in b]

    assert updates
    assert not any(re.search(r"<kwd id=[^>]*parent|<kwd path=", b) for b in bodies)


# One by one.


def test_question_the_root_may_show_roots_alone() -> None:
    with answering("OC-P1") as k:
        k.core.add_keyword("B", k.core.add_keyword("A"))

        deed = carried_out(k, kw("A/B"), kw("A/C"), calls=1)

        assert (action(deed.plan, "a-b").verb, sorted(forest(k))) == ("adopt", ["A", "A/B", "A/C"])
        levels = {b["level"] for b in requests(k, RETRIEVE) if isinstance(b, dict)}
        assert levels == {-1}, "no positive level"


def test_question_an_echoed_path_is_no_proof_of_where_something_is() -> None:
    """The path of an update ends in its first label; what is created beneath it names its parent by id."""
    with answering("OC-P6") as k:
        carried_out(k, kw("A", name="a", en_GB="one"))
        carried_out(k, kw("A", name="a", en_GB="two"), kw("A/B", name="b"), calls=1)
        carried_out(k, kw("X", name="a", was="A", en_GB="two"), kw("X/B", name="b"), kw("X/B/C"), calls=1)

        assert sorted(forest(k)) == ["X", "X/B", "X/B/C"]


def test_question_nodes_carry_no_ids_where_these_would_be_looked_up() -> None:
    with answering("OC-P23") as k:
        k.core.add_definition("care")
        deed = carried_out(k, cl("S"), nd("S/a"), nd("S/a/b"), at("S/a", "care"), calls=1)

        assert " id=" not in deed.sent[0]
        assert " parentId=" not in deed.sent[0]


@pytest.mark.parametrize("question", ["", "OC-P24"])
def test_question_node_paths_are_asked_with_a_slash_and_without_one_where_nothing_comes(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        k.core.add_definition("care", values={"a": {}})
        k.core.add_class("S")
        documents = [nd("S/x", **classes.GONE), at("S/x", "care", values=["a"], default="a", **classes.GONE)]
        carried_out(k, *documents, calls=1)

        planned(k, documents[0])
        asked = [str(b["nodePaths"]) for b in requests(k, classes.LOOK) if isinstance(b, dict)]

        assert asked == (["['/S/x']", "['S/x']"] if question else ["['/S/x']"])
        carried_out(k, documents[0], calls=1)
        assert attributes(k) == {}


def test_question_a_root_whose_path_is_a_slash_is_that_of_its_classification() -> None:
    with answering("OC-P25") as k:
        k.core.add_definition("care")
        k.core.add_class("S")
        k.core.add_class("T")
        k.core.add_node("/T/a")

        carried_out(
            k, cl("S"), nd("S/a"), nd("T/a"), at("S", "care", name="s"), at("T", "care", name="t"), calls=1
        )

        assert k.core.node_paths() == ["/S", "/T", "/T/a", "/S/a"]
        assert attributes(k) == {"S": ["care"], "T": ["care"]}


def test_question_a_peo_that_keeps_its_name_is_told_and_not_made_anew() -> None:
    with answering("OC-P26") as k:
        shop(k)
        carried_out(k, peo("Summer"))
        wanted = peo("High summer", called="summer", previous_key="Summer", allow=["rename"])

        found = outcome(k, planned(k, wanted), "summer")

        assert str(found.end) == "failed"
        assert [*peos.peos(k)] == ["prod-1/Print/Summer"]
        assert planned(k, wanted).writes == ()


def test_question_directories_of_another_rnc_in_a_list_are_left_out() -> None:
    with answering("OC-P27") as k:
        for rnc in ("MAM", "DATA"):
            k.core.add_rnc(rnc)
        k.core.add_directory("/DATA/A/B")
        k.core.add_directory("/MAM/C")

        deed = carried_out(k, di("A"), di("C"), di("C/B"), calls=1)

        assert {n: str(action(deed.plan, n).verb) for n in ("a", "c")} == {"a": "create", "c": "adopt"}
        assert sorted(tree(k)) == ["/DATA/A", "/DATA/A/B", "/MAM/A", "/MAM/C", "/MAM/C/B"]
        assert all(b == {"rncTid": "MAM", "level": -1} for b in requests(k, directories.LIST))


def test_question_the_path_that_a_move_echoes_is_no_proof() -> None:
    with answering("OC-P28") as k:
        k.core.add_rnc("MAM")
        before = [kw("A", name="a"), kw("A/X", name="x"), di("A", name="d"), di("A/X", name="dx")]
        carried_out(k, *before)

        carried_out(
            k,
            kw("A", name="a"),
            kw("X", name="x", was="A/X"),
            di("A", name="d"),
            di("X", name="dx", was="A/X"),
            calls=2,
        )

        assert (sorted(forest(k)), sorted(tree(k))) == (["A", "X"], ["/MAM/A", "/MAM/X"])


def test_question_what_is_left_out_may_be_taken_away_so_what_changes_goes_whole() -> None:
    with answering("OC-P5", "OC-P29") as k:
        k.core.add_keyword("A", labels={"en_GB": "a", "fr_FR": "ah"})
        k.core.add_definition("care", labels={"fr_FR": "soin"}, multi_valued=True, values={"x": {"fr_FR": "ix"}})
        k.core.add_class("S", labels={"fr_FR": "mode"})
        k.core.add_node("/S/x", labels={"fr_FR": "ix"})
        k.core.add_attribute("/S/x", "care", localized=True, values={"x": {"fr_FR": "ix"}})
        k.core.add_glossary("Terms", vals={"A": "x", "B": "y"})

        carried_out(
            k,
            kw("A", en_GB="b"),
            ad("care", en_GB="Care"),
            cl("S", en_GB="Fashion"),
            nd("S/x", en_GB="Ex"),
            glossary("Terms", attributes={"A": "z"}),
        )

        assert forest(k)["A"] == {"en_GB": "b", "fr_FR": "ah"}
        assert k.core.definition("care").labels == {"fr_FR": "soin", "en_GB": "Care"}
        assert (k.core.definition("care").multi_valued, k.core.definition("care").domain is None) == (True, False)
        assert classes.tree(k) == {
            "S": {"fr_FR": "mode", "en_GB": "Fashion"},
            "S/x": {"fr_FR": "ix", "en_GB": "Ex"},
        }
        assert k.core.attribute("/S/x", "care").localized
        assert set(k.core.glossary("Terms").vals or {}) == {"A", "B"}


@pytest.mark.parametrize("question", ["", "OC-P12", "OC-P22", "OC-P35"])
def test_question_own_content_goes_deepest_first_and_foreign_content_keeps_what_holds_it(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        k.core.add_rnc("MAM")
        k.core.add_class("S")
        gone: Any = directories.DELETABLE
        mine = [kw("A", **gone), kw("A/B", **gone), di("A", name="da", **gone), di("A/B", name="db", **gone)]
        mine += [nd("S/a", **gone), nd("S/a/b", **gone), glossary("G", **gone), entry("g", "x", **gone)]
        others = [kw("F", **gone), di("F", name="df", **gone), nd("S/f", **gone), glossary("H", **gone)]
        carried_out(k, *mine, *others)
        k.core.add_keyword("theirs", "/F")
        k.core.add_directory("/MAM/F/theirs")
        k.core.add_node("/S/f/theirs")
        k.core.add_entry(k.core.glossary("H").id, "theirs")

        plan = planned(k)
        assert [held(plan, n) for n in ("f", "df", "S-f", "h")] == [["in-use"]] * 4
        assert {str(o.end) for o in k.apply(plan).outcomes} == {"done"}

        assert (sorted(forest(k)), sorted(tree(k))) == (["F", "F/theirs"], ["/MAM/F", "/MAM/F/theirs"])
        assert k.core.node_paths() == ["/S", "/S/f", "/S/f/theirs"]
        assert [*shown(k)] == ["H"]


def test_question_no_request_has_more_objects_than_the_target_allows() -> None:
    with answering("OC-P31") as k:
        k.core.add_rnc("MAM")
        documents = [kw(f"K{n:03}") for n in range(201)]

        deed = carried_out(k, *documents, calls=2)

        assert sorted(s.count("<kwd ") for s in deed.sent) == [1, 200]
        assert planned(k, *documents).writes == ()


@pytest.mark.parametrize("question", ["", "OC-P8", "OC-P30"])
def test_question_answers_in_any_order_are_told_to_whom_they_belong(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        carried_out(k, ad("b"), kw("B", name="kb"))
        documents = [ad("a"), ad("b", en_GB="B"), ad("c"), kw("A"), kw("B", name="kb", en_GB="b"), kw("C")]
        plan = planned(k, *documents)
        k.core.mar("b", description="not this definition")
        k.core.mar("B", description="not this keyword")

        ends = {o.call: (str(o.end), o.message) for o in k.apply(plan).outcomes}

        told_ = {f"{c.kind[0]}/{c.address.name}": ends[c.id] for c in plan.calls if c.carrier}
        assert told_["A/b"] == ("failed", "not this definition")
        assert told_["K/kb"] == ("failed", "not this keyword")
        assert {end for name, (end, _) in told_.items() if name not in ("A/b", "K/kb")} <= {"done", "unneeded"}
        carried_out(k, *documents, calls=2)


CODED = {"1001": (400, 409, 422), "1003": (409, 422), "1002": (404, 400), "1010": (403, 400)}
REFUSALS = [(status, one) for one, statuses in CODED.items() for status in statuses]


@pytest.mark.parametrize(("status", "told_code"), REFUSALS)
def test_question_the_code_decides_and_then_the_status(
    monkeypatch: pytest.MonkeyPatch, status: int, told_code: str
) -> None:
    """Whichever status stands beside a code: the call is refused as a whole, once, with the server's words."""
    issue = {
        "code": told_code,
        "description": "In short",
        "itms": [{"type": "details", "errorMessage": "At length"}],
    }
    body: Any = {"status": "ERROR", "issues": [issue], "details": {"supportId": "S-1"}}
    with answering() as k:
        plan = planned(k, kw("A"), kw("B"))
        refused = Answer(status, body, {"content-type": "application/xml; charset=UTF-8"})
        altered(k, monkeypatch, lambda *_: refused, path=PERSIST, twin=k.core)
        k.core.log.clear()

        report = k.apply(plan)

        assert {str(o.end) for o in report.outcomes} == {"failed"}
        assert len(requests(k, PERSIST)) == 1
        assert "At length" in report.outcomes[0].message
        assert "S-1" in report.outcomes[0].message


@pytest.mark.parametrize("question", ["", "OC-P33"])
def test_question_a_directory_is_renamed_where_it_is_and_moved_by_an_action(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        k.core.add_rnc("MAM")
        carried_out(k, di("A", name="a"), di("A/B", {"N": "1"}, name="b"))

        deed = carried_out(k, di("A", name="a"), di("C", {"N": "2"}, name="b", was="A/B"), calls=2)

        assert sorted('type="move"' in s for s in deed.sent) == [False, True]
        assert tree(k) == {"/MAM/A": {}, "/MAM/C": {"N": "2"}}


def test_question_a_domain_value_that_stays_is_told_once() -> None:
    with answering("OC-P34") as k:
        carried_out(k, ad("a", values=["x", "y"]))
        less = ad("a", values=["y"])

        plan = planned(k, less)
        found = outcome(k, plan, "a")

        assert 'mode="FULL"' in str(requests(k, definitions.PERSIST)[-1])
        assert str(found.end) == "failed"
        assert (planned(k, less).writes, held(planned(k, less), "a")) == ((), ["changed-by-server"])


def test_question_words_that_no_sample_shows_go_through_as_they_are() -> None:
    with answering() as k:
        k.core.add_definition("care")
        k.core.add_class("S")

        carried_out(k, at("S", "care", level="a", restriction="mandatory"), calls=1)
        carried_out(k, ad("d", spec={"domain": {"sortDirection": "ASCENDING", "values": [{"id": "x"}]}}), calls=1)

        one = k.core.attribute("/S", "care")
        assert (one.level, one.restriction) == ("a", "mandatory")


def test_question_nothing_here_can_be_renamed_or_moved_but_made_anew_with_consent() -> None:
    with answering() as k:
        for name in ("care", "wash"):
            k.core.add_definition(name)
        before = [cl("S", name="s"), nd("S/a", name="n"), nd("S/b", name="m"), at("S/a", "care", name="at")]
        carried_out(k, *before, ad("own", name="d"))
        k.core.log.clear()

        plan = planned(
            k,
            cl("T", name="s", previous_key="S"),
            nd("S/b/a", name="n", previous_key="S/a"),
            nd("S/b", name="m"),
            at("S/a", "wash", name="at"),
            ad("other", name="d", previous_key="own"),
        )

        assert plan.writes == ()
        assert all(held(plan, n) for n in ("s", "n", "at", "d"))


@pytest.mark.parametrize("question", ["", "OC-P38", "OC-P39"])
def test_question_channels_are_asked_for_by_name_whatever_form_they_come_in(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        shop(k)

        carried_out(k, peo("Summer", projects=["AWS", "Web"]), calls=1)
        assert peos.peos(k) == {"prod-1/Print/Summer": ["AWS", "Web"]}
        assert requests(k, "/cm/channels/query") == []
        plan = planned(k, peo("Summer", projects=["AWS", "Nope"]))
        assert held(plan, "summer") == ["unresolved"]


@pytest.mark.parametrize("question", ["", "OC-P15"])
def test_question_a_401_stops_the_run_whatever_its_body(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        plan = planned(k, kw("A"))
        k.keys[CORE] = "expired"

        with pytest.raises(RemoteFault):
            k.apply(plan)
        assert forest(k) == {}


def test_question_dates_of_any_form_are_read_and_never_compared() -> None:
    with answering("OC-P49") as k:
        k.core.add_rnc("MAM")
        shop(k)
        documents = [glossary("Terms"), di("A"), peo("Summer")]
        carried_out(k, *documents)

        k.core.clock.tick()
        k.core.change_glossary("Terms", vals={})
        assert planned(k, *documents).writes == ()


def test_question_a_denied_link_counts_by_its_status_and_text() -> None:
    """The answer names a peo and an unlinking, also where a link was to be made."""
    with answering() as k:
        shop(k)
        carried_out(k, peo("A"), peo("B"))
        tid = k.core.peo(next(b.id for a, b in k.recorded.bonds.items() if a.name == "a")).tid
        plan = planned(k, peo("A", projects=["AWS"]), peo("B", projects=["AWS"]))
        k.core.on_request(1, "before-effect", lambda _: k.core.deny_peo(tid), path=peos.LINK)

        ends = {o.call: (str(o.end), o.message) for o in k.apply(plan).outcomes}

        own = {c.address.name: ends[c.id] for c in plan.calls if c.carrier}
        assert own["a"][0] == "failed"
        assert "PEO is not available by access rights" in own["a"][1]
        assert own["b"][0] == "done"
        assert peos.peos(k) == {"prod-1/Print/A": [], "prod-1/Print/B": ["AWS"]}


def test_question_two_live_ones_of_one_key_are_refused_with_their_ids() -> None:
    with answering("OC-P10") as k:
        shop(k)
        k.core.add_class("S")
        shoes = k.core.add_glossary("Shoes")
        ids = [k.core.add_keyword("A"), k.core.add_keyword("A")]
        ids += [k.core.add_node("/S/a"), k.core.add_node("/S/a")]
        ids += [k.core.add_entry(shoes, "x", "de_DE"), k.core.add_entry(shoes, "x", "de_DE")]
        ids += [k.core.peo(k.core.add_peo("prod-1", TEMPLATE, "P")).id for _ in range(2)]

        plan = planned(k, kw("A", en_GB="a"), nd("S/a"), entry("Shoes", "x"), peo("P"))

        holds = {a.address.name: a.holds for a in plan.actions if a.holds}
        assert {h.rule for some in holds.values() for h in some} == {"ambiguous"}
        reasons = " ".join(h.reason for some in holds.values() for h in some)
        assert len(holds) == 4
        assert [i for i in ids if i not in reasons] == []
        assert plan.writes == ()


LATE: list[tuple[str, Callable[[], list[Any]]]] = [
    ("OC-P13", lambda: [kw("A"), kw("A/B")]),
    ("OC-P44", lambda: [ad("a"), cl("S"), nd("S/a"), glossary("G"), entry("g", "x")]),
    ("OC-P46", lambda: [peo("Summer", projects=["AWS"])]),
]


@pytest.mark.parametrize(("question", "documents"), LATE)
def test_question_what_shows_late_is_looked_at_again_and_made_once(
    question: str, documents: Callable[[], list[Any]]
) -> None:
    with answering(question) as k:
        shop(k)
        k.documents = documents()

        report = k.apply(k.plan())

        assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
        assert report.requests["verify"]
        assert k.plan().writes == ()
        assert len(k.recorded.bonds) == len(k.documents)


def test_question_a_move_that_shows_late_is_looked_at_again() -> None:
    with answering("OC-P45") as k:
        k.core.add_rnc("MAM")
        carried_out(k, di("A", name="a"), di("B", name="b"))

        deed = carried_out(k, di("A", name="a"), di("A/B", name="b", was="B"), calls=1)

        assert (deed.asked("verify"), set(deed.ends)) == (2, {"done"})


@pytest.mark.parametrize("question", ["", "OC-P3", "OC-P42"])
def test_question_unknown_things_are_absent_whether_404_or_an_empty_list_says_so(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        k.core.add_rnc("MAM")
        carried_out(k, kw("A", name="a"), kw("A/B", name="b"), cl("S"), nd("S/a"), di("D"), di("D/E"))
        k.core.remove_keyword("/A/B")
        k.core.remove_node("/S/a")
        k.core.remove_directory("/MAM/D/E")

        carried_out(k, kw("A", name="a"), kw("A/B", name="b"), cl("S"), nd("S/a"), di("D"), di("D/E"), calls=3)

        assert (sorted(forest(k)), sorted(tree(k))) == (["A", "A/B"], ["/MAM/D", "/MAM/D/E"])


@pytest.mark.parametrize("question", ["", "OC-P43"])
def test_question_labels_that_no_list_shows_are_compared_with_what_was_sent(question: str) -> None:
    with answering(*filter(None, [question])) as k:
        words = [cl("S", en_GB="Fashion"), nd("S/a", en_GB="A")]
        carried_out(k, *words, calls=1)

        plan = planned(k, *words)

        told_ = [any("not verifiable: labels" in n for n in action(plan, name).notes) for name in ("S", "S-a")]
        assert (plan.writes, told_) == ((), [bool(question)] * 2)
        carried_out(k, cl("S", en_GB="Clothes"), nd("S/a", en_GB="A"), calls=1)
        assert classes.tree(k) == {"S": {"en_GB": "Clothes"}, "S/a": {"en_GB": "A"}}
