"""One form for both sides of a comparison."""

from __future__ import annotations

import pytest

from reconciler.model.json import Json
from reconciler.model.kind import Field
from reconciler.model.normalise import cron, instant, normal, segments, spoken


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-06-30", "2026-06-30T00:00:00.000Z"),
        ("2026-06-30T12:00:00+02:00", "2026-06-30T10:00:00.000Z"),
        ("2026-06-30T10:00:00Z", "2026-06-30T10:00:00.000Z"),
        ("2026-06-30T10:00:00.123456", "2026-06-30T10:00:00.123Z"),
        ("30/6", "30/6"),
        ("", ""),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),  # before there were years
        (7, 7),
        (None, None),
    ],
)
def test_instants_are_utc_with_milliseconds(value: Json, moment: Json) -> None:
    assert instant(value) == moment


def test_a_chain_of_names_has_two_forms() -> None:
    assert segments("Finance/Reports") == segments(["Finance", "Reports"]) == ["Finance", "Reports"]
    assert segments(["Input/Output"]) == ["Input/Output"]
    assert spoken(["Finance", "Input/Output"]) == "Finance/Input/Output"
    assert spoken(3) == "3"


def test_normalisers_apply_in_order() -> None:
    field = Field("f", normalise=("trim", "casefold"))

    assert normal(field, "  STRASSE ") == normal(field, "straße") == "strasse"
    assert normal(field, True) is True
    assert normal(Field("f"), " X ") == " X "


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("00 09  ? * mon *", "0 9 ? * MON *"),
        ("0/05 10,00 1w * ? 2030", "0/5 10,0 1W * ? 2030"),
        ("0 0 ? * 2#01 *", "0 0 ? * 2#1 *"),
        (None, None),
    ],
)
def test_oa_r72_cron_texts_have_one_form(value: Json, wanted: Json) -> None:
    assert cron(value) == wanted
    assert cron(cron(value)) == wanted
