"""The compact notation: a document as JSON, without loss (OC-R3). XML is read into it and written from it.

A container has its attributes and `entries`; an item holder a member per `itm key`, and the other `itm` in order
under `itm`; children that may repeat are lists; text alone is a string, text beside attributes `value`. Numbers
and booleans are written as strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from reconciler.twins.core.values import Json, JsonObject

NAMESPACE = "http://www.apollon.de/omn"
_BRACED = f"{{{NAMESPACE}}}"
# Containers, and what each holds.
ENTRY: Mapping[str, str] = {
    "actions": "action",
    "articles": "article",
    "assets": "asset",
    "attrDefs": "attrDef",
    "attrs": "attr",
    "classes": "class",
    "dirs": "dir",
    "domainVals": "domainVal",
    "glossaries": "glossary",
    "glossaryEntries": "glossaryEntry",
    "histories": "history",
    "kwds": "kwd",
    "locales": "locale",
    "nodes": "node",
    "peos": "peo",
    "previews": "preview",
    "products": "product",
    "projects": "project",
    "responses": "response",
    "rncs": "rnc",
    "vals": "val",
    "variants": "variant",
    "variationTypes": "variationType",
    "variations": "variation",
}
HOLDERS = frozenset(
    {"meta", "details", "issues", "config", "links", "itms", "name", "domainVal", "val", "i18n", "i18N"}
)
# A name may be a text as well; in the others blanks say nothing.
_STRUCTURED = HOLDERS - {"name"}
_ENTRIES = frozenset(ENTRY.values())
REPEATED = frozenset({"itm", "itms", "issues", "i18n", "i18N", "attr"})
# In these a `node` may repeat; the one of a product is a path.
NESTING = frozenset({"class", "node"})
_ATTRIBUTES = """
pim schemaVersion
locales mode
locale country id language name tid
kwd id path parentId parentPath
glossary id tid
glossaryEntry id tid parentId parentTid loc type
itms type mode id loc attr
details mode
issues type
dir tid rnc parent
rnc tid
class tid id
node class classificationTid id parentId path parentPath tid
attr id key level inheritance restriction localized nodeId nodePath
domainVals allowNewValue mode sortDirection
domainVal tid
defaultVal tid
attrDef id tid type
action dataType type id tid path
response dataType action id tid path nodeId nodePath key
peo id tid product productTid template templateId default
project tid type orderSequence
product tid
article tid
variant tid
val attr type dataType inheritance node parent origin
i18n loc
i18N loc
asset id parent tid type
history id
preview tid type
variation assetId assetTid parentTid
variationType tid
"""
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    tag: frozenset(names) for tag, *names in (line.split() for line in _ATTRIBUTES.strip().splitlines())
}
DEEPEST = 100
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class TooDeep(ValueError):
    """A document is nested deeper than any of this API."""


def is_writable(text: str) -> bool:
    """Can XML 1.0 carry this text?"""
    return _UNWRITABLE.search(text) is None


def compact(element: etree._Element) -> Json:
    """An element of the namespace as JSON; elements and attributes of others are left out."""
    tag = _local(element)
    members: dict[str, Json] = _attributes(element)
    if tag in ENTRY:
        return {**members, "entries": [compact(child) for child in _children(element, ENTRY[tag])]}
    children = list(_children(element))
    if not children:
        return _leaf(element, tag, members)
    lists: dict[str, list[Json]] = {}
    for child in children:
        _add(members, lists, tag, child)
    return members


def _local(element: etree._Element) -> str:
    return str(element.tag)[len(_BRACED) :]


def _attributes(element: etree._Element) -> dict[str, Json]:
    return {str(name): str(value) for name, value in element.items() if str(name)[0] != "{"}


def _children(element: etree._Element, only: str = "") -> Iterator[etree._Element]:
    wanted = _BRACED + only
    for child in element:
        tag = str(child.tag)
        if tag == wanted if only else tag.startswith(wanted):
            yield child


def _leaf(element: etree._Element, tag: str, members: dict[str, Json]) -> Json:
    text = element.text or ""
    if tag in _STRUCTURED and not text.strip():
        return members
    if text:
        return {**members, "value": text} if members else text
    return members if members or tag in HOLDERS or tag in _ENTRIES else ""


def _add(members: dict[str, Json], lists: dict[str, list[Json]], tag: str, child: etree._Element) -> None:
    """Put a child into its element. `lists` are the members that are lists already."""
    name = _local(child)
    key = _own_key(child) if name == "itm" and tag in HOLDERS else None
    if key is not None and not (key in members or key in REPEATED or key in ATTRIBUTES.get(tag, ())):
        members[key] = child.text or ""
        return
    value = compact(child)
    if name not in lists:
        if name not in members and name not in REPEATED and not (name == "node" and tag in NESTING):
            members[name] = value
            return
        members[name] = lists[name] = [members[name]] if name in members else []
    lists[name].append(value)


def _own_key(item: etree._Element) -> str | None:
    """The key of an item that has nothing else."""
    return str(item.get("key")) if item.keys() == ["key"] else None


def expanded(tag: str, value: Json, prefix: str | None = None) -> etree._Element:
    """JSON as an element, with this prefix for the namespace. What no element can be is left out.

    Raises TooDeep.
    """
    root = etree.Element(_BRACED + tag, nsmap={prefix: NAMESPACE})  # type: ignore[dict-item]
    _fill(root, tag, value, 0)
    return root


def _fill(element: etree._Element, tag: str, value: Json, depth: int) -> None:
    if depth > DEEPEST:
        raise TooDeep(tag)
    if not isinstance(value, Mapping):
        element.text = _written(value)
        return
    for name, member in value.items():
        if _is_single(member):
            _fill_single(element, tag, name, _written(member))
        elif name == "entries" and tag in ENTRY:
            _fill_children(element, ENTRY[tag], member, depth)
        elif _NAME.fullmatch(name):
            _fill_children(element, name, member, depth)


def _fill_single(element: etree._Element, tag: str, name: str, text: str) -> None:
    """A member with one value: an attribute, an item, the element's own text, or a child with a text."""
    is_attribute = tag == "itm" or name in ATTRIBUTES.get(tag, ())
    if name == "value" and tag not in HOLDERS:
        element.text = text
    elif is_attribute and _NAME.fullmatch(name):
        element.set(name, text)
    elif tag in HOLDERS:
        item = etree.SubElement(element, _BRACED + "itm", key=_written(name))
        item.text = text
    elif _NAME.fullmatch(name):
        etree.SubElement(element, _BRACED + name).text = text


def _fill_children(element: etree._Element, tag: str, value: Json, depth: int) -> None:
    for one in value if isinstance(value, list) else [value]:
        if one is not None:
            _fill(etree.SubElement(element, _BRACED + tag), tag, one, depth + 1)


def _is_single(value: Json) -> bool:
    return isinstance(value, str | int | float)


def _written(value: Json) -> str:
    """A single value as text; what XML cannot carry becomes U+FFFD."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if text.isascii() and text.isprintable() else _UNWRITABLE.sub("\ufffd", text)


def root_of(document: JsonObject) -> str:
    """The root element of a document: a bare `response` says that a call failed."""
    return "response" if "status" in document and "details" in document else "pim"
