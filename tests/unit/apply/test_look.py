"""What a reading is asked for, and of whom: each verb of a kind gets the kind, the plan's reading, the calls."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.apply.look import Kinds
from reconciler.model.catalog import Verdict
from reconciler.model.json import Json
from reconciler.model.live import Demand
from reconciler.model.plan import Call, Check, Effect, Phase, Precondition
from reconciler.model.record import replace
from tests.unit.apply.samples import LABEL, A, call, label, labels, plan
from tests.world import OMNI, catalog

AT = ("omni-analytics", "Label")
READ = Demand(OMNI, "Label", ids=("x",), removing=True)
ONE, TWO = call(1, live_id="a"), call(2, live_id="b")
MADE = call(3, phase=Phase.CREATE, effect=Effect(key="New"))


def kinds(*calls: Call, read: bool = True, findable: bool = True, **verbs: Any) -> tuple[Kinds, list[Any]]:
    """The kinds of a plan, with these verbs, and what these were given: `verb=answer`."""
    given: list[Any] = []

    def told(answer: Any) -> Any:
        def verb(*words: Any) -> Any:
            given.append(words)
            return answer

        return verb

    known = catalog()
    words: dict[str, Any] = {name: told(answer) if answer is not None else None for name, answer in verbs.items()}
    own = replace(known.verbs[AT], **words)
    one = replace(LABEL, findable=findable)
    known = replace(known, verbs={**known.verbs, AT: own}, kinds={**known.kinds, AT: one})
    whole = plan(*(calls or (ONE, TWO, MADE)))
    checks = (Check(A, ("1",), "Old", id="a"),)
    whole = replace(whole, preconditions=(Precondition(READ, checks, 3),) if read else ())
    return Kinds(known, whole), given


NARROW = Demand(OMNI, "Label", ids=("narrow",))


def test_the_least_reading_that_shows_some_things() -> None:
    found, given = kinds(narrow=NARROW)

    assert found.narrowed(ONE, ["a", "b"]) == NARROW
    assert given == [(LABEL, READ, ["a", "b"], 3)]
    assert found.narrowed(ONE, ["a", None]) == READ
    unread, given = kinds(read=False, narrow=NARROW)
    assert unread.narrowed(ONE, ["a"]) == NARROW
    assert given == [(LABEL, Demand(OMNI, "Label"), ["a"], 1)]
    assert unread.demand(ONE) == Demand(OMNI, "Label")


def test_what_shows_a_write_is_the_kinds_own_word() -> None:
    found, given = kinds(showing=NARROW)

    assert found.showing([ONE, MADE], ["a", "n"]) == NARROW
    assert given == [(LABEL, READ, [ONE, replace(MADE, live_id="n")])]
    assert found.settling([ONE, TWO]) == NARROW
    assert given[1:] == [(LABEL, READ, [ONE, TWO])]
    assert found.readings([ONE, MADE, TWO]) == [[MADE], [ONE, TWO]]
    assert found.readings([ONE]) == [[ONE]]
    assert found.readings([]) == []


def test_without_one_it_is_the_least_reading() -> None:
    found, given = kinds(showing=None, narrow=NARROW)

    assert found.showing([ONE, TWO], ["a", "b"]) == NARROW
    assert found.settling([ONE, TWO]) == NARROW
    assert [words[2] for words in given] == [["a", "b"], ["a", "b"]]
    assert found.settling([ONE, MADE]) == READ
    assert found.settling([replace(ONE, becomes="c")]) == READ
    assert found.settling([replace(ONE, phase=Phase.DELETE)]) == READ
    assert found.readings([ONE, MADE]) == [[ONE, MADE]]
    assert found.finding(ONE) == replace(READ, removing=False)


def test_what_no_list_shows_is_read_by_the_ids_there_are() -> None:
    found, given = kinds(showing=None, narrow=NARROW, findable=False)

    assert found.settling([ONE, MADE]) == NARROW
    assert given[0][2] == ["a"]


def test_every_other_verb_gets_what_it_needs() -> None:
    live, one = labels(label("a")), replace(MADE, set_field="labels")
    found, given = kinds(settled=None)
    assert given == []
    said = {"1": Verdict(True)}
    found, given = kinds(settled=True, verdicts=said, told={"e": {}}, made=[label("n")])

    assert found.settled(ONE, live) is True
    assert found.verdicts(ONE, [TWO], {"x": 1}) == said
    assert found.told(one, {"y": 2}) == {"e": {}}
    assert found.told(ONE, {}) == {}
    assert found.begun(MADE, live) == [label("n")]
    assert found.made(MADE, live) == [label("n")]
    assert given == [
        (LABEL, ONE, live), (LABEL, ONE, [TWO], {"x": 1}), (LABEL, one, {"y": 2}), (LABEL, MADE, live),
        (LABEL, MADE, live),
    ]  # fmt: skip
    assert found.begun(ONE, live) == []


def test_what_a_create_may_have_made_goes_by_its_key() -> None:
    found, _ = kinds(made=None, told=None)

    one = replace(MADE, effect=Effect(key="A"))
    assert [r.id for r in found.made(one, labels(label("a"), label("b")))] == ["a"]
    assert found.begun(MADE, labels(label("New"))) == []
    assert found.told(replace(MADE, set_field="labels"), {}) == {}


def test_what_other_calls_name_of_an_answer() -> None:
    def of(path: str) -> Json:
        return {"$from": {"call": "3", "path": path}}

    uses = call(4, args={"id": of("/id")}, body={"x": of("/k")})
    asks = call(5, query={"q": of("/q")}, expect={"/e": of("/e")})
    finds = call(6, args={"id": {"$find": {"read": "3", "key": "k", "scope": []}}})
    found, _ = kinds(MADE, uses, asks, finds)

    assert found.wanted(MADE) == {"/id", "/k", "/q", "/e"}
    assert found.wanted(uses) == set()
    assert found.of(MADE) == LABEL


@pytest.mark.parametrize(("one", "keys"), [(ONE, ("Old",)), (replace(MADE, address=A), ("New", "Old"))])
def test_a_thing_is_asked_for_by_the_keys_it_has_or_had(one: Call, keys: tuple[str, ...]) -> None:
    writes = replace(one, set_field="labels", effect=replace(one.effect, fields={"f": 1}))
    touched = kinds()[0]._touched(writes, "own")

    assert (touched.id, touched.keys, touched.fields) == ("own", keys, frozenset({"f", "labels"}))
