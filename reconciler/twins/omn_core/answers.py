"""One answer to many objects: each is done or not by itself, and nothing is rolled back (OC-R6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omn_core.call import Accident, Call, OmnRoute

ERROR = "ERROR"
SUCCESS = "SUCCESS"
WARNING = "WARNING"


class NotDone(Exception):
    """An object is refused: the text, and what the answer echoes. Nothing of it was changed."""

    def __init__(self, description: str, **echo: str | None) -> None:
        super().__init__(description)
        self.description = description
        self.echo = echo


def said(status: str, description: str, action: str | None, **echo: str | None) -> dict[str, Json]:
    """The answer to one object; what is None is left out."""
    known: dict[str, Json] = {name: value for name, value in echo.items() if value is not None}
    named: dict[str, Json] = {} if action is None else {"action": action}
    return {"dataType": "keyword", **known, **named, "status": status, "description": description}


def answer_each(call: Call, objects: Iterable[JsonObject], one: Callable[[JsonObject], Json]) -> Answer:
    """200, with what `one` says of each object (OC-P8). Raises Refused where the call breaks in between."""
    answers: list[Json] = []
    for given in objects:
        if call.traffic.breaks(len(answers)):
            raise Refused(500, "")
        answers.append(one(given))
    if call.traffic.breaks(len(answers)):
        raise Refused(500, "")
    if call.hard("OC-P8"):
        answers.sort(key=lambda answer: not (isinstance(answer, dict) and answer["status"] == ERROR))
    return call.answered("responses", answers)


def accident(call: Call, value: str, **echo: str | None) -> Accident | None:
    """What is to befall the object of this value, if it is to be done nevertheless. Raises NotDone."""
    found = call.traffic.accident(value)
    if found is not None and found.status == ERROR:
        raise NotDone(found.description, **echo)
    return found


def marred(answer: dict[str, Json], found: Accident | None) -> dict[str, Json]:
    """The answer to an object that was done, as an accident leaves it."""
    if found is None:
        return answer
    issues: dict[str, Json] = {"issues": [{"type": "1002", "description": found.issue}]} if found.issue else {}
    return {**answer, "status": found.status, "description": found.description, **issues}


KIND: Kind[OmnRoute] = Kind(
    questions=(Knob("OC-P8", "order of the answers", "as the objects were sent", "errors first"),)
)
