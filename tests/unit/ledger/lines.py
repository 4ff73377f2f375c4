"""A line between us and the tests' server that can be cut just where it hurts most: around a COMMIT."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from reconciler.model.ledger_place import LedgerAccess, Server
from reconciler.model.record import replace

SECONDS = 20.0


class Line:
    """Hands on what comes, until `cut` is set: then the next COMMIT is the last thing on its connection. `before`:
    it never gets there; `after`: it gets there, its answer does not come back; `held`: it gets there when
    `release` is called, and until then the server believes that we are still at work."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._kept: list[socket.socket] = []
        self._late: tuple[socket.socket, bytes] | None = None
        self._deaf: set[socket.socket] = set()
        self._answered = threading.Event()
        self.cut = ""
        self.refusing = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        for one in (self._listener, *self._kept):
            hang_up(one)

    def release(self) -> None:
        """Let the COMMIT through that was held; returns when the server has answered."""
        assert self._late is not None
        end, data = self._late
        self._answered.clear()
        end.sendall(data)
        assert self._answered.wait(SECONDS)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                if self.refusing:
                    hang_up(ours)
                    continue
                theirs = socket.create_connection((self._server.host, self._server.port), SECONDS)
                self._kept += [ours, theirs]
                threading.Thread(target=self._out, args=(ours, theirs), daemon=True).start()
                threading.Thread(target=self._back, args=(theirs, ours), daemon=True).start()

    def _out(self, ours: socket.socket, theirs: socket.socket) -> None:
        with suppress(OSError):
            while data := ours.recv(65_536):
                if self.cut and b"COMMIT\0" in data:
                    self._end(ours, theirs, data)
                    return
                theirs.sendall(data)
        hang_up(theirs)

    def _end(self, ours: socket.socket, theirs: socket.socket, data: bytes) -> None:
        cut, self.cut = self.cut, ""
        self._deaf.add(theirs)
        if cut == "held":
            self._late = (theirs, data)
            hang_up(ours)
            return
        if cut == "after":
            self._answered.clear()
            theirs.sendall(data)
            self._answered.wait(SECONDS)
        hang_up(theirs)
        hang_up(ours)

    def _back(self, theirs: socket.socket, ours: socket.socket) -> None:
        with suppress(OSError):
            while data := theirs.recv(65_536):
                if theirs in self._deaf:
                    self._answered.set()
                else:
                    ours.sendall(data)
        hang_up(ours)


def hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def line_to(access: LedgerAccess) -> Iterator[tuple[Line, LedgerAccess]]:
    """A line, and the access that leads through it, in clear: the line has to see what goes by."""
    line = Line(access.server)
    try:
        through = replace(access.server, host="127.0.0.1", port=line.port)
        yield line, replace(access, server=through, sslmode="disable")
    finally:
        line.close()
