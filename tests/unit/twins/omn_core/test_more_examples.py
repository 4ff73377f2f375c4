"""The examples of the OMN Core reference for glossaries, directories, channels and peos, on their worlds."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import OmnCoreTwin
from tests.unit.twins.omn_core import told_worlds as told
from tests.unit.twins.omn_core.compact import Example, ask, examples
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.served import served

CASES: list[tuple[str, int, told.World]] = [
    ("4.5", 0, told.nothing),
    ("4.5", 1, told.rncs),
    ("4.7", 0, told.listed_glossary),
    ("4.7", 1, told.written_glossary),
    ("4.7", 3, told.deleted_glossary),
    ("4.7", 5, told.written_entries),
    ("4.7", 6, told.performed_entries),
    ("4.8", 0, told.listed_directories),
    ("4.8", 1, told.written_directories),
    ("4.8", 2, told.performed_directories),
    ("4.8", 3, told.asked_assets),
    ("4.13", 0, told.channels),
    ("4.14", 0, told.found_peo),
    ("4.14", 1, told.listed_peo),
    ("4.14", 2, told.written_peos),
    ("4.14", 3, told.performed_peos),
    ("4.14", 4, told.linked_peo),
    ("4.14", 5, told.linked_peo),
]


@pytest.mark.contract
@pytest.mark.parametrize(("section", "number", "world"), CASES)
def test_an_example(section: str, number: int, world: told.World) -> None:
    example = examples(section)[number]
    with served(OmnCoreTwin()) as it:
        world(it.twin)
        shown = ask(Omn(it), example.path, example.body)
        monitored(example, shown)

        assert shown == example.answer
        if example.again is not None:
            assert ask(Omn(it), example.path, example.body)["responses"]["entries"] == [example.again]


def monitored(example: Example, shown: Any) -> None:
    """Monitors have numbers of one row with all ids, which no samples of several servers can have."""
    for ours, theirs in zip(
        *(at.get("responses", {}).get("entries", []) for at in (shown, example.answer)), strict=True
    ):
        if "monitorId" in ours.get("details", {}):
            assert ours["details"]["monitorId"].isdecimal()
            ours["details"]["monitorId"] = theirs["details"]["monitorId"]


@pytest.mark.contract
def test_every_example_is_asked() -> None:
    tested = {(section, number) for section, number, _ in CASES} | {("4.7", 2), ("4.7", 4)}

    assert {(s, n) for s in ("4.5", "4.7", "4.8", "4.13", "4.14") for n in range(len(examples(s)))} == tested


@pytest.mark.contract
def test_a_glossary_name_that_is_taken() -> None:
    example = examples("4.7")[2]
    with served(OmnCoreTwin()) as it:
        shown = ask(Omn(it), example.path, example.body)
        assert it.twin.log[-1].status == example.status

    assert len(shown["details"].pop("supportId")) == len(example.answer["details"].pop("supportId"))
    assert shown == example.answer


@pytest.mark.contract
def test_a_new_entry() -> None:
    """The request is told elsewhere in the reference."""
    example = examples("4.7")[4]
    item = {"loc": "en_EN", "mode": "delta", "type": "term", "similarity": "100", "forbidden": "false"}
    text = {"itm": [{"key": "value", "loc": "de_DE", "value": "T DE 1"}], "forbidden": "false"}
    link = {**item, "itm": [{"key": "value", "loc": "en_EN", "value": "T EN 1"}]}
    sent = {"parentId": "41550", "loc": "de_DE", "type": "term", "meta": text, "links": {"itms": [link]}}
    with served(OmnCoreTwin()) as it:
        told.glossary(it.twin, "41550")
        it.twin.next_guids("56948c33-29bc-46d1-be81-6fd9452d910f")

        assert ask(Omn(it), example.path, {"glossaryEntries": {"entries": [sent]}}) == example.answer
