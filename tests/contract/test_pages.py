"""The pages of docs/apis against what was built by them: ids, endpoints, questions, profiles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from reconciler.model.json import Json
from reconciler.model.kind import WriteCall
from reconciler.providers.omni_analytics.document_calls import DOCUMENTS
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS, NEWER
from reconciler.providers.omni_analytics.folder_grants import FOLDERS
from reconciler.twins import TWINS
from tests.contract.pages import ALL, IDS, ROOT, code, defined, entries, page, rows, section
from tests.world import catalog

pages = pytest.mark.parametrize("provider", ALL)
providers = pytest.mark.parametrize("provider", TWINS)


@pages
def test_an_id_is_defined_once(provider: str) -> None:
    assert {i: n for i, n in Counter(defined(provider)).items() if n > 1} == {}
    assert len({i.partition("-")[0] for i in defined(provider)}) == 1


@pages
def test_ids_ascend_in_each_table(provider: str) -> None:
    """A number once given is never given again, so a table may skip some."""
    for part in re.split(r"(?m)^#+ ", page(provider)):
        numbers: dict[str, list[int]] = {}
        for one in IDS.findall(part):
            numbers.setdefault(one.partition("-")[2][0], []).append(_number(one))
        assert {letter: n for letter, n in numbers.items() if n != sorted(n)} == {}


def test_every_id_that_anything_cites_is_defined() -> None:
    known = {i for p in ALL for i in defined(p)}
    prefixes = "|".join(sorted({i.partition("-")[0] for i in known}))
    folders = ("reconciler", "tests", "schemas", "docs", "manifests", "examples")
    files = [f for folder in folders for f in (ROOT / folder).rglob("*") if f.suffix in (".py", ".md", ".yaml")]
    assert len(files) > 100

    pattern = re.compile(rf"\b(?:{prefixes})-[A-Z]\d+\b")
    cited = {(i, f.name) for f in files for i in pattern.findall(f.read_text("utf-8"))}
    assert {(i, name) for i, name in cited if i not in known and not i.endswith("99")} == set()  # 99: for tests


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


def test_the_table_of_endpoints_is_that_of_the_code() -> None:
    cells = [c for c in rows(section("omni-analytics", "Endpoints in use")) if c[0] != "Call"]
    calls = [call for c in cells for call in code(c[0])]

    assert Counter(calls) == Counter([*ENDPOINTS.values(), *NEWER.values()])
    assert [c[0] for c in cells if len(c) != 4 or not all(c)] == [], "each says what for"


@pytest.mark.parametrize("operation", [*ENDPOINTS, *NEWER])
def test_every_endpoint_of_the_table_is_used(operation: str) -> None:
    """A schema writes the call, or a module its name, be it out of parts; grants have three calls to each path."""
    grants = {f"{method} {_bare(c.path)}" for c in (FOLDERS, DOCUMENTS) for method in ("POST", "PATCH", "DELETE")}
    schemas = {_bare(call) for kind in catalog().of("omni-analytics") for call in _calls(kind.schema["x-rest"])}

    used = _bare({**ENDPOINTS, **NEWER}[operation]) in grants | schemas
    assert used or any(re.fullmatch(name, operation) for name in names())


def _calls(node: Json) -> Iterator[str]:
    """Every `METHOD /path` in a schema's `x-rest`."""
    if isinstance(node, str) and re.match(r"[A-Z]+ /", node):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _calls(below)


@cache
def names() -> frozenset[str]:
    """Texts in the modules that may name an operation, as patterns: anything may stand for what is filled in."""
    folder = ROOT / "reconciler" / "providers" / "omni_analytics"
    text = "".join(f.read_text("utf-8") for f in folder.glob("*.py") if f.name != "endpoints.py")
    found = re.findall(r'"((?:\{\w+\})?[a-zA-Z]{8,})"', text)
    return frozenset(re.sub(r"\{\w+\}", "[a-z]+", name) for name in found)


def _bare(call: str) -> str:
    """Without the query, and with every variable step the same."""
    return re.sub(r"\{\w+\}|:\w+", "*", call.partition("?")[0])


ANSWERED = {"omg-platform": 20, "omn-core": 54, "omni-analytics": 49, "omni-cms": 20, "studio-tracker": 38}
"""Up to this question the twins answer all of them; a page is written before its twin."""


@providers
def test_every_knob_of_the_twin_is_a_question_and_the_other_way_round(provider: str) -> None:
    """A question answered `the same` in both profiles needs no knob."""
    questions = entries(provider, "Open questions: how the twin answers")
    open_ = {i for i, cells in questions.items() if cells[2] != "the same" and cells[1] != cells[2]}
    knobs = {k.name: k for k in TWINS[provider].questions}
    served = {name for name, knob in knobs.items() if not knob.switch}

    assert served <= open_
    assert {i for i in open_ - served if _number(i) <= ANSWERED[provider]} == set()
    assert all(f"`{name}`" in page(provider) for name, knob in knobs.items() if knob.switch)
    assert all(knob.plain != knob.adversarial for knob in knobs.values())


def _number(name: str) -> int:
    return int(re.sub(r"\D", "", name))


@pages
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


def test_no_path_of_omni_analytics_is_written_a_second_time() -> None:
    """The table of endpoints is the one place where a later edition's paths are to be written."""
    folder = ROOT / "reconciler" / "providers" / "omni_analytics"
    modules = sorted(folder.glob("*.py"))
    written = {m.name for m in modules if re.search(r"""["' ]/(v1|scim|unstable)/\w""", m.read_text("utf-8"))}

    assert len(modules) > 20
    assert written == {"endpoints.py"}
