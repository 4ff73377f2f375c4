"""Our own command with nothing told to a ledger and no answer looked at, to see what both cost. Only to measure:
`python -m benchmarks.untold apply --yes --ephemeral-ledger`."""

from __future__ import annotations

import sys
from typing import Any

from reconciler.apply import send
from reconciler.cli.app import run
from reconciler.ledger import Ledger


def nothing(*_: Any) -> None:
    """What is told here is told to nobody."""


def ours(*_: Any) -> bool:
    """Nobody else writes."""
    return True


def as_planned(*_: Any) -> list[str]:
    """Nothing differs."""
    return []


def main() -> None:
    ledger: Any = Ledger
    ledger.intend = ledger.conclude = ledger.bind = nothing
    ledger.holds = ours
    sending: Any = send
    sending.differences = as_planned
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
