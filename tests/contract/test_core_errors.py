"""Every text that the reference of OMN Core documents for a refusal reaches a person as an outcome that says what
was refused, of which object, in the server's words, and how to go on; or nothing that we send can provoke it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from reconciler.model.document import Document
from reconciler.model.faults import RemoteFault, Unauthorised
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from reconciler.report.report_text import report_text
from reconciler.report.style import Style
from reconciler.twins import Fault
from tests.contract.classes import cl, nd
from tests.contract.core_scene import GONE, Deed, Scene
from tests.contract.core_scenes import SCENES
from tests.contract.definitions import ad
from tests.contract.directories import di
from tests.contract.keywords import PERSIST, RETRIEVE, kw
from tests.contract.pages import code, rows, section
from tests.contract.peos import peo, product, shop
from tests.unit.twins.served import contract
from tests.world import CORE, World, world

NO_ID = "by an `id` nothing of this kind is ever addressed"
ALWAYS = "that member is always sent"
OWN = "actions always name the kind of the endpoint that they go to"
WRONG_ROOT = (
    "Unable to create the root node, identifier should match the classification name, "
    "classification: <c>, root node: <n>"
)
NEVER: Mapping[tuple[str, str], str] = {
    ("perform", "The data type of the passed item is wrong. It must be 'keyword'"): OWN,
    ("classes/perform", "The data type of the passed item is wrong. It must be 'classification'"): OWN,
    ("dirs/perform", "The data type of the passed item is wrong. It must be 'dir'"): OWN,
    ("attribute-definitions/persist", "No attribute definition by id: <id>"): NO_ID,
    ("classes/persist", "There is no classification with the given identity '<id>'"): NO_ID,
    ("classes/perform", "… by given id: '<id>'"): NO_ID,
    ("attributes/perform", "\"Attribute 'id' is required to process attribute deletion\""): ALWAYS,
    ("classes/perform", "Classification attributes missing: 'tid' or 'id' attribute must be"): ALWAYS,
    ("glossaryEntries/persist", "Glossary entry '<tid>' does not contain a link to glossary."): ALWAYS,
    ("dirs/persist", "Missing directory parameter 'name'"): ALWAYS,
    ("dirs/persist", "Directory attributes missing: 'rnc' or 'parent' attribute must be"): ALWAYS,
    (
        "dirs/persist",
        "There must be only one of the attributes - 'rnc' or 'parent'",
    ): "just one of them is ever sent",
    ("classes/persist", WRONG_ROOT): "the root node is always called as its classification",
    ("peos/perform", "PEO does not exist"): "nothing is ever copied",
}
"""(call, text) -> why no request of ours is answered so."""

DONE = re.compile(r"successfully$|has been (moved|copied|deleted\.)$")
"""What is no refusal."""


def pattern(text: str) -> str:
    """A documented text as a pattern: placeholders stand for anything."""
    return re.sub(r"<[^>]*>|\\\{\w+\\\}|\\\[a, b\\\]|\\\[.*\\\]", ".*", re.escape(text))


# Each text as a scene.


@pytest.fixture(params=["plain", "adversarial"])
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.name)
def test_a_documented_refusal_reaches_a_person_in_the_servers_words(profile: str, scene: Scene) -> None:
    with world(profile, seed=False, twins=[CORE]) as k:
        for knob in scene.knobs:
            k.core.knobs.set(knob, "adversarial")
        plan, report = played(k, scene)

        text = report_text(report, plan, Style(width=100_000))

        own = [c for c in plan.calls if c.address.name == scene.who and c.carrier]
        ends = {o.call: o for o in report.outcomes}
        worst = [ends[c.id] for c in own if str(ends[c.id].end) == scene.end]
        assert worst, [(o.call, str(o.end), o.message) for o in report.outcomes]
        assert {str(ends[c.id].end) for c in own} <= {scene.end, "done", "blocked", "unneeded"}
        if scene.end == "failed":
            assert any(re.search(pattern(scene.text), o.message) for o in worst), [o.message for o in worst]
            assert re.search(pattern(scene.text), text)
            assert f"{own[0].address}" in text
            assert any(c.summary in text for c in own) or "of what it carries" in text
            assert "next: reconciler apply" in text
            return
        assert any(re.search(pattern(scene.text), o.message) for o in worst)
        assert any(o.message.endswith("live shows that it happened") for o in worst), "gone is done"
        assert own[0].address not in k.recorded.bonds


def played(k: World, scene: Scene) -> tuple[Plan, Report]:
    """What is declared before is there; what is declared after is planned; and then somebody is quicker."""
    scene.ground(k)
    k.documents = list(scene.before)
    k.apply(k.plan())
    k.documents = list(scene.before)
    assert k.plan().writes == ()
    k.documents = list(scene.after)
    plan = k.plan()
    if scene.path:
        k.core.on_request(1, "before-effect", lambda _: scene.deed(k), path=scene.path)
    return plan, k.apply(plan)


TAKEN: Mapping[str, tuple[Document, Document, Deed]] = {
    "keyword": (kw("A", name="x"), kw("A", name="x", en_GB="a"), lambda k: k.core.deny("/A")),
    "definition": (ad("x"), ad("x", en_GB="a"), lambda k: k.core.deny_definition("x")),
    "classification": (cl("x"), cl("x", en_GB="a"), lambda k: k.core.deny_class("x")),
    "node": (nd("S/x", name="x"), nd("S/x", name="x", en_GB="a"), lambda k: k.core.deny_node("/S/x")),
    "directory": (
        di("A", name="x"),
        di("B", name="x", was="A"),
        lambda k: k.core.deny_directory("/MAM/A"),
    ),
    "peo": (
        peo("P", called="x"),
        peo("P", called="x", projects=["AWS"]),
        lambda k: k.core.deny_peo(
            k.core.peo(next(b.id for a, b in k.recorded.bonds.items() if a.name == "x")).tid
        ),
    ),
    "product": (
        product("x", name="A"),
        product("x", name="B"),
        lambda k: k.core.deny_product("x"),
    ),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_right_that_is_taken_between_plan_and_apply_is_told_before_anything_is_sent(k: World, kind: str) -> None:
    shop(k)
    k.core.add_rnc("MAM")
    k.core.add_class("S")
    before, after, taken = TAKEN[kind]
    k.apply(k.plan(before))
    k.plan()  # a list that lags has caught up
    plan = k.plan(after)
    taken(k)
    k.core.log.clear()

    report = k.apply(plan)

    text = report_text(report, plan, Style(width=100_000))
    assert [str(o.end) for o in report.outcomes if o.message][:1] == ["stale"]
    assert [e.call for e in k.core.log if e.write] == []
    assert str(before.address) in text
    assert "nothing was sent" in text
    assert "next: reconciler apply" in text


# The call as a whole.


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Invalid input provided"),
        (403, "Access to the requested resource endpoint is forbidden"),
        (404, "The requested resource could not be found"),
        (409, "The resource already exists"),
    ],
)
def test_a_refusal_of_the_whole_call_is_told_of_each_object_with_the_support_id(
    k: World, status: int, words: str
) -> None:
    plan = k.plan(kw("A"), kw("B"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=status))

    report = k.apply(plan)

    text = report_text(report, plan, Style(width=100_000))
    assert {str(o.end) for o in report.outcomes} == {"failed"}
    assert words in text
    assert "5A990000-0000-4000-8000-" in text
    assert all(f"core/Keyword/{n}" in text for n in "ab")
    assert "next: reconciler apply" in text


def test_an_internal_error_is_looked_into_and_what_did_not_happen_is_sent_once_more(k: World) -> None:
    plan = k.plan(kw("A"), kw("B"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=500, times=2))

    report = k.apply(plan)

    text = report_text(report, plan, Style(width=100_000))
    assert {str(o.end) for o in report.outcomes} == {"failed"}
    assert "An unknown internal error occurred" in text
    assert "Unexpected error" in text
    assert [e.call for e in k.core.log if e.write].count(f"POST {PERSIST}") == 2


def test_a_token_that_is_not_accepted_stops_everything(k: World) -> None:
    plan = k.plan(kw("A"))
    k.keys[CORE] = "expired"

    with pytest.raises(Unauthorised) as caught:
        k.apply(plan)
    assert "401" in str(caught.value)
    assert "/common/keywords/" in str(caught.value)


def test_a_list_that_is_refused_ends_the_plan_with_the_servers_words(k: World) -> None:
    k.core.faults.add(Fault("status", method="POST", path=RETRIEVE, status=403))

    with pytest.raises(RemoteFault, match="Access to the requested resource endpoint is forbidden"):
        k.plan(kw("A"))


def test_a_token_without_the_admin_role_is_told_before_anything_is_sent(k: World) -> None:
    """`Nodes … API is restricted for users` answers the probe: the delete is held, with the way out."""
    k.documents = [cl("S"), nd("S/a", **GONE)]
    k.apply(k.plan())
    k.keys[CORE] = "omn_token_user"

    plan = k.plan(cl("S"))

    [action] = [a for a in plan.actions if a.address.name == "S-a"]
    assert [h.rule for h in action.holds] == ["no-admin"]
    assert "admin role" in action.holds[0].reason
    assert action.holds[0].way_out


# All of them.


@cache
def documented() -> frozenset[tuple[str, str]]:
    """(call, text) of every documented refusal in the tables of errors."""
    found = set[tuple[str, str]]()
    for cells in rows(section("omn-core", "Errors")):
        if len(cells) == 4 and cells[3].startswith("documented"):
            calls = ["peos/links/persist", "peos/links/perform"] if cells[0] == "both" else [cells[0]]
            found |= {(call, text) for call in calls for text in code(cells[1]) if not DONE.search(text)}
        elif len(cells) == 5 and "(documented" in cells[3]:
            found |= {(cells[0], text) for text in code(cells[3])}
    return frozenset(found)


ELSEWHERE: Mapping[tuple[str, str], str] = {
    ("keywords/retrieve", "The level should not be 0"): "level 0 is never asked for (OC-R16)",
    ("nodes/query, retrieve, persist", "Nodes persist API is restricted for users"): (
        "test_a_token_without_the_admin_role_is_told_before_anything_is_sent"
    ),
}


def test_every_documented_refusal_of_the_page_has_a_scene_or_a_reason_why_not() -> None:
    told = {(s.call, s.text) for s in SCENES}

    assert len(documented()) > 60
    assert documented() - told - NEVER.keys() - ELSEWHERE.keys() == set()
    assert told & NEVER.keys() == set()
    assert NEVER.keys() - documented() == set()


def test_every_scene_is_of_a_text_that_the_page_has() -> None:
    page = {t for cells in rows(section("omn-core", "Errors")) for cell in cells[1:4] for t in code(cell)}

    assert {s.text for s in SCENES} - page == set()


# The reference itself.

ASSETS = "assets are neither made nor changed"
LINKS = "links of assets to products are not made"
BESIDE = "nodes and their attributes are written beside their classification, by their path"
OUT_OF_SIGHT: Mapping[str, str] = {
    "Asset": ASSETS,
    "The asset": ASSETS,
    "Isy object": ASSETS,
    "Attribute not found": LINKS,
    "Product is not available": LINKS,
    "Product attribute cardinality": LINKS,
    "Attribute with id": BESIDE,
    "Node with": BESIDE,
    "Nodes persist": BESIDE,
    "An error occurred while node creation": BESIDE,
    "… the reason: No classification": BESIDE,
    "… the reason: Node with": BESIDE,
    "Path or ids array": "a selector is always sent",
    "The level should": "level 0 is never asked for",
    "The classification not found by given id": NO_ID,
}
"""Beginnings of texts that stand in the reference and in no scene -> why."""


def _said(text: str) -> Iterator[str]:
    """Every text of a refusal in the reference: in its examples, and quoted where it lists errors."""
    for found in re.finditer(r'"errorMessage":"((?:[^"\\]|\\.)*)"', text):
        yield found[1]
    for one in re.finditer(r'\{[^{}]*"status":"(?:ERROR|WARNING)"[^{}]*', text):
        yield from re.findall(r'"description":"((?:[^"\\]|\\.)*)"', one[0])
    for listed in re.findall(r"(?m)\b[Ee]rrors\b[^`\n]*:? (`.*)$", text):
        yield from (t for t in re.findall(r"`([^`]+)`", listed) if len(t.split()) > 2)


@pytest.mark.contract
def test_every_refusal_that_the_reference_quotes_is_on_the_page_or_out_of_sight() -> None:
    texts = {t.replace('\\"', '"') for t in _said(contract("omn-core.md"))}
    page = [cells[1 if len(cells) == 4 else 3] for cells in rows(section("omn-core", "Errors"))]
    known = [re.compile(pattern(t)) for cell in page for t in code(cell) if " " in t]

    strange = [
        t
        for t in sorted(texts)
        if not DONE.search(t)
        and not any(one.fullmatch(t) for one in known)
        and not any(t.startswith(start) for start in OUT_OF_SIGHT)
    ]
    assert len(texts) > 60
    assert strange == []
    assert {start for start in OUT_OF_SIGHT if not any(t.startswith(start) for t in texts)} == set()
