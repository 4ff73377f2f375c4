"""`reconciler ledger`: what is remembered and why, whether the record is whole, and what a person corrects in
it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from reconciler.cli.asking import REASON, YES, agreed
from reconciler.cli.exit_codes import FINE, HELD, INVALID, REMOTE, USAGE, explained
from reconciler.cli.options import PROJECT, output_option
from reconciler.cli.output import checked_place, fitting, save, say, style
from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.model.document import Address
    from reconciler.workflow.bookkeeping import About

READS = explained(FINE, INVALID, USAGE, REMOTE)
CHECKS = explained(FINE, INVALID, USAGE, HELD, REMOTE)
WRITES = explained(FINE, INVALID, USAGE, HELD, REMOTE)


@click.group("ledger", invoke_without_command=True, epilog=WRITES)
@click.pass_context
def command(ctx: click.Context) -> None:
    """What is remembered of what is live: an append-only chain of events. Nothing here is sent to any system, and
    nothing that was written is ever changed: a correction is an event of its own, with who and why."""
    if ctx.invoked_subcommand is None:
        say(ctx.get_help() + "\n")


@command.command("list", short_help="List what is remembered.", epilog=READS)
@click.option("--target", "targets", multiple=True, metavar="TARGET", help="Only of this one. Repeatable.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only of this one. Repeatable.")
@click.option("--made", is_flag=True, help="Only what we made.")
@click.option("--adopted", is_flag=True, help="Only what was there before.")
@PROJECT
@output_option("text", "json")
def list_bonds(
    targets: tuple[str, ...], kinds: tuple[str, ...], made: bool, adopted: bool, project: Path | None, form: str
) -> int:
    """List every address that leads to a live thing: its id, whether we made it, in which run."""
    from reconciler import workflow
    from reconciler.workflow.past import bonds

    if made and adopted:
        raise UsageWrong("--made and --adopted leave nothing", hint="say one of the two, or none for both")
    found = bonds(workflow.Options(project), targets, kinds, made=made if made or adopted else None)
    if form == "json":
        from reconciler.report.ledger_json import bonds_json

        say(bonds_json(found))
    else:
        from reconciler.report.ledger_text import bonds_text

        say(bonds_text(found, style()))
    return FINE


@command.command("show", short_help="Show all that is remembered of an address.", epilog=READS)
@click.argument("address")
@PROJECT
@output_option("text", "json")
def show(address: str, project: Path | None, form: str) -> int:
    """Show what an address leads to, where that came from, what happened to it in which run, whether it is
    protected, and what it will mean that its document leaves git. Of values there are only digests. Of an address
    that leads to nothing any more it tells the past."""
    from reconciler import workflow
    from reconciler.model.past import Former
    from reconciler.workflow.past import bond_story

    story = bond_story(workflow.Options(project), parsed(address))
    if isinstance(story, Former):
        from reconciler.report.former_text import former_json, former_text

        say(former_json(story) if form == "json" else former_text(story, style()))
    elif form == "json":
        from reconciler.report.ledger_json import story_json

        say(story_json(story))
    else:
        from reconciler.report.ledger_text import story_text

        say(story_text(story, style()))
    return FINE


@command.command("forget", short_help="Forget what an address leads to.", epilog=WRITES)
@click.argument("address")
@YES
@REASON
@click.option("--override", type=click.Choice(["protected"]), help="Forget it although it is protected.")
@PROJECT
def forget(address: str, yes: bool, reason: str | None, override: str | None, project: Path | None) -> int:
    """Let the ledger forget a live thing, which stays as it is. Any answer but `yes` forgets nothing and ends with
    4."""
    from reconciler import workflow
    from reconciler.workflow.bookkeeping import about, forget_bond

    options, at = workflow.Options(project), parsed(address)
    if override and not (reason or "").strip():
        raise UsageWrong("--override needs --reason", hint="say why, for the record")
    known = about(options, at)
    what = [f"{at} leads to id {known.bond.id}.", *_after_forgetting(known)]
    why = agreed("\n".join(what), yes=yes, reason=reason)
    if why is None:
        say("Nothing was forgotten.\n", sys.stderr)
        return HELD
    head = forget_bond(options, at, why, override or "")
    _say([f"Forgotten: {at}, id {known.bond.id}.", *_after_forgetting(known), f"ledger head {head}"])
    return FINE


def _after_forgetting(known: About) -> list[str]:
    """What the next plan will do."""
    if not known.findable:
        return ["No read finds such a thing: if its document is still there, the next plan makes ANOTHER one."]
    adopted = "as one that we did not make: it will not be deleted by itself when the document goes"
    return [
        f"If its document is still there, the next plan adopts the thing again, {adopted}.",
        "If the document is gone, the next plan knows nothing of it.",
    ]


@command.command("move", short_help="Say that a thing has another address.", epilog=WRITES)
@click.argument("old")
@click.argument("new")
@YES
@REASON
@PROJECT
def move(old: str, new: str, yes: bool, reason: str | None, project: Path | None) -> int:
    """Let NEW lead to what OLD leads to, in the same target and kind: a document that was renamed without
    `previously`. No call follows from it. Any answer but `yes` moves nothing and ends with 4."""
    from reconciler import workflow
    from reconciler.workflow.bookkeeping import about, move_bond

    options, at, to = workflow.Options(project), parsed(old), parsed(new)
    known = about(options, at)
    nested = (
        [f"What is nested in it keeps its address: {', '.join(map(str, known.inside))}."] if known.inside else []
    )
    why = agreed("\n".join([f"{to} will lead to id {known.bond.id}.", *nested]), yes=yes, reason=reason)
    if why is None:
        say("Nothing was moved.\n", sys.stderr)
        return HELD
    head = move_bond(options, at, to, why)
    _say([f"Moved: {to} leads to id {known.bond.id}, {at} to nothing.", *nested, f"ledger head {head}"])
    return FINE


@command.command("export", short_help="Write the whole chain.", epilog=CHECKS)
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "json"]), default="jsonl", show_default=True, help="Its form."
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="A file, instead of the terminal."
)
@PROJECT
def export(form: str, out: Path | None, project: Path | None) -> int:
    """Write every event, oldest first: one JSON object a line, or one object with all of them. `reconciler ledger
    verify --file` checks it, without the ledger. Of a chain that is broken it writes the good beginning, says so,
    and ends with 4."""
    from reconciler import workflow
    from reconciler.report.escape import json_text
    from reconciler.workflow.evidence import exported

    checked_place(out)
    taken = exported(workflow.Options(project))
    lines = [json_text(event, indent=None) for event in taken.events]
    if form == "json":
        text = '{"format": "reconciler/ledger-v1", "events": [\n' + ",\n".join(lines) + "\n]}\n"
    else:
        text = "\n".join([*lines, ""])
    if out is None:
        say(text)
    else:
        save(out, text, private=True)
        _say([f"{len(lines)} events written to {out}."], sys.stderr)
    if not taken.wrong:
        return FINE
    _say([f"{taken.wrong}. What was written is what can be vouched for: {len(lines)} events."], sys.stderr)
    return HELD


@command.command(
    "verify",
    short_help="Check that nobody changed the record.",
    epilog=CHECKS,
)
@click.option(
    "--head", default="", metavar="HASH", help="One that an apply printed: it has to be part of the chain."
)
@click.option("--file", type=click.Path(path_type=Path), help="An export, instead of the ledger.")
@PROJECT
@output_option("text", "json")
def verify(head: str, file: Path | None, project: Path | None, form: str) -> int:
    """Compute the whole chain again. It ends with 4 where an event is not as it was written (the first such is
    named), where something altered the table it lies in, or --head is none of them: then the chain was written
    anew, or cut off."""
    from reconciler import workflow
    from reconciler.workflow.evidence import verified

    chain = verified(workflow.Options(project), head.strip().lower(), file)
    if form == "json":
        from reconciler.report.ledger_json import chain_json

        say(chain_json(chain))
    else:
        from reconciler.report.ledger_text import chain_text

        say(chain_text(chain, style()))
    return FINE if chain.holds else HELD


def parsed(word: str) -> Address:
    """Raises UsageWrong."""
    from reconciler.model.document import Address

    try:
        return Address.parse(word)
    except ValueError:
        raise UsageWrong(f"{word[:80]} is no address", hint="write target/Kind/name") from None


def _say(lines: list[str], stream: TextIO | None = None) -> None:
    from reconciler.report.escape import safe

    out = stream or sys.stdout
    say(fitting("\n".join(safe(line) for line in lines), out), out)
