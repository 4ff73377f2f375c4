"""Records: what goes along and counts for nothing, what is worked out, and what a copy takes over."""

from __future__ import annotations

import pytest

from reconciler.model.live import Collection, Resource
from reconciler.model.plan import Plan
from reconciler.model.record import Record, aside, force_setattr, replace, worked_out


@aside("note", "made_by")
class Sheet(Record, frozen=True):
    name: str
    size: int = 0
    note: str = ""
    made_by: str = ""


@aside("keeper")
class Shown(Record):
    name: str
    keeper: str = ""

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Doubled(Record, frozen=True):
    size: int
    twice: int = worked_out()

    def __post_init__(self) -> None:
        force_setattr(self, "twice", 2 * self.size)


def test_what_goes_along_is_neither_compared_nor_hashed_nor_shown() -> None:
    one, other = Sheet("a", 1, note="x", made_by="ada"), Sheet("a", 1, note="y")

    assert one == other
    assert not one != other  # noqa: SIM202 - both operators are ours
    assert hash(one) == hash(other)
    assert repr(one) == "Sheet(name='a', size=1)"
    assert one != Sheet("a", 2, note="x", made_by="ada")
    assert one != ("a", 1)  # type: ignore[comparison-overlap]


def test_what_a_class_says_itself_stays() -> None:
    assert repr(Shown("a", "ada")) == "<a>"
    assert Shown("a", "ada") == Shown("a", "bob")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Shown("a"))


def test_nobody_changes_what_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Sheet("a").name = "b"  # type: ignore[misc]


def test_what_is_worked_out_is_worked_out_anew_for_a_copy() -> None:
    assert replace(Doubled(1), size=4).twice == 8
    with pytest.raises(TypeError, match="no field"):
        replace(Doubled(1), width=4)  # type: ignore[call-arg]


def test_a_copy_of_a_collection_looks_at_its_own_things() -> None:
    one = Collection("Label", (Resource("1", "a", {}),))
    assert list(one.filed("key", lambda r: str(r.key))) == ["a"]

    assert list(replace(one, resources=()).filed("key", lambda r: str(r.key))) == []


def test_a_plan_works_out_its_id_once_and_a_copy_keeps_it() -> None:
    plan = Plan("", "1", "m", (), (), ())
    other = replace(plan, bound=7)

    assert plan.id == other.id
    assert plan.id.startswith("sha256:")
    assert replace(plan, stamp="", bound=7).id != plan.id
    assert Plan("p", "1", "m", (), (), ()).id == "p"
