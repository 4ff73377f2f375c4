"""The guide names what the program can say: every rule that holds a change, every exit code."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.cli.exit_codes import MEANINGS
from reconciler.model.change import UNKNOWN_PAST

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")


def test_the_guide_names_every_rule() -> None:
    sources = [file.read_text("utf-8") for file in (ROOT / "reconciler").rglob("*.py")]
    rules = {rule for text in sources for rule in re.findall(r'\bHold\(\s*"([a-z-]+)"', text)}
    assert len(rules) > 30
    assert {rule for rule in {*rules, UNKNOWN_PAST, "effects"} if f"`{rule}`" not in GUIDE} == set()


def test_the_guide_names_every_exit_code() -> None:
    assert [code for code in MEANINGS if f"| {code} |" not in GUIDE] == []
