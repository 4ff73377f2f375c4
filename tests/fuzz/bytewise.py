"""Changes of bytes, lines and words that know nothing of what they change."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

Change: TypeAlias = "Callable[[bytes, random.Random], bytes]"
PIECES: Sequence[bytes] = (
    b"&a ", b"*a", b"!!str ", b"!!python/object/apply:os.system ", b"<<: ", b"- ", b": ", b"[", b"]", b"{", b"}", b"'",
    b'"', b"|\n", b">\n", b"#", b"\t", b"\n", b"\r", b"---\n", b"...\n", b"%YAML 1.1\n", b"? ", b"null", b"~", b"true",
    b"no", b"on", b"0x1f", b"0o14", b"012", b"1e3", b"1e999", b".inf", b"-.INF", b".nan", b"1_000", b"1:30",
    b"2024-01-01", b"\x00", b"\x1b[2J", b"\x7f", b"\x85", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xe2\x80\xa8", b"\xc2\x85", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbf\xbe",
    "\U0001f600".encode(), "e\u0301".encode(), "İ".encode(), "ß".encode(), b"${var.region}", b"${var.", b"${", b"$${",
    b"\\", b"\\u0000", b"\\ud800", b"\\x85", b"9" * 5_000, b"-" + b"9" * 30, b"[" * 70, b"{a: " * 70, b"a" * 5_000,
    b"../", b"/etc/passwd", b"~root", b"C:\\x", b"name", b"spec:", b"metadata:", b"lifecycle: ", b"previously: ",
    b"[]", b"{}", b"-", b"''", b"' '", b"{fromEnv: HOME}", b"{fromFile: x}", b"{$file: x}", b"{$secret: {}}", b"$from",
    b"http://example.com/", b"file:///etc/passwd", b"$ref: ", b"{$ref: 'http://example.com/x.json'}",
)  # fmt: skip
_WORD = re.compile(rb"[^\s,:\[\]{}'\"]+|[,:\[\]{}'\"]")


def cut(data: bytes, rng: random.Random) -> bytes:
    at, length = rng.randrange(len(data) + 1), rng.choice((1, 1, 2, 8, 40, 400))
    return data[:at] + data[at + length :]


def put(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(PIECES) + data[at:]


def flip(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def twist(data: bytes, rng: random.Random) -> bytes:
    """One bit."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def end_early(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def again(data: bytes, rng: random.Random) -> bytes:
    """A part of it a second time, elsewhere."""
    start = rng.randrange(len(data))
    part = data[start : start + rng.choice((1, 4, 16, 64, 256))]
    at = rng.randrange(len(data) + 1)
    return data[:at] + part * rng.choice((1, 1, 1, 50)) + data[at:]


def line_again(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"".join(lines)


def line_out(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def indented(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = rng.randrange(len(lines))
    lines[at] = b" " * rng.randrange(1, 5) + lines[at] if rng.random() < 0.5 else lines[at].lstrip(b" ")
    return b"".join(lines)


def swapped(data: bytes, rng: random.Random) -> bytes:
    """One word in the place of another: right in form, wrong in meaning."""
    words = list(_WORD.finditer(data))
    if not words:
        return data
    one, other = rng.choice(words), rng.choice(words).group()
    return data[: one.start()] + other + data[one.end() :]


def replaced(data: bytes, rng: random.Random) -> bytes:
    """A piece in the place of a word."""
    words = list(_WORD.finditer(data))
    if not words:
        return data
    one = rng.choice(words)
    return data[: one.start()] + rng.choice(PIECES) + data[one.end() :]


BYTES: Sequence[Change] = (cut, put, flip, twist, end_early, again)
TOKENS: Sequence[Change] = (line_again, line_out, indented, swapped, replaced, replaced, swapped)


def changed(data: bytes, rng: random.Random, changes: Sequence[Change], most: int = 4) -> bytes:
    """One to `most` changes; never nothing."""
    for _ in range(min(rng.randrange(1, most + 1), rng.randrange(1, most + 1))):
        data = rng.choice(changes)(data, rng) or b"a"
    return data
