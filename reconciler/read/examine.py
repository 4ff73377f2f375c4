"""Asking an API about our assumptions: each question once, one after the other, and only safe ones."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.call import Reader, Request
from reconciler.model.doctor import MOST_CALLS, Answer, Finding, Heard, Known, Probe, question
from reconciler.model.faults import ProviderUnreachable, RemoteFault, Unauthorised


async def examine(
    known: Known, probes: Sequence[Probe], reader: Reader
) -> tuple[list[tuple[Probe, Finding]], bool]:
    """What becomes of each probe's assumption, with at most `MOST_CALLS` questions in all; and whether something
    was asked, and nothing answered. Raises Unauthorised where the key is refused, and ProviderUnreachable: then
    nothing can be told of anything."""
    heard: dict[str, Answer] = {}
    while (request := _next(known, probes, heard)) is not None:
        heard[question(request)] = await answered(reader, request)
    silent = bool(heard) and not any(answer.good for answer in heard.values())
    return [(probe, probe.judge(known, Heard(heard))) for probe in probes], silent


def _next(known: Known, probes: Sequence[Probe], heard: dict[str, Answer]) -> Request | None:
    """The first question that nobody has asked yet."""
    if len(heard) >= MOST_CALLS:
        return None
    wanted = (r for probe in probes for r in probe.asks(known, Heard(heard)))
    return next((r for r in wanted if question(r) not in heard), None)


async def answered(reader: Reader, request: Request) -> Answer:
    """The answer, good or bad. One that is no answer of this API, or that says no with a 2xx, has status 0. Raises
    Unauthorised, but not of a request without the key, and ProviderUnreachable."""
    try:
        reply = await reader.read(request)
    except ProviderUnreachable:
        raise
    except RemoteFault as fault:
        if isinstance(fault, Unauthorised) and not request.keyless:
            raise
        return Answer(fault.status if fault.status >= 400 else 0)
    return Answer(reply.status, reply.body)
