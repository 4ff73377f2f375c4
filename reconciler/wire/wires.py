"""All targets over HTTP, each opened when it is first needed."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from reconciler.model.call import Reply, Request
from reconciler.model.catalog import Provider
from reconciler.model.clock import Clock
from reconciler.model.document import Target
from reconciler.model.faults import UsageWrong
from reconciler.model.operator import Operator
from reconciler.wire.budget import Budget, expected_seconds
from reconciler.wire.late import NOWHERE, Late
from reconciler.wire.limits import USUAL, Limits
from reconciler.wire.line import Line, Opens
from reconciler.wire.wire import Sent, Wire, base_of, rate_of


class Wires:
    """A Writer that routes by `request.target`. Targets on one server share its rate budget. `late`: where the
    secrets and files that bodies name come from. `spent`: server -> when our requests to it ended, shared by all
    that one command opens: what planning has used up, applying has not. `opens`: what carries the bytes of each.

    `requests`: what was sent, in the order in which the requests ended.
    """

    def __init__(
        self,
        targets: Mapping[str, Target],
        providers: Mapping[str, Provider],
        operator: Operator,
        clock: Clock,
        rng: random.Random,
        *,
        limits: Limits = USUAL,
        late: Late = NOWHERE,
        spent: dict[str, deque[float]] | None = None,
        opens: Opens = Line,
    ) -> None:
        self._late, self._opens = late, opens
        self._spent = {} if spent is None else spent
        self._targets, self._providers, self._operator = targets, providers, operator
        self._clock, self._rng, self._limits = clock, rng, limits
        self._wires: dict[str, Wire] = {}
        self._budgets: dict[str, Budget] = {}
        self._stack = AsyncExitStack()
        self._open = False
        self.requests: list[Sent] = []

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        self._wires.clear()
        await self._stack.aclose()

    def know(self, targets: Mapping[str, Target], operator: Operator) -> None:
        """The targets from now on: what is open already stays as it is."""
        self._targets, self._operator = targets, operator

    async def read(self, request: Request) -> Reply:
        """See `Reader`. Raises UsageWrong for a target the operator has not opened."""
        return await self._to(request.target).read(request)

    async def send(self, request: Request) -> Reply:
        """See `Writer`. Raises UsageWrong for a target the operator has not opened."""
        return await self._to(request.target).send(request)

    def expected_seconds(self, target: str, requests: int) -> float:
        """The least time until the last of so many more requests to a target may be sent."""
        if target in self._wires:
            return self._wires[target].expected_seconds(requests)
        found = self._targets[target]
        return expected_seconds(requests, rate_of(found, self._providers[found.provider]))

    def _to(self, name: str) -> Wire:
        if name not in self._wires:
            self._wires[name] = self._opened(name)
        return self._wires[name]

    def _opened(self, name: str) -> Wire:
        if not self._open:
            raise RuntimeError("these wires are not open")
        target, access = self._targets.get(name), self._operator.access.get(name)
        if target is None or access is None:
            raise UsageWrong(
                f"no host and no credential are configured for the target {name}",
                hint=f"the operator's configuration is {self._operator.origin}" if self._operator.origin else "",
            )
        provider = self._providers[target.provider]
        origin, rate = base_of(target, provider, access).origin, rate_of(target, provider)
        ended = self._spent.setdefault(origin, deque())
        budget = self._budgets.setdefault(origin, Budget(rate, self._clock, ended))
        budget.tighten(rate)
        wire = Wire(
            target,
            provider,
            access,
            self._clock,
            self._rng,
            limits=self._limits,
            late=self._late,
            budget=budget,
            sent=self.requests,
            opens=self._opens,
        )
        wire.open()
        self._stack.push_async_callback(wire.aclose)
        return wire
