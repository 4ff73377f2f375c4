"""Names that have a text per locale and nothing else: how they are sent, merged and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.naming import name_items
from reconciler.twins.omn_core.things import Locale


@dataclass(frozen=True, slots=True)
class Labels:
    """Texts by locale, as they were sent; `unknown` are the locales that are none, left out of `texts`."""

    texts: Mapping[str, str]
    unknown: tuple[str, ...] = ()


def sent_labels(call: Call, given: JsonObject) -> Labels:
    """The localized name of an object. An empty text says nothing."""
    return _sorted_out(call, name_items(given))


def known_labels(call: Call, given: JsonObject, **echo: str | None) -> Mapping[str, str]:
    """As `sent_labels`. Raises NotDone for a locale that is none."""
    labels = sent_labels(call, given)
    if labels.unknown:
        raise NotDone(unknown_locale(labels.unknown[0]), **echo)
    return labels.texts


def known_texts(call: Call, given: JsonObject, **echo: str | None) -> Mapping[str, str]:
    """As `known_labels`, of an object that is an item holder itself."""
    return known_labels(call, {"name": given}, **echo)


def unknown_locale(loc: str) -> str:
    return f"Cannot find language id with code '{loc}'."


def merged_labels(call: Call, old: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, str]:
    """What is there once these texts were sent (OC-P29)."""
    return dict(sent) if call.hard("OC-P29") else {**old, **sent}


def shown_labels(labels: Mapping[str, str]) -> dict[str, Json]:
    """An item holder."""
    items: list[Json] = [{"loc": loc, "value": label} for loc, label in labels.items()]
    return {"itm": items} if items else {}


def shown_names(call: Call, labels: Mapping[str, str]) -> dict[str, Json]:
    """As `shown_labels`, of a classification or a node (OC-P43)."""
    return {} if call.hard("OC-P43") else shown_labels(labels)


def _sorted_out(call: Call, items: Iterable[tuple[str | None, str]]) -> Labels:
    known = call.table(Locale)
    texts = {loc: item for loc, item in items if loc is not None and item}
    return Labels(
        {loc: item for loc, item in texts.items() if loc in known}, tuple(loc for loc in texts if loc not in known)
    )


KIND: Kind[OmnRoute] = Kind(
    questions=(Knob("OC-P43", "labels of classifications and nodes", "shown when set", "never shown"),)
)
