"""What came of one try: a reply, or which of our faults."""

from __future__ import annotations

from urllib.parse import urlsplit

from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Provider
from reconciler.model.faults import (
    AnswerInvalid,
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    RemoteFault,
    Unauthorised,
)
from reconciler.model.json import Json
from reconciler.model.record import Record
from reconciler.wire.body import Broken, Unusable
from reconciler.wire.decode import decoded
from reconciler.wire.limits import Limits
from reconciler.wire.line import Answer, Unsent
from reconciler.wire.redact import Redaction
from reconciler.wire.retry import THROTTLED, Failure, asked
from reconciler.wire.url import Base

LONGEST_MESSAGE = 500
LONGEST_CODE = 100
_BASE_URL_HINT = "is the base URL right?"


class Judge(Record, frozen=True):
    """Judges one try. `redaction` knows the credential of this very try and the secrets in its body; `source` says
    where the credential came from."""

    request: Request
    provider: Provider
    base: Base
    source: str
    limits: Limits
    redaction: Redaction

    def unsent(self, error: Unsent) -> Failure:
        """No connection was made."""
        place = f"; it is configured beside the credential from {self.source}" if self.source else ""
        hint = f"is {self.base.origin} the right host, and can this machine reach it{place}?"
        fault = self._fault(ProviderUnreachable, f"no connection to {self.base.host}: {error}", hint=hint)
        return Failure(fault, final=error.final)

    def broken(self, error: Broken) -> Failure:
        """It was sent, and nobody knows what became of it."""
        return Failure(self._fault(AnswerLost, str(error)))

    def unusable(self, error: Unusable, status: int = 0) -> Failure:
        """It was answered with something that the API does not give."""
        return Failure(self._fault(AnswerInvalid, str(error), status), cut=error.cut)

    def answer(self, answer: Answer, wall: float) -> Reply | Failure:
        """`wall`: seconds since 1970, for a Retry-After that is a date."""
        match answer.status // 100:
            case 2:
                return self._reply(answer)
            case 3:
                return Failure(self._redirect(answer))
            case 4 | 5:
                return self._refusal(answer, wall)
            case _:
                fault = self._fault(AnswerInvalid, f"answered {answer.status}, which is no end", answer.status)
                return Failure(fault)

    def _reply(self, answer: Answer) -> Reply | Failure:
        """A 2xx: what it holds, unless that says no all the same."""
        try:
            body = self._decoded(answer)
        except Unusable as error:
            return self.unusable(error, answer.status)
        words = self.provider.message(body)
        if self.provider.errs(body):
            text = f"answered {answer.status} with an error: {words}"
            return Failure(self._fault(AnswerInvalid, text, answer.status, code=self.provider.code(body)))
        if self.provider.refuses(body):
            text = f"answered {answer.status}, and it says no" + (f": {words}" if words else "")
            return Failure(self._fault(ProviderRefused, text, answer.status, code=self.provider.code(body)))
        return Reply(answer.status, self.redaction.without(body), answer.headers)

    def _decoded(self, answer: Answer) -> Json:
        """Raises Unusable."""
        header = answer.headers.get("content-type", "")
        return decoded(self.request, self.provider, header, answer.body, self.limits, answer.status)

    def _redirect(self, answer: Answer) -> RemoteFault:
        host = _host(answer.headers.get("location", ""))
        text = f"answered {answer.status}, a redirect to {host}, which is never followed"
        return self._fault(AnswerInvalid, text, answer.status, hint=_BASE_URL_HINT)

    def _refusal(self, answer: Answer, wall: float) -> Failure:
        words, code = self._words(answer)
        text = f"answered {answer.status}" + (f": {words}" if words else "")
        wait = asked(answer.headers, wall) if answer.status in (THROTTLED, 503) else None
        too_long = wait is not None and wait > self.limits.wait_most
        if too_long:
            text += f" (it asks to wait {_span(wait or 0)}, more than the {self.limits.wait_most:g} s we wait)"
        hint, kind = "", ProviderRefused if answer.status < 500 else ProviderFailed
        if answer.status in self.provider.stops:
            kind = Unauthorised
        if answer.status == 401:
            origin = f" from {self.source}" if self.source else ""
            hint = f"{self.base.host} does not accept the {self.provider.credential}{origin}"
        return Failure(self._fault(kind, text, answer.status, hint=hint, code=code), asked=wait, final=too_long)

    def _words(self, answer: Answer) -> tuple[str, str]:
        """The server's own words, and its name for the mistake, if it has any."""
        if not answer.body.strip():
            return "", ""
        try:
            body = self._decoded(answer)
        except Unusable as error:
            plain = answer.headers.get("content-type", "").lower().startswith("text/plain")
            return answer.body.decode("utf-8", "replace").strip() if plain else str(error), ""
        return self.provider.message(body), self.provider.code(body)

    def _fault(
        self, kind: type[RemoteFault], text: str, status: int = 0, hint: str = "", code: str = ""
    ) -> RemoteFault:
        clean = self.redaction.clean(text)
        if len(clean) > LONGEST_MESSAGE:
            clean = clean[: LONGEST_MESSAGE - 1] + "…"
        name = self.redaction.clean(code)[:LONGEST_CODE]
        return fault(kind, self.request, clean, status=status, hint=self.redaction.clean(hint), code=name)


def fault(
    kind: type[RemoteFault], request: Request, text: str, *, status: int = 0, hint: str = "", code: str = ""
) -> RemoteFault:
    """A fault of a request, named by method and path: a query may hold more than a log should."""
    line = f"{request.method} {request.path}"
    return kind(text, target=request.target, request=line, status=status, hint=hint, code=code)


def _host(location: str) -> str:
    """Where a redirect leads, for people; its signs made harmless."""
    try:
        host = urlsplit(location).netloc.rpartition("@")[2]
    except ValueError:
        return "nowhere"
    return ascii(host[:100])[1:-1] or "the same host"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 1e9 else "for ever"
