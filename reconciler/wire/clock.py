"""The real clock."""

from __future__ import annotations

import asyncio
import time

from reconciler.model.clock import Clock


def real_clock() -> Clock:
    """Time as it passes. `now` is monotonic: setting the machine's clock moves only `wall`."""
    return Clock(now=time.monotonic, wall=time.time, sleep=asyncio.sleep)
