"""What else the ledger remembers of an address: tokens, lost values, fields sent again and what became of them."""

from __future__ import annotations

from reconciler.apply.bind import bind
from reconciler.model.change import Hold, Verb
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.apply.samples import A, Notebook, action, book, call, keep

WAS = Bond(A, "Live", key="Live", made=True, digests={"verified": "d1"})
SEND = call(1, effect=Effect(fields={"verified": True}))


def bound(
    known: Bond | None,
    *calls: Call,
    end: End = End.DONE,
    plan: Bond = WAS,
    verb: Verb = Verb.UPDATE,
    held: str = "",
    **facts: Json,
) -> Bond | None:
    """What is bound after these calls; facts are those of the first. `held`: a field that is left alone."""
    found, journal = book(*calls), Notebook()
    for one in calls:
        told: dict[str, Json] = {Fact[name]: value for name, value in facts.items()} if one.id == "1" else {}
        found.end(Outcome(one.id, end, result=told))
    holds = (Hold("changed-by-server", "", "", only=held),) if held else ()
    done = action(verb, *(int(c.id) for c in calls), bond=plan, holds=holds)
    bind(journal, "run", found, done, {A: known} if known else {})
    keep(journal)
    return journal.bonds[0][0] if journal.bonds else None


def test_a_field_sent_again_and_again_is_counted() -> None:
    once = bound(WAS, SEND)
    assert once is not None
    assert once.sent == {"verified": 1}
    twice = bound(once, SEND)
    assert twice is not None
    assert twice.sent == {"verified": 2}
    other = bound(twice, SEND, plan=replace(WAS, digests={"verified": "d2"}))
    assert other is not None
    assert other.sent == {"verified": 1}, "another value begins anew"


def test_an_apply_that_did_not_send_it_ends_the_row() -> None:
    quiet = bound(replace(WAS, sent={"verified": 1}), verb=Verb.NONE)

    assert quiet is not None
    assert quiet.sent == {}
    assert bound(quiet, verb=Verb.NONE) is None, "and that is told once"


def test_what_the_server_made_of_a_value_is_remembered_though_the_call_has_failed() -> None:
    found = bound(None, SEND, end=End.FAILED, DIFFERS={"verified": "live"})

    assert found is not None
    assert (found.differs, found.digests) == ({"verified": "live"}, {"verified": "d1"})
    assert bound(None, SEND, end=End.FAILED) is None
    assert bound(found, verb=Verb.NONE, held="verified") is None, "it stays as it was"
    took = bound(found, verb=Verb.NONE)
    assert took is not None
    assert took.differs == {}, "it has been as declared since: what it was once is drift from now on"
    declared = bound(found, verb=Verb.NONE, plan=replace(WAS, digests={"verified": "d2"}))
    assert declared is not None
    assert declared.differs == {}
    sent = bound(found, SEND)
    assert sent is not None
    assert sent.differs == {}, "this time it took"


def test_tokens_that_have_acted_are_kept_and_free_what_was_lost() -> None:
    lost = bound(None, replace(SEND, phase=Phase.CREATE), LOST="link")
    assert lost is not None
    assert lost.lost == ("link",)
    again = bound(lost, SEND)
    assert again is not None
    assert again.lost == ("link",)
    issued = bound(again, SEND, ONCE={"reissue": "2"})
    assert issued is not None
    assert (issued.lost, issued.once) == ((), {"reissue": "2"})
    other = bound(replace(issued, once={"reissue": "2", "supersede": "x"}), SEND, ONCE={"reissue": "3"})
    assert other is not None
    assert other.once == {"reissue": "3", "supersede": "x"}
    unseen = bound(issued, SEND, ONCE={"reissue": "3"}, LOST="link")
    assert unseen is not None
    assert unseen.lost == ("link",)
    one, planned = replace(SEND, once={"reissue": "4"}), replace(WAS, once={"reissue": "4", "other": "x"})
    unspent = bound(issued, one, plan=planned, LOST="link")
    assert unspent is not None
    assert (unspent.lost, unspent.once) == (("link",), {"reissue": "2", "other": "x"})


def test_a_thing_replaced_has_the_id_of_the_new_one() -> None:
    gone, made = call(1, phase=Phase.DELETE), call(2, phase=Phase.CREATE)
    found = book(gone, made)
    found.end(Outcome("1", End.DONE, result={Fact.GONE: True}))
    found.end(Outcome("2", End.DONE, result={Fact.ID: "new"}))
    journal = Notebook()
    bind(journal, "run", found, action(Verb.REPLACE, 1, 2, bond=WAS), {A: replace(WAS, lost=("link",))})
    assert [(b.id, b.lost) for b, _ in journal.bonds] == [("new", ())]

    found.end(Outcome("2", End.DONE))
    journal = Notebook()
    bind(journal, "run", found, action(Verb.REPLACE, 1, 2, bond=WAS), {A: WAS})
    assert journal.bonds == [], "nobody knows its id: the old one it is not"


def test_what_is_archived_or_deactivated_is_ours_no_more() -> None:
    for verb in (Verb.ARCHIVE, Verb.DEACTIVATE):
        found, journal = book(SEND), Notebook()
        found.end(Outcome("1", End.DONE))
        bind(journal, "run", found, action(verb, 1, bond=WAS), {A: WAS})
        assert journal.told == [f"release a: {verb}d"]


def test_a_look_around_is_no_work_of_an_address() -> None:
    look = call(2, role=Role.FIND, method="GET")
    found, journal = book(SEND, look), Notebook()
    found.end(Outcome("1", End.DONE))
    found.end(Outcome("2", End.FAILED))
    bind(journal, "run", found, action(Verb.UPDATE, 1, 2, bond=WAS), {A: WAS})
    assert len(journal.bonds) == 1
