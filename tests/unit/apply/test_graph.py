"""What waits for what in a run, in full: for calls of every role in one plan."""

from __future__ import annotations

import pytest

from reconciler.apply.bind import bind, hidden_digests
from reconciler.apply.book import Book
from reconciler.apply.judge import created, differences, facts, request_of
from reconciler.apply.look import listed, thing, with_values
from reconciler.apply.triggers import occurred, remedies
from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, digest
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, On, Phase, Role, Sink, Trigger
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.model.values import found_at
from tests.unit.apply.samples import (
    LABEL,
    TEAM,
    A,
    Notebook,
    action,
    book,
    call,
    fallback,
    kinds,
    label,
    labels,
    plan,
)
from tests.unit.apply.test_carry import BATCH, carrier, named, rider
from tests.world import OMNI, TRACKER

CREW = Address(TRACKER, "ClientTeam", "crew")


def on(number: int, of: int, kind: On, chain: int | None = None, **words: object) -> Call:
    one = fallback(number, of, chain, **words)
    return replace(one, trigger=Trigger(str(of), str(chain) if chain else None, kind))


FIND = call(20, role=Role.FIND, method="GET", after=[1])
EVERY = (
    call(1, phase=Phase.CREATE),
    call(2, after=[1]),
    fallback(3, 2),
    fallback(4, 2, 3),
    call(5, waits=[2]),
    rider(6, "a", after=[1]),
    rider(7, "b", waits=[5]),
    call(8, BATCH, role=Role.GATE, body={"$riders": "9"}),
    carrier(9, after=[8]),
    on(10, 9, On.UNDONE),
    call(11, after=[6]),
    replace(call(12), follows=frozenset({"9"})),
    on(13, 1, On.UNKNOWN),
    FIND,
    on(21, 20, On.UNLIKE),
    call(22, after=[99]),
)


def test_every_call_and_what_has_to_end_before_it() -> None:
    found = Book(plan(*EVERY))

    assert {c.id: sorted(found.before(c), key=int) for c in EVERY} == {
        "1": [], "2": ["1", "13"], "3": ["2"], "4": ["2", "3"], "5": ["2", "3", "4"], "6": ["1", "13"],
        "7": ["5"], "8": ["1", "5", "13"], "9": ["1", "5", "8", "13"], "10": ["6", "7", "9"], "11": ["6"],
        "12": ["9", "10"],
        "13": ["1"], "20": ["1", "13"], "21": ["20"], "22": [],
    }  # fmt: skip
    assert found.riders == {"9": ["6", "7"]}
    assert found.named == {"8": {"9"}, "9": {"9"}}
    assert found.told_later == {"1"}
    assert found.fallbacks == {"2": ["3", "4"], "9": ["10"], "1": ["13"], "20": ["21"]}
    assert [found.take(OMNI), found.take(OMNI), found.take(OMNI)] == [EVERY[0], EVERY[-1], None]
    assert not found.waiting


def test_what_a_run_of_them_all_comes_to() -> None:
    """All worked at once: those that nobody needs are not sent, and no other one is left."""
    found, order = Book(plan(*EVERY)), list[str]()
    while (one := found.take(OMNI)) is not None:
        order.append(one.id)
        end = found.verdict(one) or Outcome(one.id, End.DONE)
        for aboard in found.going(one.id):
            found.end(Outcome(aboard.id, End.DONE))
        found.end(end)

    assert order == ["1", "13", "2", "3", "4", "5", "8", "9", "10", "11", "12", "20", "21", "22"]
    ends = {i: o.end for i, o in found.outcomes.items() if o.end is not End.DONE}
    assert ends == dict.fromkeys(("3", "4", "10", "21"), End.UNNEEDED)
    assert found.ended == 9


@pytest.mark.parametrize(("trigger", "outcome", "is_so"), [
    (On.REFUSED, Outcome("1", End.FAILED, status=400), True),
    (On.REFUSED, Outcome("1", End.FAILED, status=499), True),
    (On.REFUSED, Outcome("1", End.FAILED, status=399), False),
    (On.REFUSED, Outcome("1", End.FAILED, status=500), False),
    *((On.REFUSED, Outcome("1", End.FAILED, status=s), False) for s in (401, 403, 404, 408, 429)),
    (On.REFUSED, Outcome("1", End.DONE, status=400), False),
    (On.CODE, Outcome("1", End.FAILED, code="E"), True),
    (On.CODE, Outcome("1", End.FAILED, code="F"), False),
    (On.CODE, Outcome("1", End.DONE, code="E"), False),
    (On.ASTRAY, Outcome("1", End.FAILED, status=404), True),
    (On.ASTRAY, Outcome("1", End.FAILED, status=409), True),
    (On.ASTRAY, Outcome("1", End.FAILED, status=403), False),
    (On.ASTRAY, Outcome("1", End.DONE, status=404), False),
    (On.UNDONE, Outcome("1", End.FAILED), True),
    (On.UNDONE, Outcome("1", End.DONE), False),
    (On.UNDONE, Outcome("1", End.IN_DOUBT), False),
    (On.UNLIKE, Outcome("1", End.FAILED, status=400, code="E"), False),
])  # fmt: skip
def test_when_a_contingent_call_is_sent(trigger: On, outcome: Outcome, is_so: bool) -> None:
    assert occurred(Trigger("1", None, trigger, "E"), call(1), outcome) is is_so


@pytest.mark.parametrize(("one", "named_"), [
    (call(1), False), (call(1, new_id="/id"), True), (call(1, phase=Phase.CREATE), True),
    (call(1, phase=Phase.CREATE, set_field="labels"), False),
])  # fmt: skip
def test_an_id_may_be_lacking_only_where_one_is_told(one: Call, named_: bool) -> None:
    trigger = Trigger("1", None, On.UNKNOWN)

    assert occurred(trigger, one, Outcome("1", End.DONE)) is named_
    assert not occurred(trigger, one, Outcome("1", End.DONE, result={Fact.ID: "x"}))
    assert not occurred(trigger, one, Outcome("1", End.FAILED))


def test_which_contingent_calls_do_the_work_of_another() -> None:
    ways = [on(n, 1, kind) for n, kind in enumerate(On, 2)]
    others = [replace(ways[0], id="8", role=Role.FIND), replace(ways[0], id="9", role=Role.GATE)]
    elsewhere = replace(on(10, 1, On.UNDONE), address=named("z"))

    told = {c.id: str(c.trigger.on) for c in remedies(call(1), [*ways, *others, elsewhere]) if c.trigger}
    assert told == {"2": "refused", "3": "code", "4": "astray", "6": "undone"}


def test_what_an_answer_proves() -> None:
    one = call(
        1, expect={"/a": 1, "/b|/c": "x", "/d": "y" * 90, "/list/*/id": ["1"]}, sink=Sink("/key", "key", {})
    )
    body: Json = {"a": 2, "c": "z", "d": "w" * 90, "list": [{"id": "2"}], "key": "canary"}

    assert differences(one, body, {}) == [
        "/a is 2, not 1", "/c is 'z', not 'x'", f"/d is '{'w' * 79}…, not '{'y' * 79}…",
        "/list/*/id is [{'id': '2'}], not ['1']",
    ]  # fmt: skip
    assert differences(one, {}, {})[:2] == ["/a is not in it", "/b is not in it"]
    hidden = replace(one, expect={"/key": "other", "/key/part": "x"})
    assert differences(hidden, body, {}) == ["/key is something else, not 'other'", "/key/part is not in it"]


def test_what_a_call_tells_the_ledger() -> None:
    results: dict[str, dict[str, Json]] = {"7": {"/id": "g7"}}
    late: Json = {"$from": {"call": "7", "path": "/id"}}
    made = call(1, phase=Phase.CREATE, new_id="/x|/id", effect=Effect(key="k"), summary="create Label K")
    placed = call(1, phase=Phase.CREATE, new_id="{id}", args={"id": late}, effect=Effect(key="k"))
    adds = call(
        1, phase=Phase.ADD, set_field="members", effect=Effect(present=((late, {}), ("u", {})), absent=("o",))
    )
    off = call(1, phase=Phase.REMOVE, set_field="members", effect=Effect(absent=("o", late)), keeps={"flag": True})

    assert facts(made, {"id": 812}, results) == {Fact.ID: "812", Fact.KEY: "k", Fact.LABEL: "K", "/x|/id": "812"}
    assert facts(made, {"x": True, "id": None}, results) == {}
    assert facts(placed, None, results)[Fact.ID] == "g7"
    assert facts(adds, None, results) == {Fact.ADDED: ["members", ["g7", "u"]], Fact.REMOVED: ["members", ["o"]]}
    kept: Json = {"o": {"flag": True}, '{"$from":{"call":"7","path":"/id"}}': {"flag": True}}
    assert facts(off, None, results) == {Fact.REMOVED: ["members", ["o", "g7"]], Fact.KEPT: ["members", kept]}
    assert facts(replace(off, role=Role.CONTINGENT, trigger=Trigger("2")), None, results) == {}
    renamed = call(1, becomes="New", effect=Effect(key="New"), once={"reissue": "2"})
    assert facts(renamed, None, results) == {Fact.BECOMES: "New", Fact.KEY: "New", Fact.ONCE: {"reissue": "2"}}
    assert facts(call(1, phase=Phase.DELETE), None, results) == {Fact.GONE: True}
    told = facts(call(1, sink=Sink("/key", "key", {})), {"a": 1, "b": None, "key": {"x": "canary"}}, {},
                 ("/a", "/b", "/c", "/key", "/key/x"))  # fmt: skip
    assert told == {"/a": 1}
    assert created(call(1, summary="create Label A b"), "7") == {Fact.ID: "7", Fact.KEY: None, Fact.LABEL: "A b"}


def test_a_request_with_all_that_is_known_by_now() -> None:
    results: dict[str, dict[str, Json]] = {"7": {"/id": "a/b"}}
    late: Json = {"$from": {"call": "7", "path": "/id"}}
    one = call(1, path="/v1/{id}/x", args={"id": late}, query={"q": late, "n": 3}, body=[{"$riders": "9"}, late],
               media="xml", repeat=False)  # fmt: skip

    request = request_of(one, results, {"9": ["r1", "r2"]})
    assert str(request) == "PUT /v1/a%2Fb/x?q=a%2Fb&n=3"
    assert (request.body, request.media, request.repeat, request.safe) == (
        ["r1", "r2", "a/b"],
        "xml",
        False,
        False,
    )
    assert [request_of(replace(call(1), role=r, method=m), {}).safe
            for r, m in ((Role.GATE, "POST"), (Role.FIND, "POST"), (Role.WRITE, "GET"), (Role.WRITE, "POST"))] == [
        True, True, True, False,
    ]  # fmt: skip
    with pytest.raises(KeyError):
        request_of(one, {})


def test_an_effect_with_all_that_is_known_by_now() -> None:
    results: dict[str, dict[str, Json]] = {"7": {"/id": "g7"}}
    late: Json = {"$from": {"call": "7", "path": "/id"}}
    unknown: Json = {"$from": {"call": "8", "path": "/id"}}
    effect = Effect("k", fields={"a": late, "b": unknown, "c": {"$id": "x"}}, set_field="members",
                    present=((late, {"u": late, "v": unknown}), (unknown, {})),
                    absent=(late, unknown, [{"$id": "y"}]), scope=(late, unknown, "s"))  # fmt: skip

    found = with_values(call(1, args={"id": late, "x": unknown}, effect=effect), results)

    assert (found.live_id, found.args) == ("g7", {"id": "g7", "x": unknown})
    assert found.effect == Effect("k", fields={"a": "g7"}, set_field="members", present=(("g7", {"u": "g7"}),),
                                  absent=("g7",), scope=("g7", None, "s"))  # fmt: skip
    assert with_values(call(1, args={"id": unknown}), results).live_id is None
    assert with_values(call(1, args={"id": late}, live_id="own"), results).live_id == "own"
    assert with_values(call(1, args={"name": late}, new_id="{name}"), results).live_id == "g7"
    assert with_values(call(1, args={"name": late}, new_id="/id"), results).live_id is None


def test_the_thing_that_a_call_is_about() -> None:
    made = call(1, phase=Phase.CREATE, effect=Effect(key="a"))
    live = labels(label("a"), label("b"), label("c"))

    def of(one: Call, **facts_: Json) -> str | None:
        found = thing(LABEL, one, live, {Fact[n]: v for n, v in facts_.items()})
        return found.id if found else None

    assert of(made) == "a"
    assert of(made, ID="b", BECOMES="c") == "b"
    assert of(call(1, live_id="a"), BECOMES="c") == "c"
    assert of(call(1, live_id="a")) == "a"
    assert of(call(1, effect=Effect(key="a"))) is None
    assert thing(LABEL, made, labels(label("a"), label("A")), {}) is None


def test_what_a_list_can_show_of_a_rider() -> None:
    hidden = sorted(TEAM.rest.when)
    fields: dict[str, Json] = {**dict.fromkeys(hidden, "x"), "name": "n"}
    one = call(1, CREW, effect=Effect(fields=fields))

    assert listed(TEAM, one) is one
    assert set(listed(TEAM, replace(one, carrier="9")).effect.fields) == {"name"}


def test_a_field_that_was_sent_with_an_id_to_come_is_recorded_by_what_it_was() -> None:
    """Whether an answer told that id, or a reading found it."""
    told: Json = {"$from": {"call": "1", "path": "/id"}}
    looked: Json = {"$find": {"read": "2", "key": "k", "scope": []}}
    one = call(3, effect=Effect(fields={"space": told, "team": looked, "name": "n"}))
    found = book(call(1), call(2, role=Role.FIND), one)
    found.end(Outcome("1", End.DONE, result={"/id": "s7"}))
    found.end(Outcome("2", End.DONE, result={found_at("k", []): "t7"}))
    found.end(Outcome("3", End.DONE))
    bond = Bond(A, "Live", digests={"space": "?", "team": "?", "name": "#n"})
    journal = Notebook()

    bind(journal, "run", found, action(Verb.UPDATE, 3, bond=bond), {})

    assert journal.bonds[0][0].digests == {"space": digest("s7"), "team": digest("t7"), "name": "#n"}
    found.end(Outcome("2", End.IN_DOUBT))
    later = Notebook()
    bind(later, "run", found, action(Verb.UPDATE, 3, bond=bond), {})
    assert later.bonds == []
    assert hidden_digests(kinds(call(1), one), found, action(Verb.UPDATE, 3, bond=bond)) == {}


def test_entries_and_names_get_the_ids_of_what_came_about() -> None:
    made = '{"$made":{"by":"studio/Invitation/i","kind":"User","key":"n@example.com"}}'
    late = f'{{"$id":"{CREW}"}}'
    find = call(2, CREW, role=Role.FIND)
    found = book(call(1, CREW, phase=Phase.CREATE), find, call(3))
    found.end(Outcome("1", End.DONE, result={Fact.ID: "t7"}))
    found.end(Outcome("2", End.DONE, result={found_at("n@example.com"): "u7"}))
    found.end(Outcome("3", End.DONE))
    bond = Bond(A, "Live", digests={f"m/{made}": "d", f"m/[{late},\"x\"]": "e", "n": "f"},
                entries={"m": (made, late, "own")}, by={"team": late},
                names={"User/n": made, "User/o": "o"})  # fmt: skip
    journal = Notebook()

    bind(journal, "run", found, action(Verb.UPDATE, 3, bond=bond), {})

    told = journal.bonds[0][0]
    assert told.digests == {"m/u7": "d", 'm/["t7","x"]': "e", "n": "f"}
    assert (told.entries, told.by, told.names) == (
        {"m": ("u7", "t7", "own")}, {"team": "t7"}, {"User/n": "u7", "User/o": "o"},
    )  # fmt: skip


def test_what_nothing_told_is_in_no_set() -> None:
    made = '{"$made":{"by":"studio/Invitation/i","kind":"User","key":"n@example.com"}}'
    found = book(call(3))
    found.end(Outcome("3", End.DONE))
    bond = Bond(A, "Live", digests={f"m/{made}": "d"}, entries={"m": (made, "own")}, by={"team": made},
                names={"User/n": made})  # fmt: skip
    journal = Notebook()

    bind(journal, "run", found, action(Verb.UPDATE, 3, bond=bond), {})

    told = journal.bonds[0][0]
    assert (told.digests, told.entries, told.by, told.names) == ({}, {"m": ("own",)}, {}, {})


def test_what_was_refused_and_done_in_another_way_is_told() -> None:
    no = Outcome("1", End.FAILED, "no such way", 400, {"/old": 1})
    several = book(call(1), fallback(2, 1), fallback(3, 1, 2), c2=End.DONE)
    several.end(Outcome("3", End.DONE, result={Fact.ID: "n7", "/x": 1}))
    several.end(no)
    alone = book(call(1), fallback(2, 1), fallback(3, 1), c2=End.DONE, c3=End.UNNEEDED)
    alone.end(no)
    aboard = book(rider(1, "a"), carrier(9), on(2, 9, On.UNDONE, address=named("a")), c1=End.DONE)
    aboard.end(Outcome("9", End.FAILED, "too many"))
    none = book(call(1), fallback(2, 1), c2=End.FAILED)
    none.end(no)

    done = replace(no, end=End.DONE, message="refused (no such way), then done by calls 2, 3")
    assert [*several.remedied()] == [replace(done, result={"/old": 1, Fact.ID: "n7"})]
    assert [*alone.remedied()] == [replace(done, message="refused (no such way), then done by call 2")]
    assert [o.message for o in aboard.remedied()] == ["refused (too many), then done one by one"]
    assert [*none.remedied()] == []


def test_what_the_ledger_was_told_of_entries_is_that_of_this_very_thing() -> None:
    was = Bond(A, "Live", told={"m/1": {"a": 1}, "m/2": {"b": 2}}, once={"t": "1"})
    planned = Bond(A, "Live", told={"m/2": {"b": 3}})

    def told(known: Bond, **facts_: Json) -> Bond:
        found, journal = book(call(1, phase=Phase.ADD)), Notebook()
        found.end(Outcome("1", End.DONE, result={Fact[n]: v for n, v in facts_.items()}))
        bind(journal, "run", found, action(Verb.UPDATE, 1, bond=planned), {A: known})
        return journal.bonds[0][0]

    assert told(was).told == {"m/1": {"a": 1}, "m/2": {"b": 3}}
    assert (told(replace(was, id="other")).told, told(replace(was, id="other")).once) == ({"m/2": {"b": 3}}, {})
    more: Json = ["m", {"1": {"c": 1}, "9": {"d": 4}, "8": "no entry"}]
    assert told(was, TOLD=more).told == {"m/1": {"a": 1, "c": 1}, "m/2": {"b": 3}, "m/9": {"d": 4}}
    assert told(was).once == {"t": "1"}
