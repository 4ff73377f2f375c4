"""How long we wait for a server, how much we take from it, and how often we try."""

from __future__ import annotations

from reconciler.model.record import Record


class Limits(Record, frozen=True):
    """Times in seconds, sizes in bytes. A server may be slow, broken or hostile; none of it may take us along.

    `connect`: until a connection stands (TCP and TLS each). `read`: the longest silence before and in an answer.
    `answer`: the whole answer, from the moment the request leaves, however steadily the bytes drip. `idle`: how
    long an unused connection is kept; shorter than the five seconds after which common servers hang up, since a
    write that meets a hang-up is a write in doubt. `body`: a 2xx answer, unpacked. `error_body`: as much of an
    error as is read for its words.
    `depth` and `values`: nesting of the JSON and how many values it holds. `tries`: of a read, or of a connection,
    in all. `throttled_tries`: of a write that is answered 429. `backoff`: the first pause between tries; it
    doubles up to `backoff_cap`. `wait_cap`: the longest pause a server's `Retry-After` is granted. `wait_most`: a
    server that asks for more than this is given up.
    """

    connect: float = 5.0
    read: float = 30.0
    answer: float = 60.0
    idle: float = 3.0
    body: int = 64 * 2**20
    error_body: int = 64 * 2**10
    depth: int = 64
    values: int = 4_000_000
    tries: int = 5
    throttled_tries: int = 8
    backoff: float = 0.5
    backoff_cap: float = 20.0
    wait_cap: float = 120.0
    wait_most: float = 300.0


USUAL = Limits()
