"""The published description of an API, as a judge of what is asked and answered in a test.

It is read from the folder that RECONCILER_CONTRACTS names; where there is none, nothing is judged.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import jsonschema_rs

from reconciler.twins import Twin
from reconciler.twins.core.log import LogEntry
from reconciler.twins.core.values import Answer

FILES: Final = {"omni-analytics": "omni-analytics.openapi.yaml"}
"""The descriptions that a machine can read, by provider."""
OURS: Final = "reconciler/"
"""How the User-Agent of a request of ours begins. What a test asks by itself is its own affair."""
NEWER: Final = "newer-answers"
"""The switch of a twin with which it answers as another edition says."""
JSON: Final = "application/json"
METHODS: Final = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the description does not say: in `where` (path, query, body, status or answer) of an
    operation."""

    operation: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.where}: {self.text}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `pattern` matches its path below the base, still percent-encoded."""

    id: str
    method: str
    path: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # in/name -> parameter
    node: Mapping[str, Any] = field(default_factory=dict)


class Description:
    """The operations of an OpenAPI 3.1 document. Schemas are compiled when they are first needed, once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.operations = {o.id: o for o in self._operations()}
        parts = document.get("components", {})
        self._open = {"components": {"schemas": _schema(parts.get("schemas", {}), closed=False)}}
        self._closed = {"components": {"schemas": _schema(parts.get("schemas", {}), closed=True)}}
        self._compiled: dict[tuple[str, ...], Any] = {}

    def _operations(self) -> Iterator[Operation]:
        for path, methods in self._document["paths"].items():
            steps = (r"[^/]*" if step.startswith("{") else re.escape(step) for step in path.split("/"))
            names = [step[1:-1] for step in path.split("/") if step.startswith("{")]
            pattern = "/".join(f"({step})" if step == r"[^/]*" else step for step in steps)
            for method, node in methods.items():
                if method in METHODS:
                    listed = [
                        self.resolved(p) for p in (*methods.get("parameters", ()), *node.get("parameters", ()))
                    ]
                    known = {f"{p['in']}/{p['name']}": p for p in listed}
                    assert {n for n in known if n.startswith("path/")} == {f"path/{n}" for n in names}, path
                    yield Operation(node["operationId"], method.upper(), path, re.compile(pattern), known, node)

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """A node, or what it refers to."""
        while "$ref" in node:
            found: Any = self._document
            for step in str(node["$ref"]).removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a request; a path written out goes before one with a variable step."""
        fitting = [o for o in self.operations.values() if o.method == method and o.pattern.fullmatch(path)]
        return min(fitting, key=lambda o: o.path.count("{"), default=None)

    # What is asked.

    def asked(self, entry: LogEntry, below: str) -> Iterator[Difference]:
        """What the description does not say of a request. `below`: its path below the base."""
        operation = self.operation(entry.method, below)
        if operation is None:
            yield Difference(f"{entry.method} {below}", "path", "no such operation")
            return
        yield from self._parameters(operation, entry, below)
        yield from self._body(operation, entry)

    def _parameters(self, operation: Operation, entry: LogEntry, below: str) -> Iterator[Difference]:
        match = operation.pattern.fullmatch(below)
        steps = [s[1:-1] for s in operation.path.split("/") if s.startswith("{")]
        values = [("path", n, unquote(v)) for n, v in zip(steps, match.groups() if match else (), strict=True)]
        values += [("query", n, v) for n, v in parse_qsl(entry.query, keep_blank_values=True)]
        for where, name, text in values:
            known = operation.parameters.get(f"{where}/{name}")
            if known is None:
                yield Difference(operation.id, where, f"{name} is not known")
            elif why := self._wrong((operation.id, where, name), known["schema"], _typed(known["schema"], text)):
                yield Difference(operation.id, where, f"{name}: {why}")
        given = {name for where, name, _ in values if where == "query"}
        needed = [p["name"] for p in operation.parameters.values() if p["in"] == "query" and p.get("required")]
        yield from (Difference(operation.id, "query", f"{n} is missing") for n in needed if n not in given)

    def _body(self, operation: Operation, entry: LogEntry) -> Iterator[Difference]:
        body = operation.node.get("requestBody")
        if body is None:
            if entry.body is not None:
                yield Difference(operation.id, "body", "none is described")
            return
        if entry.body is None:
            if body.get("required"):
                yield Difference(operation.id, "body", "is missing")
            return
        schema = body["content"][JSON]["schema"]
        for why in self._all_wrong((operation.id, "body"), schema, entry.body, closed=True):
            yield Difference(operation.id, "body", why)

    # What is answered.

    def answered(self, entry: LogEntry, below: str, answer: Answer) -> Iterator[Difference]:
        """What the description does not say of an answer."""
        operation = self.operation(entry.method, below)
        if operation is None:
            return
        found = operation.node["responses"].get(str(answer.status))
        if found is None:
            yield Difference(operation.id, "status", f"{answer.status} is not listed")
            return
        content = self.resolved(found).get("content", {})
        has = answer.body is not None or answer.content is not None
        if bool(content) != has:
            yield Difference(operation.id, "answer", f"{answer.status}: {'a' if has else 'no'} body")
        elif JSON in content and answer.body is not None:
            for why in self._all_wrong((operation.id, str(answer.status)), content[JSON]["schema"], answer.body):
                yield Difference(operation.id, "answer", f"{answer.status}: {why}")

    def _wrong(self, at: tuple[str, ...], schema: Mapping[str, Any], value: Any) -> str:
        return next(iter(self._all_wrong(at, schema, value)), "")

    def _all_wrong(
        self, at: tuple[str, ...], schema: Mapping[str, Any], value: Any, *, closed: bool = False
    ) -> list[str]:
        if at not in self._compiled:
            whole = {**(self._closed if closed else self._open), **_schema(schema, closed=closed)}
            self._compiled[at] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        validator = self._compiled[at]
        if validator.is_valid(value):
            return []
        return sorted({f"{_spoken(e.instance_path)}: {e.message}" for e in validator.iter_errors(value)})


def _spoken(path: Sequence[object]) -> str:
    """Where in a value, whichever item of a list it is."""
    return "/" + "/".join("*" if isinstance(step, int) else str(step) for step in path)


def _typed(schema: Mapping[str, Any], text: str) -> object:
    """A parameter as what it is to be, else the text that it is."""
    match schema.get("type"):
        case "integer" if re.fullmatch(r"-?\d+", text):
            return int(text)
        case "number" if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return float(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
        case "array":
            return text.split(",")
    return text


def _schema(node: Any, *, closed: bool, branch: bool = False) -> Any:
    """A schema of OpenAPI 3.1 as JSON Schema: `nullable` of 3.0, which it still uses, is a type more. `closed`: an
    object has no keys but those that are described. A `branch` shares its object with others."""
    if isinstance(node, list):
        return [_schema(one, closed=closed, branch=branch) for one in node]
    if not isinstance(node, dict):
        return node
    found = {
        key: value
        if key in ("enum", "required", "default", "example", "examples")
        else _schema(value, closed=closed, branch=key in ("oneOf", "anyOf", "allOf"))
        for key, value in node.items()
    }
    is_object = isinstance(node.get("properties"), dict) or "allOf" in node or "oneOf" in node
    if closed and is_object and not branch and "additionalProperties" not in node:
        found.setdefault("unevaluatedProperties", False)
    return _nullable(found) if found.pop("nullable", None) is True else found


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(kind := schema.get("type"), str):
        values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [kind, "null"], **values}
    return {"anyOf": [schema, {"type": "null"}]}


@cache
def description(provider: str) -> Description | None:
    """The description of a provider's API; None where there is none at hand."""
    import yaml

    folder, name = os.environ.get("RECONCILER_CONTRACTS"), FILES.get(provider)
    path = Path(folder) / name if folder and name else None
    if path is None or not path.is_file():
        return None
    return Description(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def listen(twin: Twin) -> None:
    """Have the twin keep its answers, if anybody can judge them."""
    if description(twin.provider) is not None:
        twin.log.answers = []


def differences(twin: Twin) -> list[Difference]:
    """All that was asked and answered since, as far as the description does not say it; each once."""
    said = description(twin.provider)
    if said is None:
        return []
    found: dict[Difference, None] = {}
    newer = NEWER in twin.knobs.declared and twin.knobs.hard(NEWER)
    for entry, answer in tuple(twin.log.answers or ()):
        below = entry.path.removeprefix(twin.base_path)
        if entry.headers.get("user-agent", "").startswith(OURS):
            found |= dict.fromkeys(said.asked(entry, below))
        if not newer:
            found |= dict.fromkeys(said.answered(entry, below, answer))
    return list(found)
