"""The main job on embedded defaults: plan, apply, 0 calls, drift, repair, against twins on this machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, REMOTE, explained
from reconciler.cli.output import say, style

if TYPE_CHECKING:
    from reconciler.report.style import Style
    from reconciler.twins import Twin
    from reconciler.workflow import Options


@click.command("demo", short_help="Plan, apply and repair a sample, locally.", epilog=explained(FINE, REMOTE))
def command() -> int:
    """Plan, apply, drift and repair the sample organisation, against local twins.

    Needs nothing and leaves nothing: twins and files live only as long as the command.
    """
    from reconciler import workflow
    from reconciler.report.drift import drift_text
    from reconciler.report.plan_text import plan_text

    look = style()
    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder, twins() as (running, _):
        root = Path(folder) / "organisation"
        options = workflow.Options(project=root)
        tell(1, "The manifests of a small organisation, and a new ledger.")
        _lay_out(root)
        _list_files(root)
        tell(2, "A plan: what would make two live systems match. Nothing is sent.")
        say(plan_text(workflow.plan(options), look))
        tell(3, "Apply it: exactly these calls, each recorded before it is sent.")
        _apply(options, look)
        tell(4, "Plan again: nothing is left to do.")
        say(plan_text(workflow.plan(options), look))
        tell(5, "Somebody changes things behind our back.")
        _somebody(running)
        tell(6, "Drift: what changed, and that it was not the manifests.")
        say(drift_text(workflow.plan(options), look))
        tell(7, "Repair it: only the calls that put it right.")
        _apply(options, look)
        left = workflow.plan(options)
        say(plan_text(left, look))
        if left.writes:
            return REMOTE
        tell(8, "That is all. Next: `reconciler init studio`, or the README.")
    return FINE


def tell(step: int, text: str) -> None:
    """A line between two steps."""
    say(f"\n── {step} ── {text}\n")


@contextmanager
def twins() -> Iterator[tuple[Mapping[str, Twin], list[str]]]:
    """Both systems on free ports of this machine, with people and things in them, open to the demo's targets."""
    from reconciler.twins import TWINS, running_all

    made = {
        name: TWINS[provider]()
        for name, provider in (("analytics", "omni-analytics"), ("studio", "studio-tracker"))
    }
    for twin in made.values():
        twin.seed_world()
    with running_all(list(made.values())) as urls:
        before = dict(os.environ)
        os.environ.pop("RECONCILER_CONFIG", None)
        for (name, twin), url in zip(made.items(), urls, strict=True):
            os.environ[f"RECONCILER_{name.upper()}_URL"] = url
            os.environ[f"RECONCILER_{name.upper()}_KEY"] = twin.default_key
        try:
            yield made, urls
        finally:
            os.environ.clear()
            os.environ.update(before)


def _lay_out(root: Path) -> None:
    from reconciler import workflow
    from reconciler.load.shipped import shipped

    shutil.copytree(shipped("manifests"), root)
    workflow.make_ledger(root)


def _list_files(root: Path) -> None:
    for path in sorted(root.rglob("*.yaml")):
        count = path.read_text().count("\nkind:")
        say(f"  {path.relative_to(root)}  {count} document{'s' if count != 1 else ''}\n")


def _apply(options: Options, look: Style) -> None:
    from reconciler import workflow
    from reconciler.report.report_text import report_text

    with workflow.ready(options) as ready:
        report = workflow.apply(ready)
        say(report_text(report, ready.plan, look))


def _somebody(running: Mapping[str, Twin]) -> None:
    """What a person might do in the products, told as it happens."""
    omni, tracker = running["analytics"], running["studio"]
    omni.edit("PUT", "/v1/labels/Production", {"verified": False})
    say("  analytics: somebody takes the verified mark off the label Production\n")
    teams = tracker.edit("GET", "/api/client-teams").body
    social = (
        next(t for t in teams if isinstance(t, dict) and t["slug"] == "social") if isinstance(teams, list) else {}
    )
    tracker.edit("PATCH", f"/api/client-teams/{social['id']}", {"name": "Social Media"})
    say("  studio: somebody calls the team Social 'Social Media'\n")
    member = next(m for m in social["members"] if m["user"]["email"] == "chen@example.com")
    tracker.edit("DELETE", f"/api/client-teams/{social['id']}/members?userId={member['userId']}")
    say("  studio: somebody takes chen@example.com out of it\n")
