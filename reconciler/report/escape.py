"""Making foreign text harmless. Everything that came from a file or an API goes through here, in every output."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring_ascii as _quoted

from reconciler.model.json import Json

# Controls (C0, DEL, C1), marks nobody sees (zero-width, bidirectional, fillers, tags, selectors of looks),
# separators, surrogates, and what is no character. One set and no more: it is searched for in every text there is.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u2800\ufe00-\ufe0f\ufdd0-\ufdef\U00016fe4\U0001d159"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_PICTURE = re.compile("[\u203c-\u3299\U0001f000-\U0001faff]")
_WORDS = {None: "null", True: "true", False: "false"}
_COLOURED = "\ufe0f"
"""Behind a picture it asks for the coloured one, as keyboards do; behind anything else it only hides."""


def safe(text: str) -> str:
    """The text for a terminal: what would act or hide is written out, as `\\x1b`, `\\u202e` or `\\U000e0041`.

    A line feed is written out too: foreign text never begins a line of ours. Plain text comes back as it was.
    """
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    if found.group() == _COLOURED and _PICTURE.match(found.string, max(found.start() - 1, 0)):
        return _COLOURED
    point = ord(found.group())
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def md(text: str) -> str:
    """The text as one Markdown code span, whatever it holds: no HTML, link, mention or heading can come of it."""
    shown = safe(text)
    if not shown.strip(" "):
        return f'`"{shown}"`'
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


_TOKEN = re.compile(r"(\s*)((?<!`)`([^`]+)`(?!`)|`+|[^\s`]+)")
_PLAIN_WORD = re.compile(r"->|[(\"']*[^\W_]+([.,'/+=-][^\W_]+)*[)\"']*[.,;:!?)\"']*|[-.,;:!?()\"']+")
_LINKED_WORD = re.compile(r"(?i)www\.|\W*gh-[0-9]|(?=\D*[0-9])\W*[0-9a-f]{7,64}\W*$")
_LIST_MARK = re.compile(r"-+|[0-9]+[.)]")


def prose(text: str) -> str:
    """A sentence for Markdown: plain words stay words; every other one, and what stands in single backticks,
    becomes a code span. Two spans never touch: they would be read as one."""
    found = ""
    for gap, word, quoted in _TOKEN.findall(safe(text)):
        part = md(quoted) if quoted else _word(word, first=not found)
        touching = found.endswith("`") and part.startswith("`")
        found += (" " if found and (gap or touching) else "") + part
    return found


def _word(word: str, *, first: bool) -> str:
    plain = _PLAIN_WORD.fullmatch(word) and not _LINKED_WORD.match(word)
    if not plain or (first and _LIST_MARK.fullmatch(word)):
        return md(word)
    return word.replace(">", "&gt;")


def html(text: str) -> str:
    """The text for a place where Markdown is not read, such as `<summary>`: marked as code, so nothing links."""
    from html import escape

    return f"<code>{escape(safe(text))}</code>"


def fenced(text: str) -> str:
    """Lines of text as a Markdown code block whose fence no line of it can close."""
    lines = [safe(line) for line in text.split("\n")]
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return "\n".join([fence, *lines, fence])


def json_text(value: Json, *, indent: int | None = 2) -> str:
    """A value as JSON in ASCII: no control character, bidirectional mark or surrogate is in it as itself. Raises
    ValueError for what JSON cannot say."""
    if indent is None:
        text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    else:
        text = _laid_out(value, "\n", " " * indent)
    return text.replace("\x7f", "\\u007f")


def _laid_out(value: Json, line: str, step: str) -> str:
    """As `json.dumps` lays it out, in half the time: with an indent, that leaves its fast encoder. `line`: a
    line break and the blanks before what stands around this value."""
    if isinstance(value, str):
        return _quoted(value)
    if value is None or value is True or value is False:
        return _WORDS[value]
    if isinstance(value, dict):
        if not value:
            return "{}"
        inner = line + step
        body = f",{inner}".join([f"{_quoted(name)}: {_laid_out(one, inner, step)}" for name, one in value.items()])
        return f"{{{inner}{body}{line}}}"
    if isinstance(value, list | tuple):
        if not value:
            return "[]"
        inner = line + step
        return f"[{inner}{f',{inner}'.join([_laid_out(one, inner, step) for one in value])}{line}]"
    return str(value) if type(value) is int else json.dumps(value, allow_nan=False)
