"""Files of the project that manifests name: each inside the project, an ordinary file, of limited size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from reconciler.load.characters import visible
from reconciler.load.explain import Where, check
from reconciler.load.fields import BYTES
from reconciler.load.files import inside, read_limited
from reconciler.load.validators import Validators
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.model.place import Problem
from reconciler.model.record import Record, field

LARGEST: Final = 100 << 20  # bytes
ReadFile: TypeAlias = "Callable[[str], bytes]"
"""The bytes of a file by its path in the project. Raises ValueError, a sentence that follows the path."""


def project_file(root: Path, path: str) -> bytes:
    """The bytes of a file of the project. Raises ValueError, a sentence that follows the path."""
    data = read_limited(inside(root, path), LARGEST)
    if isinstance(data, str):
        raise ValueError(data)  # noqa: TRY004
    return data


class Attached(Record):
    """What manifests attach. `digests`: the sha256 of every file that was read, by its path."""

    read: ReadFile
    digests: dict[str, str] = field(default_factory=dict)

    def spec(
        self, kind: Kind, spec: JsonObject, validators: Validators, where: Where, problems: list[Problem]
    ) -> JsonObject:
        """The spec with `{"$file": {path, sha256, bytes}}` for each file that is a value, and the text of each
        other file in the field whose value it is. What is wrong is added to `problems`."""
        found = dict(spec)
        for one in _attaching(kind, spec):
            path = str(found.pop(one.name))
            try:
                data = self.read(path)
            except ValueError as error:
                text = f"'{visible(path)[:100]}' {error}"
                problems.append(where.problem(("spec", one.name), text, rule="attached-file"))
                continue
            self.digests[path] = hashlib.sha256(data).hexdigest()
            if one.begins and not data.startswith(bytes.fromhex(one.begins)):
                problems.append(_begins_otherwise(one, path, data, where))
            if one.file == BYTES:
                held: JsonObject = {"path": path, "sha256": self.digests[path], "bytes": len(data)}
                found[one.name] = {"$file": held}
            else:
                problems += _put(found, one, data, kind, validators, where)
        return found


def _begins_otherwise(one: Field, path: str, data: bytes, where: Where) -> Problem:
    found = data[: len(bytes.fromhex(one.begins))].hex(" ").upper() or "nothing: it is empty"
    text = f"'{visible(path)[:100]}' begins with {found}, not with {one.begins}"
    expected = one.description.partition(". ")[0].rstrip(".")
    return where.problem(("spec", one.name), text, f"expected: {expected}", rule="attached-file")


def _attaching(kind: Kind, spec: Mapping[str, Json]) -> Iterator[Field]:
    named = ((one, spec.get(name)) for name, one in kind.fields.items() if one.file)
    return (one for one, value in named if isinstance(value, str) and not _is_word(kind, one, value))


def _is_word(kind: Kind, one: Field, value: str) -> bool:
    """Whether a value is one that the schema gives beside paths, as `anyOf: [{const: absent}, …]`."""
    properties = kind.schema.get("properties")
    node = properties.get(one.name) if isinstance(properties, dict) else None
    others = node.get("anyOf") if isinstance(node, dict) else None
    choices = others if isinstance(others, list) else []
    return any(isinstance(o, dict) and o.get("const") == value for o in choices)


def _put(
    spec: JsonObject, one: Field, data: bytes, kind: Kind, validators: Validators, where: Where
) -> list[Problem]:
    """The text of a file as another field's value."""
    path = ("spec", one.name)
    if one.file in spec:
        text = f"`{one.file}` stands here already"
        return [where.problem(path, text, f"take out `{one.name}` or `{one.file}`", rule="attached-file")]
    try:
        spec[one.file] = data.decode()
    except UnicodeDecodeError:
        return [where.problem(path, "the file is no text in UTF-8", rule="attached-file")]
    below = Where(where.positions, (*where.base, *path), where.said)
    return check(validators.field(kind, one.file), spec[one.file], below)
