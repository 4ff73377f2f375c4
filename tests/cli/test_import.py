"""`reconciler import` as a person types it, in the starter project."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.twins import TWINS, Twin, running_all
from tests.cli.conftest import Cli

Twins = dict[str, Twin]


def test_an_existing_tenant_is_taken_over(cli: Cli, project: Path, twins: Twins) -> None:
    """Import, plan: 0 calls but what the starter's own manifests ask for; apply; nothing is left to import."""
    before = {p: p.read_bytes() for p in (project / "manifests").glob("*.yaml")}
    said = cli("import", "studio", "Project", "Pod")
    assert said.code == 0
    assert said.out.startswith("studio: 5 manifests written; ")
    assert "  manifests/studio/pods.yaml  +2\n  manifests/studio/projects.yaml  +3\n" in said.out
    assert said.out.endswith("next: reconciler plan\n")
    assert said.err == (
        "reading studio: ClientTeam, Pod, Project, User\n"
        "5 things are declared nowhere; looking at what the lists leave out\n"
    )
    assert {p: p.read_bytes() for p in before} == before
    assert cli("validate").code == 0
    plan = cli("plan").out
    assert plan.startswith("Plan: 6 to create, 11 to adopt\ncalls: 8 ")
    assert cli("apply", "--yes").code == 0
    assert cli("import", "studio", "Project", "Pod").out.startswith(
        "studio: 0 manifests written; 5 declared already"
    )


def test_a_tenant_is_taken_over_by_the_steps_of_the_docs(
    cli: Cli, twins: Twins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command of docs/import.md, as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
    steps = page.split("**Take a tenant over**", 1)[1].split("```")[1]
    commands = [line.partition("#")[0].split() for line in steps.splitlines()]
    commands = [words for words in commands if words and words[0] in ("reconciler", "cd")]
    for name, twin in twins.items():  # those of the fixture belong to the project that it made
        monkeypatch.setenv(f"RECONCILER_{name.upper()}_KEY", twin.default_key)
    monkeypatch.chdir(tmp_path)
    said: dict[str, list[str]] = {}
    for words in commands:
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
            continue
        done = cli(*words[1:], *(["--yes"] if words[1] == "apply" else []))
        assert done.code == 0, (words, done)
        said.setdefault(words[1], []).append(done.out)
    first, last = said["plan"]
    assert "calls: 0 " in first
    assert "to adopt" in first.splitlines()[0]
    assert "to create" not in first
    assert last.startswith("Nothing to do")
    assert not [e for twin in twins.values() for e in twin.log if e.write]
    assert len(said["import"]) == len(twins)


def test_what_can_never_be_declared_is_not_counted_as_new(cli: Cli, project: Path, twins: Twins) -> None:
    first = cli("import", "cms")
    assert "Component.file: not read, since it takes requests for every thing; --with-files asks" in " ".join(
        first.out.split()
    )
    again = cli("import", "cms")
    assert again.code == 0
    assert "declared nowhere" not in again.err
    assert "--with-files" not in again.out
    assert again.out.endswith("\nnothing new\n")


def test_agencies_and_job_roles_are_named_where_only_a_person_alone_shows_their_ids(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = TWINS["omg-platform"]("adversarial")
    twin.seed_world()
    (project / "manifests/briefs.yaml").unlink()
    with running_all([twin]) as (url,):
        monkeypatch.setenv("RECONCILER_PLATFORM_URL", url)
        monkeypatch.setenv("RECONCILER_PLATFORM_KEY", twin.default_key)
        assert cli("import", "platform").code == 0
        text = (project / "manifests/platform/users.yaml").read_text("utf-8")
        assert text.count("  jobRoleName: ") == text.count("  owningAgency: ") == 3
        assert "owningAgencyId" not in text
        assert "calls: 0 " in cli("plan", "--only", "platform/User/*").out


def test_the_folder_of_manifests_is_made_where_it_is_missing(cli: Cli, project: Path, twins: Twins) -> None:
    for file in (project / "manifests").iterdir():
        file.unlink()
    (project / "manifests").rmdir()
    assert cli("import", "studio", "Pod", "--dry-run").code == 1
    assert not (project / "manifests").exists()
    assert cli("import", "studio", "Pod").code == 0
    assert (project / "manifests/studio/pods.yaml").exists()


def test_what_is_said_fits_into_eighty_columns(cli: Cli, project: Path, twins: Twins) -> None:
    for target in twins:
        said = cli("import", target)
        assert all(len(line) <= 80 for line in (said.out + said.err).splitlines()), said


def test_a_dry_run(cli: Cli, project: Path, twins: Twins) -> None:
    said = cli("import", "studio", "Pod", "--dry-run")
    assert said.out.startswith("# manifests/studio/pods.yaml\n# Imported from studio: ")
    assert "spec: {slug: pod-b, name: Pod B" in said.out
    assert (
        said.err.splitlines()[-2:]
        == [
            "studio: 2 manifests would be written; 4 requests",
            "  manifests/studio/pods.yaml  +2",
        ]
        or "would be written" in said.err
    )
    assert not (project / "manifests" / "studio").exists()


def test_words_that_mean_nothing(cli: Cli, project: Path, twins: Twins) -> None:
    for words, sentence in (
        (["studoi"], "the project has no target 'studoi'\nhint: did you mean 'studio'?"),
        (["studio", "Pods"], "studio-tracker has no kind 'Pods'\nhint: did you mean 'Pod'?"),
        (["studio", "User"], "a User cannot be declared: it is only read"),
        (["studio", "--with", "statusDetail"], "did you mean 'statusDetails'?"),
        (["studio", "--by", "slug"], "there is no value"),
        (["studio", "--to", "elsewhere"], "no plan would read 'elsewhere'"),
        ([], "Missing argument 'TARGET'"),
    ):
        said = cli("import", *words)
        assert (said.code, said.out) == (3, "")
        assert sentence in said.err
    assert all(not twin.log for twin in twins.values())


def test_manifests_that_are_wrong_are_mended_first(cli: Cli, project: Path, twins: Twins) -> None:
    (project / "manifests" / "wrong.yaml").write_text("kind: x\n")
    said = cli("import", "studio")
    assert said.code == 1
    assert "manifests/wrong.yaml" in said.err
    assert all(not twin.log for twin in twins.values())


def test_a_target_that_is_not_there(
    cli: Cli, project: Path, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_STUDIO_URL", "http://127.0.0.1:9/x")
    said = cli("import", "studio")
    assert said.code == 8
    assert not (project / "manifests" / "studio").exists()


def test_only_the_target_s_operator_is_needed(
    cli: Cli, project: Path, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECONCILER_ANALYTICS_URL")
    assert cli("import", "studio", "Pod").code == 0
    assert cli("plan").code != 0


def test_without_a_ledger(cli: Cli, project: Path, twins: Twins) -> None:
    (project / ".reconciler/ledger.db").unlink()
    assert cli("import", "studio", "Pod").code == 0
    assert "2 declared already" in cli("import", "studio", "Pod").out


def test_the_target_s_own_folder_is_found(cli: Cli, project: Path, twins: Twins) -> None:
    file = project / "reconciler.yaml"
    file.write_text(file.read_text() + "manifests: [manifests, teams/studio]\n")
    (project / "teams" / "studio").mkdir(parents=True)
    assert "  teams/studio/pods.yaml  +2\n" in cli("import", "studio", "Pod").out
