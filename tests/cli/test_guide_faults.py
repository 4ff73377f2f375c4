"""The guide names every fault that a twin can be given, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.twins.core.faults import Act

GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"


def test_the_guide_names_the_faults_there_are() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    (part,) = re.findall(r"`act` is\none of (.*?)\n\n", text, re.DOTALL)
    named = re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", part, flags=re.DOTALL))

    assert sorted(named) == sorted(Act)
