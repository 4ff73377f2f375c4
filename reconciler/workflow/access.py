"""`access`: who can do what, from the manifests alone or with what is live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.model.access import Listing
from reconciler.model.faults import ReconcilerError, UsageWrong
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from reconciler.workflow.costs import Progress, silent
from reconciler.workflow.setup import Options, Setup, catalog, prepared

if TYPE_CHECKING:
    from reconciler.access import Question
    from reconciler.model.catalog import Catalog
    from reconciler.model.document import Desired
    from reconciler.model.live import Live
    from reconciler.workflow.asking import Asked


class NothingMeant(ReconcilerError):
    """A word of the question means nobody, or nothing, that was looked at."""

    exit_code = 1


def access(options: Options, question: Question, progress: Progress = silent) -> Listing:
    """Who can do what. With `manifests` nothing is read but files; else what the reading will cost is said
    beforehand. Raises ManifestInvalid, UsageWrong,
    RemoteFault, and NothingMeant."""
    import asyncio

    from reconciler.workflow import validate

    if question.asked == "manifests":
        return answered(question, validate(options), None, Recorded(), catalog())
    with prepared(options) as setup:
        return asyncio.run(looked_up(setup, question, progress))


async def looked_up(setup: Setup, question: Question, progress: Progress = silent) -> Listing:
    """As `access`, with what it works with at hand."""
    from reconciler.workflow.asking import opened
    from reconciler.workflow.places import check_places
    from reconciler.workflow.steps import read_live

    recorded = setup.recorded
    check_places(setup, recorded)
    async with opened(setup) as asked:
        live = await read_live(setup, recorded, asked, progress)
        live = await _introduced(setup, recorded, asked, live)
    return answered(question, setup.desired, live, recorded, setup.catalog)


async def _introduced(setup: Setup, recorded: Recorded, asked: Asked, live: Live) -> Live:
    """Live with everybody's address, where what was read for the manifests knows people by their ids alone: a plan
    has no use for those, an auditor has."""
    from reconciler import providers, read
    from reconciler.access import strangers
    from reconciler.wire.readonly import ReadOnly

    collections = dict(live.collections)
    for target, name in sorted(strangers(setup.desired, live, recorded, setup.catalog)):
        known = providers.for_import(setup.catalog, setup.providers[target])
        kind = known.kind(setup.providers[target], name)
        if kind.rest.list is not None and not kind.source:
            found, _ = await read.everything(target, [kind], known, ReadOnly(asked), {})
            collections |= {(target, n): there for n, there in found.items()}
    return replace(live, collections=collections)


def answered(
    question: Question, desired: Desired, live: Live | None, recorded: Recorded, known: Catalog
) -> Listing:
    """The listing. Raises NothingMeant with the nearest names, UsageWrong."""
    from reconciler.access import NobodyMeant, TooMany, listing
    from reconciler.load.nearest import did_you_mean, listed

    try:
        return listing(question, desired, live, recorded, known)
    except TooMany as error:
        raise UsageWrong(str(error), hint="ask for one person or group (--who), or object (--what)") from None
    except NobodyMeant as error:
        word = question.who if str(error).startswith("--who") else question.what
        hint = did_you_mean(word, error.choices, f"known: {listed(error.choices)}" if error.choices else "")
        raise NothingMeant(str(error), hint=hint) from None
