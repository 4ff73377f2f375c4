"""Where the id of a thing is its name: what sends the old name goes before the call that changes it."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.document import Address
from reconciler.model.kind import Field, Kind
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.plan.edges import renamed_last

NAME = Field("name", wire="/name")
TAG = Kind("odd", "Tag", "name", {"name": NAME}, {})
PAGE = Kind("odd", "Page", "name", {"name": NAME, "tags": Field("tags", ("array",), is_set=True, ref="Tag")}, {})


def naming(call_id: str, *present: str, absent: tuple[str, ...] = (), **words: Any) -> Call:
    effect = Effect(set_field="tags", present=tuple((i, {}) for i in present), absent=absent)
    return Call(
        call_id, "t", "Page", Address("t", "Page", call_id), "PATCH", "/x", Phase.ADD, effect=effect, **words
    )


def test_what_sends_an_old_name_goes_before_the_call_that_changes_it() -> None:
    kinds = {("t", "Page"): PAGE, ("t", "Tag"): TAG}
    address = Address("t", "Tag", "a")
    rename = Call("r", "t", "Tag", address, "PUT", "/y", Phase.UPDATE, live_id="Old", becomes="New")
    plain = Call("p", "t", "Tag", address, "PUT", "/y", Phase.UPDATE, live_id="Old")
    calls = [naming("on", "Old"), naming("off", absent=("Old",)), naming("other", "Else"), rename, plain]

    found = {c.id: c.follows for c in renamed_last(calls, kinds)}

    assert found == {**dict.fromkeys(("on", "off", "other", "p"), frozenset()), "r": {"on", "off"}}
    after = naming("after", "Old", after=frozenset({"r"}))
    assert renamed_last([after, rename], kinds)[1].follows == frozenset(), "no circle"
    for edge in ("waits", "follows"):
        words: dict[str, Any] = {edge: frozenset({"between"})}
        between = naming("between", after=frozenset({"r"}))
        assert renamed_last([naming("on", "Old", **words), between, rename], kinds)[2].follows == frozenset()


@pytest.mark.parametrize(
    ("effect", "sends"),
    [
        (Effect(fields={"best": "Old"}), True),
        (Effect(fields={"best": "Else", "name": "Old"}), False),
        (Effect(fields={"tags": ["Else", "Old"]}), True),
        (Effect(set_field="uses", present=(("Else", {"tag": "Old"}),)), True),
        (Effect(set_field="uses", present=(("Old", {"tag": "Else"}),)), False),
        (Effect(set_field="pins", present=(("Old", {}),)), True),
        (Effect(set_field="pins", absent=("Old",)), True),
    ],
)
def test_an_old_name_is_sent_by_a_field_a_list_an_entry_or_a_part_of_one(effect: Effect, sends: bool) -> None:
    tag = Field("tag", ref="Tag")
    more = {
        "best": Field("best", ref="Tag"),
        "uses": Field("uses", ("array",), is_set=True, entry_key="id", entries={"id": NAME, "tag": tag}),
        "pins": Field("pins", ("array",), is_set=True, entry_key="tag", entries={"tag": tag}),
    }
    kinds = {("t", "Page"): replace(PAGE, fields={**PAGE.fields, **more}), ("t", "Tag"): TAG}
    at = Address("t", "Tag", "a")
    rename = Call("r", "t", "Tag", at, "PUT", "/y", Phase.UPDATE, live_id="Old", becomes="New")
    sender = replace(naming("p"), effect=effect)
    elsewhere = replace(sender, id="q", target="u")

    assert renamed_last([sender, elsewhere, rename], kinds)[2].follows == ({"p"} if sends else set())
