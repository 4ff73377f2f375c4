"""Lines are wrapped, never cut; colour adds nothing but colour."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.style import Look, Piece, Sheet, Style, cells, wrapped


@given(st.text(alphabet="ab 日é\u0301"), st.integers(4, 40), st.integers(2, 40))
def test_no_character_is_lost_and_no_row_too_wide(text: str, first: int, rest: int) -> None:
    rows = [text[a:b] for a, b in wrapped(text, first, rest)]
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    for i, row in enumerate(rows):
        assert cells(row.rstrip()) <= (rest if i else first)


def test_wide_characters_count_twice_and_marks_not_at_all() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1


def test_a_row_goes_on_further_in() -> None:
    sheet = Sheet(Style(40))
    sheet.line("one two three four five six seven eight nine", indent=2)
    assert sheet.text() == "  one two three four five six seven\n    eight nine\n"


def test_colour_changes_nothing_but_colour() -> None:
    texts = []
    for colour in (False, True):
        sheet = Sheet(Style(40, colour))
        sheet.title("Title")
        sheet.line(
            Piece("+ create", Look.ADD), " a line that is wrapped because it is long ", Piece("x", Look.QUIET)
        )
        texts.append(sheet.text())
    assert "\x1b[" in texts[1]
    assert re.sub(r"\x1b\[[0-9;]*m", "", texts[1]) == texts[0]


def test_empty_lines_are_never_doubled() -> None:
    sheet = Sheet(Style())
    sheet.gap()
    sheet.line("a")
    sheet.gap()
    sheet.gap()
    assert sheet.text() == "a\n"


def test_what_people_copy_is_not_cut() -> None:
    sheet = Sheet(Style(40))
    for word in ("sha256:" + "ab" * 32, "https://studio.example.com/a/rather/long/path/to/something", "e5" * 32):
        sheet.line(f"see {word} there")
        assert f"\n  {word}\n  there\n" in sheet.text()
    sheet.line("x" * 90)
    assert "x" * 90 not in sheet.text()
