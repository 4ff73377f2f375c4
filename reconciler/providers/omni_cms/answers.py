"""What answers of this API have in common: integer ids, the list of spaces."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.json import Json, pick
from reconciler.model.live import Replies

SPACES = "GET /space/all"
SPACES_AT = SPACES.split(" ", 1)[1]


def text_id(value: object) -> str:
    """An id as we keep it. Raises ValueError for what is no integer."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a record has no usable id")  # noqa: TRY004
    return str(value)


def number(value: Json) -> Json:
    """An id as the API wants it in a body; one that is yet to come stays as it is."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def spaces(replies: Replies) -> Iterator[tuple[str, str]]:
    """(id, name) of every space that the list shows (CM-R9). Raises ValueError on an answer of another shape."""
    for request, body in replies:
        if request.path != SPACES_AT:
            continue
        items = pick(body, "/spaces")
        if not isinstance(items, list):
            raise ValueError("the answer holds no list of spaces")  # noqa: TRY004
        for item in items:
            name = pick(item, "/name")
            if not isinstance(name, str):
                raise ValueError("a space has no name")  # noqa: TRY004
            yield text_id(pick(item, "/id")), name
