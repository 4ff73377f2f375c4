"""Canaries: where the secrets of a history may stand, and where they were found besides."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

from reconciler.model.json import canonical
from tests.kept import plain
from tests.simulation.matched import Matched, Written
from tests.simulation.scenes import FILES, SECRETS
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
        yield from (f"{where} holds {_shown(s)}" for form, s in secrets.items() if form in text)
    carried = {id(w.exchange) for w in found.writes if _carries(w)}
    for one in told.trace.exchanges:
        said = one.content.decode("latin-1") if id(one) not in carried else ""
        plain = [v for k, v in one.headers.items() if k.lower() not in CREDENTIALS]
        text = "\n".join([one.call, said, *plain])
        yield from (f"{one.line()} carries {_shown(s)}" for form, s in secrets.items() if form in text)


def _carries(written: Written) -> bool:
    """Whether the plan shows a secret in the body of this very request."""
    plan = written.run.plan
    riders = [r for c in written.calls for r in (plan.riders(c.id) if plan else ())]
    return any("$secret" in json.dumps(c.body) for c in (*written.calls, *riders))


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
