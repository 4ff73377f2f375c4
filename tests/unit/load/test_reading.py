"""Read quickly, and again where a place is wanted: what comes of it is what the thorough reader says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
import yaml

from reconciler.load import events, plainly, reading
from reconciler.load.files import SourceFile
from tests.unit.load import test_fuzz

CHECKOUT: Final = Path(__file__).parents[3]
TEXTS = [
    "", "\n", "# nothing\n", "a", "'x'\n", "- 1\n- 2\n", "a: 1\n---\nb: ü\n---\n- é\n- [1, 2, {x: y}]\n",
    "# first\n  a: 1\n", "\ufeffa: 1\r\n---\r\nb: 2\r\n", "a: 1\n...\n# more\nb: 2\n", "a: 1\n... \nb: 2",
    "--- {a: 1}\n--- [x]\n--- |\n  text\n--- z", "---\n---\n---\na: 1", "a: 1\n...\n...\n---\nb: 1\n...\n",
    "--- 'x\n\n  y'\n---\nc: 1", "a: 😀\n---\nb: 😀😀\n---\nc: [😀, x]", "a: null\n---\n~\n---\nb: {}\n",
    "a: 1\nb: 2\na: 3\n", "a: &x 1\nb: *x\n", "a: !!str 1\n", "<<: 1\n", "1: 2\n", "[a]: 1\n", "? a\n",
    "a: .inf\n",
    'a: "\\r"\n', 'a: "\\x24{"\n', "a: \"$\\\n  {var}\"\n", "%YAML 1.1\n---\na: 1\n", "a: [\n", "{a, b}\n",
    "a: 012\n",
]  # fmt: skip


def same(data: bytes) -> bool:
    """Whether it was read quickly; both say the same in any case, to every place in it."""
    slow, quick = events.read(data, "f.yaml"), reading.read(SourceFile("f.yaml", data))
    assert (slow.problems, slow.complete) == (quick.problems, quick.complete)
    assert [repr(one.value) for one in slow.documents] == [repr(one.value) for one in quick.documents]
    for one, other in zip(slow.documents, quick.documents, strict=True):
        assert one.sound == other.sound
        assert one.positions.start == other.positions.start
        assert dict(one.positions) == dict(other.positions)
        for path in one.positions:
            assert one.positions.key(path) == other.positions.key(path)
        assert other.dollars or "$" not in repr(other.value)
    return reading.ordinary(SourceFile("f.yaml", data)) is not None


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure Python":
        for module in (events, plainly):
            monkeypatch.setattr(module, "Loader", yaml.SafeLoader)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_read_as_ever(text: str) -> None:
    same(text.encode())


def test_a_document_of_very_many_values_is_read_once_with_its_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plainly, "MOST_IN_ONE", 7)
    three = b"- [1]\n- [2]\n- [3]\n"  # seven values

    assert same(three + b"---\n" + three)
    assert not same(three + b"---\n- 4\n" + three)


def test_the_places_of_the_first_document_are_not_copied() -> None:
    marks = events.read(b"a: {b: [1]}\n", "f.yaml").documents[0].positions.marks

    assert marks is not None
    assert marks.lower(0) is marks
    assert marks.lower(1) != marks


def test_every_manifest_here_is_read_quickly_and_as_ever() -> None:
    folders = ("manifests", "examples", "schemas")
    files = [path for folder in folders for path in (CHECKOUT / folder).rglob("*.yaml")]
    assert len(files) > 60
    for path in files:
        assert same(path.read_bytes()), path


def test_changed_manifests_are_read_as_ever() -> None:
    quick = sum(same(test_fuzz._mutated(seed)) for seed in range(1_500))
    assert 100 < quick < 1_500


LIMITS: list[tuple[str, int, str]] = [
    ("DEEPEST", 3, "a: [[{b: 1}]]"),
    ("LONGEST_TEXT", 3, "a: abcd"),
    ("LONGEST_TEXT", 3, "a: 'abcd'"),
    ("LONGEST_TEXT", 3, "abcd: 1"),
    ("MOST_VALUES", 6, "a: [1, 2, 3]\nb: 4"),
    ("MOST_DOCUMENTS", 2, "a: 1\n---\nb: 1\n---\nc: 1\n"),
]


@pytest.mark.parametrize(("name", "limit", "text"), LIMITS)
def test_what_is_too_much_for_one_is_too_much_for_the_other(
    name: str, limit: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert same(text.encode())
    for module in (events, plainly):
        monkeypatch.setattr(module, name, limit)
    assert not same(text.encode())
    assert events.read(text.encode(), "f.yaml").problems


def test_the_longest_file_is_not_read_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LARGEST_FILE", 5)
    assert not same(b"a: 123")
    assert same(b"a: 12")


def test_one_place_costs_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the part of the file that somebody asks for is read again, and only once."""
    parts: list[int] = []
    thorough = events.read

    def counted(data: bytes, file: str) -> events.Reading:
        parts.append(len(data))
        return thorough(data, file)

    monkeypatch.setattr(events, "read", counted)
    one = "name: x\nlist: [1, 2]\n"
    found = reading.read(SourceFile("f.yaml", "---\n".join([one] * 100).encode())).documents
    assert parts == []
    assert str(found[70].positions["list", 1]) == f"f.yaml:{70 * 3 + 2}:11"
    assert str(found[70].positions.key(("list",))) == f"f.yaml:{70 * 3 + 2}:1"
    assert str(found[70].positions.start) == f"f.yaml:{70 * 3 + 1}:1"
    assert parts == [len(one) + 4]


def test_keys_and_repeated_words_are_one_object() -> None:
    """What makes ten thousand documents small."""
    a, b = (one.value for one in reading.read(SourceFile("f", b"key: word\n---\nkey: word\n")).documents)
    assert isinstance(a, dict)
    assert isinstance(b, dict)
    assert next(iter(a)) is next(iter(b))
    assert a["key"] is b["key"]
