"""Inputs made to hurt by their size or form alone, each tried once in a campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping

MIB = 1 << 20
HEAD = b"apiVersion: omni-analytics/v1\nkind: Label\nmetadata: {name: a}\nspec:\n  name: "
LAUGHS = b"a: &a [lol, lol]\n" + b"".join(
    b"%c: &%c [%s]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 107)
)


def _many(line: bytes, count: int, head: bytes = b"") -> bytes:
    """Numbered lines, made without a list of them."""
    found = bytearray(head)
    for n in range(count):
        found += line % n
    return bytes(found)


GIANTS: Mapping[str, Callable[[], bytes]] = {
    "200,000 nested lists": lambda: b"[" * 200_000,
    "200,000 nested mappings": lambda: b"{a: " * 200_000,
    "200,000 dashes": lambda: b"- " * 200_000,
    "an alias bomb": lambda: LAUGHS,
    "a list in itself": lambda: b"a: &a [*a]",
    "a text of 1 MiB": lambda: HEAD + b"x" * MIB,
    "a text of more": lambda: HEAD + b"x" * (MIB + 1),
    "a text of 15 MiB": lambda: HEAD + b"x" * (15 * MIB),
    "a name of 1 MiB": lambda: HEAD.replace(b"name: a", b"name: " + b"a" * MIB) + b"Ab\n",
    "16 MiB of comments": lambda: b"#" * (16 * MIB),
    "16 MiB of lines": lambda: b"\n" * (16 * MIB),
    "more than 16 MiB": lambda: b"#" * (16 * MIB + 1),
    "100,000 documents": lambda: b"--- a\n" * 100_000,
    "100,000 empty documents": lambda: b"---\n" * 100_000,
    "100,000 labels": lambda: (HEAD + b"Ab\n---\n") * 100_000,
    "10⁶ keys": lambda: _many(b"k%d: 1\n", 1_000_000),
    "10⁶ keys in a spec": lambda: _many(b"  k%d: 1\n", 1_000_000, HEAD + b"Ab\n"),
    "10⁶ equal keys": lambda: b"a: 1\n" * 1_000_000,
    "10⁶ items in a set": lambda: HEAD + b"[" + b"a, " * 1_000_000 + b"a]\n",
    "100,000 items of a type": lambda: (
        HEAD.replace(b"Label", b"UserGroup") + b"Ab\n  members: [" + b"a," * 100_000 + b"a]"
    ),
    "a number of 10⁶ digits": lambda: HEAD + b"9" * 1_000_000,
    "a number in hexadecimal": lambda: HEAD + b"0x" + b"f" * 1_000_000,
    "a fraction of 10⁶ digits": lambda: HEAD + b"1." + b"9" * 1_000_000,
    "an exponent of 10⁶ digits": lambda: HEAD + b"1e" + b"9" * 1_000_000,
    "UTF-16": lambda: (HEAD + b"Ab\n").decode().encode("utf-16"),
    "UTF-32": lambda: (HEAD + b"Ab\n").decode().encode("utf-32"),
    "half a pair in UTF-8": lambda: HEAD + b"\xed\xa0\x80\n",
    "variables without end": lambda: HEAD + b"${var.region}" * 70_000,
    "unknown variables without end": lambda: HEAD + b"${var.nowhere}" * 70_000,
    "open variables without end": lambda: HEAD + b"${" * 400_000,
    "an open quote for 8 MiB": lambda: HEAD + b"'" + b"a " * (4 * MIB),
    "escapes for 1 MiB": lambda: HEAD + b'"' + b"\\x41" * (MIB // 4) + b'"',
    "indentation without end": lambda: b"".join(b" " * n + b"a:\n" for n in range(1_500)),
    "anchors without end": lambda: b"&a " * 300_000,
    "a directive without end": lambda: b"%" + b"a" * (2 * MIB) + b"\n---\na: 1\n",
    "keys of 1 KiB each": lambda: _many(b"k%01000d: 1\n", 10_000),
    "240,000 small mappings": lambda: b"- {a: b}\n" * 240_000,
    "160,000 mappings in a spec": lambda: HEAD + b"[" + b"{a: b}, " * 160_000 + b"]\n",
}
