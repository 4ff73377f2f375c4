"""Answers that are put away until somebody asks for them again, in less room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

import msgspec

from reconciler.model.record import Record

if TYPE_CHECKING:
    from reconciler.model.call import Request
    from reconciler.model.json import Json
    from reconciler.model.live import Replies


class Away(Record, frozen=True):
    """A body that is put away, as JSON in bytes. Whoever looks for anything in it finds that it is no answer."""

    data: bytes

    def body(self) -> Json:
        """As it was, in new objects."""
        return cast("Json", msgspec.json.decode(self.data))


def put_away(body: Json | Away) -> Json:
    """The body put away; as it is where it is by now, or holds half a character, which bytes cannot hold."""
    if isinstance(body, Away):
        return cast("Json", body)
    try:
        return cast("Json", Away(msgspec.json.encode(body)))
    except UnicodeEncodeError:
        return body


def there(body: Json | Away) -> Json:
    """The body. Raises TypeError where it is put away: whoever still looks into it said that it would not."""
    if isinstance(body, Away):
        raise TypeError("an answer that was put away is gone through once more")
    return body


def taken_out(body: Json | Away) -> Json:
    """A body whether or not it is put away."""
    return body.body() if isinstance(body, Away) else body


class Packed(Record, frozen=True):
    """Answers that are put away."""

    kept: Replies

    @classmethod
    def of(cls, replies: Replies) -> Self:
        return cls(tuple((request, put_away(body)) for request, body in replies))

    @property
    def requests(self) -> tuple[Request, ...]:
        return tuple(request for request, _ in self.kept)

    def replies(self) -> Replies:
        """As they were."""
        return tuple((request, taken_out(body)) for request, body in self.kept)
