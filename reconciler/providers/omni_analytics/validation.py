"""What a validation of a model says: its errors, and nothing of what it merely warns about (OA-R166)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.catalog import Verdict
from reconciler.model.change import Value
from reconciler.model.document import Address
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Phase, Role
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS

WARNINGS: Final = ("warning", "info", "hint")


def validation(kind: Kind, address: Address, model: Value, label: str, before: frozenset[str]) -> Call:
    """One look at a model when all of `before` has ended: an error makes the apply fail, and undoes nothing."""
    method, path = ENDPOINTS["validateModel"].split(" ", 1)
    return Call(
        id=f"{address}#validate",
        target=address.target,
        kind=kind.name,
        address=address,
        method=method,
        path=path,
        args={"modelId": model},
        role=Role.GATE,
        phase=Phase.REMOVE,
        summary=f"validate {label}",
        follows=before,
    )


def verdicts(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    carrier: Call,
    riders: Sequence[Call],  # noqa: ARG001 - the verb's shape
    body: Json,
) -> Mapping[str, Verdict]:
    """One refusal per error, in the words of the server, with its place. Both editions' answers are read: a list
    of `{message, is_warning, yaml_path}`, and `{valid, issues}`."""
    found = [Verdict(False, text) for text in errors(body)]
    return {f"{carrier.id}:{i}": verdict for i, verdict in enumerate(found)}


def errors(body: Json) -> Iterator[str]:
    """The errors of an answer. One of another shape has none, unless it says that the model is not valid."""
    issues = body if isinstance(body, list) else pick(body, "/issues")
    told = 0
    for issue in issues if isinstance(issues, list) else []:
        if not _warns(issue):
            told += 1
            yield _said(issue)
    if not told and pick(body, "/valid") is False:
        yield "the model is not valid; the answer does not say why"


def _warns(issue: Json) -> bool:
    severity = pick(issue, "/severity")
    return pick(issue, "/is_warning") is True or (isinstance(severity, str) and severity.casefold() in WARNINGS)


def _said(issue: Json) -> str:
    texts = [v for at in ("/yaml_path", "/view", "/field") if isinstance(v := pick(issue, at), str) and v]
    message = pick(issue, "/message")
    where = f"{' '.join(texts)}: " if texts else ""
    return where + (message if isinstance(message, str) and message else "an error without a message")
