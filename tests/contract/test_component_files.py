"""The file of a component: sent once, sent anew, taken away, looked at (CM-R16, CM-R24, CM-R33)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from reconciler.model.json import Json
from tests.contract.components import at, by_key, carried_out, component, planned
from tests.world import World


@pytest.fixture
def project(c: World, tmp_path: Path) -> Path:
    c.root = tmp_path
    return tmp_path


def file(project: Path, name: str, content: bytes) -> Json:
    """A file of the project, as the loader gives it."""
    (project / name).write_bytes(content)
    return {"$file": {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}}


def test_cm_r33_a_file_is_sent_after_its_component_is_made(c: World, project: Path) -> None:
    logo = file(project, "logo.png", b"\x89PNG\r\n--x")

    deed = carried_out(c, component("logo", file=logo, metadata={"alt": "Logo"}))

    assert [line[:6] for line in deed.sent] == ["create", "upload"]
    assert c.cms.file_of(2) == b"\x89PNG\r\n--x"
    assert by_key(c, "logo")["metadata"] == {"alt": "Logo", "mimeType": "image/png"}
    assert carried_out(c, component("logo", file=logo, metadata={"alt": "Logo"})).sent == []


def test_cm_r33_another_file_is_sent_and_moving_it_in_the_project_is_none(c: World, project: Path) -> None:
    carried_out(c, component("logo", file=file(project, "a.png", b"1")))

    assert carried_out(c, component("logo", file=file(project, "b.png", b"1"))).sent == []
    assert carried_out(c, component("logo", file=file(project, "b.png", b"2"))).sent == ["upload logo"]
    assert c.cms.file_of(2) == b"2"


def test_cm_r33_a_file_that_somebody_took_away_is_sent_again(c: World, project: Path) -> None:
    logo = component("logo", file=file(project, "a.png", b"1"))
    carried_out(c, logo)
    c.cms.edit("DELETE", "/component/file/2")

    assert carried_out(c, logo).sent == ["upload logo"]


def test_cm_r33_a_file_never_recorded_is_sent_once(c: World, project: Path) -> None:
    c.cms.add_component(1, "logo")
    c.cms.add_file(2, "theirs.png", b"1")
    logo = component("logo", file=file(project, "a.png", b"1"))

    assert carried_out(c, logo).sent == ["upload logo"]
    assert carried_out(c, logo).sent == []


def test_cm_r33_a_file_that_somebody_replaced_is_not_seen(c: World, project: Path) -> None:
    logo = component("logo", file=file(project, "a.png", b"1"))
    carried_out(c, logo)
    c.cms.add_file(2, "theirs.png", b"2")

    deed = carried_out(c, logo)

    assert deed.sent == []
    assert deed.action("logo").notes == ("not verifiable: file (last sent as declared)",)


@pytest.mark.parametrize("content", [b"1", b"", b"  \n"])
def test_cm_r33_unless_it_is_to_be_verified(c: World, project: Path, content: bytes) -> None:
    logo = component("logo", file=file(project, "a.png", b"ours"), verifyFiles=True)
    carried_out(c, logo)
    c.cms.add_file(2, "theirs.png", content)

    assert "GET /component/file/2" in [line.split(": ")[1] for line in planned_twice(c, logo)]
    if content.strip():
        assert carried_out(c, logo).sent == ["upload logo"]
        assert c.cms.file_of(2) == b"ours"


def planned_twice(c: World, document: object) -> tuple[str, ...]:
    return c.plan(document).reads  # type: ignore[arg-type]


def test_cm_r33_a_verified_file_is_not_sent_when_adopted(c: World, project: Path) -> None:
    c.cms.add_component(1, "logo")
    c.cms.add_file(2, "theirs.png", b"1")

    assert carried_out(c, component("logo", file=file(project, "a.png", b"1"), verifyFiles=True)).sent == []


def test_cm_r33_absent_takes_it_away(c: World, project: Path) -> None:
    carried_out(c, component("logo", file=file(project, "a.png", b"1")))

    deed = carried_out(c, component("logo", file="absent", name="x"))

    assert deed.sent == ['put logo {"name":"x"}', "no file logo"]
    assert c.cms.file_of(2) is None
    c.cms.add_file(2, "theirs.png", b"2")
    assert carried_out(c, component("logo", file="absent", name="x")).sent == ["no file logo"]
    assert carried_out(c, component("logo", name="x")).sent == []


def test_cm_r33_absent_from_the_start_is_no_call(c: World) -> None:
    assert len(carried_out(c, component("logo", file="absent")).sent) == 1


def test_cm_r33_left_out_it_is_never_touched(c: World) -> None:
    c.cms.add_component(1, "logo")
    c.cms.add_file(2, "theirs.png", b"1")

    carried_out(c, component("logo", name="x"))

    assert c.cms.file_of(2) == b"1"


def test_cm_r33_metadata_goes_first_so_that_the_type_stays(c: World, project: Path) -> None:
    carried_out(c, component("logo", metadata={"a": 1}))

    logo = component("logo", metadata={"a": 2}, file=file(project, "a.css", b"x"))
    deed = carried_out(c, logo)

    assert deed.sent == ['put logo {"metadata":{"a":2}}', "upload logo"]
    assert by_key(c, "logo")["metadata"] == {"a": 2, "mimeType": "text/css"}
    changed = component("logo", metadata={"a": 3}, file=file(project, "a.css", b"x"))
    assert carried_out(c, changed).sent == ['put logo {"metadata":{"a":3,"mimeType":"text/css"}}']


def test_cm_r33_a_declared_type_is_said_after_the_upload(c: World, project: Path) -> None:
    typed = {"mimeType": "font/woff2"}
    first = component("font", file=file(project, "a.bin", b"1"), metadata=typed)

    deed = carried_out(c, first)

    assert [line[:6] for line in deed.sent] == ["create", "upload", "put fo"]
    assert by_key(c, "font")["metadata"] == typed
    again = component("font", file=file(project, "a.bin", b"2"), metadata=typed, name="x")
    deed = carried_out(c, again)
    assert deed.sent == ["upload font", 'put font {"metadata":{"mimeType":"font/woff2"},"name":"x"}']
    assert by_key(c, "font")["metadata"] == typed


def test_cm_r33_a_file_that_has_changed_since_the_plan_is_not_sent(c: World, project: Path) -> None:
    carried_out(c, component("logo"))
    plan = planned(c, component("logo", file=file(project, "a.png", b"1")))
    (project / "a.png").write_bytes(b"2")

    report = c.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["failed"]
    assert "has changed since the plan" in report.outcomes[0].message
    assert c.cms.file_of(2) is None


def test_cm_r31_the_file_goes_with_its_component_and_comes_with_a_new_one(c: World, project: Path) -> None:
    logo = component("logo", file=file(project, "a.png", b"1"))
    carried_out(c, logo, component("anchor"))
    c.cms.edit("DELETE", f"/component/{c.recorded.bonds[at('logo')].id}")

    deed = carried_out(c, logo, component("anchor"))

    assert [line[:6] for line in deed.sent] == ["create", "upload"]
