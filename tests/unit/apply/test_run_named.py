"""Whatever the journal is told in a run, it is told of that very run: of another one nobody would find it."""

# ruff: noqa: ARG002 - the shapes of protocols

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.faults import ProviderUnreachable, Unauthorised
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.apply.samples import action, call, labels, plan
from tests.unit.apply.test_carry import carrier, named, rider
from tests.unit.apply.test_stops import Going, Log, put, said, to
from tests.world import CORE, OMNI


@dataclass
class Pages(Log):
    """A journal that remembers under which run it was told what."""

    runs: list[str] = field(default_factory=list)
    ended: list[tuple[str, End]] = field(default_factory=list)

    def intend(self, run: str, call: str, address: Address, payload: str) -> None:
        self.runs.append(run)

    def conclude(self, run: str, address: Address, outcome: Outcome) -> None:
        self.runs.append(run)
        self.ended.append((outcome.call, outcome.end))

    def bind(self, run: str, bond: Bond, previous: Address | None = None) -> None:
        self.runs.append(run)
        self.bonds.append((bond, previous))

    def release(self, run: str, address: Address, why: str) -> None:
        self.runs.append(run)


def gone_through(*calls: Call, answers: dict[str, Json | Exception] | None = None, **words: object) -> Pages:
    pages = Pages()
    Going(plan(*calls), answers or {}, pages, words=dict(words)).run()
    assert {*pages.runs} == {"r7"}
    return pages


CREATE = call(
    1, named("a"), phase=Phase.CREATE, method="POST", path="/v1/labels", effect=Effect(key="a"), new_id="/id",
    summary="create Label a",
)  # fmt: skip
TELLS = call(
    2, named("a"), role=Role.CONTINGENT, trigger=Trigger("1", None, On.UNKNOWN), method="GET", path="/v1/told",
    new_id="/id", after=[1], effect=Effect(key="a"), summary="look Label a up",
)  # fmt: skip


def test_a_create_whose_id_another_call_tells() -> None:
    pages = gone_through(CREATE, TELLS, answers={"/v1/labels": {}, "/v1/told": {"id": "a"}})

    assert pages.ended == [("1", End.DONE), ("2", End.DONE), ("1", End.DONE)]


def test_a_request_and_those_that_go_along_in_it() -> None:
    pages = gone_through(rider(1, "a"), rider(2, "b"), carrier())

    assert pages.ended == [("1", End.DONE), ("2", End.DONE), ("9", End.DONE)]


def test_a_request_that_is_not_allowed_and_those_that_go_along_in_it() -> None:
    stop = to(OMNI, Unauthorised, "who are you", 401)
    pages = gone_through(rider(1, "a"), rider(2, "b"), carrier(), answers={"/v1/batch": stop})

    assert pages.ended == [("1", End.FAILED), ("2", End.FAILED), ("9", End.FAILED)]


def test_a_request_that_does_not_begin_and_those_that_would_have_gone_along_in_it() -> None:
    nobody = to(OMNI, ProviderUnreachable, "nobody there")
    late = replace(carrier(), follows=frozenset({"3"}))
    pages = gone_through(put(3, "c"), rider(1, "a"), rider(2, "b"), late, answers={"/c": nobody})

    assert pages.ended == [(i, End.NOT_SENT) for i in ("3", "1", "2", "9")]


def test_what_another_run_has_done_already() -> None:
    earlier = {"1": Outcome("1", End.DONE, "before", 200, {Fact.ID: "a"})}
    pages = gone_through(put(1, "a"), put(2, "b"), earlier=earlier)

    assert pages.ended == [("1", End.DONE), ("2", End.DONE)]


def test_what_the_ledger_keeps_of_a_thing() -> None:
    pages = Pages()
    made = action(Verb.CREATE, 1, address=CREATE.address, bond=Bond(CREATE.address, ""))
    report = Going(plan(CREATE, actions=[made]), {"/v1/labels": {"id": "a"}}, pages, lambda _: labels()).run()

    assert said(report)["1"][0] is End.DONE
    assert {*pages.runs} == {"r7"}
    assert [bond.id for bond, _ in pages.bonds] == ["a"]


def test_what_a_look_around_tells_the_ids_of() -> None:
    look = call(3, Address(OMNI, "Label", "(all)"), role=Role.FIND, method="GET", path="/v1/labels", after=[1])
    pages = gone_through(replace(CREATE, new_id=None), look, answers={"/v1/labels": {}})

    assert pages.ended == [("1", End.DONE), ("1", End.DONE), ("3", End.DONE)]


def test_what_went_along_with_a_thing_that_got_another_name() -> None:
    root, below = Address(CORE, "Keyword", "r"), Address(CORE, "Keyword", "x")
    was = {root: Bond(root, "1", key=["Old"]), below: Bond(below, "2", key=["Old", "X"])}
    now = {**was, root: Bond(root, "1", key=["New"])}
    rename = call(1, root, live_id="1", path="/r", effect=Effect(key=["New"]))
    renamed = action(Verb.UPDATE, 1, address=root, bond=now[root])
    pages = Pages()
    known = {"known": was, "remembered": lambda: now}
    Going(plan(rename, actions=[renamed]), {}, pages, words=known).run()

    assert {*pages.runs} == {"r7"}
    assert [(b.address, b.key) for b, _ in pages.bonds] == [(root, ["New"]), (below, ["New", "X"])]
