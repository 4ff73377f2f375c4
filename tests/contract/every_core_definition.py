"""Attribute definitions of OMN Core in the table of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reconciler.twins.omn_core.domains import domain_of
from reconciler.twins.omn_core.pim_things import Definition
from tests.contract.definitions import there
from tests.contract.every_core_words import ANEW, DELETE, LABEL, VALUE, Labels, domain, labels, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.world import World

PERSIST: Final = "POST /pim/attribute-definitions/persist"
PERFORM: Final = "POST /pim/attribute-definitions/perform"


def _others(w: World) -> None:
    w.core.add_definition("theirs", labels={"en_GB": "Theirs"})
    w.core.add_class("Standard")


def _domain(w: World, values: Mapping[str, Labels], flags: Mapping[str, str]) -> None:
    table = w.core.state.of(Definition)
    table["care"] = replace(table["care"], domain=domain_of(values, **flags))


def _labels(w: World, texts: Labels) -> None:
    w.core.change_definition("care", labels=texts)


WHOLE: Final = {
    "multiValued": True,
    "labels": {"en_GB": "Care", "de_DE": "Pflege"},
    "domain": {
        "allowNewValue": True,
        "sortDirection": "UP",
        "values": [{"id": "wash", "labels": {"en_GB": "Wash"}}, {"id": "iron"}],
    },
}
ATTRIBUTE_DEFINITION = Table(
    "omn-core",
    "AttributeDefinition",
    "care",
    {"identifier": "care", "type": "text"},
    lambda w: set(there(w)),
    set_up=_others,
    entries={"labels": LABEL, "domain/values": VALUE},
    rows=(
        Row("type", "OC-R48", (never("number", "replace"), never("date", "replace"), never("text"))),
        Row(
            "multiValued",
            "OC-C11",
            (
                Step(True),
                Step(False),
                drifted(False, lambda w: w.core.change_definition("care", multi_valued=True)),
                left_out(),
            ),
        ),
        *labels("OC-C11", "OC-R46", _labels),
        *domain("OC-C11", "OC-R43", _domain, mode=True),
    ),
    deeds=(
        Deed("create", "OC-C11", calls=(PERSIST,), verb="create", there="care"),
        Deed("create whole", "OC-R41", say(**WHOLE), calls=(PERSIST,), verb="create", there="care"),
        Deed("adopt", "OC-R42", say(identifier="theirs"), verb="adopt"),
        Deed(
            "adopt changed", "OC-R41", say(identifier="theirs", multiValued=True), calls=(PERSIST,), verb="adopt"
        ),
        Deed(
            "adopt of another type",
            "OC-R48",
            say(identifier="theirs", type="ref"),
            verb="replace",
            holds={"replace"},
        ),
        Deed(
            "rename",
            "OC-R48",
            Sheet({"identifier": "other"}, metadata={"previously": {"key": "care"}}),
            Sheet(),
            mistake="a definition cannot be renamed",
        ),
        Deed(
            "rename unsaid",
            "OC-R48",
            say(identifier="other"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="care",
            gone="other",
        ),
        moves("OC-R42", "care"),
        Deed(
            "replace",
            "OC-R48",
            Sheet({"type": "number", **WHOLE}, ANEW),
            say(**WHOLE),
            calls=(PERFORM, PERSIST),
            verb="replace",
            there="care",
        ),
        Deed(
            "drift",
            "OC-R41",
            say(**WHOLE),
            say(**WHOLE),
            lambda w: w.core.change_definition("care", labels={"en_GB": "T"}, multi_valued=False, values={}),
            calls=(PERSIST,),
            verb="update",
        ),
        Deed(
            "made again",
            "OC-R40",
            Sheet(),
            Sheet(),
            lambda w: w.core.remove_definition("care"),
            calls=(PERSIST,),
            verb="create",
            there="care",
        ),
        Deed("release", "OC-R47", GONE, Sheet(), verb="release", there="care"),
        Deed("delete", "OC-C11", GONE, Sheet(life=DELETE), calls=(PERFORM,), verb="delete", gone="care"),
        Deed(
            "delete in use",
            "OC-R47",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.add_attribute("/Standard", "care"),
            verb="delete",
            holds={"in-use"},
            there="care",
        ),
        Deed(
            "delete what others made",
            "OC-R47",
            GONE,
            Sheet({"identifier": "theirs"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="theirs",
        ),
    ),
)
