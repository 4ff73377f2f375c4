"""Every trap, open question and check of an API has a test, or a line that says why it needs none."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.contract.pages import ROOT, code, entries
from tests.unit.twins.served import contract

WHOLE = ("omg-platform", "omn-core", "omni-analytics", "omni-cms", "studio-tracker")
"""The APIs all of whose traps are told."""

HEADINGS = {"T": "Traps", "Q": "Questions the reference leaves open", "K": "Checks"}
SHOWN = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")

apis = pytest.mark.parametrize("provider", WHOLE)
parts = pytest.mark.parametrize("letter", HEADINGS)


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


@apis
@parts
def test_every_row_names_tests_that_there_are_or_says_why_not(provider: str, letter: str) -> None:
    told = entries(provider, HEADINGS[letter])
    assert told
    for one, cells in told.items():
        named = [found for text in code(cells[-1]) if (found := SHOWN.fullmatch(text))]
        assert named or cells[-1].startswith("no test: "), one
        assert not cells[-1].startswith("no test: ") or len(cells[-1]) > len("no test: ") + 15, one
        for test in named:
            assert test[2] in _tests_in(test[1]), (one, test[0])


def _section(text: str, number: str) -> str:
    """What stands under the heading of this number, up to the next one of any level."""
    _, found, rest = re.split(rf"(?m)^(#+ {re.escape(number)}\.? )", text, maxsplit=1)
    assert found
    return re.split(r"(?m)^#", rest)[0]


def _traps(text: str) -> int:
    """The numbered sentences of the section called Traps, counted from 1; where there is none, all sentences of
    the table rows and paragraphs that are called so, or the parts between their semicolons, and the items of the
    list of blind spots."""
    number = re.search(r"(?m)^### ([\d.]+) Traps$", text)
    if number is None:
        passages = re.finditer(r"(?m)^(?:\| Traps \| (.*) \||Traps: (.*))$", text)
        blind = re.search(r"(?m)^### ([\d.]+) Blind spots", text)
        items = re.findall(r"(?m)^\* ", _section(text, blind[1])) if blind else []
        return sum(_sentences(one[1]) if one[1] else _parts(one[2]) for one in passages) + len(items)
    return _numbered(_section(text, number[1]))


def _numbered(passage: str) -> int:
    """How many sentences are numbered from 1 on."""
    seen = {int(n) for n in re.findall(r"(?<![\w.])(\d+)\. ", passage)}
    return next(n for n in range(len(seen) + 1) if n + 1 not in seen)


def _sentences(text: str) -> int:
    return len(re.findall(r"\.(?: |$)", text))


def _parts(text: str) -> int:
    """Sentences; of one alone, what its semicolons part it into. What stands in brackets is of the part before."""
    bare = re.sub(r"\([^()]*\)", "", text)
    many = len(re.findall(r"(?<!etc)\.(?: |$)", text))
    return many if many > 1 else bare.count("; ") + 1


def _questions(text: str) -> int:
    number = re.search(r"(?m)^#+ (\d+)\.? Open questions", text)
    assert number
    return len(re.findall(r"(?m)^\| Q?\d+ \|", _section(text, number[1])))


def _checks(text: str) -> int:
    """Lettered claims, or numbered ones."""
    number = re.search(r"(?m)^### ([\d.]+) (?:Acceptance|Conformance) checks", text)
    assert number
    passage = _section(text, number[1])
    return len(set(re.findall(r"\(([a-z])\) ", passage))) or _numbered(passage)


@pytest.mark.contract
@apis
def test_as_many_as_the_reference_counts(provider: str) -> None:
    text = contract(f"{provider}.md")

    counted = {"T": _traps(text), "Q": _questions(text), "K": _checks(text)}
    assert min(counted.values()) >= 8
    assert {letter: len(entries(provider, HEADINGS[letter])) for letter in HEADINGS} == counted
