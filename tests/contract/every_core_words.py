"""Words that the tables of OMN Core have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from reconciler.model.json import Json
from tests.contract.every_row import By, Deed, Row, Sheet, Step, drifted, left_out, never
from tests.world import World

DELETE: Final[Mapping[str, Json]] = {"onRemove": "delete", "allow": ["delete"]}
ANEW: Final[Mapping[str, Json]] = {"allow": ["replace"]}
LABEL: Final = {"locale": "en_GB", "text": "A"}
"""The least entry of `labels`."""
VALUE: Final = {"id": "x"}
"""The least value of a domain."""
Labels = Mapping[str, str]


def labels(change: str, rule: str, theirs: Callable[[World, Labels], object], *, shown: bool = True) -> tuple[Row, ...]:
    """The rows of labels; `theirs`: somebody replaces all of them. Not `shown`: the adversarial profile never shows
    any, and nobody knows of such a deed (OC-R63)."""
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


def domain(change: str, rule: str, theirs: Callable[[World, str, Mapping[str, Any]], object], *, mode: bool) -> tuple[Row, ...]:
    """The rows of a domain; `theirs`: somebody gives it another word (`sortDirection` …) or other values. `mode`: a
    list of values replaces that which is live (OC-R45), which the adversarial profile does not do; else a value
    that leaves it is held (OC-R74)."""
    one, two, three = [{"id": "x"}], [{"id": "x", "labels": {"en_GB": "X"}}, {"id": "y"}], [{"id": "y"}]
    less = Step(three, refused=By(False, True)) if mode else never(three, "cannot-remove")
    other = Step("y", refused=By(False, True)) if mode else never("y", "cannot-remove")

    def values(w: World, *ids: str, **labels: Any) -> object:
        return theirs(w, "values", {i: labels.get(i, {}) for i in ids})

    return (
        Row(
            "domain",
            change,
            (
                Step({"values": one}),
                Step({"values": two, "allowNewValue": True}),
                drifted({"values": two, "allowNewValue": True}, lambda w: values(w, "x")),
                never({"values": two}),
                left_out(),
            ),
        ),
        Row(
            "domain/allowNewValue",
            rule,
            (Step(True), Step(False), drifted(False, lambda w: theirs(w, "allowNewValue", "true")), left_out()),
            more={"domain": {"values": one}},
        ),
        Row(
            "domain/sortDirection",
            rule,
            (
                Step("ASCENDING"),
                Step("MANUAL"),
                drifted("MANUAL", lambda w: theirs(w, "sortDirection", "ASCENDING")),
                left_out(),
            ),
            more={"domain": {"values": one}},
        ),
        Row(
            "domain/values",
            rule,
            (Step(one), Step(two), drifted(two, lambda w: values(w, "y", "x")), left_out(), less),
            more={"domain": {"allowNewValue": False}},
        ),
        Row("domain/values/id", rule, (Step("x"), drifted("x", values), other)),
        Row(
            "domain/values/labels",
            rule,
            (
                Step({"en_GB": "X"}),
                never({"en_UK": "X"}, "unresolved"),
                Step({"en_GB": "Y", "de_DE": "Z"}),
                drifted({"en_GB": "Y", "de_DE": "Z"}, lambda w: values(w, "x", x={"en_GB": "T", "de_DE": "Z"})),
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

