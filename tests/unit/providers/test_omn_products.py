"""Products: their values on the wire and back, their links, and what is asked (OC-R138 to OC-R145)."""

from __future__ import annotations

import pytest

from reconciler.model.call import Request
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Demand
from reconciler.providers.omn_core import markup, product, product_values
from tests.world import catalog

PRODUCT = catalog().kind("omn-core", "Product")
DEMAND = Demand("core", "Product", details=({"tids": ["p1", "p2"]},))


@pytest.mark.parametrize(
    "value",
    [
        "Black", ["S", "M"], ["S"], {"en_GB": "Black"}, {"en_GB": ["a", "b"], "de_DE": ["c"]},
        {"domain": "EUR"}, {"domain": ["EUR", "USD"]}, {"domain": ["EUR"]}, {"en_GB": {"domain": "EUR"}},
        {"en_GB": {"domain": ["EUR", "USD"]}, "de_DE": {"domain": ["EUR"]}},
    ],
)  # fmt: skip
def test_oc_r141_every_shape_survives_the_way_there_and_back(value: Json) -> None:
    body: JsonObject = {"products": {"entries": [{"tid": "p", "vals": product_values.wire({"x": value})}]}}

    read = markup.understood(markup.written(body))

    entries = read["products"]["entries"]  # type: ignore[index,call-overload]
    assert product_values.parsed(entries[0]) == {"x": value}  # type: ignore[index]


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ('<val attr="x" type="domain"><itm key="V 1" loc="en_EN"></itm><itm key="V 1" loc="fr_FR"/></val>',
         {"domain": "V 1"}),
        ('<val attr="x" type="loc_domain"><itm key="V 1" loc="en_EN"/><itm key="V 2" loc="de_DE"/></val>',
         {"en_EN": {"domain": "V 1"}, "de_DE": {"domain": "V 2"}}),
        ('<val attr="x" type="multi_domain"><i18N><itm key="2" pos="1"/><itm key="1" pos="0"/></i18N></val>',
         {"domain": ["1", "2"]}),
        ('<val attr="x" type="multi_loc_domain"><i18N loc="en_EN"><itm key="1" pos="0">a</itm></i18N></val>',
         {"en_EN": {"domain": ["1"]}}),
        ('<val attr="x" dataType="real" type="multi_loc"><i18n loc="en_EN"><itm pos="0">1</itm></i18n></val>',
         {"en_EN": ["1"]}),
        ('<val attr="x" dataType="boolean" inheritance="false"><itm>true</itm></val>', "true"),
        ('<val attr="x" type="domain"></val>', None),
    ],
)  # fmt: skip
def test_oc_r141_values_as_the_reference_shows_them(xml: str, value: Json) -> None:
    head = '<pim xmlns="http://www.apollon.de/omn"><products><product tid="p"><vals>'
    read = markup.understood(f"{head}{xml}</vals></product></products></pim>".encode())

    entries = read["products"]["entries"]  # type: ignore[index,call-overload]
    assert product_values.parsed(entries[0]).get("x") == value  # type: ignore[index]


def test_oc_r142_locales_that_nobody_declares_go_along() -> None:
    live: JsonObject = {"a": {"en_GB": "x", "fr_FR": "y"}, "b": {"domain": "V"}, "c": "z"}
    declared: JsonObject = {"a": {"en_GB": "n"}, "b": {"en_GB": {"domain": "W"}}, "c": ["z"]}

    assert product_values.overlaid(live, declared) == {**declared, "a": {"en_GB": "n", "fr_FR": "y"}}


def shown(*records: Json) -> tuple[tuple[Request, Json], ...]:
    [request] = product.reads(PRODUCT, DEMAND, ())
    return ((request, {"products": {"entries": [*records]}}),)


def links(*of: JsonObject) -> Json:
    return {"itms": [{"type": "channels"}, {"type": "products", "itms": [*of]}]}


def test_oc_r145_links_are_readable_where_any_is_shown() -> None:
    linked = links({"attr": "ACC", "mode": "delta", "p2": "Boot"})

    none = product.parse(PRODUCT, DEMAND, shown({"tid": "p1", "links": links()}, {"tid": "p2"}))
    some = product.parse(PRODUCT, DEMAND, shown({"tid": "p1", "links": linked}, {"tid": "p2"}))

    assert ["links" in one.fields for one in none.resources] == [False, False]
    assert [one.fields["links"] for one in some.resources] == [[{"attribute": "ACC", "product": "p2"}], []]


def test_oc_r147_what_stands_beneath_a_product_is_counted() -> None:
    assets: Json = {"itms": [{"type": "assets", "itms": [{"attr": "PICS", "g1": "/a.jpg", "g2": "/b.jpg"}]}]}
    record: Json = {"tid": "p1", "articles": {"entries": [{"tid": "a"}]}, "links": assets}

    [one] = product.parse(PRODUCT, DEMAND, shown(record)).resources

    assert one.contents == {"articles": 1, "linked assets": 2}


def test_oc_q34_what_is_refused_together_is_asked_for_one_by_one() -> None:
    [request] = product.reads(PRODUCT, DEMAND, ())
    refused: tuple[tuple[Request, Json], ...] = ((request, {"$refused": 404}),)

    assert [r.body for r in product.reads(PRODUCT, DEMAND, refused)] == [{"tids": ["p1"]}, {"tids": ["p2"]}]
    assert product.parse(PRODUCT, DEMAND, refused).resources == ()


def test_oc_r138_one_request_reads_up_to_two_hundred() -> None:
    many = Demand("core", "Product", details=({"tids": [f"p{n}" for n in range(201)]},))

    assert len(product.reads(PRODUCT, many, ())) == 2
