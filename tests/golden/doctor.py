"""A set-up with something of everything, and an examination of an API: what the golden files of `doctor` show."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.call import Request
from reconciler.model.doctor import (
    CheckUp,
    Examination,
    Finding,
    Grade,
    Heard,
    Known,
    Probe,
    Sign,
    confirmed,
    refuted,
    untold,
)

HOSTILE = "x\x1b[31m\u202e<img src=x>|`@all`\n# y"


def check_up() -> CheckUp:
    return CheckUp(
        (
            Sign("python", Grade.OK, "3.12.4"),
            Sign(
                "manifests", Grade.FAIL, "3 errors in 2 files", "`reconciler validate` shows each with its place"
            ),
            Sign("analytics", Grade.OK, "https://acme.example.com:443/api, with the key from env RECONCILER_KEY"),
            Sign(
                "ledger",
                Grade.WARN,
                "2 creates in doubt: only a person can tell",
                "`reconciler resume` lists them",
            ),
            Sign("studio", Grade.FAIL, f"it is down: GET /api/health: answered 503: {HOSTILE}", "wait", far=True),
        ),
        ("analytics: GET /v1/labels", "studio: GET /api/health"),
    )


def _asks(known: Known, heard: Heard) -> Sequence[Request]:
    return ()


def _judge(known: Known, heard: Heard) -> Finding:
    return untold("")


def _probe(name: str, assumed: str, then: str) -> Probe:
    return Probe(name, assumed, then, _asks, _judge)


def examination() -> Examination:
    return Examination(
        "studio",
        "studio-tracker",
        (
            (
                _probe(
                    "ST-A1", "the team list is an array of objects with `id`, `name`, `slug`", "the kind stops"
                ),
                confirmed("12 teams of 12 with all of these fields"),
            ),
            (
                _probe("ST-A2", "members are embedded", 'membership is "not verifiable" (ST-R24)'),
                refuted("12 of 12 teams without a list of members"),
            ),
            (
                _probe("ST-A16", "health needs no key", "it is asked again"),
                untold("without the key it answered 503"),
            ),
        ),
        {"ST-A25": "it would take a workbook", "ST-A26": "it would take a workbook", "ST-A99": HOSTILE},
        ("studio: GET /api/client-teams", "studio: GET /api/health"),
    )
