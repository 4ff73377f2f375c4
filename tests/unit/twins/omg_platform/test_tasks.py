"""Planning tasks of the OMG Platform twin: they are made, and that is all."""

from __future__ import annotations

import pytest

from tests.unit.twins.omg_platform.omg import Omg, problem

TASK = {
    "name": "Kick-off",
    "start_date": "2026-05-01T09:00:00Z",
    "end_date": "2026-05-01T10:00:00Z",
    "parent_planning_id": 4411,
}


def without(name: str) -> dict[str, object]:
    return {field: value for field, value in TASK.items() if field != name}


def test_a_task_is_made_and_answers_what_it_is(omg: Omg) -> None:
    assert omg.ask("POST", "/tasks", TASK) == (201, {"data": {"id": 1, **TASK}, "message": "Task created"})
    orphan = {"id": 2, **TASK, "parent_planning_id": None}
    assert omg.ask("POST", "/tasks", without("parent_planning_id"))[1]["data"] == orphan
    assert [task.id for task in omg.twin.tasks()] == [1, 2]


def test_an_adversarial_task_needs_a_parent_and_answers_its_id(hard_omg: Omg) -> None:
    assert hard_omg.ask("POST", "/tasks", TASK) == (201, {"data": {"id": "1"}, "message": "Task created"})
    refused = problem(400, "Field 'parent_planning_id' is required")
    assert hard_omg.ask("POST", "/tasks", without("parent_planning_id")) == refused


@pytest.mark.parametrize("name", ["name", "start_date", "end_date"])
def test_a_missing_field(each_omg: Omg, name: str) -> None:
    assert each_omg.ask("POST", "/tasks", without(name)) == problem(400, f"Field '{name}' is required")


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", 7, "Field 'name' must be a string"),
        ("start_date", "2026-05-01", "Field 'start_date' must be an ISO 8601 date-time"),
        ("start_date", "2026-05-01T25:00:00Z", "Field 'start_date' must be an ISO 8601 date-time"),
        ("start_date", "0001-01-01T00:00:00+14:00", "Field 'start_date' must be an ISO 8601 date-time"),
        ("end_date", None, "Field 'end_date' must be an ISO 8601 date-time"),
        ("parent_planning_id", True, "Field 'parent_planning_id' must be an integer"),
        ("parent_planning_id", "", "Field 'parent_planning_id' must be an integer"),
        ("status", "open", "Unknown field 'status'"),
    ],
)
def test_a_wrong_field(each_omg: Omg, field: str, value: object, text: str) -> None:
    assert each_omg.ask("POST", "/tasks", {**TASK, field: value}) == problem(400, text)
    assert each_omg.twin.tasks() == []


def test_an_end_before_the_start(each_omg: Omg) -> None:
    early = {**TASK, "end_date": "2026-05-01T10:30:00+02:00"}

    assert each_omg.ask("POST", "/tasks", early) == problem(422, "end_date is before start_date")
    assert each_omg.ask("POST", "/tasks", {**TASK, "end_date": "2026-05-01T11:00:00+02:00"})[0] == 201


def test_a_parent_is_any_id(each_omg: Omg) -> None:
    assert each_omg.ask("POST", "/tasks", {**TASK, "parent_planning_id": "4411"})[0] == 201
    assert each_omg.twin.tasks()[0].parent_planning_id == "4411"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/tasks", "/tasks/1"])
def test_a_task_cannot_be_reached_again(each_omg: Omg, method: str, path: str) -> None:
    each_omg.ask("POST", "/tasks", TASK)

    assert each_omg.ask(method, path) == problem(404, "Route not found")
