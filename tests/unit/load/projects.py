"""Projects in a temporary folder, and what the loader says of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reconciler import providers
from reconciler.load.desired import desired
from reconciler.load.kinds import load_kinds, read_kind
from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired
from reconciler.model.faults import ManifestInvalid
from reconciler.model.kind import Kind
from reconciler.model.place import Problem
from reconciler.providers.rest import VERBS

PROJECT = """\
apiVersion: reconciler/v1
kind: Project
targets:
  analytics: {provider: omni-analytics}
  studio: {provider: studio-tracker, organisation: acme}
variables: {region: EMEA}
environments:
  prod: {variables: {region: World, tier: gold}}
"""

TWO = PROJECT.replace("  studio:", "  playground: {provider: omni-analytics}\n  studio:")

LABEL = """\
apiVersion: omni-analytics/v1
kind: Label
metadata: {name: production}
spec: {name: Production}
"""

FOLDER = """\
apiVersion: omni-analytics/v1
kind: Folder
metadata: {name: reports}
spec: {path: Finance/Reports}
"""

TEAM = """\
apiVersion: studio-tracker/v1
kind: ClientTeam
metadata: {name: brand}
spec:
  slug: brand
  name: Brand
  members:
    - {user: jane@example.com, isPrimary: true}
    - {user: bob@example.com}
"""

# A kind that the shipped ones do not offer: it has a secret, a parent of its own kind, in which it may be nested,
# and dates.
PARTNER = """\
title: Partner
description: A partner, for the tests of this room.
type: object
required: [name]
additionalProperties: false
properties:
  name: {type: string, minLength: 1, description: Its name, examples: [Acme]}
  parent: {type: string, x-ref: Partner, description: The partner above, examples: [Acme]}
  friends: {type: array, uniqueItems: true, items: {type: string, x-ref: Partner}, description: d, examples: [[A]]}
  owner: {type: string, format: email, x-ref: Person, description: Who owns it, examples: [jane@example.com]}
  contact: {type: string, x-ref: Person, description: Whom to ask, examples: [jane@example.com]}
  password: {type: string, writeOnly: true, description: A secret, examples: [{fromEnv: PASSWORD, version: 1}]}
  since: {type: string, format: date, description: A day, examples: ["2026-06-30"]}
  at: {type: string, format: date-time, description: A moment, examples: ["2026-06-30T17:00:00Z"]}
  size: {type: integer, minimum: 1, maximum: 10, description: A count, examples: [3]}
  tags: {type: array, maxItems: 2, items: {type: string}, description: Words, examples: [[a]]}
  note: {type: [string, "null"], description: A note that may be cleared, examples: [x]}
  choice:
    description: Either form.
    examples: [1]
    anyOf:
      - {type: integer}
      - {type: object, required: [of], additionalProperties: false, properties: {of: {type: string}}}
  branches:
    description: The partners beneath, written here.
    type: array
    items: {type: object}
    x-nested: {kind: Partner, with: {parent: .}}
    examples: [[{name: Acme North}]]
  branchesMode: {type: string, enum: [release, exact], description: Leaving that list, examples: [exact]}
examples: [{name: Acme}]
x-key: name
x-prune: {default: release, allowed: [release, deactivate, delete]}
"""
PERSON = """\
title: Person
description: Somebody, for the tests of this room.
type: object
required: [email]
additionalProperties: false
properties:
  email: {type: string, format: email, description: An address, examples: [jane@example.com]}
examples: [{email: jane@example.com}]
x-key: email
"""


@cache
def catalog() -> Catalog:
    """The shipped kinds, and Partner and Person of omni-analytics."""
    shipped = providers.catalog(load_kinds().values())
    extra = {("omni-analytics", k.name): k for k in (kind("Partner", PARTNER), kind("Person", PERSON))}
    verbs = {**shipped.verbs, **dict.fromkeys(extra, VERBS)}
    return Catalog({**shipped.kinds, **extra}, verbs, shipped.providers, shipped.refused)


def kind(name: str, schema: str, provider: str = "omni-analytics") -> Kind:
    """One kind out of the text of a schema file."""
    made, source = read_kind(schema.encode(), provider, name, f"schemas/{provider}/{name}.yaml")
    assert source.problems == []
    return made


def write(root: Path, files: Mapping[str, str | bytes] | str, project: str = PROJECT) -> Path:
    """A project with these manifests, by path; a single text becomes `manifests/a.yaml`."""
    texts = {"manifests/a.yaml": files} if isinstance(files, str) else files
    (root / "reconciler.yaml").write_bytes(project.encode())
    (root / "manifests").mkdir(exist_ok=True)
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def load(root: Path, **options: object) -> Desired:
    """`desired` with the kinds above."""
    return desired(root, catalog(), **options)  # type: ignore[arg-type]


def problems(root: Path, **options: object) -> tuple[Problem, ...]:
    """What is wrong with a project; nothing if it can be loaded."""
    try:
        load(root, **options)
    except ManifestInvalid as error:
        return error.problems
    return ()


def said(
    root: Path, files: Mapping[str, str | bytes] | str, project: str = PROJECT, **options: object
) -> list[str]:
    """The texts of all problems of such a project."""
    return [str(p) for p in problems(write(root, files, project), **options)]


def partner(name: str, **fields: str) -> str:
    """The text of one Partner document; values are YAML."""
    lines = "".join(f"  {key}: {value}\n" for key, value in fields.items())
    head = f"apiVersion: omni-analytics/v1\nkind: Partner\nmetadata: {{name: {name}}}\n"
    return f"{head}spec:\n  name: {name.title()}\n{lines}"
