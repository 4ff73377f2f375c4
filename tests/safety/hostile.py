"""Every code point that acts on a terminal or hides, and values of any type of ours that are full of them."""

from __future__ import annotations

import collections.abc
import enum
import inspect
import sys
import types
import typing
import unicodedata
from typing import Any, Final

from reconciler.model.json import ABSENT, Missing
from reconciler.model.record import Record
from tests.unit.report.test_escape import PREPENDED

BLANK: Final = frozenset(
    [
        0x34F,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x180B,
        0x180C,
        0x180D,
        0x180F,
        0x2800,
        0x3164,
        0xFFA0,
        0x16FE4,
        0x1D159,
    ]
)
"""Letters, marks and signs that show nothing."""
SELECTORS: Final = frozenset([*range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0)])
"""They choose among the looks of what stands before them, and nobody sees them where there is no choice."""
NO_CHARACTERS: Final = frozenset(
    [*range(0xFDD0, 0xFDF0), *(plane << 16 | end for plane in range(17) for end in (0xFFFE, 0xFFFF))]
)


def harmful(point: int) -> bool:
    """C0, C1, DEL, marks of direction, separators, joiners, tags, surrogates, fillers: all of Unicode is asked."""
    category = unicodedata.category(chr(point))
    if point in BLANK | SELECTORS | NO_CHARACTERS:
        return True
    return category in ("Cc", "Cf", "Cs", "Zl", "Zp") and point not in PREPENDED


HARMFUL: Final = frozenset(chr(p) for p in range(sys.maxunicode + 1) if harmful(p))
MARKUP: Final = (
    "</details></code><script>alert(1)</script>\n```\n````[x](http://evil.example.com) @everyone #1 "
    "![i](//e.example.com)"
)
BAD: Final = "x" + "".join(sorted(HARMFUL)) + MARKUP
SAMPLE: Final = (
    "x\x00\x07\b\t\n\r\x1b[2J\x7f\x85\x9b31m\xad\u061c\u200b\u200d\u202e\u2028\u2029\u2066\u2800\ufe00\ufeff\U000e0041"
    + MARKUP
)


def acting(text: str, *, besides: str = "\n") -> set[str]:
    """What of a text would act on a terminal or hide."""
    return {c for c in text if c in HARMFUL and c not in besides}


def value(of: Any, known: typing.Mapping[type, Any], depth: int = 6) -> Any:
    """A value of a type, each text in it `SAMPLE`. `known`: values of types that need more sense than that."""
    origin, words = typing.get_origin(of), typing.get_args(of)
    if of in known:
        return known[of]
    if of is str or of is Any or of is object or isinstance(of, str | typing.ForwardRef):
        return SAMPLE
    if of in (int, float, bool):
        return of(3)
    if of is type(None):
        return None
    if origin in (typing.Union, types.UnionType):
        wanted = [w for w in words if w not in (type(None), Missing)]
        return SAMPLE if str in wanted else value(wanted[0], known, depth)
    if origin is typing.Literal:
        return words[0]
    return _box(of, origin, words, known, depth)


def _box(of: Any, origin: Any, words: tuple[Any, ...], known: typing.Mapping[type, Any], depth: int) -> Any:
    if origin is collections.abc.Callable:
        return lambda *_: ()
    if isinstance(of, type) and issubclass(of, enum.Enum):
        return next(iter(of))
    if of is Missing:
        return ABSENT
    if depth < 0:
        return SAMPLE
    if origin in (dict, collections.abc.Mapping):
        return {value(words[0], known, depth - 1): value(words[1], known, depth - 1)}
    if origin is tuple and words[-1:] != (...,):
        return tuple(value(w, known, depth - 1) for w in words)
    if origin in (frozenset, set, collections.abc.Set, collections.abc.Collection):
        return frozenset([value(words[0], known, depth - 1)])
    if origin in (tuple, list, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Iterator):
        return (value(words[0], known, depth - 1),)
    if isinstance(of, type) and issubclass(of, Record):
        hints = typing.get_type_hints(of)
        return of(**{name: value(hints[name], known, depth - 1) for name in of.__struct_fields__})
    raise AssertionError(f"how to make a {of} is not known here: add one to `known`")


def calls(function: Any, known: typing.Mapping[type, Any]) -> list[Any]:
    """A renderer's arguments: those it must have, and any other text."""
    hints = typing.get_type_hints(function, vars(sys.modules[function.__module__]) | _typed(function))
    needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    return [value(hints[p.name], known) for p in needed]


def _typed(function: Any) -> dict[str, Any]:
    """The names that its module only imports for the type checker."""
    import ast
    from importlib import import_module
    from pathlib import Path

    found: dict[str, Any] = {}
    tree = ast.parse(Path(inspect.getfile(function)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith(("reconciler", "collections"))
        ):
            for name in node.names:
                found[name.asname or name.name] = getattr(import_module(node.module), name.name, None)
    return found
