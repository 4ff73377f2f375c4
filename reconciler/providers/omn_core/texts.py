"""Which texts the server keeps as they are (OC-R20)."""

from __future__ import annotations

import re
from typing import Final

_UNCARRIED: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry."""


def amiss(text: str) -> str:
    """What is wrong with a text of one line, as the end of a sentence; empty where nothing is."""
    if not text or text != text.strip():
        return "is empty, or has a blank at its beginning or end; take it away"
    if len(text.splitlines()) > 1:
        return "has a line break; write it in one line"
    return uncarried(text)


def uncarried(text: str) -> str:
    """The same of a text that may have any number of lines, and blanks wherever it likes."""
    return "has a character that XML cannot carry; take it away" if _UNCARRIED.search(text) else ""
