"""Saved plans are read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.load.plan_file import parse, read_plan
from reconciler.model.faults import ManifestInvalid, UsageWrong


def wrong(data: bytes) -> str:
    with pytest.raises(ManifestInvalid) as caught:
        parse(data, "plan.json")
    assert len(caught.value.problems) == 1
    return str(caught.value.problems[0])


def test_an_object_comes_back() -> None:
    value = {"format": "x", "calls": [{"a": 1, "b": None, "c": [1.5, True]}], "text": "ä\n\u2028 \U0001f600"}

    assert parse(json.dumps(value).encode(), "plan.json") == value
    assert parse(json.dumps(value, ensure_ascii=False).encode(), "plan.json") == value


HOSTILE = {
    "empty": (b"", "plan.json:1:1: is not JSON: Expecting value"),
    "cut off": (b'{"a":\n  1', "plan.json:2:4: is not JSON: Expecting ',' delimiter"),
    "two values": (b"{}\n{}", "plan.json:2:1: is not JSON: Extra data"),
    "a list": (b"[]", "plan.json:1:1: is not a plan: a plan is one JSON object"),
    "a text": (b'"x"', "plan.json:1:1: is not a plan: a plan is one JSON object"),
    "a key twice": (
        b'{"a": 1,\n "b": {"c": 1, "c": 2}}',
        "plan.json:2:16: the key 'c' stands twice in one object",
    ),
    "no number": (b'{"a": NaN}', "NaN is not a number that JSON has"),
    "infinite": (b'{"a": -Infinity}', "-Infinity is not a number that JSON has"),
    "a long number": (b'{"a": ' + b"9" * 5_000 + b"}", "plan.json:1:7: a number of 5000 digits"),
    "deep": (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", "is more than 64 levels deep"),
    "very deep": (b"[" * 200_000, "is more than 64 levels deep"),
    "not UTF-8": (b'{"a": "\xff"}', "is not UTF-8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "is not UTF-8"),
    "a mark": (b"\xef\xbb\xbf{}", "is not JSON: Unexpected UTF-8 BOM"),
    "YAML": (b"a: 1", "is not JSON"),
    "a comment": (b"{} // x", "is not JSON"),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plan_is_refused_with_a_place(name: str) -> None:
    data, expected = HOSTILE[name]

    said = wrong(data)

    assert said.startswith("plan.json:")
    assert expected in said
    assert said.endswith("(make the plan again)")


def test_sixty_four_levels_are_read() -> None:
    assert parse(b'{"a":' + b"[" * 63 + b"]" * 63 + b"}", "plan.json")


def test_a_file_that_cannot_be_read_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(UsageWrong, match="cannot be read: No such file"):
        read_plan(tmp_path / "plan.json")
    with pytest.raises(UsageWrong, match="is a folder, not a file"):
        read_plan(tmp_path)


def test_the_published_schema_is_kept_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plan.json").write_text(
        '{"type": "object", "required": ["id"], "properties": {"id": {"$ref": "#/$defs/id"}},'
        ' "$defs": {"id": {"type": "string"}}}'
    )
    monkeypatch.setattr("reconciler.load.plan_file.shipped", lambda _: tmp_path)
    plan = tmp_path / "saved.json"
    plan.write_text('{"format": "f", "id": "x"}')
    assert read_plan(plan) == {"format": "f", "id": "x"}

    plan.write_text('{"format": "f",\n "id": 7}')
    with pytest.raises(ManifestInvalid) as caught:
        read_plan(plan)
    whole, first = (str(p) for p in caught.value.problems)
    assert first == f"{plan}:2:8: id: is a number, expected text (quote it)"
    assert "is no plan of this version" in whole
    assert "make the plan again" in whole


def test_json_that_is_no_plan_is_said_to_be_none_in_one_line(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")

    with pytest.raises(ManifestInvalid, match="is no saved plan") as caught:
        read_plan(other)

    assert len(caught.value.problems) == 1
