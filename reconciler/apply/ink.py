"""What a run tells the ledger while calls are under way: in the order in which it happened, many tellings in one
wait for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from reconciler.model.outcome import Journal

Deed = Callable[[], None]


class Ink:
    """Tellings that are on disk once somebody has waited for them, or none of those put down together is.

    An intent is waited for before its call is sent. An outcome need not be: it goes to disk with whatever is told
    next, at the latest before anything that follows from it is sent. A crash before that leaves the call in doubt,
    as one just before the outcome would. To be used from one event loop.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._wet: list[tuple[Deed | None, Deed | None]] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._fault: BaseException | None = None

    @property
    def wet(self) -> bool:
        """Whether anything is not on disk yet, and may still get there."""
        return bool(self._wet) and self._fault is None

    def put(self, telling: Deed | None, after: Deed | None = None) -> None:
        """`telling` is told to the journal with the next wait; `after` is done once that is on disk."""
        self._wet.append((telling, after))

    async def dry(self) -> None:
        """Returns when all that was put down is on disk; all who ask in one turn of the loop share the wait.
        Raises what the journal raises, LedgerUnusable above all, and so does every later use."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._write)
        waiting: asyncio.Future[None] = loop.create_future()
        self._waiting.append(waiting)
        await waiting

    def flush(self) -> None:
        """The same at once."""
        if self._fault is not None:
            raise self._fault
        wet, self._wet = self._wet, []
        try:
            self._tell([telling for telling, _ in wet if telling is not None])
        except BaseException as fault:
            self._fault = fault
            raise
        for _, after in wet:
            if after is not None:
                after()

    def _tell(self, tellings: Sequence[Deed]) -> None:
        if tellings:
            with self._journal.together():
                for telling in tellings:
                    telling()

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        fault: BaseException | None = None
        try:
            self.flush()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            fault = error
        for one in waiting:
            if one.done():  # cancelled meanwhile
                continue
            if fault is None:
                one.set_result(None)
            else:
                one.set_exception(fault)
