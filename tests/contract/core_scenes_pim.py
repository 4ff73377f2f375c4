"""Scenes of definitions, of classifications with their nodes and attributes, of products."""

from __future__ import annotations

from typing import Any

from reconciler.twins.omn_core.product_things import ProductLink
from tests.contract import classes as class_steps
from tests.contract import definitions as definition_steps
from tests.contract import peos
from tests.contract.classes import at, cl, nd
from tests.contract.core_scene import GONE, Scene, no_admin, no_locale_fr
from tests.contract.definitions import ad
from tests.contract.peos import product
from tests.world import World


def definitions() -> list[Scene]:
    care, gone = ad("care"), ad("care", **GONE)
    unknown = "There is no attribute definition with the given tid or id"
    unsaved = "The attribute definition could not be saved. Reason: <reason>"
    kept = "The attribute definition could not be deleted. Reason: <reason>"

    def use(k: World) -> None:
        k.core.add_class("S")
        k.core.add_attribute("/S", "care")

    there = "attribute-definitions/persist"
    away = "attribute-definitions/perform"
    return [
        Scene(
            there,
            unsaved,
            "care",
            [care],
            [ad("care", en_GB="Care")],
            definition_steps.PERSIST,
            lambda k: k.core.change_definition("care", type="number"),
        ),
        Scene(
            away,
            unknown,
            "care",
            [gone],
            [],
            definition_steps.PERFORM,
            lambda k: k.core.remove_definition("care"),
            end="done",
        ),
        Scene(away, kept, "care", [gone], [], definition_steps.PERFORM, use),
    ]


def classes() -> list[Scene]:
    s, a = cl("S", name="s"), nd("S/a", name="a")
    saved = "The classification has been saved successfully|"
    no_locale = f"{saved}Cannot find language id with code '<loc>'."
    taken = f"{saved}Unable to create new classification. Classification with name <label> already exist."
    no_parent = (
        "An error occurred while node creation. Parent node path: <p>, or id: <id>, node: <tid>, "
        "the reason: Node with path '[a, b]' does not exist."
    )
    use = at("S/a", "care", name="use", **GONE)

    def ground(k: World) -> None:
        k.core.add_definition("care")

    more: dict[str, Any] = {"ground": ground}
    there: dict[str, Any] = {"path": class_steps.PERSIST, **more}
    node = nd("S/a", name="a", **GONE)
    return [
        Scene(
            "classes/persist",
            no_parent,
            "b",
            [s, a],
            [s, a, nd("S/a/b", name="b")],
            deed=lambda k: k.core.remove_node("/S/a"),
            **there,
        ),
        Scene(
            "classes/persist",
            "Attribute definition: '<key>' cannot be found",
            "use",
            [s, a],
            [s, a, use],
            deed=lambda k: k.core.remove_definition("care"),
            **there,
        ),
        Scene("classes/persist", no_locale, "s", [s], [cl("S", name="s", fr_FR="s")], deed=no_locale_fr, **there),
        Scene(
            "classes/persist",
            taken,
            "s",
            [s],
            [cl("S", name="s", en_GB="Fashion")],
            deed=lambda k: k.core.add_class("T", labels={"en_GB": "Fashion"}),
            **there,
        ),
        Scene(
            "classes/perform",
            "The classification not found by given tid: '<tid>'",
            "s",
            [cl("S", name="s", **GONE)],
            [],
            class_steps.CLASSES,
            lambda k: k.core.remove_class("S"),
            end="done",
        ),
        Scene(
            "attributes/perform",
            "Attribute not found with given id",
            "use",
            [s, a, use],
            [s, a],
            class_steps.ATTRIBUTES,
            lambda k: k.core.remove_attribute("/S/a", "care"),
            end="done",
            **more,
        ),
        Scene(
            "nodes/perform",
            "There is no node with the given path or id",
            "a",
            [s, node],
            [s],
            class_steps.NODES,
            lambda k: k.core.remove_node("/S/a"),
            end="done",
        ),
        Scene(
            "nodes/perform",
            "The node could not be deleted. Reason: <reason>",
            "a",
            [s, node],
            [s],
            class_steps.NODES,
            lambda k: k.core.add_product("p", "P", "/S/a"),
        ),
        Scene(
            "nodes/perform",
            "Nodes delete API is restricted for the user",
            "a",
            [s, node],
            [s],
            class_steps.NODES,
            no_admin,
        ),
    ]


def products() -> list[Scene]:
    one, other, going = product("p1", name="A"), product("p2", name="B"), product("p1", name="A", **GONE)
    taken = (
        "An error while doing action '<action>' with the product, tid: '<tid>', "
        "caused by: Unable to create or update product. Product name is duplicated."
    )
    no_node = "An error while product classification, caused by: 'Node with path '[<a>, <b>]' does not exist."
    no_target = "There is no target products with the given tid or id to perform unlink: {details}"
    no_attribute = "There is no target attribute definition with the given identifier: {tid}"

    def ground(k: World) -> None:
        k.core.add_definition("ACC", "ref")
        k.core.add_template(peos.TEMPLATE, "Print")

    def another(k: World) -> None:
        k.core.add_product("p9", "A")

    def no_definition(k: World) -> None:
        k.core.remove_definition("ACC")

    def unlinked(k: World) -> None:
        k.core.state.of(ProductLink).clear()

    linked = product("p1", name="A", links=[{"attribute": "ACC", "product": "p2"}])
    part: dict[str, Any] = {
        "before": [linked, other], "after": [product("p1", name="A", links=[]), other], "path": peos.PART,
        "ground": ground,
    }  # fmt: skip
    drop: dict[str, Any] = {"before": [going, other], "after": [other], "path": peos.DROP, "ground": ground}
    return [
        Scene(
            "products/persist",
            taken,
            "p1",
            [other],
            [other, one],
            peos.MAKE,
            lambda k: k.core.add_product("p9", "A"),
        ),
        Scene("products/persist", no_node, "p1", [other], [other, product("p1", name="A", node="No/Where")]),
        Scene(
            "products/persist",
            "Products persist is restricted for users",
            "p1",
            [other],
            [other, one],
            peos.MAKE,
            no_admin,
        ),
        Scene(
            "products/perform",
            "There is no product with the given tid or id",
            "p1",
            deed=lambda k: k.core.remove_product("p1"),
            end="done",
            **drop,
        ),
        Scene(
            "products/perform",
            "The product could not be deleted. Reason: {errormessage}",
            "p1",
            deed=lambda k: k.core.add_peo("p1", peos.TEMPLATE, "P"),
            **drop,
        ),
        Scene("products/perform", "Products delete API is restricted for user", "p1", deed=no_admin, **drop),
        Scene("products/links/perform", no_target, "p1", deed=lambda k: k.core.remove_product("p2"), **part),
        Scene(
            "products/links/perform", no_attribute, "p1", deed=lambda k: k.core.remove_definition("ACC"), **part
        ),
        Scene(
            "products/links/perform",
            "Unlink could not be performed. Reason: {errormessage}",
            "p1",
            deed=unlinked,
            **part,
        ),
        Scene("products/links/perform", "Unlink API is restricted for user", "p1", deed=no_admin, **part),
    ]
