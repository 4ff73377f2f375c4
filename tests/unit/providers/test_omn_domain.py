"""The values that an attribute may have: read, compared, laid over what is live, sent (OC-R43 to OC-R45)."""

from __future__ import annotations

import pytest

from reconciler.model.json import Json
from reconciler.providers.omn_core.domain import ids, overlaid, parsed, same, wire

RECORD: Json = {
    "domainVals": {
        "allowNewValue": "true",
        "mode": "FULL",
        "sortDirection": "MANUAL",
        "entries": [
            {"tid": "f", "itm": [{"loc": "en_GB", "value": "female"}, {"loc": "de_DE", "value": "weiblich"}]},
            {"tid": "m"},
        ],
    }
}
LIVE: Json = {
    "allowNewValue": True,
    "sortDirection": "MANUAL",
    "values": [{"id": "f", "labels": {"en_GB": "female", "de_DE": "weiblich"}}, {"id": "m"}],
}


def test_what_is_read() -> None:
    assert parsed(RECORD) == LIVE
    assert parsed({}) is None
    assert parsed({"domainVals": {"entries": []}}) == {"allowNewValue": False, "sortDirection": "MANUAL"}


@pytest.mark.parametrize(
    "declared",
    [
        LIVE,
        {"values": [{"id": "f"}, {"id": "m"}]},
        {"values": [{"id": "f", "labels": {"en_GB": "female"}}, {"id": "m"}]},
        {"allowNewValue": True},
        {"sortDirection": "MANUAL"},
    ],
)
def test_oc_r43_only_what_is_declared_counts(declared: Json) -> None:
    assert same(LIVE, declared)


@pytest.mark.parametrize(
    "declared",
    [
        {"values": [{"id": "m"}, {"id": "f"}]},
        {"values": [{"id": "f"}]},
        {"values": [{"id": "f"}, {"id": "m"}, {"id": "x"}]},
        {"values": [{"id": "f", "labels": {"en_GB": "Female"}}, {"id": "m"}]},
        {"values": [{"id": "f", "labels": {"fr_FR": "femme"}}, {"id": "m"}]},
        {"allowNewValue": False},
        {"sortDirection": "ASC"},
    ],
)
def test_oc_r43_order_values_labels_and_flags_count(declared: Json) -> None:
    assert not same(LIVE, declared)


def test_oc_r43_no_domain_is_as_one_that_says_nothing() -> None:
    assert same(None, {"allowNewValue": False, "sortDirection": "MANUAL"})
    assert not same(None, {"values": [{"id": "f"}]})
    assert same(None, None)
    assert not same(LIVE, None)


def test_oc_r43_what_is_not_declared_goes_along_as_it_is() -> None:
    desired: Json = {
        "values": [{"id": "m", "labels": {"en_GB": "male"}}, {"id": "f", "labels": {"en_GB": "Female"}}]
    }

    assert overlaid(LIVE, desired) == {
        "allowNewValue": True,
        "sortDirection": "MANUAL",
        "values": [
            {"id": "m", "labels": {"en_GB": "male"}},
            {"id": "f", "labels": {"en_GB": "Female", "de_DE": "weiblich"}},
        ],
    }
    assert overlaid(LIVE, {"allowNewValue": False}) == {**LIVE, "allowNewValue": False}  # type: ignore[dict-item]


def test_oc_r43_at_a_create_there_are_flags_too() -> None:
    whole = overlaid(None, {"values": [{"id": "f"}]})

    assert whole == {"allowNewValue": False, "sortDirection": "MANUAL", "values": [{"id": "f"}]}
    assert overlaid(None, None) is None
    assert overlaid(LIVE, None) == LIVE


def test_oc_r45_the_whole_list_goes_and_what_is_overlaid_is_the_same_again() -> None:
    assert wire(LIVE, full=True) == RECORD["domainVals"]  # type: ignore[index,call-overload]
    assert "mode" not in (wire(LIVE, full=False) or {})
    assert wire(None, full=True) is None
    assert parsed({"domainVals": wire(overlaid(LIVE, {"sortDirection": "ASC"}), full=True)}) == {
        **LIVE,  # type: ignore[dict-item]
        "sortDirection": "ASC",
    }
    assert ids(LIVE) == ["f", "m"]
