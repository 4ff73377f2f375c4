"""XML out of the notation and back (OC-R4, OC-R5). Nothing is ever looked up for it, anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from lxml import etree

from reconciler.model.json import Json, JsonObject
from reconciler.providers.omn_core.words import CONTAINERS, ELEMENTS, HOLDERS, LOCALIZED, REPEATED, REPEATED_IN

NAMESPACE: Final = "http://www.apollon.de/omn"
DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
EMPTY: Final = f'<pim xmlns="{NAMESPACE}" schemaVersion="5.6.0"/>'.encode()
DEEPEST, MOST = 32, 2_000_000
"""Levels and elements of an answer: what we ask for is flat in XML, so neither is ever near."""
CHUNK: Final = 256
"""Bytes: what stands before the first element is seldom more."""
NONE: Final[frozenset[str]] = frozenset()


def written(body: Json) -> bytes:
    """A body as one document. Raises ValueError for what XML cannot carry, and for what is empty."""
    if not isinstance(body, dict):
        raise ValueError("the body of a write is an object")  # noqa: TRY004 - as all that cannot be sent
    root = etree.fromstring(EMPTY)
    for name, value in body.items():
        _write(root, name, value)
    return DECLARATION + etree.tostring(root, encoding="utf-8")


def _write(parent: etree._Element, name: str, value: Json) -> None:
    if isinstance(value, list):
        for one in value:
            _write(parent, name, one)
        return
    element = etree.SubElement(parent, _tag(name))
    if not isinstance(value, dict):
        element.text = _text(value)
    elif name in CONTAINERS:
        _contain(element, name, value)
    else:
        _fill(element, name, value)


def _contain(element: etree._Element, name: str, value: Mapping[str, Json]) -> None:
    for key, one in value.items():
        if key == "entries":
            _write(element, CONTAINERS[name], one if isinstance(one, list) else [])
        elif key in ELEMENTS.get(name, NONE):
            element.set(key, _text(one))


def _fill(element: etree._Element, name: str, value: Mapping[str, Json]) -> None:
    attributes, holds = ELEMENTS.get(name, NONE), name in HOLDERS
    for key, one in value.items():
        if key in attributes and not isinstance(one, dict | list):
            element.set(key, _text(one))
        elif holds and key == "itm":
            _write_items(element, one)
        elif holds and not isinstance(one, dict | list):
            etree.SubElement(element, _tag("itm"), {"key": key}).text = _text(one)
        elif key == "value":
            element.text = _text(one)
        else:
            _write(element, key, one)


def _write_items(holder: etree._Element, value: Json) -> None:
    """All items that have more than a key, or none, in their order."""
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


def understood(data: bytes) -> JsonObject:
    """A document as an object: the content of `pim`, or of a bare `response`. Raises ValueError for anything else,
    a DTD first of all."""
    try:
        _refuse_dtd(data)
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        deep = "Excessive depth" in str(error)
        raise _too_much() if deep else ValueError(f"it is not XML: {error.msg}") from None
    name = _Names()[root.tag]
    if name not in ("pim", "response"):
        raise ValueError(f"the root of the answer is {name[:60]!a}, not 'pim'")
    value = _Reading().value(root, name, "", 1)
    return value if isinstance(value, dict) else {}


def _parser(target: _Prologue | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


class _Prologue:
    """Hears what stands before the first element, in whatever encoding it is. `begun`: the first element has
    begun, so there is no DTD."""

    def __init__(self) -> None:
        self.begun = False

    def doctype(self, name: object, public: object, system: object) -> None:  # noqa: ARG002 - never read
        raise ValueError("it has a DTD, which is never read")

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:  # noqa: ARG002 - unheard
        self.begun = True

    def end(self, tag: str | bytes) -> None:
        """Nobody's business."""

    def data(self, data: str | bytes) -> None:
        """Nobody's business."""

    def comment(self, text: str | bytes) -> None:
        """Nobody's business."""

    def close(self) -> None:
        """Nothing was kept."""


def _refuse_dtd(data: bytes) -> None:
    """Raises ValueError at the first line of a DTD, before anything in it is looked at. What is wrong behind the
    beginning of the first element is for the whole reading to find."""
    heard = _Prologue()
    parser = _parser(heard)
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
            if heard.begun:
                break
        parser.close()  # also half-way: of a parser that is just dropped, libxml2 never gives the memory back
    except etree.XMLSyntaxError:
        if not heard.begun:
            raise


def _too_much() -> ValueError:
    return ValueError(f"it is deeper than {DEEPEST} levels, or holds more than {MOST:,} elements")


class _Names(dict[str, str]):
    """The local name of each tag; a foreign namespace keeps its braces, and so is nobody's name."""

    def __missing__(self, tag: str) -> str:
        namespace, _, name = tag.rpartition("}")
        found = self[tag] = name if namespace in ("", "{" + NAMESPACE) else tag
        return found


class _Reading:
    """One document on its way into JSON: each element is looked at once."""

    def __init__(self) -> None:
        self.names, self.count = _Names(), 0

    def value(self, element: etree._Element, name: str, around: str, depth: int) -> Json:
        """`around`: what the element stands in."""
        self.count += 1
        if depth > DEEPEST or self.count > MOST:
            raise _too_much()
        found, holds = _attributes(element), _holds(name, around)
        named = [(self.names[child.tag], child) for child in element]
        if name in CONTAINERS:
            inside = CONTAINERS[name]
            found["entries"] = [self.value(c, inside, name, depth + 1) for n, c in named if n == inside]
            return found
        if not named and not holds:
            return _leaf(found, element.text or "")
        self._hold(found, [c for n, c in named if n == "itm"])
        self._children(found, named, name, depth)
        return found

    def _hold(self, found: JsonObject, items: Sequence[etree._Element]) -> None:
        """Items with only a key are members; the others stay a list, in their order."""
        bare: list[Json] = []
        for item in items:
            said = _attributes(item)
            text, key = _text_of(item), said.get("key")
            if isinstance(key, str) and len(said) == 1 and key not in found and key not in ("itm", "itms"):
                found[key] = text
            elif said:
                said["value"] = text
                bare.append(said)
            else:
                bare.append(text)
        self.count += len(items)
        if bare:
            found["itm"] = bare

    def _children(
        self, found: JsonObject, named: Iterable[tuple[str, etree._Element]], name: str, depth: int
    ) -> None:
        many = REPEATED_IN.get(name, NONE)
        for child, element in named:
            if child == "itm":
                continue
            value = self.value(element, child, name, depth + 1)
            if child in REPEATED or child in many:
                known = found.setdefault(child, [])
                if isinstance(known, list):
                    known.append(value)
            else:
                found.setdefault(child, value)


def _attributes(element: etree._Element) -> JsonObject:
    """Those of no namespace: what others add is nobody's business."""
    found: JsonObject = dict(element.items())  # type: ignore[arg-type]
    for name in found:
        if name[0] == "{":
            return {k: v for k, v in found.items() if k[0] != "{"}
    return found


def _leaf(attributes: JsonObject, text: str) -> Json:
    """A text, beside its attributes if it has any."""
    if not attributes:
        return text
    if text.strip():
        attributes.setdefault("value", text)
    return attributes


def _holds(name: str, around: str) -> bool:
    return name in HOLDERS and (name != "name" or around in LOCALIZED)


def _text_of(item: etree._Element) -> str:
    return "".join(map(str, item.itertext())) if len(item) else item.text or ""
