"""The main job on embedded defaults: plan, apply, 0 calls, drift, repair, against twins on this machine."""

from __future__ import annotations

import shutil
import tempfile
import textwrap
from collections.abc import Sequence
from pathlib import Path, PurePath
from secrets import token_hex
from typing import TYPE_CHECKING

import click

from reconciler.cli.demo_world import already_there, somebody, twins
from reconciler.cli.exit_codes import FINE, REMOTE, explained
from reconciler.cli.output import save, say, style

if TYPE_CHECKING:
    from reconciler.model.document import Address
    from reconciler.model.plan import Plan
    from reconciler.report.style import Style
    from reconciler.workflow import Options, Override

SHOWN = (
    "core/ClassificationNode/standard/Clothing",
    "core/Keyword/palette",
    "platform/Brief/shelf-displays",
    "studio/Invitation/nadia",
)
"""Changes of the first plan that are told in full: the others are like them."""
PASSWORDS = ("shop", "product-events", "tax-sftp", "payroll-sftp")
"""What an operator would put into files; no password is in git."""
MANY = 9
"""From so many files on a folder is told as one."""
WHO, WHAT = "nora.quinn@example.com", "kind:Folder"
"""Whose access is told, to what."""
REASON = "no such briefs yet, asked Jane"
MOST = 2
"""So many of the calls that are done are listed."""


@click.command("demo", epilog=explained(FINE, REMOTE))
def command() -> int:
    """Plan, apply, drift and repair the sample organisation, against local twins of all five systems.

    Needs nothing and leaves nothing: twins and files live only as long as the command.
    """
    from reconciler import workflow
    from reconciler.access import Question
    from reconciler.report.access_text import access_text
    from reconciler.report.drift import drift_text
    from reconciler.report.in_short import in_short
    from reconciler.workflow.access import access

    look = style()
    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder, twins() as running:
        root = Path(folder) / "organisation"
        options = workflow.Options(project=root)
        already_there(running)
        tell(1, "The manifests of an organisation in five systems, and a new ledger.", "init --ledger-only")
        _lay_out(root)
        _list_files(options)
        tell(2, "A plan: what would make five live systems match. Nothing is sent.", "plan --out plan.json")
        saved = _saved(root, workflow.plan(options))
        say(in_short(saved, look, _addresses(SHOWN)))
        tell(3, "A new ledger cannot know whether these briefs exist: a person says so.")
        overrides = _overrides(saved)
        _say_command(saved, overrides)
        _apply(options, look, saved, overrides)
        tell(4, "One keyword of the batch was refused: apply again sends what is left.", "apply")
        _apply(options, look)
        tell(5, "Plan again: nothing is left to do.", "plan")
        say(in_short(workflow.plan(options), look))
        tell(6, "Somebody changes things behind our back, in every system.")
        for deed in somebody(running):
            say(f"  {deed}\n")
        tell(7, "Drift: what changed, and that it was not the manifests.", "drift")
        drift = workflow.plan(options)
        say(drift_text(drift, look))
        tell(8, "Repair it: only the calls that put it right. Then a last plan.", "apply", "plan")
        _apply(options, look, drift)
        left = workflow.plan(options)
        say("\n" + in_short(left, look))
        if left.writes:
            return REMOTE
        tell(9, "An auditor asks who can do what, and why.", f"access --who {WHO} --what {WHAT}")
        say(access_text(access(options, Question(WHO, WHAT)), look))
        tell(10, "That is all. Next: `reconciler init ../studio`, or the README.")
    return FINE


def tell(step: int, text: str, *commands: str) -> None:
    """A line between two steps, and what a person would type for this one."""
    say(f"\n── {step} ── {text}\n\n")
    for words in commands:
        say(f"$ reconciler {words}\n")
    if commands:
        say("\n")


def _lay_out(root: Path) -> None:
    from reconciler import workflow
    from reconciler.load.shipped import shipped

    shutil.copytree(shipped("manifests"), root)
    secrets = root / "secrets"
    secrets.mkdir(mode=0o700)
    for name in PASSWORDS:
        password = secrets / f"{name}.password"
        password.touch(mode=0o600)
        password.write_text(f"demo-{token_hex(8)}-42\n", encoding="utf-8")
    workflow.make_ledger(root)


def _list_files(options: Options) -> None:
    """How many documents of which kinds there are, one line per file, or per folder that has many."""
    from collections import Counter

    from reconciler import workflow

    documents = workflow.validate(options).documents
    files = Counter(str(PurePath(file).parent) for file in {d.place.file for d in documents})
    kinds: dict[str, Counter[str]] = {}
    for document in documents:
        folder = str(PurePath(document.place.file).parent)
        name = f"{folder}/ ({files[folder]} files)" if files[folder] > MANY else document.place.file
        kinds.setdefault(name, Counter())[document.address.kind] += 1
    wide = max(map(len, kinds), default=0) + 2
    for file, counts in sorted(kinds.items()):
        line = f"  {file:<{wide}}{', '.join(f'{count} {kind}' for kind, count in counts.items())}"
        say(textwrap.fill(line, 80, subsequent_indent=" " * (wide + 2)) + "\n")


def _saved(root: Path, plan: Plan) -> Plan:
    """The plan as it comes back from its file."""
    from reconciler import workflow
    from reconciler.report.plan_json import plan_json

    save(root / "plan.json", plan_json(plan))
    return workflow.saved_plan(root / "plan.json")


def _addresses(words: Sequence[str]) -> frozenset[Address]:
    from reconciler.model.document import Address

    return frozenset(Address.parse(word) for word in words)


def _overrides(plan: Plan) -> list[Override]:
    """Everything that a person may release, released."""
    from reconciler.report.facts import liftable
    from reconciler.workflow import Override

    return [Override(h.rule, a.address, REASON) for a in plan.actions for h in a.holds if liftable(h)]


def _say_command(plan: Plan, overrides: Sequence[Override]) -> None:
    said = [f"--override {one.rule}@{one.address}" for one in overrides]
    lines = ["reconciler apply plan.json", *said, f"--plan-id {plan.id[:15]}...", f'--reason "{REASON}"']
    say("$ " + " \\\n    ".join(lines) + "\n\n")


def _apply(options: Options, look: Style, plan: Plan | None = None, overrides: Sequence[Override] = ()) -> None:
    from reconciler import workflow
    from reconciler.report.report_text import report_text

    with workflow.ready(options, plan) as ready:
        report = workflow.apply(ready, overrides=overrides)
        say(report_text(report, ready.plan, look, shown=MOST))
