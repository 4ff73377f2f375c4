"""What is remembered of creates that nobody can tell about, of tokens, and of values that got lost."""

from __future__ import annotations

from reconciler.ledger import Ledger
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.recorded import Bond
from tests.unit.ledger.samples import FINANCE, REPORTS, Place, begun, bond, done, forgetful, made, reopened

LINE = "POST /api/v1/briefs"
ASKED: dict[str, Json] = {Fact.DOUBT: LINE, Fact.KEY: "Spring", Fact.LABEL: "Spring"}
DOUBT = Outcome("1", End.IN_DOUBT, "lost", result=ASKED, question="was it made?")


def doubtful(ledger: Ledger, outcome: Outcome = DOUBT) -> str:
    run = begun(ledger)
    ledger.intend(run, outcome.call, FINANCE, "sha256:00")
    ledger.conclude(run, FINANCE, outcome)
    return run


def test_a_doubt_is_there_until_the_address_is_bound_or_released() -> None:
    for end in ("bind", "release", "done", "answer"):
        ledger = forgetful()
        run = doubtful(ledger)
        assert ledger.recorded().doubts == {FINANCE: LINE}
        assert ledger.recorded(["elsewhere"]).doubts == {}
        if end == "bind":
            ledger.bind(run, bond())
        elif end == "release":
            ledger.release(run, FINANCE, "left git")
        elif end == "done":
            ledger.conclude(run, FINANCE, done(id="f-1"))
        else:
            ledger.answer(FINANCE, None)
        assert ledger.recorded().doubts == {}


def test_only_what_a_person_has_to_tell_is_a_doubt() -> None:
    ledger = forgetful()
    doubtful(ledger, Outcome("1", End.IN_DOUBT, "no reading can tell"))

    assert ledger.recorded().doubts == {}


def test_a_doubt_outlasts_its_run(place: Place) -> None:
    with made(place) as ledger:
        ledger.finish(doubtful(ledger), "partial")
    with reopened(place) as ledger:
        assert ledger.recorded().doubts == {FINANCE: LINE}
        assert ledger.unfinished(("analytics",)) == ()
        doubt = ledger.doubts()[FINANCE]
        assert (doubt.line, doubt.run, doubt.call, doubt.key, doubt.label) == (
            LINE,
            "run-2",
            "1",
            "Spring",
            "Spring",
        )


def test_an_answer_ends_the_doubt_and_the_call_of_its_run() -> None:
    ledger = forgetful()
    run = doubtful(ledger)
    assert [u.sent for u in ledger.unfinished(("analytics",))] == [("1",)]

    head = ledger.answer(FINANCE, bond(FINANCE, "b7", made=True), done(id="b7"), run)

    assert head == ledger.head
    assert ledger.recorded().bonds[FINANCE].id == "b7"
    assert [u.sent for u in ledger.unfinished(("analytics",))] == [()]
    note = next(e for e in ledger.events() if e.type == "note")
    assert (note.content["answered"], note.content["id"]) == (str(FINANCE), "b7")
    assert note.content["who"]


def test_a_thing_that_a_person_forgets_is_ours_no_more() -> None:
    ledger = forgetful()
    ledger.bind(begun(ledger), bond())

    ledger.answer(FINANCE, None)

    assert ledger.recorded().bonds == {}


def test_an_answer_overtakes_saved_plans() -> None:
    ledger = forgetful()
    head = ledger.head
    ledger.answer(FINANCE, None)

    assert ledger.overtaken("p1", head, ["analytics"])
    assert not ledger.overtaken("p1", head, ["elsewhere"])


def kept(*outcomes: Outcome, before: Bond | None = None) -> Bond:
    ledger = forgetful()
    run = begun(ledger)
    ledger.bind(run, before or bond())
    for outcome in outcomes:
        ledger.conclude(run, FINANCE, outcome)
    return ledger.recorded().bonds[FINANCE]


def test_tokens_that_have_acted_are_remembered_at_once() -> None:
    assert kept(done(once={"reissue": "1"}), done(once={"other": "x"})).once == {"reissue": "1", "other": "x"}
    assert kept(Outcome("1", End.FAILED, result={Fact.ONCE: {"reissue": "1"}})).once == {}


def test_a_lost_value_is_remembered_until_a_token_has_acted() -> None:
    lost = done(lost="link")

    assert kept(lost, lost).lost == ("link",)
    assert kept(lost, done(once={"reissue": "1"})).lost == ()
    assert kept(done(once={"reissue": "1"}, lost="link")).lost == ("link",)


def test_what_the_server_made_of_a_value_is_remembered_of_a_call_that_failed() -> None:
    failed = Outcome("1", End.FAILED, result={Fact.DIFFERS: {"cron": "d1"}})

    assert kept(failed).differs == {"cron": "d1"}
    ledger = forgetful()
    ledger.conclude(begun(ledger), REPORTS, failed)
    assert ledger.recorded().bonds == {}


def test_a_new_thing_at_the_address_has_lost_nothing_and_no_token_has_acted_on_it() -> None:
    before = bond(lost=["link"], once={"reissue": "1"}, sent={"cron": 2}, differs={"cron": "d1"})

    found = kept(done(id="f-9"), before=before)

    assert (found.id, found.lost, found.once, found.sent, found.differs) == ("f-9", (), {}, {}, {})


def test_code_and_question_come_back(place: Place) -> None:
    told = Outcome("1", End.FAILED, "no", 409, code="duplicate", question="which?")
    with made(place) as ledger:
        ledger.conclude(begun(ledger), FINANCE, told)
    with reopened(place) as ledger:
        (open_run,) = ledger.unfinished(("analytics",))
        assert open_run.outcomes == {"1": told}


def test_an_older_outcome_had_neither() -> None:
    from reconciler.ledger.runs import outcome_from, outcome_json

    old = {k: v for k, v in outcome_json(done()).items() if k not in ("code", "question")}

    assert outcome_from(old) == done()


def test_a_doubt_knows_the_tokens_that_have_acted_if_it_was_made() -> None:
    ledger = forgetful()
    doubtful(ledger, Outcome("1", End.IN_DOUBT, "lost", result={**ASKED, Fact.ONCE: {"supersede": "r1"}}))

    assert ledger.doubts()[FINANCE].once == {"supersede": "r1"}
