"""The pages of docs/apis against what was built by them: ids, endpoints, questions, profiles."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from reconciler.model.kind import WriteCall
from reconciler.twins import TWINS
from tests.contract.pages import PAGES, ROOT, code, entries, page, rows, section
from tests.world import catalog

providers = pytest.mark.parametrize("provider", PAGES)


@providers
def test_an_id_is_defined_once(provider: str) -> None:
    defined = Counter(re.findall(r"^\| \*\*([A-Z]{2}-[A-Z]\d+)\*\*", page(provider), re.MULTILINE))

    assert {i: n for i, n in defined.items() if n > 1} == {}
    assert {i.partition("-")[0] for i in defined} == {PAGES[provider]}


@providers
def test_ids_are_numbered_without_a_gap(provider: str) -> None:
    defined = re.findall(r"^\| \*\*[A-Z]{2}-([A-Z])(\d+)\*\*", page(provider), re.MULTILINE)

    for letter in {letter for letter, _ in defined}:
        numbers = sorted(int(n) for found, n in defined if found == letter)
        assert numbers == list(range(1, len(numbers) + 1)), letter


def test_every_id_that_anything_cites_is_defined() -> None:
    pages = "".join(page(p) for p in PAGES)
    defined = set(re.findall(r"^\| \*\*([A-Z]{2}-[A-Z]\d+)\*\*", pages, re.MULTILINE))
    folders = ("reconciler", "tests", "schemas", "docs", "manifests", "examples")
    files = [f for folder in folders for f in (ROOT / folder).rglob("*") if f.suffix in (".py", ".md", ".yaml")]
    assert len(files) > 100

    cited = {(i, f.name) for f in files for i in re.findall(r"\b(?:OA|ST)-[A-Z]\d+\b", f.read_text("utf-8"))}
    assert {(i, name) for i, name in cited if i not in defined and not i.endswith("99")} == set()  # 99: for tests


@providers
def test_every_call_a_kind_makes_stands_in_the_table_of_endpoints(provider: str) -> None:
    written = {_bare(c) for cells in rows(section(provider, "Endpoints in use")) for c in code(cells[0])}
    made: set[str] = set()
    for kind in catalog().of(provider):
        rest = kind.rest
        calls = [rest.list.call if rest.list else "", rest.read or ""]
        writes = [rest.create, rest.update, rest.delete]
        writes += [w for s in rest.sets.values() for w in (s.add, s.change, s.remove)]
        made |= {_bare(c) for c in [*calls, *(w.call for w in writes if isinstance(w, WriteCall))] if c}

    assert made
    assert made <= written


def _bare(call: str) -> str:
    """Without the query, and with every variable step the same."""
    return re.sub(r"\{\w+\}|:\w+", "*", call.partition("?")[0])


@providers
def test_every_question_is_a_knob_of_the_twin_and_the_other_way_round(provider: str) -> None:
    """A question whose answer is `the same` in both profiles needs no knob."""
    questions = entries(provider, "Open questions: how the twin answers")
    open_ = {i for i, cells in questions.items() if cells[2] != "the same" and cells[1] != cells[2]}
    knobs = {k.name: k for k in TWINS[provider].questions}

    assert {name for name, knob in knobs.items() if not knob.switch} == open_
    assert all(f"`{name}`" in page(provider) for name, knob in knobs.items() if knob.switch)
    assert all(knob.plain != knob.adversarial for knob in knobs.values())


@providers
def test_every_assumption_says_what_happens_if_it_is_wrong(provider: str) -> None:
    for name, cells in entries(provider, "Assumptions").items():
        assert len(cells) == 3, name
        assert all(cells), name
        assert cells[2].startswith(("yes", "no", "partly")), name


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    label = catalog().kind("omni-analytics", "Label").schema["properties"]["name"]  # type: ignore[index,call-overload]
    rules = page("omni-analytics")

    assert f"{label['minLength']} to {label['maxLength']} characters" in rules  # type: ignore[index,call-overload]
    assert f"{catalog().providers['omni-analytics'].per_minute} requests a minute" in rules
