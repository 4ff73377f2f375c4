"""What must happen so that OMN Core answers with each text that its reference documents: what is declared before
and after, and what somebody does between plan and effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.model.document import Document
from reconciler.twins.omn_core.dam_things import Rnc
from reconciler.twins.omn_core.product_things import ProductLink
from reconciler.twins.omn_core.things import Locale
from tests.contract import classes, definitions, directories, glossaries, keywords, peos
from tests.contract.classes import at, cl, nd
from tests.contract.definitions import ad
from tests.contract.directories import di
from tests.contract.glossaries import en, entry, glossary
from tests.contract.keywords import kw
from tests.contract.peos import peo, product
from tests.world import World

GONE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "first-removals"]}
Deed = Callable[[World], object]


@dataclass(frozen=True, slots=True)
class Scene:
    """`call`, `text`: as the page has them. `who`: the document that meets with it. `path`: just before the next
    request there takes effect, `deed` is done. `knobs`: harder answers that it takes. `ground`: what the world has
    before. `end`: how it ends."""

    call: str
    text: str
    who: str
    before: Sequence[Document]
    after: Sequence[Document]
    path: str = ""
    deed: Deed = lambda _: None
    ground: Deed = lambda _: None
    knobs: tuple[str, ...] = ()
    end: str = "failed"

    @property
    def name(self) -> str:
        return f"{self.call} {self.text[:60]}" + ("" if self.end == "failed" else f" ({self.end})")


def _own(k: World, name: str) -> str:
    return next(b.id for a, b in k.recorded.bonds.items() if a.name == name)


def _no_locale(k: World) -> None:
    del k.core.state.of(Locale)["fr_FR"]


def _no_admin(k: World) -> None:
    k.core.add_token(k.core.default_key, "admin@example.com", admin=False)


def _keywords() -> list[Scene]:
    a, x, moved = kw("A", name="a"), kw("X", name="x"), kw("A/X", name="x", was="X")
    twice = (
        "Keyword value '<value>' for language '<loc>' is duplicated. "
        "Unique keyword values under one parent should be provided"
    )
    missing = "Entity class com.meylemueller.obj.isy.KeywordEntity with identity=<id> not found"
    no_locale = "Cannot find language id with code '<loc>'."
    gone = "There is no keyword with the given id"
    there = "Error during moving: No access to destination object '<path or id>'"
    own = "Error during moving: No access to source objects"
    change = [kw("A", name="a", en_GB="a"), x]
    some: dict[str, Any] = {"path": keywords.PERSIST}
    moving: dict[str, Any] = {"before": [a, x], "after": [a, moved], "path": keywords.PERFORM}
    return [
        Scene("persist", missing, "a", [a, x], change, deed=lambda k: k.core.remove_keyword("/A"), **some),
        Scene(
            "persist",
            "No keyword by path '<path>'",
            "b",
            [x],
            [x, a, kw("A/B", name="b")],
            deed=lambda k: k.core.mar("A", description="not today"),
            **some,
        ),
        Scene(
            "persist",
            "The keyword is not available by access rights",
            "a",
            [a, x],
            change,
            deed=lambda k: k.core.deny("/A"),
            **some,
        ),
        Scene(
            "persist",
            "Parent keyword is not available by access rights",
            "b",
            [a, x],
            [a, x, kw("A/B", name="b")],
            deed=lambda k: k.core.deny("/A"),
            **some,
        ),
        Scene(
            "persist, move",
            twice,
            "a",
            [a, x],
            change,
            deed=lambda k: k.core.add_keyword("Z", labels={"en_GB": "a"}),
            **some,
        ),
        Scene("persist", no_locale, "a", [a, x], [kw("A", name="a", fr_FR="a"), x], deed=_no_locale, **some),
        Scene("perform", gone, "x", deed=lambda k: k.core.remove_keyword("/X"), **moving),
        Scene(
            "perform",
            gone,
            "x",
            [a, kw("X", name="x", **GONE)],
            [a],
            keywords.PERFORM,
            lambda k: k.core.remove_keyword("/X"),
            end="done",
        ),
        Scene("perform", there, "x", deed=lambda k: k.core.deny("/A"), **moving),
        Scene("perform", own, "x", deed=lambda k: k.core.deny("/X"), **moving),
    ]


def _definitions() -> list[Scene]:
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
            definitions.PERSIST,
            lambda k: k.core.change_definition("care", type="number"),
        ),
        Scene(
            away,
            unknown,
            "care",
            [gone],
            [],
            definitions.PERFORM,
            lambda k: k.core.remove_definition("care"),
            end="done",
        ),
        Scene(away, kept, "care", [gone], [], definitions.PERFORM, use),
    ]


def _classes() -> list[Scene]:
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
    there: dict[str, Any] = {"path": classes.PERSIST, **more}
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
        Scene("classes/persist", no_locale, "s", [s], [cl("S", name="s", fr_FR="s")], deed=_no_locale, **there),
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
            classes.CLASSES,
            lambda k: k.core.remove_class("S"),
            end="done",
        ),
        Scene(
            "attributes/perform",
            "Attribute not found with given id",
            "use",
            [s, a, use],
            [s, a],
            classes.ATTRIBUTES,
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
            classes.NODES,
            lambda k: k.core.remove_node("/S/a"),
            end="done",
        ),
        Scene(
            "nodes/perform",
            "The node could not be deleted. Reason: <reason>",
            "a",
            [s, node],
            [s],
            classes.NODES,
            lambda k: k.core.add_product("p", "P", "/S/a"),
        ),
        Scene(
            "nodes/perform",
            "Nodes delete API is restricted for the user",
            "a",
            [s, node],
            [s],
            classes.NODES,
            _no_admin,
        ),
    ]


def _glossaries() -> list[Scene]:
    shoes, hats = glossary("Shoes", called="g"), glossary("Hats", called="h")
    unknown = 'The glossary with id "<id>" does not exist.'
    no_glossary = "There is no glossary with the given identity"
    no_entry = "There is no glossary entry with the given tid/identity"
    term, sentence = entry("g", "Schuh", called="e"), entry("g", "Der Schuh.", type="sentence", called="e")
    into = entry("h", "Schuh", called="e")

    def gone(k: World) -> None:
        k.core.remove_entry(_own(k, "e"))

    def without(name: str) -> Deed:
        return lambda k: k.core.remove_glossary(k.core.glossary(name).id)

    return [
        Scene(
            "glossaries/persist",
            "Unable to create the glossary: glossary with name '<name>' already exists.",
            "g",
            [shoes],
            [glossary("Boots", called="g", was="Shoes"), hats],
            glossaries.PERSIST,
            lambda k: k.core.add_glossary("Boots"),
        ),
        Scene(
            "glossaries/persist",
            unknown,
            "g",
            [shoes],
            [glossary("Shoes", called="g", attributes={"A": "x"})],
            glossaries.PERSIST,
            without("Shoes"),
        ),
        Scene(
            "glossaries/perform",
            unknown,
            "g",
            [glossary("Shoes", called="g", **GONE)],
            [],
            glossaries.PERFORM,
            without("Shoes"),
            end="done",
        ),
        Scene(
            "glossaryEntries/persist",
            "Unknown translation entry type '<type>'",
            "e",
            [shoes],
            [shoes, entry("g", "Schuh", type="sentenc", called="e")],
        ),
        Scene(
            "glossaryEntries/persist",
            "Term with identity '<id>' not found.",
            "e",
            [shoes, term],
            [shoes, entry("g", "Schuh", en("shoe"), called="e")],
            glossaries.PERSIST_ENTRIES,
            gone,
        ),
        Scene(
            "glossaryEntries/persist",
            "Sentence with identity '<id>' not found.",
            "e",
            [shoes, sentence],
            [shoes, entry("g", "Der Schuh.", en("A shoe."), type="sentence", called="e")],
            glossaries.PERSIST_ENTRIES,
            gone,
        ),
        Scene(
            "glossaryEntries/persist",
            no_glossary,
            "e",
            [shoes],
            [shoes, term],
            glossaries.PERSIST_ENTRIES,
            without("Shoes"),
        ),
        Scene(
            "glossaryEntries/perform",
            no_entry,
            "e",
            [shoes, hats, term],
            [shoes, hats, into],
            glossaries.PERFORM_ENTRIES,
            gone,
        ),
        Scene(
            "glossaryEntries/perform",
            no_entry,
            "e",
            [shoes, entry("g", "Schuh", called="e", **GONE)],
            [shoes],
            glossaries.PERFORM_ENTRIES,
            gone,
            end="done",
        ),
        Scene(
            "glossaryEntries/perform",
            no_glossary,
            "e",
            [shoes, hats, term],
            [shoes, hats, into],
            glossaries.PERFORM_ENTRIES,
            without("Hats"),
        ),
    ]


def _directories() -> list[Scene]:
    a, b, x, moved = di("A", name="a"), di("B", name="b"), di("X", name="x"), di("A/X", name="x", was="X")
    inner, described = di("A/B", name="b"), di("A/B", {"N": "1"}, name="b")
    unknown = "Cannot find directory with tid '<tid>'"

    def ground(k: World) -> None:
        k.core.add_rnc("MAM")

    def no_rnc(k: World) -> None:
        del k.core.state.of(Rnc)["MAM"]

    persist: dict[str, Any] = {"path": directories.PERSIST, "ground": ground}
    moving: dict[str, Any] = {
        "path": directories.PERFORM, "ground": ground, "before": [a, x], "after": [a, moved]
    }  # fmt: skip
    change: dict[str, Any] = {"before": [a, inner], "after": [a, described], **persist}
    return [
        Scene(
            "dirs/persist",
            '"Target directory is itself or target parent directory"',
            "b",
            deed=lambda k: k.core.move_directory("/MAM/A/B", "/MAM"),
            knobs=("OC-P33",),
            **change,
        ),
        Scene(
            "dirs/persist",
            "Permissions missing for directory with tid '<tid>'",
            "b",
            deed=lambda k: k.core.deny_directory("/MAM/A/B"),
            **change,
        ),
        Scene("dirs/persist", "Cannot find RNC with identifier '<rnc>'", "b", [a], [a, b], deed=no_rnc, **persist),
        Scene(
            "dirs/persist",
            "Directory with name '<name>' already exists",
            "b",
            [a, b],
            [a, di("C", name="b", was="B")],
            deed=lambda k: k.core.add_directory("/MAM/C"),
            **persist,
        ),
        Scene(
            "dirs/persist",
            "Directory not found",
            "b",
            [a],
            [a, inner],
            deed=lambda k: k.core.remove_directory("/MAM/A"),
            **persist,
        ),
        Scene(
            "dirs/persist",
            "File Management Synchronizer error",
            "b",
            deed=lambda k: k.core.mar("B", description="File Management Synchronizer error"),
            **change,
        ),
        Scene("dirs/persist", unknown, "b", deed=lambda k: k.core.remove_directory("/MAM/A/B"), **change),
        Scene("dirs/perform", unknown, "x", deed=lambda k: k.core.remove_directory("/MAM/X"), **moving),
        Scene(
            "dirs/perform",
            unknown,
            "x",
            [a, di("X", name="x", **GONE)],
            [a],
            directories.PERFORM,
            lambda k: k.core.remove_directory("/MAM/X"),
            ground,
            end="done",
        ),
        Scene(
            "dirs/perform",
            "The directory does not exist",
            "x",
            deed=lambda k: k.core.remove_directory("/MAM/A"),
            **moving,
        ),
        Scene(
            "dirs/perform",
            "Error during moving: No access to destination object '/<dir>'",
            "x",
            deed=lambda k: k.core.deny_directory("/MAM/A"),
            **moving,
        ),
        Scene(
            "dirs/perform",
            "Error during moving: No access to source objects",
            "x",
            deed=lambda k: k.core.deny_directory("/MAM/X"),
            **moving,
        ),
        Scene(
            "dirs/perform",
            "Collision during move. Collision dir name:'<name>'",
            "x",
            deed=lambda k: k.core.add_directory("/MAM/A/X"),
            **moving,
        ),
    ]


def _peos() -> list[Scene]:
    denied = "PEO is not available by access rights"
    plain, linked, going = (
        peo("P", called="p"),
        peo("P", called="p", projects=["AWS"]),
        peo("P", called="p", **GONE),
    )

    def gone(k: World) -> None:
        k.core.remove_peo(k.core.peo(_own(k, "p")).tid)

    def deny(k: World) -> None:
        k.core.deny_peo(k.core.peo(_own(k, "p")).tid)

    def no_channel(k: World) -> None:
        peos.without_channel(k, "AWS")

    more: dict[str, Any] = {"ground": peos.shop}
    link: dict[str, Any] = {"before": [plain], "after": [linked], "path": peos.LINK, **more}
    unlink: dict[str, Any] = {
        "before": [linked],
        "after": [peo("P", called="p", projects=[])],
        "path": peos.UNLINK,
    }
    unlink |= more
    deeds: list[tuple[str, Deed]] = [("PEO not found", gone), ("Project not found", no_channel), (denied, deny)]
    return [
        Scene("peos/persist", "Product not found", "p", [], [peo("P", called="p", product="nowhere")], **more),
        Scene(
            "peos/persist",
            "PEO template has not been found",
            "p",
            [],
            [peo("P", called="p", templateId="99")],
            **more,
        ),
        Scene("peos/persist", "Project not found", "p", [], [linked], peos.PERSIST, no_channel, **more),
        Scene(
            "peos/perform",
            "There is no peo with the given tid",
            "p",
            [going],
            [],
            peos.PERFORM,
            gone,
            end="done",
            **more,
        ),
        Scene("peos/perform", denied, "p", [going], [], peos.PERFORM, deny, end="done", **more),
        *(Scene("peos/links/persist", text, "p", deed=deed, **link) for text, deed in deeds),
        *(Scene("peos/links/perform", text, "p", deed=deed, **unlink) for text, deed in deeds),
    ]


def _products() -> list[Scene]:
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
            _no_admin,
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
        Scene("products/perform", "Products delete API is restricted for user", "p1", deed=_no_admin, **drop),
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
        Scene("products/links/perform", "Unlink API is restricted for user", "p1", deed=_no_admin, **part),
    ]


SCENES: Sequence[Scene] = [
    *_keywords(), *_definitions(), *_classes(), *_glossaries(), *_directories(), *_peos(), *_products(),
]  # fmt: skip
