"""What was asked of the twin, in the order it came: the oracle of every end-to-end test."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from reconciler.twins.core.multipart import parts
from reconciler.twins.core.values import Answer, Json, NotJson, Request

# A twin that serves for days forgets its oldest requests first.
KEPT = 100_000
# Shown as they are; every other header is left out, and a credential shows only that it was there.
PLAIN_HEADERS = frozenset(
    {"accept", "content-type", "content-length", "user-agent", "x-org-id", "idempotency-key"}
)
SECRET_HEADERS = frozenset({"authorization", "x-api-key", "x-omni-api-key", "cookie", "x-omg-signature"})
# Bodies of these types are JSON, which may be broken, or hold passwords: nothing is shown of them.
UNSHOWN = frozenset({"", "application/json", "application/x-www-form-urlencoded"})


@dataclass(slots=True)
class LogEntry:
    """One request. `path` and `query` are as sent, still percent-encoded; `call` is the method, and the path and
    query below the base path.

    `status` is what the twin answered, None while it works and for a connection it dropped; `changed` tells
    whether a write took effect, answered or not; `fault` names the fault that spoiled it. `time` is the twin's own
    clock, `at` seconds of a monotonic clock.
    """

    n: int
    time: str
    at: float
    method: str
    path: str
    query: str
    call: str
    headers: Mapping[str, str]
    body: Json
    write: bool
    status: int | None = None
    changed: bool = False
    fault: str | None = None

    def to_json(self) -> dict[str, Json]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


class RequestLog:
    """The requests since the twin began or the log was cleared, oldest first.

    `answers`: None, or a list that takes up each request with its answer, unless a fault spoiled it; clearing the
    log leaves it as it is.
    """

    def __init__(self) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=KEPT)
        self.answers: list[tuple[LogEntry, Answer]] | None = None

    def add(self, entry: LogEntry) -> None:
        self._entries.append(entry)

    def answered(self, entry: LogEntry, answer: Answer) -> None:
        """The request was answered like this."""
        entry.status = answer.status
        if self.answers is not None:
            self.answers.append((entry, answer))

    def clear(self) -> None:
        self._entries.clear()

    def writes(self) -> list[LogEntry]:
        """The requests that were no reads, refused ones included."""
        return [entry for entry in self._entries if entry.write]

    def calls(self) -> list[str]:
        """`POST /v1/labels`, `GET /v1/folders?pageSize=100` …: what was asked, below the base path."""
        return [entry.call for entry in self._entries]

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, position: int) -> LogEntry:
        return self._entries[position]


def shown_headers(request: Request) -> dict[str, str]:
    """The headers worth logging, with credentials replaced by `***`."""
    shown = {name: value for name, value in request.headers.items() if name in PLAIN_HEADERS}
    return shown | {name: "***" for name in request.headers if name in SECRET_HEADERS}


def shown_body(request: Request) -> Json:
    """The body if it is JSON; XML as text; of a form a list of its parts; else a record of its bytes; None for
    none, and for broken JSON.

    A record is `{"media", "bytes", "sha256"}`, `bytes` their number; a part has also its `name` and `filename`.
    """
    if not request.body:
        return None
    try:
        return request.json()
    except NotJson:
        pass
    if (form := parts(request)) is not None:
        return [
            {"name": part.name, "filename": part.filename, **_shown_bytes(part.media, part.content)}
            for part in form
        ]
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media.endswith(("/xml", "+xml")):
        return request.body.decode(errors="replace")
    return None if media in UNSHOWN else _shown_bytes(media, request.body)


def _shown_bytes(media: str | None, content: bytes) -> dict[str, Json]:
    return {"media": media, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
