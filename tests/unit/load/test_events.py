"""Our YAML reader: YAML 1.2 core words, places, limits; by libyaml and, where that is missing, without it."""

from __future__ import annotations

import math

import pytest
import yaml

from reconciler.load import events
from reconciler.load.events import read
from reconciler.model.json import Json
from reconciler.model.place import Place


@pytest.fixture(params=["libyaml", "pure Python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure Python":
        monkeypatch.setattr(events, "Loader", yaml.SafeLoader)


def value(text: str) -> Json:
    reading = read(text.encode(), "f.yaml")
    assert reading.problems == ()
    return reading.documents[0].value


def problem(data: str | bytes) -> str:
    reading = read(data.encode() if isinstance(data, str) else data, "f.yaml")
    assert reading.problems
    return str(reading.problems[0])


WORDS: dict[str, Json] = {
    "null": None, "~": None, "Null": None, "NULL": None, "nUll": "nUll", "none": "none",
    "true": True, "True": True, "TRUE": True, "tRue": "tRue", "false": False, "FALSE": False,
    "yes": "yes", "no": "no", "on": "on", "Off": "Off", "y": "y", "n": "n",
    "0": 0, "-0": 0, "12": 12, "+12": 12, "-12": -12, "012": 12, "0o14": 12, "0xC": 12, "0x": "0x", "0o9": "0o9",
    "0b11": "0b11", "1_000": "1_000", "1:30": "1:30", "12:30:45": "12:30:45", "1,000": "1,000", "١٢": "١٢",
    "1.5": 1.5, ".5": 0.5, "1.": 1.0, "-1.5e3": -1500.0, "1e3": 1000.0, "1E-2": 0.01, "1e": "1e", ".": ".",
    "+": "+", "-x": "-x", "..": "..", "1.2.3": "1.2.3", "e3": "e3", "nan": "nan", "inf": "inf",
    "2024-01-01": "2024-01-01", "2024-01-01T00:00:00Z": "2024-01-01T00:00:00Z", "=": "=", "a b": "a b", "ü": "ü",
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_word_is_what_yaml_1_2_says(word: str) -> None:
    found = value(f"k: {word}\n")

    assert isinstance(found, dict)
    assert found["k"] == WORDS[word]
    assert type(found["k"]) is type(WORDS[word])


@pytest.mark.parametrize("word", ["null", "true", "12", "1e3", "~"])
def test_a_quoted_word_is_text(word: str) -> None:
    assert value(f"[\"{word}\", '{word}']") == [word, word]
    assert value(f"- |-\n  {word}\n- >-\n  {word}\n") == [word, word]


@pytest.mark.parametrize("word", [".inf", "-.INF", "+.Inf", ".nan", ".NaN", "1e400", "-1e400"])
def test_numbers_that_json_lacks_are_refused(word: str) -> None:
    assert problem(f"k: {word}").startswith("f.yaml:1:4: ")


@pytest.mark.parametrize("word", ["9" * 5_000, "0x" + "f" * 4_000, "1" * 5_000 + ".5"])
def test_numbers_of_thousands_of_digits_are_refused(word: str) -> None:
    assert f"a number of {len(word)} digits" in problem(f"k: {word}")


def test_a_number_as_long_as_allowed_can_be_written_again() -> None:
    found = value("k: 0x" + "f" * 3_000)

    assert isinstance(found, dict)
    assert len(str(found["k"])) > 3_600


def test_every_key_and_item_has_its_place() -> None:
    text = "# first\na:\n  - b: 1\n    c: [x, {d: y}]\n  -\n    - z\ne:   'é'\nf: \n"
    positions = read(text.encode(), "f.yaml").documents[0].positions
    wanted = {
        ("a",): ((2, 1), (3, 3)),
        ("a", 0): ((3, 5), (3, 5)),
        ("a", 0, "b"): ((3, 5), (3, 8)),
        ("a", 0, "c"): ((4, 5), (4, 8)),
        ("a", 0, "c", 0): ((4, 9), (4, 9)),
        ("a", 0, "c", 1): ((4, 12), (4, 12)),
        ("a", 0, "c", 1, "d"): ((4, 13), (4, 16)),
        ("a", 1): ((6, 5), (6, 5)),
        ("a", 1, 0): ((6, 7), (6, 7)),
        ("e",): ((7, 1), (7, 6)),
    }

    assert positions.start == Place("f.yaml", 2, 1)
    for path, (key, at) in wanted.items():
        assert positions.key(path) == Place("f.yaml", *key)
        assert positions[path] == Place("f.yaml", *at)
    assert set(positions) == {*wanted, ("f",)}
    assert len(positions) == len(wanted) + 1


def test_what_is_not_there_has_the_place_of_what_is_above_it() -> None:
    positions = read(b"a:\n  b: 1\n", "f.yaml").documents[0].positions

    assert positions.nearest(("a", "c", 3)) == Place("f.yaml", 1, 1)
    assert positions.nearest(("x",)) == positions.start
    assert ("a", "c") not in positions
    assert () not in positions
    assert ("a", "b", "c") not in positions


def test_columns_count_characters_and_lines_any_break() -> None:
    positions = read("é: [ü, x]\r\nb: 1\rc: 2\n".encode(), "f").documents[0].positions

    assert positions[("é", 1)] == Place("f", 1, 8)
    assert positions[("b",)] == Place("f", 2, 4)
    assert positions[("c",)] == Place("f", 3, 4)


def test_documents_are_told_apart_and_empty_ones_passed_over() -> None:
    reading = read(b"---\n# nothing\n---\na: 1\n---\n---\n- b\n...\n---\nnull\n", "f")

    assert [d.value for d in reading.documents] == [{"a": 1}, ["b"]]
    assert [d.positions.start.line for d in reading.documents] == [4, 7]
    assert reading.complete


@pytest.mark.parametrize("nothing", [b"", b"\n", b"# only a comment\n", b"\xef\xbb\xbf", b"---\n"])
def test_an_empty_file_holds_no_document(nothing: bytes) -> None:
    assert read(nothing, "f") == events.Reading("f")


def test_documents_before_a_mistake_are_kept() -> None:
    reading = read(b"a: 1\n---\nb: [\n", "f")

    assert [d.value for d in reading.documents] == [{"a": 1}]
    assert not reading.complete


def test_a_second_key_keeps_the_first_value_and_the_document_sound() -> None:
    reading = read(b"a: 1\na: 2\n", "f")

    assert reading.documents[0].value == {"a": 1}
    assert reading.documents[0].sound
    assert [str(p) for p in reading.problems] == ["f:2:1: 'a' stands here a second time; the first is at f:1:1"]


@pytest.mark.parametrize("text", ["a: *x", "a: &x 1", "a: !t 1", "<<: {a: 1}", "1: a", "a: .nan", "? [a]\n: b"])
def test_a_document_that_was_not_fully_read_is_not_believed(text: str) -> None:
    assert [d.sound for d in read(text.encode(), "f").documents] == [False]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert value("'<<': 1") == {"<<": 1}


def test_a_byte_order_mark_at_the_beginning_is_passed_over() -> None:
    reading = read(b"\xef\xbb\xbfa: 1\n", "f")

    assert reading.documents[0].value == {"a": 1}
    assert reading.documents[0].positions[("a",)] == Place("f", 1, 4)


BYTES = {
    "UTF-16": ("a: 1\n".encode("utf-16"), "f.yaml:1:1: the file is UTF-16"),
    "UTF-16, the other way round": (b"\xfe\xff\x00a", "f.yaml:1:1: the file is UTF-16"),
    "Latin 1": (b"a: 1\nb: caf\xe9\n", "f.yaml:2:7: byte 0xe9 is not UTF-8"),
    "cut off in a character": (b"\xef\xbb\xbfa: \xc3", "f.yaml:1:4: byte 0xc3 is not UTF-8"),
    "surrogate": (b"a: \xed\xa0\x80", "f.yaml:1:4: byte 0xed is not UTF-8"),
    "overlong": (b"a: \xc0\x80", "f.yaml:1:4: byte 0xc0 is not UTF-8"),
    "NUL": (b"a: 1\x00", "f.yaml:1:5: the control character U+0000"),
    "escape": (b"a: 1\n# \x1b[2J", "f.yaml:2:3: the control character U+001B"),
    "form feed": (b"a: \x0c1", "f.yaml:1:4: the control character U+000C"),
    "delete": (b"a: \x7f", "f.yaml:1:4: the control character U+007F"),
    "next line": ("a: b\u0085c: d".encode(), "f.yaml:1:5: the control character U+0085"),
    "line separator": ("a: b\u2028c: d".encode(), "f.yaml:1:5: the control character U+2028"),
    "mark inside": ("a: b\ufeff".encode(), "f.yaml:1:5: a byte order mark"),
    "no character": ("a: \uffff".encode(), "f.yaml:1:4: the control character U+FFFF"),
    "isolate": ("a: \u2066x".encode(), "f.yaml:1:4: the hidden character U+2066"),
    "escaped NUL": (b'a: "\\0"', "f.yaml:1:4: the control character U+0000"),
    "escaped return": (b'a: "x\\r"', "f.yaml:1:4: the control character U+000D"),
    "escaped next line": (b'a: "\\N"', "f.yaml:1:4: the control character U+0085"),
    "escaped mark": (b'a: "\\uFEFF"', "f.yaml:1:4: a byte order mark"),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_hide_something_are_refused(name: str) -> None:
    data, start = BYTES[name]

    assert problem(data).startswith(start)


def test_tabs_and_line_breaks_inside_texts_are_ordinary() -> None:
    assert value('a: "x\\ty\\nz"\nb: |\n  x\ty\n  z\n') == {"a": "x\ty\nz", "b": "x\ty\nz\n"}


@pytest.mark.parametrize("depth", [63, 64])
def test_sixty_four_levels_are_read(depth: int) -> None:
    assert read(b"[" * depth + b"]" * depth, "f").problems == ()


def test_the_sixty_fifth_level_ends_the_reading() -> None:
    assert problem("[" * 65 + "]" * 65).startswith("f.yaml:1:65: more than 64 levels deep")


def test_depth_is_counted_for_each_document_anew() -> None:
    nested = b"[" * 40 + b"]" * 40

    assert read(nested + b"\n---\n" + nested, "f").problems == ()


def test_one_text_and_one_file_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LONGEST_TEXT", 10)
    monkeypatch.setattr(events, "LARGEST_FILE", 40)

    assert read(b"a: " + b"x" * 10, "f").problems == ()
    assert problem("a: " + "x" * 11).startswith("f.yaml:1:4: a text of more than")
    assert problem("a: '" + "x" * 40).startswith("f.yaml:1:1: larger than")


def test_the_number_of_values_and_of_problems_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_VALUES", 20)
    assert problem("- a\n" * 30).startswith("f.yaml:20:3: more than 20 values in one file")

    monkeypatch.setattr(events, "MOST_VALUES", 10_000)
    reading = read(b"- *a\n" * 1_000, "f.yaml")
    assert len(reading.problems) == events.MOST_PROBLEMS + 1
    assert "the rest of it was not read" in reading.problems[-1].message


def test_no_float_is_infinite() -> None:
    found = value("[1e308, -1e308, 1e-400]")

    assert isinstance(found, list)
    assert all(isinstance(f, float) and math.isfinite(f) for f in found)
