"""What the files of a project may be, right to begin with: documents, project files, operators' files, saved
plans; and the n-th of them after changes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reconciler.load import events
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.plan_from_json import from_json
from reconciler.model.plan_json import plan_id, to_json
from reconciler.model.record import replace
from tests.fuzz import shaped
from tests.fuzz.bytewise import BYTES, TOKENS, changed
from tests.golden import batches, sample
from tests.unit.load.projects import PROJECT, catalog
from tests.unit.load.seeded import MISTAKES

ROOT = Path(__file__).parents[2]
MANIFEST, PROJECT_FILE, OPERATOR, PLAN = "manifest", "project file", "operator's file", "saved plan"
LONGEST = 3_000
"""Bytes of a document that is changed; longer ones are tried as they are in other tests."""
OPERATORS = b"""\
targets:
  analytics: {url: "https://acme.example.com/api", credential: {fromEnv: OMNI_KEY}, caFile: ca.pem}
  studio:
    url: "http://127.0.0.1:8080"
    credential: {fromFile: keys/studio}
    requestsPerMinute: 500
allow: {env: [SFTP_PASSWORD], folders: [/srv/secrets]}
commands: {vault-put: [/usr/local/bin/vault-put, --stdin]}
"""


@dataclass(frozen=True, slots=True)
class Seed:
    """`root`: the folder of the project it belongs to; None: the one of the tests' own kinds."""

    sort: str
    data: bytes
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """`how`: which sort of change was made."""

    sort: str
    data: bytes
    root: Path | None
    how: str


def drawn(seed: int, n: int) -> Input:
    """The n-th input of a campaign."""
    rng = random.Random(f"{seed}/{n}")
    one = _seed(rng)
    sort = rng.random()
    if sort < 0.35:
        return Input(one.sort, changed(one.data, rng, BYTES), one.root, "bytes")
    if sort < 0.65:
        return Input(one.sort, changed(one.data, rng, TOKENS), one.root, "tokens")
    return Input(one.sort, _reshaped(one, rng), one.root, "values")


def _seed(rng: random.Random) -> Seed:
    sort = rng.random()
    if sort < 0.88:
        documents = _documents()
        one = rng.choice(documents)
        if rng.random() < 0.3:  # two of one project, so that they may get in each other's way
            other = rng.choice([d for d in documents if d.root == one.root])
            return Seed(MANIFEST, one.data.rstrip(b"\n") + b"\n---\n" + other.data, one.root)
        return one
    return rng.choice(_projects() if sort < 0.93 else [Seed(OPERATOR, OPERATORS)] if sort < 0.97 else _plans())


@cache
def _documents() -> Sequence[Seed]:
    """Every kind: those of the sample organisation and of the examples, the mistakes of other tests, and what the
    schemas show as examples."""
    found = [Seed(MANIFEST, text.replace("¦", "").encode()) for text in MISTAKES.values()]
    for root in (ROOT / "manifests", *sorted((ROOT / "examples").iterdir())):
        for path in sorted(root.rglob("*.yaml")):
            if path.name != "reconciler.yaml":
                found += [Seed(MANIFEST, part, root) for part in _parts(path.read_bytes())]
    return [*found, *_shown()]


def _parts(data: bytes) -> list[bytes]:
    """The documents of a file; of many alike the first few."""
    whole = [part for part in re.split(rb"(?m)^---\n", data) if part.strip() and len(part) < LONGEST]
    return whole[:: max(1, len(whole) // 8)]


def _shown() -> list[Seed]:
    kinds = [
        k for k in catalog().kinds.values() if not k.source and k.provider in ("omni-analytics", "studio-tracker")
    ]
    return [Seed(MANIFEST, json.dumps(document(kind, spec)).encode()) for kind in kinds for spec in examples(kind)]


def examples(kind: Kind) -> list[dict[str, Json]]:
    """Those of the whole, and one of all fields at once."""
    whole = kind.schema.get("examples")
    properties = kind.schema.get("properties")
    each = properties.items() if isinstance(properties, dict) else ()
    shown = {name: one.get("examples") for name, one in each if isinstance(one, dict)}
    every = {name: several[0] for name, several in shown.items() if isinstance(several, list) and several}
    return [*(one for one in (whole if isinstance(whole, list) else []) if isinstance(one, dict)), every]


def document(kind: Kind, spec: Mapping[str, Any]) -> dict[str, Json]:
    metadata: dict[str, Json] = {"name": "one", "labels": {"team": "a"}, "description": "One"}
    return {"apiVersion": f"{kind.provider}/v1", "kind": kind.name, "metadata": metadata, "spec": dict(spec)}


@cache
def _projects() -> Sequence[Seed]:
    paths = sorted((ROOT / "examples").glob("*/reconciler.yaml"))
    return [Seed(PROJECT_FILE, p.read_bytes()) for p in (ROOT / "manifests/reconciler.yaml", *paths)] + [
        Seed(PROJECT_FILE, PROJECT.encode())
    ]


@cache
def _plans() -> Sequence[Seed]:
    plans = (sample.rich_plan(), batches.batch_plan())
    return [Seed(PLAN, json.dumps(to_json(replace(plan, stamp=""))).encode()) for plan in plans]


def _reshaped(one: Seed, rng: random.Random) -> bytes:
    """Its values changed, and written in the one form that both YAML and JSON are."""
    values = [shaped.changed(value, rng) for value in _values(one)]
    if one.sort == PLAN:
        return json.dumps(_sealed(values[0])).encode()
    plain = rng.random() < 0.5
    texts = [json.dumps(value, ensure_ascii=plain, indent=rng.choice((None, 1))) for value in values]
    return "\n---\n".join(texts).encode("utf-8", "surrogatepass")


def _sealed(value: Any) -> Any:
    """A forged plan whose id fits, so that what stands in it is looked at."""
    try:
        return {**value, "id": plan_id(from_json(value))}
    except Exception:  # noqa: BLE001 - then it is tried as it is, and whoever reads it has to be the better one
        return value


@lru_cache(maxsize=1_000)  # pairs are drawn anew, again and again
def _values(one: Seed) -> Sequence[Any]:
    if one.sort == PLAN:
        return [json.loads(one.data)]
    return [parsed.value for parsed in events.read(one.data, "f").documents]
