"""Classifications of OMN Core, their nodes and attributes in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from reconciler.twins.omn_core.domains import domain_of
from reconciler.twins.omn_core.pim_things import Attribute
from tests.contract.classes import attributes, tree
from tests.contract.every_core_words import ANEW, DELETE, LABEL, VALUE, Labels, domain, labels, moves
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.world import World

PERSIST: Final = "POST /pim/classes/persist"
CLASSES: Final = "POST /pim/classes/perform"
NODES: Final = "POST /pim/nodes/perform"
ATTRIBUTES: Final = "POST /pim/attributes/perform"


def _others(w: World) -> None:
    """Two definitions, and a classification with a node that has an attribute."""
    w.core.add_definition("gender")
    w.core.add_definition("care")
    w.core.add_class("Theirs", labels={"en_GB": "theirs"})
    w.core.add_node("/Theirs/Sub")
    w.core.add_attribute("/Theirs/Sub", "care", localized=True)


def _live(w: World) -> set[str]:
    used = {f"{path} {key}" for path, keys in attributes(w).items() for key in keys}
    return {*tree(w), *used}


def _nested(field: str, one: Any, two: Any) -> tuple[Row, Row]:
    """A list of nested documents, and its mode."""
    mode = f"{field}Mode"
    return (
        Row(field, "OC-C21", (Step([one]), Step([one, two]), never([]), left_out())),
        Row(
            mode,
            "OC-R76",
            (
                never("exact"),
                Step("exact", more={field: [one]}),
                never("release"),
                never("release", more={field: []}),
                left_out(),
            ),
            more={field: [one, two]},
        ),
    )


SHOES: Final = {"path": "Shoes"}
GENDER: Final = {"definition": "gender"}
FULL: Final = {
    "labels": {"en_GB": "Fashion"},
    "nodes": [
        {"path": "Shoes", "labels": {"en_GB": "Shoes"}, "nodes": [{"path": "Boots", "attributes": [GENDER]}]}
    ],
    "attributes": [GENDER],
}
EXACT: Final = {"nodesMode": "exact", "attributesMode": "exact"}


def _emptied(w: World) -> None:
    """Somebody gives a classification another label and deletes a node in it."""
    w.core.change_class("Standard", {"en_GB": "T"})
    w.core.remove_node("/Standard/Shoes")


CLASSIFICATION = Table(
    "omn-core",
    "Classification",
    "standard",
    {"identifier": "Standard"},
    _live,
    set_up=_others,
    entries={"labels": LABEL},
    rows=(
        *labels("OC-C21", "OC-R63", lambda w, texts: w.core.change_class("Standard", texts), shown=False),
        *_nested("nodes", SHOES, {"path": "Hats"}),
        *_nested("attributes", GENDER, {"definition": "care"}),
    ),
    deeds=(
        Deed("create", "OC-R66", calls=(PERSIST,), verb="create", there="Standard"),
        Deed(
            "create whole",
            "OC-C21",
            say(**FULL),
            calls=(PERSIST,),
            verb="create",
            there="Standard/Shoes/Boots gender",
        ),
        Deed("adopt", "OC-R64", say(identifier="Theirs"), verb="adopt"),
        Deed(
            "adopt changed",
            "OC-R64",
            say(identifier="Theirs", labels={"de_DE": "X"}, nodes=[{"path": "Sub"}, SHOES]),
            calls=(PERSIST,),
            verb="adopt",
            there="Theirs/Shoes",
        ),
        Deed(
            "adopt with labels",
            "OC-R63",
            say(identifier="Theirs", labels={"en_GB": "theirs"}),
            calls=By((), (PERSIST,)),  # sent once where no list shows any
            verb="adopt",
        ),
        Deed(
            "adopt one without a root",
            "OC-R66",
            say(identifier="Bare"),
            meanwhile=lambda w: w.core.add_class("Bare", root=False),
            calls=(PERSIST,),
            verb="adopt",
            there="Bare",
        ),
        Deed(
            "rename",
            "OC-R73",
            Sheet({"identifier": "New"}, metadata={"previously": {"key": "Standard"}}),
            Sheet(),
            mistake="the identifier of a classification is its name",
        ),
        Deed(
            "rename unsaid",
            "OC-R73",
            say(identifier="New"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="Standard",
        ),
        moves("OC-R64", "standard"),
        Deed(
            "drift",
            "OC-R68",
            say(labels={"en_GB": "A"}, nodes=[SHOES]),
            say(labels={"en_GB": "A"}, nodes=[SHOES]),
            _emptied,
            calls=(PERSIST,),
            verb=By("update", "none"),
            there="Standard/Shoes",
        ),
        Deed("release", "OC-R77", GONE, say(**FULL), verb="release", there="Standard/Shoes/Boots"),
        Deed("delete", "OC-R77", GONE, Sheet(life=DELETE), calls=(CLASSES,), verb="delete", gone="Standard"),
        Deed(
            "delete with all that is in it",
            "OC-R77",
            GONE,
            Sheet({**FULL, **EXACT}, DELETE),
            calls=(CLASSES,),
            verb="delete",
            gone="Standard",
        ),
        Deed(
            "delete with something of others in it",
            "OC-R77",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.add_node("/Standard/X"),
            verb="delete",
            holds={"in-use"},
            there="Standard",
        ),
        Deed(
            "delete what others made",
            "OC-R77",
            GONE,
            Sheet({"identifier": "Theirs"}, DELETE),
            verb="delete",
            holds={"not-ours", "in-use"},
            there="Theirs",
        ),
    ),
)


# ClassificationNode.


def _standard(w: World) -> None:
    _others(w)
    w.core.add_class("Standard")
    w.core.add_node("/Standard/Hats")


def _no_admin(w: World) -> None:
    w.core.add_token("of-nobody", "somebody")
    w.keys["core"] = "of-nobody"


def _stripped(w: World) -> None:
    """Somebody gives a node another label and deletes its attribute."""
    w.core.change_node("/Standard/Shoes", {"en_GB": "T"})
    w.core.remove_attribute("/Standard/Shoes", "gender")


CLASSIFICATION_NODE = Table(
    "omn-core",
    "ClassificationNode",
    "shoes",
    {"path": "Standard/Shoes"},
    _live,
    set_up=_standard,
    entries={"labels": LABEL},
    rows=(
        *labels("OC-C21", "OC-R63", lambda w, texts: w.core.change_node("/Standard/Shoes", texts), shown=False),
        *_nested("nodes", {"path": "Boots"}, {"path": "Clogs"}),
        *_nested("attributes", GENDER, {"definition": "care"}),
    ),
    deeds=(
        Deed("create", "OC-R66", calls=(PERSIST,), verb="create", there="Standard/Shoes"),
        Deed(
            "create whole",
            "OC-C21",
            say(
                labels={"en_GB": "Shoes"},
                nodes=[{"path": "Boots", "nodes": [{"path": "Red"}]}],
                attributes=[GENDER],
            ),
            calls=(PERSIST,),
            verb="create",
            there="Standard/Shoes/Boots/Red",
        ),
        Deed("create nowhere", "OC-R65", say(path="Standart/Shoes"), verb="create", holds={"unresolved"}),
        Deed("create a root", "OC-R62", say(path="Standard"), mistake="root"),
        Deed("adopt", "OC-R64", say(path="Theirs/Sub"), verb="adopt"),
        Deed(
            "adopt changed",
            "OC-R68",
            say(path="Theirs/Sub", labels={"de_DE": "X"}),
            calls=(PERSIST,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OC-R73",
            Sheet({"path": "Standard/Boots"}, ANEW, {"previously": {"key": "Standard/Shoes"}}),
            Sheet(),
            mistake="under another key it is made anew",
        ),
        Deed(
            "rename unsaid",
            "OC-R73",
            say(path="Standard/Boots"),
            Sheet(),
            verb="replace",
            holds={"replace"},
            there="Standard/Shoes",
        ),
        Deed(
            "replace",
            "OC-R73",
            Sheet({"path": "Standard/Hats/Shoes"}, ANEW),
            Sheet(),
            calls=(NODES, PERSIST),
            verb="replace",
            there="Standard/Hats/Shoes",
            gone="Standard/Shoes",
        ),
        Deed(
            "replace with something of others in it",
            "OC-R73",
            Sheet({"path": "Standard/Boots"}, ANEW),
            Sheet(),
            lambda w: w.core.add_node("/Standard/Shoes/X"),
            verb="replace",
            holds={"foreign-content"},
            there="Standard/Shoes",
        ),
        moves("OC-R64", "shoes"),
        Deed(
            "drift",
            "OC-R68",
            say(labels={"en_GB": "A"}, attributes=[GENDER]),
            say(labels={"en_GB": "A"}, attributes=[GENDER]),
            _stripped,
            calls=(PERSIST,),
            verb=By("update", "none"),
            there="Standard/Shoes gender",
        ),
        Deed("release", "OC-R76", GONE, Sheet(), verb="release", there="Standard/Shoes"),
        Deed("delete", "OC-R76", GONE, Sheet(life=DELETE), calls=(NODES,), verb="delete", gone="Standard/Shoes"),
        Deed(
            "delete with all that is in it",
            "OC-R76",
            GONE,
            Sheet({"nodes": [{"path": "Boots", "attributes": [GENDER]}], "attributes": [GENDER], **EXACT}, DELETE),
            calls=(NODES,),
            verb="delete",
            gone="Standard/Shoes",
        ),
        Deed(
            "delete without the role",
            "OC-R75",
            GONE,
            Sheet(life=DELETE),
            _no_admin,
            verb="delete",
            holds={"no-admin"},
            there="Standard/Shoes",
        ),
        Deed(
            "delete with something of others in it",
            "OC-R76",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.add_attribute("/Standard/Shoes", "care"),
            verb="delete",
            holds={"in-use"},
            there="Standard/Shoes",
        ),
        Deed(
            "delete what others made",
            "OC-R76",
            GONE,
            Sheet({"path": "Standard/Hats"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Standard/Hats",
        ),
    ),
)


# NodeAttribute.


AT: Final = "/Standard/Hats"


def _put(**fields: Any) -> Callable[[World], object]:
    return lambda w: w.core.change_attribute(AT, "gender", **fields)


def _domain(w: World, values: Mapping[str, Labels], flags: Mapping[str, str]) -> None:
    one = w.core.attribute(AT, "gender")
    w.core.state.of(Attribute)[one.id] = replace(one, domain=domain_of(values, **flags))


VALUES: Final = {"values": [{"id": "f", "labels": {"en_GB": "female"}}, {"id": "m"}]}
WHOLE: Final = {
    "level": "p",
    "inheritance": "not_visible",
    "restriction": "mandatory",
    "localized": True,
    "default": "m",
    "domain": VALUES,
}
NODE_ATTRIBUTE = Table(
    "omn-core",
    "NodeAttribute",
    "hats-gender",
    {"node": "Standard/Hats", "definition": "gender"},
    _live,
    set_up=_standard,
    entries={"domain/values": VALUE},
    rows=(
        Row(
            "node",
            "OC-R73",
            (never("Standard", "replace"), never("Theirs/Sub", "replace"), never("Standard/Hats")),
        ),
        Row("level", "OC-C21", (Step("a"), Step("p"), drifted("p", _put(level="a")), left_out())),
        Row(
            "inheritance",
            "OC-C21",
            (
                Step("not_visible"),
                Step("visible"),
                drifted("visible", _put(inheritance="not_visible")),
                left_out(),
            ),
        ),
        Row(
            "restriction",
            "OC-C21",
            (Step("mandatory"), Step("optional"), drifted("optional", _put(restriction="mandatory")), left_out()),
        ),
        Row("localized", "OC-C21", (Step(True), Step(False), drifted(False, _put(localized=True)), left_out())),
        Row(
            "default",
            "OC-R72",
            (Step("f"), Step("m"), drifted("m", _put(default="f")), left_out()),
            more={"domain": VALUES},
        ),
        *domain("OC-C21", "OC-R74", _domain, mode=False),
    ),
    deeds=(
        Deed("create", "OC-R66", calls=(PERSIST,), verb="create", there="Standard/Hats gender"),
        Deed(
            "create whole", "OC-R68", say(**WHOLE), calls=(PERSIST,), verb="create", there="Standard/Hats gender"
        ),
        Deed(
            "create at a root",
            "OC-R66",
            say(node="Standard"),
            calls=(PERSIST,),
            verb="create",
            there="Standard gender",
        ),
        Deed("create nowhere", "OC-R65", say(node="Standard/Hat"), verb="create", holds={"unresolved"}),
        Deed("create of nothing", "OC-R65", say(definition="gendre"), verb="create", holds={"unresolved"}),
        Deed("adopt", "OC-R64", say(node="Theirs/Sub", definition="care", localized=True), verb="adopt"),
        Deed(
            "adopt changed",
            "OC-R68",
            say(node="Theirs/Sub", definition="care", localized=False),
            calls=(PERSIST,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OC-R73",
            Sheet({"definition": "care"}, ANEW, {"previously": {"key": "gender"}}),
            Sheet(),
            mistake="under another key it is made anew",
        ),
        Deed(
            "rename unsaid",
            "OC-R73",
            say(definition="care"),
            Sheet(),
            verb="replace",
            holds={"replace"},
            there="Standard/Hats gender",
        ),
        Deed(
            "replace by another definition's",
            "OC-R73",
            Sheet({"definition": "care"}, ANEW),
            Sheet(),
            calls=(ATTRIBUTES, PERSIST),
            verb="replace",
            there="Standard/Hats care",
            gone="Standard/Hats gender",
        ),
        Deed(
            "replace",
            "OC-R73",
            Sheet({"node": "Standard"}, ANEW),
            Sheet(),
            calls=(ATTRIBUTES, PERSIST),
            verb="replace",
            there="Standard gender",
            gone="Standard/Hats gender",
        ),
        Deed(
            "replace for a value that leaves",
            "OC-R74",
            Sheet({"domain": {"values": [{"id": "f"}]}}, ANEW),
            say(domain=VALUES),
            calls=(ATTRIBUTES, PERSIST),
            verb="replace",
            there="Standard/Hats gender",
        ),
        moves("OC-R64", "hats-gender"),
        Deed(
            "drift",
            "OC-R68",
            say(**WHOLE),
            say(**WHOLE),
            _put(inheritance="visible", localized=False, default="f"),
            calls=(PERSIST,),
            verb="update",
        ),
        Deed("release", "OC-R76", GONE, Sheet(), verb="release", there="Standard/Hats gender"),
        Deed(
            "delete",
            "OC-C21",
            GONE,
            Sheet(life=DELETE),
            calls=(ATTRIBUTES,),
            verb="delete",
            gone="Standard/Hats gender",
        ),
        Deed(
            "delete what others made",
            "OC-R76",
            GONE,
            Sheet({"node": "Theirs/Sub", "definition": "care"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Theirs/Sub care",
        ),
    ),
)
