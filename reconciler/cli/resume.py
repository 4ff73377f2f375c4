"""`reconciler resume`: answer what only a person can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, HELD, IN_DOUBT, INVALID, REMOTE, USAGE, explained
from reconciler.cli.options import PROJECT, output_option, with_options
from reconciler.cli.output import say
from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.model.document import Address
    from reconciler.model.json import Json
    from reconciler.workflow import Options, Question


@click.command(
    "resume",
    epilog=explained(FINE, INVALID, USAGE, HELD, IN_DOUBT, REMOTE),
)
@with_options((PROJECT,))
@click.option("--adopt", multiple=True, metavar="ADDRESS=ID", help="It was made, under this id. Repeatable.")
@click.option("--forget", multiple=True, metavar="ADDRESS", help="It was not made, or is gone. Repeatable.")
@output_option("text", "json")
def command(options: Options, adopt: tuple[str, ...], forget: tuple[str, ...], form: str) -> int:
    """Go on where only a person can tell whether a create worked: its answer was lost, and no read finds such a
    thing.

    Without options it lists what is in doubt, and the two commands that answer. Nothing is sent to any system. It
    ends with 7 while something is in doubt.
    """
    from reconciler import workflow

    made, gone = [_made(word) for word in adopt], [_address("--forget", word) for word in forget]
    _check_each_once([address for address, _ in made], gone)
    for address, remote_id in made:
        workflow.adopt(options, address, remote_id)
    for address in gone:
        workflow.forget(options, address)
    left, cut_short = workflow.questions(options), workflow.cut_short(options)
    say(_json(left, cut_short) if form == "json" else _text(left, cut_short, gone, answered=len(made) + len(gone)))
    return IN_DOUBT if left else FINE


def _check_each_once(made: Sequence[Address], gone: Sequence[Address]) -> None:
    """Raises UsageWrong where two answers are about one address."""
    for address in made:
        if address in gone:
            raise UsageWrong(f"{address} stands after --adopt and after --forget", hint="say one of the two")
    for said in (made, gone):
        for address in said:
            if said.count(address) > 1:
                raise UsageWrong(f"{address} is answered twice", hint="say it once")


def _made(word: str) -> tuple[Address, str]:
    address, _, remote_id = word.partition("=")
    if not remote_id.strip() or not remote_id.isprintable():
        raise UsageWrong(f"--adopt {word}: there is no id", hint="write --adopt target/Kind/name=ID")
    return _address("--adopt", address), remote_id.strip()


def _address(option: str, word: str) -> Address:
    from reconciler.model.document import Address

    try:
        return Address.parse(word)
    except ValueError:
        raise UsageWrong(f"{option} {word}", hint=f"write {option} with target/Kind/name") from None


def _text(left: Sequence[Question], cut_short: Sequence[str], gone: Sequence[Address], *, answered: int) -> str:
    from reconciler.report.escape import safe
    from reconciler.report.past_words import looked_up_first

    lines = [f"{answered} answered"] if answered else []
    for address in gone:
        lines.append(f"{safe(str(address))} leads to nothing now.")
        lines.append("  If its document is still there, the next plan makes ANOTHER one. Is the thing")
        lines.append("  there after all, write its id into the document first, as metadata.id.")
    lines += [f"{safe(looked_up_first(run))}." for run in cut_short]
    if not left:
        return "\n".join([*lines, "Nothing is in doubt.", ""])
    lines.append(f"In doubt: {len(left)}. Look in the product, then say for each whether it was made.")
    for one in left:
        lines += [
            "",
            f"{safe(str(one.address))}   {safe(one.label)}",
            f"  {safe(one.line)}: nobody saw the answer",
        ]
        lines += [f"  made:      {safe(one.made)}", f"  not made:  {safe(one.not_made)}"]
    return "\n".join([*lines, ""])


def _json(left: Sequence[Question], cut_short: Sequence[str]) -> str:
    from reconciler.report.escape import json_text

    rows = [{"address": str(q.address), "label": q.label, "line": q.line} for q in left]
    commands = [{"made": q.made, "notMade": q.not_made} for q in left]
    asked: list[Json] = [{**row, **words} for row, words in zip(rows, commands, strict=True)]
    return json_text({"inDoubt": asked, "unfinished": list(cut_short)}) + "\n"
