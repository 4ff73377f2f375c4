"""Taking a credential out of a text, whichever way a server may have written it."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from reconciler.model.json import Json

STARS = "***"
_MET: set[str] = set()
_SHORT = 6  # below this an encoded form is so short that it would hit innocent words


def met(secret: str) -> None:
    """A secret that this process has come by. Nobody can ask for it: it is starred in the one message that nobody
    foresaw, that of a bug."""
    _MET.add(secret)


def forget() -> None:
    """Begin anew, as a process of its own would."""
    _MET.clear()


def without_any(text: str, more: Iterable[str] = ()) -> str:
    """The text with stars in place of every secret that this process has come by, and of more."""
    return Redaction((*_MET, *more)).clean(text)


class Redaction:
    """The ways in which some secrets can be written. Lives as long as one try, like the secrets. `sent`: those of
    them that stood in the body, which an answer may give back."""

    __slots__ = ("_secrets", "_sent")

    def __init__(self, secrets: Iterable[str], sent: Iterable[str] = ()) -> None:
        self._sent = tuple(sent)
        self._secrets = (*secrets, *self._sent)
        _MET.update(self._secrets)

    def clean(self, text: str) -> str:
        """The text with stars in place of the secrets. Cut a text only after this, or half a secret stays."""
        forms = {form for secret in self._secrets if secret for form in _forms(secret)}
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, STARS)
        return text

    def without(self, body: Json) -> Json:
        """The answer with stars in place of what was sent as a secret: what it shows may go into a record."""
        return _starred(body, self._sent) if self._sent else body


def _starred(value: Json, secrets: tuple[str, ...]) -> Json:
    if isinstance(value, dict):
        return {name: _starred(item, secrets) for name, item in value.items()}
    if isinstance(value, list):
        return [_starred(item, secrets) for item in value]
    if isinstance(value, str) and any(s == value or (len(s) >= _SHORT and s in value) for s in secrets):
        return STARS
    return value


def _forms(secret: str) -> Iterator[str]:
    yield secret
    if len(secret) < _SHORT:
        return
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield quoted
        yield _lower_hex(quoted)
    yield secret[::-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", "\\/")
    yield html.escape(secret)
    yield repr(secret)[1:-1]
    yield repr(secret.encode())[2:-1]
    yield secret.encode().hex()
    yield secret.encode().hex().upper()
    yield from _base64(secret.encode())


def _lower_hex(quoted: str) -> str:
    head, *rest = quoted.split("%")
    return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])


def _base64(raw: bytes) -> Iterator[str]:
    """Base64 of the secret on its own, and what is certain of it inside a longer text (`user:secret`)."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode()
        for shift in range(3):
            whole = encode(bytes(shift) + raw).decode().rstrip("=")
            first = (0, 2, 3)[shift]  # characters that also depend on what stands before the secret
            last = len(whole) - (1 if (shift + len(raw)) % 3 else 0)  # … and on what stands after it
            yield whole[first:last]
