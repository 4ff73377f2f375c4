"""Getting httpx, as late and as lean as can be, and the TLS context that verifies."""

from __future__ import annotations

import logging
import ssl
import sys
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import cast

_TALKATIVE = ("httpx", "httpcore", "httpcore.connection", "httpcore.http11")


def load_httpx() -> ModuleType:
    """httpx without its command line, which drags in click and rich wherever they are installed.

    httpx itself goes on where that part cannot be imported; `None` in `sys.modules` is Python's way to say so. The
    entry is taken out again at once. Where sniffio is not installed, httpcore looks for it in every folder again
    and again, which makes a request half as dear again: there such an entry stays, and says what is true.

    What httpx and httpcore log is silenced: their debug lines print headers as they came, and a server may send a
    credential back.
    """
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    if "httpx" not in modules:
        modules["httpx._main"] = None
        try:
            import httpx
        finally:
            del modules["httpx._main"]
    import httpx

    if find_spec("sniffio") is None:
        modules["sniffio"] = None

    for name in _TALKATIVE:
        logging.getLogger(name).disabled = True
    return httpx


@cache
def tls(ca_file: str | None) -> ssl.SSLContext:
    """A context that verifies host and chain, against the operator's CA file alone if there is one. Built once:
    it costs more than a hundred requests. Raises OSError where the file cannot be read or holds no certificate."""
    if ca_file is not None:
        return ssl.create_default_context(cafile=ca_file)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


@cache
def no_tls() -> ssl.SSLContext:
    """For http:// towards loopback: costs nothing to build, and trusts nobody should it ever be used."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
