"""XML changed element by element, and XML made to hurt."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from lxml import etree

from tests.fuzz.shaped import TEXTS

NAMESPACE = "http://www.apollon.de/omn"
PIM = f'<pim xmlns="{NAMESPACE}" schemaVersion="5.6.0">'.encode()


def changed(data: bytes, rng: random.Random) -> bytes:
    """One to three changes of elements, attributes and texts; what is no XML stays as it is."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return data + b"<"
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        every = list(root.iter("*"))
        rng.choice(CHANGES)(rng.choice(every), every, rng)
    head = rng.choice((b"", b'<?xml version="1.0" encoding="UTF-8"?>'))
    return head + etree.tostring(root)


def _sayable(text: str) -> str:
    """What of a text XML can carry."""
    return "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe")
    )


Change = Callable[[etree._Element, Sequence[etree._Element], random.Random], None]


def _text(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    one.text = _sayable(rng.choice(TEXTS))


def _attribute(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    names = list(one.keys()) or ["id", "key", "loc", "tid"]
    one.set(rng.choice(names), _sayable(rng.choice(TEXTS)))


def _bare(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    if one.keys():
        del one.attrib[rng.choice(list(one.keys()))]


def _gone(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _again(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    parent = one.getparent()
    for _ in range(rng.choice((1, 1, 2, 100)) if parent is not None else 0):
        parent.append(etree.fromstring(etree.tostring(one)))  # type: ignore[union-attr]


def _renamed(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    one.tag = rng.choice((rng.choice(every).tag, "{http://evil.example.com/}x", f"{{{NAMESPACE}}}x", "x"))


def _moved(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    """Into another element, itself not among those around that."""
    to = rng.choice(every)
    if to is not one and one not in list(to.iterancestors()) and one.getparent() is not None:
        to.append(one)


def _deep(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    here = one
    for _ in range(rng.choice((3, 31, 40, 250))):
        here = etree.SubElement(here, one.tag)


def _swapped(one: etree._Element, every: Sequence[etree._Element], rng: random.Random) -> None:
    other = rng.choice(every)
    one.text, other.text = other.text, one.text


CHANGES: Sequence[Change] = (
    _text,
    _text,
    _attribute,
    _attribute,
    _bare,
    _gone,
    _again,
    _renamed,
    _moved,
    _deep,
    _swapped,
)
LAUGHS = (
    b'<!DOCTYPE pim [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(97, 106))
    + b"]><pim>&j;</pim>"
)
GIANTS: Sequence[Callable[[], bytes]] = (
    lambda: LAUGHS,
    lambda: b'<!DOCTYPE pim [<!ENTITY a SYSTEM "file:///etc/passwd">]><pim>&a;</pim>',
    lambda: b'<!DOCTYPE pim SYSTEM "http://127.0.0.1:9/pim.dtd"><pim/>',
    lambda: b'<!DOCTYPE pim [<!ENTITY % a SYSTEM "file:///dev/zero"> %a;]><pim/>',
    lambda: (
        b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?><pim xmlns:xi="http://www.w3.org/2001/XInclude">'
        b'<xi:include href="file:///etc/passwd" parse="text"/></pim>'
    ),
    lambda: PIM + b"<node>" * 20_000 + b"</node>" * 20_000 + b"</pim>",
    lambda: PIM + b"<x/>" * 100_000 + b"</pim>",
    lambda: PIM + b"<kwds>" + b'<kwd id="a"/>' * 50_000 + b"</kwds></pim>",
    lambda: PIM + b"<kwds><kwd id='" + b"a" * (1 << 20) + b"'/></kwds></pim>",
    lambda: PIM + b"<kwds><kwd " + b" ".join(b'a%d="x"' % n for n in range(20_000)) + b"/></kwds></pim>",
    lambda: b'<?xml version="1.0" encoding="x-none"?><pim/>',
    lambda: b'<?xml version="1.0" encoding="UTF-16"?><pim/>',
    lambda: PIM + b"<![CDATA[" + b"x" * (1 << 20) + b"]]></pim>",
    lambda: PIM + b"&#0;&#xD800;&unknown;</pim>",
    lambda: PIM + b"<!--" + b"x" * (1 << 20) + b"--></pim>",
)
