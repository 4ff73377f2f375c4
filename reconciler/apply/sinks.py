"""Values that an API shows once: where they go, and what is left to say where they went nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.outcome import Fact
from reconciler.model.plan import Call


class Sinks(Protocol):
    """Places of once-shown values, named as `{toFile: path}`, `{toKeyring: name}` or `{toCommand: name}`."""

    def prove(self, to: Mapping[str, Json]) -> None:
        """Raises GuardRefused where nothing could be put there."""
        ...

    def put(self, to: Mapping[str, Json], value: str) -> None:
        """The value is there, durably, when this returns. Raises GuardRefused, with no part of the value."""
        ...


class Nowhere:
    """No place at all."""

    def prove(self, to: Mapping[str, Json]) -> None:  # noqa: ARG002 - the protocol's
        raise GuardRefused("there is no sink for once-shown values here")

    def put(self, to: Mapping[str, Json], value: str) -> None:  # noqa: ARG002 - the protocol's
        self.prove(to)


NOWHERE: Final = Nowhere()


def unprovable(call: Call, sinks: Sinks) -> str:
    """Why the call must not be sent: its value would have no place to go. Empty: it has one, or needs none."""
    if call.sink is None:
        return ""
    try:
        sinks.prove(call.sink.to)
    except GuardRefused as refused:
        return f"not sent: {refused}" + (f" ({refused.hint})" if refused.hint else "")
    return ""


def delivered(call: Call, body: Json, sinks: Sinks) -> str | None:
    """Put the answer's once-shown value where it goes. Returns why it did not get there, None if all is well."""
    if call.sink is None:
        return None
    value = pick(body, call.sink.at)
    if not isinstance(value, str) or not value:
        return "the answer holds no such value"
    try:
        sinks.put(call.sink.to, value)
    except GuardRefused as refused:
        return str(refused)
    return None


def lost(kind: Kind, call: Call) -> tuple[dict[str, Json], str]:
    """What the ledger is told, and a person asked, where a once-shown value never reached its sink."""
    if call.sink is None:
        return {}, ""
    text = f"the value that `{call.sink.field}` of {call.address} is for was never seen"
    if unspent(call):
        words = ", ".join(f"{token}: {value}" for token, value in call.once.items())
        text += f": `once: {{{words}}}` has not acted, and the next apply issues another"
    elif kind.tokens:
        words = " or ".join(f"`once: {{{token}: …}}`" for token in kind.tokens)
        text += f": a new value of {words} there issues another"
    return {Fact.LOST: call.sink.field}, text


def unspent(call: Call) -> bool:
    """Whether a token stays new while its value is lost: what may be sent again is, by the next apply (CM-R50).
    What must not be repeated unasked needs another token (ST-R59)."""
    return bool(call.once) and call.repeat


def without_value(call: Call, known: Mapping[str, Json], gone: Mapping[str, Json]) -> dict[str, Json]:
    """What a call has told that worked, but for the value that it showed once."""
    kept = {k: v for k, v in known.items() if not (gone and k == Fact.ONCE and unspent(call))}
    return kept | dict(gone)
