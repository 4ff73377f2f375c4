"""Plain words of YAML 1.2: what is null, true, a number; everything else is text (`no`, `1:30`, `2024-01-01`)."""

from __future__ import annotations

import math
import re
from typing import Final

MOST_DIGITS: Final = 3_500  # of any base; every such number can be written in decimal again

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS: Final = {w: w.lower() == "true" for w in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT: Final = re.compile(r"[-+]?[0-9]+")
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_STARTS: Final = frozenset("0123456789+-.~nNtTfF")


def plain(word: str) -> bool | int | float | str | None:
    """The value of an unquoted word. Raises ValueError (a sentence) for numbers JSON has no way to write."""
    if not word or word[0] in _STARTS:
        if word in _NULLS:
            return None
        if word in _BOOLS:
            return _BOOLS[word]
        return _number(word)
    return word


def _number(word: str) -> int | float | str:
    if word[0] in "nNtTfF":
        return word
    if _INT.fullmatch(word):
        return int(_short(word))
    if _BASED.fullmatch(word):
        return int(_short(word), 0)
    if _NO_NUMBER.fullmatch(word):
        raise ValueError(f"{word} is not a number that can be sent")
    if _FLOAT.fullmatch(word):
        value = float(_short(word))
        if math.isinf(value):
            raise ValueError(f"{word[:40]} is too large a number")
        return value
    return word


def _short(word: str) -> str:
    if len(word) > MOST_DIGITS:
        raise ValueError(f"a number of {len(word)} digits, at most {MOST_DIGITS} are read")
    return word
