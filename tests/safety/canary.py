"""Secrets that sing when they are let out: values of every sort, and every way in which they could be written."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, quote_plus

PEM = """-----BEGIN PRIVATE KEY-----
MIICdgIBADANBgkqhkiGcanaryAQEFAASCAmAwggJcAgEAAoGB
AL8x5+/Q0==cAnArY
-----END PRIVATE KEY-----"""
KEYS = {
    "analytics": "omni_canary-4f1c7a0e9b2d",
    "studio": "st-canary+slash/and=equals==",
    "core": "Y2FuYXJ5LXRva2VuLWZvci1jb3JlLTAx",
    "cms": "canary%20percent%2Fand&amp;more?x=1#y",
    "platform": "canary\"quotes'and\\back`ticks`",
}
"""The credential of each target: all that a header can hold."""
VARIABLES = {
    "SHOP_PASSWORD": "canary-Pässwörd-Ω-42",
    "APP_PASSWORD": "canary \"quoted\" <b>12</b> & 'single'",
    "SHORT_SECRET": "c4nRy",
    "HOOK_PASSWORD": "canary\t tab and  blanks 34",
    "BIDI_PASSWORD": "canary\u202eesrever\u202c56",
    "URL_PASSWORD": "https://canary:pa%24%24@db.example.com/?a=b&c=d+e",
    "EMOJI_PASSWORD": "canary-\U0001f426-\U0001f512-78",
    "JSON_PASSWORD": '{"canary": ["in", "json", 90]}',
    "LONG_PASSWORD": "canary" + "0123456789abcdef" * 8,
}
"""What manifests name by environment variable."""
FILES = {
    "keys/pem": PEM,
    "keys/xml": "canary]]></a><!-- &#x41; 12 -->",
    "keys/hex": "0xcanary00deadbeefcafe17",
}
"""What manifests name by file."""
SHORTEST = 6
"""Shorter ones are looked for as they are alone: encoded they would be three letters that any word has."""


def forms(secret: str) -> set[str]:
    """The secret, and each way to write it down that a server, a serialiser or a log is likely to use."""
    if len(secret) < SHORTEST:
        return {secret}
    raw = secret.encode()
    escaped = json.dumps(secret)[1:-1]
    found = {
        secret,
        secret[::-1],
        escaped,
        escaped.replace("/", "\\/"),
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        repr(raw)[2:-1],
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        html.escape(secret),
        raw.hex(),
        raw.hex().upper(),
    }
    found |= {encode(raw).decode().rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode)}
    found |= {line for line in secret.split("\n") if "canary" in line.lower()}
    return found


@dataclass(frozen=True, slots=True)
class Canaries:
    """All that must stay where it is, by name."""

    secrets: dict[str, str]

    def found(self, text: str) -> list[str]:
        """Which of them a text holds. How it is wrapped and indented makes no difference."""
        bare = "".join(text.split())
        return [n for n, s in self.secrets.items() if any(f in text or b in bare for f, b in _sought(s))]

    def also(self, more: Iterable[tuple[str, str]]) -> Canaries:
        return Canaries({**self.secrets, **dict(more)})


@cache
def _sought(secret: str) -> tuple[tuple[str, str], ...]:
    """Each form, and the same without blanks."""
    return tuple((form, "".join(form.split())) for form in forms(secret))


def planted() -> Canaries:
    return Canaries({**{f"key of {n}": k for n, k in KEYS.items()}, **VARIABLES, **FILES})


def written(secret: str) -> Iterator[str]:
    """Some of the forms, as a server may echo them."""
    yield from (secret, json.dumps(secret), quote(secret), base64.b64encode(secret.encode()).decode())
    yield from (secret.encode().hex(), html.escape(secret), secret[::-1])
