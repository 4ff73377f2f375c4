"""Figures: their verdicts, growth, how they are shown, and the page that is written."""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from benchmarks.apart import from_json, to_json
from benchmarks.figures import Figure, exactly, exponent, growth, markdown, text, verdict
from benchmarks.page import BEGIN, END, PAGE, Found, between, machine, told, write
from benchmarks.picture import END as CUT
from benchmarks.picture import LABEL, TARGET, picture
from benchmarks.sides import LOOP, Failed, Ratio, Side, loops, ran, ratio, rounds

SVG = "{http://www.w3.org/2000/svg}"
MET = Figure("a plan, cold", "CPU, ours / floor", Ratio(1.4, 1.3, 1.6), 1.5, 1.2, loops=(0.1, 0.1, 0.2))
STRETCHED = Figure("a plan, warm", "CPU, ours / cached", Ratio(1.2, 1.1, 1.3), 1.8, 1.3)
MISSED = Figure("memory", "peak", Ratio(30_000, 29_000, 31_000), 3_000, 1_500, "a | b", unit="bytes per object")
MORE = Figure("beside others", "CPU, theirs / ours", Ratio(5, 4.9, 5.1), 4, 6, least=True)
TOLD = Figure("a small plan", "CPU", Ratio(9, 8, 10))
GROWN = Figure("growth of a plan", "exponent", exactly(0.9), 1.05, points=((1_000, 0.4), (10_000, 3.2)))
ALL = (MET, STRETCHED, MISSED, MORE, TOLD, GROWN)


def test_a_target_is_met_by_what_is_at_most_or_at_least_that_much() -> None:
    assert [verdict(figure) for figure in ALL] == ["met", "stretch", "missed", "met", "", "met"]
    assert Figure("x", "y", exactly(1.5), 1.5).met
    assert not Figure("x", "y", exactly(1.5), 1.6, least=True).met


@given(
    st.floats(0.2, 3), st.floats(0.01, 100), st.lists(st.integers(10, 10**6), min_size=2, max_size=5, unique=True)
)
def test_the_exponent_of_a_power_is_that_power(power: float, factor: float, sizes: list[int]) -> None:
    assert isclose(exponent([(size, factor * size**power) for size in sizes]), power, abs_tol=1e-6)


def test_growth_is_told_round_by_round() -> None:
    value, points = growth([(10, [1.0, 1.0, 1.0]), (100, [10.0, 100.0, 10.0])])

    assert points == ((10, 1.0), (100, 10.0))
    assert isclose(value.value, 1.0)
    assert growth([(10, [1.0]), (100, [100.0])])[0] == exactly(2.0)


def test_a_ratio_is_the_middle_of_what_the_rounds_gave() -> None:
    assert Ratio.of([5, 1, 2, 3, 4]) == Ratio(3, 2, 4)
    assert Ratio.of([7]) == exactly(7)


def test_sides_run_in_turn_and_the_first_round_does_not_count(tmp_path: Path) -> None:
    log = tmp_path / "log"
    sides = [Side(name, ("sh", "-c", f"printf {name} >> log; printf {name}"), folder=tmp_path) for name in "ab"]

    found = rounds(sides, 3)

    assert log.read_text(encoding="utf-8") == "abababab"
    assert {name: len(each) for name, each in found.items()} == {LOOP: 3, "a": 3, "b": 3}
    assert [run.said for run in found["a"]] == ["a"] * 3
    assert len(loops(found)) == 3
    assert ratio(found["a"], found["a"]).value == 1.0


def test_a_side_that_fails_has_no_figures() -> None:
    with pytest.raises(Failed, match=r"broken ended with 3:\nwhy$"):
        ran(Side("broken", ("sh", "-c", "printf why; exit 3")))
    assert ran(Side("as it should be", ("sh", "-c", "exit 3"), ends=(3,))).said == ""


def test_tables_hold_every_figure_and_no_cell_breaks_them() -> None:
    lines = markdown(ALL).splitlines()

    assert len(lines) == 2 + len(ALL)
    assert {line.replace("\\|", "").count("|") for line in lines} == {9}
    assert all(figure.name in text(ALL) for figure in ALL)
    assert "≥ 4.00" in text(ALL)
    assert "note" not in text([MET])


def test_figures_come_through_json_as_they_were() -> None:
    assert [from_json(one) for one in json.loads(to_json(list(ALL)))] == list(ALL)


def test_the_picture_shows_each_beside_its_target() -> None:
    drawn = etree.fromstring(picture(ALL))
    bars = [one for one in drawn.iter(f"{SVG}rect") if one.get("class")]
    ends = [float(one.get("x", "")) + float(one.get("width", "")) for one in bars]
    words = " ".join(one.text or "" for one in drawn.iter(f"{SVG}text"))

    assert [one.get("class") for one in bars] == ["met", "met", "missed", "met", "met"]
    assert [end <= TARGET for end in ends] == [True, True, False, True, True]
    assert ends[2] == CUT
    assert isclose(ends[3], LABEL + (TARGET - LABEL) * 4 / 5)
    assert len(list(drawn.iter(f"{SVG}polyline"))) == 1
    assert "1,000 to 10,000: n^0.90" in words
    assert "script" not in picture(ALL)
    assert "font-face" not in picture(ALL)
    assert etree.fromstring(picture(())).tag == f"{SVG}svg"


def test_the_page_is_written_between_its_marks_alone(tmp_path: Path) -> None:
    page, drawn = tmp_path / "page.md", tmp_path / "page.svg"
    page.write_text(f"before\n{BEGIN}\nbygone\n{END}\nafter\n", encoding="utf-8")
    found = Found({"noop": ALL}, {"octodns": "no network"}, {}, 5, (0.5, 1.5))

    write(found, page, drawn)
    once = page.read_text(encoding="utf-8")
    write(found, page, drawn)

    assert once == page.read_text(encoding="utf-8")
    assert once.startswith(f"before\n{BEGIN}\n")
    assert once.endswith(f"\n{END}\nafter\n")
    assert "bygone" not in once
    assert "### noop" in once
    assert "Not measured: octodns: no network" in once
    assert etree.parse(drawn).getroot().tag == f"{SVG}svg"


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_page_without_its_marks_is_left_alone(tmp_path: Path, page: str) -> None:
    place = tmp_path / "page.md"
    place.write_text(page, encoding="utf-8")

    with pytest.raises(ValueError, match="once each"):
        write(Found({}, {}, {}, 1, (0, 0)), place, tmp_path / "page.svg")

    assert place.read_text(encoding="utf-8") == page
    assert not (tmp_path / "page.svg").exists()


def test_our_own_page_can_be_written() -> None:
    assert between(PAGE.read_text(encoding="utf-8"), "new").count("new\n" + END) == 1


def test_the_machine_is_told_with_its_moods() -> None:
    found = Found({"noop": ALL}, {}, {"calls": "it ended with 1"}, 5, (0.5, 1.5))

    assert "Load 0.5 before and 1.5 after" in machine(found)
    assert "2.00 times as long at worst as at best" in machine(found)
    assert "Failed: calls: it ended with 1" in told(found)
    assert "fixed work" not in machine(Found({}, {}, {}, 1, (0, 0)))
