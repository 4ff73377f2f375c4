"""Random people of Omni Analytics, with and without accounts, and a group of them, somebody at work between two
rounds: apply, then plan: 0 calls; what nobody declares stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.change import Verb
from reconciler.model.document import Document
from reconciler.model.json import Json, as_text
from tests.contract.accounts_omni import ATTRIBUTES, CONSENTS, live, named, person, recipient, recipients
from tests.contract.groups import group
from tests.world import OMNI, World, world

CREW = ("ann@example.com", "Ben@Example.com", "cat@example.com")
MAILED = ("ext@example.com", "two@example.com", "ann@example.com")
VALUES: Mapping[str, list[Json]] = {
    "region": [["US"], ["US", "EU"], [], None],
    "level": [1, 2.5, 3, None],
    "team": ["red", "blue", None],
}
WAYS: list[dict[str, Any]] = [{}, CONSENTS, {"manage": "observe"}, {"active": False}]
attributes = st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in VALUES.items()})
maybe = st.one_of(st.none(), attributes)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """People who are managed or just looked at, recipients, and a group of some of the people."""
    found: list[Document] = []
    for address in draw(st.lists(st.sampled_from(CREW), max_size=3, unique=True)):
        held, words = draw(maybe), draw(st.sampled_from(WAYS))
        more: dict[str, Any] = {} if held is None else {"attributes": held}
        name = draw(st.sampled_from(["One", "Another", ""]))
        found.append(person(draw(st.sampled_from([address, address.lower()])), name, **{**more, **words}))
    found += [
        recipient(address, draw(maybe))
        for address in draw(st.lists(st.sampled_from(MAILED), max_size=3, unique=True))
    ]
    if draw(st.booleans()):
        people = draw(st.lists(st.sampled_from(CREW), max_size=3, unique=True))
        found.append(group("Crew", *people, allow=["first-removals"]))
    return found


somebody = st.tuples(st.sampled_from(CREW), attributes)
edits = st.lists(somebody, max_size=2)


@given(
    st.sampled_from(["plain", "adversarial"]),
    st.dictionaries(st.sampled_from(CREW), attributes, max_size=2),
    st.dictionaries(st.sampled_from(MAILED), attributes, max_size=2),
    st.lists(st.tuples(documents(), edits), min_size=1, max_size=3),
)
def test_apply_then_plan_has_no_calls(
    profile: str,
    there: dict[str, dict[str, Json]],
    mailed: dict[str, dict[str, Json]],
    rounds: list[tuple[list[Document], list[tuple[str, dict[str, Json]]]]],
) -> None:
    with world(profile, twins=[OMNI], seed=False) as w:
        named(w)
        for name, type_, many in (
            ("region", "string", True),
            ("level", "number", False),
            ("team", "string", False),
        ):
            w.omni.define_attribute(name, type_, multiple=many)
        for address, held in there.items():
            w.omni.add_user(address, "Somebody", attributes=_said(held))
        for address, held in mailed.items():
            w.omni.add_email_only(address, _said(held))
        for declared, changes in rounds:
            _round(w, declared)
            for address, held in changes:
                if one := live(w, address):
                    w.omni.set_attributes(one["id"], _said(held))


def _round(w: World, declared: list[Document]) -> None:
    w.documents = list(declared)
    plan = w.plan()
    assert len(plan.writes) == plan.bound
    held = {a.address for a in plan.actions if any(not h.only for h in a.holds)}
    was = {a: _said(live(w, a).get(ATTRIBUTES, {})) for a in CREW}
    report = w.checked_apply(plan)
    assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}
    left = w.plan()
    assert [c.line for c in left.writes] == []
    assert {a.address for a in left.actions if any(not h.only for h in a.holds)} <= held
    made = {a.address for a in plan.actions if a.verb is not Verb.OBSERVE}
    for document in declared:
        if document.address in made - held and document.kind in ("User", "EmailOnlyUser"):
            _as_declared(w, document, was)


def _as_declared(w: World, document: Document, was: Mapping[str, Mapping[str, Json]]) -> None:
    address, wanted = str(document.spec["email"]), document.spec.get("attributes")
    account = document.kind == "User"
    now = live(w, address).get(ATTRIBUTES, {}) if account else recipients(w)[address.casefold()]
    for name, value in wanted.items() if isinstance(wanted, dict) else ():
        assert as_text(now.get(name) or None) == as_text(value or None)
    for name, value in was.get(address, {}).items() if account else ():
        if not isinstance(wanted, dict) or name not in wanted:
            assert as_text(now[name]) == as_text(value), "nobody asked for another value"


def _said(held: Mapping[str, Json]) -> dict[str, Json]:
    return {n: v for n, v in held.items() if v not in (None, [])}
