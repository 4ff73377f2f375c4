"""XML on the wire, JSON everywhere else: the one place where the two meet (OC-R3 to OC-R5).

An element is an object: its attributes, then its children by name. A container is `{entries: […]}`. An item holder
(`name`, `meta`, `details`, …) has its keyed `itm`s as members and the others, in their order, in a list `itm`: a
bare text, or `{loc, value}`. `issues` and `itms` may stand several times and are always lists. All scalars are
texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Fetch
from reconciler.model.json import Json, JsonObject

JSON, XML = "application/json", "application/xml"
NAMESPACE = "http://www.apollon.de/omn"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
EMPTY = f'<pim xmlns="{NAMESPACE}" schemaVersion="5.6.0"/>'.encode()
DEEPEST, MOST = 32, 2_000_000
"""Levels and elements of an answer: the forest of keywords is flat in XML, so neither is ever near."""

CONTAINERS: Mapping[str, str] = {"kwds": "kwd", "actions": "action", "responses": "response", "locales": "locale"}
"""Container -> what it contains (OC-R4)."""
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "kwd": ("id", "path", "parentId", "parentPath"),
    "action": ("dataType", "type", "id", "path"),
}
"""What of a written element is an attribute; the rest are children."""
HOLDERS = frozenset({"name", "meta", "details"})
REPEATED = frozenset({"issues", "itms"})


def encode(request: Request, fetch: Fetch) -> Content:  # noqa: ARG001 - this API takes no files here
    """`retrieve` takes JSON, `persist` and `perform` take XML. Raises ValueError for what XML cannot carry."""
    if request.media == "json":
        return Content(JSON, json.dumps(request.body, allow_nan=False).encode())
    if not isinstance(request.body, dict):
        raise ValueError("the body of a write is an object")  # noqa: TRY004 - as all that cannot be sent
    root = etree.fromstring(EMPTY)
    for name, value in request.body.items():
        _write(root, name, value)
    return Content(XML, DECLARATION + etree.tostring(root, encoding="utf-8"))


def _write(parent: etree._Element, name: str, value: Json) -> None:
    if isinstance(value, dict) and name in CONTAINERS:
        entries = value.get("entries")
        container = etree.SubElement(parent, _tag(name))
        for entry in entries if isinstance(entries, list) else []:
            _write(container, CONTAINERS[name], entry)
    elif isinstance(value, dict):
        element = etree.SubElement(parent, _tag(name))
        _fill(element, name, value)
    else:
        etree.SubElement(parent, _tag(name)).text = _text(value)


def _fill(element: etree._Element, name: str, value: Mapping[str, Json]) -> None:
    for key, one in value.items():
        if key in ATTRIBUTES.get(name, ()):
            element.set(key, _text(one))
        elif name in HOLDERS:
            _write_items(element, key, one)
        else:
            _write(element, key, one)


def _write_items(holder: etree._Element, key: str, value: Json) -> None:
    """A keyed item, or the list of all that have no key."""
    if key != "itm":
        etree.SubElement(holder, _tag("itm"), {"key": key}).text = _text(value)
        return
    for one in value if isinstance(value, list) else []:
        item = etree.SubElement(holder, _tag("itm"))
        for name, text in one.items() if isinstance(one, dict) else ():
            if name != "value":
                item.set(name, _text(text))
        item.text = _text(one.get("value") if isinstance(one, dict) else one)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"an empty or unreadable value would be sent: {value!r}")
    return value


def decode(request: Request, content_type: str, data: bytes) -> Json:  # noqa: ARG001 - all answers have one form
    """An answer as JSON: the content of `pim`, or a bare `response`, which is a call that failed.

    Raises ValueError for anything else: another media type, no XML, a DTD, another root, too deep, too large.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media not in (XML, "text/xml"):
        word = "HTML" if media == "text/html" else ascii(media[:60])[1:-1] or "without a content type"
        raise ValueError(f"answered {word}, not XML: is the base URL right?")
    # No entity is ever looked up, on the network or anywhere; the first line of a DTD ends the reading.
    builder = _Builder()
    parser = etree.XMLParser(target=builder, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is not XML: {error.msg}") from None
    root = builder.root
    if root is None or root.name not in ("pim", "response"):
        raise ValueError(f"the root of the answer is {(root.name if root else '')[:60]!a}, not 'pim'")
    value = _value(root)
    return value if isinstance(value, dict) else {}


@dataclass(slots=True)
class _Open:
    """An element of the answer, of our namespace or of none: the prefix says nothing."""

    name: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    children: list[_Open] = field(default_factory=list)


class _Builder:
    """Hears the parser, and stops it at what no answer of this API holds."""

    def __init__(self) -> None:
        self.root: _Open | None = None
        self.stack: list[_Open] = []
        self.count = 0

    def doctype(self, name: object, public: object, system: object) -> None:  # noqa: ARG002 - never read
        raise ValueError("it has a DTD, which is never read")

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes]) -> None:
        self.count += 1
        if len(self.stack) >= DEEPEST or self.count > MOST:
            raise ValueError(f"it is deeper than {DEEPEST} levels, or holds more than {MOST:,} elements")
        attributes = {str(k): str(v) for k, v in attrib.items()}
        one = _Open(_local(str(tag)), {k: v for k, v in attributes.items() if not k.startswith("{")})
        if self.stack:
            self.stack[-1].children.append(one)
        else:
            self.root = one
        self.stack.append(one)

    def data(self, data: str | bytes) -> None:
        if self.stack:
            self.stack[-1].text.append(str(data))

    def end(self, tag: str | bytes) -> None:  # noqa: ARG002 - the parser has matched it
        self.stack.pop()

    def comment(self, text: str | bytes) -> None:
        """Nobody's business."""

    def close(self) -> None:
        """What was heard stays in `root`."""


def _local(tag: str) -> str:
    """The local name; a foreign namespace keeps its braces, and so is nobody's name."""
    namespace, _, name = tag.rpartition("}")
    return name if namespace in ("", "{" + NAMESPACE) else tag


def _value(element: _Open) -> Json:
    if element.name in CONTAINERS:
        entries = [_value(c) for c in element.children if c.name == CONTAINERS[element.name]]
        return {**element.attributes, "entries": entries}
    if element.name in HOLDERS or any(c.name == "itm" for c in element.children):
        return _holder(element)
    if not element.children and not element.attributes:
        return "".join(element.text)
    found: JsonObject = dict(element.attributes)
    for name, value in _members(element):
        if name in REPEATED:
            many = found.setdefault(name, [])
            if isinstance(many, list):
                many.append(value)
        else:
            found.setdefault(name, value)
    if not element.children:
        found.setdefault("value", "".join(element.text))
    return found


def _members(element: _Open) -> Iterator[tuple[str, Json]]:
    return ((child.name, _value(child)) for child in element.children)


def _holder(element: _Open) -> Json:
    """Keyed items are members; the others stay a list, in their order."""
    found: JsonObject = dict(element.attributes)
    bare: list[Json] = []
    for item in (c for c in element.children if c.name == "itm"):
        text, key = "".join(item.text), item.attributes.get("key")
        if set(item.attributes) == {"key"} and key not in (None, "itm"):
            found.setdefault(str(key), text)
        else:
            bare.append({**item.attributes, "value": text} if item.attributes else text)
    if bare:
        found["itm"] = bare
    return found
