"""The stories among the examples: what a team's CI does, for each of two services. The shell steps of the very
files that a reader would copy are run, against twins."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler import workflow
from reconciler.cli.demo_world import twins
from reconciler.model.ledger_place import LedgerAccess
from reconciler.twins import Fault, OmniTwin
from tests.cli.forge import TOKEN, Forge, forge
from tests.cli.pipelines import Job, Ran, git, github, gitlab, repository, sections, surroundings
from tests.cli.test_examples import ROOT
from tests.postgresql import needs_server, own_schema, reading_role

COMMENTS = {"github": "/repos/acme/config/issues/7/comments", "gitlab": "/projects/12/merge_requests/7/notes"}
ISSUES = {"github": "/repos/acme/config/issues", "gitlab": "/projects/12/issues"}


@dataclass(frozen=True, slots=True)
class Story:
    """One example as a repository of its own, on a service, with its systems."""

    service: str
    folder: Path
    forge: Forge
    system: OmniTwin
    commits: Iterator[str]
    env: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, **env: str) -> list[Ran]:
        """What the CI file does now."""
        return self.job.run(self.folder, {**self.env, **self._variables(), **env})

    def _variables(self) -> dict[str, str]:
        """A variable of a GitLab project is there for a job by its name: set are those that the file asks for."""
        if self.service == "github":
            return {}
        text = (self.folder / ".gitlab-ci.yml").read_text()
        return {name: self.settings[setting] for name, setting in GITLAB.items() if name in text and self.settings}

    def passes(self, **env: str) -> list[Ran]:
        ran = self.run(**env)
        assert not any(r.code for r in ran), sections(ran)
        return ran

    @property
    def job(self) -> Job:
        if self.service == "gitlab":
            return gitlab(self.folder / ".gitlab-ci.yml")
        (file,) = (self.folder / ".github/workflows").glob("*.yml")
        return github(file, {**dict.fromkeys(UNSAID, ""), **CONTEXT, **self.settings})

    def edit(self, old: str, new: str) -> str:
        """Change the manifests in git; the commit it makes."""
        file = self.folder / "manifests/finance.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        return next(self.commits)

    @property
    def writes(self) -> list[str]:
        return [e.call for e in self.system.log if e.write]


STORIES = ["comment-on-a-pull-request", "apply-on-merge", "nightly-drift", "auditors-afternoon"]
UNSAID = (
    "vars.ANALYTICS_URL",
    "secrets.ANALYTICS_KEY",
    "secrets.ANALYTICS_READ_KEY",
    "vars.LEDGER_URL",
    "vars.LEDGER_USER",
    "vars.LEDGER_READ_USER",
    "secrets.LEDGER_PASSWORD",
    "secrets.LEDGER_READ_PASSWORD",
    "vars.AUDITED_HEAD",
)
"""The test sets what they stand for itself."""
CONTEXT = {"github.token": TOKEN, "github.event.pull_request.number": "7"}
GITLAB = {
    "RECONCILER_LEDGER_URL": "vars.LEDGER_URL",
    "RECONCILER_LEDGER_USER": "vars.LEDGER_USER",
    "RECONCILER_LEDGER_PASSWORD": "secrets.LEDGER_PASSWORD",
}
Told = Callable[[str], Story]


@pytest.fixture(params=["github", "gitlab"])
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def told(tmp_path: Path, service: str) -> Iterator[Told]:
    """Name of an example -> its story."""
    with twins(large=False) as running, forge() as served:
        system = running["analytics"]
        assert isinstance(system, OmniTwin)

        def tell(example: str) -> Story:
            folder = Path(shutil.copytree(ROOT / "examples" / example, tmp_path / "repository"))
            (folder / ".gitignore").write_text(".reconciler/\n*.md\n*.json\n")
            commits = repository(folder)
            first = next(commits)
            env = {**surroundings(tmp_path), **_service(served, first), **_operator()}
            env["HOME"] = str(tmp_path)
            return Story(service, folder, served, system, commits, env)

        yield tell


def _operator() -> dict[str, str]:
    import os

    return {n: v for n, v in os.environ.items() if n.startswith("RECONCILER_ANALYTICS_")}


def _service(served: Forge, base: str) -> dict[str, str]:
    """The variables that the services set by themselves."""
    hub = {"GITHUB_API_URL": served.url, "GITHUB_REPOSITORY": "acme/config", "GITHUB_BASE_REF": "main"}
    lab = {"CI_API_V4_URL": served.url, "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "7"}
    lab |= {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "NOTES_TOKEN": TOKEN, "ISSUES_TOKEN": TOKEN}
    return hub | lab


@pytest.mark.parametrize("example", STORIES)
def test_what_a_job_installs_is_there(told: Told, example: str) -> None:
    story = told(example)

    ran = story.job.install(story.folder, story.env)

    assert [r.code for r in ran] == [0], sections(ran)


# A comment on a pull request


def test_a_pull_request_gets_one_comment_that_is_renewed(told: Told) -> None:
    story = told("comment-on-a-pull-request")
    base = git(story.folder, "rev-parse", "HEAD").strip()
    git(story.folder, "update-ref", "refs/remotes/origin/main", base)
    git(story.folder, "apply", "the-change.patch")
    next(story.commits)

    story.passes()
    first: dict[str, Any] = dict(*story.forge.all(COMMENTS[story.service]))
    story.edit("name: Audited", "name: Approved")
    story.passes()
    (second,) = story.forge.all(COMMENTS[story.service])

    assert "chen@example.com" in first["body"]
    assert "Finance Team" in first["body"]
    assert "Approved" in second["body"]
    assert "Approved" not in first["body"]
    assert story.writes == []


def test_a_mistake_fails_the_job_and_says_where(told: Told) -> None:
    story = told("comment-on-a-pull-request")
    git(story.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    story.edit("members:", "memebrs:")

    ran = story.run()

    assert ran[-1].code == 1, sections(ran)
    assert "manifests/finance.yaml:" in ran[-1].out
    assert "did you mean 'members'" in ran[-1].out
    assert story.forge.all(COMMENTS[story.service]) == []


# Apply on merge


def ledger(story: Story) -> None:
    """As the example's page says: once, before the first merge."""
    workflow.make_ledger(story.folder)


def applied(story: Story) -> str:
    """Apply what the manifests say; the head that it prints."""
    with workflow.ready(workflow.Options(project=story.folder)) as ready:
        return workflow.apply(ready).head


def test_a_merge_is_applied_and_the_next_job_has_nothing_to_do(told: Told) -> None:
    story = told("apply-on-merge")
    ledger(story)

    ran = story.passes()
    sent = story.writes
    story.passes()

    assert sent
    assert story.writes == sent
    assert any("Nothing to do" in r.out for r in ran), sections(ran)


def test_a_job_that_failed_half_way_is_run_again_and_doubles_nothing(told: Told) -> None:
    """The answer to a create is lost, and everything after it fails."""
    story = told("apply-on-merge")
    ledger(story)
    story.system.faults.add(Fault("drop", "POST", "/scim/v2/groups", effect=True, times=1))
    story.system.faults.add(Fault("status", "POST", "permissions", status=500, times=20))

    ran = story.run()
    assert any(r.code in (6, 7, 8) for r in ran), sections(ran)
    story.system.faults.clear()
    story.passes()

    state: Any = story.system.dump()["state"]
    assert len([g for g in state["groups"].values() if "Finance Team" in str(g)]) == 1
    assert any("Nothing to do" in r.out for r in story.passes())


def test_the_job_says_with_its_code_that_something_is_held(told: Told) -> None:
    story = told("apply-on-merge")
    ledger(story)
    story.passes()
    story.edit("name: Audited", "name: Approved")

    ran = story.run()

    assert max(r.code for r in ran) == 4, sections(ran)
    assert "rename-unconfirmed" in sections(ran)


# A ledger on a server: what signs in there comes from the service's settings, through the CI file alone


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerAccess]:
    """A place for a ledger; this process may write to it."""
    with own_schema() as access:
        assert access.secret is not None
        monkeypatch.setenv("RECONCILER_LEDGER_URL", str(access.server))
        monkeypatch.setenv("RECONCILER_LEDGER_USER", access.user)
        monkeypatch.setenv("RECONCILER_LEDGER_PASSWORD", access.secret())
        yield access


def kept_there(story: Story, access: LedgerAccess) -> None:
    """The line of the project that a reader is to take the comment sign from, with that place in it."""
    project = story.folder / "reconciler.yaml"
    text, count = re.subn(r"(?m)^# ledger: .*$", f'ledger: {{url: "{access.server}"}}', project.read_text())
    assert count == 1
    project.write_text(text)
    git(story.folder, "commit", "--quiet", "--all", "--message", "A ledger for all")
    ledger(story)


@needs_server
def test_with_a_ledger_on_a_server_each_job_may_have_a_new_machine(told: Told, server: LedgerAccess) -> None:
    story = told("apply-on-merge")
    kept_there(story, server)
    assert server.secret is not None
    settings = {"vars.LEDGER_URL": str(server.server), "vars.LEDGER_USER": server.user}
    story = dataclasses.replace(story, settings={**settings, "secrets.LEDGER_PASSWORD": server.secret()})

    story.passes()
    sent = story.writes
    elsewhere = Path(shutil.copytree(story.folder, story.folder.parent / "elsewhere"))
    shutil.rmtree(elsewhere / ".reconciler", ignore_errors=True)
    ran = dataclasses.replace(story, folder=elsewhere).passes()

    assert sent
    assert story.writes == sent
    assert any("Nothing to do" in r.out for r in ran), sections(ran)


@needs_server
@pytest.mark.parametrize("example", [name for name in STORIES if name != "apply-on-merge"])
def test_for_all_other_jobs_a_role_that_only_reads_is_enough(
    told: Told, server: LedgerAccess, example: str
) -> None:
    story = told(example)
    git(story.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    kept_there(story, server)
    head = applied(story)
    sent = story.writes

    with reading_role(server) as (name, word):
        settings = {"vars.LEDGER_URL": str(server.server), "vars.LEDGER_READ_USER": name}
        settings |= {"vars.LEDGER_USER": name} if story.service == "gitlab" else {}
        passwords = {"secrets.LEDGER_READ_PASSWORD": word}
        passwords |= {"secrets.LEDGER_PASSWORD": word} if story.service == "gitlab" else {}
        ran = dataclasses.replace(story, settings={**settings, **passwords}).passes(AUDITED_HEAD=head)

    assert "no ledger" not in sections(ran)
    assert story.writes == sent


# Nightly drift


def test_what_somebody_changed_in_the_product_becomes_an_issue(told: Told) -> None:
    story = told("nightly-drift")
    ledger(story)
    applied(story)
    story.passes()
    assert story.forge.all(ISSUES[story.service]) == []
    story.system.edit("PUT", "/v1/labels/Audited", {"homepage": False})
    before = len(story.writes)

    ran = story.run()

    (issue,) = story.forge.all(ISSUES[story.service])
    assert [r.code for r in ran if r.code] == [2], sections(ran)
    text = issue.get("body") or issue["description"]
    assert "Audited" in text
    assert "homepage" in text
    assert len(story.writes) == before


# An auditor's afternoon


def test_the_evidence_says_who_what_why_and_from_which_commit(told: Told) -> None:
    story = told("auditors-afternoon")
    ledger(story)
    applied(story)
    commit = story.edit("jane@example.com, bob@example.com", "jane@example.com, chen@example.com")
    head = applied(story)

    story.passes(AUDITED_HEAD=head)

    evidence = story.folder / "evidence"
    rows = [
        row for row in csv.DictReader((evidence / "access.csv").read_text().splitlines()) if "chen" in str(row)
    ]
    assert rows
    assert any("FIN-12" in str(row) and "manifests/finance.yaml" in str(row) for row in rows)
    history: Any = json.loads((evidence / "history.json").read_text())
    assert commit in json.dumps(history)
    assert head in (evidence / "verify.txt").read_text()
    assert len((evidence / "ledger.jsonl").read_text().splitlines()) > 10


def test_a_record_that_was_changed_or_made_anew_fails_the_audit(told: Told) -> None:
    story = told("auditors-afternoon")
    ledger(story)
    head = applied(story)
    place = story.folder / ".reconciler/ledger.db"
    with closing(sqlite3.connect(place)) as database:
        (guard,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'events_last'").fetchone()
        database.execute("DROP TRIGGER events_last")
        database.execute("UPDATE events SET body = replace(body, 'Finance', 'Friends') WHERE type = 'bind'")
        database.execute(guard)
        database.commit()

    changed = story.run()
    place.unlink()
    ledger(story)
    applied(story)
    rebuilt = story.run(AUDITED_HEAD=head)

    assert [r.code for r in changed if r.code] == [4], sections(changed)
    assert "is not what was written" in " ".join(sections(changed).split())
    assert [r.code for r in rebuilt if r.code] == [4], sections(rebuilt)
    assert "REBUILT OR CUT OFF" in sections(rebuilt)
