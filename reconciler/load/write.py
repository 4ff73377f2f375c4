"""Values to YAML as people write it, such that our own reader gives back exactly what was written.

PyYAML's writer decides by YAML 1.1, and writes some characters as they are that our reader refuses to see; so
texts are written here: plain where no reader could take them for anything else, as blocks of lines, else between
quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.load import scalars
from reconciler.load.characters import IN_TEXT, hidden, visible
from reconciler.load.events import DEEPEST, LONGEST_TEXT
from reconciler.model.json import Json, JsonObject
from reconciler.model.record import Record

WIDEST: Final = 110
_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w ./@+-]*[\w/])?")
_WORDS: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_NAMED: Final = {"\t": "\\t", "\n": "\\n", '"': '\\"', "\\": "\\\\"}
_VARIABLE: Final = "${"
_UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
"""Letters that nobody sees, and that Python calls printable."""


class Sheet(Record, frozen=True):
    """One document to be written. `notes`: lines of comment above it."""

    head: JsonObject
    spec: Mapping[str, Json]
    notes: Sequence[str] = ()


def unwritable(value: Json) -> str:
    """Why a manifest cannot hold a value; empty if it can."""
    if _depth(value) > DEEPEST - 8:
        return "it is nested too deep for a manifest"
    for text in _texts(value):
        if any("\ud800" <= c <= "\udfff" for c in text):
            return "it holds half a character, which no file in UTF-8 can"
        if found := IN_TEXT.search(text):
            return hidden(found.group())
        if len(text) > LONGEST_TEXT // 2:
            return "it is too long for a manifest"
    return ""


def _depth(value: Json) -> int:
    level: list[Json] = [value]
    depth = 0
    while level and depth < DEEPEST:
        depth += 1
        level = [
            b for v in level for b in (v.values() if isinstance(v, dict) else v if isinstance(v, list) else ())
        ]
    return depth


def _texts(value: Json) -> Iterator[str]:
    """Every text in a value, names included; the value is no deeper than may be written."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def manifest(sheets: Sequence[Sheet], header: Sequence[str] = ()) -> str:
    """The text of a file of these documents. Every value must be writable."""
    top = "".join(comment(line) for line in header)
    return top + "---\n".join(_document(sheet) for sheet in sheets)


def comment(text: str) -> str:
    """A line of comment, whatever the text holds."""
    return f"# {visible(text)}\n"


def _document(sheet: Sheet) -> str:
    lines = [comment(note) for note in sheet.notes]
    lines += [_pair(name, value, 0) for name, value in sheet.head.items()]
    return "".join([*lines, _pair("spec", dict(sheet.spec), 0)])


def _pair(name: str, value: Json, indent: int) -> str:
    """`name: value` and a line's end, the value on the same line if it is short."""
    before = " " * indent + _text(name) + ":"
    if isinstance(value, str):
        return f"{before} {_block(value, indent + 2) or _text(escaped(value))}\n"
    short = flow(value)
    if not isinstance(value, dict | list) or not value or _is_short(value, len(before) + len(short)):
        return f"{before} {short}\n"
    if isinstance(value, dict):
        return f"{before}\n" + "".join(_pair(k, v, indent + 2) for k, v in value.items())
    return f"{before}\n" + "".join(_item(v, indent + 2) for v in value)


def _is_short(value: Json, width: int) -> bool:
    return width < WIDEST and not any("\n" in text for text in _texts(value))


def _item(value: Json, indent: int) -> str:
    """One item of a list, on a line of its own, or on several where it is a long mapping."""
    short = flow(value)
    if isinstance(value, dict) and value and not _is_short(value, indent + 2 + len(short)):
        lines = "".join(_pair(k, v, indent + 2) for k, v in value.items())
        return " " * indent + "- " + lines[indent + 2 :]
    return f"{' ' * indent}- {short}\n"


def flow(value: Json) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _text(escaped(value))
    if isinstance(value, list):
        return f"[{', '.join(flow(v) for v in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(k)}: {flow(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, allow_nan=False)


def escaped(text: str) -> str:
    """A text that means itself: `${` would name a variable."""
    return text.replace(_VARIABLE, "$${") if _VARIABLE in text else text


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and _shows(text) and text.casefold() not in _WORDS and _stays(text):
        return text
    return '"' + "".join(c if _shows(c) and c not in '"\\' else _sign(c) for c in text) + '"'


def _stays(text: str) -> bool:
    """Whether our reader takes the plain word for this text; a run of blanks would become one where lines fold."""
    return "  " not in text and scalars.plain(text) == text


def _shows(text: str) -> bool:
    """Whether every character of a text can be seen."""
    return text.isprintable() and _UNSEEN.isdisjoint(text)


def _sign(character: str) -> str:
    point = ord(character)
    if point > 0xFFFF:
        return f"\\U{point:08x}"
    return _NAMED.get(character) or f"\\u{point:04x}"


def _block(value: str, indent: int) -> str:
    """Several lines as they are; empty where that could be read in another way."""
    lines = value.split("\n")
    odd = (
        len(lines) < 2
        or value[0] in " \t\n"
        or any(line.strip(" \t") == "" and line for line in lines)
        or any(not _shows(line.replace("\t", "")) for line in lines)
    )
    if odd:
        return ""
    ending = len(value) - len(value.rstrip("\n"))
    sign = {0: "|-", 1: "|"}.get(ending, "|+")
    body = escaped(value.rstrip("\n") if ending < 2 else value[:-1]).split("\n")
    return sign + "\n" + "\n".join(" " * indent + line if line else "" for line in body)
