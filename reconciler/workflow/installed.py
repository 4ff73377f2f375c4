"""What runs here: Python, this package, and the packages it needs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from reconciler.model.doctor import Grade, Sign
from reconciler.version import __version__

OLDEST = (3, 11)


def python() -> Sign:
    here = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST:
        return Sign("python", Grade.OK, here)
    return Sign("python", Grade.FAIL, f"{here} is too old", f"use {'.'.join(map(str, OLDEST))} or newer")


def packages() -> Iterator[Sign]:
    """What the installed package says that it needs, against what is there. What it needs for some choice alone
    (an extra, a platform) is left out."""
    try:
        needed = [line for line in requires("reconciler") or [] if ";" not in line]
    except PackageNotFoundError:
        text = f"reconciler {__version__} runs without being installed: nobody can say what it needs"
        yield Sign("packages", Grade.WARN, text, "install it with `pip install .`")
        return
    wrong = [sign for line in needed if (sign := package(line)) is not None]
    text = f"reconciler {__version__} and the {some(len(needed), 'package')} it needs"
    yield from wrong or [Sign("packages", Grade.OK, text)]


def package(line: str) -> Sign | None:
    """What is wrong with one requirement, as `click<9,>=8.1.7`; None if nothing is."""
    match = re.match(r"[A-Za-z0-9._-]+", line)
    name = match[0] if match else line
    way_out = f"pip install '{line}'"
    try:
        there = version(name)
    except PackageNotFoundError:
        return Sign("packages", Grade.FAIL, f"{name} is missing", way_out)
    bounds = re.findall(r"(>=|<=|==|<|>)\s*([0-9][0-9.]*)", line)
    if all(_holds(_numbers(there), sign, _numbers(bound)) for sign, bound in bounds):
        return None
    return Sign("packages", Grade.FAIL, f"{name} is {there}, and {line.removeprefix(name)} is needed", way_out)


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a release, up to the first part that is none."""
    found: list[int] = []
    for part in text.split("."):
        if not part.isdigit():
            break
        found.append(int(part))
    return tuple(found)


def _holds(there: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    wide = max(len(there), len(bound))
    one, other = (n + (0,) * (wide - len(n)) for n in (there, bound))
    return {">=": one >= other, "<=": one <= other, "==": one == other, "<": one < other, ">": one > other}[sign]


def some(count: int, word: str) -> str:
    """`1 target`, `3 targets`."""
    return f"{count} {word}" + ("" if count == 1 else "s")
