"""JSON from a server we do not trust: one meaning or none; and what a provider's codec makes of other forms."""

from __future__ import annotations

import json
import math
from collections import Counter
from itertools import chain
from typing import NoReturn

import msgspec

from reconciler.model.call import Request
from reconciler.model.catalog import Provider
from reconciler.model.json import ABSENT, Json, Missing
from reconciler.wire.body import Unusable
from reconciler.wire.limits import Limits

_BOXES = frozenset((dict, list))
_BLANKS = b" \t\r\n"
_BEGINNINGS = (b",", b"[", b"{")
_TAIL = 6  # `\u12` and `fals` are cut this close before the end, and the parser points at their start


def decoded(
    request: Request, provider: Provider, header: str, raw: bytes, limits: Limits, status: int = 200
) -> Json:
    """The value of a body, 2xx or error; `header`: its Content-Type. None for nothing, or only blanks where a
    notation is to be read and nothing may be an answer. Raises Unusable for what the API does not give, and for
    more or deeper values than the limits allow, whatever its form."""
    in_words = provider.decode is None or not header or "json" in header.lower() or "xml" in header.lower()
    if not raw or (in_words and not raw.strip()):
        if not provider.silent(request, status):
            raise Unusable("answered nothing, where every answer has a body")
        return None
    if provider.decode is None:
        check_type(header)
        return parse(raw, limits)
    try:
        value = provider.decode(request, header, raw)
    except RecursionError:
        raise _too_deep(limits) from None
    except ValueError as error:
        raise Unusable(str(error)) from None
    if isinstance(value, Missing):
        check_type(header)
        return parse(raw, limits)
    _check_depth(value, limits)
    return value


def check_type(header: str) -> None:
    """Raises Unusable unless a Content-Type says JSON in UTF-8."""
    media, *parameters = (part.strip().lower() for part in header.split(";"))
    if media in ("text/html", "application/xhtml+xml"):
        raise Unusable("answered HTML, not JSON: is the base URL right?")
    if media != "application/json" and not media.endswith("+json"):
        raise Unusable(f"answered {ascii(media[:60])[1:-1] or 'without a content type'}, not JSON")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(" \"'") not in ("utf-8", "utf8", "us-ascii"):
            raise Unusable("answered JSON that is not in UTF-8")


def parse(raw: bytes, limits: Limits) -> Json:
    """The value; None for nothing but blanks. Raises Unusable.

    Refused: what is not JSON, NaN and infinities, a key that stands twice in one object (two readers would see
    two things), nesting and number of values beyond the limits, a number longer than Python converts.
    """
    if not raw.strip():
        return None
    if len(raw) > limits.values and sum(map(raw.count, _BEGINNINGS)) > limits.values:  # there is one byte for each
        raise _too_many(limits)
    found = _quickly(raw, limits)
    return _thoroughly(raw, limits) if isinstance(found, Missing) else found


def _quickly(raw: bytes, limits: Limits) -> Json | Missing:
    """The value, without a look at each pair; ABSENT where anything might be wrong with it. No key stands twice
    where as many pairs came out as there are ends of a text before a colon: every key is one, whatever else is."""
    try:
        value: Json = msgspec.json.decode(raw)
        pairs = _measured(value, limits)
    except (msgspec.MsgspecError, ValueError, RecursionError, Unusable):  # the thorough way says what is wrong
        return ABSENT
    return value if pairs == raw.translate(None, _BLANKS).count(b'":') else ABSENT


def _thoroughly(raw: bytes, limits: Limits) -> Json:
    text = _text(raw)
    try:
        value: Json = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        near_end = len(text.rstrip()) - error.pos < _TAIL and error.msg != "Extra data"
        cut = near_end or error.msg.startswith("Unterminated")
        raise Unusable(f"it is not JSON: {error.msg} at character {error.pos}", cut=cut) from None
    except RecursionError:
        raise _too_deep(limits) from None
    except ValueError:
        raise Unusable("it holds a number that is too long") from None
    _check_depth(value, limits)
    return value


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable("it is not in UTF-8", cut=error.reason == "unexpected end of data") from None


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Unusable(f"the key {twice[:60]!a} stands twice in one object")
    return found


def _no_constant(word: str) -> NoReturn:
    raise Unusable(f"it holds {word}, which is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise Unusable("it holds a number that is too large")
    return number


def _too_deep(limits: Limits) -> Unusable:
    return Unusable(f"it is nested deeper than {limits.depth} levels")


def _too_many(limits: Limits) -> Unusable:
    return Unusable(f"it holds more than {limits.values:,} values")


def _check_depth(value: Json, limits: Limits) -> None:
    _measured(value, limits)


def _measured(value: Json, limits: Limits) -> int:
    """How many names its objects have together. Raises Unusable for more or deeper values than there may be."""
    level: list[Json] = [value]
    seen = pairs = 0
    for _ in range(limits.depth + 1):
        dicts = [box for box in level if isinstance(box, dict)]
        lists = [box for box in level if isinstance(box, list)] if len(dicts) < len(level) else []
        if not dicts and not lists:
            return pairs
        pairs += sum(map(len, dicts))
        seen += sum(map(len, lists))
        if seen + pairs > limits.values:
            raise _too_many(limits)
        level = [child for child in chain(*map(dict.values, dicts), *lists) if type(child) in _BOXES]
    raise _too_deep(limits)
