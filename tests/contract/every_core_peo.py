"""Peos and products of OMN Core in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reconciler.model.json import Json
from reconciler.twins.omn_core.product_things import ProductLink
from tests.contract.every_core_words import ANEW, DELETE, moves
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.peos import TEMPLATE, peos, shop
from tests.world import World

PERSIST: Final = "POST /peo/peos/persist"
PERFORM: Final = "POST /peo/peos/perform"
LINK: Final = "POST /peo/peos/links/persist"
UNLINK: Final = "POST /peo/peos/links/perform"


def _others(w: World) -> None:
    shop(w)
    w.core.add_template("8", "Web")
    w.core.add_peo("prod-2", TEMPLATE, "Theirs", ["AWS"])


def _linked(*projects: str) -> Callable[[World], object]:
    def link(w: World) -> None:
        (own,) = (b.id for b in w.recorded.bonds.values())
        w.core.change_peo(w.core.peo(own).tid, projects=projects)

    return link


def _renamed(w: World) -> None:
    (own,) = (b.id for b in w.recorded.bonds.values())
    w.core.change_peo(w.core.peo(own).tid, name="T")


def _gone(w: World) -> None:
    (own,) = (b.id for b in w.recorded.bonds.values())
    w.core.remove_peo(w.core.peo(own).tid)


SUMMER: Final = "prod-1/Print/Summer"
RENAME: Final[dict[str, Json]] = {"allow": ["rename"]}
HIGH: Final = {"previously": {"key": "Summer"}}
PEO = Table(
    "omn-core",
    "Peo",
    "summer",
    {"product": "prod-1", "template": "Print", "templateId": TEMPLATE, "name": "Summer"},
    lambda w: set(peos(w)),
    set_up=_others,
    rows=(
        Row(
            "product",
            "OC-R136",
            (never("prod-2", "replace"), never("prod-3", ("replace", "unresolved")), never("PROD-1")),
        ),
        Row("template", "OC-R136", (never("Web", "replace"), never("Other", "replace"), never("Print"))),
        Row(
            "templateId",
            "OC-R127",
            (never("8", "replace"), never("9", "replace"), never(TEMPLATE), left_out()),
            begins=TEMPLATE,
        ),
        Row(
            "projects",
            "OC-C51",
            (
                Step(["AWS"]),
                Step(["AWS", "Web"]),
                drifted(["AWS", "Web"], _linked("AWS")),
                drifted(["AWS", "Web"], _linked("AWS", "Web", "Old")),
                Step(["Old"], 2),
                never(["Old", "Nowhere"], "unresolved"),
                Step([]),
                left_out(),
            ),
        ),
        Row(
            "projectsMode",
            "OC-R135",
            (
                never("additive"),
                never("additive", behind=_linked("AWS", "Old")),
                Step("exact"),
                left_out(),
            ),
            more={"projects": ["AWS"]},
        ),
    ),
    deeds=(
        Deed("create", "OC-C51", calls=(PERSIST,), verb="create", there=SUMMER),
        Deed(
            "create whole", "OC-R130", say(projects=["AWS", "Web"]), calls=(PERSIST,), verb="create", there=SUMMER
        ),
        Deed(
            "create without a template's id",
            "OC-R130",
            say(templateId=None),
            mistake="templateId",
        ),
        Deed("adopt", "OC-R127", say(product="PROD-2", name="Theirs", projects=["AWS"]), verb="adopt"),
        Deed(
            "adopt changed",
            "OC-R135",
            say(product="prod-2", name="Theirs", projects=["AWS", "Web"]),
            calls=(LINK,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OC-R133",
            Sheet({"name": "High"}, RENAME, HIGH),
            Sheet(),
            calls=(PERSIST,),
            verb="rename",
            ends=By({"done"}, {"done", "failed"}),  # OC-R134
            there=By("prod-1/Print/High", SUMMER),
        ),
        Deed(
            "rename without consent",
            "OC-R133",
            Sheet({"name": "High"}, {}, HIGH),
            Sheet(),
            verb="rename",
            holds={"rename"},
            there=SUMMER,
        ),
        Deed(
            "rename unsaid",
            "OC-R133",
            say(name="High"),
            Sheet(),
            verb="rename",
            holds={"rename", "rename-unconfirmed"},
            there=SUMMER,
        ),
        moves("OC-R127", "summer"),
        Deed(
            "replace",
            "OC-R136",
            Sheet({"product": "prod-2", "projects": ["AWS"]}, ANEW),
            say(projects=["AWS"]),
            calls=(PERFORM, PERSIST),
            verb="replace",
            there="prod-2/Print/Summer",
            gone=SUMMER,
        ),
        Deed(
            "replace by another template's",
            "OC-R136",
            Sheet({"template": "Web", "templateId": "8"}, ANEW),
            Sheet(),
            calls=(PERFORM, PERSIST),
            verb="replace",
            there="prod-1/Web/Summer",
            gone=SUMMER,
        ),
        Deed(
            "drift",
            "OC-C51",
            say(projects=["AWS"]),
            say(projects=["AWS"]),
            _linked("Old"),
            calls=(LINK, UNLINK),
            verb="update",
        ),
        Deed("made again", "OC-R126", Sheet(), Sheet(), _gone, calls=(PERSIST,), verb="create", there=SUMMER),
        Deed("release", "OC-R125", GONE, Sheet(), verb="release", there=SUMMER),
        Deed("delete", "OC-R136", GONE, Sheet(life=DELETE), calls=(PERFORM,), verb="delete", gone=SUMMER),
        Deed(
            "delete what others made",
            "OC-R125",
            GONE,
            Sheet({"product": "prod-2", "name": "Theirs"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="prod-2/Print/Theirs",
        ),
    ),
)


# Product.


MAKE: Final = "POST /pim/products/persist"
DROP: Final = "POST /pim/products/perform"
JOIN: Final = "POST /pim/products/links/persist"
PART: Final = "POST /pim/products/links/perform"


def _stock(w: World) -> None:
    for key in ("color", "size", "ACC", "MORE"):
        w.core.add_definition(key, "ref" if key.isupper() else "text")
    w.core.add_class("Standard")
    w.core.add_node("/Standard/Shoes")
    w.core.add_product("theirs", "Theirs", vals={"color": "x"})
    w.core.add_product("other", "Other")


def _names(w: World) -> set[str]:
    return {f"{p['tid']} {p['name']}" for p in w.core.products_without_ids() if isinstance(p, dict)}


def _set(**words: Any) -> Callable[[World], object]:
    return lambda w: w.core.change_product("p1", **words)


def _parted(w: World) -> None:
    """Somebody takes a link of the product away."""
    del w.core.state.of(ProductLink)[ProductLink("p1", "MORE", "other").key]


ACC: Final = {"attribute": "ACC", "product": "other"}
MORE: Final = {"attribute": "MORE", "product": "other"}
VALUES: Final = {"color": {"en_GB": "black"}, "size": ["S", "M"]}
PRODUCT = Table(
    "omn-core",
    "Product",
    "p1",
    {"identifier": "p1", "name": "One"},
    _names,
    set_up=_stock,
    entries={"links": ACC},
    rows=(
        Row("name", "OC-C56", (Step("A"), Step("B"), drifted("B", _set(name="T")), left_out()), begins="First"),
        Row(
            "node",
            "OC-R144",
            (never("Standard/Shoes"), never("Standard", "immutable"), never("Standard/Shoes"), left_out()),
            more={"node": "Standard/Shoes"},
            begins="Standard/Shoes",
        ),
        Row(
            "values",
            "OC-C56",
            (
                Step({"color": "a"}),
                Step({"color": "b", "size": ["S", "M"]}),
                drifted({"color": "b", "size": ["S", "M"]}, _set(vals={"color": "t"})),
                never({"color": "b"}),
                left_out(),
            ),
        ),
        Row(
            "links",
            "OC-C56",
            (Step([ACC]), Step([ACC, MORE]), drifted([ACC, MORE], _parted), Step([]), left_out()),
        ),
        Row("links/attribute", "OC-C56", (Step("ACC"), Step("MORE", 2))),
        Row("links/product", "OC-C56", (Step("other"), Step("theirs", 2))),
        Row(
            "linksMode",
            "OC-R145",
            (
                never("additive"),
                never("additive", behind=lambda w: w.core.link_product("p1", "MORE", "other")),
                Step("exact"),
                left_out(),
            ),
            more={"links": [ACC]},
        ),
    ),
    deeds=(
        Deed("create", "OC-R143", calls=(MAKE,), verb="create", there="p1 One"),
        Deed(
            "create whole",
            "OC-C56",
            say(node="Standard/Shoes", values=VALUES, links=[ACC]),
            calls=(MAKE, JOIN),
            verb="create",
            there="p1 One",
        ),
        Deed("adopt", "OC-R139", say(identifier="theirs", name="Theirs", values={"color": "x"}), verb="adopt"),
        Deed("adopt changed", "OC-R142", say(identifier="theirs", name="Mine"), calls=(MAKE,), verb="adopt"),
        Deed(
            "rename",
            "OC-R139",
            Sheet({"identifier": "p2"}, metadata={"previously": {"key": "p1"}}),
            Sheet(),
            mistake="the identifier is the product",
        ),
        Deed(
            "rename unsaid",
            "OC-R139",
            say(identifier="p2"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="p1 One",
        ),
        moves("OC-R139", "p1"),
        Deed(
            "drift",
            "OC-R142",
            say(values=VALUES),
            say(values=VALUES),
            _set(name="T", vals={"size": ["L"]}),
            calls=(MAKE,),
            verb="update",
            there="p1 One",
        ),
        Deed("release", "OC-R137", GONE, Sheet(), verb="release", there="p1 One"),
        Deed("delete", "OC-R147", GONE, Sheet(life=DELETE), calls=(DROP,), verb="delete", gone="p1 One"),
        Deed(
            "delete what others made",
            "OC-R137",
            GONE,
            Sheet({"identifier": "theirs", "name": "Theirs"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="theirs Theirs",
        ),
    ),
)
