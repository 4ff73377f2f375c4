"""Names made fit for an address."""

from __future__ import annotations

import re


def slugify(name: str) -> str:
    """Lower-case; each run outside `[a-z0-9]` becomes `-`; no `-` at either end. May be empty."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
