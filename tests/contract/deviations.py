"""Where what is asked or answered is knowingly not what the published description of the API says.

Each has a reason that its own text, its examples or another rule of it gives, and a scene in which it still
occurs: one that does not any more is to be taken out (`test_described.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from reconciler.twins import OmniTwin
from tests.contract.described import Difference

Ask: TypeAlias = Callable[..., Any]
"""`ask(method, path, body)`: sends one request, as ours would look; the decoded answer."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """`operation` and `where` as in `Difference`; `text` is a pattern of its whole text. `rule`: the row of
    docs/apis/omni-analytics.md that it follows from. `scene`: makes it happen, on a fresh twin of `profile`."""

    operation: str
    where: str
    text: str
    why: str
    rule: str
    scene: Callable[[OmniTwin, Ask], None]
    profile: str = "plain"

    def explains(self, difference: Difference) -> bool:
        at = (difference.operation, difference.where)
        return at == (self.operation, self.where) and re.fullmatch(self.text, difference.text) is not None


def _alert(twin: OmniTwin, ask: Ask) -> None:
    identifier = twin.add_document("Sales", tiles=["1"])
    body = {
        "identifier": identifier,
        "name": "Watch",
        "schedule": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
        "destinationType": "webhook",
        "url": "https://hooks.example.com/in",
        "conditionType": "RESULTS_PRESENT",
        "conditionQueryMapKey": "1",
    }
    ask("POST", "/v1/schedules", body)
    for _ in range(2):  # the first list after a create may lack it
        ask("GET", "/v1/schedules")


DEVIATIONS: Final = (
    Deviation(
        "listSchedules",
        "answer",
        r"200: /records/\*/alert: .* is not of types .*",
        "the schema says text or null, the reference's own example shows an object",
        "OA-P22",
        _alert,
        "adversarial",
    ),
)


def unexplained(differences: Iterable[Difference]) -> list[str]:
    """Those that no deviation explains."""
    return [str(d) for d in differences if not any(one.explains(d) for one in DEVIATIONS)]
