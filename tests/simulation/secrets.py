"""Canaries: where the secrets of a history may stand, and where they were found besides."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from reconciler.model.json import canonical
from tests.kept import plain
from tests.simulation.matched import Matched
from tests.simulation.scenes import FILES, SECRETS
from tests.simulation.trace import Exchange
from tests.simulation.trial import History

SHORT = 8
"""A shorter text may stand anywhere by accident."""
CREDENTIALS = frozenset({"authorization", "x-api-key", "x-omni-api-key", "cookie"})


def canaries(told: History) -> list[str]:
    """Keys, passwords, and every value that was shown once."""
    found = {*told.keys, *(FILES[name].decode() for name in SECRETS), *told.kept.values()}
    return sorted(s for s in found if len(s) >= SHORT)


def leaks(told: History, found: Matched) -> Iterator[str]:
    secrets = {form: s for s in canaries(told) for form in _forms(s)}
    for where, text in _texts(told):
        yield from (f"{where} holds {_shown(s)}" for s in _held(text, secrets))
    for one in told.trace.exchanges:
        headers = [v for k, v in one.headers.items() if k.lower() not in CREDENTIALS]
        carried = _held("\n".join([one.call, *headers]), secrets)
        if within := _held(one.content.decode("latin-1"), secrets):
            carried |= within - _meant(one, found)
        yield from (f"{one.line()} carries {_shown(s)}" for s in sorted(carried))


def _held(text: str, secrets: Mapping[str, str]) -> set[str]:
    return {s for form, s in secrets.items() if form in text}


def _meant(one: Exchange, found: Matched) -> set[str]:
    """The secrets that the plan shows in the body of this very request, whether it ever arrived or not."""
    plan, calls = found.run(one).plan, found.calls(one)
    riders = [r for c in calls for r in (plan.riders(c.id) if plan else ())]
    return {s for c in (*calls, *riders) for s in _named(c.body)}


def _named(body: object) -> Iterator[str]:
    """The values of the references to secrets in a planned body."""
    if isinstance(body, Mapping):
        reference = body.get("$secret")
        if isinstance(reference, Mapping) and (path := str(reference["fromFile"])) in FILES:
            yield FILES[path].decode()
        body = [*body.values()]
    for inner in body if isinstance(body, list | tuple) else ():
        yield from _named(inner)


def _texts(told: History) -> Iterator[tuple[str, str]]:
    """Whatever outlives a run, or is shown to people."""
    for append in told.trace.appends:
        yield f"ledger event {append.event.seq}", append.event.body
    for run in told.trace.runs:
        yield f"{run.process}'s plan and progress", "\n".join(run.said)
        yield f"{run.process}'s error", f"{run.error} {run.error.hint}" if run.error else ""
        yield f"{run.process}'s report", canonical(plain(run.report)) if run.report else ""


def _forms(secret: str) -> set[str]:
    return {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), base64.b64encode(secret.encode()).decode()}


def _shown(secret: str) -> str:
    return f"a secret of {len(secret)} characters that begins with {secret[:3]}"
