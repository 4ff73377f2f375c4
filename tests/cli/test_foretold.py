"""What a command says of its reading before it begins (OA-C44)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.progress import before_reading
from reconciler.twins import Twin
from tests.cli.conftest import Cli

Twins = dict[str, Twin]
EVENT = {"event": "reading", "target": "analytics", "requests": 212, "least": False, "made": 0, "seconds": 180.3}


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_a_short_reading_is_not_worth_a_word(cli: Cli, project: Path, twins: Twins, command: str) -> None:
    cli("apply", "--yes")

    assert cli(command).err == ""


@pytest.mark.parametrize("words", [("--progress", "json"), ("--output", "json")])
def test_a_machine_hears_every_forecast(cli: Cli, project: Path, twins: Twins, words: tuple[str, str]) -> None:
    said = cli("plan", *words)

    events = [json.loads(line) for line in said.err.splitlines()]
    assert {e["event"] for e in events} == {"reading"}
    assert {e["target"] for e in events} >= {"analytics", "studio"}
    assert set(events[0]) == {"event", "target", "requests", "least", "made", "seconds", "perMinute"}


def test_nothing_is_said_to_whoever_wants_nothing(cli: Cli, project: Path, twins: Twins) -> None:
    assert cli("plan", "--output", "json", "--progress", "none").err == ""


def test_a_plan_says_what_was_foretold_beside_what_was_read(cli: Cli, project: Path, twins: Twins) -> None:
    plan = json.loads(cli("plan", "--output", "json").out)

    for cost in plan["reading"]:
        assert cost["made"] == sum(line.startswith(f"{cost['target']}: ") for line in plan["reads"])
        assert cost["foretold"] <= cost["made"]


def test_it_is_a_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    watch: Callable[..., None] = before_reading("text", "auto")
    watch({**EVENT, "perMinute": 60})
    watch({**EVENT, "requests": 220, "perMinute": 60})
    watch({**EVENT, "requests": 400, "seconds": 360.6, "perMinute": 60})

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "reading analytics: about 212 calls, 3 minutes at 60 a minute",
        "reading analytics: now about 400 calls, 6 minutes at 60 a minute",
    ]
