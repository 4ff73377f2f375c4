"""`reconciler doctor`: is this set-up fit to work with, and is an API as we assume it to be?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, HELD, INVALID, REMOTE, USAGE, explained
from reconciler.cli.options import FILES, output_option, with_options
from reconciler.cli.output import say, style
from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.model.doctor import CheckUp
    from reconciler.workflow import Options


@click.command(
    "doctor",
    epilog=explained(FINE, INVALID, USAGE, HELD, REMOTE),
)
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@with_options(FILES)
@click.option("--offline", is_flag=True, help="Look at this machine alone; send nothing.")
@click.option("--live", is_flag=True, help="Ask one target's API what safe calls can tell of our assumptions.")
@output_option("text", "json", "markdown")
def command(options: Options, targets: tuple[str, ...], offline: bool, live: bool, form: str) -> int:
    """Check everything a set-up needs, each with a way out: Python and packages, project and manifests, hosts and
    credentials (never shown), the ledger, the places for once-shown values, and the health of each target.

    With --live it asks the API of one TARGET about everything that docs/apis says we assume and a safe call can
    tell: at most 17 calls, none of which changes anything. It ends with 4 where an assumption is refuted, and with
    8 where nothing that was asked was answered.
    """
    if not live:
        return _check_up(options, targets, form, offline=offline)
    if len(targets) != 1 or offline:
        raise UsageWrong(
            "--live asks one target at a time, over the network", hint="write reconciler doctor --live TARGET"
        )
    return _examine(options, targets[0], form)


def _check_up(options: Options, targets: tuple[str, ...], form: str, *, offline: bool) -> int:
    from reconciler.report import doctor
    from reconciler.workflow.doctor import check_up

    found = check_up(options, targets, offline=offline)
    if form == "json":
        say(doctor.check_up_json(found))
    elif form == "markdown":
        say(doctor.check_up_markdown(found))
    else:
        say(doctor.check_up_text(found, style()))
    return _code(found)


def _code(found: CheckUp) -> int:
    """What can be mended here comes before what has to be mended elsewhere."""
    from reconciler.model.doctor import Grade

    far = [sign.far for sign in found.signs if sign.grade is Grade.FAIL]
    if not far:
        return FINE
    return REMOTE if all(far) else INVALID


def _examine(options: Options, target: str, form: str) -> int:
    from reconciler.model.doctor import Told
    from reconciler.report import doctor
    from reconciler.workflow.doctor import examine

    found = examine(options, target)
    if form == "json":
        say(doctor.examination_json(found))
    elif form == "markdown":
        say(doctor.examination_markdown(found))
    else:
        say(doctor.examination_text(found, style()))
    if found.count(Told.REFUTED):
        return HELD
    return REMOTE if found.silent else FINE
