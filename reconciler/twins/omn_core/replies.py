"""What is said of one object of any kind (OC-R6)."""

from __future__ import annotations

from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.answers import ERROR, SUCCESS, NotDone, said

Reply = dict[str, Json]


class Detailed(NotDone):
    """An object is refused, with details beside the text."""

    def __init__(self, description: str, details: Json, **echo: str | None) -> None:
        super().__init__(description, **echo)
        self.details = details


def told(data_type: str, description: str, action: str | None = None, /, **echo: str | None) -> Reply:
    """The answer to an object that was done; what is None is left out."""
    return said(SUCCESS, description, action, data_type, **echo)


def refused(data_type: str, why: NotDone, action: str | None = None) -> Reply:
    """The answer to an object that was not done."""
    reply = said(ERROR, why.description, action, data_type, **why.echo)
    return {**reply, "details": why.details} if isinstance(why, Detailed) else reply
