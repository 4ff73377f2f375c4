"""Steps of a story about attribute definitions, planned and counted as for keywords (OC-C10 to OC-C13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from tests.world import CORE, World, doc

RETRIEVE: Final = "/pim/attribute-definitions/retrieve"
PERSIST: Final = "/pim/attribute-definitions/persist"
PERFORM: Final = "/pim/attribute-definitions/perform"
GONE: Final[Mapping[str, Any]] = {"on_remove": "delete", "allow": ["delete"]}


def ad(
    identifier: str, of: str = "text", /, *, spec: Mapping[str, Json] | None = None, **words: object
) -> Document:
    """A definition's document. Words of five letters are locales, `values` and `multi` stand for themselves, all
    else is metadata. A value is an id, or a pair of it and its labels."""
    labels = [{"locale": k, "text": v} for k, v in words.items() if _is_locale(k)]
    values, multi = words.get("values"), words.get("multi")
    found: dict[str, Json] = {"identifier": identifier, "type": of, **(spec or {})}
    if labels:
        found["labels"] = labels  # type: ignore[assignment]
    if isinstance(values, list):
        found["domain"] = {"values": [_value(one) for one in values]}
    if isinstance(multi, bool):
        found["multiValued"] = multi
    metadata = {k: v for k, v in words.items() if not _is_locale(k) and k not in ("values", "multi")}
    return doc("core/AttributeDefinition", str(metadata.pop("name", identifier)), found, **metadata)


def _is_locale(word: str) -> bool:
    return len(word) == 5 and word[2] == "_"


def _value(one: Json | tuple[str, Mapping[str, str]]) -> Json:
    return {"id": one[0], "labels": dict(one[1])} if isinstance(one, tuple) else {"id": one}


def at(name: str) -> Address:
    return Address(CORE, "AttributeDefinition", name)


def there(k: World) -> dict[str, Json]:
    """Every live definition by its identifier."""
    found: dict[str, Json] = {}
    for one in k.core.definitions_without_ids():
        assert isinstance(one, dict)
        found[str(one["tid"])] = {n: v for n, v in one.items() if n != "tid"}
    return found


def hard(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"
