"""What a plan of OMN Core reads, reckoned from the numbers of things, against the twin's log (OC-C1 to OC-C57):
`8 + R` calls for everything but channels, components, products and default values, R the RNCs."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import Any

import pytest

from reconciler.model.document import Document
from tests.contract.classes import at, cl, nd
from tests.contract.definitions import ad
from tests.contract.directories import di
from tests.contract.glossaries import en, entry, glossary
from tests.contract.keywords import kw
from tests.contract.peos import TEMPLATE, peo, product, shop
from tests.world import World

SIZES = [1, 30, 300]


def asked(k: World, *documents: Document) -> Counter[str]:
    """What a plan reads, by path. It never writes."""
    k.documents = list(documents)
    k.core.log.clear()
    plan = k.plan()
    assert [e.call for e in k.core.log if e.write] == []
    assert len(plan.reads) == len(k.core.log)
    return Counter(e.call.removeprefix("POST ") for e in k.core.log)


def live(k: World, many: int, rncs: int) -> None:
    """So many things of every kind that somebody else has made."""
    shop(k)
    k.core.add_class("C0")
    k.core.add_nodes("/C0", [f"n{n}" for n in range(many)])
    for rnc in range(rncs):
        k.core.add_rnc(f"R{rnc}")
        k.core.add_directories(*(f"/R{rnc}/d{n}/e" for n in range(many)))
    for n in range(many):
        k.core.add_definition(f"a{n}", labels={"en_GB": "A"})
        k.core.add_attribute(f"/C0/n{n}", f"a{n}")
        if n:
            k.core.add_class(f"C{n}")
        k.core.add_keyword(f"k{n}")
        k.core.add_keyword("below", f"/k{n}")
        k.core.add_glossary(f"g{n}")
        k.core.add_entry(f"g{n}", "x", "de_DE", translations={"en_EN": "y"})
        k.core.add_peo("prod-1", TEMPLATE, f"p{n}")


def one_of_each(n: int, rncs: int) -> list[Document]:
    directories = [di(f"d{n}/e", rnc=f"R{r}", name=f"dir-{r}-{n}") for r in range(rncs)]
    return [
        ad(f"a{n}", en_GB="A"),
        cl(f"C{n}"),
        nd(f"C0/n{n}"),
        at(f"C0/n{n}", f"a{n}"),
        kw(f"k{n}/below", name=f"k-{n}"),
        glossary(f"g{n}"),
        entry(f"g{n}", "x", en("y"), called=f"e-{n}"),
        *directories,
        peo(f"p{n}"),
    ]


def extra(k: World, roots: int) -> int:
    """What the adversarial profile makes necessary: a keyword's root by itself (OC-R13), the glossaries with one
    flag (OC-R85)."""
    return (roots if k.core.knobs.hard("OC-P1") else 0) + (1 if k.core.knobs.hard("OC-P21") else 0)


@pytest.mark.parametrize("rncs", [1, 2, 3])
@pytest.mark.parametrize("many", SIZES)
def test_everything_is_read_with_eight_calls_and_one_for_each_rnc(k: World, many: int, rncs: int) -> None:
    live(k, many, rncs)

    seen = asked(k, *one_of_each(0, rncs))

    assert seen.total() == 8 + rncs + extra(k, 1)
    assert seen["/dam/dirs/retrieve"] == rncs
    assert {path for path, n in seen.items() if n == 1} >= {
        "/common/locales/retrieve",
        "/pim/attribute-definitions/retrieve",
        "/pim/classes/retrieve",
        "/dam/rncs/retrieve",
        "/peo/peos/query",
        "/peo/peos/retrieve",
    }


@pytest.mark.parametrize("many", [1, 30, 201])
def test_however_many_documents_there_are(k: World, many: int) -> None:
    live(k, many, 1)

    seen = asked(k, *(one for n in range(many) for one in one_of_each(n, 1)))

    assert seen.total() == 8 + 1 + extra(k, many) + ceil(many / 200) - 1, "peos 200 to a call"


@pytest.mark.parametrize("many", SIZES)
def test_what_is_in_sync_is_read_with_no_more(k: World, many: int) -> None:
    live(k, many, 1)
    documents = one_of_each(0, 1)
    k.converge(*documents)

    assert asked(k, *documents).total() == 8 + 1 + extra(k, 1)
    assert k.plan().writes == ()


def test_what_nobody_declares_is_not_read(k: World) -> None:
    live(k, 3, 2)
    every = one_of_each(0, 1)

    alone = {one.kind: set(asked(k, one)) for one in every}

    tree = {"/pim/classes/retrieve"}
    terms = {"/common/glossaries/retrieve"}
    assert alone == {
        "AttributeDefinition": {"/pim/attribute-definitions/retrieve", "/common/locales/retrieve"},
        "Classification": tree,
        "ClassificationNode": tree,
        "NodeAttribute": {*tree, "/pim/attribute-definitions/retrieve"},
        "Keyword": {"/common/keywords/retrieve"},
        "Glossary": terms,
        "GlossaryEntry": {*terms, "/common/locales/retrieve"},
        "Directory": {"/dam/rncs/retrieve", "/dam/dirs/retrieve"},
        "Peo": {"/peo/peos/query", "/peo/peos/retrieve"},
    }


@pytest.mark.parametrize("many", [1, 200, 201, 300])
def test_oc_c14_oc_c50_channels_and_peos_go_200_to_a_call(k: World, many: int) -> None:
    shop(k)
    names = [f"c{n}" for n in range(many)]
    for name in names:
        k.core.add_channel(name)

    seen = asked(k, peo("one", projects=list[Any](names)))

    assert seen["/cm/channels/retrieve"] == ceil(many / 200)


@pytest.mark.parametrize("many", [0, 1, 200, 201])
def test_oc_c55_products_are_asked_for_by_name_and_only_where_one_is_declared(k: World, many: int) -> None:
    for n in range(many):
        k.core.add_product(f"q{n}")

    seen = asked(k, *(product(f"q{n}") for n in range(many)))

    assert seen == Counter({"/pim/products/retrieve": ceil(many / 200)} if many else {})


@pytest.mark.parametrize(("roots", "below"), [(1, 0), (5, 0), (5, 1), (30, 3)])
def test_oc_c1_roots_are_read_by_themselves_where_the_list_shows_nothing_below_one(
    k: World, roots: int, below: int
) -> None:
    for n in range(roots):
        k.core.add_keyword(f"k{n}")
        k.core.add_keyword("x", f"/k{n}")

    seen = asked(k, *(kw(f"k{n}", name=f"k{n}") for n in range(roots)), *(kw(f"k{n}/x") for n in range(below)))

    assert seen.total() == 1 + (below if k.core.knobs.hard("OC-P1") else 0)


@pytest.mark.parametrize("many", [1, 4])
@pytest.mark.parametrize("alike", [True, False])
def test_oc_c22_defaults_are_asked_for_in_groups(k: World, many: int, alike: bool) -> None:
    """Nodes of which no two have a definition that is asked for go together."""
    k.core.add_class("S")
    k.core.add_nodes("/S", [f"n{n}" for n in range(many)])
    keys = ["d0" if alike else f"d{n}" for n in range(many)]
    for key in {*keys}:
        k.core.add_definition(key)
    for n, key in enumerate(keys):
        k.core.add_attribute(f"/S/n{n}", key, values={"x": {}}, default="x")

    seen = asked(k, *(at(f"S/n{n}", key, default="x") for n, key in enumerate(keys)))

    twice = 2 if k.core.knobs.hard("OC-P24") else 1
    assert seen["/pim/attributes/retrieve"] == twice * (many if alike else 1)


@pytest.mark.parametrize("many", [1, 2, 5])
def test_oc_c40_assets_are_asked_for_once_for_each_directory_that_is_to_go(k: World, many: int) -> None:
    k.core.add_rnc("MAM")
    k.converge(*(di(f"d{n}", on_remove="delete", allow=["delete"]) for n in range(many)))

    seen = asked(k)

    assert seen == Counter({"/dam/dirs/retrieve": 1, "/dam/assets/query": many})


@pytest.mark.parametrize("gone", [1, 3])
def test_oc_c10_what_is_recorded_and_missing_is_asked_for_all_at_once(k: World, gone: int) -> None:
    documents = [ad(f"a{n}") for n in range(gone + 2)]
    k.converge(*documents)
    for n in range(gone):
        k.core.remove_definition(f"a{n}")

    assert asked(k, *documents)["/pim/attribute-definitions/retrieve"] == 2
