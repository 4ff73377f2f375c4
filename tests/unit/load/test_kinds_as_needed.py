"""Kinds that are read one by one are those that are read all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler import providers
from reconciler.load.kinds import kinds_as_needed, load_kinds


def test_each_is_the_same_as_when_all_are_read() -> None:
    every, one_by_one = load_kinds(), kinds_as_needed()
    assert dict(one_by_one) == every
    assert {at: dict(k.joined) for at, k in one_by_one.items()} == {at: dict(k.joined) for at, k in every.items()}
    assert any(kind.joined for kind in every.values())


def test_of_a_kind_its_own_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    known = providers.catalog_as_needed(kinds_as_needed())
    read: list[str] = []
    first = Path.read_bytes

    def counted(path: Path) -> bytes:
        if path.suffix == ".yaml":
            read.append(path.stem)
        return first(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    parsed = known.kinds["studio-tracker", "Pod"]
    looked_at = {name: read.count(name) for name in read}
    assert parsed.name == "Pod"
    assert looked_at.pop("Pod") == 2  # once for what joins it, once for what it is
    assert set(looked_at.values()) == {1}
    assert {path.stem for path in Path("schemas/studio-tracker").glob("*.yaml")} == {"Pod", *looked_at}


def test_a_catalog_of_kinds_as_needed_is_the_catalog_of_all() -> None:
    every = load_kinds()
    whole, lazy = providers.catalog(every.values()), providers.catalog_as_needed(kinds_as_needed())
    assert dict(lazy.kinds) == dict(whole.kinds)
    assert dict(lazy.refused) == dict(whole.refused)
    assert {*lazy.kinds, *lazy.refused} == {*every}
    assert set(lazy.verbs) == set(whole.verbs) == set(whole.kinds)
    assert {k.name for k in lazy.of("omg-platform")} == {k.name for k in whole.of("omg-platform")}


def test_a_provider_is_named_as_its_folder() -> None:
    found = providers.providers()
    assert len(found) == 5
    assert all(one.name == name for name, one in found.items())
