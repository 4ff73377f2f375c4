"""What the world begins with, and a small believable one: keywords that were there before any manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.twins.core.values import Json, encode
from reconciler.twins.omn_core.keyword_persist import PATH as PERSIST

if TYPE_CHECKING:
    from reconciler.twins.omn_core.twin import OmnCoreTwin

LOCALES = (
    ("6000", "en_EN", "English", "en", "EN"),
    ("6003", "de_DE", "German", "de", "DE"),
    ("6004", "en_GB", "English (United Kingdom)", "en", "GB"),
    ("6005", "fr_FR", "French", "fr", "FR"),
)
KEYWORDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("/", "Seasons", {"en_GB": "Seasons", "de_DE": "Jahreszeiten"}),
    ("/Seasons", "Summer", {"en_GB": "Summer", "de_DE": "Sommer"}),
    ("/Seasons", "Winter", {"en_GB": "Winter"}),
    ("/", "Colours", {"en_GB": "Colours", "fr_FR": "Couleurs"}),
    ("/Colours", "Red", {}),
    ("/", "Archive", {}),
    ("/Archive", "2019", {"en_GB": "2019"}),
)


def seed(twin: OmnCoreTwin) -> None:
    """Fill the world by the API's own rules, so that it could have come about."""
    for parent, value, labels in KEYWORDS:
        _make(twin, parent, value, labels)
    twin.link_asset("/Seasons/Winter")
    twin.link_asset("/Archive/2019")


def _make(twin: OmnCoreTwin, parent: str, value: str, labels: dict[str, str]) -> None:
    items: list[Json] = [value, *({"loc": loc, "value": label} for loc, label in labels.items())]
    document: Json = {"kwds": {"entries": [{"parentPath": parent, "name": {"itm": items}}]}}
    answer = twin.edit("POST", PERSIST, document)
    if '"status":"SUCCESS"' not in encode(answer.body).decode():
        raise RuntimeError(f"the seed of the world was refused: {answer}")
