"""Words that the tables of OMN Core have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from reconciler.model.json import Json
from tests.contract.every_row import By, Deed, Row, Sheet, Step, drifted, left_out, never
from tests.world import World

DELETE: Final[Mapping[str, Json]] = {"onRemove": "delete", "allow": ["delete"]}
ANEW: Final[Mapping[str, Json]] = {"allow": ["replace"]}
LABEL: Final = {"locale": "en_GB", "text": "A"}
"""The least entry of `labels`."""
VALUE: Final = {"id": "x"}
"""The least value of a domain."""
Labels: TypeAlias = Mapping[str, str]
Theirs: TypeAlias = Callable[[World, Mapping[str, Labels], Mapping[str, str]], object]


def labels(
    change: str, rule: str, theirs: Callable[[World, Labels], object], *, shown: bool = True
) -> tuple[Row, ...]:
    """The rows of labels; `theirs`: somebody replaces all of them. Not `shown`: the adversarial profile never
    shows any, and nobody knows of such a deed (OC-R63)."""
    seen = 1 if shown else By(1, 0)
    both = {"en_GB": "B", "de_DE": "C"}

    def wrote(**texts: str) -> Callable[[World], object]:
        return lambda w: theirs(w, texts)

    return (
        Row(
            "labels",
            change,
            (
                Step({"en_GB": "A"}),
                Step(both),
                drifted(both, wrote(en_GB="T", de_DE="C"), calls=seen),
                never({"en_GB": "B"}, note="left in place: the labels in de_DE"),
                never([]),
                left_out(),
            ),
        ),
        Row("labels/locale", rule, (Step("en_GB"), never("en_UK", "unresolved"), Step("de_DE"))),
        Row("labels/text", rule, (Step("A"), Step("B"), drifted("B", wrote(en_GB="T"), calls=seen))),
        Row(
            "labelsMode",
            rule,
            (never("additive"), never("additive", behind=wrote(en_GB="A", fr_FR="T")), left_out()),
            more={"labels": {"en_GB": "A"}},
        ),
    )


def domain(change: str, rule: str, theirs: Theirs, *, mode: bool) -> tuple[Row, ...]:
    """The rows of a domain; `theirs`: somebody gives it these values and flags. `mode`: a list of values replaces
    that which is live (OC-R45), which the adversarial profile does not do; else a value cannot leave (OC-R74)."""
    one: list[Json] = [{"id": "x"}]
    two: list[Json] = [{"id": "x", "labels": {"en_GB": "X"}}, {"id": "y"}]
    spoken = {"en_GB": "Y", "de_DE": "Z"}
    other: list[Json] = [{"id": "y"}]

    def last(says: Json, added: int = 0) -> Step:
        return Step(says, refused=By(False, True)) if mode else Step(says, added, "cannot-remove")

    def wrote(values: Mapping[str, Labels], **flags: str) -> Callable[[World], object]:
        return lambda w: theirs(w, values, {"allowNewValue": "false", "sortDirection": "MANUAL", **flags})

    x: dict[str, Labels] = {"x": {}}
    whole = {"values": two, "allowNewValue": True}
    return (
        Row(
            "domain",
            change,
            (
                Step({"values": one}),
                Step(whole),
                drifted(whole, wrote(x, allowNewValue="true")),
                never({"values": two}),
                left_out(),
            ),
        ),
        Row(
            "domain/allowNewValue",
            rule,
            (Step(True), Step(False), drifted(False, wrote(x, allowNewValue="true")), left_out()),
            more={"domain": {"values": one}},
        ),
        Row(
            "domain/sortDirection",
            rule,
            (Step("UP"), Step("MANUAL"), drifted("MANUAL", wrote(x, sortDirection="UP")), left_out()),
            more={"domain": {"values": one}},
        ),
        Row(
            "domain/values",
            rule,
            (Step(one), Step(two), drifted(two, wrote({"x": {"en_GB": "T"}, "y": {}})), left_out(), last(other)),
            more={"domain": {"allowNewValue": False}},
        ),
        Row("domain/values/id", rule, (Step("x"), drifted("x", wrote({})), last("y", 1))),
        Row(
            "domain/values/labels",
            rule,
            (
                Step({"en_GB": "X"}),
                never({"en_UK": "X"}, "unresolved"),
                Step(spoken),
                drifted(spoken, wrote({"x": {**spoken, "en_GB": "T"}})),
                never({"de_DE": "Z"}),
                left_out(),
            ),
        ),
    )


def moves(rule: str, own: str, **spec: Any) -> Deed:
    """The manifest gets another name: nothing is sent."""
    return Deed(
        "move", rule, Sheet(spec, name="other", metadata={"previously": {"name": own}}), Sheet(spec), verb="move"
    )
