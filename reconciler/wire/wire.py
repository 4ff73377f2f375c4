"""One target over HTTP."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping
from types import TracebackType
from typing import NamedTuple, Self

from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Provider
from reconciler.model.clock import Clock
from reconciler.model.document import Target
from reconciler.model.faults import ProviderUnreachable, RequestUnsendable, Unauthorised, UsageWrong
from reconciler.model.operator import Access
from reconciler.model.record import replace
from reconciler.version import __version__
from reconciler.wire.body import Broken, Unusable
from reconciler.wire.budget import Budget
from reconciler.wire.encode import Encoded, encoded
from reconciler.wire.judge import Judge, fault
from reconciler.wire.late import NOWHERE, Late
from reconciler.wire.limits import USUAL, Limits
from reconciler.wire.line import Asks, Line, Opens, Unsent
from reconciler.wire.redact import Redaction
from reconciler.wire.retry import Failure, pause, tries
from reconciler.wire.url import Base, check_base, check_method

_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


class Sent(NamedTuple):
    """A request that was sent, for reports: `METHOD path?query` and how many tries it took. Never a body."""

    target: str
    request: str
    attempts: int


class Wire:
    """A Writer for one target. Open it with `async with`; it is of no use before or after.

    Side by side it sends at most `target.concurrency` requests, the others wait in the order they came; the first
    with the credential goes alone, so that a wrong one is sent once, and nothing after it. `budget` and `sent` may
    be shared with wires to the same server.
    """

    def __init__(
        self,
        target: Target,
        provider: Provider,
        access: Access,
        clock: Clock,
        rng: random.Random,
        *,
        limits: Limits = USUAL,
        late: Late = NOWHERE,
        budget: Budget | None = None,
        sent: list[Sent] | None = None,
        opens: Opens = Line,
    ) -> None:
        """Raises UsageWrong where the base URL cannot be used, clear-text HTTP to another machine included."""
        self._target, self._provider, self._access = target, provider, access
        self._clock, self._rng, self._limits = clock, rng, limits
        self._late, self._opens = late, opens
        self._base = base_of(target, provider, access)
        self._budget = budget if budget is not None else Budget(rate_of(target, provider), clock)
        self._seats = asyncio.Semaphore(target.concurrency)
        self._door = asyncio.Lock()
        self._let_in = False
        self._shut_out: Unauthorised | None = None
        self._line: Asks | None = None
        self.requests: list[Sent] = sent if sent is not None else []

    async def __aenter__(self) -> Self:
        self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def open(self) -> None:
        """Get ready; connects to nothing yet. Raises UsageWrong where the CA file is unusable."""
        try:
            self._line = self._opens(self._base, self._access.ca_file, self._limits)
        except OSError as error:
            raise UsageWrong(
                f"{self._target.name}: the CA file {self._access.ca_file} cannot be used: {error.strerror}",
                hint="it must be readable and hold certificates in PEM form",
            ) from None

    async def aclose(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.aclose()

    async def read(self, request: Request) -> Reply:
        """See `Reader`. Repeated where another try may help."""
        if not request.safe:
            raise ValueError(f"{request} is not declared safe")
        return await self._carry(request, read=True)

    async def send(self, request: Request) -> Reply:
        """See `Writer`."""
        return await self._carry(request, read=False)

    def expected_seconds(self, requests: int) -> float:
        """The least time until the last of so many more requests may be sent."""
        return self._budget.expected_seconds(requests)

    async def _carry(self, request: Request, *, read: bool) -> Reply:
        if self._line is None:
            raise RuntimeError("this wire is not open")
        url = self._url(request)
        async with self._seats:
            reply = None if self._let_in or request.keyless else await self._knock(self._line, request, url, read)
            return reply or await self._carried(self._line, request, url, read)

    async def _knock(self, line: Asks, request: Request, url: str, read: bool) -> Reply | None:
        """Find out whether the credential is any good, all others waiting; None where that is known by now. Of one
        that is not, nothing more is sent."""
        async with self._door:
            if self._shut_out is not None:
                raise self._shut_out
            if self._let_in:
                return None
            try:
                return await self._carried(line, request, url, read)
            except Unauthorised as refusal:
                self._shut_out = refusal
                raise
            finally:
                self._let_in = self._shut_out is None

    async def _carried(self, line: Asks, request: Request, url: str, read: bool) -> Reply:
        attempts = 0
        try:
            while True:
                async with self._budget.place():
                    body = encoded(request, self._provider, self._late)
                    if request.barred is not None and (why := request.barred()):
                        raise fault(ProviderUnreachable, request, f"not sent: {why}")
                    attempts += 1
                    result = await self._try(line, request, url, body)
                if isinstance(result, Reply):
                    return replace(result, attempts=attempts)
                if attempts >= tries(result, self._limits, read=read, repeat=request.repeat):
                    self._tell(result, request, attempts)
                    break
                await self._wait(result, attempts)
        finally:
            if attempts:
                self.requests.append(Sent(request.target, str(request), attempts))
        raise result.fault

    async def _wait(self, failure: Failure, attempts: int) -> None:
        """A 429 speaks for the whole server, so everybody waits; any other failure is this request's own."""
        seconds = pause(failure, attempts, self._limits, self._rng)
        if failure.throttled:
            self._budget.refused(seconds, asked=failure.asked is not None)
        else:
            await self._clock.sleep(seconds)

    def _tell(self, failure: Failure, request: Request, attempts: int) -> None:
        """A 429 that this request may not try again is still news to all others."""
        if failure.throttled and not request.repeat:
            seconds = pause(failure, attempts, self._limits, self._rng)
            self._budget.refused(seconds, asked=failure.asked is not None)

    async def _try(self, line: Asks, request: Request, url: str, body: Encoded) -> Reply | Failure:
        """Send once. The credential lives in this frame and nowhere else, what is late in the body as long."""
        secret = None if request.keyless else self._access.secret()
        redaction = Redaction([secret] if secret else [], body.secrets)
        judge = Judge(request, self._provider, self._base, self._access.source, self._limits, redaction)
        headers = self._headers(request, secret, body.content.type if body.content else None)
        try:
            answer = await line.ask(request.method, url, headers, body.content.data if body.content else b"")
        except Unsent as error:
            return judge.unsent(error)
        except Broken as error:
            return judge.broken(error)
        except Unusable as error:
            return judge.unusable(error)
        return judge.answer(answer, self._clock.wall())

    def _url(self, request: Request) -> str:
        """Raises RequestUnsendable for a path that would lead elsewhere."""
        try:
            check_method(request.method)
            return self._base.url(request.path, request.query)
        except ValueError as error:
            raise fault(RequestUnsendable, request, f"not sent: {error}") from None

    def _headers(self, request: Request, secret: str | None, media_type: str | None) -> Mapping[str, str]:
        """`secret`: None for a request that goes without. `media_type`: of the body, None without one."""
        accept = self._provider.accept_at.get(request.path, self._provider.accept)
        headers = {"Accept": accept, "User-Agent": f"reconciler/{__version__}"}
        if secret is not None:
            headers.update(self._provider.headers(self._target, secret))
        headers["Accept-Encoding"] = "gzip"
        if media_type is not None:
            headers["Content-Type"] = media_type
        for name, value in headers.items():
            if not _HEADER_VALUE.fullmatch(value):
                raise UsageWrong(
                    f"{self._target.name}: the header {name} would hold characters that cannot be sent",
                    hint=f"does the {self._provider.credential} from {self._access.source} end in a line break?",
                )
        return headers


def base_of(target: Target, provider: Provider, access: Access) -> Base:
    """Raises UsageWrong."""
    try:
        check_base(access.url)
        return Base.parse(provider.base(access.url))
    except ValueError as error:
        raise UsageWrong(
            f"{target.name}: the base URL cannot be used: {error}",
            hint="the operator's configuration names it" + (f", beside {access.source}" if access.source else ""),
        ) from None


def rate_of(target: Target, provider: Provider) -> int | None:
    """Requests a minute: the project's own limit, else the one the API names."""
    return target.per_minute if target.per_minute is not None else provider.per_minute
