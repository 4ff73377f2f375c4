"""Every renderer there is, found by its name and type, with text in its values that nobody would wish to see: a
new one is tried like all others."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import reconciler.report
from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from reconciler.report.escape import fenced, html, json_text, md, prose, safe
from reconciler.report.style import Sheet, Style
from tests.golden.sample import rich_report
from tests.safety.hostile import BAD, HARMFUL, SAMPLE, acting, calls
from tests.unit.report.test_escape import outside_code

ENDINGS = ("_text", "_markdown", "_json", "_csv", "_short")
RAW = {"value_text", "duration_text"}
"""Parts of a text, which whoever puts them in escapes."""
KIND = Kind(SAMPLE, SAMPLE, SAMPLE, {}, {"properties": {}, "examples": []}, description=SAMPLE)


def hostile_plan() -> Plan:
    """That of the report's own tests, in fewer letters: theirs hold every code point, which takes long."""
    path = Path(__file__).parents[1] / "unit" / "report" / "test_hostile.py"
    spec = spec_from_file_location("hostile_in_few_letters", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    with patch("tests.unit.report.test_escape.HARMFUL", ["\x1b", "\u202e"]):
        spec.loader.exec_module(module)
    with patch.object(module, "BAD", SAMPLE):
        found = module.hostile_plan()
    assert isinstance(found, Plan)
    return found


KNOWN: dict[Any, Any] = {
    Plan: hostile_plan(),
    Report: rich_report(),
    Style: Style(80),
    Address: Address(SAMPLE, SAMPLE, SAMPLE),
    Kind: KIND,
    tuple[str, ...]: (),
}
"""Values that have to make sense as a whole."""


def renderers() -> dict[str, Callable[..., Any]]:
    found = {}
    for module in pkgutil.iter_modules(reconciler.report.__path__):
        room = import_module(f"reconciler.report.{module.name}")
        for name, one in vars(room).items():
            own = getattr(one, "__module__", "") == room.__name__
            if own and name.endswith(ENDINGS) and not name.startswith("_") and name not in RAW:
                found[f"{module.name}.{name}"] = one
    return found


RENDERERS = renderers()


def rendered(one: Callable[..., Any]) -> str:
    given = calls(one, KNOWN)
    found = one(*given)
    return found if isinstance(found, str) else "\n".join(map(str, found))


def test_there_are_renderers_of_every_form() -> None:
    assert {name.rpartition("_")[2] for name in RENDERERS} >= {"text", "markdown", "json", "csv"}
    assert len(RENDERERS) > 30


@pytest.mark.parametrize("name", RENDERERS)
def test_no_harmful_code_point_is_in_any_output(name: str) -> None:
    besides = "\n\r" if name.endswith("_csv") else "\n"  # CSV ends its lines as RFC 4180 says
    assert acting(rendered(RENDERERS[name]), besides=besides) == set()


@pytest.mark.parametrize("name", [n for n in RENDERERS if n.endswith("_markdown")])
def test_no_markup_but_ours_is_in_a_comment(name: str) -> None:
    text = rendered(RENDERERS[name])
    shown, _ = outside_code(text)
    assert set(re.findall(r"</?([a-z]+[0-9]?)", shown)) <= OURS
    assert "@everyone" not in shown
    assert "evil.example.com" not in shown


OURS = {
    "p",
    "ul",
    "ol",
    "li",
    "em",
    "strong",
    "details",
    "summary",
    "br",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
OURS |= {f"h{n}" for n in range(1, 7)} | {"pre"}


def test_the_whole_set_is_written_out_alone_and_in_a_row() -> None:
    assert len(HARMFUL) > 2_500
    for write in (safe, md, prose, html, fenced, lambda text: json_text({text: [text]})):
        for character in sorted(HARMFUL):
            assert acting(write(f"a{character}b")) == set(), hex(ord(character))
        assert acting(write(BAD)) == set()


@pytest.mark.parametrize("text", ["❤️", "☀️ warm", "plain", "Zoë", "日本語", "👍🏽", "नमस्ते"])
def test_what_people_write_stays_as_they_wrote_it(text: str) -> None:
    assert safe(text) == text


def test_a_sheet_is_as_narrow_as_it_was_told() -> None:
    width = 80
    sheet = Sheet(Style(width))
    sheet.line(safe(BAD[:3_000]), indent=4)
    assert all(len(line) <= width for line in sheet.text().splitlines())
