"""A mapping whose values are made when somebody first asks for them: a command that needs one kind reads one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lazily(Mapping[K, V], Generic[K, V]):
    """`names`: every key there may be, in order. `make`: the value of one, or None where there is none of that
    name after all; asked once for each. What `make` raises, looking something up raises, and the next time it is
    asked again."""

    __slots__ = ("_made", "_make", "_names")

    def __init__(self, names: Iterable[K], make: Callable[[K], V | None]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[K, V | None] = {}

    def __getitem__(self, name: K) -> V:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        found = self._made[name]
        if found is None:
            raise KeyError(name)
        return found

    def names(self) -> Iterable[K]:
        """Every key there may be; nothing is made."""
        return self._names.keys()

    def __iter__(self) -> Iterator[K]:
        return (name for name in self._names if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def names(kept: Mapping[K, V]) -> Iterable[K]:
    """The keys of a mapping, of a lazy one those there may be; nothing is made."""
    return kept.names() if isinstance(kept, Lazily) else kept.keys()
