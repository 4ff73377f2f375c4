"""A way to a twin that can be shut: nobody listens, the name leads nowhere, or the certificate is another one."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

WAYS: Final = ("refused", "name", "tls")
NAME: Final = "localhost"
SECONDS: Final = 10.0
CHUNK: Final = 65_536


@dataclass
class Door:
    """Hands every byte on to a twin, until it is shut; then every connection is cut, and no other can be made.
    `way`: `refused` (nobody listens), `name` (it does not resolve), `tls` (the certificate is another's)."""

    way: str
    url: str
    papers: tuple[Path, Path] | None = None
    others: tuple[Path, Path] | None = None
    port: int = 0
    open: bool = True
    _server: asyncio.Server | None = None
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def outside(self) -> str:
        """The base URL for the program."""
        scheme, host = ("https" if self.papers else "http"), NAME if self.way == "name" else "127.0.0.1"
        return f"{scheme}://{host}:{self.port}{urlsplit(self.url).path}"

    def shut(self) -> None:
        self.open = False
        self._do(self._shut())

    def begin(self) -> None:
        self._do(self._listen())

    def end(self) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self.way == "tls":
            self._cut()
        else:
            await self._close()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        self._cut()

    def _cut(self) -> None:
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, papers = urlsplit(self.url), self.papers if self.open else self.others
        try:
            if papers is not None:
                await writer.start_tls(_context(papers), ssl_handshake_timeout=SECONDS)
        except OSError:
            writer.transport.abort()  # whoever called does not like the certificate
            return
        inside, outside = await asyncio.open_connection(there.hostname, there.port)
        self._ends |= {writer, outside}
        await asyncio.gather(_pump(reader, outside), _pump(inside, writer))
        self._ends -= {writer, outside}

    def run(self) -> None:
        """The door's own thread."""
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()


@cache
def _context(papers: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*papers)
    return context


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes from one to the other, a reset as a reset."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        writer.close()
    except OSError:
        writer.transport.abort()


@contextmanager
def door(way: str, url: str, folder: Path) -> Iterator[Door]:
    """A door in front of a base URL; `folder`: for its certificates."""
    own = papers(folder, "own") if way == "tls" else None
    others = papers(folder, "others") if way == "tls" else None
    found = Door(way, url, own, others)
    thread = threading.Thread(target=found.run, name="door", daemon=True)
    thread.start()
    resolve = socket.getaddrinfo

    def names(host: Any, *more: Any, **words: Any) -> Any:
        if way == "name" and host in (NAME, NAME.encode()) and not found.open:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *more, **words)

    socket.getaddrinfo = names
    try:
        found.begin()
        yield found
    finally:
        socket.getaddrinfo = resolve
        found.end()
        thread.join(SECONDS)


def papers(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that vouches for itself and for 127.0.0.1, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    if not certificate.exists():
        openssl = shutil.which("openssl")
        assert openssl, "certificates are made with openssl"
        subprocess.run(
            [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", str(key), "-out", str(certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
    return certificate, key
