"""Whole runs over a journal, a writer and readings known beforehand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from reconciler.apply import Run, run
from reconciler.model.catalog import Verdict
from reconciler.model.change import Verb
from reconciler.model.faults import AnswerLost, Unauthorised
from reconciler.model.json import Json
from reconciler.model.live import Collection, Resource
from reconciler.model.outcome import IN_DOUBT, End, Report
from reconciler.model.plan import Action, Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.apply.samples import Eyes, Notebook, Pen, action, call, clock, keep, label, labels, plan
from tests.unit.apply.test_carry import ALL, BATCH, carrier, named, rider
from tests.world import OMNI, catalog

AT = ("omni-analytics", "Label")
MADE = call(
    1, named("a"), phase=Phase.CREATE, method="POST", path="/v1/labels", effect=Effect(key="a"), new_id="/id"
)
ASK = call(
    2, named("a"), role=Role.CONTINGENT, trigger=Trigger("1", None, On.UNKNOWN), method="GET",
    path="/v1/labels/a", new_id="/id",
)  # fmt: skip


class Book(Notebook):
    """A notebook that keeps how a run ended. `taken_over`: whether another has closed it."""

    status, taken_over = "", False

    def closed(self, run: str) -> bool:  # noqa: ARG002 - the protocol's
        return self.taken_over

    def finish(self, run: str, status: str) -> str:  # noqa: ARG002 - the protocol's
        self.status = status
        return ""


class Ran:
    def __init__(
        self, *calls: Call, answers: Sequence[Json | Exception] = (), seen: Sequence[Collection] = (),
        verdicts: dict[str, Verdict] | None = None, actions: Sequence[Action] = (), findable: bool = True,
        taken_over: bool = False,
    ) -> None:  # fmt: skip
        known, said = catalog(), verdicts or {}
        verbs = replace(known.verbs[AT], verdicts=lambda *_: said)
        kind = replace(known.kinds[AT], findable=findable)
        known = replace(known, verbs={**known.verbs, AT: verbs}, kinds={**known.kinds, AT: kind})
        self.journal = Book()
        self.journal.taken_over = taken_over
        self.pen, self.eyes = Pen(list(answers), self.journal), Eyes([*seen] or [labels()])
        whole, stop = plan(*calls, actions=actions), asyncio.Event()
        job = Run(whole, known, self.pen, self.journal, self.eyes, clock(), stop, lambda: None)
        self.report: Report = asyncio.run(run(job))
        keep(self.report, self.journal, self.eyes.groups, self.pen.sent)

    @property
    def ends(self) -> dict[str, End]:
        return {o.call: o.end for o in self.report.outcomes}


def test_an_id_that_one_more_call_tells_is_the_creates() -> None:
    uses = call(3, named("b"), args={"id": {"$from": {"call": "1", "path": "/id"}}}, after=[1])
    bond = Bond(named("a"), "", key="a")
    ran = Ran(MADE, ASK, uses, answers=[{}, {"id": "i7"}, {}], seen=[labels(Resource("i7", "a", {}))],
              actions=[action(Verb.CREATE, 1, 2, address=named("a"), bond=bond)])  # fmt: skip

    assert [str(r) for r in ran.pen.sent] == ["POST /v1/labels", "GET /v1/labels/a", "PUT /v1/labels/i7"]
    assert [r.safe for r in ran.pen.sent] == [False, True, False]
    assert "intend 2" not in ran.journal.told
    assert ran.journal.told.count("conclude 1") == 2, "the ledger is told the id as soon as it is known"
    assert [b.id for b, _ in ran.journal.bonds] == ["i7"]


def test_a_run_that_another_has_closed_meanwhile_ties_nothing_to_what_it_saw() -> None:
    bond = Bond(named("a"), "", key="a")
    ran = Ran(MADE, answers=[{"id": "i7"}], seen=[labels(Resource("i7", "a", {}))], taken_over=True,
              actions=[action(Verb.CREATE, 1, address=named("a"), bond=bond)])  # fmt: skip

    assert ran.journal.bonds == []
    assert any("another run has taken over" in note for note in ran.report.notes)


def test_an_id_that_nothing_tells_blocks_who_needs_it() -> None:
    uses = call(3, named("b"), args={"id": {"$from": {"call": "1", "path": "/id"}}}, after=[1])
    ran = Ran(MADE, ASK, uses, answers=[{}, {}], seen=[labels(label("a"))])

    assert ran.ends == {"1": End.DONE, "2": End.FAILED, "3": End.BLOCKED}


def test_riders_a_look_around_and_who_needs_what_it_found() -> None:
    look = call(3, BATCH, role=Role.FIND, method="GET", path="/v1/labels", after=[9])
    uses = call(4, named("c"), args={"id": {"$find": {"read": "3", "key": "a", "scope": []}}}, after=[1, 3])
    actions = [action(Verb.CREATE, n, address=named(i), bond=Bond(named(i), "")) for n, i in ((1, "a"), (2, "b"))]
    ran = Ran(rider(1, "a"), rider(2, "b"), carrier(), look, uses, answers=[{}, {}], verdicts=ALL, actions=actions,
              seen=[labels(label("A"), label("B"))])  # fmt: skip

    assert [str(r) for r in ran.pen.sent] == ["POST /v1/batch", "PUT /v1/labels/A"]
    assert set(ran.ends.values()) == {End.DONE}
    assert {(b.address.name, b.id) for b, _ in ran.journal.bonds} == {("a", "A"), ("b", "B")}
    assert ran.journal.status == "done"


def test_a_preview_that_differs_lets_nothing_be_committed() -> None:
    preview = call(8, BATCH, role=Role.GATE, method="POST", path="/v1/preview", body={"rows": [{"$riders": "9"}]},
                   expect={"/valid": {"$count": "9"}})  # fmt: skip
    ran = Ran(rider(1, "a"), rider(2, "b"), preview, carrier(after=[8]), answers=[{"valid": 1}])

    assert ran.pen.sent[0].body == {"rows": [{"name": "a"}, {"name": "b"}]}
    assert ran.ends == {"8": End.FAILED, "9": End.BLOCKED, "1": End.BLOCKED, "2": End.BLOCKED}


def test_401_to_the_whole_request_stops_the_run() -> None:
    no = Unauthorised("no", target=OMNI, request="POST /v1/batch", status=401)
    ran = Ran(
        rider(1, "a"), carrier(), call(10, named("z"), after=[9]), call(11, named("y"), waits=[9]), answers=[no]
    )

    assert ran.ends == {"1": End.FAILED, "9": End.FAILED, "10": End.BLOCKED, "11": End.BLOCKED}


def test_a_doubt_that_no_look_will_end_does_not_keep_the_run_open() -> None:
    lost = AnswerLost("lost", target=OMNI, request="POST /v1/labels")

    ran = Ran(MADE, answers=[lost], findable=False)
    assert (ran.ends, ran.journal.status) == ({"1": End.IN_DOUBT}, "partial")
    assert ran.report.outcomes[0].question
    known = Ran(MADE, answers=[lost], seen=[labels(label("a"), label("A"))])
    assert (known.ends, known.journal.status) == ({"1": End.IN_DOUBT}, IN_DOUBT)
