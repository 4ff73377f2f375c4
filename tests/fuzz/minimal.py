"""The least part of an input that still does the same."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

PATIENCE = 10.0
"""Seconds that one look at a part may take."""
MOST_SECONDS = 60.0


def minimal(data: bytes, same: Callable[[bytes], bool]) -> bytes:
    """Chunks are left out, ever smaller ones, as long as `same` holds: not the smallest of all, but small."""
    until, size = time.monotonic() + MOST_SECONDS, max(1, len(data) // 2)
    while size:
        at = 0
        while at < len(data):
            if time.monotonic() > until:
                return data
            less = data[:at] + data[at + size :]
            if less and apart(less, same):
                data = less
            else:
                at += size
        size //= 2
    return data


def apart(data: bytes, same: Callable[[bytes], bool]) -> bool:
    """The same question asked in a process of its own, which may hang or die: both are a yes."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(int(PATIENCE))
        answer = 1
        try:
            answer = 0 if same(data) else 1
        finally:
            os._exit(answer)
    _, status = os.waitpid(pid, 0)
    return status == 0 or os.WIFSIGNALED(status)
