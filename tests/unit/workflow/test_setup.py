"""What a command was told, checked before anything is asked of anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.document import Desired, Target
from reconciler.model.faults import UsageWrong
from reconciler.model.operator import Access, Operator
from reconciler.model.record import replace
from reconciler.wire.clock import real_clock
from reconciler.workflow import Options, Setup, catalog, prepared
from reconciler.workflow.importer import Importer
from reconciler.workflow.imports import Wish, import_live
from reconciler.workflow.sheets import Files

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


@pytest.mark.parametrize(
    ("own", "granted", "counts"), [(None, None, 60), (None, 500, 500), (30, 500, 30), (900, 500, 500)]
)
def test_whoever_makes_a_setup_has_the_rate_that_was_granted(
    own: int | None, granted: int | None, counts: int
) -> None:
    target = Target("analytics", "omni-analytics", per_minute=own)
    opened = Operator({"analytics": Access("http://127.0.0.1:1", str, per_minute=granted)})

    setup = Setup(Desired((), {"analytics": target}, ""), catalog(), opened, real_clock())

    assert setup.desired.targets["analytics"].per_minute == counts
    assert replace(setup, lasting=False).desired.targets["analytics"].per_minute == counts


def test_an_import_goes_at_the_rate_that_was_granted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for what, value in {"URL": "http://127.0.0.1:1", "KEY": "k", "PER_MINUTE": "100000"}.items():
        monkeypatch.setenv(f"RECONCILER_ANALYTICS_{what}", value)
    rates: list[int | None] = []

    async def run(importer: Importer) -> Files:
        rates.append(importer.ground.setup.desired.targets["analytics"].per_minute)
        return Files()

    monkeypatch.setattr(Importer, "run", run)
    import_live(Options(project=project), Wish("analytics", dry=True))

    assert rates == [100_000]
