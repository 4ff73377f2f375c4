"""What a command was told, checked before anything is asked of anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.faults import UsageWrong
from reconciler.workflow import Options, prepared

PROJECT = """\
apiVersion: reconciler/v1
kind: Project
targets:
  analytics: {provider: omni-analytics}
  studio: {provider: studio-tracker, organisation: acme}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    (tmp_path / "manifests").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("analytics/Lable", "did you mean 'analytics/Label'?"),
        ("analitics/Label", "did you mean 'analytics/Label'?"),
        ("studio/ClientTeams", "did you mean 'studio/ClientTeam'?"),
        ("zzz", "known: analytics/Connection, "),
        ("studio/User", ""),
    ],
)
def test_a_kind_that_no_target_has_cannot_be_expected_to_be_missing(word: str, hint: str, project: Path) -> None:
    options = Options(project=project, expect_missing=("analytics/Label", word), ephemeral=True)

    with pytest.raises(UsageWrong) as caught, prepared(options):
        pass

    assert str(caught.value) == f"--expect-missing: '{word}' is no kind of a target"
    assert caught.value.hint.startswith(hint)


def test_a_kind_of_a_target_may_be_expected_to_be_missing(project: Path) -> None:
    options = Options(project=project, expect_missing=("analytics/Label", "studio/ClientTeam"), ephemeral=True)

    with prepared(options) as setup:
        assert setup.expect_missing == {"analytics/Label", "studio/ClientTeam"}


def test_a_target_that_there_is_may_be_expected_to_have_moved(project: Path) -> None:
    with prepared(Options(project=project, expect_moved=("studio",), ephemeral=True)) as setup:
        assert setup.expect_moved == {"studio"}


def test_what_is_no_target_cannot_have_moved(project: Path) -> None:
    with pytest.raises(UsageWrong) as caught, prepared(Options(project=project, expect_moved=("studo",))):
        pass

    assert str(caught.value) == "--expect-moved: 'studo' is no target"
    assert caught.value.hint == "did you mean 'studio'?"
