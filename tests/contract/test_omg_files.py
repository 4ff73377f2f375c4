"""Mistakes in manifests of OMG Platform, in files as people write them: each is told with its file
and line before the first write (OP-R15, OP-R26, OP-R34, OP-R37)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.twins import PROFILES, OmgTwin
from tests.contract.estates import sheet
from tests.contract.importing import Place, place
from tests.world import PLATFORM

BRIEF = ("title: Q3", "summary: Overview", "deadline: 2026-06-30", "businessArea: UK/Marketing")
GOOD = "---\n".join(
    [
        sheet("Brief", "q3", *BRIEF),
        sheet("User", "bob", "email: bob@example.com", "firstName: Robert"),
        sheet("Task", "kick", "name: K", "startDate: 2026-05-01T09:00:00Z", "endDate: 2026-05-01T10:00:00Z",
              "brief: q3"),
    ]
)  # fmt: skip
INVALID, HELD = 1, 4


@pytest.fixture(params=PROFILES)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A project with a brief, a user and a task that are fine, and the seeded twin."""
    twin = OmgTwin(request.param)
    twin.seed_world()
    with place(tmp_path / "x", {PLATFORM: twin}) as found:
        write(found, "good", GOOD)
        twin.log.clear()
        yield found


def write(here: Place, name: str, text: str) -> None:
    path = here.root / "manifests" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def calls(here: Place) -> list[str]:
    return [e.call for e in here.twins[PLATFORM].log]


def writes(here: Place) -> list[str]:
    return [e.call for e in here.twins[PLATFORM].log.writes()]


def refused(here: Place, *told: str) -> None:
    """Every command that looks at the manifests says so, and not one request is made."""
    for words in (("validate",), ("plan",), ("apply", "--yes"), ("drift",)):
        here.run(*words, code=INVALID)
        said = " ".join((here.said + here.told).split())
        for one in told:
            assert one in said, (words, said)
    assert calls(here) == []


@pytest.mark.parametrize("status", ["approved", "change_request", "null"])
def test_op_r26_a_status_in_a_brief(here: Place, status: str) -> None:
    text = "# a comment\n" + sheet("Brief", "q4", *BRIEF, f"status: {status}")
    write(here, "briefs/q4", text)

    refused(
        here,
        "manifests/briefs/q4.yaml:10:3: error: platform/Brief/q4: spec.status: cannot be managed",
        "one transition can be asked for",
    )


@pytest.mark.parametrize("kind", ["Project", "Deliverable", "Library", "Debug"])
def test_op_r26_a_refused_kind_in_a_file_with_others(here: Place, kind: str) -> None:
    write(here, "more", "---\n".join([sheet("Brief", "q4", *BRIEF), sheet(kind, "x", "name: X")]))

    refused(here, f"manifests/more.yaml:11:7: error: omg-platform/{kind} cannot be managed")


@pytest.mark.parametrize("kind", ["Agency", "JobRole"])
def test_op_r40_an_agency_and_a_job_role(here: Place, kind: str) -> None:
    write(here, "more", sheet(kind, "x", "name: Producer"))

    refused(here, "manifests/more.yaml:2:7: error:", "it is only read", "a User names one")


def test_all_mistakes_of_all_files_are_told_at_once(here: Place) -> None:
    write(here, "a", sheet("Brief", "a", *BRIEF, "status: draft"))
    write(here, "b", sheet("Project", "b", "name: X"))
    write(here, "c", sheet("User", "c", "firstName: ''", "email: c@example.com"))
    write(here, "d", sheet("User", "d", "firstName: D"))
    times = ("startDate: 2026-05-02T09:00:00Z", "endDate: 2026-05-01T09:00:00Z")
    write(here, "e", sheet("Task", "e", "name: E", *times, "parent: '7'"))

    refused(
        here,
        "manifests/a.yaml:9:3: error:",
        "manifests/b.yaml:2:7: error:",
        "manifests/c.yaml:5:14: error:",
        "manifests/d.yaml:",
        "manifests/e.yaml:7:12: error:",
    )


@pytest.mark.parametrize("who", ["email: jean@example.com", "staffId: S9999", "email: jane@example.com.au"])
@pytest.mark.parametrize("more", ["firstName: Jean", "owningAgency: Example London", "owningAgency: Nowhere"])
def test_op_r37_a_person_whom_nothing_resolves(here: Place, who: str, more: str) -> None:
    """One finding with its place; it is known before the first write, and the rest goes on."""
    write(here, "people/jean", "\n# people\n" + sheet("User", "jean", who, more))

    here.run("plan")
    planned = " ".join(here.said.split())
    assert writes(here) == []
    assert "manifests/people/jean.yaml:3 " in planned
    assert "held: no-such-user - no such user in the tenant; users cannot be created here" in planned
    assert planned.count("no-such-user") == 1
    here.twins[PLATFORM].log.clear()

    here.run("apply", "--yes", code=HELD)

    assert "manifests/people/jean.yaml:3 " in " ".join(here.said.split())
    assert [line.split("/")[0] + "/" + line.split("/")[1] for line in writes(here)] == ["PUT /user"]
    kinds = [e.method for e in here.twins[PLATFORM].log]
    assert kinds.index("PUT") > max(i for i, e in enumerate(here.twins[PLATFORM].log) if "?" in e.call)


def test_op_r34_an_address_that_is_none(here: Place) -> None:
    write(here, "more", sheet("User", "x", "email: Example@London"))

    refused(
        here, "manifests/more.yaml:5:10: error: platform/User/x: spec.email: 'Example@London' is not an e-mail"
    )


def test_op_r34_nobody_or_somebody_twice(here: Place) -> None:
    write(here, "a", sheet("User", "nobody", "firstName: J"))
    write(here, "b", sheet("User", "twice", "email: jane@example.com", "staffId: S1001"))
    write(here, "c", sheet("User", "pinned", "email: jane@example.com", metadata=", id: '1'"))

    refused(here, "manifests/a.yaml:", "manifests/b.yaml:", "manifests/c.yaml:")


def test_op_r28_a_task_under_a_brief_that_nothing_resolves(here: Place) -> None:
    text = sheet("Task", "late", "name: L", "startDate: 2026-05-01T09:00:00Z", "endDate: 2026-05-01T10:00:00Z",
                 "brief: q9")  # fmt: skip
    write(here, "late", text)

    ended = _ended(here, "plan")

    assert "manifests/late.yaml:" in ended
    assert "q9" in ended
    assert writes(here) == []


def _ended(here: Place, *words: str) -> str:
    try:
        here.run(*words)
    except AssertionError:
        here.run(*words, code=INVALID)
    return " ".join((here.said + here.told).split())
