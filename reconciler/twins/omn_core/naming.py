"""What a keyword may be called: one unlocalized value, texts by locale, none of them twice among siblings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone
from reconciler.twins.omn_core.call import Call, OmnRoute, text
from reconciler.twins.omn_core.things import Keyword, Locale

# How the unlocalized value is called where a text names a language.
UNLOCALIZED = "default"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it was sent; `unknown` are its locales that are none, left out of `labels`."""

    value: str
    labels: Mapping[str, str]
    unknown: tuple[str, ...]


def sent_name(call: Call, given: JsonObject, **echo: str | None) -> Name:
    """The name in a `kwd`. An empty text says nothing. Raises NotDone."""
    items = name_items(given)
    value = next((item for loc, item in items if loc is None), "")
    if not value or "/" in value:
        raise NotDone("Keyword name is missing or invalid", **echo)
    labels = {loc: item for loc, item in items if loc is not None and item}
    unknown = tuple(loc for loc in labels if loc not in call.table(Locale))
    if unknown and not call.hard("OC-P11"):
        raise NotDone(f"Cannot find language id with code '{unknown[0]}'.", **echo)
    return Name(value, {loc: item for loc, item in labels.items() if loc not in unknown}, unknown)


def check_unique(
    call: Call, siblings: Iterable[Keyword], value: str, labels: Mapping[str, str], **echo: str | None
) -> None:
    """None of the siblings has this value, or one of these labels. Raises NotDone."""
    others = list(siblings)
    if not call.hard("OC-P10") and any(other.value == value for other in others):
        raise _taken(value, UNLOCALIZED, **echo)
    for loc, label in labels.items():
        if any(other.labels.get(loc) == label for other in others):
            raise _taken(label, loc, **echo)


def _taken(value: str, loc: str, **echo: str | None) -> NotDone:
    return NotDone(
        f"Keyword value '{value}' for language '{loc}' is duplicated."
        " Unique keyword values under one parent should be provided",
        **echo,
    )


def name_items(given: JsonObject) -> list[tuple[str | None, str]]:
    """Locale (None for the unlocalized value) and text of every `itm` of the name."""
    name = given.get("name")
    items: Json = name.get("itm") if isinstance(name, Mapping) else None
    found: list[tuple[str | None, str]] = []
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            found.append((text(item, "loc"), text(item, "value") or ""))
        elif (value := text({"itm": item}, "itm")) is not None:
            found.append((None, value))
    return found


KIND: Kind[OmnRoute] = Kind(
    questions=(
        Knob("OC-P10", "a sibling of the same unlocalized value", "refused", "accepted"),
        Knob("OC-P11", "a label in an unknown locale", "the object is refused", "saved without, WARNING"),
    )
)
