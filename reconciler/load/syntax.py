"""What libyaml complains of, in words that say what to do."""

from __future__ import annotations

import re
from typing import Final

import yaml

from reconciler.load.characters import BREAK
from reconciler.model.place import Place, Problem

# What a complaint contains, our sentence, and a way out, in the words of both parsers; the first match counts.
_SENTENCES: Final = (
    ("mapping values are not allowed", "a second `: ` in one line, or a line indented by mistake",
     "quote a text that holds `: `, or look at the indentation"),
    ("entries are not allowed", "a list cannot begin here", "put its `- ` on a line of its own"),
    ("could not find expected ':'", "neither `key: value` nor the rest of a text", "look for a missing `: `"),
    ("unexpected end of stream", "the quote that opens here is never closed", "close it"),
    ("unexpected document indicator", "the quote that opens here is never closed", "close it"),
    ("',' or ']'", "the `[` that opens here is not closed as it should be", "look for a `,` or `]`"),
    ("',' or '}'", "the `{` that opens here is not closed as it should be", "look for a `,` or `}`"),
    ("unknown escape", "unknown escape in double quotes", r"write \\ for a backslash, or use single quotes"),
    ("Unicode character escape", "an escape that is no character", "write the character itself"),
    ("hexa", "an escape that is not complete", r"write \\ for a backslash, or use single quotes"),
    ("hexdecimal", "an escape that is not complete", r"write \\ for a backslash, or use single quotes"),
    ("document start", "a second document begins without `---`", "put `---` on a line before it"),
    ("incompatible YAML", "only YAML 1.2 is read", "remove the %YAML line"),
    ("directive", "directives are not read", "remove the line"),
    ("alphabetic or numeric", "an anchor or alias without a name", "quote a text that begins so"),
    ("comment or line break", "nothing may follow `|` or `>` on their line", "begin the text on the next line"),
    ("indentation indicators", "nothing may follow `|` or `>` on their line", "begin the text on the next line"),
    ("'-' indicator", "a list item `- ` was expected", "look at the indentation of the lines above"),
    ("node content", "a value was expected here", "look at the brackets and quotes before it"),
    ("tag", "tags (`!…`) are not read", "quote a text that begins with `!`"),
    ("'>'", "tags (`!…`) are not read", "quote a text that begins with `!`"),
)  # fmt: skip
_KEY: Final = ("a key was expected", "look at the indentation, and for text after a closing quote")
# Complaints about something left open are placed where it opens.
_OPENED: Final = (
    "unexpected end of stream",
    "unexpected document indicator",
    "',' or ']'",
    "',' or '}'",
    "could not find expected ':'",
)
_WRONG_START: Final = {
    "\t": ("a tab cannot indent", "use spaces"),
    "@": ("a text cannot begin with `@`", "quote it"),
    "`": ("a text cannot begin with a backtick", "quote it"),
    "%": ("a text cannot begin with `%`", "quote it"),
}


def problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """The one mistake that made the parser stop."""
    complaint = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    bracket = next((close for close in ("]", "}") if f"',' or '{close}'" in complaint), None)
    if bracket and opened and mark and opened.line == mark.line:
        place = Place(file, mark.line + 1, mark.column + 1)
        return Problem(
            place, f"a `,` or `{bracket}` was expected here", "quote a text that holds brackets", rule="yaml"
        )
    if opened and any(part in complaint for part in _OPENED):
        mark = opened
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    message, hint = _sentence(complaint, text, place)
    return Problem(place, message, hint, rule="yaml")


def _sentence(complaint: str, text: str, place: Place) -> tuple[str, str]:
    if "cannot start any token" in complaint:
        return _WRONG_START.get(_character(text, place), ("a text cannot begin with this character", "quote it"))
    for part, message, hint in _SENTENCES:
        if part in complaint:
            return message, hint
    if "expected key" in complaint or "<block end>" in complaint:
        return _KEY
    return "this is not YAML: " + re.sub(r"\s+", " ", complaint)[:200], ""


def _character(text: str, place: Place) -> str:
    line = next((one for n, one in enumerate(BREAK.split(text), 1) if n == place.line), "")
    return line[place.column - 1 : place.column]
