"""The notation of bodies: what kinds write and read, whatever goes over the wire (OC-R3 to OC-R5).

Bodies are the compact notation, as JSON. An element is an object: its attributes, then its children by name; one
that holds a text alone is that text. All scalars are texts, in both directions (`"true"`, `"100"`).

- A container is `{entries: […]}` (and its attributes), empty or not: `{"attrDefs": {"entries": [...]}}`.
- An item holder (`meta`, `details`, `name`, `val`, `domainVal`, `itms`, `links`, …) has each `itm` that has only a
  key as a member (`"meta": {"multipleTranslations": "true"}`), and the others in their order in a list `itm`: a
  bare text, or an object of their attributes and `value`: `"name": {"itm": ["Summer", {"loc": "de_DE", "value":
  "Sommer"}]}`, `"meta": {"itm": [{"key": "value", "loc": "de_DE", "value": "T DE 1"}]}`. An empty one is `{}`.
- What may stand several times without a container is always a list: `itms`, `issues`, `attr` (of a node), `node`
  (of a class or a node), `i18n`, `i18N`, `article`s' `variant`s in their own containers.
- `name` is a holder where it has items or belongs to what is named in locales (`LOCALIZED`), else a text; `node`
  is a list in `class` and `node`, a text in a product; in `peos` an entry of `nodes` is a text, `{"tid": …}` or
  `{"id": …}`.

`ELEMENTS` says which members of an object are attributes; nothing else is needed to write one. To read, it takes
`CONTAINERS`, `HOLDERS` and `REPEATED`. `markup` turns all this into XML and back, and is all that knows of XML:
the compact JSON of this API would be another such module, beside it in `encode` and `decode`.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from typing import Final

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Fetch
from reconciler.model.json import ABSENT, Json, Missing
from reconciler.providers.omn_core import markup
from reconciler.providers.omn_core.classes_body import TREE, folded
from reconciler.providers.omn_core.words import CONTAINERS, ELEMENTS, HOLDERS, LOCALIZED, REPEATED

__all__ = [
    "CONTAINERS",
    "ELEMENTS",
    "HOLDERS",
    "JSON",
    "LOCALIZED",
    "REPEATED",
    "XML",
    "decode",
    "encode",
    "items",
    "localized",
]

JSON, XML = "application/json", "application/xml"
XML_AS_TEXT: Final = frozenset({"/cm/channels/retrieve"})
"""Answers that may be XML inside a JSON string (OC-R52)."""
CHARSET: Final = re.compile(r""";\s*charset\s*=\s*["']?([^"';\s]*)""")
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ACCEPT_AT: Final[Mapping[str, str]] = {
    "/common/components/retrieve": JSON,
    "/pim/attributes/query": JSON,
    "/pim/nodes/query": JSON,
    "/pim/attribute-definitions/query": JSON,
    "/pim/products/query": JSON,
    "/dam/assets/query": JSON,
    "/cm/channels/query": JSON,
    "/peo/peos/query": JSON,
}
"""Calls that answer in plain JSON (OC-R3); all others answer XML."""


def encode(request: Request, fetch: Fetch) -> Content:  # noqa: ARG001 - this API takes no files here
    """`retrieve` and `query` take JSON, `persist` and `perform` take XML (media `xml`; `tree`: what `classes_body`
    folds first). Raises ValueError for what XML cannot carry, and for what is empty."""
    if request.media == "json":
        return Content(JSON, json.dumps(request.body, allow_nan=False).encode())
    return Content(XML, markup.written(folded(request.body) if request.media == TREE else request.body))


def decode(request: Request, content_type: str, data: bytes) -> Json | Missing:
    """An answer as JSON: the content of `pim`, a bare `response`, which is a call that failed, or (ABSENT) what
    those calls say that answer in plain JSON.

    Raises ValueError for anything else: another media type, XML in another encoding than UTF-8, no XML, a DTD,
    another root, too deep, too large.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media in (XML, "text/xml"):
        if _foreign(content_type, data):
            raise ValueError("answered XML that is not in UTF-8")
        return _due(request, markup.understood(data))
    if media == JSON and request.path in XML_AS_TEXT and data.lstrip()[:1] == b'"':
        return markup.understood(_unquoted(data))
    if media == JSON and (request.path in ACCEPT_AT or request.path in XML_AS_TEXT):
        return ABSENT
    word = "HTML" if media == "text/html" else ascii(media[:60])[1:-1] or "without a content type"
    raise ValueError(f"answered {word}, not XML: is the base URL right?")


def _foreign(content_type: str, data: bytes) -> bool:
    """Whether its header or its first bytes say that it is not in UTF-8, as every answer of this API is: whoever
    answers otherwise is somebody else (OC-R5)."""
    said = CHARSET.search(content_type.lower())
    return data.startswith(UTF_16) or (said is not None and said[1] not in ("utf-8", "utf8", "us-ascii"))


def _due(request: Request, found: Json) -> Json:
    """What answers in plain JSON answers in XML only where the call failed as a whole (OC-R54)."""
    if request.path in ACCEPT_AT and not (isinstance(found, dict) and isinstance(found.get("status"), str)):
        raise ValueError("answered XML, not JSON")
    return found


def _unquoted(data: bytes) -> bytes:
    """The document in a JSON string; by now it is UTF-8, whatever its first line says."""
    try:
        text = str(json.loads(data))
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode()
    except ValueError:
        raise ValueError("it is neither XML nor XML in a JSON string") from None


def items(holder: Json | Missing) -> dict[str, str]:
    """The keyed items of a holder (`meta`, `details`, `links` …), those with a `loc` besides included."""
    found = {k: v for k, v in holder.items() if isinstance(v, str)} if isinstance(holder, dict) else {}
    bare = holder.get("itm") if isinstance(holder, dict) else None
    for one in bare if isinstance(bare, list) else []:
        if isinstance(one, dict) and isinstance(key := one.get("key"), str):
            found.setdefault(key, str(one.get("value", "")))
    return found


def localized(holder: Json | Missing) -> dict[str, str]:
    """The texts of a holder by their locale, each locale once, in order; the one without a locale is left out."""
    bare = holder.get("itm") if isinstance(holder, dict) else None
    found: dict[str, str] = {}
    for one in bare if isinstance(bare, list) else []:
        if isinstance(one, dict) and isinstance(locale := one.get("loc"), str):
            found.setdefault(locale, str(one.get("value", "")))
    return found
