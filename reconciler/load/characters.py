"""Bytes to text: UTF-8 only, nothing invisible that could hide what a reviewer reads."""

from __future__ import annotations

import re
from typing import Final

from reconciler.model.place import Place, Problem

BREAK: Final = re.compile(r"\r\n|\r|\n")
# C0 and C1 (NEL too: old YAML takes it for a line break), line and paragraph separators, byte order marks,
# non-characters, and the marks that turn the direction of writing.
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
IN_TEXT: Final = re.compile(HIDDEN.pattern[:-1] + "\r]")  # what an escape such as "\\r" must not bring in
_MARKS: Final = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def decode(data: bytes, file: str) -> str | Problem:
    """The file's text without a leading byte order mark, or what is wrong with its bytes."""
    if foreign := next((name for mark, name in _MARKS if data.startswith(mark)), None):
        return Problem(
            Place(file), f"the file is {foreign}; only UTF-8 is read", "save it as UTF-8", rule="encoding"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
        byte = data[error.start]
        return Problem(
            _end_of(before, file), f"byte 0x{byte:02x} is not UTF-8", "save the file as UTF-8", rule="encoding"
        )
    text = text.removeprefix("\ufeff")
    if found := HIDDEN.search(text):
        place = _end_of(text[: found.start()], file)
        return Problem(place, hidden(found.group()), "remove it", rule="hidden-character")
    return text


def visible(text: str) -> str:
    """The text on one line, with everything that does not show as an escape: `\\t`, `\\u200b`."""
    return text if text.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    named = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
    return named.get(character) or f"\\u{ord(character):04x}"


def hidden(character: str) -> str:
    """What to say about one character that HIDDEN found."""
    code = f"U+{ord(character):04X}"
    if character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        return f"the hidden character {code} turns the direction of writing; reviewers would read something else"
    if character == "\ufeff":
        return f"a byte order mark ({code}) stands inside the text"
    return f"the control character {code} is not allowed"


def _end_of(before: str, file: str) -> Place:
    lines = BREAK.split(before)
    return Place(file, len(lines), len(lines[-1]) + 1)
