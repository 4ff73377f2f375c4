"""One answer to many objects: each is done or not by itself, and nothing is rolled back (OC-R6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

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


def said(
    status: str, description: str, action: str | None, of: str | None = None, **echo: str | None
) -> dict[str, Json]:
    """The answer to one object, `of` its `dataType`, a keyword unless told; what is None is left out."""
    known: dict[str, Json] = {name: value for name, value in echo.items() if value is not None}
    named: dict[str, Json] = {} if action is None else {"action": action}
    return {"dataType": of or "keyword", **known, **named, "status": status, "description": description}


def answer_each(
    call: Call,
    objects: Iterable[JsonObject],
    one: Callable[[JsonObject], Json],
    order: str = "OC-P8",
    information: str = "",
) -> Answer:
    """200, with what `one` says of each object. Raises Refused where the call breaks in between.

    `order` is the question of their order: OC-P8 for keywords, OC-P30 for all else.
    """
    answers: list[Json] = []
    for given in objects:
        check_break(call, len(answers))
        answers.append(one(given))
    check_break(call, len(answers))
    return answer_all(call, answers, order, information)


def check_break(call: Call, done: int) -> None:
    """Does the call break off here, with so many of its objects done? Raises Refused."""
    if call.traffic.breaks(done):
        raise Refused(500, "")


def answer_all(call: Call, answers: list[Json], order: str = "OC-P30", information: str = "") -> Answer:
    """200, with these answers to objects, in the order that the reading wants."""
    if call.hard("OC-P40"):
        answers = [_louder(answer) for answer in answers]
    if call.hard(order):
        answers.sort(key=lambda answer: not (isinstance(answer, dict) and answer["status"] == ERROR))
    return call.answered("responses", answers, information=information)


def _louder(answer: Json) -> Json:
    return {**answer, "dataType": str(answer["dataType"]).upper()} if isinstance(answer, Mapping) else answer


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
    questions=(
        Knob("OC-P8", "order of the answers", "as the objects were sent", "errors first"),
        Knob("OC-P30", "order of all other answers", "as the objects were sent", "errors first"),
        Knob("OC-P40", "casing of dataType in answers", "as in the samples", "upper case"),
    )
)
