"""CI files as their services read them: jobs with their shell steps, which are then run for real."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{ *([a-z_.A-Z]+) *\}\}")
BARE = ("bash", "-e")
SHELLS: Mapping[str | None, tuple[str, ...]] = {
    None: BARE,
    "bash": ("bash", "--noprofile", "--norc", "-eo", "pipefail"),
}
"""What GitHub runs a step with: the pipe's own failures count only where `shell: bash` is said."""
GITLAB = ("bash", "-eo", "pipefail")
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """A shell step. `always`: it is run also where one before it has failed."""

    name: str
    script: str
    shell: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    always: bool = False

    @property
    def installs(self) -> bool:
        return "pip install" in self.script


@dataclass(frozen=True, slots=True)
class Ran:
    """A step that was run."""

    step: str
    code: int
    out: str


@dataclass(frozen=True, slots=True)
class Job:
    """What a CI service would do, `uses` left out: the checkout is there, and so is Python."""

    steps: tuple[Step, ...]
    env: Mapping[str, str]

    def run(self, folder: Path, env: Mapping[str, str]) -> list[Ran]:
        """Run the steps as the service does, the first failure ending all that are not to be run always. What
        installs is left out: `install` runs that alone."""
        return self._run([s for s in self.steps if not s.installs], folder, env)

    def install(self, folder: Path, env: Mapping[str, str]) -> list[Ran]:
        return self._run([s for s in self.steps if s.installs], folder, env)

    def _run(self, steps: Sequence[Step], folder: Path, env: Mapping[str, str]) -> list[Ran]:
        ran: list[Ran] = []
        for step in steps:
            if step.always or not any(r.code for r in ran):
                ran.append(_ran(step, folder, {**self.env, **step.env, **env}))
        return ran


def github(file: Path, context: Mapping[str, str]) -> Job:
    """The one job of a workflow. `context`: what each expression `${{ … }}` stands for; any other is an error."""
    workflow = _read(file)
    (job,) = workflow["jobs"].values()
    shell = workflow.get("defaults", {}).get("run", {}).get("shell")
    steps = [
        Step(
            name=s.get("name", s["run"]),
            script=_filled(s["run"], context),
            shell=SHELLS[s.get("shell", shell)],
            env=_env(s, context, "env"),
            always=s.get("if") == "always()",
        )
        for s in job["steps"]
        if "run" in s
    ]
    assert all(s.keys() <= {"name", "run", "env", "uses", "with", "if"} for s in job["steps"])
    return Job(tuple(steps), _env(job, context, "env"))


def gitlab(file: Path) -> Job:
    """The one job of a GitLab CI file. (That before_script and script share a shell is of no use to them.)"""
    (job,) = _read(file).values()
    steps = [Step(name, "\n".join(job[name]), GITLAB) for name in ("before_script", "script")]
    if "after_script" in job:
        steps.append(Step("after_script", "\n".join(job["after_script"]), GITLAB, always=True))
    return Job(tuple(steps), _env(job, {}, "variables"))


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a CI machine with nothing on it but this interpreter's programs. Installing what is there
    already needs no network."""
    kept = {n: v for n, v in os.environ.items() if n in ("HOME", "LANG", "TMPDIR", "TZ")}
    own = {"PIP_PYTHON": sys.executable, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    summary = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    return {**kept, **own, **summary, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "CI": "true"}


def sections(ran: Sequence[Ran]) -> str:
    """What was said, for a person who has to find out why a test failed."""
    return "\n".join(f"--- {r.step}: {r.code}\n{r.out}" for r in ran)


def repository(folder: Path) -> Iterator[str]:
    """Make the folder a repository with one commit; then, at each further step, commit all that has changed since.
    Yields each commit."""
    for words in (("init", "--quiet", "--initial-branch", "main"), ("config", "user.name", "Jane")):
        git(folder, *words)
    git(folder, "config", "user.email", "jane@example.com")
    while True:
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "A change")
        yield git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True, timeout=SECONDS)
    return done.stdout


def _ran(step: Step, folder: Path, env: Mapping[str, str]) -> Ran:
    done = subprocess.run(
        [*step.shell, "-c", step.script],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )
    return Ran(step.name, done.returncode, done.stdout)


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def _env(node: Mapping[str, Any], context: Mapping[str, str], name: str) -> dict[str, str]:
    return {n: _filled(str(v), context) for n, v in node.get(name, {}).items()}


def _filled(text: str, context: Mapping[str, str]) -> str:
    return EXPRESSION.sub(lambda found: context[found[1]], text)
