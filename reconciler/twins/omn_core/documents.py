"""Documents on the wire: XML read with suspicion, and written in one of two forms (OC-R4, OC-R5, OC-P14)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from reconciler.twins.core.values import Json, JsonObject, NotJson, Refused, Request
from reconciler.twins.omn_core.media import COMPACT
from reconciler.twins.omn_core.notation import NAMESPACE, compact, expanded, is_writable, root_of

PREFIX = "omn"
# The containers of things that a client writes.
ODD = frozenset({"kwds", "attrDefs", "classes", "nodes", "attrs", "glossaries", "glossaryEntries", "dirs"})
_DOCUMENT_ELEMENT = f"{{{NAMESPACE}}}pim"


def read(request: Request, media: str) -> JsonObject:
    """A request's document in compact notation. Raises Refused for what is none, and for any DTD."""
    document = _compact_body(request) if media == COMPACT else compact(_parsed(request.body))
    if not isinstance(document, Mapping) or not _is_carried(document):
        raise _malformed()
    return document


def write(document: Json, prefix: str | None = None) -> bytes:
    """A document in compact notation as XML. Raises TooDeep."""
    tag = root_of(document) if isinstance(document, Mapping) else "pim"
    return _text(expanded(tag, document, prefix))


def write_oddly(document: JsonObject) -> bytes:
    """The same as a client might not expect it: prefixed, in another order, with less and with more."""
    stripped = {name: member for name, member in document.items() if name not in {"schemaVersion", "meta"}}
    root = expanded(root_of(document), stripped, PREFIX)
    for container in root:
        if etree.QName(container).localname in ODD:
            container.set("mode", "delta")
            for one in container:
                etree.SubElement(one, _name("usage")).text = "0"
    for response in root.iter(_name("response")):
        if (description := response.find(_name("description"))) is not None:
            response.insert(0, description)
    return _text(root)


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _text(root: etree._Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="UTF-8")


def _compact_body(request: Request) -> Json:
    try:
        return request.json()
    except NotJson:
        raise _malformed() from None


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _malformed() from None
    if root.tag != _DOCUMENT_ELEMENT or root.getroottree().docinfo.internalDTD is not None:
        raise _malformed()
    return root


def _is_carried(value: Json) -> bool:
    """Could this have come as XML as well?"""
    levels: list[Json] = [value]
    while levels:
        one = levels.pop()
        if isinstance(one, str) and not is_writable(one):
            return False
        levels.extend(one.values() if isinstance(one, Mapping) else one if isinstance(one, list) else ())
    return True


def _malformed() -> Refused:
    return Refused(400, "Malformed request body")
