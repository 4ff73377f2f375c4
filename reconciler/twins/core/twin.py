"""The twin itself: everything the twins of all APIs have in common, and what each has to add."""

from __future__ import annotations

import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from reconciler.twins.core import saving
from reconciler.twins.core.clock import Clock, Counters
from reconciler.twins.core.faults import Armed, Faults
from reconciler.twins.core.hooks import Callback, Hooks, Phase
from reconciler.twins.core.knobs import Knob, Knobs
from reconciler.twins.core.log import LogEntry, RequestLog, shown_body, shown_headers
from reconciler.twins.core.rate import Rate
from reconciler.twins.core.rules import Rule
from reconciler.twins.core.state import Record, State, digest
from reconciler.twins.core.values import Answer, Json, JsonObject, Request, doubled, encode

if TYPE_CHECKING:
    from reconciler.twins.core.asgi import App


@dataclass(frozen=True, slots=True)
class Turn:
    """One request from its arrival on: its log entry, the fault that spoils it, the hooks to call."""

    request: Request
    entry: LogEntry
    armed: Armed | None
    hooks: tuple[tuple[Phase, Callback], ...]

    def call_hooks(self, phase: Phase) -> None:
        for at, callback in self.hooks:
            if at == phase:
                callback(self.entry)


class Twin(ABC):
    """A stateful local stand-in for one API.

    `profile` is `plain` or `adversarial`; `knobs` sets single questions to one of these. `seed` is where ids
    begin, `latency` seconds are waited before each request is looked at, `rate_limit` is requests per minute and
    key (None: no limit). Requests take effect one at a time, whatever number comes at once. Every method may be
    called from any thread, also while the twin is served.
    """

    provider: ClassVar[str]
    base_path: ClassVar[str]
    default_key: ClassVar[str]
    content_type: ClassVar[str] = "application/json"
    epoch: ClassVar[str]
    records: ClassVar[tuple[type[Record], ...]]
    questions: ClassVar[tuple[Knob, ...]]

    def __init__(
        self,
        profile: str = "plain",
        *,
        knobs: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        seed: int = 0,
        latency: float = 0.0,
        rate_limit: int | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.knobs = Knobs(self.questions, profile)
        for name, reading in (knobs or {}).items():
            self.knobs.set(name, reading)
        self.clock = clock or Clock(self.epoch)
        self._began = self.clock.now()
        self.latency = latency
        self.rate = Rate(rate_limit)
        self.state = State(self.records)
        self.counters = Counters(seed)
        self.log = RequestLog()
        self.faults = Faults(lambda: self.state)
        self.hooks = Hooks()
        self.crashes: list[Exception] = []
        self._arrived = 0
        self.begin_world()

    # What each API adds.

    @property
    @abstractmethod
    def default_headers(self) -> Mapping[str, str]:
        """The headers that make a request a valid one of the default key."""

    @abstractmethod
    def begin_world(self) -> None:
        """Fill the empty state with the least that the API needs: an organisation, keys, an administrator."""

    @abstractmethod
    def seed_world(self) -> None:
        """Add a small believable world to the state: people, and things nobody's manifest declares."""

    def seed_organisation(self) -> None:
        """Add that world, and whatever else an organisation has that has worked with the product for years."""
        self.seed_world()

    @abstractmethod
    def perform(self, request: Request) -> Answer:
        """Check one request and let it take effect, all or nothing. Raises nothing for any request."""

    @abstractmethod
    def is_write(self, request: Request) -> bool:
        """Could this request change anything, if it were allowed?"""

    @abstractmethod
    def error(self, status: int, text: str = "") -> Answer:
        """The API's error body for a status; without a text in the API's usual words."""

    @abstractmethod
    def token(self, request: Request) -> str:
        """Whose requests are counted together by the rate limit."""

    def throttled(self, wait: float) -> Answer:
        """The answer to a request over the rate limit, which may be sent again in `wait` seconds."""
        answer = self.error(429)
        return replace(answer, headers={**answer.headers, "retry-after": str(max(1, math.ceil(wait)))})

    def counts_refused(self) -> bool:
        """Do requests over the rate limit count against it?"""
        return False

    def endless(self, body: Json) -> Json:
        """A listed page as it looks if more pages always follow, each the same."""
        return body

    @abstractmethod
    def shortened(self, body: Json, omit: int) -> Json:
        """A listed page without its last `omit` records, claiming to be complete."""

    def doubled(self, body: Json) -> Json:
        """A list that shows each of its records twice."""
        return doubled(body)

    def rendered(self, answer: Answer) -> Answer:
        """The answer with the bytes of its body, where these are not the body as JSON."""
        return answer

    def padded(self) -> tuple[bytes, bytes]:
        """What stands before and after the text of a body that never seems to end."""
        return b'{"padding":"', b'"}'

    def nested(self, depth: int) -> bytes:
        """A body nested `depth` levels deep."""
        return b"[" * depth + b"]" * depth

    # A request's way through the twin.

    def arrive(self, request: Request) -> Turn:
        """Log a request, and choose the fault and the hooks it meets."""
        with self.lock:
            self._arrived += 1
            below = request.path.removeprefix(self.base_path)
            write = self.is_write(request)
            entry = LogEntry(
                n=self._arrived,
                time=self.clock.now(),
                at=time.monotonic(),
                method=request.method,
                path=request.path,
                query=request.query,
                call=f"{request.method} {below}" + (f"?{request.query}" if request.query else ""),
                headers=shown_headers(request),
                body=shown_body(request),
                write=write,
            )
            self.log.add(entry)
            armed = self.faults.take(request.method, below, write=write)
            return Turn(request, entry, armed, self.hooks.take(request.method, below, write=write))

    def take_effect(self, turn: Turn) -> Answer:
        """The answer as it would be without any fault; a write has taken effect when this returns."""
        with self.lock:
            wait = self.rate.wait(self.token(turn.request), count_refused=self.counts_refused())
            answer = self._performed(turn) if wait is None else self.throttled(wait)
            turn.entry.changed = turn.entry.write and answer.ok
            return answer

    def _performed(self, turn: Turn) -> Answer:
        """Of a reading that shows an old world: as it was then."""
        old = turn.armed.world if turn.armed is not None and not turn.entry.write else None
        if old is None:
            return self.perform(turn.request)
        now, self.state = self.state, old
        try:
            return self.perform(turn.request)
        finally:
            self.state = now

    def hears(self, request: Request) -> bool:
        """Whether the body of this request is read at all."""
        with self.lock:
            below = request.path.removeprefix(self.base_path)
            return not self.faults.deaf(request.method, below, write=self.is_write(request))

    # Around the requests.

    def edit(self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Change the world behind the client's back: a request below the base path, by the same rules, neither
        logged nor counted, spoiled or throttled. It carries the default key unless `headers` are given.
        """
        target, _, query = path.partition("?")
        content = b"" if body is None else encode(body)
        given = self.default_headers if headers is None else headers
        lower = {name.lower(): value for name, value in given.items()}
        with self.lock:
            return self.perform(Request(method, self.base_path + target, query, lower, content))

    def on_request(
        self,
        k: int,
        phase: Phase,
        callback: Callback,
        *,
        method: str = "",
        path: str = "",
        writes: bool = False,
    ) -> None:
        """Call back at the k-th request from now on (of those that match; 0: at each of them).

        The callback runs in the server's thread, and nothing else is answered until it returns. Phases: before
        the request is looked at, after it took effect, after its answer was handed to the socket. A request that a
        fault keeps from taking effect passes all three as well. At `after-answer` the client may have gone on.
        """
        rule = Rule(method, path, max(k, 1), None if k == 0 else 1, writes)
        with self.lock:
            self.hooks.add(rule, phase, callback)

    def reset(self) -> None:
        """Back to the world as it began, without log, faults and hooks. Knobs stay as they are."""
        with self.lock:
            self.state = State(self.records)
            self.counters = Counters(self.counters.seed)
            self.clock.set(self._began)
            self.log.clear()
            self.faults.clear()
            self.hooks.clear()
            self.rate.clear()
            self.crashes.clear()
            self._arrived = 0
            self.begin_world()

    def dump(self) -> dict[str, Json]:
        """All that decides how the twin answers, as JSON."""
        with self.lock:
            return saving.dump(self)

    def load(self, saved: JsonObject) -> None:
        """Take over what `dump` gave; parts left out stay. Raises StateInvalid, having changed nothing."""
        with self.lock:
            saving.load(self, saved)

    def digest(self, ignore: Collection[str] = ()) -> str:
        """sha256 of the state alone (no clock, counters or knobs), without the record fields named in `ignore`."""
        with self.lock:
            return digest(self.state.dump(), ignore)

    @cached_property
    def app(self) -> App:
        """The twin as an ASGI application."""
        from reconciler.twins.core.asgi import App

        return App(self)
