"""What the benchmarks count, small: calls, agreement with the floor, and that everything they start ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.commands import COLD, floor, nothing_to_do, planned
from benchmarks.far_end import ROOT, FarEnd, environment, serving
from benchmarks.first_apply import applied
from benchmarks.first_apply import calls as written
from benchmarks.noop import calls as read
from benchmarks.people import write_project
from benchmarks.sides import Failed, own_environment, ran

PEOPLE = 300
RENAMED = 3


@pytest.fixture(scope="module")
def end() -> Iterator[FarEnd]:
    with serving(PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def same(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("same")
    write_project(project, PEOPLE)
    return project


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With some other names."""
    project = tmp_path_factory.mktemp("other")
    write_project(project, PEOPLE, RENAMED)
    return project


def test_a_plan_with_nothing_to_do_asks_once_for_each_page(end: FarEnd, same: Path) -> None:
    figure = read(end, same, PEOPLE)

    assert figure.value.value == 1.0
    assert figure.note == "4 stated, 4 asked, 4 pages"


def test_the_floor_finds_what_the_engine_finds(end: FarEnd, same: Path, other: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"

    equal = f"{PEOPLE} declared, {PEOPLE + 2} live, 0 differ"
    assert ran(floor("floor", end.url, same)).said.strip() == equal
    for _ in range(2):
        assert ran(floor("cached", end.url, same, "--cached", str(kept))).said.strip() == equal
    with pytest.raises(Failed, match=f"{RENAMED} differ"):
        ran(floor("floor", end.url, other))
    assert len(planned(end.url, other)["calls"]) == RENAMED


def test_the_calls_of_the_floor_are_those_of_the_engine(end: FarEnd, same: Path) -> None:
    end.asked()
    ran(floor("floor", end.url, same))
    of_floor = end.asked()
    assert float(ran(floor("calls", end.url, same, "--calls")).said) > 0
    alone = end.asked()

    assert of_floor == alone == {"GET": 4}


def test_a_plan_with_something_to_do_is_no_side_of_that_comparison(end: FarEnd, other: Path) -> None:
    with pytest.raises(Failed, match="ended with 2"):
        ran(nothing_to_do("ours", end.url, other, COLD))


def test_an_apply_asks_no_more_than_its_plan_says(tmp_path: Path) -> None:
    write_project(tmp_path, PEOPLE, RENAMED)
    with serving(PEOPLE) as fresh:
        one = applied(fresh, tmp_path)

    figure = written("changed", PEOPLE, one, 4)
    assert figure.value.value == 1.0
    assert one.bound == RENAMED
    assert one.asked == {"GET": 4 + one.checks, "PUT": RENAMED}


def test_a_far_end_is_gone_afterwards_whatever_happens() -> None:
    served: list[FarEnd] = []

    def broken_off() -> None:
        with serving(1) as found:
            served.append(found)
            assert found.process.poll() is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert served[0].process.returncode == 0


@pytest.mark.parametrize("module", ["floor", "noop", "latency", "first_apply", "octodns", "start_up"])
def test_who_measures_stays_small(module: str) -> None:
    """A process begun by a large one looks as large as it; and the floor pays for nothing it does not need."""
    asks = f"import sys, benchmarks.{module}; print(*sorted(sys.modules))"
    words = [sys.executable, "-c", asks]
    loaded = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()

    assert f"benchmarks.{module}" in loaded
    assert not {"reconciler.twins", "starlette", "jsonschema", "httpx"} & {*loaded}


def test_the_environment_of_who_starts_it_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_ANALYTICS_URL", "http://127.0.0.1:1/elsewhere")
    monkeypatch.setenv("LANG", "C")

    given = own_environment(environment("http://127.0.0.1:2/here"))

    assert given["RECONCILER_ANALYTICS_URL"] == "http://127.0.0.1:2/here"
    assert "RECONCILER_ANALYTICS_URL" not in own_environment({})
    assert given["LANG"] == "C"
