"""Files whose answers are lost, or that nobody can tell of (CM-R16, CM-R33, CM-R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.faults import RemoteFault
from reconciler.twins import Fault
from tests.contract.components import carried_out, component, planned
from tests.contract.test_component_files import file
from tests.world import World

UPLOAD, REMOVE = "POST /component/file/2", "DELETE /component/file/2"


@pytest.mark.parametrize("effect", [True, False])
def test_cm_r34_an_upload_whose_answer_is_lost_is_sent_again(c: World, tmp_path: Path, effect: bool) -> None:
    c.root = tmp_path
    carried_out(c, component("logo"))
    plan = planned(c, component("logo", file=file(tmp_path, "a.png", b"1")))
    c.cms.faults.add(Fault("drop", method="POST", path="/component/file", effect=effect))
    c.cms.log.clear()

    report = c.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]
    assert [e.call for e in c.cms.log].count(UPLOAD) == 2
    assert c.cms.file_of(2) == b"1"
    assert planned(c, *c.documents).writes == ()


@pytest.mark.parametrize("effect", [True, False])
def test_cm_r34_a_removal_whose_answer_is_lost_is_sent_again_and_404_is_done(
    c: World, tmp_path: Path, effect: bool
) -> None:
    c.root = tmp_path
    carried_out(c, component("logo", file=file(tmp_path, "a.png", b"1")))
    plan = planned(c, component("logo", file="absent"))
    c.cms.faults.add(Fault("drop", method="DELETE", path="/component/file", effect=effect))
    c.cms.log.clear()

    report = c.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]
    assert [e.call for e in c.cms.log].count(REMOVE) == 2
    assert c.cms.file_of(2) is None
    assert planned(c, *c.documents).writes == ()


@pytest.mark.parametrize("status", [400, 403])
def test_cm_r16_any_other_answer_to_the_look_is_an_error(c: World, tmp_path: Path, status: int) -> None:
    c.root = tmp_path
    logo = component("logo", file=file(tmp_path, "a.png", b"1"))
    carried_out(c, logo)
    c.cms.faults.add(Fault("status", path="/component/file/check", status=status, times=None))

    with pytest.raises(RemoteFault):
        c.plan(logo)
