"""The twin of OMN Core on a socket, spoken to in the compact notation; and the examples of its reference."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from reconciler.twins.omn_core.notation import compact
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.served import contract

COMPACT = "application/json+compact"
JSON = "application/json"
AS_USER = {"Authorization": "Bearer omn_token_user"}


@dataclass(frozen=True, slots=True)
class Example:
    """A request of the reference and its answer; `again` is what a second request is said to be answered."""

    path: str
    body: Any
    status: int
    answer: Any
    again: Any = None


def examples(section: str) -> list[Example]:
    """Those of one section, in order; a path that is left out is the one before."""
    text = contract("omn-core.md").split(f"### {section} ")[1].split("\n### ")[0]
    found: list[Example] = []
    path = ""
    for part in re.split(r"\bPOST ", "".join(text.split("```json")[1:]))[1:]:
        path = part.split()[0].removeprefix("/api/core/v1") if part[0] != "…" else path
        found.append(_example(path, part))
    return found


def _example(path: str, part: str) -> Example:
    said = re.search(r"(?:→ +|\n)(\d{3}) (?=\{)", part)
    assert said is not None, part
    decoder = json.JSONDecoder()
    asked = part[: said.start()]
    body = decoder.raw_decode(asked, asked.index("{"))[0] if "{" in asked else None
    answer, end = decoder.raw_decode(part, said.end())
    again = re.search(r"again → (?=\{)", part[end:])
    second = decoder.raw_decode(part[end:], again.end())[0] if again else None
    return Example(path, body, int(said.group(1)), answer, second)


def ask(omn: Omn, path: str, body: object = None, **headers: str) -> Any:
    """The whole answer, without what all of them have."""
    plain = path.endswith(("/retrieve", "/query"))
    content = "" if body is None else json.dumps(body)
    reply = omn.post(path, content, JSON if plain else COMPACT, **{"Accept": COMPACT, **headers})
    return stripped(reply.json() if reply.text[0] == "{" else compact(etree.fromstring(reply.content)))


def stripped(answer: Any) -> Any:
    if "schemaVersion" in answer:
        assert answer.pop("meta")["messageType"] == "request"
        assert answer.pop("schemaVersion") == "5.6.0"
    return answer


def each(omn: Omn, path: str, container: str, *objects: object, **headers: str) -> list[Any]:
    """The answers to objects."""
    return list(ask(omn, path, {container: {"entries": objects}}, **headers)["responses"]["entries"])


def do(omn: Omn, call: str, data_type: str, kind: str, meta: object = None, /, **given: str) -> Any:
    """The answer to one action."""
    action = {"dataType": data_type, "type": kind, **given, **({"meta": meta} if meta else {})}
    return each(omn, call, "actions", action)[0]


def failed(data_type: str, text: str, action: str | None = None, **echo: str) -> dict[str, str]:
    said = {"dataType": data_type, **echo, "status": "ERROR", "description": text}
    return said if action is None else {**said, "action": action}


def done(data_type: str, text: str, action: str | None = None, **echo: str) -> dict[str, str]:
    return {**failed(data_type, text, action, **echo), "status": "SUCCESS"}
