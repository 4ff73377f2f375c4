"""Real answers made hostile: bytes, words, values, frames, sizes; and answers that lie about themselves."""

# ruff: noqa: E501 - rows of a table

from __future__ import annotations

import dataclasses
import gzip
import json
import random
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from reconciler.model.record import replace
from reconciler.wire.line import Answer
from tests.fuzz import shaped, xmlwise
from tests.fuzz.bytewise import BYTES, TOKENS, changed

MIB = 1 << 20
EVIL = "http://127.0.0.1:9/evil"
COUNTERS = ("totalRecords", "totalResults", "total", "totalElements", "count", "totalCount")


@dataclass(frozen=True, slots=True)
class Spoilt:
    """`lies`: it says of itself what is not so, and can be seen to; nothing may be done on its word."""

    answer: Answer
    how: str
    lies: bool = False


Way: TypeAlias = "Callable[[Answer, random.Random, Sequence[bytes]], Spoilt | None]"
"""(answer, chance, bodies of other answers) -> what becomes of it; None: this way does nothing to it."""


def spoilt(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt:
    """The answer in one of all ways; damaged bytes where the way that was drawn does nothing to it."""
    [way] = rng.choices(list(WAYS), list(WAYS.values()))
    return way(answer, rng, others) or _bytes(answer, rng, others)


def _bytes(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt:
    return Spoilt(replace(answer, body=changed(answer.body or b" ", rng, BYTES)), "bytes")


def _tokens(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt:
    return Spoilt(replace(answer, body=changed(answer.body or b" ", rng, TOKENS)), "words")


def _values(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt | None:
    if answer.body.lstrip()[:1] == b"<":
        return Spoilt(replace(answer, body=xmlwise.changed(answer.body, rng)), "elements")
    found = _json(answer)
    return None if found is _NONE else _written(answer, shaped.changed(found, rng), "values")


def _other(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt | None:
    """What another question was answered with."""
    return Spoilt(replace(answer, body=rng.choice(others)), "another answer") if others else None


def _frame(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt:
    """What stands around a body."""
    made: Answer = rng.choice(FRAMES)(answer, rng)
    return Spoilt(made, "frame")


def _giant(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt:
    if answer.body.lstrip()[:1] == b"<":
        return Spoilt(replace(answer, body=rng.choice(xmlwise.GIANTS)()), "giant")
    found = _json(answer)
    items = _first_list(found)
    if items and rng.random() < 0.3:
        many = items * (20_000 // len(items))
        return _written(answer, _with_first_list(found, many), "giant")
    return Spoilt(replace(answer, body=rng.choice(GIANTS)()), "giant")


def _total(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt | None:
    """A count that does not fit what is counted."""
    found = re.findall(rb'"(%s)":(\d+)' % b"|".join(c.encode() for c in COUNTERS), answer.body)
    if not found or answer.status != 200:
        return None
    name, number = rng.choice(found)
    wrong = int(number) + rng.choice((1, 2, 100, 10**6, 10**30))
    body = answer.body.replace(b'"%s":%s' % (name, number), b'"%s":%d' % (name, wrong))
    return Spoilt(replace(answer, body=body), "a total that lies", name in (b"totalRecords", b"totalResults"))


def _fewer(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt | None:
    """A record left out, and still counted."""
    found = _json(answer)
    items = _first_list(found)
    if not items or not isinstance(found, dict) or not _counted(found):
        return None
    at = rng.randrange(len(items))
    return dataclasses.replace(
        _written(answer, _with_first_list(found, [*items[:at], *items[at + 1 :]]), "a record left out"), lies=True
    )


def _twice(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt | None:
    """A record in the place of another."""
    found = _json(answer)
    items = _first_list(found)
    if len(items) < 2 or not isinstance(found, dict) or not _counted(found):
        return None
    one, other = rng.sample(range(len(items)), 2)
    again = [items[one] if n == other else item for n, item in enumerate(items)]
    return dataclasses.replace(_written(answer, _with_first_list(found, again), "a record twice"), lies=True)


def _endless(answer: Answer, rng: random.Random, others: Sequence[bytes]) -> Spoilt | None:
    """A page that another one always follows: the same, or one of a new name each time."""
    found = _json(answer)
    info = found.get("pageInfo") if isinstance(found, dict) else None
    if not isinstance(info, dict):
        return None
    cursor = rng.choice(("again", "1", "../..", "x" * 3_000, 1))
    return dataclasses.replace(
        _written(answer, {**found, "pageInfo": {**info, "hasNextPage": True, "nextCursor": cursor}}, "a loop"),
        lies=True,
    )


def _counted(found: Mapping[str, Any]) -> bool:
    info = found.get("pageInfo")
    return "totalResults" in found or (isinstance(info, dict) and "totalRecords" in info)


_NONE = object()


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return _NONE


def _first_list(found: Any) -> list[Any]:
    if isinstance(found, list):
        return found
    values = found.values() if isinstance(found, dict) else ()
    return next((v for v in values if isinstance(v, list)), [])


def _with_first_list(found: Any, items: list[Any]) -> Any:
    if isinstance(found, list):
        return items
    name = next(n for n, v in found.items() if isinstance(v, list))
    return {**found, name: items}


def _written(answer: Answer, value: Any, how: str) -> Spoilt:
    return Spoilt(replace(answer, body=json.dumps(value, separators=(",", ":")).encode()), how)


def _headed(answer: Answer, **headers: str) -> Answer:
    return replace(answer, headers={**answer.headers, **{n.replace("_", "-"): v for n, v in headers.items()}})


def _bomb() -> bytes:
    """65 MiB of blanks, packed."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join(pack.compress(b" " * MIB) for _ in range(65)) + pack.flush()


def _links(answer: Answer, rng: random.Random) -> Answer:
    """Ways to another host, in a header and in the body."""
    linked = _headed(answer, link=f'<{EVIL}>; rel="next"', location=EVIL, refresh=f"0; url={EVIL}")
    found = _json(answer)
    if not isinstance(found, dict):
        return linked
    ways = {"next": EVIL, "nextPage": EVIL, "@odata.nextLink": EVIL, "links": {"next": EVIL}, "$ref": EVIL}
    return replace(linked, body=json.dumps({**found, **ways}).encode())


FRAMES: Sequence[Callable[[Answer, random.Random], Answer]] = (
    lambda a, r: replace(a, status=r.choice((200, 201, 202, 203, 204, 205, 206, 226, 299))),
    lambda a, r: _headed(replace(a, status=r.choice((300, 301, 302, 303, 304, 307, 308, 399))), location=EVIL),
    lambda a, r: replace(a, status=r.choice((100, 101, 199, 0, 600, 999))),
    lambda a, r: replace(a, status=r.choice((400, 402, 403, 404, 405, 406, 409, 410, 412, 413, 418, 422, 423, 451))),
    lambda a, r: replace(a, status=r.choice((500, 501, 502, 503, 504, 507, 520, 599))),
    lambda a, r: _headed(a, content_type=r.choice(("text/html", "", "text/plain", "application/octet-stream", ";;;"))),
    lambda a, r: _headed(a, content_type=r.choice(("application/xml", "application/json", "application/x+json"))),
    lambda a, r: _headed(a, content_type=f"application/json; charset={r.choice(('utf-16', 'latin-1', '', 'utf-7'))}"),
    lambda a, _: _headed(replace(a, body=gzip.compress(a.body, 1, mtime=0)), content_encoding="gzip"),
    lambda a, r: _headed(replace(a, body=changed(gzip.compress(a.body, 1, mtime=0), r, BYTES)), content_encoding="gzip"),
    lambda a, _: _headed(replace(a, body=gzip.compress(gzip.compress(a.body, 1, mtime=0), 1, mtime=0)), content_encoding="gzip"),
    lambda a, r: _headed(a, content_encoding=r.choice(("br", "deflate", "zstd", "gzip, gzip", "gzip", "x"))),
    lambda a, r: replace(a, body=a.body.decode("utf-8", "replace").encode(r.choice(("utf-16", "utf-32", "utf-8-sig")))),
    lambda a, r: replace(a, body=r.choice((b"", b" ", b"null", b"true", b"0", b'""', b"[]", b"{}", b"\x00", b"<a/>"))),
    lambda a, r: replace(a, body=a.body + r.choice((b"\n", b"x", b"{}", b"\x00", a.body))),
    lambda a, _: replace(a, body=b"<!DOCTYPE html><html><body>Sign in</body></html>", headers={"content-type": "text/html"}),
    _links,
)  # fmt: skip
GIANTS: Sequence[Callable[[], bytes]] = (
    lambda: b"[" * 200_000, lambda: b'{"a":' * 200_000, lambda: b"[" * 5_000 + b"]" * 5_000,
    lambda: b"9" * 100_000, lambda: b'{"id":' + b"9" * 5_000 + b"}", lambda: b'["' + b"x" * (2 * MIB) + b'"]',
    lambda: b"[" + b"0," * 300_000 + b"0]", lambda: b"[" + b"{}," * 100_000 + b"{}]", lambda: b" " * (8 * MIB),
    lambda: b'{"a":1e999}', lambda: b'{"a":-Infinity}', lambda: b'{"a":NaN}', lambda: b'"\\ud800"',
)  # fmt: skip
WAYS: Mapping[Way, float] = {
    _bytes: 20, _tokens: 14, _values: 38, _other: 5, _frame: 9, _giant: 0.4, _total: 4, _fewer: 4, _twice: 4, _endless: 2,
}  # fmt: skip
