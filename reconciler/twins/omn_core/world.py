"""What the world begins with, and a small believable one: keywords that were there before any manifest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reconciler.twins.core.values import Json, encode
from reconciler.twins.omn_core.call import FIRST_ID
from reconciler.twins.omn_core.glossary_things import DEFAULT_GLOSSARY, Glossary
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


LONG_BEFORE = "2022-01-13T05:34:43.262Z"
FIRST_OF_OLD = 15_000
# What manifests refer to and cannot make.
RNCS = ("MAM", "DATA")
CHANNELS: tuple[tuple[str, str, str | None], ...] = (
    ("AWS", "AWS", None),
    ("WEB", "Web shop", None),
    ("WEB_DE", "Web shop Germany", "WEB"),
    ("PRINT", "Print catalogue", None),
)
TEMPLATES = (("47220", "PeoTemplate1"), ("47221", "Web"), ("47222", "Print"))
PRODUCTS = (
    ("ec98dde6-4064-465d-a1fb-237e2f10a336", "Trail shoe"),
    ("58695a3d-f6d6-44fa-89f0-6a5e027ac79a", "Rain jacket"),
    ("56606a59-3b13-4693-8354-6e4a04263869", "Wool scarf"),
)
RATINGS = {"good": {"en_EN": "good", "de_DE": "gut"}, "poor": {"en_EN": "poor"}}
DIRECTORIES = ("/MAM/products/2023", "/MAM/archive", "/DATA/imports")


def begin(twin: OmnCoreTwin) -> None:
    """What every server has from its first day on: its components, and the glossary of the system."""
    twin.set_component("omn-versioning", "inactive")
    twin.set_component("omn-search", "active")
    never = "1970-01-20T05:27:05.461Z"
    system = Glossary(DEFAULT_GLOSSARY, "", "Default", never, never, "system", "system")
    twin.state.of(Glossary)[DEFAULT_GLOSSARY] = system


def seed_references(twin: OmnCoreTwin) -> None:
    """Data sources, channels, templates and products; directories, a glossary and a peo that somebody made."""
    for rnc in RNCS:
        twin.add_rnc(rnc)
    for tid, name, parent in CHANNELS:
        twin.add_channel(tid, name, parent=parent)
    for key, name in TEMPLATES:
        twin.add_template(key, name)
    for tid, name in PRODUCTS:
        twin.add_product(tid, name)
    for path in DIRECTORIES:
        twin.add_directory(path)
    twin.add_asset("/MAM/archive", "2019.pdf")
    twin.add_glossary("House style")
    twin.add_entry("House style", "sneaker", "en_EN", translations={"de_DE": "Turnschuh"})
    twin.add_peo(PRODUCTS[1][0], "47221", "Rain jacket web", ["WEB"], default=True)


def seed_classes(twin: OmnCoreTwin) -> None:
    """A classification that somebody made, with the definitions that its attributes use."""
    twin.add_definition("supplier_number", labels={"en_EN": "Number", "de_DE": "Nummer"})
    twin.add_definition("supplier_rating", labels={"en_EN": "Rating"}, values=RATINGS)
    twin.add_definition("supplier_regions", labels={"en_EN": "Regions"}, multi_valued=True)
    twin.add_class("Suppliers", labels={"en_EN": "Suppliers"})
    for path in ("/Suppliers/Europe", "/Suppliers/Europe/North", "/Suppliers/Asia"):
        twin.add_node(path, labels={"en_EN": path.rpartition("/")[2]})
    twin.add_attribute("/Suppliers", "supplier_number")
    twin.add_attribute("/Suppliers/Europe", "supplier_rating", localized=True, values=RATINGS, default="good")


def seed(twin: OmnCoreTwin) -> None:
    """Fill the world by the API's own rules, so that it could have come about."""
    for parent, value, labels in KEYWORDS:
        _make(twin, parent, value, labels)
    twin.link_asset("/Seasons/Winter")
    twin.link_asset("/Archive/2019")
    with _long_before(twin):
        seed_references(twin)
        seed_classes(twin)


@contextmanager
def _long_before(twin: OmnCoreTwin) -> Iterator[None]:
    """What is added here is older than all else: its times and ids lie before those of the first request."""
    now, last = twin.clock.now(), twin.counters.dump()
    twin.clock.set(LONG_BEFORE)
    twin.counters.load({**last, "id": FIRST_OF_OLD - FIRST_ID})
    yield
    twin.clock.set(now)
    twin.counters.load({**twin.counters.dump(), "id": last.get("id", 0)})


def _make(twin: OmnCoreTwin, parent: str, value: str, labels: dict[str, str]) -> None:
    items: list[Json] = [value, *({"loc": loc, "value": label} for loc, label in labels.items())]
    document: Json = {"kwds": {"entries": [{"parentPath": parent, "name": {"itm": items}}]}}
    answer = twin.edit("POST", PERSIST, document)
    if '"status":"SUCCESS"' not in encode(answer.body).decode():
        raise RuntimeError(f"the seed of the world was refused: {answer}")
