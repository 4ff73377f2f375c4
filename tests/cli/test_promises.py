"""Every promise of docs/promises.md names tests that would fail if it were broken; each of them exists, and so
does every campaign that docs/reliability.md has its figures from."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISES = (ROOT / "docs/promises.md").read_text(encoding="utf-8")
FIGURES = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMAND = re.compile(r"python -m (tests\.[\w.]+)")
TARGET = re.compile(r"`make (\w+)")


@cache
def defined(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def rows() -> list[str]:
    return [line for line in PROMISES.splitlines() if line.startswith("| ") and not line.startswith("| Promise")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.split("|")[1].strip()[:50])
def test_a_promise_names_tests_that_exist(row: str) -> None:
    named = TEST.findall(row)

    assert named, "nothing would fail"
    assert [f"{file}::{name}" for file, name in named if name not in defined(file)] == []


def test_there_are_promises() -> None:
    assert len(rows()) >= 15


@pytest.mark.parametrize("module", sorted(set(COMMAND.findall(MAKEFILE))))
def test_a_campaign_of_the_makefile_exists(module: str) -> None:
    path = ROOT / Path(*module.split("."))
    text = (path / "__main__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")

    assert "__main__" in text or path.is_dir()


@pytest.mark.parametrize("target", sorted(set(TARGET.findall(FIGURES + PROMISES))))
def test_a_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_the_page_of_dependencies_knows_all_of_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pages = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "docs/adr").glob("*.md"))
    names = {re.split(r"[^\w-]", d)[0] for d in project["dependencies"]}

    assert {n for n in names if n not in pages.lower()} == set()
