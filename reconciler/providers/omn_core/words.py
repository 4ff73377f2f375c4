"""Every element of the notation, as data: which of its members are attributes, what a container contains, what
holds items, what may stand several times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CONTAINERS: Final[Mapping[str, str]] = {
    "locales": "locale",
    "kwds": "kwd",
    "glossaries": "glossary",
    "glossaryEntries": "glossaryEntry",
    "dirs": "dir",
    "rncs": "rnc",
    "classes": "class",
    "nodes": "node",
    "attrDefs": "attrDef",
    "attrs": "attr",
    "domainVals": "domainVal",
    "vals": "val",
    "products": "product",
    "articles": "article",
    "variants": "variant",
    "assets": "asset",
    "histories": "history",
    "previews": "preview",
    "variations": "variation",
    "variationTypes": "variationType",
    "projects": "project",
    "peos": "peo",
    "actions": "action",
    "responses": "response",
}
"""Container -> what it contains (OC-R4)."""

ELEMENTS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "pim": "schemaVersion",
        "locales": "mode",
        "locale": "country id language name tid",
        "kwd": "id path parentId parentPath",
        "glossary": "id tid",
        "glossaryEntry": "id tid parentId parentTid loc type",
        "itms": "type mode id loc attr",
        "details": "mode",
        "issues": "type",
        "dir": "tid rnc parent",
        "rnc": "tid",
        "class": "tid id",
        "node": "class classificationTid id parentId path parentPath tid",
        "attr": "id key level inheritance restriction localized nodeId nodePath",
        "domainVals": "allowNewValue mode sortDirection",
        "domainVal": "tid",
        "defaultVal": "tid",
        "attrDef": "id tid type",
        "action": "dataType type id tid path",
        "response": "dataType action id tid path nodeId nodePath key",
        "peo": "id tid product productTid template templateId default",
        "project": "tid type orderSequence",
        "product": "tid",
        "article": "tid",
        "variant": "tid",
        "val": "attr type dataType inheritance node parent origin",
        "i18n": "loc",
        "i18N": "loc",
        "asset": "id parent tid type",
        "history": "id",
        "preview": "tid type",
        "variation": "assetId assetTid parentTid",
        "variationType": "tid",
    }.items()
}
"""Element -> which of its members are attributes; the others are children, or items where it holds items."""

HOLDERS: Final = frozenset(
    {"name", "meta", "details", "config", "links", "itms", "domainVal", "val", "i18n", "i18N"}
)
"""What holds items."""

LOCALIZED: Final = frozenset({"kwd", "class", "node", "attrDef"})
"""What has a name in each locale: an empty one holds nothing, and is no empty text."""

REPEATED: Final = frozenset({"issues", "itms", "i18n", "i18N"})
"""What stands any number of times, wherever it stands."""

REPEATED_IN: Final[Mapping[str, frozenset[str]]] = {
    "node": frozenset({"attr", "node"}),
    "class": frozenset({"node"}),
}
"""Element -> which children stand any number of times in it."""
