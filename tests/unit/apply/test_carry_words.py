"""What a person reads of each call that went along in a request, and what the ledger is told of it."""

from __future__ import annotations

from reconciler.model.catalog import Verdict
from reconciler.model.live import Proof
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import On
from tests.unit.apply.samples import book, call, label, labels
from tests.unit.apply.test_carry import YES, Sent, carrier, rider
from tests.unit.apply.test_graph import on


def test_what_stayed_as_it_was_is_told_with_how_it_differs() -> None:
    """The call itself keeps its name: the request and whoever went along with it have other ends."""
    verdicts = {"1": YES, "2": Verdict(None, "stays as it is", differs={"state": "ACTIVE"})}
    found = Sent({}, verdicts=verdicts, seen=(labels(),)).found

    assert found.riders["2"].end is End.FAILED
    assert found.riders["2"].call == "2"
    assert found.riders["2"].message == "stays as it is"
    assert found.riders["2"].result[Fact.DIFFERS] == {"state": "ACTIVE"}


def test_what_a_reading_shows_after_all_does_not_differ() -> None:
    verdicts = {"1": YES, "2": Verdict(None, "stays as it is", differs={"state": "ACTIVE"})}
    found = Sent({}, verdicts=verdicts, seen=(labels(label("b")),)).found

    assert found.riders["2"].end is End.DONE
    assert Fact.DIFFERS not in found.riders["2"].result


def test_each_reads_what_was_said_of_itself_and_not_of_the_others() -> None:
    verdicts = {"1": Verdict(None, "too old"), "2": Verdict(None, "in use")}
    found = Sent({}, verdicts=verdicts, seen=(labels(),)).found

    told = {i: o.message for i, o in found.riders.items()}
    assert told == {
        "1": "the answer says: too old; live shows that it did not happen",
        "2": "the answer says: in use; live shows that it did not happen",
    }


def test_who_could_not_be_looked_up_reads_what_was_said_of_itself() -> None:
    verdicts = {"1": Verdict(None, "too old"), "2": Verdict(None, "in use")}
    found = Sent({}, verdicts=verdicts, seen=(labels(proof=Proof(False, "some of it")),)).found

    assert {o.end for o in found.riders.values()} == {End.IN_DOUBT}
    assert found.riders["2"].message.startswith("the answer says: in use; no reading can tell")


def test_a_repair_for_what_was_not_done_goes_for_one_that_went_along_and_others_do_not() -> None:
    """A refusal of a single rider is no refusal of the whole request."""
    ends = {"c1": End.DONE, "c2": End.FAILED, "c9": End.DONE}
    going = (rider(1, "a"), rider(2, "b"), carrier())

    undone = book(*going, on(10, 9, On.UNDONE), **ends)
    assert undone.verdict(undone.calls["10"]) is None
    for kind in (On.REFUSED, On.ASTRAY):
        found = book(*going, on(10, 9, kind), **ends)
        found.end(Outcome("2", End.FAILED, "no", 400))
        verdict = found.verdict(found.calls["10"])
        assert verdict is not None
        assert verdict.end is End.UNNEEDED


def test_a_fall_back_of_a_single_call_needs_no_riders() -> None:
    found = book(call(1), on(2, 1, On.UNDONE), c1=End.FAILED)

    assert found.verdict(found.calls["2"]) is None
    assert not found.worked("1")
