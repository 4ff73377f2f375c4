"""What a text in an e-mail, date or date-time field must look like; strict, standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# No quotes and no backslash: neither API can be asked for such an address (OA-R17).
_EMAIL: Final = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?:{_LABEL}\.)+{_LABEL}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
LONGEST_ADDRESS: Final = 254


def is_email(text: str) -> bool:
    """One plain address: `local@domain.tld`, without a dot at either end of the local part or two in a row."""
    if len(text) > LONGEST_ADDRESS or not _EMAIL.fullmatch(text):
        return False
    local = text.rpartition("@")[0]
    return not (local.startswith(".") or local.endswith(".") or ".." in local)


def is_date(text: str) -> bool:
    """A day of the calendar as `2026-06-30`."""
    return bool(_DATE.fullmatch(text)) and _reads(date.fromisoformat, text)


def is_instant(text: str) -> bool:
    """A moment with its offset, as `2026-06-30T17:00:00Z`."""
    return bool(_INSTANT.fullmatch(text)) and _reads(datetime.fromisoformat, text)


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "email": is_email,
    "date": is_date,
    "date-time": is_instant,
}
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "email": ("an e-mail address", "write it as jane@example.com"),
    "date": ("a date", "write it as 2026-06-30"),
    "date-time": ("a moment", "write it as 2026-06-30T17:00:00Z"),
}
