"""The commands that are set side by side: our own, as somebody would type them, and the floor."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.far_end import ROOT, environment
from benchmarks.sides import Side, own_environment

OURS: Final = (sys.executable, "-m", "reconciler")
COLD: Final = {"RECONCILER_CACHE": "off"}
"""Every manifest is read."""


def warm(cache: Path) -> dict[str, str]:
    """What was read before is kept in this folder."""
    return {"XDG_CACHE_HOME": str(cache)}


def ours(name: str, url: str, project: Path, words: Sequence[str], cache: Mapping[str, str]) -> Side:
    """One of our commands, as typed inside the project's folder."""
    return Side(name, (*OURS, *words), {**environment(url), **cache}, project)


def nothing_to_do(name: str, url: str, project: Path, cache: Mapping[str, str]) -> Side:
    """A plan that fails where anything is to be done."""
    return ours(name, url, project, ("plan", "--detailed-exitcode"), cache)


def floor(name: str, url: str, project: Path, *words: str) -> Side:
    """The least pipeline."""
    return Side(name, (sys.executable, "-m", "benchmarks.floor", str(project), url, *words), folder=ROOT)


def planned(url: str, project: Path) -> dict[str, Any]:
    """The plan as data, not timed."""
    words = (*OURS, "plan", "--output", "json", "--progress", "none")
    given = own_environment({**environment(url), **COLD})
    said = subprocess.run(words, cwd=project, env=given, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found
