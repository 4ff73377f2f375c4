"""Whether a server has said more than it was asked: such a connection is not used again."""

from __future__ import annotations

import ssl
from operator import attrgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import httpx

# What httpx, httpcore and anyio keep to themselves; a place that is not there any more means "cannot be told".
CONNECTIONS: Final = attrgetter("_pool.connections")
BEHIND: Final = attrgetter("_connection._h11_state.trailing_data")
STREAM: Final = attrgetter("_stream")
QUEUE: Final = attrgetter("_protocol.read_queue")


def unread(connection: httpx.AsyncHTTPTransport, response: httpx.Response) -> bool:
    """Whether bytes lie behind the body that was read; the next answer would begin with them. True also where that
    cannot be told: then the connection is closed, which costs another one and nothing else.

    What waits in the socket is httpcore's own concern: it uses no connection that is readable. What was taken from
    there nobody else looks at: it lies with the end of the body, in a queue of its own, or is encrypted still.
    """
    try:
        [pooled] = CONNECTIONS(connection)
        behind, ended = BEHIND(pooled)
        outer = STREAM(response.extensions["network_stream"])
        queued = QUEUE(getattr(outer, "transport_stream", outer))
    except (AttributeError, ValueError):
        return True
    tls = response.extensions["network_stream"].get_extra_info("ssl_object")
    return bool(behind or ended or queued) or (tls is not None and _encrypted(tls))


def _encrypted(tls: ssl.SSLObject) -> bool:
    """Whether something lies behind the TLS record that was read last. Reading takes it out, which is of no
    matter: nobody will read on."""
    try:
        tls.read(1)
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError:
        return True
    return True
